"""Runs the rules that the files must follow."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from builder import library_rules
from builder.entry_rules import check_entry
from builder.library_rules import Content
from builder.model import file_of
from builder.problems import Problem


def check(content: Content) -> tuple[Problem, ...]:
    """Run every rule; give the problems of reading and checking together, in order of place."""
    return tuple(sorted(chain(content.reading.problems, _alone(content), _together(content))))


def _alone(content: Content) -> Iterator[Problem]:
    """Run the rules that look at one entry, on those whose files are not known sound."""
    for entry in content.reading.entries:
        if file_of(entry) not in content.reading.sound:
            yield from check_entry(content.about(entry))


def _together(content: Content) -> Iterator[Problem]:
    """Run the rules that look at entries side by side, if all of them could be found."""
    rules = () if content.reading.closed else library_rules.RULES
    return chain.from_iterable(rule(content) for rule in rules)
