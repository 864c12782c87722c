"""The rules that the files must follow together, one generator a rule."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, chain, islice
from typing import Final, TypeVar

from pydantic import BaseModel

from builder import privacy
from builder.addresses import is_taken
from builder.agenda import DURATIONS
from builder.ledger import listed
from builder.library import Library, assemble, entries_of, field
from builder.model import (
    LABELS,
    MODELS,
    NOT_GIVEN,
    Bearing,
    Challenge,
    Chapter,
    Consent,
    Entry,
    Figure,
    Ingredient,
    Kind,
    Method,
    Narrative,
    OriginKind,
    Path,
    Plan,
    PlanFile,
    Program,
    Provenance,
    Reviewed,
    Series,
    SeriesFile,
    Stated,
    Step,
    Theme,
    Theory,
    TheoryLink,
    VocabularyFile,
    Worksheet,
    file_of,
    kind_of,
    links,
    text_fields,
)
from builder.passages import malformed, targets
from builder.placeholders import ID, TEXT, is_to_write
from builder.problems import FAULTS, Problem, Severity, did_you_mean
from builder.reading import Reading
from builder.retention import read_rate
from builder.typography import unprintable_characters
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
    return tuple(
        sorted(chain(content.reading.problems, check_alone(content), check_together(content)))
    )


def check_alone(content: Content) -> Iterator[Problem]:
    """Run the rules that look at one entry at a time, on the files that are not known sound."""
    if content.reading.sound:
        unsure = (it for it in content.reading.entries if file_of(it) not in content.reading.sound)
        reading = replace(content.reading, entries=tuple(unsure))
        library = replace(assemble(reading), names=content.library.names)
        content = Content(reading, library)
    yield from chain.from_iterable(rule(content) for rule in ALONE)


def check_together(content: Content) -> Iterator[Problem]:
    """Run the rules that look at entries side by side."""
    yield from chain.from_iterable(rule(content) for rule in TOGETHER)


def unknown_links(content: Content) -> Iterator[Problem]:
    """renvoi-inconnu: a link names an entry that exists."""
    for entry in content.reading.entries:
        yield from islice(_unknown_of(content, entry), FAULTS)


def _unknown_of(content: Content, entry: Entry) -> Iterator[Problem]:
    for path, kind, id_ in links(entry):
        if id_ not in content.reading.known[kind] and id_ != ID:
            yield content.problem(entry, path, *_unknown(content, kind, id_))
    if isinstance(entry, Narrative):
        for target in targets(entry.story):
            if target.id not in content.reading.known[Kind.INGREDIENT] and target.id != ID:
                yield content.problem_in(
                    entry,
                    (("story",), entry.story, target.offset),
                    *_unknown(content, Kind.INGREDIENT, target.id),
                )


def _unknown(content: Content, kind: Kind, id_: str) -> tuple[str, str, str]:
    known = content.reading.known[kind]
    if any(gone.kind is kind and gone.id == id_ for gone in content.library.ledger.withdrawn):
        message = f"{LABELS[kind]} : la fiche « {id_} » est retirée"
        return "renvoi-inconnu", message, "enlevez ce renvoi, ou menez-le à une autre fiche"
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
            places = [at for at, part in enumerate(path) if isinstance(part, int)]
            if not places or path[-1] in ("source", "ref"):
                continue  # not in a list, or a source that may serve several statements
            group = ((*path[: places[-1]], *path[places[-1] + 1 :]), kind, id_)
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
    """ancien-nom-occupe, identifiant-reserve: a former name is no name twice, and no page's."""
    named = [entry for entry in content.reading.entries if type(entry) in MODELS.values()]
    taken = {(kind_of(entry), entry.id) for entry in named}
    for entry in named:
        for index, name in enumerate(entry.former_names):
            if is_taken(kind_of(entry), name):
                yield content.problem(
                    entry,
                    ("former_names", index),
                    "identifiant-reserve",
                    f"« {name} » est le nom d'une autre page, ou d'un appareil sous Windows",
                    "retirez cet ancien nom",
                )
            if (kind_of(entry), name) in taken:
                yield content.problem(
                    entry,
                    ("former_names", index),
                    "ancien-nom-occupe",
                    f"« {name} » est déjà le nom, actuel ou ancien, d'une fiche",
                    "retirez cet ancien nom",
                )
            taken.add((kind_of(entry), name))


