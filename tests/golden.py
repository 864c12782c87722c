"""Renews the golden story page: `python -m tests.golden`, then look at the difference."""

from builder.guide import examine
from builder.pages import pages
from tests.conftest import ROOT

if __name__ == "__main__":
    for page in pages(examine(ROOT).library, ()):
        if page.path == "recits/le-silence-de-l-appartement":
            (ROOT / "tests/golden/recit.md").write_text(page.markdown, encoding="utf-8")
