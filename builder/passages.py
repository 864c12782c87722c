"""The marked words of a story: `[words](ingredient)` or `[words](ingredient, ingredient)`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

_MARK: Final = re.compile(r"\[([^\[\]]+)\]\(([^\[\]()]*)\)")
_TARGET: Final = re.compile(r"[^,\s][^,]*")
_BLANK_LINE: Final = re.compile(r"\n\s*\n")
_STRAY: Final = re.compile(r"[\[\]]")


class Segment(NamedTuple):
    """A run of words; `ingredients` is empty where no ingredient is marked.

    `number` counts the marked passages of the story from 1; 0 for plain words. `offset` is where
    the words start in the story's text as written.
    """

    words: str
    ingredients: tuple[str, ...] = ()
    number: int = 0
    offset: int = 0


Paragraph = tuple[Segment, ...]


def paragraphs(story: str) -> tuple[Paragraph, ...]:
    """Cut a story into paragraphs of segments; a single line break is a space."""
    found: list[Paragraph] = []
    number = 0
    for match in re.finditer(r"\S[^\n]*(?:\n(?!\s*\n)[^\n]+)*", story):
        segments: list[Segment] = []
        for segment in _segments(match.group(), match.start()):
            if segment.ingredients:
                number += 1
                segment = segment._replace(number=number)
            segments.append(segment)
        if any(segment.words.strip() for segment in segments):
            found.append(tuple(segments))
    return tuple(found)


def _segments(text: str, start: int) -> Iterator[Segment]:
    end = 0
    for match in _MARK.finditer(text):
        if match.start() > end:
            yield Segment(_flat(text[end : match.start()]), offset=start + end)
        yield Segment(_flat(match.group(1)), ids(match.group(2)), offset=start + match.start(1))
        end = match.end()
    if end < len(text):
        yield Segment(_flat(text[end:]), offset=start + end)


def _flat(words: str) -> str:
    return re.sub(r"\s*\n\s*", " ", words)


@lru_cache(maxsize=1 << 14)  # few are named by most marks
def ids(target: str) -> tuple[str, ...]:
    """Split the target of a mark into ingredient ids."""
    return tuple(id_ for id_ in (part.strip() for part in target.split(",")) if id_)


def passages(story: Iterable[Paragraph]) -> Iterator[Segment]:
    """Yield the marked segments of a story, in order."""
    for paragraph in story:
        yield from (segment for segment in paragraph if segment.ingredients)


def plain(story: str) -> str:
    """Give the story without its marks."""
    return _MARK.sub(r"\1", story)


class Target(NamedTuple):
    """An ingredient id in a mark, and its offset in the story."""

    id: str
    offset: int


def marks(story: str) -> tuple[str, ...]:
    """Give the ids of a story's marks, once each, in order."""
    named = (id_ for _, target in _MARK.findall(story) for id_ in ids(target))
    return tuple(dict.fromkeys(named))


@lru_cache(maxsize=1 << 14)  # a story is asked for its own by each rule
def targets(story: str) -> tuple[Target, ...]:
    """Give every id of every mark with its place."""
    return tuple(
        Target(part.group().strip(), part.start())
        for match in _MARK.finditer(story)
        for part in _TARGET.finditer(story, *match.span(2))
    )


def malformed(story: str) -> Iterator[int]:
    """Yield the offset of each bracket that belongs to no mark, and of each mark without id.

    A mark that goes on after a blank line is none: a passage is in one paragraph.
    """
    found = [*_MARK.finditer(story)]
    if story.count("[") == story.count("]") == len(found):  # each mark has its two
        yield from (match.start() for match in found if _is_empty(match))
        return
    end = 0
    for match in found:
        yield from (stray.start() for stray in _STRAY.finditer(story, end, match.start()))
        end = match.end()
        if _is_empty(match):
            yield match.start()
    yield from (stray.start() for stray in _STRAY.finditer(story, end))


def _is_empty(match: re.Match[str]) -> bool:
    """Tell whether a mark has no id, or goes on after a blank line."""
    return not ids(match.group(2)) or bool(_BLANK_LINE.search(match.group()))


def letter(index: int) -> str:
    """Letter the ingredients of a story as the study does: A, B, … Z, AA."""
    return chr(65 + index) if index < 26 else letter(index // 26 - 1) + letter(index % 26)