def published_ids(content: Content) -> Iterator[Problem]:
    """identifiant-publie: a published id leads to an entry, or is said to be withdrawn."""
    ledger = content.library.ledger
    gone = {(it.kind, it.id) for it in ledger.withdrawn}
    for kind, entries in entries_of(content.library).items():
        former = {name for entry in entries.values() for name in entry.former_names}
        known = content.reading.known[kind] | former | {id_ for it, id_ in gone if it is kind}
        for index, id_ in enumerate(listed(ledger)[kind]):
            if id_ not in known:
                yield content.problem(
                    ledger,
                    (field(kind), index),
                    "identifiant-publie",
                    f"« {id_} » a été publié ({LABELS[kind]}), et plus rien ne porte ce nom",
                    "ajoutez-le aux « former_names » de la fiche renommée, "
                    "ou dites-la retirée sous « withdrawn »",
                )
    for index, it in enumerate(ledger.withdrawn):
        if it.id in content.reading.known[it.kind]:
            yield content.problem(
                ledger,
                ("withdrawn", index, "id"),
                "identifiant-publie",
                f"« {it.id} » est dit retiré, mais la fiche existe",
                "retirez-le de « withdrawn », ou la fiche de son dossier",
            )


def malformed_marks(content: Content) -> Iterator[Problem]:
    """marque-mal-formee: a bracket of a story belongs to a mark."""
    for narrative in content.library.narratives.values():
        for offset in islice(malformed(narrative.story), FAULTS):
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


#: Records that say who establishes them, and the entries where they are.
_Provenanced = Ingredient | TheoryLink | Worksheet | Step | Series | Stated
_HOLDERS: Final = (
    *(Ingredient, Worksheet, Method, SeriesFile, PlanFile),
    *(Challenge, Program, Chapter),
)


def _with_provenance(content: Content) -> Iterator[tuple[Entry, Path, _Provenanced]]:
    for entry in content.reading.entries:
        if isinstance(entry, _HOLDERS):
            for path, record in _within(entry, ()):
                if isinstance(record, _Provenanced):
                    yield entry, path, record


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


def agenda(content: Content) -> Iterator[Problem]:
    """etape-en-double, minutes: the steps are named once and fill the workshop, no more."""
    method = content.library.method
    if method is None:
        return
    yield from _agenda_faults(content, method, (), method)
    least = sum(step.minimum for step in method.steps if not step.drop)
    if least > DURATIONS.start:
        yield content.problem(
            method,
            ("steps",),
            "minutes",
            f"les étapes qui restent toujours prennent au moins {least} minutes",
            f"baissez des minimums : l'atelier le plus court dure {DURATIONS.start} minutes",
        )


def plans(content: Content) -> Iterator[Problem]:
    """rencontre-en-double, minutes: meetings are named once, their steps fill their time."""
    seen: set[str] = set()
    for entry in content.reading.entries:
        if not isinstance(entry, PlanFile):
            continue
        for index, plan in enumerate(entry.plans):
            path = ("plans", index)
            if plan.id in seen:
                yield content.problem(
                    entry,
                    (*path, "id"),
                    "rencontre-en-double",
                    f"la rencontre « {plan.id} » est déjà plus haut",
                    "donnez un autre identifiant",
                )
            seen.add(plan.id)
            yield from _agenda_faults(content, entry, path, plan)


