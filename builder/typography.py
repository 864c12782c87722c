"""French typography for everything that is read, on screen and on paper.

The rules are those of the Office québécois de la langue française: a no-break space before a
colon and inside guillemets, before % and $; a thin no-break space before ; ! and ?.
"""

from __future__ import annotations

import re
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


def french(text: str) -> str:
    """Set a plain text in French typography; applying it twice changes nothing."""
    text = text.replace("'", "’").replace("...", "…")
    present = frozenset(text)
    for needed, pattern, replacement in _RULES:
        if not needed.isdisjoint(present):
            text = pattern.sub(replacement, text)
    return text
