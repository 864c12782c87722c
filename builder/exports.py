"""Gives the whole guide to other programs: one JSON file, and a CSV file for each kind.

Two more CSV files say what the page of the programmes compares, in its own French words.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from builder.comparison import comparison, retention
from builder.library import Library
from builder.model import Entry, Kind, kind_of
from builder.pages import url

#: What a spreadsheet would take for a formula at the beginning of a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Export(NamedTuple):
    """A file to write in the site, at `path` from its root."""

    path: str
    text: str


def exports(library: Library) -> Iterator[Export]:
    """Yield `data/guide.json`, a `data/*.csv` for each kind, and the comparison of programmes."""
    entries = {
        "themes": library.themes,
        "narratives": library.narratives,
        "ingredients": library.ingredients,
        "theories": library.theories,
        "situations": library.situations,
        "references": library.references,
        "challenges": library.challenges,
        "programs": library.programs,
        "chapters": library.chapters,
    }
    data = {
        name: [_entry(library, entry) for entry in found.values()]
        for name, found in entries.items()
    }
    yield Export("data/guide.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    for name, rows in data.items():
        yield Export(f"data/{name}.csv", _csv(rows))
    yield Export("data/comparaison.csv", _csv(list(comparison(library))))
    yield Export("data/maintien.csv", _csv(list(retention(library))))


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
        case Kind.CHAPTER:
            links = {}
    return {name: [to.id for to in found.get(entry.id, ())] for name, found in links.items()}


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Make a table: lists of words joined by « | », other structures as JSON, no formula."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return "\ufeff" + out.getvalue()  # spreadsheets know UTF-8 by its mark


def _cell(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        text = " | ".join(value)
    elif isinstance(value, (list, dict)):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
