"""Tells what a folder holds."""

from __future__ import annotations

import hashlib
from pathlib import Path

from builder.store import Store


def digests(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of each file below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def lent(folder: Path, store: Path) -> tuple[dict[str, str], Store]:
    """Give the SHA-256 of each file below a folder, by path, and a store that reads them there."""
    files, lending = digests(folder), Store(store)
    for path, digest in files.items():
        lending.lend(folder / path, digest)
    return files, lending
