"""`make bench`: seconds of CPU and peak memory of each stage, as the library grows.

Each measure runs in a process of its own. « material » is mkdocs-material as it comes, on the very
Markdown tree that our pages wrote; our total is compared with it. Growth is the cost for each
doubling of the stories, 1.00 being exactly linear.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from bench import synthetic

T = TypeVar("T")

SIZES: Final = (50, 500, 2_000, 5_000)
STAGES: Final = ("lecture", "vérification", "pages", "mkdocs", "recherche")


def measure(root: Path) -> dict[str, float]:
    """Build in this process; give seconds of CPU a stage, and the peak memory in MB."""
    from builder import search, site
    from builder.browser_index import script
    from builder.checks import Content, check
    from builder.findable import findable
    from builder.library import assemble
    from builder.pages import pages
    from builder.problems import has_errors
    from builder.reading import WORK, read

    spent: dict[str, float] = {}
    work = root / WORK
    output = work / "site-ours"
    output.mkdir(parents=True)

    def timed(stage: str, run: Callable[[], T]) -> T:
        start = time.process_time()
        result = run()
        spent[stage] = time.process_time() - start
        return result

    reading = timed("lecture", lambda: read(root))
    library = assemble(reading)
    problems = timed("vérification", lambda: check(Content(reading, library)))
    if has_errors(problems):
        raise SystemExit("\n".join(map(str, problems[:5])))
    gc.freeze()  # as `builder.guide.build` does
    timed("pages", lambda: site.write(work / "docs", pages(library, ())))
    timed("mkdocs", lambda: site.run_mkdocs(root / "mkdocs.yml", work / "docs", output))
    timed("recherche", lambda: script(search.build(findable(library), library.vocabulary)))
    spent["total"] = time.process_time()
    spent["Mo"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return spent


def measure_material(root: Path) -> dict[str, float]:
    """Build the same Markdown tree with mkdocs-material as it comes."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    ours = (root / "mkdocs.yml").read_text(encoding="utf-8")
    stock = root / "material.yml"
    stock.write_text(ours.replace("  custom_dir: builder/theme\n", ""), encoding="utf-8")
    build(load_config(str(stock), site_dir=str(root / ".build/site-material")))
    return {
        "total": time.process_time(),
        "Mo": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _apart(what: str, root: Path) -> dict[str, float]:
    """Run a measure in a process of its own."""
    command = [sys.executable, "-m", "bench", what, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def compare(sizes: list[int]) -> None:
    """Print a row a size."""
    heads = ("récits", *STAGES, "total", "material", "rapport", "Mo", "croissance")
    print(" ".join(f"{head:>12}" for head in heads))
    before: tuple[int, float] | None = None
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            root = Path(name)
            synthetic.make(root, size)
            ours, stock = _apart("--ours", root), _apart("--material", root)
        growth = ""
        if before:
            doublings = math.log2(size / before[0])
            growth = f"{(ours['total'] / before[1]) ** (1 / doublings) / 2:.2f}"
        before = size, ours["total"]
        cells = [f"{size}", *(f"{ours[stage]:.2f} s" for stage in STAGES)]
        cells += [f"{ours['total']:.2f} s", f"{stock['total']:.2f} s"]
        cells += [f"{ours['total'] / stock['total']:.2f}", f"{ours['Mo']:.0f}", growth]
        print(" ".join(f"{cell:>12}" for cell in cells), flush=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--ours", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--material", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ours:
        print(json.dumps(measure(arguments.ours)))
    elif arguments.material:
        print(json.dumps(measure_material(arguments.material)))
    else:
        compare(arguments.sizes)


if __name__ == "__main__":
    main()
