"""Writes the guide as a tree of Markdown pages.

Each page is Markdown with plain HTML where Markdown has no word for it. Every value that a
template prints passes through `safe`, so that nothing written in YAML can be taken for markup.
"""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any, Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from builder.addresses import PAGE_FOLDERS, url
from builder.agenda import DURATIONS, agenda, clock
from builder.balance import balance
from builder.comparison import COLUMNS, UNKNOWN, cell, year
from builder.compiled import Compiled
from builder.downloads import DIGEST_PLACE, IN_THE_COPY, Download, weight
from builder.form import fields
from builder.handouts import FORMATS, decks
from builder.library import Library, entries_of, showing
from builder.licences import NAMES, WORKS, by_licence
from builder.map import draw, read_off
from builder.matrix import (
    challenge_matrix,
    gesture_matrix,
    path_themes,
    theme_matrix,
    theory_matrix,
)
from builder.model import (
    LABELS,
    LEVELS,
    NOT_GIVEN,
    About,
    Entry,
    Kind,
    Narrative,
    OriginKind,
    Provenance,
    ReferenceKind,
    Region,
    Situation,
    Stage,
    Theory,
    TheoryKind,
    Withdrawn,
    kind_of,
)
from builder.news import FEED, Release, anchor
from builder.passages import letter
from builder.pinned import LOCK, locked
from builder.press import Printed
from builder.retention import by_basis
from builder.steps import steps
from builder.typography import french
from builder.workshops import PERSONS, START
from builder.writing_sheet import PARTS, STORY

#: Pages that are not one entry: template, path.
SINGLE_PAGES: Final = (
    ("home", "index"),
    ("find", "trouver"),
    ("themes", "themes/index"),
    ("narratives", "recits/index"),
    ("ingredients", "ingredients/index"),
    ("theories", "theories/index"),
    ("situations", "situations/index"),
    ("workshops", "ateliers/index"),
    ("compose", "ateliers/composer"),
    ("frame", "cadre/index"),
    ("challenges", "cadre/defis/index"),
    ("programs", "cadre/programmes/index"),
    ("checklist", "cadre/liste-de-verification"),
    ("frame_matrix", "cadre/matrice"),
    ("references", "references"),
    ("path", "parcours"),
    ("matrix", "matrice"),
    ("map", "carte"),
    ("propose", "proposer"),
    ("about", "a-propos"),
    ("news", "nouveautes"),
    ("download", "telecharger"),
    ("exercise", "exercice"),
    ("selection", "selection"),
    ("offline", "hors-connexion"),
    ("accessibility", "accessibilite"),
    ("privacy", "vie-privee"),
    ("licences", "licences"),
)


#: Stories of a theme on the page of all stories; the theme's own page has them all.
FEW: Final = 24


class Page(NamedTuple):
    """A Markdown page; `path` is relative to the tree, without extension."""

    path: str
    markdown: str


class Draft(NamedTuple):
    """A page to write: where it goes, how, and what it shows besides the library."""

    path: str
    write: Callable[[Library], str]
    beside: str = ""


def drafts(
    library: Library,
    printed: Iterable[Printed] = (),
    news: Sequence[Release] = (),
    downloads: Sequence[Download] = (),
) -> Iterator[Draft]:
    """Yield every page of the guide, with its handouts, its news and what it offers to download."""
    prints = {one.path: one for one in printed}
    of_themes = {
        id_: {path: one for path, one in prints.items() if path.startswith(f"ateliers/{id_}/")}
        for id_ in library.themes
    }
    of_a_theme = set().union(*of_themes.values())
    listed = {
        path: one
        for path, one in prints.items()
        if path not in of_a_theme or path.endswith("/trousse.pdf")
    }
    shown: dict[str, dict[str, Any]] = {
        "workshops": {"prints": listed},
        "news": {"news": news},
        "download": {"downloads": downloads},
    }
    for template, path in SINGLE_PAGES:
        own = shown.get(template, {})
        yield Draft(path, partial(_single, template, path, own), repr(own))
    for theme in library.themes.values():
        path = f"ateliers/{theme.id}/index"  # without a story too: it may have been printed
        own = of_themes[theme.id]
        yield Draft(path, partial(_workshop, theme.id, path, own), repr(own))
    for entry in entries(library):
        kind = kind_of(entry)
        path = f"{PAGE_FOLDERS[kind]}/{entry.id}"
        yield Draft(path, partial(_entry, kind, entry.id, path))
        for name in entry.former_names:
            former = f"{PAGE_FOLDERS[kind]}/{name}"
            yield Draft(former, partial(_redirect, kind, entry.id, former))
    for gone in library.ledger.withdrawn:
        if gone.kind in PAGE_FOLDERS:
            path = f"{PAGE_FOLDERS[gone.kind]}/{gone.id}"
            yield Draft(path, partial(_withdrawn, gone, path), repr(gone))


