"""Runs an input again without atheris: `python -m fuzz.replay TARGET FILE`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from fuzz.guard import SECONDS, bounded
from fuzz.targets import TARGETS

#: What once found something, by target; each file's name says what.
CORPUS: Final = Path(__file__).with_name("corpus")


def replay(target: str, data: bytes, seconds: float = SECONDS) -> None:
    """Run an input on a target; raises for a finding."""
    TARGETS[target].prepare()
    with bounded(seconds):
        TARGETS[target].run(data)


if __name__ == "__main__":
    replay(sys.argv[1], Path(sys.argv[2]).read_bytes())
