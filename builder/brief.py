"""Lets a story go by what most of the guide needs of it.

A story that was read before is taken up by its brief, a tenth of it; the rest is read from what is
known of it only if somebody asks. Of ten thousand stories, a build after an edit asks for a few.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from builder.model import Head, Narrative, Record
from builder.passages import marks

HEAD: Final = frozenset(Head.model_fields)
#: What of a story shows ingredients at work: its text, and why its marked words show each.
SHOWING: Final = frozenset({"story", "readings"})


class Brief(Record):
    """The head of a story, its marked ingredients in order, and what tells when it changes."""

    head: Head
    marked: tuple[str, ...]
    head_digest: str
    showing_digest: str


class StandIn:
    """Stands for a story: it has the head, and asks for the story when asked for more."""

    #: Gives the story, which is asked for an attribute.
    whole: Callable[[str], Narrative]

    def __init__(self, head: Mapping[str, Any]) -> None:
        self.__dict__.update(head)

    @property  # type: ignore[misc]
    def __class__(self) -> type[Narrative]:  # type: ignore[override]
        return Narrative

    def __getattr__(self, name: str) -> Any:
        if name not in Narrative.model_fields:
            of_class = getattr(Narrative, name)  # AttributeError: no story has it
            if name.startswith("__"):  # which `isinstance` asks of the class
                return of_class
        return getattr(self.whole(name), name)


class TakenUp(StandIn):
    """A story that stays in its JSON until somebody asks for more than its brief."""

    def __init__(self, brief: Brief, json: bytes) -> None:
        super().__init__(brief.head.__dict__)
        self.brief = brief
        self._json = json
        self._read: Narrative | None = None

    def whole(self, asked: str) -> Narrative:
        """Give the story, read once, whatever it is asked for."""
        if self._read is None:
            self._read = Narrative.model_validate_json(self._json, strict=True)
        return self._read


def by_brief(brief: bytes, json: bytes) -> Narrative:
    """Take up a story by its brief. Raises ValueError when that says no such thing."""
    found = Brief.model_validate_json(brief, strict=True)
    return cast(Narrative, TakenUp(found, json))


def brief_of(narrative: Narrative) -> bytes:
    """Write the brief of a story; of the story itself, pydantic writes what is a head's."""
    brief = Brief(
        head=narrative,
        marked=marked_in(narrative),
        head_digest=head_digest(narrative),
        showing_digest=showing_digest(narrative),
    )
    return brief.model_dump_json(exclude_defaults=True).encode()


def marked_in(narrative: Narrative) -> tuple[str, ...]:
    """Give the ids of the ingredients that a story marks, once each, in order."""
    brief = _of(narrative)
    return brief.marked if brief else marks(narrative.story)


def head_digest(narrative: Narrative) -> str:
    """Digest the head of a story."""
    brief = _of(narrative)
    return brief.head_digest if brief else _digest(narrative, HEAD)


def showing_digest(narrative: Narrative) -> str:
    """Digest what of a story shows ingredients at work."""
    brief = _of(narrative)
    return brief.showing_digest if brief else _digest(narrative, SHOWING)


def _of(narrative: object) -> Brief | None:
    """Give the brief that a story was taken up by."""
    return narrative.brief if isinstance(narrative, TakenUp) else None


def _digest(narrative: Narrative, fields: frozenset[str]) -> str:
    return hashlib.sha256(narrative.model_dump_json(include=set(fields)).encode()).hexdigest()
