"""Puts a complete site in place of the last one, which stays whole until then.

The last one makes the next: most of its files are the same. Until then it is spare, and holds
nothing that the site in place does not: what is withdrawn is nowhere.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from builder.engine import SiteError
from builder.settings import settings

#: What the name of a site that is being made begins with, in the work folder.
_NEW: Final = "site-"
#: Where what the next site is made from stands there.
SPARE: Final = "spare"
#: Where the last one stands for a moment, where the system cannot swap two folders.
_ASIDE: Final = "previous"


class Written(NamedTuple):
    """How many pages there are, and how many of them had to be made again."""

    pages: int
    renewed: int


def address(config: Path) -> str:
    """Give the address where the site is published, with its final slash, or nothing."""
    url = str(settings(config).get("site_url") or "")
    return f"{url.rstrip('/')}/" if url else ""


def begin(work: Path) -> Path:
    """Give a folder to make a site in, the spare one if there is one."""
    new, spare = Path(tempfile.mkdtemp(prefix=_NEW, dir=work)), work / SPARE
    if spare.is_dir() and not spare.is_symlink():
        new.rmdir()
        spare.rename(new)
    new.chmod(0o755)
    return new


def spare(old: Path, strip: Callable[[Path], object]) -> None:
    """Keep the site that was replaced, if there was one, for the next to be made from.

    Not if it resists being stripped of what the new one does not hold.
    """
    try:
        strip(old)
        old.rename(old.with_name(SPARE))
    except OSError:
        discard(old)


def replace(new: Path, site: Path) -> None:
    """Put a complete site in place of the last one, which takes the name of the new one.

    In one step where the system can.
    """
    if not site.exists():
        new.rename(site)
    elif not _exchange(new, site):
        aside = new.with_name(_ASIDE)
        site.rename(aside)
        try:
            new.rename(site)
        except BaseException:
            aside.rename(site)
            raise
        aside.rename(new)


def recover(work: Path, site: Path) -> None:
    """Mend what a killed build left: bring the last site back, clear half-made ones.

    Raises SiteError when what has the name of the site is not a folder that it can replace.
    """
    if site.is_symlink() or (site.exists() and not site.is_dir()):
        raise SiteError(f"« {site.name} » n'est pas un dossier : déplacez-le, puis recommencez.")
    if not site.exists() and (work / _ASIDE).is_dir():
        (work / _ASIDE).rename(site)
    for left in (*work.glob(f"{_NEW}*"), work / _ASIDE):
        discard(left)


def discard(left: Path) -> None:
    """Clear a folder or a file, as far as that can be done."""
    shutil.rmtree(left, ignore_errors=True)
    with suppress(OSError):
        left.unlink()


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically (Linux's renameat2); False where the system cannot."""
    at_fdcwd, rename_exchange = -100, 2
    try:
        renameat2: Callable[..., int] = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    return not renameat2(at_fdcwd, os.fsencode(one), at_fdcwd, os.fsencode(other), rename_exchange)
