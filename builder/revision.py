"""Tells which sources are built: the commit, its time, and whether files differ from it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Final, NamedTuple

#: Where `git archive` writes the commit and its time, so that sources without .git know them.
STAMP: Final = "builder/revision.txt"


class Revision(NamedTuple):
    """A commit by its full hash, when it was made in seconds of Unix, and what changed since."""

    commit: str
    seconds: int
    changed: bool


def revision(root: Path) -> Revision | None:
    """Tell the revision of the sources below `root`; None when nothing there tells."""
    if (root / ".git").exists():  # a folder above is another project
        found = re.fullmatch(r"(\w+) (\d+)", _git(root, "log", "-1", "--format=%H %ct"))
        changed = bool(found and _git(root, "status", "--porcelain"))
    else:
        stamp = root / STAMP
        text = stamp.read_text(encoding="utf-8").strip() if stamp.is_file() else ""
        found, changed = re.fullmatch(r"(\w+) (\d+)", text), False
    return Revision(found[1], int(found[2]), changed) if found else None


def _git(root: Path, *arguments: str) -> str:
    """Ask git, which writes nothing then; nothing when it cannot answer."""
    command = ["git", "-C", str(root), "--no-optional-locks", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
