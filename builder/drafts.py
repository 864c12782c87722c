"""Adds a new entry's file to the content folders; never over another, never elsewhere."""

from __future__ import annotations

from pathlib import Path

from builder import durable
from builder.addresses import TAKER, is_taken
from builder.model import FOLDERS, Kind
from builder.reading import read_ledger, slug

#: Long enough for any title of the guide; file systems stop at 255 bytes.
LONGEST_ID = 100


class RefusedError(Exception):
    """The file cannot be made; the message is in French."""


def save(root: Path, kind: Kind, id_: str, text: str) -> str:
    """Write a new entry and give its file, from the root. Raises RefusedError."""
    if not id_ or id_ != slug(id_) or len(id_) > LONGEST_ID:
        near = slug(id_)[:LONGEST_ID].strip("-")
        advice = f"essayez « {near} »" if near else "donnez-en un avec --id"
        raise RefusedError(f"« {id_[:LONGEST_ID]} » ne peut pas être un identifiant : {advice}.")
    if is_taken(kind, id_):
        raise RefusedError(f"« {id_} » est le nom {TAKER} : donnez-en un autre avec --id.")
    if (kind, id_) in ((gone.kind, gone.id) for gone in read_ledger(root).withdrawn):
        raise RefusedError(
            f"« {id_} » est le nom d'une fiche retirée, et le reste : donnez-en un autre avec --id."
        )
    folder = root / FOLDERS[kind]
    file = folder / f"{id_}.yaml"
    name = file.relative_to(root).as_posix()
    if folder.is_symlink():
        raise RefusedError(f"{FOLDERS[kind]} est un lien symbolique : rien n'a été écrit.")
    if file.exists() or file.is_symlink():
        raise RefusedError(f"{name} existe déjà : choisissez un autre nom avec --id.")
    folder.mkdir(parents=True, exist_ok=True)
    durable.write(file, text.encode())
    return name
