"""French typography, case by case. ⎵ stands for U+00A0, ‧ for U+202F."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from builder.typography import french

CASES = [
    ("l'eau", "l’eau"),
    ("Attends...", "Attends…"),
    ("Il dit : non", "Il dit⎵: non"),
    ("Il dit: non", "Il dit⎵: non"),
    ("« Oui »", "«⎵Oui⎵»"),
    ("«Oui»", "«⎵Oui⎵»"),
    ("Qui?", "Qui‧?"),
    ("Qui ?", "Qui‧?"),
    ("« Qui? »", "«⎵Qui‧?⎵»"),
    ("Quoi?!", "Quoi‧?!"),
    ("un; deux", "un‧; deux"),
    ("25 %", "25⎵%"),
    ("25%", "25⎵%"),
    ("8 500 $", "8⎵500⎵$"),
    ("à 12 h 07", "à 12 h 07"),
    ("https://exemple.org/?q=a;b", "https://exemple.org/?q=a;b"),
    ("10:30", "10:30"),
]


@pytest.mark.parametrize(("written", "set_"), CASES)
def test_text_is_set(written: str, set_: str) -> None:
    expected = set_.replace("⎵", "\u00a0").replace("‧", "\u202f")
    assert french(written) == expected
    assert french(expected) == expected


#: An ordinary space before a sign or inside guillemets, where a line could break; and what French
#: does not write: a straight apostrophe in a word, a sign that follows a word too closely.
LOOSE = re.compile(r" [:;!?»](?=\s|$)|« |(?<=\d) [%$]|(?<=\w)'(?=\w)|(?<=\w)[:;!?»](?=\s|$)", re.M)


class _Read(HTMLParser):
    """Gathers what is read aloud: text out of code, and names and descriptions."""

    SILENT = frozenset({"script", "style", "code", "pre"})
    NAMES = frozenset({"aria-label", "title", "alt", "placeholder", "content"})

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.names: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        self.names += [value for name, value in attrs if name in self.NAMES and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


def test_every_page_is_set(site: Path) -> None:
    """Templates write their own spaces: one forgotten lets « : » begin a line on a phone."""
    loose = []
    for page in site.rglob("*.html"):
        reader = _Read()
        reader.feed(page.read_text("utf-8"))
        read = "\n".join(["".join(reader.said), *reader.names])
        loose += [f"{page.name}: {read[it.start() - 30 : it.end()]}" for it in LOOSE.finditer(read)]
    assert not loose
