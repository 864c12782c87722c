"""Where each entry is in the site."""

from __future__ import annotations

from typing import Final

from builder.model import Entry, Kind, kind_of

#: The folder of each kind's pages; references share one page.
PAGE_FOLDERS: Final = {
    Kind.THEME: "themes",
    Kind.NARRATIVE: "recits",
    Kind.INGREDIENT: "ingredients",
    Kind.THEORY: "theories",
    Kind.SITUATION: "situations",
    Kind.CHALLENGE: "cadre/defis",
    Kind.PROGRAM: "cadre/programmes",
    Kind.CHAPTER: "cadre",
}


def url(entry: Entry) -> str:
    """Give the address of an entry, from the root of the site."""
    kind = kind_of(entry)
    if kind is Kind.REFERENCE:
        return f"references.html#{entry.id}"
    if kind is Kind.WORKSHEET:
        return f"ateliers/fiches/{entry.id}.pdf"
    return f"{PAGE_FOLDERS[kind]}/{entry.id}.html"
