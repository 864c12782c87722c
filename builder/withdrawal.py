"""Takes an entry out of the guide: its id stays in the ledger, its address says why it is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import ValidationError

from builder import durable, privacy
from builder.ledger import listed, written
from builder.library import Library, entries_of, field
from builder.model import LABELS, SINGLE_FILES, Entry, Kind, Ledger, Withdrawn, file_of
from builder.news import FILE as NEWS
from builder.passages import plain
from builder.problems import did_you_mean

LEDGER: Final = next(name for name, model in SINGLE_FILES.items() if model is Ledger)


class RefusedError(Exception):
    """Nothing was withdrawn; the message, in French, says why."""


class Withdrawal(NamedTuple):
    """What changed: the file that is gone, the new text of the ledger, where words are left."""

    file: str
    ledger: str
    left: tuple[str, ...]


def withdrawal(root: Path, library: Library, kind: Kind, id_: str, reason: str) -> Withdrawal:
    """Prepare to take an entry out; nothing is written. Raises RefusedError.

    The reason is public for ever: it may not identify anyone either.
    """
    if (root / LEDGER).is_file() and not any(listed(library.ledger).values()):
        raise RefusedError(f"{LEDGER} ne se lit pas : lancez d'abord « guide check ».")
    entries = entries_of(library)[kind]
    if id_ not in entries:
        advice = did_you_mean(id_, entries, "donnez le nom de son fichier, sans .yaml")
        raise RefusedError(f"{LABELS[kind]} sans fiche : « {id_} » — {advice}")
    reason = " ".join(reason.split())
    try:
        Withdrawn(kind=kind, id=id_, reason=reason)
    except ValidationError as error:
        raise RefusedError("La raison tient en quelques phrases, ni plus ni moins.") from error
    for found in privacy.find(reason, library.names):
        raise RefusedError(
            f"La raison sera publique : « {found.words} », {found.rule.label} — "
            "dites pourquoi sans rien qui désigne quelqu'un."
        )
    entry = entries[id_]
    ledger = _without(library.ledger, kind, entry, reason)
    return Withdrawal(file_of(entry), written(ledger), tuple(_left(root, entry)))


def _without(ledger: Ledger, kind: Kind, entry: Entry, reason: str) -> Ledger:
    """Say in the ledger that an entry is gone, under every name that it ever had."""
    names = (entry.id, *entry.former_names)
    ids = {*listed(ledger)[kind], *names}
    gone = (Withdrawn(kind=kind, id=name, reason=reason) for name in names)
    return ledger.model_copy(
        update={field(kind): tuple(sorted(ids)), "withdrawn": (*ledger.withdrawn, *gone)}
    )


def _left(root: Path, entry: Entry) -> Iterator[str]:
    """Yield the places of other published texts that still name the entry."""
    title = plain(str(getattr(entry, "title", None) or getattr(entry, "name", entry.id)))
    news = root / NEWS
    lines = news.read_text(encoding="utf-8").splitlines() if news.is_file() else []
    for number, line in enumerate(lines, 1):
        if title.casefold() in line.casefold() or entry.id in line:
            yield f"{NEWS}:{number}"


def withdraw(root: Path, done: Withdrawal) -> None:
    """Write the ledger, then remove the file: cut short, the check says what is left to do.

    Raises OSError.
    """
    (root / LEDGER).parent.mkdir(exist_ok=True)
    durable.write(root / LEDGER, done.ledger.encode())
    (root / done.file).unlink()
