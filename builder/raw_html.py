"""A Markdown extension that sets whole HTML blocks aside before Markdown and mkdocs read the page.

Both would parse all of it, tag by tag, to find where each block ends and which anchors it has:
four fifths of the time of a build. Our pages are mostly such blocks, written by our templates,
where `<` opens a tag and nothing else. So counting the tags of a block's own name finds its end,
and what comes out is the same, byte for byte: a test builds the guide both ways.

`site.render` adds it when it runs mkdocs; `mkdocs.yml` and the pages do not need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

#: Before mkdocs (21) and Markdown (20) read HTML; after line ends and tabs are made plain (30).
PRIORITY: Final = 22
_START: Final = re.compile(r"^<([a-z][a-z0-9]*)(?=[\s>])", re.MULTILINE)
_BLANK_LINE: Final = re.compile(r" *\n *\n")


class SetAside(Preprocessor):  # type: ignore[misc]
    """Replaces each HTML block that begins a line by the place where Markdown puts it back."""

    def run(self, lines: list[str]) -> list[str]:
        """Give the lines without their HTML blocks."""
        return "".join(self._pieces("\n".join(lines))).split("\n")

    def _pieces(self, text: str) -> Iterator[str]:
        done = 0
        while start := _START.search(text, done):
            end = _end(text, start) if self.md.is_block_level(start[1]) else None
            if end is None:
                yield text[done : start.end()]
                done = start.end()
                continue
            yield text[done : start.start()]
            block = text[start.start() : end] + "\n" * bool(_BLANK_LINE.match(text, end))
            yield f"\n{self.md.htmlStash.store(block)}\n\n"
            done = end
        yield text[done:]


def _end(text: str, start: re.Match[str]) -> int | None:
    """Find where the element ends; None when more follows on its line, or nothing closes it."""
    depth = 0
    for tag in _tags(start[1]).finditer(text, start.start()):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end() if text[tag.end() : tag.end() + 1] in ("\n", "") else None
    return None


@cache
def _tags(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){name}(?=[\s>])[^>]*>")


class RawHtml(Extension):  # type: ignore[misc]
    """Registers `SetAside`."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Markdown's name)
        """Add the preprocessor."""
        md.preprocessors.register(SetAside(md), "html_set_aside", PRIORITY)


def makeExtension() -> RawHtml:  # noqa: N802 (Markdown's name)
    """Give the extension to Markdown, which asks by this name."""
    return RawHtml()