def _agenda_faults(
    content: Content, entry: Entry, path: Path, timed: Method | Plan
) -> Iterator[Problem]:
    """Yield what is wrong with the steps at `path`: their total, their minimums, their names."""
    total = sum(step.minutes for step in timed.steps)
    if total != timed.minutes:
        yield content.problem(
            entry,
            (*path, "minutes"),
            "minutes",
            f"les étapes font {total} minutes, pas {timed.minutes}",
            "corrigez la durée ou les minutes d'une étape",
        )
    seen: set[str] = set()
    for index, step in enumerate(timed.steps):
        if step.minimum > step.minutes:
            yield content.problem(
                entry,
                (*path, "steps", index, "minimum"),
                "minutes",
                f"le minimum ({step.minimum}) dépasse les minutes prévues ({step.minutes})",
                "baissez le minimum",
            )
        if step.id in seen:
            yield content.problem(
                entry,
                (*path, "steps", index, "id"),
                "etape-en-double",
                f"l'étape « {step.id} » est déjà plus haut",
                "donnez un autre identifiant",
            )
        seen.add(step.id)


def series(content: Content) -> Iterator[Problem]:
    """serie-incomplete: a series of workshops goes through every theme once."""
    for entry in content.reading.entries:
        if not isinstance(entry, SeriesFile):
            continue
        for index, one in enumerate(entry.series):
            times = Counter(chain.from_iterable(workshop.themes for workshop in one.workshops))
            missing = [id_ for id_ in content.library.themes if not times[id_]]
            repeated = [id_ for id_, count in times.items() if count > 1]
            for ids, fault in ((missing, "n'est dans aucun atelier"), (repeated, "revient")):
                for id_ in ids:
                    yield content.problem(
                        entry,
                        ("series", index),
                        "serie-incomplete",
                        f"« {id_} » {fault}",
                        "mettez chaque thème dans un seul atelier de la série",
                    )


