"""Says what each handout contains; `press` prints it.

A handout is a list of parts, each a plain dictionary that one Typst template reads. Every text is
set in French typography here; templates receive strings, which Typst never takes for markup.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any, Final, NamedTuple

import zxingcpp

from builder.addresses import url
from builder.agenda import Agenda, agenda, clock
from builder.library import Library
from builder.model import (
    LABELS,
    Citation,
    Copies,
    Ingredient,
    Narrative,
    Plan,
    Provenance,
    Step,
    Theory,
    Worksheet,
)
from builder.passages import Paragraph, letter
from builder.typography import french
from builder.workshops import GUIDES, Workshop, copies, theme_title, theme_workshop

#: A part of a handout, as its template reads it.
Part = dict[str, Any]


class Format(NamedTuple):
    """Paper and letter size; `folder` is where its files stand beside the default ones.

    The `main` format has pictures on the site, and what is made whole: kits, and cards for a
    print shop. In the others each sheet is printed by itself.
    """

    name: str
    folder: str
    paper: str
    large: bool = False
    main: bool = False


LETTER: Final = Format("Lettre", "", "us-letter", main=True)
A4: Final = Format("A4", "a4/", "a4")
LARGE: Final = Format("Gros caractères", "gros-caracteres/", "us-letter", large=True)
FORMATS: Final = (LETTER, A4, LARGE)
#: Cards in a file, at most: Typst's memory goes with the longest file.
DECK: Final = 120
ALL_CARDS: Final = "Toutes les cartes d'ingrédients"


class Handout(NamedTuple):
    """A file to print, at `path` from the root of the site."""

    path: str
    title: str
    format: Format
    parts: tuple[Part, ...]


def handouts(library: Library, address: str) -> Iterator[Handout]:
    """Yield every handout of the guide, in every format. `address` is the site's, or empty."""
    for _, make in sets(library, address):
        yield from make(library)


def sets(
    library: Library, address: str
) -> Iterator[tuple[str, Callable[[Library], Iterator[Handout]]]]:
    """Yield the handouts that are made of the same entries, together: a name, and how."""
    for theme in library.themes.values():
        if library.narratives_by_theme.get(theme.id):
            yield f"handouts {theme.id}", partial(_of_theme, theme.id, address)
    yield "handouts decks", partial(_decks, address)
    yield "handouts sheets", _sheets


def _of_theme(id_: str, address: str, library: Library) -> Iterator[Handout]:
    workshop = theme_workshop(library, library.themes[id_])
    forms = {f"ateliers/{id_}/{form.folder}": form for form in FORMATS}
    yield from workshop_handouts(library, workshop, address, forms)


def workshop_handouts(
    library: Library, workshop: Workshop, address: str, forms: Mapping[str, Format]
) -> Iterator[Handout]:
    """Yield what a workshop needs: sheets, guide, cards in two ways, and the kit of them all.

    `forms` are the formats wanted, by the folder where each is to stand.
    """
    stories = [_participant(library, narrative) for narrative in workshop.narratives]
    deck = [_card(library, ingredient, address) for ingredient in workshop.ingredients]
    pieces: list[_Piece] = []
    if stories:
        pieces.append(_Piece("participant", "Feuilles pour participer", tuple(stories)))
    if deck:
        one_sided, two_sided = (_cards(workshop.title, deck, two_sided=it) for it in (False, True))
        name = "Cartes d'ingrédients"
        pieces.append(_Piece("cartes", name, (one_sided,)))
        pieces.append(_Piece("cartes-recto-verso", f"{name}, recto verso", (two_sided,), main=True))
    if stories and library.method:
        guide = _animation(library, workshop)
        kit = _kit(library, workshop, guide, stories, deck)
        pieces.append(_Piece("animation", "Guide d'animation", (guide,)))
        pieces.append(_Piece("trousse", "Trousse d'atelier", kit, main=True))
    for folder, form in forms.items():
        for piece in pieces:
            if form.main or not piece.main:
                title = f"{piece.title} – {workshop.title}"
                yield Handout(f"{folder}{piece.name}.pdf", title, form, piece.parts)


class _Piece(NamedTuple):
    """What a workshop needs, in any format; `main` if it is made in the main one alone."""

    name: str
    title: str
    parts: tuple[Part, ...]
    main: bool = False


class Deck(NamedTuple):
    """Cards that make one file; `suffix` ends its name, `title` says which of how many."""

    suffix: str
    title: str
    ingredients: tuple[Ingredient, ...]


def decks(library: Library) -> list[Deck]:
    """Share all the ingredients out between files that a phone opens and a printer takes."""
    whole = tuple(library.ingredients.values())
    parts = [whole[start : start + DECK] for start in range(0, len(whole), DECK)]
    if len(parts) <= 1:
        return [Deck("", ALL_CARDS, part) for part in parts]
    return [
        Deck(f"-{number}" if number > 1 else "", f"{ALL_CARDS}, {number} de {len(parts)}", part)
        for number, part in enumerate(parts, start=1)
    ]


