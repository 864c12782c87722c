"""Remembers the files that were read without fault, so that only changed ones are read again.

Text files, among which the content files are dealt out by their names, so that one that changes
has few others written again; all are when an id comes or goes. In each, first a digest of the rest,
which is not believed without; what it was read and checked with, and beside which ids; then a line
a content file: its digest, its stamp, whether no rule found anything in it, its name, the brief of
a story, and the entry as JSON, both validated against the model like what comes from YAML.

A file that bears the stamp of its line is not opened. Two changes in one tick of the disk's clock
bear the same stamp, so that of a file that had just changed when it was read is not kept.
"""

from __future__ import annotations

import hashlib
import os
import time
import zlib
from collections.abc import Container, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from builder import durable
from builder.brief import brief_of, by_brief
from builder.fingerprint import fingerprint, python_code
from builder.model import Entry, Kind, Narrative, file_of
from builder.stamps import Stamps
from builder.workers import WORKERS

FOLDER: Final = "known"
#: At ten thousand stories, each has a megabyte.
PARTS: Final = 64
IDENTIFIERS: Final = "context/identifiers.yaml"
#: Nanoseconds after which a file that changes bears another stamp: FAT counts by two seconds.
TICK: Final = 2_000_000_000


class Line(NamedTuple):
    """What is known of a file; `stamp` is empty when it may not be relied upon.

    `brief` is empty unless the entry is a story.
    """

    digest: str
    stamp: str
    sound: bool
    brief: bytes
    json: bytes


class Held(NamedTuple):
    """An entry that was read before, the digest of its file, and whether that is sound.

    `ids` is the mark of the ids that it was checked beside.
    """

    entry: Entry
    digest: str
    sound: bool
    ids: str


class _Part(NamedTuple):
    """The lines of a file, by name, and the mark of the ids that there were beside them."""

    ids: str
    lines: dict[str, Line]


class Known:
    """What is known of each file, by name. `stamps` are those of the files before they are read."""

    def __init__(self, root: Path, folder: Path, stamps: Stamps) -> None:
        self._folder = folder / FOLDER
        sure = time.time_ns() - TICK
        #: Of what just changed, no stamp: it may change again under the same.
        self._stamps = {
            name: ",".join(map(str, stamp))
            for name, stamp in stamps.items()
            if max(stamp.written, stamp.changed) <= sure
        }
        self._basis = _basis(root)
        with ThreadPoolExecutor(WORKERS) as threads:
            self._parts = [*threads.map(partial(_read, self._basis), self._files())]

    def _files(self) -> list[Path]:
        return [self._folder / f"{number}.txt" for number in range(PARTS)]

    def untouched(self, name: str, model: type[Entry]) -> Held | None:
        """Give the entry of a file that nobody wrote since."""
        part = self._parts[_part(name)]
        line = part.lines.get(name)
        return _held(line, part, model) if line and line.stamp == self._stamps.get(name) else None

    def unchanged(self, name: str, digest: str, model: type[Entry]) -> Held | None:
        """Give the entry of a file that says what it said."""
        part = self._parts[_part(name)]
        line = part.lines.get(name)
        return _held(line, part, model) if line and line.digest == digest else None

    @property
    def begun(self) -> bool:
        """Tell whether a build has begun to remember."""
        try:
            return self._folder.is_dir()
        except PermissionError:
            return False

    def save(
        self,
        entries: Iterable[Entry],
        ids: str,
        digests: Mapping[str, str],
        unsound: Container[str],
    ) -> None:
        """Keep these entries; beside these ids, their files are sound but for the `unsound`."""
        parts = [_Part(ids, {}) for _ in range(PARTS)]
        for entry in entries:
            name = file_of(entry)
            part = _part(name)
            before = self._parts[part].lines.get(name)
            told = digests[name], self._stamps.get(name, ""), name not in unsound
            parts[part].lines[name] = _line(entry, *told, before)
        with suppress(OSError):  # a full disk or a borrowed folder: only time is lost
            self._folder.mkdir(exist_ok=True)
            for number, file in enumerate(self._files()):
                if parts[number] != self._parts[number]:
                    self._write(file, parts[number])

    def _write(self, file: Path, part: _Part) -> None:
        lines = (
            f"{it.digest}\t{it.stamp}\t{it.sound:d}\t{name}\t".encode() + it.brief + b"\t" + it.json
            for name, it in part.lines.items()
        )
        head = f"{self._basis} {part.ids}".encode()
        durable.write_sealed(file, b"\n".join((head, *lines)))


def mark(ids: Mapping[Kind, Iterable[str]]) -> str:
    """Tell the ids of a guide from any others, whatever the names of files are."""
    listed = [(kind.value, sorted(of)) for kind, of in ids.items()]
    return hashlib.sha256(repr(listed).encode()).hexdigest()


def _part(name: str) -> int:
    """Tell in which file the line of a content file stands."""
    return zlib.crc32(os.fsencode(name)) % PARTS


def _line(entry: Entry, digest: str, stamp: str, sound: bool, before: Line | None) -> Line:
    """Give the line of an entry."""
    if before and before.digest == digest:
        return Line(digest, stamp, sound, before.brief, before.json)
    brief = brief_of(entry) if isinstance(entry, Narrative) else b""
    return Line(digest, stamp, sound, brief, entry.model_dump_json(exclude_defaults=True).encode())


def _held(line: Line, part: _Part, model: type[Entry]) -> Held | None:
    """Give the entry of a line; a story goes by its brief unless the rules look at it again."""
    with suppress(ValueError):
        if line.brief and line.sound:
            entry: Entry = by_brief(line.brief, line.json)
        else:
            entry = model.model_validate_json(line.json, strict=True)
        return Held(entry, line.digest, line.sound, part.ids)
    return None


def _read(basis: str, file: Path) -> _Part:
    """Read the lines of a file; none when it is another's, damaged, or not there."""
    part = _Part("", {})
    with suppress(OSError, ValueError):
        first, *lines = durable.read_sealed(file).split(b"\n")
        of, ids = first.decode().split(" ")
        if of == basis:
            part = _Part(ids, part.lines)
            for line in lines:
                told, stamp, sound, name, brief, json = line.split(b"\t", 5)
                one = Line(told.decode(), stamp.decode(), sound == b"1", brief, json)
                part.lines[name.decode()] = one
    return part


def _basis(root: Path) -> str:
    """Identify what reads and checks: this package, and the lists of names."""
    lists = b""
    with suppress(OSError):
        lists = (root / IDENTIFIERS).read_bytes()
    return fingerprint((), also=python_code().encode() + lists)
