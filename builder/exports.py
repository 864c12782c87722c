"""Gives the whole guide to others: one JSON file, tables, and a deck of cards to learn.

Two tables say what the page of the programmes compares, in its own French words.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from textwrap import indent
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from builder.addresses import url
from builder.anki import deck
from builder.comparison import comparison, retention
from builder.engine import SiteError
from builder.library import Library
from builder.matrix import (
    challenge_matrix,
    gesture_matrix,
    path_themes,
    theme_matrix,
    theory_matrix,
)
from builder.model import Challenge, Entry, Ingredient, Kind, kind_of
from builder.spreadsheet import literal


class Export(NamedTuple):
    """A file to write in the site, at `path` from its root; `title` says what is in it."""

    path: str
    title: str
    text: str


#: What people read of each kind's table.
TITLES: Final = {
    "themes": "Thèmes",
    "narratives": "Récits",
    "ingredients": "Ingrédients actifs",
    "theories": "Théories et approches",
    "situations": "Situations et leurs phrases",
    "references": "Références",
    "worksheets": "Fiches d'atelier",
    "challenges": "Défis de la mise en œuvre",
    "programs": "Programmes",
    "chapters": "Pages du cadre",
}
#: Files of the project that go with the guide wherever it is copied: where, name there, title.
CARRIED: Final = (
    ("CITATION.cff", "CITATION.cff", "Comment citer le guide"),
    ("LICENSE-content", "licence.txt", "Licence des textes"),
)


def carried(root: Path) -> Iterator[Export]:
    """Yield the files of the project that the site carries, where they are. Raises SiteError."""
    for name, path, title in CARRIED:
        if (root / name).is_file():
            try:
                text = (root / name).read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                raise SiteError(f"{name} : ce n'est pas un texte en UTF-8.") from error
            yield Export(path, title, text)


def exports(library: Library) -> Iterator[Export]:
    """Yield `data/guide.json`, a `data/*.csv` for each kind and matrix, and the deck of cards."""
    entries = {
        "themes": library.themes,
        "narratives": library.narratives,
        "ingredients": library.ingredients,
        "theories": library.theories,
        "situations": library.situations,
        "references": library.references,
        "worksheets": library.worksheets,
        "challenges": library.challenges,
        "programs": library.programs,
        "chapters": library.chapters,
    }
    yield Export("data/guide.json", "Tout le guide", "".join(_whole(library, entries)))
    for name, found in entries.items():
        rows = partial(_rows, library, found)
        yield Export(f"data/{name}.csv", TITLES[name], _csv(rows))
    tables: tuple[tuple[str, str, Sequence[Mapping[str, Any]]], ...] = (
        ("matrix-themes", "Matrice des ingrédients et des thèmes", _theme_rows(library)),
        ("matrix-theories", "Matrice des ingrédients et des théories", _theory_rows(library)),
        ("matrix-challenges-themes", "Matrice des défis et des thèmes", _challenge_themes(library)),
        (
            "matrix-challenges-programs",
            "Matrice des défis et des programmes",
            _challenge_programs(library),
        ),
        (
            "matrix-ingredients-challenges",
            "Matrice des ingrédients et des défis",
            _ingredient_challenges(library),
        ),
        ("comparaison", "Les programmes comparés", list(comparison(library))),
        ("maintien", "Le maintien en logement, programme par programme", list(retention(library))),
    )
    for name, title, table in tables:
        yield Export(f"data/{name}.csv", title, _csv(partial(iter, table)))
    yield Export("data/ingredients-anki.txt", "Cartes d'ingrédients à apprendre", deck(library))


def _whole(library: Library, entries: Mapping[str, Mapping[str, Entry]]) -> Iterator[str]:
    """Yield the pieces of one JSON text, an entry at a time: all at once are a gigabyte."""
    for name, found in entries.items():
        yield f'{"{" if name == "themes" else ","}\n "{name}": ['
        for number, entry in enumerate(found.values()):
            text = json.dumps(_entry(library, entry), ensure_ascii=False, indent=1)
            yield ("," if number else "") + indent(f"\n{text}", "  ", lambda line: line != "\n")
        yield "\n ]" if found else "]"
    workshops = json.dumps(_workshops(library), ensure_ascii=False, indent=1)
    yield f',\n "workshops": {indent(workshops, " ").lstrip()}\n}}\n'


def _workshops(library: Library) -> dict[str, Any]:
    """Give how workshops go: the method, the series, the other meetings."""

    def plain(records: Iterable[BaseModel]) -> list[dict[str, Any]]:
        return [record.model_dump(mode="json", exclude_defaults=True) for record in records]

    return {
        "method": plain([library.method])[0] if library.method else None,
        "series": plain(library.series),
        "plans": plain(library.plans),
    }


def _theme_rows(library: Library) -> list[dict[str, Any]]:
    """Give the stories that show each ingredient: in all, and in each theme of the path."""
    ids = [theme.id for theme in path_themes(library)]
    return [
        _ingredient_cells(row.ingredient)
        | {"narratives": row.total}
        | dict(zip(ids, row.counts, strict=True))
        for row in theme_matrix(library)
    ]


def _theory_rows(library: Library) -> list[dict[str, Any]]:
    """Give the provenance of each ingredient's link with each theory; nothing without a link."""
    return [
        _ingredient_cells(row.ingredient)
        | {
            id_: link.status.value if link else ""
            for id_, link in zip(library.theories, row.links, strict=True)
        }
        for row in theory_matrix(library)
    ]


