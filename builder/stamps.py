"""Tells whether the files that a guide is made of have changed, without reading them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from builder.model import CONTENT

T = TypeVar("T")

#: What a build reads all along, besides the content, which it reads once at its start.
LATE: Final = (
    "builder/templates",
    "builder/handouts",
    "builder/theme",
    "mkdocs.yml",
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE-content",
)
#: Times that a reading is begun again when a file changes meanwhile.
TRIES: Final = 5


class Stamp(NamedTuple):
    """When a file was written, and when anything of it changed, in ns; bytes; number on disk.

    Windows tells instead when the file was made, and no number: its date and its size remain.
    """

    written: int
    changed: int
    size: int
    inode: int


#: By path from the root.
Stamps = Mapping[str, Stamp]


class UnsteadyError(Exception):
    """The files changed while they were used; the message, in French, names them."""


def stamps(root: Path) -> Stamps:
    """Give the stamp of every file; hidden ones are an editor's or the system's."""
    return dict(one for name in (*CONTENT, *LATE) for one in _below(str(root / name), name))


def _below(path: str, name: str) -> Iterator[tuple[str, Stamp]]:
    try:
        with os.scandir(path) as found:
            entries = [entry for entry in found if not entry.name.startswith(".")]
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path, f"{name}/{entry.name}")
            else:
                yield f"{name}/{entry.name}", _stamp(entry.stat(follow_symlinks=False))
    except NotADirectoryError:
        yield name, _stamp(Path(path).lstat())
    except OSError:  # gone or closed: what reads it says so
        return


def _stamp(of: os.stat_result) -> Stamp:
    return Stamp(of.st_mtime_ns, of.st_ctime_ns, of.st_size, of.st_ino)


def changes(before: Stamps, after: Stamps) -> tuple[str, ...]:
    """Name the files that came, went or changed."""
    names = before.keys() | after.keys()
    return tuple(sorted(name for name in names if before.get(name) != after.get(name)))


def steadily(root: Path, read: Callable[[Stamps], T]) -> tuple[T, Stamps]:
    """Read while no file changes; give what was read and the stamps that it goes with.

    `read` is given the stamps of before it. Begins again when something changed. Raises
    UnsteadyError when it always does, and what `read` raises when nothing did.
    """
    before = stamps(root)
    for _ in range(TRIES):
        refusal: OSError | KeyError | None = None
        try:
            found = read(before)
        except (OSError, KeyError) as error:  # a known file has gone, or is no text any more
            refusal = error
        after = stamps(root)
        changed = changes(before, after)
        if not changed and refusal:
            raise refusal
        if not changed:
            return found, after
        before = after
    raise UnsteadyError(
        f"{named(changed)} : des fichiers changent sans cesse pendant la lecture — "
        "attendez qu'ils soient tous là, puis recommencez."
    )


def refuse_late(changed: tuple[str, ...]) -> None:
    """Raise UnsteadyError if a build may have read some files both as they were and as they are."""
    if late := tuple(name for name in changed if name.startswith(LATE)):
        raise UnsteadyError(f"{named(late)} : changement pendant la construction — recommencez.")


def named(names: tuple[str, ...], most: int = 3) -> str:
    """Name a few files, and count the others."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" et {more} autres" if more > 0 else "")
