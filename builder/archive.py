"""Puts the whole site into one zip, the same bytes for the same site."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from builder.downloads import ARCHIVE, IN_THE_COPY, PAGE, archive_link
from builder.site import SiteError

#: The folder that the zip opens into.
FOLDER: Final = "une-fois-ou"


def add_archive(site: Path, made: datetime) -> None:
    """Add the zip to a finished site, and announce it with its size on the site's own page.

    Raises SiteError when the page has no place for the announcement.
    """
    page = (site / PAGE).read_text(encoding="utf-8")
    if page.count(IN_THE_COPY) != 1:
        raise SiteError(f"{PAGE} : la place du lien vers {ARCHIVE} ne s'y trouve pas.")
    with zipfile.ZipFile(site / ARCHIVE, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in _files(site):
            info = zipfile.ZipInfo(f"{FOLDER}/{file.relative_to(site).as_posix()}")
            info.date_time = made.timetuple()[:6]
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, whatever builds
            info.external_attr = 0o100644 << 16
            archive.writestr(info, file.read_bytes())
    announced = page.replace(IN_THE_COPY, archive_link((site / ARCHIVE).stat().st_size))
    (site / PAGE).write_bytes(announced.encode())


def _files(site: Path) -> Iterator[Path]:
    """Yield what the zip holds, in order."""
    return (path for path in sorted(site.rglob("*")) if path.is_file() and path.name != ARCHIVE)
