"""Where each entry is in the site."""

from __future__ import annotations

from collections.abc import Mapping
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
#: What an address of the site holds already, beside the entries: pages, folders, anchors.
_TAKEN: Final[Mapping[Kind, frozenset[str]]] = {
    **{kind: frozenset({"index"}) for kind in PAGE_FOLDERS},
    Kind.CHAPTER: frozenset({"index", "liste-de-verification", "matrice"}),
    Kind.THEME: frozenset({"index", "fiches", "plans", "a4", "gros-caracteres"}),
    Kind.REFERENCE: frozenset({"contenu", "depart", "ouvrages", "retirees"}),
}
#: Names that Windows keeps for devices, whatever their ending: no file of a USB key may have them.
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)

#: Whose name `is_taken` finds, for what is told of it.
TAKER: Final = "d'une autre page, ou d'un appareil sous Windows"


def taken(kind: Kind) -> frozenset[str]:
    """Give the names that no entry of a kind may have, but for those of posters."""
    return _DEVICES | _TAKEN.get(kind, frozenset())


def is_taken(kind: Kind, id_: str) -> bool:
    """Tell whether an entry of this name would be in the place of something else."""
    poster = kind is Kind.WORKSHEET and id_.startswith("affiche-")
    return poster or id_ in taken(kind)


def url(entry: Entry) -> str:
    """Give the address of an entry, from the root of the site."""
    kind = kind_of(entry)
    if kind is Kind.REFERENCE:
        return f"references.html#{entry.id}"
    if kind is Kind.WORKSHEET:
        return f"ateliers/fiches/{entry.id}.pdf"
    return f"{PAGE_FOLDERS[kind]}/{entry.id}.html"