def _challenge_themes(library: Library) -> list[dict[str, Any]]:
    """Give why each challenge is linked to each theme of the path; nothing without a link."""
    ids = [theme.id for theme in path_themes(library)]
    return [
        _challenge_cells(row.challenge) | _whys(ids, row.themes)
        for row in challenge_matrix(library)
    ]


def _challenge_programs(library: Library) -> list[dict[str, Any]]:
    """Give what each programme does about each challenge; nothing where no source says it."""
    return [
        _challenge_cells(row.challenge)
        | _whys(library.programs, (it.why if it else None for it in row.programs))
        for row in challenge_matrix(library)
    ]


def _ingredient_challenges(library: Library) -> list[dict[str, Any]]:
    """Give why each ingredient is linked to each challenge; nothing without a link."""
    return [
        _ingredient_cells(row.ingredient) | _whys(library.challenges, row.challenges)
        for row in gesture_matrix(library)
    ]


def _challenge_cells(challenge: Challenge) -> dict[str, Any]:
    return {"id": challenge.id, "number": challenge.number, "short": challenge.short}


def _whys(ids: Iterable[str], whys: Iterable[str | None]) -> dict[str, Any]:
    return {id_: why or "" for id_, why in zip(ids, whys, strict=True)}


def _ingredient_cells(ingredient: Ingredient) -> dict[str, Any]:
    return {"id": ingredient.id, "short": ingredient.short, "status": ingredient.status.value}


def _entry(library: Library, entry: Entry) -> dict[str, Any]:
    """Give an entry's own fields, its address, and what is derived from the others."""
    own = entry.model_dump(mode="json", exclude_defaults=True)
    return {"id": entry.id, **own, "url": url(entry), **_derived(library, entry)}


def _derived(library: Library, entry: Entry) -> dict[str, list[str]]:
    """Give the ids of the entries that lead here, or that the entry's text leads to."""
    match kind_of(entry):
        case Kind.THEME:
            links: Mapping[str, Mapping[str, Iterable[Entry]]] = {
                "challenges": library.challenges_by_theme,
                "chapters": library.chapters_by_theme,
                "narratives": library.narratives_by_theme,
                "ingredients": library.ingredients_by_theme,
                "situations": library.situations_by_theme,
            }
        case Kind.NARRATIVE:
            links = {"ingredients": library.ingredients_by_narrative}
        case Kind.INGREDIENT:
            links = {
                "challenges": library.challenges_by_ingredient,
                "chapters": library.chapters_by_ingredient,
                "programs": library.programs_by_ingredient,
                "narratives": library.narratives_by_ingredient,
                "situations": library.situations_by_ingredient,
                "themes": library.themes_by_ingredient,
            }
        case Kind.THEORY:
            links = {"ingredients": library.ingredients_by_theory}
        case Kind.SITUATION:
            links = {
                "challenges": library.challenges_by_situation,
                "chapters": library.chapters_by_situation,
                "narratives": library.narratives_by_situation,
            }
        case Kind.REFERENCE:
            links = {"cites": library.references_by_source}
        case Kind.CHALLENGE:
            links = {
                "chapters": library.chapters_by_challenge,
                "narratives": library.narratives_by_challenge,
            }
        case Kind.PROGRAM:
            links = {
                "challenges": library.challenges_by_program,
                "chapters": library.chapters_by_program,
            }
        case Kind.CHAPTER | Kind.WORKSHEET:
            links = {}
    return {name: [to.id for to in found.get(entry.id, ())] for name, found in links.items()}


def _rows(library: Library, entries: Mapping[str, Entry]) -> Iterator[dict[str, Any]]:
    return (_entry(library, entry) for entry in entries.values())


def _csv(rows: Callable[[], Iterable[Mapping[str, Any]]]) -> str:
    """Make a table: lists of words joined by « | », other structures as JSON, no formula.

    The rows are asked for twice: to know the columns, then to write them. Neither holds them all.
    """
    columns = list(dict.fromkeys(name for row in rows() for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows())
    return "\ufeff" + out.getvalue()  # spreadsheets know UTF-8 by its mark


def _cell(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        text = " | ".join(value)
    elif isinstance(value, (list, dict)):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = str(value)
    return literal(text)
