"""The rules that look at one entry alone, one generator a rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any, Final, TypeVar

from builder import privacy
from builder.agenda import DURATIONS
from builder.model import (
    LABELS,
    NOT_GIVEN,
    Bearing,
    Challenge,
    Chapter,
    Consent,
    Entry,
    Figure,
    Ingredient,
    Kind,
    Ledger,
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
    Theory,
    TheoryLink,
    VocabularyFile,
    Worksheet,
    records,
)
from builder.passages import malformed, targets
from builder.placeholders import ID, TEXT, is_to_write
from builder.problems import FAULTS, Problem, Severity
from builder.retention import read_rate
from builder.subject import Subject, Texts
from builder.typography import unprintable_characters
from builder.vocabulary import faults, vocabulary_of

#: A rule takes an entry of the model that it is about.
Rule = Callable[[Subject, Any], Iterator[Problem]]
E = TypeVar("E", bound=Entry)


def check_entry(subject: Subject) -> Iterator[Problem]:
    """Run every rule about an entry of this model."""
    for rule in _rules(subject.entry.__class__):
        yield from rule(subject, subject.entry)


def repeated_links(subject: Subject, _: Entry) -> Iterator[Problem]:
    """renvoi-en-double: a list does not link twice to the same entry."""
    seen: set[tuple[Path, Kind, str]] = set()
    for path, kind, id_ in subject.links:
        places = [at for at, part in enumerate(path) if isinstance(part, int)]
        if not places or path[-1] in ("source", "ref"):
            continue  # not in a list, or a source that may serve several statements
        group = (path[: places[-1]], kind, id_)
        if group in seen:
            yield subject.problem(
                path,
                "renvoi-en-double",
                f"« {id_} » est déjà dans cette liste",
                "gardez-en un seul",
            )
        seen.add(group)


def malformed_marks(subject: Subject, narrative: Narrative) -> Iterator[Problem]:
    """marque-mal-formee: a bracket of a story belongs to a mark."""
    for offset in islice(malformed(narrative.story), FAULTS):
        yield subject.problem_in(
            (("story",), narrative.story, offset),
            "marque-mal-formee",
            "ce crochet n'appartient à aucun passage marqué",
            "écrivez [mots du récit](identifiant-d-ingredient)",
        )


def marks_without_reading(subject: Subject, narrative: Narrative) -> Iterator[Problem]:
    """passage-sans-lecture: each ingredient marked in a story has its reading."""
    seen: set[str] = set()
    for target in targets(narrative.story):
        if target.id not in narrative.readings and target.id not in seen:
            yield subject.problem_in(
                (("story",), narrative.story, target.offset),
                "passage-sans-lecture",
                f"« {target.id} » est marqué dans le récit, mais n'a pas de lecture",
                f"ajoutez « {target.id}: >- » sous « readings: »",
            )
        seen.add(target.id)


def readings_without_mark(subject: Subject, narrative: Narrative) -> Iterator[Problem]:
    """lecture-sans-passage: each reading has a passage marked in the story."""
    marked = {target.id for target in targets(narrative.story)}
    for id_ in narrative.readings:
        if id_ not in marked:
            yield subject.problem(
                ("readings", id_),
                "lecture-sans-passage",
                f"la lecture de « {id_} » n'a aucun passage marqué dans le récit",
                f"marquez les mots où il se voit : [mots]({id_}), ou retirez la lecture",
            )


#: Records that say who establishes them.
_Provenanced = Ingredient | TheoryLink | Worksheet | Step | Series | Stated


def provenance(subject: Subject, entry: Entry) -> Iterator[Problem]:
    """documente-sans-source, source-sans-statut, valide-sans-atelier: a status has its grounds."""
    for path, record in records(entry):
        if not isinstance(record, _Provenanced):
            continue
        if record.status is Provenance.DOCUMENTED and not record.sources:
            yield subject.problem(
                (*path, "status"),
                "documente-sans-source",
                "« documented » sans source",
                "ajoutez « sources: », ou écrivez « status: proposed »",
            )
        if record.status is Provenance.PROPOSED and record.sources:
            yield subject.problem(
                (*path, "sources"),
                "source-sans-statut",
                "« proposed », mais avec une source",
                "retirez « sources: », ou écrivez « status: documented » si la source le dit",
            )
        if (record.status is Provenance.VALIDATED) != (record.validation is not None):
            yield subject.problem(
                (*path, "status"),
                "valide-sans-atelier",
                "« validated » et « validation: » vont ensemble",
                "dites par qui et quand, ou revenez à « proposed »",
            )


def retold_without_source(subject: Subject, narrative: Narrative) -> Iterator[Problem]:
    """documente-sans-source: a retold story names what it retells."""
    if narrative.origin.kind is OriginKind.RETOLD and not narrative.origin.sources:
        yield subject.problem(
            ("origin",),
            "documente-sans-source",
            "« retold » sans source",
            "ajoutez « sources: » sous « origin: », ou écrivez « kind: composite »",
        )


def figures(subject: Subject, entry: Entry) -> Iterator[Problem]:
    """chiffre-sans-…, taux-…: a number stands with all that it takes to read it."""
    for path, record in records(entry):
        if isinstance(record, Figure):
            for rule, message, advice in _figure_faults(record):
                yield subject.problem(path, rule, message, advice)


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


def bearings(subject: Subject, entry: Entry) -> Iterator[Problem]:
    """lien-sans-raison: a link between the frame and the work with a tenant says why."""
    for path, record in records(entry):
        if isinstance(record, Bearing) and not record.why:
            yield subject.problem(
                path,
                "lien-sans-raison",
                "ce lien ne dit pas ce que les deux ont en commun",
                "ajoutez « why: >- » et une phrase, ou retirez le lien",
            )


def agenda(subject: Subject, method: Method) -> Iterator[Problem]:
    """etape-…, minutes: the steps are named once and fill the workshop, no more."""
    yield from _agenda_faults(subject, (), method)
    least = sum(step.minimum for step in method.steps if not step.drop)
    if least > DURATIONS.start:
        yield subject.problem(
            ("steps",),
            "minutes",
            f"les étapes qui restent toujours prennent au moins {least} minutes",
            f"baissez des minimums : l'atelier le plus court dure {DURATIONS.start} minutes",
        )


def plans(subject: Subject, entry: PlanFile) -> Iterator[Problem]:
    """rencontre-en-double, minutes: meetings are named once, their steps fill their time."""
    seen: set[str] = set()
    for index, plan in enumerate(entry.plans):
        path = ("plans", index)
        if plan.id in seen:
            yield subject.problem(
                (*path, "id"),
                "rencontre-en-double",
                f"la rencontre « {plan.id} » est déjà plus haut",
                "donnez un autre identifiant",
            )
        seen.add(plan.id)
        yield from _agenda_faults(subject, path, plan)


def _agenda_faults(subject: Subject, path: Path, timed: Method | Plan) -> Iterator[Problem]:
    """Yield what is wrong with the steps at `path`: total, minimums, names, and what they need."""
    total = sum(step.minutes for step in timed.steps)
    if total != timed.minutes:
        yield subject.problem(
            (*path, "minutes"),
            "minutes",
            f"les étapes font {total} minutes, pas {timed.minutes}",
            "corrigez la durée ou les minutes d'une étape",
        )
    seen: set[str] = set()
    for index, step in enumerate(timed.steps):
        if step.minimum > step.minutes:
            yield subject.problem(
                (*path, "steps", index, "minimum"),
                "minutes",
                f"le minimum ({step.minimum}) dépasse les minutes prévues ({step.minutes})",
                "baissez le minimum",
            )
        if step.id in seen:
            yield subject.problem(
                (*path, "steps", index, "id"),
                "etape-en-double",
                f"l'étape « {step.id} » est déjà plus haut",
                "donnez un autre identifiant",
            )
        seen.add(step.id)
    for index, material in enumerate(timed.material):
        if material.step and material.step not in seen:
            yield subject.problem(
                (*path, "material", index, "step"),
                "etape-inconnue",
                f"aucune étape ne s'appelle « {material.step} »",
                "écrivez l'identifiant d'une étape, ou retirez « step: »",
            )


def unfillable_tables(subject: Subject, worksheet: Worksheet) -> Iterator[Problem]:
    """tableau-sans-rangee: a table to fill in has columns and rows."""
    for index, block in enumerate(worksheet.blocks):
        if bool(block.columns) != bool(block.rows):
            yield subject.problem(
                ("blocks", index),
                "tableau-sans-rangee",
                "un tableau à remplir a des colonnes et des rangées",
                "ajoutez « columns: » ou « rows: », ou retirez l'autre",
            )


def self_contrasts(subject: Subject, ingredient: Ingredient) -> Iterator[Problem]:
    """contraste-avec-soi: an ingredient is contrasted with others."""
    if ingredient.id in ingredient.contrasts:
        yield subject.problem(
            ("contrasts", ingredient.id),
            "contraste-avec-soi",
            "l'ingrédient est comparé à lui-même",
            "nommez un ingrédient proche",
        )


def vocabulary(subject: Subject, entry: VocabularyFile) -> Iterator[Problem]:
    """vocabulaire-…: the search's words are usable, said once, and teach it something."""
    for fault in faults(vocabulary_of(entry)):
        yield subject.problem(fault.path, fault.rule, fault.message, fault.advice)


