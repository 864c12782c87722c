"""Writes the guide as a tree of Markdown pages.

Each page is Markdown with plain HTML where Markdown has no word for it. Every value that a
template prints passes through `safe`, so that nothing written in YAML can be taken for markup.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache, partial
from typing import Any, Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from builder.balance import balance
from builder.comparison import COLUMNS, UNKNOWN, cell, year
from builder.library import Library
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
    kind_of,
)
from builder.retention import by_basis
from builder.typography import french

#: The folder of each kind's pages; references share one page.
PAGE_FOLDERS: Final = {
    Kind.THEME: "themes",
    Kind.NARRATIVE: "recits",
    Kind.INGREDIENT: "ingredients",
    Kind.THEORY: "theories",
    Kind.SITUATION: "situations",
    Kind.CHALLENGE: "cadre/defis",
    Kind.PROGRAM: "cadre/programmes",
    Kind.CHAPTER: "cadre",
}
#: Pages that are not one entry: template, path.
SINGLE_PAGES: Final = (
    ("home", "index"),
    ("find", "trouver"),
    ("themes", "themes/index"),
    ("narratives", "recits/index"),
    ("ingredients", "ingredients/index"),
    ("theories", "theories/index"),
    ("situations", "situations/index"),
    ("frame", "cadre/index"),
    ("challenges", "cadre/defis/index"),
    ("programs", "cadre/programmes/index"),
    ("checklist", "cadre/liste-de-verification"),
    ("references", "references"),
    ("about", "a-propos"),
)


class Page(NamedTuple):
    """A Markdown page; `path` is relative to the tree, without extension."""

    path: str
    markdown: str


def pages(library: Library) -> Iterator[Page]:
    """Yield every page of the guide."""
    for template, path in SINGLE_PAGES:
        yield Page(path, _render(template, path, library))
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
    yield from library.challenges.values()
    yield from library.programs.values()
    yield from library.chapters.values()


def url(entry: Entry) -> str:
    """Give the address of an entry, from the root of the site."""
    kind = kind_of(entry)
    if kind is Kind.REFERENCE:
        return f"references.html#{entry.id}"
    return f"{PAGE_FOLDERS[kind]}/{entry.id}.html"


def _render(template: str, path: str, library: Library, **entry: Entry) -> str:
    root = "../" * path.count("/")
    text = (
        _environment()
        .get_template(f"{template}.md.jinja")
        .render(library=library, root=root, href=partial(_href, root), **entry)
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
        json=_json, label=_label, letter=_letter, blocks=_blocks, plural=_plural
    )
    environment.globals.update(
        About=About,
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
        balance_of=balance,
        kind_of=kind_of,
        narratives_of_ingredients=_narratives_of_ingredients,
        theories_of_ingredients=_theories_of_ingredients,
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


def _letter(index: int) -> str:
    """Letter the ingredients of a story as the study does: A, B, … Z, AA."""
    return chr(65 + index) if index < 26 else _letter(index // 26 - 1) + _letter(index % 26)


def _blocks(text: str) -> list[str]:
    """Cut a text into paragraphs."""
    return [block for block in re.split(r"\n\s*\n", text.strip()) if block]


def _plural(number: int, noun: str, plural: str = "") -> str:
    """Count a noun: « 1 récit », « 3 récits », « aucun récit »."""
    if number == 0:
        return f"aucun {noun}"
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"
