"""An entry under the rules: its texts, and the places of its faults."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from builder.model import Entry, Kind, Path, file_of, links, texts
from builder.parsing import Source
from builder.privacy import Names
from builder.problems import Problem, Severity

#: A text of an entry, and an offset in it.
Place = tuple[Path, str, int]


@dataclass(frozen=True)
class Texts:
    """Texts of an entry, with their paths."""

    places: tuple[tuple[Path, str], ...]

    @cached_property
    def whole(self) -> str:
        """All the texts, end to end, to look at once."""
        return "\n\n".join(text for _, text in self.places)

    def place(self, offset: int) -> Place:
        """Give the text where an offset of `whole` falls."""
        starts = list(accumulate((len(text) + 2 for _, text in self.places), initial=0))
        index = bisect_right(starts, offset) - 1
        return *self.places[index], offset - starts[index]


@dataclass(frozen=True)
class Subject:
    """An entry under the rules; `sources` go by file, `names` are those that may identify."""

    entry: Entry
    sources: Mapping[str, Source]
    names: Names

    @cached_property
    def texts(self) -> Texts:
        """What people read of it."""
        return Texts(tuple(texts(self.entry)))

    @cached_property
    def links(self) -> tuple[tuple[Path, Kind, str], ...]:
        """Its links, as `model.links` gives them."""
        return tuple(links(self.entry))

    def problem(
        self, path: Path, rule: str, message: str, advice: str, severity: Severity = "error"
    ) -> Problem:
        """Make a problem at a path of the entry."""
        source = self.sources[file_of(self.entry)]
        return source.problem(source.position(path), rule, message, advice, severity)

    def problem_in(
        self, place: Place, rule: str, message: str, advice: str, severity: Severity = "error"
    ) -> Problem:
        """Make a problem inside one of its texts."""
        source = self.sources[file_of(self.entry)]
        return source.problem(source.position_in(*place), rule, message, advice, severity)
