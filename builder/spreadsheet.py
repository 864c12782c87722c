"""Keeps words from being formulas in a spreadsheet.

The rule (OWASP, « CSV Injection »), said on the page where tables are offered: an apostrophe stands
before a cell that begins as a formula would, or with an apostrophe. Where a spreadsheet cuts a cell
that the file does not (at a semicolon, the French separator, or at a line's end), a space comes
between the cut and what would begin a formula.
"""

from __future__ import annotations

import re
from typing import Final

#: The signs that begin a formula; programs of East Asia read the wide ones alike.
_SIGNS: Final = r"=+\-@\uff1d\uff0b\uff0d\uff20"
_BEGINS: Final = re.compile(rf"[\s\"]*[{_SIGNS}]|['\t\r\n]")
_CUT: Final = re.compile(rf"[;\t\r\n](?=[\"']*[{_SIGNS}])")


def literal(text: str) -> str:
    """Make a cell that no spreadsheet computes."""
    text = _CUT.sub(lambda cut: f"{cut.group()} ", text)
    return f"'{text}" if _BEGINS.match(text) else text
