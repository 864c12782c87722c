"""Gathers what a reviewer needs of one entry: its problems, its neighbours, what it brings."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from builder import search
from builder.checks import check
from builder.findable import findable
from builder.library import Library, assemble
from builder.library_rules import Content
from builder.model import (
    LABELS,
    MODELS,
    Entry,
    Ingredient,
    Narrative,
    Situation,
    file_of,
    kind_of,
    links,
)
from builder.pages import safe
from builder.passages import plain
from builder.problems import Problem, count
from builder.prose import shared_runs
from builder.reading import Reading

#: Silent reading of French for pleasure or work; a story is read more slowly aloud.
WORDS_A_MINUTE: Final = 200
NEIGHBOURS: Final = 3

#: What no program can tell, by kind; « * » is asked of every entry.
CHECKLIST: Final[Mapping[str, tuple[str, ...]]] = {
    "narrative": (
        "Personne ne peut être reconnu : ni rôle unique, ni fait divers, ni histoire connue.",
        "Deux détails mis ensemble ne mènent à personne : lieu et date, métier et diagnostic.",
        "Rien ne se devine d'une collègue, d'un collègue, d'un propriétaire ou d'un organisme.",
        "Si le récit vient du terrain : le consentement est donné, et on sait qui l'a vérifié.",
        "Une fois, des gestes, des paroles; l'ingrédient se voit sans être nommé.",
        "Chaque lecture dit ce que le passage ne dit pas.",
    ),
    "ingredient": (
        "C'est un acte, à l'infinitif, et non une qualité de la personne qui intervient.",
        "Aucun ingrédient du guide ne le dit déjà; « contrasts » le distingue des plus proches.",
        "Ce qui est proposé ne se donne pas pour documenté.",
    ),
    "situation": ("Les phrases viennent de bouches différentes, telles qu'on les taperait.",),
    "*": (
        "Rien d'inventé : ni étude, ni chiffre, ni citation.",
        "Les mots sont simples, et personne n'est résumé à un diagnostic.",
    ),
}


class Section(NamedTuple):
    """A part of a review. Lines of a list to tick are questions that stay open."""

    heading: str
    lines: tuple[str, ...]
    to_tick: bool = False


def review(reading: Reading, file: str) -> Iterator[Section]:
    """Yield the sections of the review of one content file."""
    library = assemble(reading)
    problems = [it for it in check(Content(reading, library)) if it.file == file]
    yield Section("Problèmes", tuple(map(_located, problems)) or (count(()),))
    entry = next((entry for entry in reading.entries if file_of(entry) == file), None)
    if entry is None or entry.__class__ not in MODELS.values():
        return  # too faulty to be looked at further, or a file that stands alone
    yield Section("La fiche", tuple(_facts(library, entry)))
    match entry:
        case Narrative():
            yield from _section("Ingrédients", _ingredients(library, entry))
        case Ingredient():
            yield from _section("Où il sert", _uses(library, entry))
    kind = kind_of(entry).value
    if kind in search.KINDS:
        yield from _section("Fiches voisines", _neighbours(reading, entry))
    yield from _section("Mots communs avec un autre récit", _common(reading, file))
    yield Section("À vérifier par une personne", CHECKLIST.get(kind, ()) + CHECKLIST["*"], True)


def _section(heading: str, lines: Iterable[str]) -> Iterator[Section]:
    """Yield a section that has something to say."""
    said = tuple(lines)
    if said:
        yield Section(heading, said)


def _located(problem: Problem) -> str:
    named = "erreur" if problem.severity == "error" else "avertissement"
    return (
        f"ligne {problem.line}, colonne {problem.column} : {problem.message} — {problem.advice} "
        f"[{problem.rule}, {named}]"
    )


def _facts(library: Library, entry: Entry) -> Iterator[str]:
    yield f"{LABELS[kind_of(entry)].capitalize()} : {_title(entry)}"
    match entry:
        case Narrative():
            words = len(re.findall(r"\w+(?:['’-]\w+)*", plain(entry.story)))
            minutes = math.ceil(words / WORDS_A_MINUTE)
            theme = library.themes.get(entry.theme)
            yield f"Récit de {words} mots, {minutes} min de lecture"
            yield f"Origine : {LABELS[entry.origin.kind]}"
            yield f"Thème : {theme.short if theme else entry.theme}"
            yield _counted(len(library.passages[entry.id]), "passage marqué")
        case Ingredient():
            yield f"Provenance : {LABELS[entry.status]}"
        case Situation():
            yield _counted(len(entry.phrases), "phrase")


def _title(entry: Entry) -> str:
    return str(getattr(entry, "title", None) or getattr(entry, "name", entry.id))


def _ingredients(library: Library, story: Narrative) -> Iterator[str]:
    """Say of each ingredient marked in a story where else it is at work."""
    for ingredient in library.ingredients_by_narrative[story.id]:
        others = [
            other
            for other in library.narratives_by_ingredient[ingredient.id]
            if other.id != story.id
        ]
        themes = {other.theme for other in others}
        if not others:
            where = "aucun autre récit ne le montre"
        elif story.theme not in themes:
            where = (
                f"{_counted(len(others), 'autre récit')}, mais pour la première fois dans ce thème"
            )
        else:
            where = f"{_counted(len(others), 'autre récit')}, {_counted(len(themes), 'thème')}"
        yield f"{ingredient.short} ({ingredient.id}) : {where}"


def _counted(number: int, words: str) -> str:
    """Count something, each of its words in the plural when there are several."""
    return f"{number} {words if number < 2 else re.sub(r'(?=$| )', 's', words)}"


def _uses(library: Library, ingredient: Ingredient) -> Iterator[str]:
    for story in library.narratives_by_ingredient.get(ingredient.id, ()):
        yield f"Récit : {story.title}"
    for situation in library.situations_by_ingredient.get(ingredient.id, ()):
        yield f"Situation : {situation.name}"
    for link in ingredient.theories:
        yield f"Théorie : {link.theory} ({LABELS[link.status]})"


def _neighbours(reading: Reading, entry: Entry) -> Iterator[str]:
    """Give the entries of the same kind that the search finds with this one's own words."""
    searchable = assemble(_sound(reading))
    index = search.build(findable(searchable), searchable.vocabulary)
    words = f"{_title(entry)} {getattr(entry, 'summary', '')}"
    kind = kind_of(entry)
    found = search.search(index, words, {"kind": kind.value}, NEIGHBOURS + 1)
    for hit in [hit for hit in found if hit.id != entry.id][:NEIGHBOURS]:
        yield f"{hit.title} ({hit.id}) : {hit.why}"


