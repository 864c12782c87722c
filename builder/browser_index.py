"""Write the search index as one classic script, which `theme/assets/search.js` reads.

A page opened from a USB key may not fetch, so the index is a script: `UneFois.index = {…}`. All
constants of the search travel with it: the browser's code has none of its own.

Long lists are strings, several times smaller than arrays once compressed. *Words* are sorted and
each leaves out the letters that it shares with the one before: a capital tells how many (A = 0).
*Numbers* are written in characters without quote or backslash: `#` to `[` end a number (0 to 56);
`]` to `|` are five more bits before the end (0 to 31), least first.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, takewhile
from operator import eq, itemgetter
from typing import Any

from whoosh.searching import Searcher

from builder import analysis, search, vocabulary
from builder.search import Catalogue, Index


def script(index: Index) -> str:
    """The whole index; the same bytes for the same entries."""
    catalogue = index.catalogue
    found = sorted(
        {text for _, text in _all_terms(index.phrases)}
        | {text for _, text in _all_terms(index.entries)}
    )
    figures = {"phrase": _figures(index.phrases, "phrase")}
    figures |= {name: _figures(index.entries, name) for name in (*search.FIELDS, *search.SPEECH)}
    for name in search.FIELDS:  # those of the phrases follow from the phrases, which are there
        figures[name]["postings"] = _postings(index.entries, name, found)
    content = {
        "settings": SETTINGS,
        "cards": catalogue.cards,
        "phrases": _phrases(catalogue),
        "leads": [[part for way in lead for part in way] for lead in catalogue.leads],
        "words": front_coded(catalogue.words),
        "groups": catalogue.thesaurus.groups,
        "spellings": catalogue.thesaurus.spellings,
        "terms": front_coded(found),
        "figures": figures,
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"window.UneFois = window.UneFois || {{}};\nUneFois.index = {text};\n"


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


def _all_terms(searcher: Searcher) -> Iterator[tuple[str, str]]:
    for name, text in searcher.reader().all_terms():
        yield name, text.decode()


def _figures(searcher: Searcher, name: str) -> dict[str, Any]:
    """What BM25F needs of a field, read back from Whoosh so that nothing is computed twice.

    `rarity`: a term's weight, for each number of documents that may have it.
    """
    found = [text for field, text in _all_terms(searcher) if field == name]
    rarity = {searcher.doc_frequency(name, text): searcher.idf(name, text) for text in found}
    return {
        "average": searcher.avg_field_length(name),
        "lengths": numbers(
            searcher.doc_field_length(document, name) or 0
            for document in range(searcher.doc_count_all())
        ),
        "rarity": sorted(rarity.items()),
    }


def _postings(searcher: Searcher, name: str, found: Sequence[str]) -> str:
    """For each term of `found`, separated by spaces, the documents that have it in a field.

    A document is twice its distance from the one before, plus one if the term occurs several times
    in it; then how many.
    """
    postings = []
    for text in found:
        documents: list[int] = []
        if (name, text) in searcher.reader():
            before = 0
            matcher = searcher.postings(name, text)
            while matcher.is_active():
                times = int(matcher.weight())
                step = 2 * (matcher.id() - before)
                documents += [step] if times == 1 else [step + 1, times]
                before = matcher.id()
                matcher.next()
        postings.append(numbers(documents))
    return " ".join(postings)
