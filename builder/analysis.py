"""Turn French text into search terms: the one chain that index, query and browser share.

Order, and why: folding comes before stemming, so « épuisée » and « epuisee » are the same word from
there on and a query typed without accents loses nothing, by construction. A few
endings that the stemmer knows by their accent, or not at all, are cut before and after it.

The browser's twin is `theme/assets/search.js`; `tests/test_parity.py` compares them word by word.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from snowballstemmer.french_stemmer import FrenchStemmer

# Latin letters of Unicode's first two blocks, and digits: a fixed class, because what counts as
# a letter changes with the Unicode version of Python and of each browser.
WORD_PATTERN: Final = "[0-9A-Za-zÀ-ÖØ-öø-ž]+"
LIGATURES: Final = {"œ": "oe", "æ": "ae", "ø": "o", "ß": "ss"}
# « tout », « pas », « plus » stay: they carry meaning. One-letter words (elisions) always go.
# fmt: off
STOP_WORDS: Final = frozenset((
    "au", "aux", "ce", "de", "des", "du", "en", "est", "et", "la", "le", "les", "qu", "que", "qui",
    "un", "une",
))
# fmt: on

_WORD = re.compile(WORD_PATTERN)
_ACCENT = re.compile("[\u0300-\u036f]")
# premières, loyers
_BEFORE = re.compile("(ier)es?$|(er)s$")
# frappée, consomment
_AFTER = re.compile("(..)e+$|(....)ent$")


class Word(NamedTuple):
    """A word of a text: its place (characters of the NFC text), folded form and search term."""

    start: int
    end: int
    folded: str
    term: str


@lru_cache(maxsize=100_000)  # texts repeat words
def fold(word: str) -> str:
    """Lower-case letters without accents or ligatures: « Œuvré » gives « oeuvre »."""
    lowered = "".join(LIGATURES.get(letter, letter) for letter in word.lower())
    return _ACCENT.sub("", unicodedata.normalize("NFD", lowered))


@lru_cache(maxsize=100_000)  # the stemmer is pure Python: 70 µs a word
def term(folded: str) -> str:
    """Search term of a folded word."""
    stem: str = FrenchStemmer().stemWord(_BEFORE.sub(r"\1\2", folded))
    return _AFTER.sub(r"\1\2", stem[:-1] + "i" if stem.endswith("y") else stem)


def words(text: str) -> Iterator[Word]:
    """Every word of a text that can be searched; `text` is taken in its NFC form."""
    for match in _WORD.finditer(unicodedata.normalize("NFC", text)):
        folded = fold(match.group())
        if len(folded) > 1 and folded not in STOP_WORDS:
            yield Word(match.start(), match.end(), folded, term(folded))


def terms(text: str) -> list[str]:
    """Search terms of a text, in order, repeated as often as they occur."""
    return [word.term for word in words(text)]
