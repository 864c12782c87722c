"""Puts the whole site into one zip, the same bytes for the same site.

Compressing takes most of a build after an edit, and nearly every file is as it was: what was
compressed is kept by digest. `zipfile` cannot take bytes that are compressed already, so the
records of the format (APPNOTE 6.3.10, without ZIP64) are written here, and read by it in tests.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from builder import durable
from builder.downloads import ARCHIVE, IN_THE_COPY, PAGE, archive_link
from builder.engine import SiteError

#: The folder that the zip opens into.
FOLDER: Final = "une-fois-ou"
#: What a zip without ZIP64 can count: files, and bytes.
MOST_FILES: Final = 0xFFFF
MOST_BYTES: Final = 0xFFFFFFFF

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_VERSION: Final = 20  # 2.0: folders and deflate
_UNIX: Final = 3 << 8
_UTF8: Final = 0x800
_DEFLATED: Final = 8
_MODE: Final = 0o100644 << 16


class _Member(NamedTuple):
    """A file of the zip: its name there, its CRC-32, its bytes compressed, how many there were."""

    name: bytes
    crc: int
    packed: bytes
    size: int


def add_archive(site: Path, made: datetime, cache: Path) -> None:
    """Add the zip to a finished site, and announce it with its size on the site's own page.

    `cache` keeps compressed bytes from one build to the next. Raises SiteError when the page has no
    place for the announcement, or when the site is too big for a zip.
    """
    page = (site / PAGE).read_text(encoding="utf-8")
    if page.count(IN_THE_COPY) != 1:
        raise SiteError(f"{PAGE} : la place du lien vers {ARCHIVE} ne s'y trouve pas.")
    _write(site / ARCHIVE, _members(site, cache), made)
    announced = page.replace(IN_THE_COPY, archive_link((site / ARCHIVE).stat().st_size))
    (site / PAGE).write_bytes(announced.encode())


def _members(site: Path, cache: Path) -> Iterator[_Member]:
    """Yield what the zip holds, in order; leave in the cache what it holds."""
    cache.mkdir(exist_ok=True)
    used = set()
    for path in sorted(site.rglob("*")):
        if path.is_file() and path.name != ARCHIVE:
            data = path.read_bytes()
            used.add(digest := hashlib.sha256(data).hexdigest())
            name = f"{FOLDER}/{path.relative_to(site).as_posix()}".encode()
            yield _Member(name, zlib.crc32(data), _packed(data, cache / digest), len(data))
    for file in cache.iterdir():
        if file.name not in used:
            file.unlink()


def _packed(data: bytes, kept: Path) -> bytes:
    """Compress some bytes, unless a build before did."""
    if kept.is_file():
        content = kept.read_bytes()
        if content[:_MARK] == _mark(content[_MARK:]):
            return content[_MARK:]
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = deflate.compress(data) + deflate.flush()
    durable.write(kept, _mark(packed) + packed, flush=False)
    return packed


#: Bytes of the mark before what the cache holds: it tells that a power cut took none of it.
_MARK: Final = 32


def _mark(packed: bytes) -> bytes:
    return hashlib.sha256(packed).digest()


def _write(archive: Path, members: Iterator[_Member], made: datetime) -> None:
    clock = made.hour << 11 | made.minute << 5 | made.second // 2
    day = made.year - 1980 << 9 | made.month << 5 | made.day
    records: list[bytes] = []
    with archive.open("wb") as out:
        for it in members:
            start = out.tell()
            sizes = (it.crc, len(it.packed), it.size)
            told = (_UTF8, _DEFLATED, clock, day, *sizes, len(it.name), 0)
            out.write(_LOCAL.pack(b"PK\3\4", _VERSION, *told) + it.name + it.packed)
            if len(records) == MOST_FILES or out.tell() > MOST_BYTES:
                raise SiteError(f"Le site est trop gros pour {ARCHIVE}.")
            versions = (_UNIX | _VERSION, _VERSION)
            record = _CENTRAL.pack(b"PK\1\2", *versions, *told, 0, 0, 0, _MODE, start)
            records.append(record + it.name)
        start, listed = out.tell(), b"".join(records)
        counts = (0, 0, len(records), len(records), len(listed), start, 0)
        out.write(listed + _END.pack(b"PK\5\6", *counts))
