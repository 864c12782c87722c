"""French typography for everything that is read, on screen and on paper.

The rules are those of the Office québécois de la langue française: a no-break space before a
colon and inside guillemets, before % and $; a thin no-break space before ; ! and ?.
"""

from __future__ import annotations

import re
from typing import Final

NBSP: Final = "\u00a0"
THIN: Final = "\u202f"

_RULES: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"'", "’"),
        (r"\.\.\.", "…"),
        (r"«\s*", f"«{NBSP}"),
        (r"\s*»", f"{NBSP}»"),
        (r"(?<=[^\s:])[ \u00a0\u202f]*:(?=\s|$)", f"{NBSP}:"),
        (r"(?<=[^\s?!;])[ \u00a0\u202f]*([;!?]+)(?=[\s»)\u00a0]|$)", rf"{THIN}\1"),
        (r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))", NBSP),
        (r"(?<=\d)\s*(?=[%$])", NBSP),
    )
)


def french(text: str) -> str:
    """Set a plain text in French typography; applying it twice changes nothing."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
