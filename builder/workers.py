"""Shares work between processes that end with the one that asked, however it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Final, cast

#: As many as can work at once.
WORKERS: Final = os.cpu_count() or 1


class WorkerError(Exception):
    """A process ended before its work."""


#: Waits for what is said of each share, and does something once a first is done.
Finish = Callable[[Callable[[], object]], list[str]]
#: Has each share done meanwhile; gives how to wait for them.
Sharing = Callable[[Sequence[object]], Finish]


@contextmanager
def sharing(module: str, ahead: int = 0) -> Iterator[Sharing]:
    """Give how to have a module, run as a program, do some shares meanwhile.

    A share is whatever JSON can write. Waiting raises WorkerError; whatever is raised meanwhile
    ends the programs. Those started `ahead` wait for the first shares; what nobody asked ends.
    """
    running: list[subprocess.Popen[bytes]] = []
    waiting: list[subprocess.Popen[bytes]] = []
    over = threading.Event()

    def work(wanted: object, process: subprocess.Popen[bytes] | None) -> str:
        if process is None:
            running.append(process := _start(module))
            if over.is_set():  # it was starting when the others were killed
                process.kill()
        said = _answer(process, wanted)
        if process.returncode:
            raise WorkerError
        return said

    def share_out(shares: Sequence[object]) -> Finish:
        asked = [threads.submit(work, one, waiting.pop() if waiting else None) for one in shares]
        return partial(_finish, asked)

    with ThreadPoolExecutor(WORKERS) as threads:
        try:
            with suppress(OSError):  # what is needed starts later, and the refusal is told then
                for _ in range(ahead):
                    waiting.append(_start(module))
            running.extend(waiting)
            yield share_out
        except BaseException:
            over.set()
            threads.shutdown(wait=False, cancel_futures=True)
            for process in running:
                process.kill()
            raise
        finally:
            for process in waiting:
                process.kill()
                process.communicate()


def _finish(asked: Sequence[Future[str]], meanwhile: Callable[[], object]) -> list[str]:
    if asked:
        wait(asked, return_when=FIRST_COMPLETED)  # before, all processors are taken
        meanwhile()
    return [one.result() for one in asked]


def share(module: str, shares: Sequence[object]) -> list[str]:
    """Have a module, run as a program, do each share; give what it says. Raises WorkerError."""
    with sharing(module) as share_out:
        return share_out(shares)(nothing)


def nothing() -> None:
    """Do nothing meanwhile."""


def _start(module: str) -> subprocess.Popen[bytes]:
    """Start a process. Ctrl+C reaches it only through the end of its standard input."""
    return subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
        start_new_session=True,
    )


def _answer(process: subprocess.Popen[bytes], wanted: object) -> str:
    """Give a process its share, as one line, and wait for what it says."""
    asked, answered = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
    with suppress(BrokenPipeError), asked, answered:  # its exit code tells that it has gone
        asked.write(json.dumps(wanted).encode() + b"\n")
        asked.flush()
        said = answered.read().decode()
        process.wait()
        return said
    process.wait()
    return ""