def unfillable_tables(content: Content) -> Iterator[Problem]:
    """tableau-sans-rangee: a table to fill in has columns and rows."""
    for worksheet in content.library.worksheets.values():
        for index, block in enumerate(worksheet.blocks):
            if bool(block.columns) != bool(block.rows):
                yield content.problem(
                    worksheet,
                    ("blocks", index),
                    "tableau-sans-rangee",
                    "un tableau à remplir a des colonnes et des rangées",
                    "ajoutez « columns: » ou « rows: », ou retirez l'autre",
                )


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
#: The sign that abbreviates, then what it takes before and after it; signs are quick to look for.
_ABBREVIATION: Final = re.compile(
    r"[·•‧(/-](?:(?<=[·•‧])\w+(?:[·•‧]s\b)?"
    rf"|(?<=\()(?:{_FEMININE})\)s?"
    rf"|(?<=/)(?:{_FEMININE}|elles?|ils?|la|une?)\b"
    r"|(?<=-)(?:e|es|ne|nes|ère|ères|trice|trices|euse|euses)(?:-s)?\b)"
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


def placeholders(content: Content) -> Iterator[Problem]:
    """texte-a-ecrire: nothing of a skeleton is left to write or to choose."""
    for entry in content.reading.entries:
        for path, text in texts(entry):
            if is_to_write(text):
                yield content.problem_in(
                    entry,
                    (path, text, text.index(TEXT)),
                    "texte-a-ecrire",
                    "ce texte reste à écrire",
                    f"écrivez-le à la place de « {TEXT} »",
                )
        for path, kind, id_ in links(entry):
            if id_ == ID:
                yield content.problem(
                    entry,
                    path,
                    "texte-a-ecrire",
                    f"« {LABELS[kind]} » reste à choisir",
                    f"mettez un identifiant à la place de « {ID} »",
                )


def identifiers(content: Content) -> Iterator[Problem]:
    """numero-…, nom-…, lieu…: nothing could tell who a story is about; no useless allowance."""
    for entry in content.reading.entries:
        if not isinstance(entry, Reviewed):
            continue
        places = [place for place in texts(entry) if not _cited(entry, place[0])]
        whole = "\n\n".join(text for _, text in places)
        found = privacy.look(whole, content.library.names)
        if found:
            allowed = [name.text for name in entry.allowed_names]
            kept = privacy.allowing(whole, found, allowed)
            yield from _named(content, entry, places, kept)
        if entry.allowed_names:
            yield from _useless_allowances(content, entry, whole, found)


def _cited(entry: Entry, path: Path) -> bool:
    """Tell whether a text names authors, or the names that are allowed."""
    return path[0] == "allowed_names" or (isinstance(entry, Theory) and path[0] == "authors")


def _named(
    content: Content,
    entry: Entry,
    places: list[tuple[Path, str]],
    found: Iterable[privacy.Finding],
) -> Iterator[Problem]:
    """Say where each identifier stands; offsets are in the texts put end to end."""
    starts = list(accumulate((len(text) + 2 for _, text in places), initial=0))
    for finding in found:
        index = bisect_right(starts, finding.start) - 1
        rule = finding.rule
        yield content.problem_in(
            entry,
            (*places[index], finding.start - starts[index]),
            rule.id,
            f"« {finding.words} » : {rule.label} ; {rule.why}",
            rule.instead,
            rule.severity,
        )


def _useless_allowances(
    content: Content, entry: Reviewed, whole: str, found: tuple[privacy.Finding, ...]
) -> Iterator[Problem]:
    for index, name in enumerate(entry.allowed_names):
        if privacy.allowing(whole, found, [name.text]) == found:
            yield content.problem(
                entry,
                ("allowed_names", index),
                "nom-permis-superflu",
                f"« {name.text} » n'est plus dans la fiche, ou n'est pas un nom signalé",
                "retirez-le de « allowed_names »",
                "warning",
            )


def consent(content: Content) -> Iterator[Problem]:
    """terrain-sans-consentement, consentement-sans-objet: a story of the field was agreed to."""
    for narrative in content.library.narratives.values():
        origin = narrative.origin
        if origin.kind is not OriginKind.FIELD:
            if origin.consent:
                yield content.problem(
                    narrative,
                    ("origin", "consent"),
                    "consentement-sans-objet",
                    f"un consentement pour un récit « {origin.kind} »",
                    "retirez « consent: », ou écrivez « kind: field » si le récit vient du terrain",
                )
        elif not origin.consent:
            yield content.problem(
                narrative,
                ("origin",),
                "terrain-sans-consentement",
                "« field » sans consentement",
                "ajoutez « consent: » sous « origin: » (given, reviewed_by, date, "
                "individualisation, correlation, inference), ou ne publiez pas ce récit",
            )
        else:
            yield from _unconfirmed(content, narrative, origin.consent)


def _unconfirmed(content: Content, narrative: Narrative, given: Consent) -> Iterator[Problem]:
    """Yield what the review of a story of the field could not confirm."""
    for name in ("given", "individualisation", "correlation", "inference"):
        if not getattr(given, name):
            title = Consent.model_fields[name].title
            yield content.problem(
                narrative,
                ("origin", "consent", name),
                "terrain-sans-consentement",
                f"« {title} » n'est pas confirmé",
                "ne publiez pas ce récit avant de pouvoir écrire « true »",
            )


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


def unprintable(content: Content) -> Iterator[Problem]:
    """caractere-sans-police: every character can be printed."""
    for entry in content.reading.entries:
        for path, text in texts(entry):
            for found in unprintable_characters(text):
                yield content.problem_in(
                    entry,
                    (path, text, found.start()),
                    "caractere-sans-police",
                    f"« {found.group()} » n'est pas dans les polices d'impression",
                    "écrivez un mot à la place",
                )


#: Rules that could look at each entry in a library where it is alone.
ALONE: Final[tuple[Check, ...]] = (
    repeated_links,
    malformed_marks,
    marks_without_reading,
    readings_without_mark,
    provenance,
    retold_without_source,
    figures,
    bearings,
    agenda,
    plans,
    unfillable_tables,
    self_contrasts,
    vocabulary,
    inclusive_forms,
    unprintable,
    placeholders,
    identifiers,
    consent,
)
TOGETHER: Final[tuple[Check, ...]] = (
    unknown_links,
    former_names,
    published_ids,
    theme_numbers,
    series,
    unreachable_ingredients,
)
