"""Builds on a small disk of its own, full then in read-only; `test_survival` judges what it prints.

Run it where a disk may be mounted without harm: `unshare --map-root-user --mount`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.commanded import guide, manifest
from tests.versions import left, turn

SIZE: Final = "16m"
#: Kilobytes left on the full disk: too few for the new files, for the pages, for a sheet, none.
FREE: Final = (1024, 256, 64, 0)
NEW: Final = ("new", "narrative", "--title", "Le palier", "--theme", "le-voisinage")


def cases(built: Path, disk: Path) -> Iterator[dict[str, object]]:
    """Yield what comes of each build of the second version, the first one being built."""
    _mount("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk))
    root = Path(shutil.copytree(built, disk / "guide"))
    old, work = manifest(root / "site"), left(root)
    turn(root, 1)

    def case(name: str, *arguments: str) -> dict[str, object]:
        code, said = guide(root, *arguments)
        kept = manifest(root / "site") == old
        return {
            "name": name,
            "code": code,
            "said": said,
            "kept": kept,
            "left": sorted(left(root) - work),
        }

    for free in FREE:
        _fill(disk / "filler", free)
        yield case("plein", "build")
    yield case(
        "plein, fiche", "new", "narrative", "--title", "Le palier", "--theme", "le-voisinage"
    )
    (disk / "filler").unlink()
    _mount("-o", "remount,ro", str(disk))
    yield case("lecture seule", "build")
    yield case("lecture seule, mise en forme", "format")
    yield case("lecture seule, vérification", "check")
    yield case("lecture seule, recherche", "search", "il ouvre plus")
    _mount("-o", "remount,rw", str(disk))
    yield case("libre", "build")


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _fill(file: Path, kilobytes: int) -> None:
    """Fill the disk of a file, but for some kilobytes."""
    file.unlink(missing_ok=True)
    free = shutil.disk_usage(file.parent).free
    file.write_bytes(bytes(free - kilobytes * 1024))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(list(cases(Path(sys.argv[1]), Path(sys.argv[2])))))
