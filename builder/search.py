"""Find entries by situation, in workers' words.

Two Whoosh indexes share one folder. `phrases` has one document for each thing a worker might say,
`entries` one for each entry. A query is compared with every phrase, and with all that a situation
says taken together; the nearest phrases, and the situations, speak for the entries that they lead
to, the best in full and each next one for less. What an entry's own text earns is added. BM25F
gives every figure.

The browser does the same with what `browser_index` exports: same order, same scores. So sums are
made in a stated order, and nothing here depends on a clock, a hash seed or the machine.
"""

import json
import shutil
import tempfile
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cached_property
from heapq import nsmallest
from pathlib import Path
from typing import Any, Final, NamedTuple

from whoosh.fields import TEXT, Schema
from whoosh.filedb.filestore import FileStorage, copy_to_ram
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from builder.analysis import Word, term, terms, words
from builder.fingerprint import code, fingerprint
from builder.vocabulary import LONGEST, Thesaurus, Vocabulary, compile_vocabulary

# The order of equal scores.
KINDS: Final = (
    *("situation", "ingredient", "narrative", "theme", "theory"),
    *("challenge", "program", "chapter"),
)

# Measured with `make relevance`; around these values nothing moves by more than two points.
FIELDS: Final = {"title": 0.6, "summary": 0.3, "body": 0.3}  # an entry's own text; a phrase is 1
SPEECH: Final = {"speech": 1.0}  # all the phrases of a situation, taken as one text
# Every situation speaks for a theme; an entry of the frame has its own phrases and little else.
ALONE: Final = {"challenge": 2.0, "program": 2.0, "chapter": 2.0}  # what these count; others, 1
# A situation's first theme or ingredient, the second, the third, the others.
RANKS: Final = (1.0, 0.8, 0.6, 0.5)
NEXT: Final = 0.7  # what each next phrase counts, compared with the one before
NEAREST: Final = 60  # phrases, and situations, that have a say
SYNONYM: Final = 0.3
TYPO: Final = 0.8
PREFIX: Final = 0.5
BM25: Final = {"B": 0.3, "K1": 1.2}

#: Beside an index, what tells whether it is still whole.
SEAL: Final = "seal.txt"

