"""The search finds what it did when the thresholds were set, on queries that no phrase repeats."""

from __future__ import annotations

import pytest

from builder import search
from builder.findable import findable
from builder.guide import Checked
from builder.search import Index
from tests import relevance
from tests.relevance import Question, Score, questions, with_a_typo, without_accents

#: A little under what was measured, so that one more story does not fail the build.
LEAST = {"theme": Score(0.76, 0.94, 0.85, 0), "ingredient": Score(0.69, 0.90, 0.80, 0)}
#: What no accents, or one typing error, may lose of each share.
LOSS = 0.05


@pytest.fixture(scope="module")
def index(checked: Checked) -> Index:
    return search.build(findable(checked.library), checked.library.vocabulary)


@pytest.fixture(scope="module")
def asked() -> list[Question]:
    return questions()


@pytest.mark.parametrize("kind", LEAST)
def test_answers_come_first(index: Index, asked: list[Question], kind: str) -> None:
    rank = relevance.ours(index)
    found = relevance.score(asked, kind, rank)
    assert found.empty == 0
    assert all(share >= least for share, least in zip(found[:3], LEAST[kind][:3], strict=True)), (
        found
    )
    for change in (without_accents, with_a_typo):
        changed = relevance.score([change(question) for question in asked], kind, rank)
        assert changed.empty == 0
        assert all(
            now >= before - LOSS for now, before in zip(changed[:3], found[:3], strict=True)
        ), changed


def test_no_phrase_repeats_a_query(checked: Checked, asked: list[Question]) -> None:
    assert relevance.repeated(findable(checked.library), asked) == []
