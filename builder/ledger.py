"""Keeps every id that was ever published, so that no address is lost without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Final

from builder.library import Library
from builder.model import FOLDERS, Entry, Kind, Ledger

HEAD: Final = """\
# Chaque identifiant publié, pour toujours. « guide publish » ajoute les nouveaux.
# Une fiche renommée garde son ancien identifiant dans ses « former_names ». Une fiche retirée est
# nommée sous « withdrawn », avec la raison : son adresse mène alors à une page qui le dit.
"""


def listed(ledger: Ledger) -> Mapping[Kind, tuple[str, ...]]:
    """Give the published ids of each kind, as the file lists them."""
    return {kind: getattr(ledger, field(kind)) for kind in Kind}


def field(kind: Kind) -> str:
    """Name the ledger's list of a kind: that of its folder."""
    return FOLDERS[kind].rpartition("/")[2]


def entries_of(library: Library) -> Mapping[Kind, Mapping[str, Entry]]:
    """Give the entries of each kind, by id."""
    return {kind: getattr(library, field(kind)) for kind in Kind}


def unlisted(library: Library) -> Iterator[tuple[Kind, str]]:
    """Yield each entry that the ledger does not know yet."""
    published = listed(library.ledger)
    for kind, entries in entries_of(library).items():
        yield from ((kind, id_) for id_ in sorted(entries) if id_ not in published[kind])


def completed(library: Library) -> str:
    """Give the text of the ledger with every entry of the library, sorted."""
    published = {kind: set(ids) for kind, ids in listed(library.ledger).items()}
    for kind, id_ in unlisted(library):
        published[kind].add(id_)
    ids = {field(kind): tuple(sorted(found)) for kind, found in published.items()}
    return written(library.ledger.model_copy(update=ids))


def written(ledger: Ledger) -> str:
    """Give the text of a ledger."""
    lists = (
        "\n".join((f"{field(kind)}:", *(f"  - {id_}" for id_ in ids)))
        for kind, ids in listed(ledger).items()
        if ids
    )
    return "\n".join((HEAD.rstrip(), *lists, *_withdrawn(ledger))) + "\n"


def _withdrawn(ledger: Ledger) -> Iterator[str]:
    if ledger.withdrawn:
        yield "withdrawn:"
    for gone in ledger.withdrawn:
        yield f"  - kind: {gone.kind}\n    id: {gone.id}\n    reason: >-"
        yield from (f"      {line}" for line in wrap(gone.reason, 90, break_on_hyphens=False))
