"""Keeps every id that was ever published, so that no address is lost without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from builder.formatting import layout, write
from builder.library import Library, entries_of, field
from builder.model import Kind, Ledger

HEAD: Final = """\
# Chaque identifiant publié, pour toujours. « guide publish » ajoute les nouveaux.
# Une fiche renommée garde son ancien identifiant dans ses « former_names ». Une fiche retirée est
# nommée sous « withdrawn », avec la raison : son adresse mène alors à une page qui le dit.
"""


def listed(ledger: Ledger) -> Mapping[Kind, tuple[str, ...]]:
    """Give the published ids of each kind, as the file lists them."""
    return {kind: getattr(ledger, field(kind)) for kind in Kind}


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
    return HEAD + write(ledger.model_dump(mode="json", exclude={"id"}), layout(Ledger))
