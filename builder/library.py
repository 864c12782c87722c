"""The whole guide in memory: links resolved, back-links derived, frozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeVar, cast

from builder.brief import marked_in
from builder.model import (
    FOLDERS,
    Challenge,
    Chapter,
    Discrepancies,
    Discrepancy,
    Entry,
    Identifiers,
    Ingredient,
    Kind,
    Ledger,
    Method,
    Narrative,
    Plan,
    PlanFile,
    Program,
    Reference,
    Region,
    Series,
    SeriesFile,
    Situation,
    Stage,
    Theme,
    Theory,
    TheoryKind,
    VocabularyFile,
    Worksheet,
)
from builder.passages import Paragraph, Segment, paragraphs, passages
from builder.privacy import Names, names
from builder.reading import Reading
from builder.typography import french
from builder.vocabulary import Vocabulary, vocabulary_of

E = TypeVar("E", bound=Entry)
R = TypeVar("R")

#: Entries linked from an entry, by that entry's id. A missing id has no link.
Links = Mapping[str, tuple[E, ...]]


@dataclass(frozen=True)
class Library:
    """Entries by id, and what can be derived from their links.

    Themes go by number, other entries by their French title; back-links keep that order, save
    those of situations, where what the author put first comes first.
    """

    themes: Mapping[str, Theme]
    narratives: Mapping[str, Narrative]
    ingredients: Mapping[str, Ingredient]
    theories: Mapping[str, Theory]
    situations: Mapping[str, Situation]
    references: Mapping[str, Reference]
    worksheets: Mapping[str, Worksheet]
    method: Method | None
    series: tuple[Series, ...]
    plans: tuple[Plan, ...]
    challenges: Mapping[str, Challenge]
    programs: Mapping[str, Program]
    chapters: Mapping[str, Chapter]
    discrepancies: tuple[Discrepancy, ...]
    vocabulary: Vocabulary
    #: What the anonymity check knows of names.
    names: Names
    ledger: Ledger

    #: The words of each story as they are read (typography set), and its marked words alone.
    paragraphs: Mapping[str, tuple[Paragraph, ...]]
    passages: Mapping[str, tuple[Segment, ...]]

    themes_by_stage: Mapping[Stage, tuple[Theme, ...]]
    narratives_by_theme: Links[Narrative]
    narratives_by_ingredient: Links[Narrative]
    narratives_by_situation: Links[Narrative]
    ingredients_by_narrative: Links[Ingredient]
    ingredients_by_theme: Links[Ingredient]
    ingredients_by_theory: Links[Ingredient]
    ingredients_contrasted: Links[Ingredient]
    themes_by_ingredient: Links[Theme]
    situations_by_theme: Links[Situation]
    situations_by_ingredient: Links[Situation]
    references_by_source: Links[Reference]
    challenges_by_theme: Links[Challenge]
    challenges_by_ingredient: Links[Challenge]
    challenges_by_situation: Links[Challenge]
    challenges_by_program: Links[Challenge]
    chapters_by_theme: Links[Chapter]
    chapters_by_ingredient: Links[Chapter]
    chapters_by_situation: Links[Chapter]
    chapters_by_challenge: Links[Chapter]
    chapters_by_program: Links[Chapter]
    programs_by_ingredient: Links[Program]
    narratives_by_challenge: Links[Narrative]
    discrepancies_by_chapter: Mapping[str, tuple[Discrepancy, ...]]
    discrepancies_by_program: Mapping[str, tuple[Discrepancy, ...]]
    plans_by_chapter: Mapping[str, tuple[Plan, ...]]


class Lazy(Mapping[str, R]):
    """Something of each entry, by id, worked out once, when it is first asked for."""

    def __init__(self, entries: Mapping[str, E], work: Callable[[E], R]) -> None:
        self._entries, self._work = entries, work
        self._done: dict[str, R] = {}

    def __getitem__(self, id_: str) -> R:
        if id_ not in self._done:
            self._done[id_] = self._work(self._entries[id_])
        return self._done[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def field(kind: Kind) -> str:
    """Name what holds the entries of a kind, here and in the ledger: as their folder."""
    return FOLDERS[kind].rpartition("/")[2]


def entries_of(library: Library) -> Mapping[Kind, Mapping[str, Entry]]:
    """Give the entries of each kind, by id."""
    return {kind: getattr(library, field(kind)) for kind in Kind}


def assemble(reading: Reading) -> Library:
    """Link what was read. Links to entries that are not there are left out: a check names them."""
    read = _by_model(reading)
    themes = _of(Theme, read, lambda theme: f"{theme.number:05d}")
    narratives = _of(Narrative, read, lambda narrative: sort_key(narrative.title))
    ingredients = _of(Ingredient, read, lambda ingredient: sort_key(ingredient.short))
    theories = _of(Theory, read, _theory_order)
    situations = _of(Situation, read, lambda situation: sort_key(situation.name))
    references = _of(Reference, read, lambda ref: sort_key(f"{ref.authors} {ref.year}"))
    challenges = _of(Challenge, read, lambda challenge: f"{challenge.number:05d}")
    programs = _of(Program, read, _program_order)
    chapters = _of(Chapter, read, lambda chapter: f"{chapter.number:05d}")

    discrepancies = tuple(it for file in _all(Discrepancies, read) for it in file.entries)
    plans = tuple(plan for file in _all(PlanFile, read) for plan in file.plans)

    # A mark may part a space from the colon that it goes with: typography comes first.
    cut = Lazy(narratives, lambda narrative: paragraphs(french(narrative.story)))
    marked = {id_: marked_in(narrative) for id_, narrative in narratives.items()}
    ingredients_by_narrative = {
        id_: tuple(ingredients[mark] for mark in found if mark in ingredients)
        for id_, found in marked.items()
    }
    narratives_by_ingredient = _backward(narratives, lambda narrative: marked[narrative.id])
    ingredient_themes = {
        id_: {narrative.theme for narrative in found}
        for id_, found in narratives_by_ingredient.items()
    }
    return Library(
        themes=themes,
        narratives=narratives,
        ingredients=ingredients,
        theories=theories,
        situations=situations,
        references=references,
        worksheets=_of(Worksheet, read, lambda worksheet: sort_key(worksheet.name)),
        method=next(iter(_all(Method, read)), None),
        series=tuple(series for file in _all(SeriesFile, read) for series in file.series),
        plans=plans,
        challenges=challenges,
        programs=programs,
        chapters=chapters,
        discrepancies=discrepancies,
        vocabulary=next(map(vocabulary_of, _all(VocabularyFile, read)), Vocabulary()),
        names=names(next(iter(_all(Identifiers, read)), None)),
        ledger=next(iter(_all(Ledger, read)), Ledger(id="published")),
        paragraphs=cut,
        passages=Lazy(narratives, lambda narrative: tuple(passages(cut[narrative.id]))),
        themes_by_stage=MappingProxyType(
            {
                stage: tuple(theme for theme in themes.values() if theme.stage is stage)
                for stage in Stage
            }
        ),
        narratives_by_theme=_backward(narratives, lambda narrative: [narrative.theme]),
        narratives_by_ingredient=narratives_by_ingredient,
        narratives_by_situation=_backward(narratives, lambda narrative: narrative.situations),
        ingredients_by_narrative=MappingProxyType(ingredients_by_narrative),
        ingredients_by_theme=_backward(ingredients, lambda it: ingredient_themes.get(it.id, ())),
        ingredients_by_theory=_backward(
            ingredients, lambda ingredient: [link.theory for link in ingredient.theories]
        ),
        ingredients_contrasted=_contrasted(ingredients),
        themes_by_ingredient=MappingProxyType(
            {
                id_: tuple(theme for theme in themes.values() if theme.id in found)
                for id_, found in ingredient_themes.items()
            }
        ),
        situations_by_theme=_ranked(situations, lambda situation: situation.themes),
        situations_by_ingredient=_ranked(
            situations, lambda situation: [link.ingredient for link in situation.ingredients]
        ),
        references_by_source=_backward(references, lambda reference: reference.cited_by),
        challenges_by_theme=_ranked(challenges, lambda it: [to.theme for to in it.themes]),
        challenges_by_ingredient=_ranked(
            challenges, lambda it: [to.ingredient for to in it.ingredients]
        ),
        challenges_by_situation=_ranked(
            challenges, lambda it: [to.situation for to in it.situations]
        ),
        challenges_by_program=_backward(challenges, lambda it: [to.program for to in it.programs]),
        chapters_by_theme=_backward(chapters, lambda it: [to.theme for to in it.themes]),
        chapters_by_ingredient=_backward(
            chapters, lambda it: [to.ingredient for to in it.ingredients]
        ),
        chapters_by_situation=_backward(
            chapters, lambda it: [to.situation for to in it.situations]
        ),
        chapters_by_challenge=_backward(
            chapters, lambda it: [to.challenge for to in it.challenges]
        ),
        chapters_by_program=_backward(chapters, lambda it: it.programs),
        programs_by_ingredient=_backward(
            programs, lambda it: [to.ingredient for loan in it.borrow for to in loan.ingredients]
        ),
        narratives_by_challenge=_sharing(challenges, narratives, narratives_by_ingredient),
        discrepancies_by_chapter=_shown(discrepancies, lambda it: it.chapters),
        discrepancies_by_program=_shown(discrepancies, lambda it: it.programs),
        plans_by_chapter=_shown(plans, lambda it: it.chapters),
    )


_Read = Mapping[type[Entry], Sequence[Entry]]


def _by_model(reading: Reading) -> _Read:
    found: dict[type[Entry], list[Entry]] = {}
    for entry in reading.entries:
        found.setdefault(entry.__class__, []).append(entry)
    return found


def _all(model: type[E], read: _Read) -> Sequence[E]:
    return cast(Sequence[E], read.get(model, ()))


def _of(model: type[E], read: _Read, key: Callable[[E], str]) -> Mapping[str, E]:
    return MappingProxyType({entry.id: entry for entry in sorted(_all(model, read), key=key)})


def _theory_order(theory: Theory) -> str:
    """Theories before approaches."""
    return f"{theory.kind is TheoryKind.APPROACH} {sort_key(theory.name)}"


def _program_order(program: Program) -> str:
    """Programmes from here first."""
    return f"{list(Region).index(program.region)} {sort_key(program.name)}"


def showing(ingredients: Iterable[str], narratives_by_ingredient: Links[Narrative]) -> Counter[str]:
    """Count how many of some ingredients each story shows, by its id."""
    return Counter(
        narrative.id
        for ingredient in ingredients
        for narrative in narratives_by_ingredient.get(ingredient, ())
    )


def _sharing(
    challenges: Mapping[str, Challenge],
    narratives: Mapping[str, Narrative],
    narratives_by_ingredient: Links[Narrative],
) -> Links[Narrative]:
    """List the stories of a challenge's themes that show its ingredients; most in common first."""
    places = {id_: place for place, id_ in enumerate(narratives)}

    def ranked(challenge: Challenge) -> Iterator[Narrative]:
        themes = {to.theme for to in challenge.themes}
        shared = showing({to.ingredient for to in challenge.ingredients}, narratives_by_ingredient)
        for id_ in sorted(shared, key=lambda id_: (-shared[id_], places[id_])):
            if narratives[id_].theme in themes:
                yield narratives[id_]

    return MappingProxyType({id_: tuple(ranked(it)) for id_, it in challenges.items()})


