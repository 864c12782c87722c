"""Adds to a finished site what keeps it on the device: a service worker that knows every file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from builder.downloads import ARCHIVE, DIGESTS
from builder.hosting import FOR_HOSTS
from builder.store import Store

WORKER: Final = "sw.js"
#: The handouts and their pictures weigh ten times the rest: kept only when asked.
SHEETS: Final = (".pdf", ".png")
#: What no reader opens without a connection: what is the server's, and what is for copies.
LEFT_OUT: Final = frozenset({ARCHIVE, WORKER, DIGESTS, "404.html"}) | FOR_HOSTS
SOURCE: Final = Path(__file__).with_name("worker.js")


def add_worker(files: dict[str, str], store: Store) -> None:
    """Add the service worker. It knows the SHA-256 of every file: nothing may change after it.

    `files` are those, by path; the store has their bytes.

    The same site gives the same bytes; any other gives others, which is how a browser learns
    that there is a newer guide.
    """
    wanted = sorted(path for path in files if path not in LEFT_OUT)
    sheets = [path for path in wanted if path.endswith(SHEETS)]
    guide = [path for path in wanted if not path.endswith(SHEETS)]
    text = (
        f"const GUIDE = {_map(files, guide)};\n"
        f"const SHEETS = {_map(files, sheets)};\n"
        f"const SHEETS_SIZE = {sum(store.kept(files[path]).size for path in sheets)};\n\n"
        + SOURCE.read_text(encoding="utf-8")
    )
    files[WORKER] = store.add(text.encode())


def _map(digests: Mapping[str, str], paths: Iterable[str]) -> str:
    """Write a JavaScript map of paths to the first 16 hexadecimal digits of their SHA-256."""
    pairs = [(path, digests[path][:16]) for path in paths]
    return f"new Map({json.dumps(pairs, ensure_ascii=False, separators=(',', ':'))})"