def pages(
    library: Library,
    printed: Iterable[Printed] = (),
    news: Sequence[Release] = (),
    downloads: Sequence[Download] = (),
) -> Iterator[Page]:
    """Write every page."""
    for draft in drafts(library, printed, news, downloads):
        yield Page(draft.path, draft.write(library))


def _single(template: str, path: str, shown: Mapping[str, Any], library: Library) -> str:
    return _render(template, path, library, **shown)


def _workshop(id_: str, path: str, prints: Mapping[str, Printed], library: Library) -> str:
    return _render("workshop", path, library, prints=prints, theme=library.themes[id_])


def _entry(kind: Kind, id_: str, path: str, library: Library) -> str:
    return _render(kind.value, path, library, **{kind.value: entries_of(library)[kind][id_]})


def _redirect(kind: Kind, id_: str, path: str, library: Library) -> str:
    return _render("redirect", path, library, entry=entries_of(library)[kind][id_])


def _withdrawn(gone: Withdrawn, path: str, library: Library) -> str:
    return _render("withdrawn", path, library, gone=gone)


def entries(library: Library) -> Iterator[Entry]:
    """Yield the entries that have a page of their own, kind by kind."""
    yield from library.themes.values()
    yield from library.narratives.values()
    yield from library.ingredients.values()
    yield from library.theories.values()
    yield from library.situations.values()
    yield from library.challenges.values()
    yield from library.programs.values()
    yield from library.chapters.values()