def _decks(address: str, library: Library) -> Iterator[Handout]:
    for deck in decks(library):
        cards = [_card(library, ingredient, address) for ingredient in deck.ingredients]
        for form in FORMATS:
            path = f"ateliers/{form.folder}cartes{deck.suffix}.pdf"
            one_sided = _cards(deck.title, cards, two_sided=False)
            yield Handout(path, deck.title, form, (one_sided,))
            if form.main:
                two_sided = _cards(deck.title, cards, two_sided=True)
                path = f"ateliers/cartes-recto-verso{deck.suffix}.pdf"
                yield Handout(path, f"{deck.title}, recto verso", form, (two_sided,))


def _sheets(library: Library) -> Iterator[Handout]:
    for form in FORMATS:
        folder = f"ateliers/fiches/{form.folder}"
        for sheet in library.worksheets.values():
            yield Handout(f"{folder}{sheet.id}.pdf", sheet.name, form, (_worksheet(sheet),))
        for theory in library.theories.values():
            path = f"{folder}affiche-{theory.id}.pdf"
            yield Handout(path, f"Affiche – {theory.name}", form, (_poster(theory),))
        for plan in library.plans:
            path = f"ateliers/plans/{form.folder}{plan.id}.pdf"
            title = f"Guide d'animation – {plan.title}"
            yield Handout(path, title, form, (_plan(library, plan),))


