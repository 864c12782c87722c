"""Takes an entry out of the guide: its id stays in the ledger, its address says why it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from builder import durable, privacy
from builder.ledger import listed, written
from builder.library import Library, entries_of, field
from builder.model import FOLDERS, LABELS, Entry, Kind, Ledger, Withdrawn
from builder.news import FILE as NEWS
from builder.passages import plain
from builder.problems import did_you_mean
from builder.reading import LEDGER


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
        _refuse_unknown(library.ledger, kind, id_, entries.values())
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
    entry = entries.get(id_)
    names = (id_, *entry.former_names) if entry else (id_,)
    ledger = _without(library.ledger, kind, names, reason)
    file = f"{FOLDERS[kind]}/{id_}.yaml"
    return Withdrawal(file, written(ledger), tuple(_left(root, id_, _title(entry) or id_)))


def _refuse_unknown(ledger: Ledger, kind: Kind, id_: str, entries: Iterable[Entry]) -> None:
    """Refuse an id without an entry, unless it was published: its file is gone, or faulty."""
    if any(it.kind is kind and it.id == id_ for it in ledger.withdrawn):
        raise RefusedError(f"{LABELS[kind]} : la fiche « {id_} » est déjà retirée ({LEDGER}).")
    if now := next((entry.id for entry in entries if id_ in entry.former_names), None):
        raise RefusedError(
            f"{LABELS[kind]} : « {id_} » est l'ancien nom de « {now} » — donnez ce nom-ci."
        )
    if id_ not in listed(ledger)[kind]:
        ids = [entry.id for entry in entries]
        advice = did_you_mean(id_, ids, "donnez le nom de son fichier, sans .yaml")
        raise RefusedError(f"{LABELS[kind]} sans fiche : « {id_} » — {advice}")


def _without(ledger: Ledger, kind: Kind, names: Sequence[str], reason: str) -> Ledger:
    """Say in the ledger that an entry is gone, once under every name that it ever had."""
    said = {(it.kind, it.id): it for it in ledger.withdrawn}
    said |= {(kind, name): Withdrawn(kind=kind, id=name, reason=reason) for name in names}
    ids = {*listed(ledger)[kind], *names}
    return ledger.model_copy(
        update={field(kind): tuple(sorted(ids)), "withdrawn": tuple(said.values())}
    )


def _title(entry: Entry | None) -> str:
    """Give what people read as the name of an entry, if it has one."""
    return plain(str(getattr(entry, "title", None) or getattr(entry, "name", "")))


def _left(root: Path, id_: str, title: str) -> Iterator[str]:
    """Yield the places of other published texts that still name an entry.

    What cannot be read there keeps nobody from withdrawing: the check tells it afterwards.
    """
    news, text = root / NEWS, ""
    with suppress(OSError):
        text = news.read_text(encoding="utf-8", errors="replace") if news.is_file() else ""
    for number, line in enumerate(text.split("\n"), 1):
        if title.casefold() in line.casefold() or id_ in line:
            yield f"{NEWS}:{number}"


def withdraw(root: Path, done: Withdrawal) -> None:
    """Write the ledger, then remove the file: cut short, the check says what is left to do.

    Raises OSError; the ledger is then as it was, if the file could not be removed.
    """
    ledger = root / LEDGER
    ledger.parent.mkdir(exist_ok=True)
    before = ledger.read_bytes() if ledger.is_file() else None
    durable.write(ledger, done.ledger.encode())
    try:
        (root / done.file).unlink(missing_ok=True)
    except OSError:
        if before is None:
            ledger.unlink()
        else:
            durable.write(ledger, before)
        raise
