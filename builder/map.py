"""Draws how theories, ingredients and themes hang together: places only, no chance, no force.

Three columns. Ingredients stand by the theory that explains them first, so that theories fan out
without crossing; within a theory, and theories among themselves, they go by the mean place of
their themes along the residential path, which shortens the curves on the other side.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from statistics import fmean
from typing import Final, NamedTuple

from builder.library import Library
from builder.matrix import path_themes
from builder.model import Entry, Ingredient, Provenance, Stage, Theme, Theory, kind_of

#: A map stays one sheet: the ingredients that most stories show, and their strongest themes.
MOST_INGREDIENTS: Final = 60
MOST_THEMES: Final = 7

#: All lengths are in the drawing's own units; a letter of a label is about 6.5 wide.
WIDTH: Final = 1000
ROW: Final = 22
GAP: Final = 16
LEAST: Final = 60  # height of a theory that explains few ingredients or none
STAGE: Final = 34  # room above the first theme of a stage
THEORY_X: Final = 165
PILL: Final = (355, 640)
THEME_X: Final = 805
THEORY_LETTERS: Final = 19
THEME_LETTERS: Final = 24


class Node(NamedTuple):
    """An entry and the place of the middle of its label, cut into lines."""

    entry: Entry
    y: float
    lines: tuple[str, ...]
    key: str


class Heading(NamedTuple):
    """A stage of the path, above its themes."""

    stage: Stage
    y: float


class Curve(NamedTuple):
    """A link between two nodes: `status` for a theory's, number of stories for a theme's."""

    ends: tuple[str, str]
    path: str
    status: Provenance | None = None
    stories: int = 1


class Map(NamedTuple):
    """Everything to draw, and how many ingredients or links the sheet leaves out."""

    height: float
    theories: tuple[Node, ...]
    ingredients: tuple[Node, ...]
    themes: tuple[Node, ...]
    headings: tuple[Heading, ...]
    curves: tuple[Curve, ...]
    ingredients_left: int
    curves_left: int


class Tie(NamedTuple):
    """How many stories of a theme show an ingredient."""

    ingredient: Ingredient
    theme: Theme
    number: int


class Pair(NamedTuple):
    """How many ingredients two themes share."""

    one: Theme
    other: Theme
    number: int


class Seen(NamedTuple):
    """What is read off the map, the strongest first."""

    ties: tuple[Tie, ...]
    widest: tuple[tuple[Ingredient, int], ...]
    pairs: tuple[Pair, ...]
    alone: tuple[Entry, ...]
    documented: int
    linked: int


def draw(library: Library) -> Map:
    """Place the entries and draw their links."""
    places = {theme.id: place for place, theme in enumerate(path_themes(library))}
    groups = tuple(_groups(library, _chosen(library), places))
    height = sum(_height(members) + GAP for _, members in groups)
    theories, ingredients = _left(groups)
    headings, themes = _right(library, height)
    everywhere = {node.key: node.y for node in (*theories, *ingredients, *themes)}
    drawn = [node.entry for node in ingredients if isinstance(node.entry, Ingredient)]
    ties = [tie for ingredient in drawn for tie in _ties(library, ingredient)]
    strongest = [tie for it in drawn for tie in _ties(library, it)[:MOST_THEMES]]
    return Map(
        height,
        theories,
        ingredients,
        themes,
        headings,
        (*_theory_curves(library, drawn, everywhere), *_theme_curves(strongest, everywhere)),
        len(library.ingredients) - len(drawn),
        len(ties) - len(strongest),
    )


def read_off(library: Library, most: int = 5) -> Seen:
    """Say what the map shows of the whole library, at most `most` of each."""
    ingredients = library.ingredients.values()
    ties = [tie for ingredient in ingredients for tie in _ties(library, ingredient)]
    wide = [(it, len(library.themes_by_ingredient.get(it.id, ()))) for it in ingredients]
    links = [link for ingredient in ingredients for link in ingredient.theories]
    return Seen(
        tuple(sorted((tie for tie in ties if tie.number > 1), key=lambda it: -it.number)[:most]),
        tuple(sorted((pair for pair in wide if pair[1] > 1), key=lambda pair: -pair[1])[:most]),
        _pairs(library)[:most],
        (
            *(it for it, themes in wide if themes == 0 or not it.theories),
            *(
                it
                for id_, it in library.theories.items()
                if id_ not in library.ingredients_by_theory
            ),
            *(it for id_, it in library.themes.items() if id_ not in library.ingredients_by_theme),
        ),
        sum(link.status is Provenance.DOCUMENTED for link in links),
        len(links),
    )


def _pairs(library: Library) -> tuple[Pair, ...]:
    """List the themes that share ingredients, those that share most first."""
    shared = Counter(
        pair
        for ingredient in library.ingredients.values()
        for pair in combinations(
            [theme.id for theme in library.themes_by_ingredient.get(ingredient.id, ())], 2
        )
    )
    ranked = sorted(shared.items(), key=lambda item: -item[1])
    return tuple(
        Pair(library.themes[one], library.themes[other], count) for (one, other), count in ranked
    )


def _ties(library: Library, ingredient: Ingredient) -> list[Tie]:
    """List the themes of an ingredient, those with most stories first."""
    narratives = library.narratives_by_ingredient.get(ingredient.id, ())
    counts = Counter(narrative.theme for narrative in narratives)
    themes = library.themes_by_ingredient.get(ingredient.id, ())
    return sorted(
        (Tie(ingredient, theme, counts[theme.id]) for theme in themes), key=lambda tie: -tie.number
    )


def _chosen(library: Library) -> list[Ingredient]:
    """Choose the ingredients that most stories show, as many as a sheet holds."""
    return sorted(
        library.ingredients.values(),
        key=lambda it: -len(library.narratives_by_ingredient.get(it.id, ())),
    )[:MOST_INGREDIENTS]


def _groups(
    library: Library, chosen: Iterable[Ingredient], places: Mapping[str, int]
) -> Iterator[tuple[Theory | None, list[Ingredient]]]:
    """Yield each theory with the ingredients that it explains first; None for those without."""

    def place(ingredient: Ingredient) -> float:
        themes = library.themes_by_ingredient.get(ingredient.id, ())
        return fmean(places[theme.id] for theme in themes) if themes else len(places)

    ordered = sorted(chosen, key=place)
    groups = [
        (theory, [it for it in ordered if it.theories and it.theories[0].theory == theory.id])
        for theory in library.theories.values()
    ]
    yield from sorted(groups, key=lambda group: fmean(map(place, group[1])) if group[1] else 99)
    without = [ingredient for ingredient in ordered if not ingredient.theories]
    if without:
        yield None, without


def _height(members: list[Ingredient]) -> float:
    return max(LEAST, ROW * len(members))


def _left(
    groups: Iterable[tuple[Theory | None, list[Ingredient]]],
) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Place the theories, each at the middle of its ingredients."""
    theories: list[Node] = []
    ingredients: list[Node] = []
    top = GAP / 2
    for theory, members in groups:
        height = _height(members)
        if theory:
            theories.append(_node(theory, top + height / 2, theory.name, THEORY_LETTERS))
        first = top + (height - ROW * len(members)) / 2 + ROW / 2
        for row, ingredient in enumerate(members):
            ingredients.append(
                Node(ingredient, first + row * ROW, (ingredient.short,), key(ingredient))
            )
        top += height + GAP
    return tuple(theories), tuple(ingredients)


