"""Tells one set of files, and what reads them, from another."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

#: This package: what it makes changes with its files.
PACKAGE: Final = Path(__file__).parent


def fingerprint(
    files: Iterable[Path],
    folder: Path | None = None,
    packages: Iterable[str] = (),
    also: bytes = b"",
) -> str:
    """Digest of files' names and bytes, of the versions of packages, and of anything else.

    Names are those from `folder`, where it is given: the same files elsewhere are the same. Raises
    OSError when a file cannot be read.
    """
    digest = hashlib.sha256(also)
    for name in packages:
        digest.update(f"{name} {version(name)}\0".encode())
    for path in sorted(files):
        content = path.read_bytes()
        named = os.fsencode(path.relative_to(folder) if folder else path)
        digest.update(named + f"\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


@cache
def python_code() -> str:
    """Identify the Python of this package, as this process runs it."""
    return fingerprint(code(".py"), PACKAGE)


def code(*suffixes: str) -> list[Path]:
    """List the files of this package that have one of these endings."""
    return [path for path in PACKAGE.rglob("*") if path.suffix in suffixes]
