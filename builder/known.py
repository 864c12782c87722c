"""Remembers the files that were read without fault, so that only changed ones are read again.

Text files, among which the content files are dealt out by their names, so that one that changes
has few others written again. In each, first what they were read and checked with, then a line a
content file: its digest, whether the rules that look at one entry alone found nothing, its name,
and the entry as JSON. It is validated against the model like what comes from YAML, so a line that
anybody changed can at worst say what a content file could have said.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from builder import durable
from builder.fingerprint import PACKAGE, code, fingerprint
from builder.model import Entry, file_of

FOLDER: Final = "known"
#: At ten thousand stories, each has a megabyte.
PARTS: Final = 64
IDENTIFIERS: Final = "context/identifiers.yaml"


class Line(NamedTuple):
    """What is known of a file."""

    digest: str
    sound: bool
    json: bytes


class Held(NamedTuple):
    """An entry that was read before, and whether its file is sound."""

    entry: Entry
    sound: bool


class Known:
    """What is known of each file, by name."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._basis = _basis(root)
        self._parts = [dict(_read(file, self._basis)) for file in self._files()]

    def _files(self) -> list[Path]:
        return [self._folder / f"{number}.txt" for number in range(PARTS)]

    def entry(self, name: str, digest: str, model: type[Entry]) -> Held | None:
        """Give the entry of a file that is as it was."""
        line = self._parts[_part(name)].get(name)
        if line is None or line.digest != digest:
            return None
        with suppress(ValueError):
            return Held(model.model_validate_json(line.json, strict=True), line.sound)
        return None

    @property
    def begun(self) -> bool:
        """Tell whether a build has begun to remember."""
        try:
            return self._folder.is_dir()
        except PermissionError:
            return False

    def save(
        self, entries: Iterable[Entry], digests: Mapping[str, str], unsound: Container[str]
    ) -> None:
        """Keep these entries; their files are sound but for the `unsound`."""
        parts: list[dict[str, Line]] = [{} for _ in range(PARTS)]
        for entry in entries:
            name = file_of(entry)
            part = _part(name)
            before = self._parts[part].get(name)
            parts[part][name] = _line(entry, digests[name], name not in unsound, before)
        with suppress(OSError):  # a full disk or a borrowed folder: only time is lost
            self._folder.mkdir(exist_ok=True)
            for number, file in enumerate(self._files()):
                if parts[number] != self._parts[number]:
                    self._write(file, parts[number])

    def _write(self, file: Path, part: Mapping[str, Line]) -> None:
        lines = (
            f"{it.digest} {it.sound:d} {name} ".encode() + it.json for name, it in part.items()
        )
        durable.write(file, b"\n".join((self._basis.encode(), *lines)), flush=False)


def _part(name: str) -> int:
    """Tell in which file the line of a content file stands."""
    return zlib.crc32(os.fsencode(name)) % PARTS


def _line(entry: Entry, digest: str, sound: bool, before: Line | None) -> Line:
    """Give the line of an entry; the very same when nothing changed."""
    if before and before.digest == digest:
        return before if before.sound == sound else before._replace(sound=sound)
    return Line(digest, sound, entry.model_dump_json(exclude_defaults=True).encode())


def _read(file: Path, basis: str) -> Iterator[tuple[str, Line]]:
    """Yield the lines of a file; none when it is another's, or not there."""
    with suppress(OSError, ValueError):
        first, *lines = file.read_bytes().split(b"\n")
        if first == basis.encode():
            for line in lines:
                digest, sound, name, json = line.split(b" ", 3)
                yield name.decode(), Line(digest.decode(), sound == b"1", json)


def _basis(root: Path) -> str:
    """Identify what reads and checks: this package, and the lists of names."""
    lists = b""
    with suppress(OSError):
        lists = (root / IDENTIFIERS).read_bytes()
    return fingerprint(code(".py"), PACKAGE, also=lists)
