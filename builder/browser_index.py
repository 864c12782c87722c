"""Write the search index as classic scripts, which `theme/assets/search.js` reads.

A page opened from a USB key may not fetch, so the index is a script: `UneFois.index = {…}`. All
constants of the search travel with it: the browser's code has none of its own. A big guide keeps
what is shown of its entries apart, in scripts that the page loads for the results it shows.

The figures are counted here as Whoosh counts them, which takes a fifth of the time of asking it to;
the parity tests compare them with the command line's, which are its own.

Long lists are strings, several times smaller than arrays once compressed. *Words* are sorted and
each leaves out the letters that it shares with the one before: a capital tells how many (A = 0).
*Numbers* are written in characters without quote or backslash: `#` to `[` end a number (0 to 56);
`]` to `|` are five more bits before the end (0 to 31), least first.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, takewhile
from math import log
from operator import eq, itemgetter
from typing import Any, Final, NamedTuple

from whoosh.util.numeric import byte_to_length, length_to_byte

from builder import analysis, search, vocabulary
from builder.analysis import terms
from builder.search import Card, Catalogue, SearchEntry
from builder.vocabulary import Vocabulary

#: Up to this many entries, everything is in one script.
WHOLE: Final = 1_000
#: Otherwise, how many share a script of what is shown of them.
SHOWN: Final = 200


def scripts(entries: Iterable[SearchEntry], words: Vocabulary) -> Iterator[tuple[str, str]]:
    """Yield the paths and texts of the whole index; the same bytes for the same entries."""
    ordered = search.in_order(entries)
    catalogue = search.catalogue_of(ordered, words)
    whole = len(catalogue.cards) <= WHOLE
    yield "assets/search-index.js", _index(ordered, catalogue, whole)
    for start in () if whole else range(0, len(ordered), SHOWN):
        shown = [_shown(card) for card in catalogue.cards[start : start + SHOWN]]
        number = start // SHOWN
        yield f"assets/search-cards-{number}.js", f"UneFois.show({number}, {_json(shown)});\n"


def _index(entries: Sequence[SearchEntry], catalogue: Catalogue, whole: bool) -> str:
    spoken = [terms(text) for text, _ in catalogue.phrases]
    speech: list[list[str]] = [[] for _ in entries]
    for (_, owner), said in zip(catalogue.phrases, spoken, strict=True):
        speech[owner] += said
    counted = {"phrase": _count(spoken)} | dict.fromkeys(search.SPEECH, _count(speech))
    own = {
        name: _count([terms(getattr(entry, name)) for entry in entries]) for name in search.FIELDS
    }
    found = sorted(set(chain.from_iterable(it.postings for it in (counted | own).values())))
    figures: dict[str, dict[str, Any]] = {name: it.figures for name, it in counted.items()}
    for name, it in own.items():  # postings of the phrases follow from the phrases, which are there
        figures[name] = {**it.figures, "postings": _postings(it, found)}
    content = {
        "settings": SETTINGS,
        "shown": 0 if whole else SHOWN,
        "cards": catalogue.cards if whole else [_hidden(card) for card in catalogue.cards],
        "phrases": _phrases(catalogue),
        "leads": [[part for way in lead for part in way] for lead in catalogue.leads],
        "words": front_coded(catalogue.words),
        "groups": catalogue.thesaurus.groups,
        "spellings": catalogue.thesaurus.spellings,
        "terms": front_coded(found),
        "figures": figures,
    }
    return f"window.UneFois = window.UneFois || {{}};\nUneFois.index = {_json(content)};\n"


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _shown(card: Card) -> list[str]:
    return [card.title, card.url, card.summary]


def _hidden(card: Card) -> list[Any]:
    return [card.kind, card.id, 0, 0, 0, card.facets]


SETTINGS: dict[str, Any] = {
    "word": analysis.WORD_PATTERN,
    "ligatures": analysis.LIGATURES,
    "stopWords": sorted(analysis.STOP_WORDS),
    "longest": vocabulary.LONGEST,
    "kinds": search.KINDS,
    "fields": search.FIELDS,
    "speech": search.SPEECH,
    "next": search.NEXT,
    "nearest": search.NEAREST,
    "synonym": search.SYNONYM,
    "typo": search.TYPO,
    "prefix": search.PREFIX,
    "bm25": search.BM25,
    "queryLength": search.QUERY_LENGTH,
    "typoLengths": [search.TYPO_LENGTHS.start, search.TYPO_LENGTHS.stop],
    "prefixLength": search.PREFIX_LENGTH,
    "guesses": search.GUESSES,
    "alphabet": search.ALPHABET,
}


def front_coded(words: Iterable[str]) -> str:
    """Sorted words, each without what it shares with the one before (25 letters at most)."""
    parts, before = [], ""
    for word in words:
        shared = sum(1 for _ in takewhile(bool, map(eq, before[:25], word)))
        parts.append(chr(ord("A") + shared) + word[shared:])
        before = word
    return "".join(parts)


def numbers(values: Iterable[int]) -> str:
    """Whole numbers as characters."""
    return "".join(character for value in values for character in _digits(value))


def _digits(value: int) -> Iterator[str]:
    while value > 56:
        yield chr(ord("]") + value % 32)
        value //= 32
    yield chr(ord("#") + value)


def _phrases(catalogue: Catalogue) -> list[list[Any]]:
    """Number of a card, then the texts of its phrases, for each card that has some."""
    return [
        [owner, *(text for text, _ in group)]
        for owner, group in groupby(catalogue.phrases, key=itemgetter(1))
    ]


class _Counted(NamedTuple):
    """A field: what BM25F needs of it, and for each term (document, times), in order."""

    figures: dict[str, Any]
    postings: dict[str, list[tuple[int, int]]]


def _count(documents: Sequence[Sequence[str]]) -> _Counted:
    """Count the terms of each document of a field.

    Lengths lose what Whoosh loses of them, in a byte. `rarity`: a term's weight, for each number of
    documents that may have it, by the formula of `whoosh.scoring.WeightingModel.idf`.
    """
    postings: dict[str, list[tuple[int, int]]] = {}
    for number, found in enumerate(documents):
        for text, times in Counter(found).items():
            postings.setdefault(text, []).append((number, times))
    frequencies = sorted({len(found) for found in postings.values()})
    figures = {
        "average": sum(map(len, documents)) / (len(documents) or 1),
        "lengths": numbers(byte_to_length(length_to_byte(len(found))) for found in documents),
        "rarity": [(each, log(len(documents) / (each + 1)) + 1) for each in frequencies],
    }
    return _Counted(figures, postings)


def _postings(counted: _Counted, found: Sequence[str]) -> str:
    """For each term of `found`, separated by spaces, the documents that have it in a field.

    A document is twice its distance from the one before, plus one if the term occurs several times
    in it; then how many.
    """
    postings = []
    for text in found:
        documents: list[int] = []
        before = 0
        for number, times in counted.postings.get(text, ()):
            step = 2 * (number - before)
            documents += [step] if times == 1 else [step + 1, times]
            before = number
        postings.append(numbers(documents))
    return " ".join(postings)
