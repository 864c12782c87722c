"""Fuzzes each target in turn: `python -m fuzz [--seconds N] [TARGET…]` (`make fuzz`).

What is found is written to .build/fuzz/found/, to be run again by `fuzz.replay`, and kept in
fuzz/corpus/ once mended; the run then ends with 1. The inputs that lead somewhere new stay in
.build/fuzz/ for the next run.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from fuzz.replay import CORPUS
from fuzz.targets import ROOT, TARGETS

WORK: Final = ROOT / ".build/fuzz"
FOUND: Final = WORK / "found"
#: Of one input, before libFuzzer calls it a hang: that of the guard counts, this one cannot fail.
HANGS: Final = 60
#: Of the whole process, its inputs and atheris included; the guard bounds each input.
MEGABYTES: Final = 2048


class Outcome(NamedTuple):
    """How a run of a target ended; `coverage` counts the branches of `builder` gone through."""

    runs: int
    coverage: int
    is_sound: bool
    found: tuple[Path, ...]
    said: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz the targets that are named, or all; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.targets) - set(TARGETS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; targets: {', '.join(TARGETS)}")
    found = False
    for target in asked.targets or TARGETS:
        outcome = fuzz(target, asked.seconds)
        found = found or not outcome.is_sound
        print(f"{target:10} {outcome.runs:>9} runs {outcome.coverage:>6} branches", flush=True)
        if not outcome.is_sound:
            print(outcome.said, *outcome.found, sep="\n", flush=True)
    return int(found)


def fuzz(target: str, seconds: int) -> Outcome:
    """Fuzz a target in a process of its own, which a crash of libyaml ends alone."""
    seen = WORK / target
    for folder in (seen, FOUND, CORPUS / target):
        folder.mkdir(parents=True, exist_ok=True)
    before = set(FOUND.iterdir())
    done = subprocess.run(
        [
            *(sys.executable, "-m", "fuzz.campaign", target, str(seen), str(CORPUS / target)),
            *(f"-max_total_time={seconds}", f"-timeout={HANGS}", f"-rss_limit_mb={MEGABYTES}"),
            f"-artifact_prefix={FOUND}/{target}-",
            "-print_final_stats=1",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return Outcome(
        _last(r"number_of_executed_units: (\d+)", done.stderr),
        _last(r"\bcov: (\d+)", done.stderr),
        done.returncode == 0,
        tuple(sorted(set(FOUND.iterdir()) - before)),
        f"{done.stdout[-1000:]}{_traceback(done.stderr)}",
    )


def _last(pattern: str, said: str) -> int:
    found = re.findall(pattern, said)
    return int(found[-1]) if found else 0


def _traceback(said: str) -> str:
    """Give what Python or libFuzzer said of what was found."""
    return said[said.find("===") :][:4000] if "===" in said else said[-2000:]


if __name__ == "__main__":
    sys.exit(main())
