"""The one place that asks what time it is, so that the same input gives the same bytes."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

#: The last second that a zip can hold, in seconds of Unix.
LAST: Final = int(datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC).timestamp())
#: Where neither the environment nor git tells: the first day that a zip can hold.
EPOCH: Final = datetime(1980, 1, 1, tzinfo=UTC)


def build_time(root: Path) -> datetime:
    """Give the time of SOURCE_DATE_EPOCH, else of the last commit; one that a zip can hold."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "") or _last_commit(root)
    seconds = min(int(told), LAST) if told.isdecimal() else 0
    return max(EPOCH, datetime.fromtimestamp(seconds, UTC))


def _last_commit(root: Path) -> str:
    """Give the seconds of the last commit; nothing outside of a repository or without git."""
    if not (root / ".git").exists():  # a folder above is another project
        return ""
    command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
