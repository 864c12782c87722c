"""The search finds what it did when the thresholds were set, on queries that no phrase repeats."""

from __future__ import annotations

import pytest

from builder import search
from builder.findable import findable
from builder.guide import Checked
from builder.model import FRAME
from builder.search import Index
from tests import relevance
from tests.relevance import Score, questions, with_a_typo, without_accents

#: A little under what was measured, so that one more story does not fail the build.
LEAST = {
    "everyday": {"theme": Score(0.90, 0.97, 0.93, 0), "ingredient": Score(0.76, 0.92, 0.84, 0)},
    "hard": {"theme": Score(0.76, 0.94, 0.85, 0), "ingredient": Score(0.69, 0.90, 0.80, 0)},
}
#: The same of what teams and organisations ask, among entries of every kind.
LEAST_FRAME = Score(0.68, 0.86, 0.77, 0)
#: What no accents, or one typing error, may lose of each share.
LOSS = 0.05


@pytest.fixture(scope="module")
def index(checked: Checked) -> Index:
    return search.build(findable(checked.library), checked.library.vocabulary)


@pytest.mark.parametrize("name", relevance.QUERIES)
def test_answers_come_first(index: Index, name: str) -> None:
    asked = questions(name)
    rank = relevance.ours(index)
    for kind in relevance.ASKED:
        found = relevance.score(asked, kind, rank)
        assert found.empty == 0
        least = LEAST[name][kind]
        assert all(share >= floor for share, floor in zip(found[:3], least[:3], strict=True)), found
        for change in (without_accents, with_a_typo):
            changed = relevance.score([change(question) for question in asked], kind, rank)
            assert changed.empty == 0
            assert all(
                now >= before - LOSS for now, before in zip(changed[:3], found[:3], strict=True)
            ), changed


def test_to_choose_a_kind_changes_no_order(index: Index) -> None:
    query = "il répond plus au téléphone"
    every = search.search(index, query)
    assert len({hit.kind for hit in every}) > 2
    for kind in relevance.ASKED:
        chosen = search.search(index, query, {"kind": kind})
        assert chosen == [hit for hit in every if hit.kind == kind]


def test_a_team_finds_the_frame(index: Index) -> None:
    rank = relevance.whole(index, 10)
    found = relevance.score(relevance.frame_questions(), relevance.WHOLE, rank)
    assert all(share >= least for share, least in zip(found[:3], LEAST_FRAME[:3], strict=True))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "le propriétaire ne veut plus louer à nos locataires",
            "responsabilites-des-proprietaires",
        ),
        ("monter un programme comme Clés en main", "monter-un-programme"),
        ("taux de maintien en logement ailleurs", "bringing-lethbridge-home"),
        ("Streets to Homes", "streets-to-homes"),
        ("supplément au loyer", "cles-en-main"),
        ("comité de pratiques", "comite-de-pratiques"),
        ("évaluer notre collaboration avec le CIUSSS", "collaboration"),
    ],
)
def test_what_a_team_asks_is_in_the_first_three(index: Index, query: str, expected: str) -> None:
    assert expected in [hit.id for hit in search.search(index, query, limit=3)]


def test_the_frame_does_not_stand_before_what_helps_with_one_person(index: Index) -> None:
    asked = questions("everyday")
    assert len(list(relevance.in_the_way(index, asked))) <= 2
    hits = search.search(index, "il veut tout lâcher son appart", limit=10)
    assert not [hit.id for hit in hits if hit.kind in FRAME]


def test_no_phrase_repeats_a_query(checked: Checked) -> None:
    asked = [question for name in relevance.QUERIES for question in questions(name)]
    asked += relevance.frame_questions()
    assert relevance.repeated(findable(checked.library), asked) == []
