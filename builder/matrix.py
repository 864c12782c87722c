"""Crosses the ingredients with the themes they are at work in, and the theories behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from builder.library import Library
from builder.model import Ingredient, Theme, TheoryLink


class ThemeRow(NamedTuple):
    """How many stories show an ingredient: in all, then in each theme of `path_themes`."""

    ingredient: Ingredient
    total: int
    counts: tuple[int, ...]


class TheoryRow(NamedTuple):
    """What links an ingredient to each theory of the library, in its order; None for nothing."""

    ingredient: Ingredient
    links: tuple[TheoryLink | None, ...]


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
