"""Sets the programmes side by side, for a page and for a spreadsheet.

What a source does not say is said not to be said; rates keep their definition and their date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from builder.library import Library
from builder.model import LABELS, NOT_GIVEN, Citation, Figure, Program

UNKNOWN: Final = "La source ne le dit pas"

_YEAR: Final = re.compile(r"\b\d{4}\b")


class Column(NamedTuple):
    """What a column is called, and what a programme has there, one text a point."""

    title: str
    points: Callable[[Program], tuple[str, ...]]


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


#: What is compared, in order; results are told apart, with their definitions.
COLUMNS: Final = (
    Column("Lieu", lambda program: _one(program.place)),
    Column("Depuis", lambda program: _one(program.since)),
    Column("Géré par", lambda program: _one(program.run_by)),
    Column("Modèle", lambda program: _one(program.model)),
    Column("Équipe", lambda program: program.team),
    Column("Soutiens", lambda program: program.supports),
    Column("Financement", lambda program: program.funding),
)


def cell(column: Column, program: Program) -> tuple[str, ...]:
    """Give the texts of a cell; `UNKNOWN` alone when the sources say nothing."""
    return column.points(program) or (UNKNOWN,)


def year(program: Program) -> str:
    """Give the first year of a programme, to sort by; empty when no source gives it."""
    found = _YEAR.search(program.since or "")
    return found.group() if found else ""


def comparison(library: Library) -> Iterator[Mapping[str, str]]:
    """Yield one row a programme: every column, then its figures and its sources."""
    for program in library.programs.values():
        yield {
            "Programme": program.name,
            **{column.title: " | ".join(cell(column, program)) for column in COLUMNS},
            "Chiffres": " | ".join(_figure(library, figure) for figure in program.results),
            "Sources": _sources(library, program.sources),
        }


def retention(library: Library) -> Iterator[Mapping[str, str]]:
    """Yield one row a rate of housing retention, with all that it takes to read it."""
    for program in library.programs.values():
        for figure in program.results:
            if figure.retention:
                yield {
                    "Programme": program.name,
                    "Taux": figure.value,
                    "Ce qui est compté": figure.label,
                    "Manière de mesurer": LABELS[figure.retention],
                    "Définition": _said(figure.definition),
                    "Date": _said(figure.date),
                    "Source": _sources(library, figure.sources),
                }


def _figure(library: Library, figure: Figure) -> str:
    known = f"{figure.label} : {figure.value} ({_said(figure.date)}"
    definition = f"; {_said(figure.definition)}" if figure.is_rate else ""
    return f"{known}{definition}; {_sources(library, figure.sources)})"


def _said(text: str | None) -> str:
    return UNKNOWN if text in (None, NOT_GIVEN) else str(text)


def _sources(library: Library, citations: tuple[Citation, ...]) -> str:
    return ", ".join(library.references[citation.ref].short for citation in citations)
