"""Keeps the bytes of what was made, each under its digest, from one build to the next."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container
from pathlib import Path

from builder import durable


class SpoiltError(Exception):
    """What was kept is no longer what was made."""


class Store:
    """A folder of files named by the SHA-256 of their bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._held = {entry.name: entry.stat().st_size for entry in os.scandir(folder)}

    def add(self, data: bytes) -> str:
        """Keep some bytes; give their digest. A killed build leaves no half-written file."""
        digest = hashlib.sha256(data).hexdigest()
        if self._held.get(digest) != len(data):
            unfinished = self.folder / f"{digest}.part"
            durable.fresh(unfinished, data)
            unfinished.replace(self.folder / digest)
            self._held[digest] = len(data)
        return digest

    def size(self, digest: str) -> int:
        """Count the bytes; -1 when they are not here."""
        return self._held.get(digest, -1)

    def copy(self, digest: str, target: Path) -> None:
        """Write the bytes to a file. Raises SpoiltError when they are no longer those."""
        data = (self.folder / digest).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise SpoiltError(digest)
        durable.fresh(target, data)

    def keep(self, digests: Container[str]) -> None:
        """Forget the others, and what a killed build left."""
        for name in [name for name in self._held if name not in digests]:
            (self.folder / name).unlink(missing_ok=True)
            del self._held[name]
