"""Two versions of the small guide, and what a command leaves beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from builder.site import SPARE
from tests.folders import digests

STORY: Final = "narratives/la-porte.yaml"
#: What each version says.
WORDS: Final = ("Trente secondes.", "Quarante secondes.")


def turn(root: Path, version: int) -> None:
    """Have a guide say what a version does."""
    text = (root / STORY).read_text()
    for words in WORDS:
        text = text.replace(words, WORDS[version])
    (root / STORY).write_text(text)


def left(root: Path) -> set[str]:
    """Name what stands in the work folder, and what hides among the content.

    The spare site may be there or not; of it, name what the site does not hold.
    """
    hidden = {path.name for path in root.rglob(".*") if path.name != ".build"}
    present = {path.name for path in (root / ".build").iterdir()} - {SPARE}
    spare = digests(root / ".build" / SPARE).items() - digests(root / "site").items()
    return hidden | present | {f"{SPARE}/{path}" for path, _ in spare}
