"""Measure what the search finds: `python -m tests.relevance [--unknown]` from the guide's folder.

Two lists of queries, each written apart from the phrases by someone who had not read them, with the
answers that would help: `{query, themes: [ids], ingredients: [ids]}`, any of which is right.
`hard` was made of odd moments, and the constants of the search were chosen with it in sight;
`everyday` is what anyone would type, and was asked once all was chosen.

A third, `frame`, is what a team or an organisation would ask, `{query, frame: [kind/id]}`. It is
asked of the whole guide, as people do: what the frame answers must come first there, and must not
stand before what helps with one person. Its first 30 queries were in sight while the phrases were
completed; the others were asked once all was chosen.

Compared on the same entries: our search, as written, without accents and with one typing error,
and Whoosh's own French analyser.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import yaml
from whoosh.analysis import LanguageAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import FileStorage, copy_to_ram
from whoosh.qparser import MultifieldParser, OrGroup, WhitespacePlugin

from builder import search
from builder.analysis import fold, terms
from builder.findable import findable
from builder.guide import examine
from builder.model import FRAME
from builder.search import Index, SearchEntry

QUERIES: Final = {
    name: Path(__file__).with_name(f"relevance_{name}.yaml") for name in ("everyday", "hard")
}
FRAME_QUERIES: Final = Path(__file__).with_name("relevance_frame.yaml")
ASKED: Final = {"theme": "themes", "ingredient": "ingredients"}  # kind of result → key of the file
WHOLE: Final = ""  # any kind of result
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"

Ranker = Callable[[str, str], list[str]]  # (query, kind) → ids, best first


class Question(NamedTuple):
    """A query and, for each kind of result, the ids that answer it."""

    query: str
    answers: Mapping[str, Sequence[str]]


class Score(NamedTuple):
    """Shares of the questions, from 0 to 1; `empty` is a number of questions."""

    first: float
    in_three: float
    mean_reciprocal_rank: float
    empty: int

    def __str__(self) -> str:
        return (
            f"1er {self.first:.3f}   3 premiers {self.in_three:.3f}   "
            f"rang réciproque {self.mean_reciprocal_rank:.3f}   sans réponse {self.empty}"
        )


def questions(name: str) -> list[Question]:
    """Read a file of queries."""
    found: list[dict[str, Any]] = yaml.safe_load(QUERIES[name].read_text(encoding="utf-8"))
    return [
        Question(entry["query"], {kind: entry.get(key, ()) for kind, key in ASKED.items()})
        for entry in found
    ]


def frame_questions() -> list[Question]:
    """Read the queries of teams and organisations: the answers are of any kind."""
    found: list[dict[str, Any]] = yaml.safe_load(FRAME_QUERIES.read_text(encoding="utf-8"))
    return [Question(entry["query"], {WHOLE: entry["frame"]}) for entry in found]


def ours(index: Index) -> Ranker:
    """Rank with the guide's search, asked once for all kinds: choosing one changes no score."""
    ask = cache(partial(search.search, index))
    return lambda query, kind: [hit.id for hit in ask(query) if hit.kind == kind]


def whole(index: Index, limit: int) -> Ranker:
    """Rank entries of every kind, each as `kind/id`; beyond the limit is nowhere."""
    return lambda query, _: [
        f"{hit.kind}/{hit.id}" for hit in search.search(index, query, limit=limit)
    ]


def in_the_way(index: Index, asked: Iterable[Question]) -> Iterator[tuple[str, list[str]]]:
    """Yield the queries about one person that an entry of the frame answers in the first three."""
    rank = whole(index, 3)
    for question in asked:
        found = [name for name in rank(question.query, WHOLE) if name.split("/")[0] in FRAME]
        if found:
            yield question.query, found


def stock(entries: Iterable[SearchEntry]) -> Ranker:
    """Rank with Whoosh's French analyser: any word of the query, all that leads to an entry."""
    listed = list(entries)
    spoken = {entry.id: entry.phrases for entry in listed if entry.kind == "situation"}
    text = TEXT(analyzer=LanguageAnalyzer("fr"), phrase=False)
    fields = ("title", "summary", "body", "phrases")
    schema = Schema(kind=ID(stored=True), id=ID(stored=True), **dict.fromkeys(fields, text))
    with TemporaryDirectory() as folder:
        with FileStorage(folder).create_index(schema).writer() as writer:
            for entry in listed:
                leading = (said for way, _ in entry.ways for said in spoken[way])
                writer.add_document(
                    kind=entry.kind,
                    id=entry.id,
                    title=entry.title,
                    summary=entry.summary,
                    body=entry.body,
                    phrases="\n".join((*entry.phrases, *leading)),
                )
        searcher = copy_to_ram(FileStorage(folder)).open_index().searcher()
    parser = MultifieldParser(fields, schema, plugins=[WhitespacePlugin()], group=OrGroup)

    def rank(query: str, kind: str) -> list[str]:
        hits = searcher.search(parser.parse(query), limit=None)
        return [hit["id"] for hit in hits if hit["kind"] == kind]

    return rank


