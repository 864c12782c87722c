"""The rules that the files must follow together, one generator a rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeVar

from pydantic import BaseModel

from builder.library import Library
from builder.model import (
    LABELS,
    MODELS,
    NOT_GIVEN,
    Bearing,
    Entry,
    Figure,
    Ingredient,
    Kind,
    Narrative,
    OriginKind,
    Path,
    Provenance,
    Stated,
    Theme,
    TheoryLink,
    VocabularyFile,
    file_of,
    kind_of,
    links,
    text_fields,
)
from builder.passages import malformed, targets
from builder.problems import Problem, Severity, did_you_mean
from builder.reading import Reading
from builder.retention import read_rate
from builder.vocabulary import faults

THEMES: Final = range(1, 18)

R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True)
class Content:
    """What the checks look at: what was read, and how it hangs together."""

    reading: Reading
    library: Library

    def problem(
        self,
        entry: Entry,
        path: Path,
        rule: str,
        message: str,
        advice: str,
        severity: Severity = "error",
    ) -> Problem:
        """Make a problem of an entry, at a path of the entry."""
        source = self.reading.sources[file_of(entry)]
        return source.problem(source.position(path), rule, message, advice, severity)

    def problem_in(
        self,
        entry: Entry,
        place: tuple[Path, str, int],
        rule: str,
        message: str,
        advice: str,
        severity: Severity = "error",
    ) -> Problem:
        """Make a problem of an entry, at an offset in one of its texts."""
        source = self.reading.sources[file_of(entry)]
        return source.problem(source.position_in(*place), rule, message, advice, severity)


Check = Callable[[Content], Iterator[Problem]]


def check(content: Content) -> tuple[Problem, ...]:
    """Run every rule; give the problems of reading and checking together, in order of place."""
    return tuple(sorted(chain(content.reading.problems, *(rule(content) for rule in CHECKS))))


def unknown_links(content: Content) -> Iterator[Problem]:
    """renvoi-inconnu: a link names an entry that exists."""
    for entry in content.reading.entries:
        for path, kind, id_ in links(entry):
            if id_ not in content.reading.known[kind]:
                yield content.problem(entry, path, *_unknown(content, kind, id_))
        if isinstance(entry, Narrative):
            for target in targets(entry.story):
                if target.id not in content.reading.known[Kind.INGREDIENT]:
                    yield content.problem_in(
                        entry,
                        (("story",), entry.story, target.offset),
                        *_unknown(content, Kind.INGREDIENT, target.id),
                    )


def _unknown(content: Content, kind: Kind, id_: str) -> tuple[str, str, str]:
    known = content.reading.known[kind]
    return (
        "renvoi-inconnu",
        f"{LABELS[kind]} sans fiche : « {id_} »",
        did_you_mean(id_, known, "créez la fiche, ou corrigez l'identifiant"),
    )


def repeated_links(content: Content) -> Iterator[Problem]:
    """renvoi-en-double: a list does not link twice to the same entry."""
    for entry in content.reading.entries:
        seen: set[tuple[Path, Kind, str]] = set()
        for path, kind, id_ in links(entry):
            indexes = [place for place, part in enumerate(path) if isinstance(part, int)]
            if not indexes or path[-1] in ("source", "ref"):
                continue  # not in a list, or a source that may serve several statements
            group = ((*path[: indexes[-1]], *path[indexes[-1] + 1 :]), kind, id_)
            if group in seen:
                yield content.problem(
                    entry,
                    path,
                    "renvoi-en-double",
                    f"« {id_} » est déjà dans cette liste",
                    "gardez-en un seul",
                )
            seen.add(group)


def former_names(content: Content) -> Iterator[Problem]:
    """ancien-nom-occupe: a former name is not another entry's name or former name."""
    named = [entry for entry in content.reading.entries if type(entry) in MODELS.values()]
    taken = {(kind_of(entry), entry.id) for entry in named}
    for entry in named:
        for index, name in enumerate(entry.former_names):
            if (kind_of(entry), name) in taken:
                yield content.problem(
                    entry,
                    ("former_names", index),
                    "ancien-nom-occupe",
                    f"« {name} » est le nom d'une autre fiche",
                    "retirez cet ancien nom",
                )
            taken.add((kind_of(entry), name))


def malformed_marks(content: Content) -> Iterator[Problem]:
    """marque-mal-formee: a bracket of a story belongs to a mark."""
    for narrative in content.library.narratives.values():
        for offset in malformed(narrative.story):
            yield content.problem_in(
                narrative,
                (("story",), narrative.story, offset),
                "marque-mal-formee",
                "ce crochet n'appartient à aucun passage marqué",
                "écrivez [mots du récit](identifiant-d-ingredient)",
            )


