"""One of the processes that `workers` starts: it needs little, as they start with each build."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from builder.refusals import told


def serve(work: Callable[[Any], str]) -> None:
    """Do the share that stands on standard input, which stays open while who asked is alive.

    What the system refuses is said like the rest.
    """
    line = sys.stdin.buffer.readline()
    if not line.endswith(b"\n"):  # nobody asks anything, or whoever asked has gone
        return
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        said = work(json.loads(line))
    except OSError as error:
        said = told(error)
    sys.stdout.buffer.write(said.encode())  # whatever the locale


def _end_with_parent() -> None:
    """Wait for the end of standard input: whoever asked has gone, and nobody wants the rest."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)
