"""French typography, case by case. ⎵ stands for U+00A0, ‧ for U+202F."""

from __future__ import annotations

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