def marks_without_reading(content: Content) -> Iterator[Problem]:
    """passage-sans-lecture: each ingredient marked in a story has its reading."""
    for narrative in content.library.narratives.values():
        seen: set[str] = set()
        for target in targets(narrative.story):
            if target.id not in narrative.readings and target.id not in seen:
                yield content.problem_in(
                    narrative,
                    (("story",), narrative.story, target.offset),
                    "passage-sans-lecture",
                    f"« {target.id} » est marqué dans le récit, mais n'a pas de lecture",
                    f"ajoutez « {target.id}: >- » sous « readings: »",
                )
            seen.add(target.id)


def readings_without_mark(content: Content) -> Iterator[Problem]:
    """lecture-sans-passage: each reading has a passage marked in the story."""
    for narrative in content.library.narratives.values():
        marked = {target.id for target in targets(narrative.story)}
        for id_ in narrative.readings:
            if id_ not in marked:
                yield content.problem(
                    narrative,
                    ("readings", id_),
                    "lecture-sans-passage",
                    f"la lecture de « {id_} » n'a aucun passage marqué dans le récit",
                    f"marquez les mots où il se voit : [mots]({id_}), ou retirez la lecture",
                )


def provenance(content: Content) -> Iterator[Problem]:
    """documente-sans-source, source-sans-statut, valide-sans-atelier: a status has its grounds."""
    for entry, path, record in _with_provenance(content):
        if record.status is Provenance.DOCUMENTED and not record.sources:
            yield content.problem(
                entry,
                (*path, "status"),
                "documente-sans-source",
                "« documented » sans source",
                "ajoutez « sources: », ou écrivez « status: proposed »",
            )
        if record.status is Provenance.PROPOSED and record.sources:
            yield content.problem(
                entry,
                (*path, "sources"),
                "source-sans-statut",
                "« proposed », mais avec une source",
                "retirez « sources: », ou écrivez « status: documented » si la source le dit",
            )
        if (record.status is Provenance.VALIDATED) != (record.validation is not None):
            yield content.problem(
                entry,
                (*path, "status"),
                "valide-sans-atelier",
                "« validated » et « validation: » vont ensemble",
                "dites par qui et quand, ou revenez à « proposed »",
            )


def _with_provenance(
    content: Content,
) -> Iterator[tuple[Entry, Path, Ingredient | TheoryLink | Stated]]:
    yield from _records(content, Stated)
    for ingredient in content.library.ingredients.values():
        yield ingredient, (), ingredient
        for index, link in enumerate(ingredient.theories):
            yield ingredient, ("theories", index), link


def retold_without_source(content: Content) -> Iterator[Problem]:
    """documente-sans-source: a retold story names what it retells."""
    for narrative in content.library.narratives.values():
        if narrative.origin.kind is OriginKind.RETOLD and not narrative.origin.sources:
            yield content.problem(
                narrative,
                ("origin",),
                "documente-sans-source",
                "« retold » sans source",
                "ajoutez « sources: » sous « origin: », ou écrivez « kind: composite »",
            )


def figures(content: Content) -> Iterator[Problem]:
    """chiffre-sans-…, taux-…: a number stands with all that it takes to read it."""
    for entry, path, record in _records(content, Figure):
        for rule, message, advice in _figure_faults(record):
            yield content.problem(entry, path, rule, message, advice)


def _figure_faults(figure: Figure) -> Iterator[tuple[str, str, str]]:
    """Yield the rule, the message and the advice of each fault of a number."""
    if not figure.sources:
        message = f"le chiffre « {figure.value} » n'a pas de source"
        yield "chiffre-sans-source", message, "ajoutez « sources: », ou retirez le chiffre"
    if not figure.date:
        message = f"le chiffre « {figure.value} » n'a pas de date"
        advice = f"ajoutez « date: », ou écrivez « date: {NOT_GIVEN} » si la source ne la dit pas"
        yield "chiffre-sans-date", message, advice
    if (figure.is_rate or figure.retention) and not figure.definition:
        message = f"le taux « {figure.value} » n'a pas de définition"
        advice = (
            "dites de quoi, et chez qui, sous « definition: »; "
            f"« {NOT_GIVEN} » si la source se tait"
        )
        yield "taux-sans-definition", message, advice
    if figure.retention and not read_rate(figure.value):
        message = f"le taux de maintien « {figure.value} » ne peut pas être dessiné"
        yield "taux-illisible", message, "écrivez « 80 % » ou « plus de 80 % »"


def bearings(content: Content) -> Iterator[Problem]:
    """lien-sans-raison: a link between the frame and the work with a tenant says why."""
    for entry, path, record in _records(content, Bearing):
        if not record.why:
            yield content.problem(
                entry,
                path,
                "lien-sans-raison",
                "ce lien ne dit pas ce que les deux ont en commun",
                "ajoutez « why: >- » et une phrase, ou retirez le lien",
            )


def _records(content: Content, model: type[R]) -> Iterator[tuple[Entry, Path, R]]:
    """Yield every record of a model, at any depth of the entries of the wider frame."""
    for entry in (
        *content.library.challenges.values(),
        *content.library.programs.values(),
        *content.library.chapters.values(),
    ):
        for path, record in _within(entry, ()):
            if isinstance(record, model):
                yield entry, path, record