QUERY_LENGTH: Final = 300  # characters read of a query
TYPO_LENGTHS: Final = range(4, 25)  # words of these lengths are compared with one letter changed
PREFIX_LENGTH: Final = 3
GUESSES: Final = 3  # words tried for an unknown one
ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class SearchEntry:
    """What the search knows of an entry of the guide.

    `ways`: the situations that lead here, each with the place (0 = first) that this entry has among
    the situation's themes or ingredients, or that the situation has among a story's. `facets`:
    filter name → values; `about`, `stage`, `theme` and `theory` are those of the page « Trouver ».
    """

    kind: str
    id: str
    title: str
    url: str
    summary: str
    body: str = ""
    phrases: tuple[str, ...] = ()
    ways: tuple[tuple[str, int], ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Card(NamedTuple):
    """What is shown of an entry, and filtered."""

    kind: str
    id: str
    title: str
    url: str
    summary: str
    facets: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Catalogue:
    """All that is not figures; saved beside the Whoosh indexes and exported to the browser as is.

    `phrases`: text and number of the card that owns it. `leads`: for each card, the cards that its
    phrases speak for, with their weight. `words`: every folded word of the guide and vocabulary.
    """

    cards: tuple[Card, ...]
    phrases: tuple[tuple[str, int], ...]
    leads: tuple[tuple[tuple[int, float], ...], ...]
    words: tuple[str, ...]
    thesaurus: Thesaurus


@dataclass(frozen=True)
class Index:
    """An opened index."""

    catalogue: Catalogue
    phrases: Searcher
    entries: Searcher

    @cached_property
    def frequencies(self) -> Mapping[str, int]:
        """For each term, the phrases that have it, plus one for each of FIELDS that does."""
        found: Counter[str] = Counter()
        for searcher in (self.phrases, self.entries):
            for name, text in searcher.reader().all_terms():
                if name == "phrase":
                    found[text.decode()] += searcher.doc_frequency(name, text)
                elif name in FIELDS:
                    found[text.decode()] += 1
        return found


class Query(NamedTuple):
    """A query as understood: search term → weight.

    `unknown` are the words that nothing answers, `guessed` those that words like them answer.
    """

    weights: Mapping[str, float]
    unknown: tuple[str, ...]
    guessed: tuple[str, ...]


#: For a card, what brings it, best first: minus the points, number of the phrase or card.
Votes = defaultdict[int, list[tuple[float, int]]]


class Hit(NamedTuple):
    """A result. `why` is a phrase or the summary; `marks` are the places in it to highlight."""

    kind: str
    id: str
    title: str
    url: str
    score: float
    why: str
    marks: tuple[tuple[int, int], ...]
    situation: str  # id of the situation whose phrase is quoted, or ""


def build(
    entries: Iterable[SearchEntry], vocabulary: Vocabulary, folder: Path | None = None
) -> Index:
    """Index the entries into an empty folder, or in memory without one."""
    if folder is None:
        # Whoosh's own storage in memory writes through files of one name, shared by all processes.
        with tempfile.TemporaryDirectory() as aside:
            built = build(entries, vocabulary, Path(aside))
            return _index(copy_to_ram(FileStorage(aside)), built.catalogue)
    storage = FileStorage(str(folder)).create()
    ordered = in_order(entries)
    catalogue = catalogue_of(ordered, vocabulary)
    _write(storage, "phrases", ({"phrase": text} for text, _ in catalogue.phrases))
    _write(storage, "entries", map(_texts, ordered))
    text = json.dumps(asdict(catalogue), ensure_ascii=False)
    (folder / "catalogue.json").write_text(text, encoding="utf-8")
    (folder / SEAL).write_text(_seal(folder), encoding="utf-8")
    return _index(storage, catalogue)


def cached(
    folder: Path,
    fingerprint: str,
    source: Callable[[], tuple[Iterable[SearchEntry], Vocabulary]],
) -> Index:
    """Open `folder/fingerprint`, or build it from `source` and drop the other indexes of `folder`.

    The index is built aside and renamed when complete: an interrupted build leaves nothing behind
    that a later search would read. Only one process at a time may do so: see `lock`.
    """
    place = folder / fingerprint
    with suppress(OSError, ValueError):
        return load(place)
    entries = source()
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder))
    try:
        build(*entries, aside)
        shutil.rmtree(place, ignore_errors=True)  # one that is damaged
        aside.rename(place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    for other in folder.iterdir():  # old ones, and what a killed search was making
        if other != place:
            shutil.rmtree(other, ignore_errors=True)
    return load(place)


def load(folder: Path) -> Index:
    """Open the index that `build` left in a folder. Raises OSError, ValueError if it is not whole.

    Whoosh itself says damage in a dozen ways, and some of it only to the words that it touches.
    """
    if (folder / SEAL).read_text(encoding="utf-8") != _seal(folder):
        raise ValueError(f"{folder} is damaged")
    saved = json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))
    return _index(FileStorage(str(folder)), _read_catalogue(saved))


def _seal(folder: Path) -> str:
    """Digest of what an index is made of."""
    return fingerprint((file for file in folder.iterdir() if file.name != SEAL), folder)


def mark(files: Iterable[Path]) -> str:
    """Name the index of these files, as this package makes it."""
    return fingerprint([*files, *code(".py")])[:16]


def read_query(index: Index, text: str) -> Query:
    """Understand a query: spellings, unknown words, then synonyms; a word counts once."""
    thesaurus = index.catalogue.thesaurus
    weights: dict[str, float] = {}
    unknown: list[str] = []
    guessed: list[str] = []
    said: list[tuple[str, float]] = []  # the words of the query as one sequence of terms

    def add(found: str, weight: float) -> None:
        weights[found] = max(weight, weights.get(found, 0.0))

    for word in _spelled(text, thesaurus):
        guesses = _guesses(index, word)
        if not guesses:
            unknown.append(word.folded)
        elif guesses[0][1] < 1.0:
            guessed.append(word.folded)
        for found, weight in guesses:
            add(found, weight)
        said.append(guesses[0] if guesses else (word.term, 1.0))
    for expression, weight in _expressions(said):
        for other in _synonyms(thesaurus, expression):
            for found in other:
                add(found, weight * SYNONYM / len(other))
    return Query(weights, tuple(unknown), tuple(guessed))


