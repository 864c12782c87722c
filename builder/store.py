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
    """A folder of files named by the SHA-256 of their bytes; it reads some that stand elsewhere."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._held = {entry.name: entry.stat().st_size for entry in os.scandir(folder)}
        self._lent: dict[str, Path] = {}

    def add(self, data: bytes) -> str:
        """Keep some bytes; give their digest. A killed build leaves no half-written file."""
        digest = hashlib.sha256(data).hexdigest()
        if self._held.get(digest) != len(data):
            unfinished = self.folder / f"{digest}.part"
            durable.fresh(unfinished, data)
            unfinished.replace(self.folder / digest)
            self._held[digest] = len(data)
        return digest

    def lend(self, file: Path, digest: str) -> str:
        """Have a digest be read from a file that somebody else keeps; give it."""
        self._lent[digest] = file
        return digest

    def holds(self, digest: str, size: int) -> bool:
        """Tell whether a digest is kept here, with so many bytes."""
        return self._held.get(digest) == size

    def size(self, digest: str) -> int:
        """Count the bytes of a digest that is kept here or lent."""
        if digest in self._held:
            return self._held[digest]
        return self._lent[digest].stat().st_size

    def read(self, digest: str) -> bytes:
        """Give the bytes. Raises SpoiltError when they are no longer those."""
        data = self._lent.get(digest, self.folder / digest).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise SpoiltError(digest)
        return data

    def keep(self, digests: Container[str]) -> dict[str, int]:
        """Forget the others, and what a killed build left; give the sizes of what stays."""
        for name in [name for name in self._held if name not in digests]:
            (self.folder / name).unlink(missing_ok=True)
            del self._held[name]
        return dict(sorted(self._held.items()))
