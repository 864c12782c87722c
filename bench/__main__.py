"""`make bench`: what building costs as the guide grows, beside other engines on the same pages.

Each measure runs in a process of its own; seconds are of CPU, in all its processes, those of the
clock stand in brackets, and memory is that of the largest. « material » is mkdocs-material as it
comes, on the very Markdown tree that our pages wrote; Zensical and Hugo read the same tree where
they are installed, Hugo with a bare layout.
Growth is the cost for each doubling of the stories, 1.00 being exactly linear.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Final

from bench import synthetic

SIZES: Final = (35, 500, 2_000, 10_000)
STORY: Final = "narratives/le-silence-de-l-appartement.yaml"
#: Edits, one after the other; the middle one is told.
EDITS: Final = 3
#: The comparison of engines, and what stands in each column.
ENGINES: Final = ("material", "zensical", "hugo")
HEADS: Final = ("récits", "vérifier", "construire", "après une retouche")


class Spent:
    """Seconds of CPU and of the clock since it was made, children included."""

    def __init__(self) -> None:
        self._cpu, self._clock = _cpu(), time.monotonic()

    def cpu(self) -> float:
        """Give the seconds of CPU."""
        return _cpu() - self._cpu

    def clock(self) -> float:
        """Give the seconds of the clock."""
        return time.monotonic() - self._clock


def _cpu() -> float:
    return _cpu_of(resource.RUSAGE_SELF) + _cpu_of(resource.RUSAGE_CHILDREN)


def _cpu_of(whom: int) -> float:
    used = resource.getrusage(whom)
    return used.ru_utime + used.ru_stime


def measure_check(root: Path) -> dict[str, float]:
    """Read and check everything, remembering nothing."""
    from builder.guide import examine
    from builder.problems import has_errors

    spent = Spent()
    problems = examine(root).problems
    if has_errors(problems):
        raise SystemExit("\n".join(map(str, problems[:5])))
    return {"cpu": spent.cpu()}


def measure_build(root: Path) -> dict[str, float]:
    """Build the whole site, from what the work folder holds."""
    from builder.guide import build

    starts: list[tuple[str, float, float]] = []
    spent = Spent()

    def begin(stage: str) -> None:
        starts.append((stage, _cpu_of(resource.RUSAGE_SELF), _cpu_of(resource.RUSAGE_CHILDREN)))

    build(root, begin)
    begin("")
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    memory = max(one.ru_maxrss for one in both)
    for (stage, own, others), (_, own_end, others_end) in pairwise(starts):
        apart = f"{others_end - others:>8.2f} s dans d'autres processus"  # Typst, mkdocs
        print(f"  {stage:<28}{own_end - own:>8.2f} s {apart}", file=sys.stderr)
    return {"cpu": spent.cpu(), "clock": spent.clock(), "Mo": memory / 1024}


def measure_material(root: Path) -> dict[str, float]:
    """Build the same Markdown tree with mkdocs-material as it comes."""
    ours = (root / "mkdocs.yml").read_text(encoding="utf-8")
    stock = root / "material.yml"
    stock.write_text(ours.replace("  custom_dir: builder/theme\n", ""), encoding="utf-8")
    return _run("mkdocs", "build", "-q", "-f", str(stock), "-d", str(root / ".build/material"))


def measure_zensical(root: Path) -> dict[str, float]:
    """Build the same Markdown tree with Zensical, with its own look."""
    return _run("zensical", "build", "-f", str(root / "material.yml"))


def measure_hugo(root: Path) -> dict[str, float]:
    """Build the same Markdown tree with Hugo and the barest layout that shows a page."""
    site = root / ".build/hugo"
    (site / "layouts/_default").mkdir(parents=True)
    for name in ("single", "list"):
        (site / f"layouts/_default/{name}.html").write_text("<h1>{{.Title}}</h1>{{.Content}}")
    (site / "hugo.toml").write_text("[markup.goldmark.renderer]\nunsafe = true\n")
    shutil.copytree(root / ".build/docs", site / "content")
    return _run("hugo", "--quiet", "--source", str(site))


def _run(name: str, *arguments: str) -> dict[str, float]:
    """Run a command of this environment, or of the machine."""
    own = Path(sys.executable).with_name(name)
    command = str(own) if own.exists() else shutil.which(name)
    if command is None:
        return {}
    spent = Spent()
    done = subprocess.run([command, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"  {name} : {(done.stderr or done.stdout).strip()[-200:]}", file=sys.stderr)
        return {}
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"cpu": spent.cpu(), "clock": spent.clock(), "Mo": memory / 1024}


MEASURES: Final[dict[str, Callable[[Path], dict[str, float]]]] = {
    "check": measure_check,
    "build": measure_build,
    "material": measure_material,
    "zensical": measure_zensical,
    "hugo": measure_hugo,
}


def _apart(what: str, root: Path) -> dict[str, float]:
    """Run a measure in a process of its own."""
    command = [sys.executable, "-m", "bench", what, str(root)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def _edited(root: Path) -> dict[str, float]:
    """Measure a build after one more edit of a story."""
    text = (root / STORY).read_text(encoding="utf-8")
    (root / STORY).write_text(text.replace("outcome: >-\n  ", "outcome: >-\n  Bon. "), "utf-8")
    return _apart("build", root)


def _middle(found: list[dict[str, float]]) -> dict[str, float]:
    """Choose the one that took the middle time of the clock."""
    return sorted(found, key=lambda one: one["clock"])[len(found) // 2]


def compare(sizes: list[int], engines: list[str]) -> None:
    """Print a row a size."""
    heads = (*HEADS, *engines, "rapport", "en temps réel", "croissance")
    print(" | ".join(heads), flush=True)
    before: tuple[int, float] | None = None
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            root = Path(name)
            synthetic.make(root, size)
            checked, ours = _apart("check", root), _apart("build", root)
            again = _middle([_edited(root) for _ in range(EDITS)])
            others = {engine: _apart(engine, root) for engine in engines}
        growth = ""
        if before:
            doublings = math.log2(size / before[0])
            growth = f"{(ours['cpu'] / before[1]) ** (1 / doublings) / 2:.2f}"
        before = size, ours["cpu"]
        cells = [str(size), f"{checked['cpu']:.1f} s", _said(ours), _said(again)]
        cells += [_said(found) for found in others.values()]
        stock = others.get("material")
        cells += [f"{ours[it] / stock[it]:.2f}" if stock else "" for it in ("cpu", "clock")]
        cells += [growth]
        print(" | ".join(cells), flush=True)


def _said(found: dict[str, float]) -> str:
    if not found:
        return "n'est pas ici"
    return f"{found['cpu']:.1f} s ({found['clock']:.2f} réelles), {found['Mo']:.0f} Mo"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=MEASURES, help=argparse.SUPPRESS)
    parser.add_argument("root", nargs="?", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--engines", nargs="*", choices=ENGINES, default=list(ENGINES))
    arguments = parser.parse_args()
    if arguments.what:
        os.environ.pop("SITE_URL", None)
        print(json.dumps(MEASURES[arguments.what](arguments.root)))
    else:
        compare(arguments.sizes, arguments.engines)


if __name__ == "__main__":
    main()
