"""The search finds what it did when the thresholds were set, on queries that no phrase repeats."""

from __future__ import annotations

import pytest

from builder import search
from builder.findable import findable
from builder.guide import Checked
from builder.search import Index
from tests import relevance
from tests.relevance import Score, questions, with_a_typo, without_accents

#: A little under what was measured, so that one more story does not fail the build.
LEAST = {
    "everyday": {"theme": Score(0.90, 0.97, 0.93, 0), "ingredient": Score(0.76, 0.92, 0.84, 0)},
    "hard": {"theme": Score(0.76, 0.94, 0.85, 0), "ingredient": Score(0.69, 0.90, 0.80, 0)},
}
#: What no accents, or one typing error, may lose of each share.
LOSS = 0.05


@pytest.fixture(scope="module")
def index(checked: Checked) -> Index:
    return search.build(findable(checked.library), checked.library.vocabulary)


@pytest.mark.parametrize("kind", relevance.ASKED)
@pytest.mark.parametrize("name", relevance.QUERIES)
def test_answers_come_first(index: Index, name: str, kind: str) -> None:
    asked = questions(name)
    rank = relevance.ours(index)
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


@pytest.mark.parametrize("name", relevance.QUERIES)
def test_no_phrase_repeats_a_query(checked: Checked, name: str) -> None:
    assert relevance.repeated(findable(checked.library), questions(name)) == []
