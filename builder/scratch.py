"""A folder for the passing files of a build and of the libraries that it uses."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from builder.reading import WORK

_NAME: Final = "tmp"


@contextmanager
def scratch(root: Path) -> Iterator[None]:
    """Have passing files written in the work folder, where the next build clears what is left.

    The system's own temporary folder would keep for ever what a killed build left there.
    """
    place = root / WORK / _NAME
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    before, tempfile.tempdir = tempfile.tempdir, str(place)
    try:
        yield
    finally:
        tempfile.tempdir = before
        shutil.rmtree(place, ignore_errors=True)
