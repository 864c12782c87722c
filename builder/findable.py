"""Says what the search may know of each entry of the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from builder.addresses import url
from builder.library import Library
from builder.model import (
    Challenge,
    Chapter,
    Entry,
    Ingredient,
    Narrative,
    Program,
    Provenance,
    Situation,
    Theme,
    Theory,
    kind_of,
)
from builder.search import SearchEntry
from builder.typography import french

Facets = Mapping[str, tuple[str, ...]]
#: A situation that leads to an entry, and the place that the entry has in it (0 is the first).
Way = tuple[str, int]


def findable(library: Library) -> Iterator[SearchEntry]:
    """Yield every entry that can be found, its words set as they are read."""
    for situation in library.situations.values():
        yield _situation(library, situation)
    for ingredient in library.ingredients.values():
        yield _ingredient(library, ingredient)
    for narrative in library.narratives.values():
        yield _narrative(library, narrative)
    for theme in library.themes.values():
        yield _theme(library, theme)
    for theory in library.theories.values():
        yield _theory(library, theory)
    for challenge in library.challenges.values():
        yield _challenge(library, challenge)
    for program in library.programs.values():
        yield _program(library, program)
    for chapter in library.chapters.values():
        yield _chapter(library, chapter)


def _situation(library: Library, situation: Situation) -> SearchEntry:
    helpful = [library.ingredients[link.ingredient].short for link in situation.ingredients]
    facets = {
        "about": (situation.about.value,),
        "theme": situation.themes,
        "stage": _stages(library, situation.themes),
        "theory": _theories(library, (link.ingredient for link in situation.ingredients)),
        "status": ("proposed",),
    }
    summary = f"Ce qui aide : {', '.join(helpful)}."
    return _entry(situation, situation.name, summary, (), situation.phrases, (), facets)


def _ingredient(library: Library, ingredient: Ingredient) -> SearchEntry:
    situations = library.situations_by_ingredient.get(ingredient.id, ())
    themes = [theme.id for theme in library.themes_by_ingredient.get(ingredient.id, ())]
    facets = {
        "about": _abouts(situations),
        "theme": tuple(themes),
        "stage": _stages(library, themes),
        "theory": tuple(link.theory for link in ingredient.theories),
        "status": (ingredient.status.value,),
    }
    body = (ingredient.name,)
    ways = [
        (situation.id, [link.ingredient for link in situation.ingredients].index(ingredient.id))
        for situation in situations
    ]
    return _entry(
        ingredient, ingredient.short, ingredient.summary, body, ingredient.phrases, ways, facets
    )


def _narrative(library: Library, narrative: Narrative) -> SearchEntry:
    situations = [library.situations[id_] for id_ in narrative.situations]
    marked = (ingredient.id for ingredient in library.ingredients_by_narrative[narrative.id])
    facets = {
        "about": _abouts(situations),
        "theme": (narrative.theme,),
        "stage": _stages(library, [narrative.theme]),
        "theory": _theories(library, marked),
        "status": (narrative.origin.kind.value,),
    }
    ways = [(id_, rank) for rank, id_ in enumerate(narrative.situations)]
    # Not its story: that made the index a tenth heavier and found nothing that situations do not.
    return _entry(narrative, narrative.title, narrative.summary, (), (), ways, facets)


def _theme(library: Library, theme: Theme) -> SearchEntry:
    situations = library.situations_by_theme.get(theme.id, ())
    ingredients = library.ingredients_by_theme.get(theme.id, ())
    facets = {
        "about": _abouts(situations),
        "theme": (theme.id,),
        "stage": (theme.stage.value,),
        "theory": _theories(library, (ingredient.id for ingredient in ingredients)),
        "status": ("documented",),
    }
    body = (theme.title,)
    ways = [(situation.id, situation.themes.index(theme.id)) for situation in situations]
    return _entry(theme, theme.short, theme.summary, body, theme.phrases, ways, facets)


def _theory(library: Library, theory: Theory) -> SearchEntry:
    ingredients = library.ingredients_by_theory.get(theory.id, ())
    themes = {
        theme.id: None
        for ingredient in ingredients
        for theme in library.themes_by_ingredient.get(ingredient.id, ())
    }
    facets = {
        "theme": tuple(themes),
        "stage": _stages(library, themes),
        "theory": (theory.id,),
        "status": ("documented",),
    }
    body = (*theory.key_ideas, *theory.lens, *theory.questions, *theory.limits)
    return _entry(theory, theory.name, theory.summary, body, (), (), facets)


def _challenge(library: Library, challenge: Challenge) -> SearchEntry:
    facets = {
        **_bearings(library, challenge),
        "status": (Provenance.DOCUMENTED.value, Provenance.PROPOSED.value),
    }
    body = (challenge.name, *(strategy.text for strategy in challenge.strategies))
    ways = _raising(library, challenge)
    return _entry(
        challenge, challenge.short, challenge.summary, body, challenge.phrases, ways, facets
    )


def _program(library: Library, program: Program) -> SearchEntry:
    borrowed = [link.ingredient for loan in program.borrow for link in loan.ingredients]
    facets = {
        "theory": _theories(library, borrowed),
        "status": (Provenance.DOCUMENTED.value,),
    }
    body = (program.place, program.model or "", *(figure.label for figure in program.results))
    return _entry(program, program.name, program.summary, body, program.phrases, (), facets)


def _chapter(library: Library, chapter: Chapter) -> SearchEntry:
    statuses = dict.fromkeys(section.status.value for section in chapter.sections)
    facets = {**_bearings(library, chapter), "status": tuple(statuses)}
    terms = (term.name for section in chapter.sections for term in section.terms)
    body = (*(section.title for section in chapter.sections), *terms)
    ways = _raising(library, chapter)
    return _entry(chapter, chapter.title, chapter.summary, body, chapter.phrases, ways, facets)


def _bearings(library: Library, entry: Challenge | Chapter) -> Facets:
    """Give the facets of an entry of the frame, by the work with one person that it bears on."""
    themes = tuple(link.theme for link in entry.themes)
    return {
        "about": _abouts(library.situations[link.situation] for link in entry.situations),
        "theme": themes,
        "stage": _stages(library, themes),
        "theory": _theories(library, (link.ingredient for link in entry.ingredients)),
    }


def _raising(library: Library, entry: Challenge | Chapter) -> list[Way]:
    """Give the situations that raise the same question; each names what helps one person first."""
    situations = (library.situations[link.situation] for link in entry.situations)
    return [(situation.id, len(situation.ingredients)) for situation in situations]


def _entry(
    entry: Entry,
    title: str,
    summary: str,
    body: Iterable[str],
    phrases: Iterable[str],
    ways: Iterable[Way],
    facets: Facets,
) -> SearchEntry:
    return SearchEntry(
        kind=kind_of(entry).value,
        id=entry.id,
        title=french(title),
        url=url(entry),
        summary=french(summary),
        body=french(" ".join(body)),
        phrases=tuple(map(french, phrases)),
        ways=tuple(ways),
        facets=facets,
    )


def _abouts(situations: Iterable[Situation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(situation.about.value for situation in situations))


def _stages(library: Library, themes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(library.themes[id_].stage.value for id_ in themes))


def _theories(library: Library, ingredients: Iterable[str]) -> tuple[str, ...]:
    found = (link.theory for id_ in ingredients for link in library.ingredients[id_].theories)
    return tuple(dict.fromkeys(found))
