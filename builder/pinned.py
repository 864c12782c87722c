"""Reads requirements.lock: the Python packages that build the guide, each with its hashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

LOCK: Final = Path(__file__).parents[1] / "requirements.lock"
_PINNED: Final = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\\n]+?))? \\\n"
    r"(?P<hashes>(?: +--hash=\S+(?: \\)?\n)+)",
    re.MULTILINE,
)


class Pinned(NamedTuple):
    """A package at one version; `hashes` are the SHA-256 that any of its files may have.

    `marker` says on which Pythons it is used: nothing for all.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def locked(text: str) -> Iterator[Pinned]:
    """Yield what a lock file pins, in its order."""
    for found in _PINNED.finditer(text):
        hashes = tuple(re.findall(r"sha256:([0-9a-f]{64})", found["hashes"]))
        yield Pinned(found["name"], found["version"], found["marker"] or "", hashes)