_FEMININE: Final = (
    "e|es|ne|nes|le|les|te|tes|se|ses|ve|ves|ère|ères|ière|ières|rice|rices|trice|trices|euse|euses"
)
#: A sign that abbreviates, and what it takes with it; a text without the sign is quickly seen.
_ABBREVIATIONS: Final = tuple(
    (sign, re.compile(re.escape(sign) + after))
    for sign, after in (
        *((dot, r"\w+(?:[·•‧]s\b)?") for dot in "·•‧"),
        ("(", rf"(?:{_FEMININE})\)s?"),
        ("/", rf"(?:{_FEMININE}|elles?|ils?|la|une?)\b"),
        ("-", r"(?:e|es|ne|nes|ère|ères|trice|trices|euse|euses)(?:-s)?\b"),
    )
)
#: Letters that a search finds quickly, and the words that they make.
_NEOLOGISMS: Final = tuple(
    (letters, re.compile(rf"{letters}{ending}\b"))
    for letters, ending in (
        ("iel", "s?"),
        ("Iel", "s?"),
        ("celleux", ""),
        ("Celleux", ""),
        ("toustes", ""),
        ("Toustes", ""),
    )
)


def inclusive_forms(subject: Subject, _: Entry) -> Iterator[Problem]:
    """forme-inclusive: neutral wording or full doublets; no median dot, slash or hyphen."""
    for start, form in _abbreviated(subject.texts.whole):
        yield subject.problem_in(
            subject.texts.place(start),
            "forme-inclusive",
            f"forme abrégée « {form} »",
            "écrivez un mot neutre, ou les deux formes en entier",
            "warning",
        )