def _right(library: Library, height: float) -> tuple[tuple[Heading, ...], tuple[Node, ...]]:
    """Spread the stages and their themes over the height."""
    stages = {stage: themes for stage, themes in library.themes_by_stage.items() if themes}
    step = (height - STAGE * len(stages)) / max(1, len(library.themes))
    headings: list[Heading] = []
    nodes: list[Node] = []
    top = 0.0
    for stage, themes in stages.items():
        headings.append(Heading(stage, top + STAGE * 0.65))
        top += STAGE
        for theme in themes:
            nodes.append(_node(theme, top + step / 2, theme.short, THEME_LETTERS))
            top += step
    return tuple(headings), tuple(nodes)


def _node(entry: Entry, y: float, label: str, letters: int) -> Node:
    return Node(entry, y, tuple(textwrap.wrap(label, letters)), key(entry))


def key(entry: Entry) -> str:
    """Name an entry among all kinds."""
    return f"{kind_of(entry)}:{entry.id}"


def _theory_curves(
    library: Library, drawn: Iterable[Ingredient], ys: Mapping[str, float]
) -> Iterator[Curve]:
    for ingredient in drawn:
        for link in ingredient.theories:
            ends = key(library.theories[link.theory]), key(ingredient)
            path = _curve(THEORY_X + 12, ys[ends[0]], PILL[0], ys[ends[1]])
            yield Curve(ends, path, status=link.status)


def _theme_curves(ties: Iterable[Tie], ys: Mapping[str, float]) -> Iterator[Curve]:
    for tie in ties:
        ends = key(tie.ingredient), key(tie.theme)
        path = _curve(PILL[1], ys[ends[0]], THEME_X - 12, ys[ends[1]])
        yield Curve(ends, path, stories=tie.number)


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    """Leave and arrive level, so that curves to one place run together.

    Commas, not spaces: typography would join what it takes for thousands.
    """
    middle = (x1 + x2) / 2
    return f"M{x1:g},{y1:.1f}C{middle:g},{y1:.1f},{middle:g},{y2:.1f},{x2:g},{y2:.1f}"