def search(
    index: Index, text: str, filters: Mapping[str, str] | None = None, limit: int | None = None
) -> list[Hit]:
    """Entries that answer a query, best first.

    `filters`: facet → value wanted; the facet `kind` is the entry's kind. Filters without a word
    give all that fits them, in the order of the numbers.
    """
    query = read_query(index, text)
    own = _scores(index.entries, FIELDS, query)
    phrases, situations = _phrase_votes(index, query), _situation_votes(index, query)
    told: Iterable[int] = own.keys() | phrases.keys() | situations.keys()
    if filters and not text.strip():
        told = range(len(index.catalogue.cards))
    totals = {
        number: _total(phrases[number]) + _total(situations[number]) + own[number]
        for number in told
        if _matches(index.catalogue.cards[number], filters or {})
    }
    ranked = nsmallest(limit or len(totals), ((-total, number) for number, total in totals.items()))
    return [
        _hit(index.catalogue, query, number, -minus, phrases[number], own[number])
        for minus, number in ranked
    ]


def in_order(entries: Iterable[SearchEntry]) -> list[SearchEntry]:
    """Entries in the order of their numbers."""
    return sorted(entries, key=lambda entry: (KINDS.index(entry.kind), entry.id))


def catalogue_of(entries: Sequence[SearchEntry], vocabulary: Vocabulary) -> Catalogue:
    """Cards, phrases and links of entries that stand in their final order."""
    number = {(entry.kind, entry.id): position for position, entry in enumerate(entries)}
    leads = [[(place, ALONE.get(entry.kind, 1.0))] for place, entry in enumerate(entries)]
    for position, entry in enumerate(entries):
        for situation, rank in entry.ways:
            weight = RANKS[min(rank, len(RANKS) - 1)]
            leads[number["situation", situation]].append((position, weight))
    texts = [text for group in vocabulary.synonyms for text in group]
    for entry in entries:
        texts += [entry.title, entry.summary, entry.body, *entry.phrases]
    return Catalogue(
        tuple(
            Card(entry.kind, entry.id, entry.title, entry.url, entry.summary, entry.facets)
            for entry in entries
        ),
        tuple(
            (phrase, position) for position, entry in enumerate(entries) for phrase in entry.phrases
        ),
        tuple(tuple(lead) for lead in leads),
        tuple(sorted({word.folded for text in texts for word in words(text)})),
        compile_vocabulary(vocabulary),
    )


def _read_catalogue(saved: dict[str, Any]) -> Catalogue:
    """The catalogue from its JSON form, where tuples are lists."""
    return Catalogue(
        tuple(Card(*card) for card in saved["cards"]),
        tuple((text, owner) for text, owner in saved["phrases"]),
        tuple(tuple((to, weight) for to, weight in lead) for lead in saved["leads"]),
        tuple(saved["words"]),
        Thesaurus(
            tuple(tuple(map(tuple, group)) for group in saved["thesaurus"]["groups"]),
            saved["thesaurus"]["spellings"],
        ),
    )


def _texts(entry: SearchEntry) -> dict[str, str]:
    """What is indexed of an entry, field by field."""
    own = {name: getattr(entry, name) for name in FIELDS}
    return own | dict.fromkeys(SPEECH, "\n".join(entry.phrases))


def _write(storage: Any, name: str, documents: Iterable[Mapping[str, str]]) -> None:
    """Index texts in order: the number of a document is its place."""
    # Whoosh takes a list of terms as it is: the analysis stays ours.
    with storage.create_index(
        Schema(**{field: TEXT(phrase=False) for field in ("phrase", *FIELDS, *SPEECH)}),
        indexname=name,
    ).writer() as writer:
        for document in documents:
            writer.add_document(**{field: terms(text) for field, text in document.items()})


def _index(storage: Any, catalogue: Catalogue) -> Index:
    weighting = BM25F(**BM25)
    return Index(
        catalogue,
        *(
            storage.open_index(indexname=name).searcher(weighting=weighting)
            for name in ("phrases", "entries")
        ),
    )


def _spelled(text: str, thesaurus: Thesaurus) -> Iterator[Word]:
    """Words of a query, each spelling replaced by the words that it stands for."""
    for word in words(text[:QUERY_LENGTH]):
        meant = thesaurus.spellings.get(word.folded)
        yield from (word,) if meant is None else words(meant)


def _guesses(index: Index, word: Word) -> list[tuple[str, float]]:
    """Search terms for a word: its own if it is known, else those of the nearest known words."""
    known = index.catalogue.words
    if index.frequencies[word.term] or word.term in index.catalogue.thesaurus.terms:
        return [(word.term, 1.0)]
    near, weight = (
        {term(other) for other in _one_letter_away(word.folded) if _in(known, other)},
        TYPO,
    )
    if not near:
        near = {other for other in _one_letter_away(word.term) if index.frequencies[other]}
    if not near:
        near, weight = {term(other) for other in _same_beginning(known, word.folded)}, PREFIX
    likely = sorted(near, key=lambda found: (-index.frequencies[found], found))
    return [(found, weight) for found in likely[:GUESSES]]


