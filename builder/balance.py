"""How the collection is balanced: what is rich, what is thin, what is documented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from builder.library import Library
from builder.model import LABELS, Ingredient, OriginKind, Provenance, Situation, Theme, Theory


class Balance(NamedTuple):
    """Counts, with the entries that they are about. Statuses with a count of 0 are kept."""

    stories_by_theme: tuple[tuple[Theme, int], ...]
    ingredients_by_theory: tuple[tuple[Theory, int], ...]
    ingredients_used_once: tuple[Ingredient, ...]
    situations_without_story: tuple[Situation, ...]
    ingredients_by_status: Mapping[Provenance, int]
    theory_links_by_status: Mapping[Provenance, int]
    stories_by_origin: Mapping[OriginKind, int]


def balance(library: Library) -> Balance:
    """Count what the library holds."""
    links = (link for it in library.ingredients.values() for link in it.theories)
    link_statuses = Counter(link.status for link in links)
    statuses = Counter(ingredient.status for ingredient in library.ingredients.values())
    origins = Counter(narrative.origin.kind for narrative in library.narratives.values())
    return Balance(
        tuple(
            (theme, len(library.narratives_by_theme.get(theme.id, ())))
            for theme in library.themes.values()
        ),
        tuple(
            (theory, len(library.ingredients_by_theory.get(theory.id, ())))
            for theory in library.theories.values()
        ),
        tuple(
            ingredient
            for ingredient in library.ingredients.values()
            if len(library.narratives_by_ingredient.get(ingredient.id, ())) < 2
        ),
        tuple(
            situation
            for situation in library.situations.values()
            if situation.id not in library.narratives_by_situation
        ),
        {status: statuses[status] for status in Provenance},
        {status: link_statuses[status] for status in Provenance},
        {origin: origins[origin] for origin in OriginKind},
    )


def report(library: Library) -> Iterator[str]:
    """Yield the lines of the report, for a terminal."""
    found = balance(library)
    yield "Récits par thème"
    yield from (f"  {count:3} {theme.number:2}. {theme.short}" for theme, count in found[0])
    yield "Ingrédients par théorie"
    yield from (f"  {count:3} {theory.name}" for theory, count in found[1])
    yield f"Ingrédients à l'œuvre dans moins de deux récits : {len(found.ingredients_used_once)}"
    yield from (f"      {ingredient.id}" for ingredient in found.ingredients_used_once)
    yield f"Situations sans récit : {len(found.situations_without_story)}"
    yield from (f"      {situation.id}" for situation in found.situations_without_story)
    yield from _shares("Ingrédients", found.ingredients_by_status)
    yield from _shares("Liens entre ingrédients et théories", found.theory_links_by_status)
    yield from _shares("Récits", found.stories_by_origin)


def _shares(
    title: str, counts: Mapping[Provenance, int] | Mapping[OriginKind, int]
) -> Iterator[str]:
    total = sum(counts.values()) or 1
    yield title
    for status, count in counts.items():
        yield f"  {count:3} ({count / total:4.0%}) {LABELS[status]}"