def _abbreviated(text: str) -> Iterator[tuple[int, str]]:
    """Yield the offset and the words of each form that the language norms set aside."""
    for sign, pattern in _ABBREVIATIONS:
        for found in pattern.finditer(text) if sign in text else ():
            start = end = found.start()
            while start and text[start - 1].isalpha():
                start -= 1
            if start < end:
                yield start, text[start : found.end()]
    for letters, pattern in _NEOLOGISMS:
        for found in pattern.finditer(text) if letters in text else ():
            if not text[max(0, found.start() - 1)].isalnum() or not found.start():
                yield found.start(), found.group()


def placeholders(subject: Subject, _: Entry) -> Iterator[Problem]:
    """texte-a-ecrire: nothing of a skeleton is left to write or to choose."""
    to_write = is_to_write(subject.texts.whole)
    for path, text in subject.texts.places if to_write else ():
        if is_to_write(text):
            yield subject.problem_in(
                (path, text, text.index(TEXT)),
                "texte-a-ecrire",
                "ce texte reste à écrire",
                f"écrivez-le à la place de « {TEXT} »",
            )
    for path, kind, id_ in subject.links:
        if id_ == ID:
            yield subject.problem(
                path,
                "texte-a-ecrire",
                f"« {LABELS[kind]} » reste à choisir",
                f"mettez un identifiant à la place de « {ID} »",
            )


def identifiers(subject: Subject, entry: Reviewed) -> Iterator[Problem]:
    """numero-…, nom-…, lieu…: nothing could tell who a story is about; no useless allowance."""
    texts = subject.texts
    if entry.allowed_names or isinstance(entry, Theory):
        texts = Texts(tuple(place for place in texts.places if not _cited(entry, place[0])))
    allowed = [name.text for name in entry.allowed_names]
    # The id is read with the texts: one look costs less than two.
    read = f"{texts.whole}\n\n{entry.id.replace('-', ' ')}"
    found = privacy.look(read, subject.names)
    for finding in privacy.allowing(read, found, allowed) if found else ():
        if finding.start < len(texts.whole):
            yield subject.problem_in(texts.place(finding.start), *_told(finding))
        else:
            where = " dans le nom du fichier, qui est une adresse"
            yield subject.problem((), *_told(finding, where))
    for index, name in enumerate(entry.allowed_names):
        path = ("allowed_names", index)
        for finding in privacy.find(name.why, subject.names, allowed):
            yield subject.problem_in(((*path, "why"), name.why, finding.start), *_told(finding))
        if privacy.allowing(read, found, [name.text]) == found:
            yield subject.problem(
                path,
                "nom-permis-superflu",
                f"« {name.text} » n'est plus dans la fiche, ou n'est pas un nom signalé",
                "retirez-le de « allowed_names »",
                "warning",
            )


