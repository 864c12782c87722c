"""Keeps templates compiled from one run to the next, beside Python's own compiled code.

To compile them takes a third of a second, at the start of each command that makes pages.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from builder.fingerprint import PACKAGE, fingerprint, python_code


class Compiled(FileSystemBytecodeCache):
    """Compiled templates. What compiles them is this package: its filters work on constants."""

    def __init__(self) -> None:
        super().__init__(str(PACKAGE / "__pycache__"), "%s.jinja.pyc")
        self._basis = fingerprint((), None, ("jinja2", "mkdocs"), python_code().encode())

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Name a template wherever the guide stands: its source tells the rest."""
        return super().get_cache_key(name)

    def get_source_checksum(self, source: str) -> str:
        """Tell one source from another, and one way to compile it from another."""
        return super().get_source_checksum(self._basis + source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take up a compiled template if it is there, whole: without it, only time is lost."""
        with suppress(Exception):  # one that was cut short raises whatever pickle does
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template where that is possible, even if Python keeps nothing there."""
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)  # Python may keep its code elsewhere, or none
            super().dump_bytecode(bucket)
