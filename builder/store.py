"""Keeps the bytes of what was made, each under its digest, from one build to the next.

What stands in the site, and in the spare one, are other names (hard links) of what is kept,
wherever the disk has such names: a file is written once. So what somebody changed in the site is
changed here too, and each file is taken up only with the size and the date that the last build
noted.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Container, Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from builder import durable


class SpoiltError(Exception):
    """What was kept is no longer what was made."""


class Stamp(NamedTuple):
    """What shows that nobody touched a file: its bytes, and when they were written."""

    size: int
    written: int


def stamp(file: str) -> Stamp:
    """Note a file as it stands."""
    of = os.lstat(file)
    return Stamp(of.st_size, of.st_mtime_ns)


class Kept(NamedTuple):
    """A file that is kept; `inode` is its number on the disk, 0 unless it has other names."""

    size: int
    written: int
    inode: int


def _kept(of: os.stat_result) -> Kept:
    return Kept(of.st_size, of.st_mtime_ns, of.st_ino if of.st_nlink > 1 else 0)


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    """List a folder whole, before anything in it is removed: some disks then skip the rest."""
    with os.scandir(folder) as found:
        return list(found)


class Store:
    """A folder of files named by the SHA-256 of their bytes; it lends some that stand elsewhere.

    It has what `trust` found in it, and what was added since.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._held: dict[str, Kept] = {}
        self._lent: dict[str, str] = {}
        #: Whether the disk lists its files by the numbers that they have: some make them up.
        self._numbered = True
        #: What was written or read, so verified, since.
        self._sure: set[str] = set()

    def trust(self, noted: Mapping[str, list[int]]) -> bool:
        """Take up what is as the last build noted it, forget the rest; tell whether it is all."""
        self._held.clear()
        for entry in _entries(self.folder):
            of = os.lstat(entry.path)
            self._numbered = self._numbered and entry.inode() == of.st_ino
            if [of.st_size, of.st_mtime_ns] == noted.get(entry.name):
                self._held[entry.name] = _kept(of)
            else:
                Path(entry.path).unlink()
        return len(self._held) == len(noted)

    def add(self, *runs: bytes | memoryview) -> str:
        """Keep some bytes; give their digest."""
        hashed = hashlib.sha256()
        for run in runs:
            hashed.update(run)
        digest = hashed.hexdigest()
        if digest not in self._held:
            file = self._file(digest)
            durable.fresh(Path(file), *runs)
            self._held[digest] = _kept(os.lstat(file))
            self._sure.add(digest)
        return digest

    def lend(self, file: Path, digest: str) -> str:
        """Have a digest be read from a file that somebody else keeps; give it."""
        self._lent[digest] = str(file)
        return digest

    def kept(self, digest: str) -> Kept:
        """Give the file of a digest, kept here or lent."""
        return self._held.get(digest) or _kept(os.lstat(self._lent[digest]))

    def read(self, digest: str) -> bytes:
        """Give the bytes. Raises SpoiltError when they are no longer those."""
        try:
            data = Path(self._file(digest)).read_bytes()
        except FileNotFoundError as error:
            raise SpoiltError(digest) from error
        self._verify(data, digest)
        return data

    def view(self, digest: str) -> memoryview:
        """Give the bytes where the system has them: for files that are too long to be copied.

        Raises SpoiltError when they are no longer those. Whoever cuts the file short meanwhile ends
        this process; the last site stays.
        """
        kept = Path(self._file(digest))
        try:
            with durable.naming(kept), kept.open("rb") as file:
                empty = not os.fstat(file.fileno()).st_size  # which nothing can map
                data = memoryview(b"" if empty else mmap(file.fileno(), 0, access=ACCESS_READ))
        except FileNotFoundError as error:
            raise SpoiltError(digest) from error
        self._verify(data, digest)
        return data

    def _verify(self, data: bytes | memoryview, digest: str) -> None:
        if digest not in self._sure and hashlib.sha256(data).hexdigest() != digest:
            raise SpoiltError(digest)
        self._sure.add(digest)

    def fill(self, folder: Path, files: Mapping[str, str]) -> None:
        """Have a folder hold these files, digests by path, and nothing else.

        Raises SpoiltError when one has gone, OSError when the disk takes no more.
        """
        missing = self.strip(folder, files)
        for inside in {path.rpartition("/")[0] for path in missing}:
            (folder / inside).mkdir(parents=True, exist_ok=True)
        for path, digest in missing.items():
            self._place(digest, f"{folder}/{path}")

    def strip(self, folder: Path, files: Mapping[str, str]) -> dict[str, str]:
        """Clear a folder of all but these files; give those that it lacks."""
        missing = dict(files)
        direct = {path.rpartition("/")[0] for path in files}
        folders = direct | {str(above) for it in direct for above in PurePosixPath(it).parents}
        if folder.exists():
            self._strip(folder, "", folders, missing)
        return missing

    def _strip(
        self, folder: Path | str, inside: str, folders: Container[str], missing: dict[str, str]
    ) -> None:
        for entry in _entries(folder):
            path = inside + entry.name
            if entry.is_dir(follow_symlinks=False):
                if path in folders:
                    self._strip(entry.path, f"{path}/", folders, missing)
                else:
                    shutil.rmtree(entry.path)
            elif path in missing and self._is(entry, missing[path]):
                del missing[path]
            else:
                Path(entry.path).unlink(missing_ok=True)

    def _is(self, entry: os.DirEntry[str], digest: str) -> bool:
        """Tell whether a file is what is kept, under another name: a copy may be of before."""
        try:
            return self._numbered and 0 != entry.inode() == self.kept(digest).inode
        except FileNotFoundError:  # what was lent has gone
            return False

    def _place(self, digest: str, file: str) -> None:
        kept = self._file(digest)
        try:
            os.link(kept, file)
        except OSError:  # the disk has no such names, or no more for this file
            with durable.naming(Path(file)):
                Path(file).write_bytes(self.read(digest))
                shutil.copystat(kept, file)

    def keep(self, digests: Container[str]) -> dict[str, tuple[int, int]]:
        """Forget the others; note what stays, for `trust` to take up."""
        for name in [name for name in self._held if name not in digests]:
            Path(self._file(name)).unlink(missing_ok=True)
            del self._held[name]
        return {name: kept[:2] for name, kept in sorted(self._held.items())}

    def _file(self, digest: str) -> str:
        return self._lent.get(digest) or f"{self.folder}/{digest}"
