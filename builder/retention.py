"""Draws the rates of housing retention, each beside what it takes to read it.

Rates measured in different ways stand in different groups, by programme and never by size: they
are not a ranking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from builder.library import Library
from builder.model import Basis, Figure, Program

#: « 80 % », « plus de 95,2 % »: a rate that can be drawn.
_RATE: Final = re.compile(r"(plus de )?(\d{1,2}(?:,\d+)?|100) ?%", re.IGNORECASE)


class Rate(NamedTuple):
    """A percentage; `at_least` when the source says « plus de »."""

    percent: float
    at_least: bool


class Bar(NamedTuple):
    """A rate to draw, and where it comes from."""

    program: Program
    figure: Figure
    rate: Rate

    @property
    def width(self) -> str:
        """Give the length of the bar, in hundredths of the scale."""
        return f"{self.rate.percent:g}"

    @property
    def rest(self) -> str:
        """Give what « plus de » may add to the bar."""
        return f"{100 - self.rate.percent:g}"


def read_rate(value: str) -> Rate | None:
    """Read a rate as a source writes it; None when it cannot be drawn."""
    found = _RATE.fullmatch(value.strip())
    if not found:
        return None
    return Rate(float(found.group(2).replace(",", ".")), bool(found.group(1)))


def by_basis(library: Library) -> Mapping[Basis, tuple[Bar, ...]]:
    """Group the rates by the way they were measured; ways that no rate has are left out."""
    bars = tuple(_bars(library))
    groups = {basis: tuple(bar for bar in bars if bar.figure.retention is basis) for basis in Basis}
    return {basis: group for basis, group in groups.items() if group}


def _bars(library: Library) -> Iterator[Bar]:
    for program in library.programs.values():
        for figure in program.results:
            rate = read_rate(figure.value) if figure.retention else None
            if rate:
                yield Bar(program, figure, rate)
