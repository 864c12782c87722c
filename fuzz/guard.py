"""Bounds what one input may take: seconds of processor, and memory beside what is already there."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SECONDS: Final = 2.0
MEMORY: Final = 300 * 1024 * 1024

_SIZES: Final = Path("/proc/self/statm")


class TooSlowError(Exception):
    """An input took more processor time than is granted."""


@contextmanager
def bounded(seconds: float = SECONDS) -> Iterator[None]:
    """Raise TooSlowError, or MemoryError where the system tells how much is used (Linux)."""
    usual = signal.signal(signal.SIGVTALRM, _too_slow)
    limits = resource.getrlimit(resource.RLIMIT_AS)
    if _SIZES.is_file():
        used = int(_SIZES.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, limits[1]))
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if _SIZES.is_file():
            resource.setrlimit(resource.RLIMIT_AS, limits)
        signal.signal(signal.SIGVTALRM, usual)


def _too_slow(signum: int, frame: object) -> None:
    raise TooSlowError
