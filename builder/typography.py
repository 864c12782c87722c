"""French typography for everything that is read, on screen and on paper.

The rules are those of the Office québécois de la langue française: a no-break space before a
colon and inside guillemets, before % and $; a thin no-break space before ; ! and ?.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

NBSP: Final = "\u00a0"
THIN: Final = "\u202f"

#: (characters without which the rule has nothing to do, pattern, replacement)
_RULES: Final = tuple(
    (frozenset(needed), re.compile(pattern), replacement)
    for needed, pattern, replacement in (
        ("«", r"«\s*", f"«{NBSP}"),
        ("»", r"\s*»", f"{NBSP}»"),
        (":", r"(?<=[^\s:])[ \u00a0\u202f]*:(?=\s|$)", f"{NBSP}:"),
        (";!?", r"(?<=[^\s?!;])[ \u00a0\u202f]*([;!?]+)(?=[\s»)\u00a0]|$)", rf"{THIN}\1"),
        ("0123456789", r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))", NBSP),
        ("%$", r"(?<=\d)\s*(?=[%$])", NBSP),
    )
)


#: What the fonts of the handouts do not have, or that French has no use for.
UNPRINTABLE: Final = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u012b\u012e-\u0131\u0134-\u0165\u0168-\u017f\u2009\u202f"
    "\u2010-\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u2070\u2074-\u2079\u2080-\u2089\u20ac\u2122"
    "\u2190-\u2193\u2212\u2248\u2260\u2264\u2265\u2610\u2713]"
)


def unprintable_characters(text: str) -> Iterator[re.Match[str]]:
    """Yield each character of a text that handouts cannot print."""
    try:
        text.encode("latin-1")  # most texts, and a hundred times faster than the pattern
    except UnicodeEncodeError:
        yield from UNPRINTABLE.finditer(text)


def french(text: str) -> str:
    """Set a plain text in French typography; applying it twice changes nothing."""
    text = text.replace("'", "’").replace("...", "…")
    present = frozenset(text)
    for needed, pattern, replacement in _RULES:
        if not needed.isdisjoint(present):
            text = pattern.sub(replacement, text)
    return text


def browser_rules() -> list[tuple[str, str]]:
    """Give the rules as pairs of a pattern and a replacement, for JavaScript, in order."""
    return [(pattern.pattern, by.replace("\\1", "$1")) for _, pattern, by in _RULES]
