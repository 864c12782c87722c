"""Fits the steps of a workshop into the time that there is.

`assets/compose.js` does the same in the browser; a test holds both to the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from builder.model import Step

#: Minutes that a workshop may last.
DURATIONS: Final = range(60, 211)
#: Minutes are given out by fives: nobody watches a clock more closely than that.
UNIT: Final = 5


class Slot(NamedTuple):
    """A step and the minutes it gets; `start` is in minutes after midnight."""

    step: Step
    start: int
    minutes: int


class Agenda(NamedTuple):
    """The steps in order with their times, and the steps that there was no time for."""

    slots: tuple[Slot, ...]
    dropped: tuple[Step, ...]


def agenda(steps: Sequence[Step], duration: int, start: int) -> Agenda:
    """Spread `duration` minutes over the steps.

    Steps are dropped in the order of their `drop` rank, those of one rank together, until the
    minimums of those that stay fit.
    What is left beyond the minimums goes to each step in proportion to what it would have had in
    the whole workshop, by units of five minutes, largest remainder first, earlier step first.
    """
    kept = list(steps)
    for rank in sorted({step.drop for step in steps if step.drop}):
        if sum(step.minimum for step in kept) <= duration:
            break
        kept = [step for step in kept if step.drop != rank]
    minutes = _shares(kept, duration)
    slots, clock = [], start
    for step, share in zip(kept, minutes, strict=True):
        slots.append(Slot(step, clock, share))
        clock += share
    return Agenda(tuple(slots), tuple(step for step in steps if step not in kept))


def _shares(steps: Sequence[Step], duration: int) -> list[int]:
    """Give each step its minutes; what is no whole unit goes to the longest step."""
    whole = sum(step.minutes for step in steps)
    short = duration < whole
    weights = [step.minutes - step.minimum if short else step.minutes for step in steps]
    bases = [step.minimum if short else step.minutes for step in steps]
    units, odd = divmod(max(0, duration - sum(bases)), UNIT)
    total = sum(weights) or 1
    shares = [units * weight // total for weight in weights]
    by_remainder = sorted(range(len(steps)), key=lambda at: -(units * weights[at] % total))
    for at in by_remainder[: units - sum(shares)]:
        shares[at] += 1
    minutes = [base + UNIT * share for base, share in zip(bases, shares, strict=True)]
    minutes[minutes.index(max(minutes))] += odd
    return minutes


def clock(minutes: int) -> str:
    """Write a time of day as it is said in Québec: « 13 h », « 9 h 05 »."""
    hour, minute = divmod(minutes % (24 * 60), 60)
    return f"{hour} h {minute:02d}" if minute else f"{hour} h"
