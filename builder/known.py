"""Remembers the files that were read without fault, so that only changed ones are read again.

One text file: first what they were read and checked with, then a line a content file: its digest,
whether the rules that look at one entry alone found nothing, its name, and the entry as JSON. It is
validated against the model like what comes from YAML, so a line that anybody changed can at worst
say what a content file could have said.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from builder import durable
from builder.fingerprint import PACKAGE, code, fingerprint
from builder.model import Entry, file_of

FILE: Final = "known.txt"
IDENTIFIERS: Final = "context/identifiers.yaml"


class Line(NamedTuple):
    """What is known of a file."""

    digest: str
    sound: bool
    json: str


class Held(NamedTuple):
    """An entry that was read before, and whether its file is sound."""

    entry: Entry
    sound: bool


class Known:
    """What is known of each file, by name."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._file = folder / FILE
        self._basis = _basis(root)
        self._lines = dict(_read(self._file, self._basis))

    def entry(self, name: str, digest: str, model: type[Entry]) -> Held | None:
        """Give the entry of a file that is as it was."""
        line = self._lines.get(name)
        if line is None or line.digest != digest:
            return None
        with suppress(ValueError):
            return Held(model.model_validate_json(line.json, strict=True), line.sound)
        return None

    @property
    def begun(self) -> bool:
        """Tell whether a build has begun to remember."""
        try:
            return self._file.is_file()
        except PermissionError:
            return False

    def save(
        self, entries: Iterable[Entry], digests: Mapping[str, str], unsound: Container[str]
    ) -> None:
        """Keep these entries; their files are sound but for the `unsound`."""
        lines = {
            name: self._line(name, entry, digests[name], name not in unsound)
            for entry in entries
            for name in (file_of(entry),)
        }
        if lines != self._lines:
            text = "".join(
                f"{it.digest} {int(it.sound)} {name} {it.json}\n" for name, it in lines.items()
            )
            with suppress(OSError):  # a full disk or a borrowed folder: only time is lost
                durable.write(self._file, f"{self._basis}\n{text}".encode(), flush=False)

    def _line(self, name: str, entry: Entry, digest: str, sound: bool) -> Line:
        before = self._lines.get(name)
        if before and before.digest == digest:
            return before._replace(sound=sound)
        return Line(digest, sound, entry.model_dump_json(exclude_defaults=True))


def _read(file: Path, basis: str) -> Iterator[tuple[str, Line]]:
    """Yield the lines of the file; none when it is another's, or not there."""
    with suppress(OSError, ValueError), file.open(encoding="utf-8", newline="\n") as lines:
        if next(lines, "").strip() == basis:
            for line in lines:
                digest, sound, name, json = line.rstrip("\n").split(" ", 3)
                yield name, Line(digest, sound == "1", json)


def _basis(root: Path) -> str:
    """Identify what reads and checks: this package, and the lists of names."""
    lists = b""
    with suppress(OSError):
        lists = (root / IDENTIFIERS).read_bytes()
    return fingerprint(code(".py"), PACKAGE, also=lists)
