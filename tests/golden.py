"""Renews what is compared as a whole: `python -m tests.golden`, then look at the difference.

The page of a story, what a contributor is told of each invalid file and of each edit, what the
search finds in the small guide, and what the anonymity check finds in the measured sentences.
"""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from builder import search
from builder.guide import examine
from builder.pages import pages
from tests.conftest import ROOT
from tests.edits import EDITS, edit
from tests.search_sample import ENTRIES, VOCABULARY, answers
from tests.test_privacy import findings, real_names
from tests.test_problems import HERE, INVALID, put, told


def messages() -> Iterator[str]:
    """Yield a block a fault: its name, then a problem a line."""
    for file in INVALID:
        yield _block(file.stem, partial(put, file))
    for name, edits in EDITS.items():
        yield _block(name, partial(edit, edits=edits))


def _block(name: str, spoil: Callable[[Path], object]) -> str:
    with TemporaryDirectory() as aside:
        guide = Path(aside)
        shutil.copytree(HERE / "valid", guide, dirs_exist_ok=True)
        spoil(guide)
        return f"{name}\n{told(guide)}\n"


if __name__ == "__main__":
    for page in pages(examine(ROOT).library, ()):
        if page.path == "recits/le-silence-de-l-appartement":
            (ROOT / "tests/golden/recit.md").write_text(page.markdown, encoding="utf-8")
    (HERE / "messages.txt").write_text("\n".join(messages()), encoding="utf-8")
    found = "\n\n".join(answers(search.build(ENTRIES, VOCABULARY)))
    (HERE / "golden/answers.txt").write_text(f"{found}\n", encoding="utf-8")
    with TemporaryDirectory() as aside:
        lines = "\n".join(findings(real_names(Path(aside))))
    (HERE / "golden/findings.txt").write_text(f"{lines}\n", encoding="utf-8")