def edition(parts: object) -> str:
    """Give a short mark of a content, to compare a printed sheet with the guide."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:6]


def source(handout: Handout) -> dict[str, str]:
    """Give what Typst reads of a handout: one JSON text, typography set, words breakable."""
    parts = [{**part, "index": index} for index, part in enumerate(handout.parts)]
    data = {
        "title": handout.title,
        "paper": handout.format.paper,
        "large": handout.format.large,
        "pictured": handout.format.main,
        "edition": f"Édition {edition(parts)} · CC BY 4.0",
        "parts": parts,
    }
    return {"data": json.dumps(_printable(data), ensure_ascii=False, sort_keys=True)}


#: Names of fields whose text is for programs.
_CODES: Final = frozenset({"template", "paper", "id", "key", "qr", "address"})
_LONG_WORD: Final = re.compile(r"[^\s-]{28,}")


def _printable(value: Any, name: str = "") -> Any:
    if isinstance(value, str):
        return value if name in _CODES else _set(value)
    if isinstance(value, dict):
        return {key: _printable(item, key) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item, name) for item in value]
    return value


@lru_cache(maxsize=1 << 14)  # a text stands on many sheets, in every format
def _set(text: str) -> str:
    """Set a text; a word longer than any column may go on to the next line."""
    return _LONG_WORD.sub(
        lambda found: "\u200b".join(re.findall(".{1,12}", found.group())), french(text)
    )


def _participant(library: Library, narrative: Narrative) -> Part:
    return {
        "template": "participant",
        "label": f"{narrative.title} · {LABELS[narrative.origin.kind]}",
        "theme": theme_title(library.themes[narrative.theme]),
        "key": narrative.id,
        "title": narrative.title,
        "teller": narrative.teller,
        "origin": LABELS[narrative.origin.kind],
        "story": [
            [{"words": "".join(segment.words for segment in paragraph), "number": 0}]
            for paragraph in library.paragraphs[narrative.id]
        ],
        "questions": list(narrative.questions),
    }


def _animation(library: Library, workshop: Workshop) -> Part:
    method = library.method
    assert method, "a workshop is made from a method"
    plan = agenda(method.steps, workshop.duration, workshop.start)
    rules = library.worksheets.get(method.rules)
    return {
        "template": "animation",
        "label": f"Guide d'animation · {workshop.title}",
        "theme": workshop.title,
        "intro": None if plan.dropped else method.summary,  # it tells every step
        "duration": spoken(workshop.duration),
        "start": clock(workshop.start),
        "end": clock(workshop.start + workshop.duration),
        "steps": [_step(library, slot.step, slot.start, slot.minutes) for slot in plan.slots],
        "dropped": dropped(plan),
        "material": [
            f"{material.item} ({LABELS[material.copies]})"
            for material in method.material
            if material.step not in {step.id for step in plan.dropped}
        ],
        "rules": [item for block in rules.blocks for item in block.items] if rules else [],
        "roles": [{"name": role.name, "does": role.does} for role in method.roles],
        "provenance": method.provenance,
        "stories": [_corrected(library, narrative) for narrative in workshop.narratives],
    }


def _plan(library: Library, plan: Plan) -> Part:
    slots = agenda(plan.steps, plan.minutes, 0).slots
    return {
        "template": "plan",
        "label": f"Guide d'animation · {plan.title}",
        "title": plan.title,
        "intro": plan.purpose,
        "duration": spoken(plan.minutes),
        "steps": [
            _step(library, slot.step, slot.start, slot.minutes) | {"time": elapsed(slot.start)}
            for slot in slots
        ],
        "material": [f"{material.item} ({LABELS[material.copies]})" for material in plan.material],
        "provenance": plan.provenance,
    }


def elapsed(minutes: int) -> str:
    """Write a time since the beginning: « 0:05 », « 1:10 »."""
    return "{}:{:02}".format(*divmod(minutes, 60))


def spoken(minutes: int) -> str:
    """Write a duration: « 2 h 30 », « 45 minutes »."""
    return clock(minutes) if minutes >= 60 else f"{minutes} minutes"


def dropped(plan: Agenda) -> str | None:
    """Say which steps there was no time for."""
    if not plan.dropped:
        return None
    names = " ; ".join(step.title for step in plan.dropped)
    return f"Faute de temps, cet atelier laisse de côté : {names}."


def _step(library: Library, step: Step, start: int, minutes: int) -> Part:
    sheets = [library.worksheets[id_].name for id_ in step.worksheets if id_ in library.worksheets]
    sheets = [*step.sheets, *sheets]
    return {
        "time": clock(start),
        "minutes": minutes,
        "title": step.title,
        "who": step.who,
        "sheets": ", ".join(sheets) or "–",
        "goal": step.goal,
        "say": list(step.say),
        "watch": list(step.watch),
        "provenance": " ".join(
            (
                _provenance(library, "Étape", step.status, step.sources),
                *(source.detail for source in step.sources if source.detail),
            )
        ),
    }


def _corrected(library: Library, narrative: Narrative) -> Part:
    ingredients = library.ingredients_by_narrative[narrative.id]
    order = [ingredient.id for ingredient in ingredients]
    names = {
        ingredient.id: f"{letter(index)}. {ingredient.short}"
        for index, ingredient in enumerate(ingredients)
    }
    return {
        "theme": theme_title(library.themes[narrative.theme]),
        "key": narrative.id,
        "title": narrative.title,
        "teller": narrative.teller,
        "origin": LABELS[narrative.origin.kind],
        "note": narrative.origin.note,
        "story": [_marked(paragraph, names) for paragraph in library.paragraphs[narrative.id]],
        "passages": len(library.passages[narrative.id]),
        "ingredients": [
            _expected(library, narrative, ingredient, letter(order.index(ingredient.id)))
            for ingredient in ingredients
        ],
        "clarifications": [
            {
                "question": clarification.question,
                "answer": clarification.answer or "La source ne donne pas la réponse.",
            }
            for clarification in narrative.discussion.clarifications
        ],
        "interventions": list(narrative.discussion.interventions),
        "outcome": narrative.outcome,
        "facilitation": [
            " ".join(block.split())
            for block in re.split(r"\n\s*\n", narrative.facilitation.strip())
        ],
    }


def _marked(paragraph: Paragraph, names: Mapping[str, str]) -> list[Part]:
    return [
        {
            "words": segment.words,
            "number": segment.number,
            "names": [names[id_] for id_ in segment.ingredients if id_ in names],
        }
        for segment in paragraph
    ]


def _expected(library: Library, narrative: Narrative, ingredient: Ingredient, mark: str) -> Part:
    lines = [_provenance(library, "Ingrédient", ingredient.status, ingredient.sources)]
    lines += [
        _provenance(
            library, f"{library.theories[link.theory].name} : lien", link.status, link.sources
        )
        for link in ingredient.theories
    ]
    return {
        "letter": mark,
        "name": ingredient.name,
        "passages": [
            {"number": segment.number, "words": segment.words.strip()}
            for segment in library.passages[narrative.id]
            if ingredient.id in segment.ingredients
        ],
        "reading": narrative.readings.get(ingredient.id, ""),
        "provenance": lines,
    }


def _provenance(
    library: Library, subject: str, status: Provenance, sources: Sequence[Citation]
) -> str:
    """Say in words where a statement comes from; subjects that end in « e » are feminine."""
    said = _said(status, feminine=subject.endswith("e"))
    if status is Provenance.PROPOSED:
        return f"{subject} {said} pour ce guide, à valider."
    cited = dict.fromkeys(library.references[source.ref].short for source in sources)
    return f"{subject} {said}{' par ' + ' ; '.join(cited) if cited else ''}."


def _said(status: Provenance, feminine: bool) -> str:
    word, *rest = LABELS[status].lower().split()
    return " ".join((word + "e" * feminine, *rest))


def _cards(label: str, deck: Sequence[Part], two_sided: bool) -> Part:
    if two_sided:
        label += " · Recto verso : retourner sur le bord long"
    return {"template": "cards", "label": label, "cards": list(deck), "two-sided": two_sided}


def _card(library: Library, ingredient: Ingredient, address: str) -> Part:
    target = address + url(ingredient) if address else ""
    return {
        "id": ingredient.id,
        "short": ingredient.short,
        "summary": ingredient.summary,
        "status": _provenance(library, "Ingrédient", ingredient.status, ingredient.sources),
        "theories": [
            f"{theory.name} ({theory.authors}), lien {LABELS[link.status].lower()}"
            for link in ingredient.theories
            for theory in (library.theories[link.theory],)
        ],
        "question": ingredient.questions[0],
        "address": target,
        "printed": re.sub(r"^https?://", "", target),
        "qr": qr(target) if target else "",
    }


@cache
def qr(target: str) -> str:
    """Draw a QR code as SVG; level M survives an office printer."""
    code = zxingcpp.create_barcode(target, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return code.to_svg()


def _worksheet(worksheet: Worksheet) -> Part:
    return {
        "template": "worksheet",
        "label": f"{worksheet.name} · fiche {_said(worksheet.status, feminine=True)}",
        "name": worksheet.name,
        "purpose": worksheet.purpose,
        "reminder": worksheet.reminder,
        "wall": not any(it.boxes or it.scale or it.rows or it.lines for it in worksheet.blocks),
        "blocks": [block.model_dump(mode="json") for block in worksheet.blocks],
    }


def _poster(theory: Theory) -> Part:
    return {
        "template": "poster",
        "label": theory.name,
        "name": theory.name,
        "questions": list(theory.questions[:4]),
        "authors": theory.authors,
        "provenance": "Questions proposées pour ce guide, à valider.",
    }


def _kit(
    library: Library,
    workshop: Workshop,
    guide: Part,
    stories: Sequence[Part],
    deck: Sequence[Part],
) -> tuple[Part, ...]:
    """Put everything in printing order behind a cover that says how many copies of what."""
    method = library.method
    assert method, "a kit is made from a method"
    plan = agenda(method.steps, workshop.duration, workshop.start)
    used = dict.fromkeys(id_ for slot in plan.slots for id_ in slot.step.worksheets)
    sheets = [library.worksheets[id_] for id_ in used]

    def each(need: Copies) -> list[int]:
        return [copies(need, persons) for persons in workshop.persons]

    choice = len(stories) > 1
    contents = [("Guide d'animation", [GUIDES for _ in workshop.persons], guide)]
    contents += [
        (f"Récit : {story['title']}", each(Copies.ROOM if choice else Copies.PERSON), story)
        for story in stories
    ]
    contents += [(sheet.name, each(sheet.copies), _worksheet(sheet)) for sheet in sheets]
    if deck:
        cards = _cards(workshop.title, deck, two_sided=False)
        contents.append(("Cartes d'ingrédients, à découper", each(Copies.TEAM), cards))
    contents += [
        (f"Affiche : {theory.name}", each(Copies.ROOM), _poster(theory))
        for theory in workshop.theories
    ]
    cover = {
        "template": "cover",
        "label": f"Trousse d'atelier · {workshop.title}",
        "theme": workshop.title,
        "intro": f"Un atelier de {spoken(workshop.duration)}. Tout est ici, dans l'ordre "
        "d'impression. Les nombres sont des exemplaires, une personne à l'animation en plus.",
        "persons": list(workshop.persons),
        "pieces": [
            {"name": name, "index": index, "copies": numbers}
            for index, (name, numbers, _) in enumerate(contents, start=1)
        ],
        "chosen": each(Copies.PERSON) if choice else None,
        "advice": _ADVICE,
        "checklist": _CHECKLIST,
    }
    return (cover, *(part for _, _, part in contents))


_ADVICE: Final = [
    "Un atelier travaille un seul récit : choisissez-le avant de l'imprimer pour tout le monde.",
    "Échelle : 100 % ou « taille réelle ». « Ajuster à la page » déplace les repères de coupe.",
    "Noir et blanc. Recto seul; seuls les récits gagnent à être recto verso (sur le bord long).",
    "Les cartes se coupent aux repères, sur un papier plus épais si l'imprimante l'accepte.",
    "Les affiches sont en paysage.",
]
_CHECKLIST: Final = [
    "Lire les récits et les notes d'animation; choisir celui que l'atelier travaillera.",
    "Imprimer, découper les cartes, faire une pile par équipe.",
    "Garder le guide d'animation hors de vue : il contient les ingrédients.",
    "Prévoir une horloge que tout le monde voit.",
]
