"""The collection holds what the guide promises its readers."""

from __future__ import annotations

import re

import pytest

from builder.guide import Checked
from builder.library import Library
from builder.model import OriginKind, Provenance
from builder.passages import plain


@pytest.fixture(scope="module")
def library(checked: Checked) -> Library:
    return checked.library


def test_the_files_have_no_problem(checked: Checked) -> None:
    assert checked.problems == ()


def test_each_theme_of_the_study_has_two_composite_stories_at_least(library: Library) -> None:
    assert [theme.number for theme in library.themes.values()] == list(range(1, 18))
    for id_ in library.themes:
        kinds = [story.origin.kind for story in library.narratives_by_theme[id_]]
        assert kinds.count(OriginKind.COMPOSITE) >= 2, id_


def test_a_story_is_a_three_minute_read_with_four_to_eight_passages(library: Library) -> None:
    for id_, story in library.narratives.items():
        words = len(re.findall(r"\w+(?:['’-]\w+)*", plain(story.story)))
        assert 350 <= words <= 700, (id_, words)
        assert 4 <= len(library.passages[id_]) <= 8, (id_, len(library.passages[id_]))
        assert len(story.questions) == 3, id_
        assert len(story.discussion.clarifications) >= 3, id_


def test_no_two_stories_open_alike(library: Library) -> None:
    openings = [plain(story.story).split()[:3] for story in library.narratives.values()]
    assert len({" ".join(words).lower() for words in openings}) == len(openings)


def test_each_ingredient_is_at_work_in_enough_stories(library: Library) -> None:
    assert 45 <= len(library.ingredients) <= 60
    for id_, ingredient in library.ingredients.items():
        stories = library.narratives_by_ingredient[id_]
        documented = ingredient.status is Provenance.DOCUMENTED
        assert len(stories) >= (3 if documented else 2), (id_, len(stories))
        assert len({story.theme for story in stories}) >= 2, id_
        assert library.situations_by_ingredient.get(id_), id_
        assert ingredient.theories, id_


def test_each_situation_leads_somewhere(library: Library) -> None:
    assert len(library.situations) >= 60
    for id_, situation in library.situations.items():
        assert len(situation.phrases) >= 12, id_
        assert len(situation.ingredients) >= 2, id_
        assert library.narratives_by_situation.get(id_), id_
    for id_ in library.themes:
        first = [it for it in library.situations.values() if it.themes[0] == id_]
        assert len(first) >= 4, (id_, len(first))
