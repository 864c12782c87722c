"""Gives the whole guide to others: one JSON file, tables, and a deck of cards to learn.

Two tables say what the page of the programmes compares, in its own French words.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import BaseModel
from pydantic_core import to_json

from builder.addresses import url
from builder.anki import deck
from builder.comparison import comparison, retention
from builder.engine import SiteError
from builder.library import Library, entries_of, field
from builder.matrix import (
    challenge_matrix,
    gesture_matrix,
    path_themes,
    theme_matrix,
    theory_matrix,
)
from builder.model import MODELS, Challenge, Entry, Ingredient, Kind, file_of
from builder.pieces import Places, Text
from builder.spreadsheet import literal

NO_PIECE: Final[Places] = {}


class Export(NamedTuple):
    """A file to write in the site, at `path` from its root; `title` says what is in it.

    `runs` are its bytes; `places` are those of its pieces that the next build may take.
    """

    path: str
    title: str
    runs: Sequence[bytes | memoryview]
    places: Places = NO_PIECE

    @property
    def size(self) -> int:
        """Count its bytes."""
        return sum(map(len, self.runs))


WHOLE: Final = "data/guide.json"
#: Hexadecimal digits that tell a piece.
KEY: Final = 32
#: What people read of each kind's table.
TITLES: Final = {
    Kind.THEME: "Thèmes",
    Kind.NARRATIVE: "Récits",
    Kind.INGREDIENT: "Ingrédients actifs",
    Kind.THEORY: "Théories et approches",
    Kind.SITUATION: "Situations et leurs phrases",
    Kind.REFERENCE: "Références",
    Kind.WORKSHEET: "Fiches d'atelier",
    Kind.CHALLENGE: "Défis de la mise en œuvre",
    Kind.PROGRAM: "Programmes",
    Kind.CHAPTER: "Pages du cadre",
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
            content = (root / name).read_bytes()
            try:
                content.decode()
            except UnicodeDecodeError as error:
                raise SiteError(f"{name} : ce n'est pas un texte en UTF-8.") from error
            yield Export(path, title, (content,))


def exports(
    library: Library,
    before: Callable[[str], Text] = lambda path: Text(),
    mark: Callable[[Entry], str] = lambda entry: "",
) -> Iterator[Export]:
    """Yield a `data/*.csv` for each kind, and `data/guide.json`.

    `before` gives a text that knows the pieces of the last build, by its path; `mark` tells an
    entry that changed from what it was.
    """
    whole = before(WHOLE)
    whole.add(b"{")
    for kind, title in TITLES.items():
        path = f"data/{field(kind)}.csv"
        table = before(path)
        _add_entries(library, kind, whole, table, mark)
        yield Export(path, title, table.runs(), table.places)
    whole.add(to_json({"workshops": _workshops(library)}, indent=1)[1:] + b"\n")
    yield Export(WHOLE, "Tout le guide", whole.runs(), whole.places)


class Table(NamedTuple):
    """Data that few entries make, at `path` from the root of the site."""

    path: str
    title: str
    make: Callable[[Library], bytes]


def tables() -> Iterator[Table]:
    """Yield the matrices, the comparisons, and the deck of cards."""
    for name, title, rows in _TABLES:
        yield Table(f"data/{name}.csv", title, partial(_table, rows))
    yield Table("data/ingredients-anki.txt", "Cartes d'ingrédients à apprendre", _deck)


def _table(rows: _Rows, library: Library) -> bytes:
    return _csv(list(rows(library)))


def _deck(library: Library) -> bytes:
    return deck(library).encode()


def _add_entries(
    library: Library, kind: Kind, whole: Text, table: Text, mark: Callable[[Entry], str]
) -> None:
    """Add the entries of a kind to the JSON of all, and to their own table."""
    links, columns = _links(library, kind), _columns(library, kind)
    whole.add(f'\n "{field(kind)}": ['.encode())
    table.add(_BOM + _csv_line(columns))
    heads, separator = repr(columns), "\n  "
    for entry in entries_of(library)[kind].values():
        derived = {name: [to.id for to in found.get(entry.id, ())] for name, found in links.items()}
        said = f"{heads}{separator}{file_of(entry)} {mark(entry)} {derived}"
        key = hashlib.sha256(said.encode()).hexdigest()[:KEY]
        if whole.knows(key) and table.knows(key):
            whole.take(key)
            table.take(key)
        else:
            row = _entry(entry) | derived
            json_row = to_json(row, indent=1).replace(b"\n", b"\n  ")
            whole.add(separator.encode() + json_row, key)
            table.add(_csv_line([_cell(row.get(name, "")) for name in columns]), key)
        separator = ",\n  "
    whole.add(b"\n ]," if entries_of(library)[kind] else b"],")


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


def _gesture_rows(library: Library) -> list[dict[str, Any]]:
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


def _entry(entry: Entry) -> dict[str, Any]:
    """Give an entry's own fields, and its address."""
    own = entry.model_dump(mode="json", exclude_defaults=True)
    return {"id": entry.id, **own, "url": url(entry)}


