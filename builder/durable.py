"""Writes files whole or not at all, whatever stops the writing."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

#: What the name of a file begins with while it is being written. Hidden, so that nothing reads it.
UNFINISHED: Final = ".guide-"


def write(file: Path, *runs: bytes, flush: bool = True) -> None:
    """Write a file in one step, with the rights that it had; on the disk before this returns.

    `flush` False leaves it to the system when the bytes reach the disk: for what can be made again.
    Raises OSError, which names the file.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=file.parent)
        try:
            with os.fdopen(handle, "wb") as new:
                new.writelines(runs)
                new.flush()
                if flush:
                    os.fsync(handle)
            if file.exists():
                shutil.copymode(file, name)
            else:
                Path(name).chmod(0o644)
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        error.filename, error.filename2 = str(file), None
        raise


def write_sealed(file: Path, content: bytes) -> None:
    """Write a file that can be made again, with a digest that tells whether it is still whole."""
    write(file, _seal(content), b"\n", content, flush=False)


def read_sealed(file: Path) -> bytes:
    """Read what `write_sealed` wrote. Raises ValueError when it is not whole, OSError."""
    seal, _, content = file.read_bytes().partition(b"\n")
    if seal != _seal(content):
        raise ValueError(f"{file} is damaged")
    return content


def _seal(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def fresh(file: Path, *runs: bytes | memoryview) -> None:
    """Write a file that nothing reads yet. Raises OSError, which names the file."""
    with naming(file), file.open("wb") as new:
        new.writelines(runs)


@contextmanager
def naming(place: Path) -> Iterator[None]:
    """Name a place in what the system refuses without saying where: a full disk, while writing."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(place)
        raise


def sweep(folders: Iterable[Path]) -> None:
    """Clear what a killed command was writing. Nothing else may be writing in these folders."""
    for folder in folders:
        for left in folder.glob(f"{UNFINISHED}*"):
            left.unlink(missing_ok=True)