def _within(value: object, path: Path) -> Iterator[tuple[Path, BaseModel]]:
    if isinstance(value, BaseModel):
        yield path, value
        for name in type(value).model_fields:
            yield from _within(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _within(item, (*path, index))


def theme_numbers(content: Content) -> Iterator[Problem]:
    """numero-de-theme, numero-en-double: themes are numbered once each, from 1 to 17."""
    first: dict[int, Theme] = {}
    for theme in content.library.themes.values():
        if theme.number not in THEMES:
            yield content.problem(
                theme,
                ("number",),
                "numero-de-theme",
                f"il n'y a pas de thème {theme.number} dans l'étude",
                f"donnez un numéro de {THEMES.start} à {THEMES.stop - 1}",
            )
        elif theme.number in first:
            yield content.problem(
                theme,
                ("number",),
                "numero-en-double",
                f"le thème {theme.number} est déjà « {first[theme.number].id} »",
                "donnez à chacun le numéro de l'étude",
            )
        first.setdefault(theme.number, theme)


def self_contrasts(content: Content) -> Iterator[Problem]:
    """contraste-avec-soi: an ingredient is contrasted with others."""
    for ingredient in content.library.ingredients.values():
        if ingredient.id in ingredient.contrasts:
            yield content.problem(
                ingredient,
                ("contrasts", ingredient.id),
                "contraste-avec-soi",
                "l'ingrédient est comparé à lui-même",
                "nommez un ingrédient proche",
            )


def unreachable_ingredients(content: Content) -> Iterator[Problem]:
    """ingredient-inaccessible: an ingredient is found through a story or a situation."""
    library = content.library
    for id_, ingredient in library.ingredients.items():
        if (
            id_ not in library.narratives_by_ingredient
            and id_ not in library.situations_by_ingredient
        ):
            yield content.problem(
                ingredient,
                (),
                "ingredient-inaccessible",
                "aucun récit, aucune situation ne mène à cet ingrédient",
                "marquez-le dans un récit ou nommez-le dans une situation",
                "warning",
            )


def vocabulary(content: Content) -> Iterator[Problem]:
    """vocabulaire-…: the search's words are usable, said once, and teach it something."""
    for entry in content.reading.entries:
        if isinstance(entry, VocabularyFile):
            for fault in faults(content.library.vocabulary):
                yield content.problem(entry, fault.path, fault.rule, fault.message, fault.advice)


_FEMININE: Final = (
    "e|es|ne|nes|le|les|te|tes|se|ses|ve|ves|ère|ères|ière|ières|rice|rices|trice|trices|euse|euses"
)
#: The sign that abbreviates, and what follows; the search for a sign alone is quick.
_ABBREVIATION: Final = re.compile(
    rf"[·•‧]\w+(?:[·•‧]s\b)?|\((?:{_FEMININE})\)s?|/(?:{_FEMININE}|elles?|ils?|la|une?)\b|"
    r"-(?:e|es|ne|nes|ère|ères|trice|trices|euse|euses)(?:-s)?\b"
)
_NEOLOGISM: Final = re.compile(r"\b(?:iels?|celleux|toustes)\b", re.IGNORECASE)


def inclusive_forms(content: Content) -> Iterator[Problem]:
    """forme-inclusive: neutral wording or full doublets; no median dot, slash or hyphen."""
    for entry in content.reading.entries:
        for path, text in texts(entry):
            for start, form in _abbreviated(text):
                yield content.problem_in(
                    entry,
                    (path, text, start),
                    "forme-inclusive",
                    f"forme abrégée « {form} »",
                    "écrivez un mot neutre, ou les deux formes en entier",
                    "warning",
                )


def _abbreviated(text: str) -> Iterator[tuple[int, str]]:
    """Yield the offset and the words of each form that the language norms set aside."""
    for found in _ABBREVIATION.finditer(text):
        start = end = found.start()
        while start and text[start - 1].isalpha():
            start -= 1
        if start < end:
            yield start, text[start : found.end()]
    if "iel" in text or "celleux" in text or "toustes" in text:
        yield from ((found.start(), found.group()) for found in _NEOLOGISM.finditer(text))


def texts(record: BaseModel, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the texts that people read, with their places; no ids, sources or choices."""
    for name in text_fields(type(record)):
        yield from _texts_of(getattr(record, name), (*path, name))


def _texts_of(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if type(value) is str:
        yield path, value
    elif isinstance(value, BaseModel):
        yield from texts(value, path)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _texts_of(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts_of(item, (*path, key))


CHECKS: Final[tuple[Check, ...]] = (
    unknown_links,
    repeated_links,
    former_names,
    malformed_marks,
    marks_without_reading,
    readings_without_mark,
    provenance,
    retold_without_source,
    figures,
    bearings,
    theme_numbers,
    self_contrasts,
    unreachable_ingredients,
    vocabulary,
    inclusive_forms,
)