def _one_letter_away(word: str) -> Iterator[str]:
    """Words at one letter removed, exchanged with the next, replaced or added."""
    if len(word) not in TYPO_LENGTHS:
        return
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in ALPHABET:
            yield before + letter + after[1:]
            yield before + letter + after


def _same_beginning(known: Sequence[str], word: str) -> Sequence[str]:
    """Known words with the longest beginning in common, at least two thirds of the word."""
    shortest = max(PREFIX_LENGTH, -(-2 * len(word) // 3))
    for length in range(len(word), shortest - 1, -1):
        beginning = word[:length]
        start = bisect_left(known, beginning)
        end = bisect_left(known, beginning + "\uffff", start)
        if start < end:
            return known[start:end]
    return ()


def _in(known: Sequence[str], word: str) -> bool:
    place = bisect_left(known, word)
    return place < len(known) and known[place] == word


def _expressions(said: Sequence[tuple[str, float]]) -> Iterator[tuple[tuple[str, ...], float]]:
    """Every run of words that may be an expression, with the weight of its least sure word."""
    for start in range(len(said)):
        for end in range(start + 1, min(start + LONGEST, len(said)) + 1):
            run = said[start:end]
            yield tuple(found for found, _ in run), min(weight for _, weight in run)


def _synonyms(thesaurus: Thesaurus, expression: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    number = thesaurus.place.get(expression)
    if number is not None:
        yield from (other for other in thesaurus.groups[number] if other != expression)


def _scores(searcher: Searcher, fields: Mapping[str, float], query: Query) -> dict[int, float]:
    """BM25F of each document that has a word of the query, summed by field, then term."""
    scores: defaultdict[int, float] = defaultdict(float)
    for name, field_weight in fields.items():
        for found, weight in sorted(query.weights.items()):
            if (name, found) in searcher.reader():
                matcher = searcher.postings(name, found)
                while matcher.is_active():
                    scores[matcher.id()] += field_weight * weight * matcher.score()
                    matcher.next()
    return scores


def _phrase_votes(index: Index, query: Query) -> Votes:
    """What the nearest phrases bring to each card."""
    scores = _scores(index.phrases, {"phrase": 1.0}, query)
    owners = [owner for _, owner in index.catalogue.phrases]
    return _votes(index.catalogue, scores, owners)


def _situation_votes(index: Index, query: Query) -> Votes:
    """What the nearest cards that have phrases, these taken together, bring to each card."""
    scores = _scores(index.entries, SPEECH, query)
    return _votes(index.catalogue, scores, range(len(index.catalogue.cards)))


def _votes(catalogue: Catalogue, scores: Mapping[int, float], owners: Sequence[int]) -> Votes:
    """Pass the scores of the nearest voices to the cards that their owners lead to."""
    votes: Votes = defaultdict(list)
    nearest = nsmallest(NEAREST, ((-score, voice) for voice, score in scores.items()))
    for minus, voice in nearest:
        for card, weight in catalogue.leads[owners[voice]]:
            votes[card].append((weight * minus, voice))
    for brought in votes.values():
        brought.sort()
    return votes


def _total(votes: Iterable[tuple[float, int]]) -> float:
    """Sum of the votes, best first, each counting less than the one before."""
    total, share = 0.0, 1.0
    for minus, _ in votes:
        total -= share * minus
        share *= NEXT
    return total


def _matches(card: Card, filters: Mapping[str, str]) -> bool:
    return all(
        value == card.kind if name == "kind" else value in card.facets.get(name, ())
        for name, value in filters.items()
    )


def _hit(
    catalogue: Catalogue,
    query: Query,
    number: int,
    score: float,
    votes: Sequence[tuple[float, int]],
    own: float,
) -> Hit:
    """Show why: the best phrase if it counts more than the entry's own text, else the summary."""
    card = catalogue.cards[number]
    if votes and -votes[0][0] >= own:
        why, owner = catalogue.phrases[votes[0][1]]
    else:
        why, owner = card.summary, number
    marks = tuple((word.start, word.end) for word in words(why) if word.term in query.weights)
    situation = catalogue.cards[owner].id if owner != number else ""
    return Hit(card.kind, card.id, card.title, card.url, score, why, marks, situation)
