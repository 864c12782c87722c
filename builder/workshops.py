"""What a facilitator chooses for a workshop: what to work on, when, and with how many people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from builder.library import Library
from builder.model import (
    LABELS,
    Copies,
    Entry,
    Ingredient,
    Kind,
    Narrative,
    Theme,
    Theory,
)
from builder.problems import did_you_mean

#: Sizes of group that a theme's kit counts copies for.
PERSONS: Final = (6, 8, 12, 15)
#: When a theme's kit begins, in minutes after midnight.
START: Final = 9 * 60
#: Stories of a theme's own kit, the first ones: more than a workshop reads. Others can be chosen.
STORIES: Final = 4
#: Persons who share one copy of what a team needs.
TEAM: Final = 4
#: Copies of the guide: who leads holds one; who tells the story answers with the other.
GUIDES: Final = 2


class Workshop(NamedTuple):
    """A workshop to print; `duration` is in minutes, `start` in minutes after midnight."""

    title: str
    narratives: tuple[Narrative, ...]
    ingredients: tuple[Ingredient, ...]
    theories: tuple[Theory, ...]
    duration: int
    start: int = START
    persons: tuple[int, ...] = PERSONS


def theme_workshop(library: Library, theme: Theme) -> Workshop:
    """Make the workshop of a theme that has stories."""
    narratives = library.narratives_by_theme[theme.id][:STORIES]
    ingredients = ingredients_of(library, narratives)
    minutes = library.method.minutes if library.method else 0
    return Workshop(
        theme_title(theme), narratives, ingredients, theories_of(library, ingredients), minutes
    )


class Choice(NamedTuple):
    """Ids of what to work on, as a facilitator names them."""

    themes: tuple[str, ...]
    narratives: tuple[str, ...]
    ingredients: tuple[str, ...]


class UnknownChoiceError(Exception):
    """A choice names an entry that is not in the guide; the message is in French."""


def chosen_workshop(
    library: Library, choice: Choice, duration: int, start: int, persons: int
) -> Workshop:
    """Make a workshop of any selection: stories of themes, stories, ingredients.

    Without chosen ingredients, those of the stories are taken. Raises UnknownChoiceError.
    """
    themes = _found(library.themes, choice.themes, Kind.THEME)
    alone = _found(library.narratives, choice.narratives, Kind.NARRATIVE)
    only = _found(library.ingredients, choice.ingredients, Kind.INGREDIENT)
    of_themes = (
        narrative for theme in themes for narrative in library.narratives_by_theme.get(theme.id, ())
    )
    narratives = tuple({one.id: one for one in (*of_themes, *alone)}.values())
    ingredients = only or ingredients_of(library, narratives)
    title = _title(themes, alone, only)
    theories = theories_of(library, ingredients)
    return Workshop(title, narratives, ingredients, theories, duration, start, (persons,))


E = TypeVar("E", bound=Entry)


def _found(entries: Mapping[str, E], ids: Iterable[str], kind: Kind) -> tuple[E, ...]:
    ids = tuple(dict.fromkeys(ids))
    if missing := [id_ for id_ in ids if id_ not in entries]:
        advice = did_you_mean(missing[0], entries, "voir les noms de fichiers du dossier")
        raise UnknownChoiceError(f"{LABELS[kind]} sans fiche : « {missing[0]} » — {advice}")
    return tuple(entries[id_] for id_ in ids)


def _title(
    themes: Sequence[Theme], narratives: Sequence[Narrative], ingredients: Sequence[Ingredient]
) -> str:
    """Name a workshop after what was chosen for it."""
    if len(themes) == 1 and not narratives:
        return theme_title(themes[0])
    names = [f"Thème {theme.number}" for theme in themes]
    names += [narrative.title for narrative in narratives]
    names = names or [ingredient.short for ingredient in ingredients]
    return ", ".join(names) if len(names) <= 3 else f"{', '.join(names[:3])} et d'autres"


def theme_title(theme: Theme) -> str:
    """Name a theme as handouts do."""
    return f"Thème {theme.number} – {theme.short}"


def ingredients_of(library: Library, narratives: Iterable[Narrative]) -> tuple[Ingredient, ...]:
    """List the ingredients marked in some stories, in the library's order."""
    marked = {
        ingredient.id
        for narrative in narratives
        for ingredient in library.ingredients_by_narrative[narrative.id]
    }
    return tuple(one for one in library.ingredients.values() if one.id in marked)


def theories_of(library: Library, ingredients: Iterable[Ingredient]) -> tuple[Theory, ...]:
    """List the theories that explain some ingredients, in the library's order."""
    named = {link.theory for ingredient in ingredients for link in ingredient.theories}
    return tuple(theory for theory in library.theories.values() if theory.id in named)


def copies(need: Copies, persons: int) -> int:
    """Count the copies of a sheet for a number of persons."""
    match need:
        case Copies.PERSON:
            return persons
        case Copies.TEAM:
            return math.ceil(persons / TEAM)
        case Copies.ROOM:
            return 1