def reasons(subject: Subject, _: Ledger) -> Iterator[Problem]:
    """numero-…, nom-…, lieu…: what is said of a withdrawal names nobody; nothing is let through."""
    advice = "la raison est publiée : dites pourquoi sans rien qui désigne quelqu'un"
    for finding in privacy.look(subject.texts.whole, subject.names):
        yield subject.problem_in(subject.texts.place(finding.start), *_told(finding, advice=advice))


def _told(
    finding: privacy.Finding, where: str = "", advice: str = ""
) -> tuple[str, str, str, Severity]:
    rule = finding.rule
    said = f"« {finding.words} »{where} : {rule.label} ; {rule.why}"
    return rule.id, said, advice or rule.instead, rule.severity


def _cited(entry: Entry, path: Path) -> bool:
    """Tell whether a text names authors, or the names that are allowed."""
    return path[0] == "allowed_names" or (isinstance(entry, Theory) and path[0] == "authors")


def consent(subject: Subject, narrative: Narrative) -> Iterator[Problem]:
    """terrain-sans-consentement, consentement-sans-objet: a story of the field was agreed to."""
    origin = narrative.origin
    if origin.kind is not OriginKind.FIELD:
        if origin.consent:
            yield subject.problem(
                ("origin", "consent"),
                "consentement-sans-objet",
                f"un consentement pour un récit « {origin.kind} »",
                "retirez « consent: », ou écrivez « kind: field » si le récit vient du terrain",
            )
    elif not origin.consent:
        yield subject.problem(
            ("origin",),
            "terrain-sans-consentement",
            "« field » sans consentement",
            "ajoutez « consent: » sous « origin: » (given, reviewed_by, date, "
            "individualisation, correlation, inference), ou ne publiez pas ce récit",
        )
    else:
        yield from _unconfirmed(subject, origin.consent)


def _unconfirmed(subject: Subject, given: Consent) -> Iterator[Problem]:
    """Yield what the review of a story of the field could not confirm."""
    for name in ("given", "individualisation", "correlation", "inference"):
        if not getattr(given, name):
            title = Consent.model_fields[name].title
            yield subject.problem(
                ("origin", "consent", name),
                "terrain-sans-consentement",
                f"« {title} » n'est pas confirmé",
                "ne publiez pas ce récit avant de pouvoir écrire « true »",
            )


def unprintable(subject: Subject, _: Entry) -> Iterator[Problem]:
    """caractere-sans-police: every character can be printed."""
    for found in unprintable_characters(subject.texts.whole):
        yield subject.problem_in(
            subject.texts.place(found.start()),
            "caractere-sans-police",
            f"« {found.group()} » n'est pas dans les polices d'impression",
            "écrivez un mot à la place",
        )


def _about(
    rule: Callable[[Subject, E], Iterator[Problem]], *models: type[E]
) -> tuple[tuple[type[Entry], ...], Rule]:
    return models, rule


@cache
def _rules(model: type[Entry]) -> tuple[Rule, ...]:
    return tuple(rule for about, rule in RULES if issubclass(model, about))


#: The wider frame, and all whose statements say who establishes them.
_FRAME: Final = (Challenge, Program, Chapter)
_ESTABLISHED: Final = (Ingredient, Worksheet, Method, SeriesFile, PlanFile, *_FRAME)
#: Each rule, and the models that it is about.
RULES: Final = (
    _about(repeated_links, Entry),
    _about(malformed_marks, Narrative),
    _about(marks_without_reading, Narrative),
    _about(readings_without_mark, Narrative),
    _about(provenance, *_ESTABLISHED),
    _about(retold_without_source, Narrative),
    _about(figures, *_FRAME),
    _about(bearings, *_FRAME),
    _about(agenda, Method),
    _about(plans, PlanFile),
    _about(unfillable_tables, Worksheet),
    _about(self_contrasts, Ingredient),
    _about(vocabulary, VocabularyFile),
    _about(inclusive_forms, Entry),
    _about(unprintable, Entry),
    _about(placeholders, Entry),
    _about(identifiers, Reviewed),
    _about(reasons, Ledger),
    _about(consent, Narrative),
)
