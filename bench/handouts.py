"""`make bench`: milliseconds a handout, from nothing and after one edit.

CPU counts the processes that print; « documents/s » is what the clock sees. The synthetic themes
are the real ones under other names, with their real stories.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from pathlib import Path
from typing import Final

from builder import press
from builder.handouts import FORMATS, LETTER, Format, handouts
from builder.library import Library, assemble
from builder.model import CONTENT
from builder.reading import read

ROOT: Final = Path(__file__).parent.parent


def _copy(root: Path, themes: int) -> None:
    """Copy the guide, and its themes under other names until there are enough."""
    for name in CONTENT:
        shutil.copytree(ROOT / name, root / name)
    originals = sorted(path.stem for path in (ROOT / "themes").glob("*.yaml"))
    for number in range(len(originals), themes):
        original = originals[number % len(originals)]
        name = f"{original}-{number}"
        text = (root / f"themes/{original}.yaml").read_text(encoding="utf-8")
        text = text.replace("short: >-\n  ", f"short: >-\n  {number} ")
        (root / f"themes/{name}.yaml").write_text(text, encoding="utf-8")
        for story in sorted((ROOT / "narratives").glob("*.yaml")):
            text = story.read_text(encoding="utf-8")
            if f"\ntheme: {original}\n" in text:
                copy = root / f"narratives/{story.stem}-{number}.yaml"
                copy.write_text(text.replace(f"\ntheme: {original}\n", f"\ntheme: {name}\n"))


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _print(library: Library, formats: tuple[Format, ...], cache: Path, name: str) -> None:
    kept = len(list(cache.glob("*.pdf"))) if cache.is_dir() else 0
    asked = [one for one in handouts(library, "") if one.format in formats]
    start, spent = time.monotonic(), _cpu()
    press.press(asked, cache)
    elapsed, spent = time.monotonic() - start, _cpu() - spent
    made = len(list(cache.glob("*.pdf"))) - kept
    print(
        f"{name:<34} {made:>6} documents {spent:>7.1f} s CPU {1000 * spent / made:>6.0f} ms each "
        f"{made / elapsed:>6.1f} documents/s",
        flush=True,
    )


def measure(themes: int, formats: tuple[Format, ...]) -> None:
    """Print from nothing, then again after one story was edited."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        root, cache = Path(name), Path(name) / "cache"
        _copy(root, themes)
        _print(assemble(read(root)), formats, cache, f"{themes} themes, from nothing")
        story = sorted((root / "narratives").glob("*.yaml"))[0]
        text = story.read_text(encoding="utf-8")
        story.write_text(text.replace("outcome: >-\n  ", "outcome: >-\n  Et puis. "), "utf-8")
        _print(assemble(read(root)), formats, cache, f"{themes} themes, after one edit")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bench.handouts", description=__doc__)
    parser.add_argument("--themes", type=int, default=500, help="synthetic themes, Letter only")
    arguments = parser.parse_args()
    measure(17, FORMATS)
    measure(arguments.themes, (LETTER,))


if __name__ == "__main__":
    main()
