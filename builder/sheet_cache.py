"""Keeps printed handouts from one build to the next, each under the key of what it is made from.

A folder holds, by key, the PDF, for the handouts that the site shows a picture of the first page,
and a note: the number of pages, the stamp and the digest of each file. The note is written last;
what does not agree with it is printed again, never delivered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from builder import durable
from builder.store import stamp

FOLDER: Final = "handouts"


class Note(NamedTuple):
    """What is kept of a handout: its pages; the digest and the stamp of each of its files.

    The site shares these files: somebody may have changed them there.
    """

    pages: int
    parts: Mapping[str, tuple[str, Sequence[int]]]


def keep(cache: Path, key: str, pages: int, made: Mapping[str, bytes]) -> None:
    """Keep a handout: what each of its files holds, by its ending."""
    for part, content in made.items():
        durable.write(cache / f"{key}{part}", content, flush=False)
    parts = {
        part: (hashlib.sha256(content).hexdigest(), stamp(f"{cache}/{key}{part}"))
        for part, content in made.items()
    }
    durable.write(cache / f"{key}.json", json.dumps(Note(pages, parts)).encode(), flush=False)


def note(cache: Path, key: str) -> Note | None:
    """Give what is kept of a handout; None unless all of it is there, whole."""
    try:
        found = Note(*json.loads((cache / f"{key}.json").read_bytes()))
        whole = all(
            stamp(f"{cache}/{key}{part}") == tuple(left) for part, (_, left) in found.parts.items()
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return found if whole and ".pdf" in found.parts else None


def forget(cache: Path, keys: Container[str]) -> None:
    """Clear what is under no key of these."""
    for file in cache.iterdir():
        if file.stem not in keys:
            file.unlink()
