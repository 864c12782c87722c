"""Writes the guide as a tree of Markdown pages.

Each page is Markdown with plain HTML where Markdown has no word for it. Every value that a
template prints passes through `safe`, so that nothing written in YAML can be taken for markup.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache, partial
from typing import Any, Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from builder.addresses import PAGE_FOLDERS, url
from builder.agenda import DURATIONS, agenda, clock
from builder.balance import balance
from builder.form import fields
from builder.handouts import FORMATS
from builder.library import Library
from builder.model import (
    LABELS,
    About,
    Entry,
    Kind,
    Narrative,
    OriginKind,
    Provenance,
    ReferenceKind,
    Situation,
    Stage,
    Theory,
    TheoryKind,
    kind_of,
)
from builder.passages import letter
from builder.press import Printed
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
    ("references", "references"),
    ("propose", "proposer"),
    ("about", "a-propos"),
)


class Page(NamedTuple):
    """A Markdown page; `path` is relative to the tree, without extension."""

    path: str
    markdown: str


def pages(library: Library, printed: Iterable[Printed]) -> Iterator[Page]:
    """Yield every page of the guide; `printed` are the handouts that the pages offer."""
    prints = {one.handout.path: one for one in printed}
    for template, path in SINGLE_PAGES:
        yield Page(path, _render(template, path, library, prints=prints))
    for theme in library.themes.values():
        if library.narratives_by_theme.get(theme.id):
            path = f"ateliers/{theme.id}/index"
            yield Page(path, _render("workshop", path, library, prints=prints, theme=theme))
    for entry in entries(library):
        kind = kind_of(entry)
        path = f"{PAGE_FOLDERS[kind]}/{entry.id}"
        yield Page(path, _render(kind.value, path, library, **{kind.value: entry}))
        for name in entry.former_names:
            former = f"{PAGE_FOLDERS[kind]}/{name}"
            yield Page(former, _render("redirect", former, library, entry=entry))


def entries(library: Library) -> Iterator[Entry]:
    """Yield the entries that have a page of their own, kind by kind."""
    yield from library.themes.values()
    yield from library.narratives.values()
    yield from library.ingredients.values()
    yield from library.theories.values()
    yield from library.situations.values()


def _render(template: str, path: str, library: Library, **values: Any) -> str:
    root = "../" * path.count("/")
    text = (
        _environment()
        .get_template(f"{template}.md.jinja")
        .render(library=library, root=root, href=partial(_href, root), **values)
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _href(root: str, entry: Entry) -> Markup:
    return Markup(root + url(entry))


@cache
def _environment() -> Environment:
    """Make the one template environment: strict, and safe by construction."""
    environment = Environment(
        loader=PackageLoader("builder"),  # reads a template again once it has changed
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
        blocks=_blocks,
        plural=_plural,
        kilobytes=_kilobytes,
        clock=clock,
    )
    environment.globals.update(
        About=About,
        Kind=Kind,
        OriginKind=OriginKind,
        Provenance=Provenance,
        ReferenceKind=ReferenceKind,
        Stage=Stage,
        TheoryKind=TheoryKind,
        agenda=agenda,
        balance_of=balance,
        DURATIONS=DURATIONS,
        FORMATS=FORMATS,
        PERSONS=PERSONS,
        START=START,
        kind_of=kind_of,
        narratives_of_ingredients=_narratives_of_ingredients,
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


def _reference(character: str) -> str:
    return f"&#{ord(character)};"


def _json(value: str) -> Markup:
    """Quote a text for the front matter."""
    return Markup(json.dumps(french(value), ensure_ascii=False))


def _narratives_of_ingredients(library: Library, situation: Situation) -> list[Narrative]:
    """List the stories where the ingredients of a situation are at work; most in common first."""
    shared = Counter(
        narrative.id
        for link in situation.ingredients
        for narrative in library.narratives_by_ingredient.get(link.ingredient, ())
    )
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


def _blocks(text: str) -> list[str]:
    """Cut a text into paragraphs."""
    return [block for block in re.split(r"\n\s*\n", text.strip()) if block]


def _kilobytes(size: int) -> str:
    return f"{max(1, round(size / 1000))} ko"


def _plural(number: int, noun: str, plural: str = "") -> str:
    """Count a noun: « 1 récit », « 3 récits », « aucun récit »."""
    if number == 0:
        return f"aucun {noun}"
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"
