"""Runs the `guide` command in a process of its own, ready to be stopped, killed or cramped.

The processes are forked from one that has already imported what a build needs: fifty builds to kill
would otherwise spend their time importing. Each speaks to a terminal, as when someone types it.
"""

from __future__ import annotations

import multiprocessing
import os
import pty
import re
import select
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar, Final

from builder.commands import main
from tests.folders import digests

#: A stage that begins, as a terminal shows it.
STAGE: Final = re.compile(r"\r\x1b\[K([^\r\n]+)…")
#: Seconds after which something that should have come is not coming.
PATIENCE: Final = 60
_FORKED: Final = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.commanded", "tests.warm"])

#: By path, the SHA-256 of each file.
Manifest = Mapping[str, str]


def manifest(folder: Path) -> Manifest:
    """Tell two folders apart by the least of their bytes."""
    return digests(folder)


class Command:
    """A `guide` command that runs in the folder `root`.

    `before` runs in its process first. What it leaves in the system's temporary folder would be
    found in `passing`.
    """

    started: ClassVar[list[Command]] = []

    def __init__(
        self, root: Path, *arguments: str, before: Callable[[], None] | None = None
    ) -> None:
        self.passing = root.with_name(f"{root.name}-tmp")
        self.passing.mkdir(exist_ok=True)
        self._heard = bytearray()
        self._master, self._slave = pty.openpty()
        given = (root, arguments, self.passing, os.ttyname(self._slave), before)
        self.process = _FORKED.Process(target=_run, args=given)
        self.process.start()
        assert self.process.pid
        self.pid = self.process.pid
        self.started.append(self)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        """Keep what is said, until the process has ended and there is no more."""
        while True:
            ready, _, _ = select.select([self._master, self.process.sentinel], [], [])
            if self._master not in ready:
                break
            self._heard += os.read(self._master, 65536)
        os.close(self._master)
        os.close(self._slave)

    @property
    def said(self) -> str:
        """All that was said so far."""
        return self._heard.decode(errors="replace").replace("\r\n", "\n")

    @property
    def stages(self) -> list[str]:
        """The stages that have begun so far."""
        return STAGE.findall(self.said)

    def wait(self) -> int:
        """Wait for the end; give the exit code, or minus the signal."""
        self.process.join(PATIENCE)
        self._listener.join(PATIENCE)
        assert self.process.exitcode is not None, f"ne finit pas :\n{self.said}"
        return self.process.exitcode

    def until(self, come: Callable[[], object]) -> bool:
        """Wait for something to come; False if the process ends before."""
        end = time.monotonic() + PATIENCE
        while not come():
            if self.process.exitcode is not None:
                self.wait()
                return bool(come())
            assert time.monotonic() < end, f"rien ne vient :\n{self.said}"
            time.sleep(0.002)
        return True

    def send(self, sent: signal.Signals) -> None:
        """Send a signal, if the process is still there."""
        if self.process.exitcode is None:
            os.kill(self.pid, sent)

    def family(self) -> list[int]:
        """Give the processes that this one started, and theirs, if they still run."""
        mark = f"COMMANDED={self.pid}\0".encode()
        found = []
        for environment in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in environment.read_bytes():
                    found.append(int(environment.parent.name))
            except OSError:
                continue
        return found


def _run(
    root: Path,
    arguments: tuple[str, ...],
    passing: Path,
    terminal: str,
    before: Callable[[], None] | None,
) -> None:
    """Be the command, in a process that was just forked."""
    os.chdir(root)
    os.environ.update(COMMANDED=str(os.getpid()), TMPDIR=str(passing))
    tempfile.tempdir = None  # as in a process that has just begun
    shown = os.open(terminal, os.O_WRONLY | os.O_NOCTTY)
    os.dup2(shown, 1)
    os.dup2(shown, 2)
    os.close(shown)
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if before:
        before()
    main(list(arguments), prog_name="guide")


def guide(root: Path, *arguments: str, before: Callable[[], None] | None = None) -> tuple[int, str]:
    """Run a command to its end; give its exit code and what it said, without a traceback."""
    command = Command(root, *arguments, before=before)
    code = command.wait()
    assert "Traceback" not in command.said, command.said
    assert "Error" not in command.said, command.said
    assert not list(command.passing.iterdir())
    return code, command.said
