"""Keeps templates compiled from one run to the next, beside Python's own compiled code.

To compile them takes a third of a second, more than all else that follows from most edits.
"""

from __future__ import annotations

from contextlib import suppress

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from builder.fingerprint import PACKAGE, fingerprint


class Compiled(FileSystemBytecodeCache):
    """Compiled templates. `settings` is the module that says how they are compiled."""

    def __init__(self, settings: str) -> None:
        super().__init__(str(PACKAGE / "__pycache__"), f"{settings}-%s.jinja.pyc")
        modules = (PACKAGE / f"{name}.py" for name in (settings, "compiled"))
        self._basis = fingerprint(modules, PACKAGE, ("jinja2", "mkdocs"))

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Name a template wherever the guide stands: its source tells the rest."""
        return super().get_cache_key(name)

    def get_source_checksum(self, source: str) -> str:
        """Tell one source from another, and one way to compile it from another."""
        return super().get_source_checksum(self._basis + source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take up a compiled template where that is possible: without it, only time is lost."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template where that is possible."""
        with suppress(OSError):
            super().dump_bytecode(bucket)
