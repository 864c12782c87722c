"""Crosses what the guide links: ingredients with themes and theories, challenges with the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from builder.library import Library
from builder.model import Challenge, Ingredient, Practice, Theme, TheoryLink


class ThemeRow(NamedTuple):
    """How many stories show an ingredient: in all, then in each theme of `path_themes`."""

    ingredient: Ingredient
    total: int
    counts: tuple[int, ...]


class TheoryRow(NamedTuple):
    """What links an ingredient to each theory of the library, in its order; None for nothing."""

    ingredient: Ingredient
    links: tuple[TheoryLink | None, ...]


class ChallengeRow(NamedTuple):
    """Why a challenge is linked to each theme of `path_themes`, or programme; None for no link.

    A programme that takes it up is a practice, with its source; what links a theme is proposed.
    """

    challenge: Challenge
    themes: tuple[str | None, ...]
    programs: tuple[Practice | None, ...]


class GestureRow(NamedTuple):
    """Why an ingredient is linked to each challenge, by number; None for no link."""

    ingredient: Ingredient
    challenges: tuple[str | None, ...]


def path_themes(library: Library) -> tuple[Theme, ...]:
    """Give the themes along the residential path, stage by stage."""
    return tuple(chain.from_iterable(library.themes_by_stage.values()))


def theme_matrix(library: Library) -> Iterator[ThemeRow]:
    """Yield a row for each ingredient."""
    themes = path_themes(library)
    for ingredient in library.ingredients.values():
        narratives = library.narratives_by_ingredient.get(ingredient.id, ())
        found = Counter(narrative.theme for narrative in narratives)
        yield ThemeRow(ingredient, len(narratives), tuple(found[theme.id] for theme in themes))


def theory_matrix(library: Library) -> Iterator[TheoryRow]:
    """Yield a row for each ingredient."""
    for ingredient in library.ingredients.values():
        linked = {link.theory: link for link in ingredient.theories}
        yield TheoryRow(ingredient, tuple(linked.get(id_) for id_ in library.theories))


def challenge_matrix(library: Library) -> Iterator[ChallengeRow]:
    """Yield a row for each challenge."""
    for challenge in library.challenges.values():
        themes = {link.theme: link.why for link in challenge.themes}
        programs = {practice.program: practice for practice in challenge.programs}
        yield ChallengeRow(
            challenge,
            tuple(themes.get(theme.id) for theme in path_themes(library)),
            tuple(programs.get(id_) for id_ in library.programs),
        )


def gesture_matrix(library: Library) -> Iterator[GestureRow]:
    """Yield a row for each ingredient that a challenge is linked to."""
    links = {
        (link.ingredient, challenge.id): link.why
        for challenge in library.challenges.values()
        for link in challenge.ingredients
    }
    for ingredient in library.ingredients.values():
        if library.challenges_by_ingredient.get(ingredient.id):
            whys = tuple(links.get((ingredient.id, id_)) for id_ in library.challenges)
            yield GestureRow(ingredient, whys)
