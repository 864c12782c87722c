"""One command at a time does a work in a guide's folder; the others wait for their turn.

The system holds the lock for the process, and lets go of it however the process ends: a command
that was killed never blocks the next. Where the system has no such locks, nothing waits.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from builder.reading import WORK

try:
    import fcntl
except ImportError:  # a system without POSIX locks
    fcntl = None  # type: ignore[assignment]

#: What some network disks answer: they have no locks.
_NO_LOCKS: Final = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)


@contextmanager
def alone(root: Path, work: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Do a work when nobody else does it in this folder. `tell` is told, in French, of a wait.

    Raises OSError when the work folder cannot be written.
    """
    (root / WORK).mkdir(exist_ok=True)
    file = root / WORK / f"{work}.lock"
    place = _open(file)
    try:
        while not _take(place, tell):
            os.close(place)
            place = _open(file)
        _sign(place)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)  # while it is ours: whoever waits for it sees it gone
    finally:
        os.close(place)  # the system lets go of the lock


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


def _take(place: int, tell: Callable[[str], None]) -> bool:
    """Wait for the lock; False when its file was cleared meanwhile, and guards nothing any more."""
    if fcntl is None:
        return True
    try:
        if not _free(place):
            holder = os.pread(place, 20, 0).decode(errors="replace")
            who = f" (processus {holder})" if holder.isdecimal() else ""
            tell(
                f"Une autre commande travaille dans ce guide{who} : "
                "celle-ci attend son tour (Ctrl+C pour y renoncer)."
            )
            fcntl.lockf(place, fcntl.LOCK_EX)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    return os.fstat(place).st_nlink > 0


def _free(place: int) -> bool:
    """Take the lock if nobody has it."""
    try:
        fcntl.lockf(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN):
            return False
        raise
    return True


def _sign(place: int) -> None:
    """Leave in the file who has the lock, for the message to those who wait."""
    try:
        os.ftruncate(place, 0)
        os.pwrite(place, str(os.getpid()).encode(), 0)
    except OSError:  # a full disk: the lock holds all the same
        return
