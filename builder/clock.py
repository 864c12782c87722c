"""Tells the time that a site bears, never the clock's: the same input gives the same bytes."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Final

from builder.revision import Revision

#: The last second that a zip can hold, in seconds of Unix.
LAST: Final = int(datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC).timestamp())
#: Where neither the environment nor the sources tell: the first day that a zip can hold.
EPOCH: Final = datetime(1980, 1, 1, tzinfo=UTC)


def build_time(known: Revision | None) -> datetime:
    """Give the time of SOURCE_DATE_EPOCH, else of the last commit; one that a zip can hold."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(told) if told.isdecimal() else known.seconds if known else 0
    return max(EPOCH, datetime.fromtimestamp(min(seconds, LAST), UTC))