def _shown(
    records: Iterable[R], where: Callable[[R], Iterable[str]]
) -> Mapping[str, tuple[R, ...]]:
    """Group records by the entries where they show."""
    found: dict[str, list[R]] = {}
    for record in records:
        for id_ in where(record):
            found.setdefault(id_, []).append(record)
    return MappingProxyType({id_: tuple(group) for id_, group in found.items()})


def _backward(entries: Mapping[str, E], linked: Callable[[E], Iterable[str]]) -> Links[E]:
    """Turn links from entries into links to them."""
    found: dict[str, list[E]] = {}
    for entry in entries.values():
        for id_ in dict.fromkeys(linked(entry)):
            found.setdefault(id_, []).append(entry)
    return MappingProxyType({id_: tuple(linking) for id_, linking in found.items()})


def _ranked(entries: Mapping[str, E], linked: Callable[[E], Iterable[str]]) -> Links[E]:
    """Turn ranked links around: entries that put the target first come first."""
    found: dict[str, list[tuple[int, E]]] = {}
    for entry in entries.values():
        for rank, id_ in enumerate(dict.fromkeys(linked(entry))):
            found.setdefault(id_, []).append((rank, entry))
    return MappingProxyType(
        {
            id_: tuple(entry for _, entry in sorted(linking, key=lambda pair: pair[0]))
            for id_, linking in found.items()
        }
    )


def _contrasted(ingredients: Mapping[str, Ingredient]) -> Links[Ingredient]:
    """List the ingredients that contrast themselves with each ingredient."""
    return _backward(ingredients, lambda ingredient: ingredient.contrasts)


_FOLD: Final = str.maketrans("àâäçéèêëîïôöùûüÿœæ’", "aaaceeeeiioouuuyoa'")


def sort_key(text: str) -> str:
    """Order French titles without regard to case and accents, then by the letters as they are."""
    lowered = text.lower()
    return f"{lowered.translate(_FOLD)} {lowered}"
