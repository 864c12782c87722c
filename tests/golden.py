"""Renews what is compared as a whole: `python -m tests.golden`, then look at the difference.

The page of a story, what a contributor is told of each invalid file, and what the search finds in
the small guide.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from builder import search
from builder.guide import examine
from builder.pages import pages
from tests.conftest import ROOT
from tests.search_sample import ENTRIES, VOCABULARY, answers
from tests.test_problems import HERE, INVALID, put, told


def messages() -> Iterator[str]:
    """Yield a block a rule: its name, then a problem a line."""
    for file in INVALID:
        with TemporaryDirectory() as aside:
            guide = Path(aside)
            shutil.copytree(HERE / "valid", guide, dirs_exist_ok=True)
            put(file, guide)
            yield f"{file.stem}\n{told(guide)}\n"


if __name__ == "__main__":
    for page in pages(examine(ROOT).library, ()):
        if page.path == "recits/le-silence-de-l-appartement":
            (ROOT / "tests/golden/recit.md").write_text(page.markdown, encoding="utf-8")
    (HERE / "messages.txt").write_text("\n".join(messages()), encoding="utf-8")
    found = "\n\n".join(answers(search.build(ENTRIES, VOCABULARY)))
    (HERE / "golden/answers.txt").write_text(f"{found}\n", encoding="utf-8")