def _links(library: Library, kind: Kind) -> Mapping[str, Mapping[str, Sequence[Entry]]]:
    """Name the entries that lead to one of this kind, or that its text leads to."""
    match kind:
        case Kind.THEME:
            return {
                "challenges": library.challenges_by_theme,
                "chapters": library.chapters_by_theme,
                "narratives": library.narratives_by_theme,
                "ingredients": library.ingredients_by_theme,
                "situations": library.situations_by_theme,
            }
        case Kind.NARRATIVE:
            return {"ingredients": library.ingredients_by_narrative}
        case Kind.INGREDIENT:
            return {
                "challenges": library.challenges_by_ingredient,
                "chapters": library.chapters_by_ingredient,
                "programs": library.programs_by_ingredient,
                "narratives": library.narratives_by_ingredient,
                "situations": library.situations_by_ingredient,
                "themes": library.themes_by_ingredient,
            }
        case Kind.THEORY:
            return {"ingredients": library.ingredients_by_theory}
        case Kind.SITUATION:
            return {
                "challenges": library.challenges_by_situation,
                "chapters": library.chapters_by_situation,
                "narratives": library.narratives_by_situation,
            }
        case Kind.REFERENCE:
            return {"cites": library.references_by_source}
        case Kind.CHALLENGE:
            return {
                "chapters": library.chapters_by_challenge,
                "narratives": library.narratives_by_challenge,
            }
        case Kind.PROGRAM:
            return {
                "challenges": library.challenges_by_program,
                "chapters": library.chapters_by_program,
            }
        case Kind.CHAPTER | Kind.WORKSHEET:
            return {}


def _columns(library: Library, kind: Kind) -> list[str]:
    """Name the columns of a kind's table, the same whatever its entries say; names come last."""
    names = list(MODELS[kind].model_fields)
    last = [name for name in ("former_names", "allowed_names") if name in names]
    own = [name for name in names if name not in ("id", *last)]
    return list(dict.fromkeys(("id", *own, "url", *_links(library, kind), *last)))


_Rows = Callable[[Library], Iterable[Mapping[str, Any]]]
#: Name, title, and what gives the rows of each table.
_TABLES: Final[tuple[tuple[str, str, _Rows], ...]] = (
    ("matrix-themes", "Matrice des ingrédients et des thèmes", _theme_rows),
    ("matrix-theories", "Matrice des ingrédients et des théories", _theory_rows),
    ("matrix-challenges-themes", "Matrice des défis et des thèmes", _challenge_themes),
    ("matrix-challenges-programs", "Matrice des défis et des programmes", _challenge_programs),
    ("matrix-ingredients-challenges", "Matrice des ingrédients et des défis", _gesture_rows),
    ("comparaison", "Les programmes comparés", comparison),
    ("maintien", "Le maintien en logement, programme par programme", retention),
)

#: Spreadsheets know UTF-8 by this.
_BOM: Final = codecs.BOM_UTF8


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Make a table of rows, each of which may leave columns out."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = (_csv_line([_cell(row.get(name, "")) for name in columns]) for row in rows)
    return _BOM + _csv_line(columns) + b"".join(lines)


def _csv_line(cells: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    """Write a value: lists of words joined by « | », other structures as JSON, no formula."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        text = " | ".join(value)
    elif isinstance(value, (list, dict)):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = str(value)
    return literal(text)