def _render(template: str, path: str, library: Library, **shown: Any) -> str:
    root = "../" * path.count("/")
    text = (
        _environment()
        .get_template(f"{template}.md.jinja")
        .render(library=library, root=root, href=partial(_href, root), **shown)
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _href(root: str, entry: Entry) -> Markup:
    return Markup(root + url(entry))


@cache
def _environment() -> Environment:
    """Make the one template environment: strict, and safe by construction."""
    environment = Environment(
        loader=PackageLoader("builder"),  # reads a template again once it has changed
        bytecode_cache=Compiled(),
        undefined=StrictUndefined,
        autoescape=True,  # macros give `Markup`; `finalize` escapes more than HTML
        finalize=safe,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        json=_json,
        label=_label,
        letter=letter,
        clock=clock,
        blocks=_blocks,
        plural=_plural,
        name=_name,
        number=_number,
        weight=weight,
        anchor=anchor,
        day=_day,
        address=_address,
    )
    environment.globals.update(
        ARCHIVE_PLACE=Markup(IN_THE_COPY),
        DIGEST_PLACE=Markup(DIGEST_PLACE),
        LICENCE_NAMES=NAMES,
        PACKAGES_LOCKED=tuple(locked(LOCK.read_text(encoding="utf-8"))),
        WORKS=WORKS,
        by_licence=by_licence,
        About=About,
        FEED=FEED,
        FEW=FEW,
        COLUMNS=COLUMNS,
        LEVELS=LEVELS,
        NOT_GIVEN=NOT_GIVEN,
        Region=Region,
        UNKNOWN=UNKNOWN,
        cell=cell,
        retention=by_basis,
        year=year,
        Kind=Kind,
        OriginKind=OriginKind,
        Provenance=Provenance,
        ReferenceKind=ReferenceKind,
        Stage=Stage,
        TheoryKind=TheoryKind,
        agenda=agenda,
        decks=decks,
        balance_of=balance,
        DURATIONS=DURATIONS,
        FORMATS=FORMATS,
        PERSONS=PERSONS,
        START=START,
        kind_of=kind_of,
        narratives_of_ingredients=_narratives_of_ingredients,
        challenge_matrix=challenge_matrix,
        gesture_matrix=gesture_matrix,
        draw_map=draw,
        read_off_map=read_off,
        path_themes=path_themes,
        theme_matrix=theme_matrix,
        theory_matrix=theory_matrix,
        steps_of=steps,
        theories_of_ingredients=_theories_of_ingredients,
        form_fields=fields,
        story_parts=[part for part in PARTS if part.key in STORY],
        all_parts=PARTS,
        url=url,
    )
    return environment


#: What Markdown or HTML could take for markup anywhere in a line, and only at its beginning.
_ANYWHERE: Final = re.compile(r"[\\`*_{}\[\]()<>#&|~^\"'$@]")
_FIRST: Final = frozenset("-+.:=!?0123456789")


def safe(value: Any) -> Any:
    """Make a value printable: French typography, then character references for all markup.

    Markdown and HTML both read `&#42;` as a plain asterisk, so one rule serves a heading, a
    paragraph and an attribute alike.
    """
    return value if isinstance(value, Markup) else _safe(str(value))


@lru_cache(maxsize=1 << 14)  # a title or a summary is printed on many pages
def _safe(text: str) -> Markup:
    text = french(_ONE_LINE.sub(" ", text))
    first = _reference(text[0]) if text[:1] in _FIRST else ""
    rest = text[1:] if first else text
    return Markup(first + _ANYWHERE.sub(lambda found: _reference(found.group()), rest))


_ONE_LINE: Final = re.compile(r"[ \t]*\n\s*")


def _address(value: str) -> Markup:
    """Make an address printable: an apostrophe in it is part of it, not typography."""
    return Markup(_ANYWHERE.sub(lambda found: _reference(found.group()), value))


def _reference(character: str) -> str:
    return f"&#{ord(character)};"


def _json(value: str) -> Markup:
    """Quote a text for the front matter."""
    return Markup(json.dumps(french(value), ensure_ascii=False))


def _narratives_of_ingredients(library: Library, situation: Situation) -> list[Narrative]:
    """List the stories where the ingredients of a situation are at work; most in common first."""
    wanted = (link.ingredient for link in situation.ingredients)
    shared = showing(wanted, library.narratives_by_ingredient)
    return [library.narratives[id_] for id_, _ in shared.most_common()]


def _theories_of_ingredients(library: Library, situation: Situation) -> list[Theory]:
    """List the theories that explain the ingredients of a situation; most in common first."""
    shared = Counter(
        theory.theory
        for link in situation.ingredients
        for theory in library.ingredients[link.ingredient].theories
    )
    return [library.theories[id_] for id_, _ in shared.most_common()]


def _label(value: Any) -> str:
    return LABELS[value]


def _number(value: float) -> Markup:
    """Print a number as digits: a drawing has thousands, and none can be taken for markup."""
    return Markup(f"{value:.1f}".removesuffix(".0"))


def _day(date: datetime.date) -> str:
    """Write a date in full: « 1er décembre 2026 »."""
    day = "1er" if date.day == 1 else str(date.day)
    return f"{day} {_MONTHS[date.month - 1]} {date.year}"


_MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def _name(entry: Entry) -> str:
    """Give the short name that an entry goes by in a list."""
    return str(next(getattr(entry, it) for it in ("short", "name", "title") if hasattr(entry, it)))


def _blocks(text: str) -> list[str]:
    """Cut a text into paragraphs."""
    return [block for block in re.split(r"\n\s*\n", text.strip()) if block]


def _plural(number: int, noun: str, plural: str = "") -> str:
    """Count a noun: « 1 récit », « 3 récits », « aucun récit »."""
    if number == 0:
        return f"aucun {noun}"
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"