def score(asked: Sequence[Question], kind: str, rank: Ranker) -> Score:
    """Score a ranker on the questions that have an answer of this kind."""
    places = [
        _place(rank(question.query, kind), question.answers[kind])
        for question in asked
        if question.answers[kind]
    ]
    count = len(places) or 1
    return Score(
        sum(place == 1 for place in places) / count,
        sum(1 <= place <= 3 for place in places) / count,
        sum(1 / place for place in places if place) / count,
        sum(place == 0 for place in places),
    )


def _place(ids: Sequence[str], right: Sequence[str]) -> int:
    """Place of the first right answer, from 1; 0 if there is none."""
    return next((place for place, id_ in enumerate(ids, 1) if id_ in right), 0)


def without_accents(question: Question) -> Question:
    """Type a query as on a keyboard without accents."""
    return question._replace(query=" ".join(map(fold, question.query.split())))


def with_a_typo(question: Question) -> Question:
    """Mistype one letter of one of the longer words; always the same one."""
    chance = random.Random(question.query)
    words = question.query.split()
    number = chance.choice([place for place, word in enumerate(words) if len(word) > 4] or [0])
    word = words[number]
    place = chance.randrange(1, len(word))
    words[number] = chance.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + word[place - 1] + word[place:],
            word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :],
            word[:place] + chance.choice(LETTERS) + word[place + 1 :],
        )
    )
    return question._replace(query=" ".join(words))


def report(
    entries: Sequence[SearchEntry], index: Index, asked: Sequence[Question]
) -> Iterator[str]:
    """Lines that say how good the answers are."""
    own = ours(index)
    for kind, key in ASKED.items():
        yield f"{key} ({sum(bool(question.answers[kind]) for question in asked)} requêtes)"
        yield f"  guide              {score(asked, kind, own)}"
        yield f"  sans accents       {score(list(map(without_accents, asked)), kind, own)}"
        yield f"  avec une coquille  {score(list(map(with_a_typo, asked)), kind, own)}"
        yield f"  Whoosh, français   {score(asked, kind, stock(entries))}"


def misses(index: Index, asked: Sequence[Question]) -> Iterator[str]:
    """Queries whose answer is not where it should be: first for themes, in three for others."""
    own = ours(index)
    for kind in ASKED:
        for question in asked:
            ids = own(question.query, kind)
            right = question.answers[kind]
            if right and _place(ids[: 1 if kind == "theme" else 3], right) == 0:
                yield f"{kind} : « {question.query} » donne {', '.join(ids[:3])}"


def unknown(index: Index, asked: Iterable[Question]) -> Iterator[str]:
    """Words of queries that nothing in the guide answers, each with its query."""
    for question in asked:
        for word in search.read_query(index, question.query).unknown:
            yield f"{word} : {question.query}"


def frame_report(index: Index) -> Iterator[str]:
    """Lines that say how well teams are answered, and where the frame gets in workers' way."""
    asked, rank = frame_questions(), whole(index, 10)
    yield f"équipes ({len(asked)} requêtes)"
    yield f"  guide              {score(asked, WHOLE, rank)}"
    for question in asked:
        found = rank(question.query, WHOLE)[:3]
        if _place(found, question.answers[WHOLE]) == 0:
            yield f"cadre : « {question.query} » donne {', '.join(found)}"
    for name in QUERIES:
        for query, found in in_the_way(index, questions(name)):
            yield f"devant ({name}) : « {query} » donne {', '.join(found)}"


def repeated(entries: Iterable[SearchEntry], asked: Iterable[Question]) -> list[str]:
    """Queries that the guide has word for word: they would measure nothing."""
    phrases = {tuple(terms(phrase)) for entry in entries for phrase in entry.phrases}
    return [question.query for question in asked if tuple(terms(question.query)) in phrases]


def main() -> None:
    """Print the figures, then the misses or the unknown words."""
    library = examine(Path(__file__).parent.parent).library
    entries = list(findable(library))
    index = search.build(entries, library.vocabulary)
    for name in QUERIES:
        asked = questions(name)
        print(f"— {name} —")
        if "--unknown" in sys.argv:
            print(*unknown(index, asked), sep="\n")
        else:
            print(*report(entries, index, asked), "", *misses(index, asked), "", sep="\n")
    if "--unknown" not in sys.argv:
        print("— frame —", *frame_report(index), sep="\n")


if __name__ == "__main__":
    main()
