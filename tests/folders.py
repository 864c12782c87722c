"""Tells what a folder holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path


def digests(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each file below a folder with its SHA-256, in order of path."""
    names = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    for name in sorted(names):
        with names[name].open("rb") as file:
            yield name, hashlib.file_digest(file, "sha256").hexdigest()