def _sound(reading: Reading) -> Reading:
    """Leave out the entries that link to nothing, then those that linked to them."""
    entries = reading.entries
    while True:
        known = {(kind_of(it), it.id) for it in entries if it.__class__ in MODELS.values()}
        kept = tuple(
            it for it in entries if all((kind, id_) in known for _, kind, id_ in links(it))
        )
        if len(kept) == len(entries):
            return Reading(kept, reading.sources, reading.digests, reading.known, ())
        entries = kept


def _common(reading: Reading, file: str) -> Iterator[str]:
    for run in shared_runs(reading):
        for mine, other in ((run.first, run.second), (run.second, run.first)):
            if mine.startswith(f"{file}:"):
                yield f"« {' '.join(run.words.split())} », aussi dans {other}"


def as_text(sections: Iterable[Section]) -> str:
    """Lay a review out for the terminal."""
    return "\n\n".join(
        "\n".join([section.heading, *(f"  {_tick(section, '☐ ')}{line}" for line in section.lines)])
        for section in sections
    )


def as_markdown(sections: Iterable[Section]) -> str:
    """Lay a review out for the page of a pull request; the entry's words are only ever text."""
    return "\n\n".join(
        "\n".join(
            [f"### {section.heading}", ""]
            + [f"- {_tick(section, '[ ] ')}{safe(line)}" for line in section.lines]
        )
        for section in sections
    )


def _tick(section: Section, box: str) -> str:
    return box if section.to_tick else ""


FORMATS: Final[Mapping[str, Callable[[Iterable[Section]], str]]] = {
    "text": as_text,
    "markdown": as_markdown,
}
