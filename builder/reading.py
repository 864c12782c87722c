"""Reads the content files. Every fault of every file becomes a `Problem`; nothing raises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Final

from builder.addresses import is_taken
from builder.model import FOLDERS, MAX_ID, MODELS, SINGLE_FILES, Entry, Kind
from builder.parsing import Source, parse
from builder.problems import Problem, Severity
from builder.validation import validate

#: Where everything that is made from the files lives, beside them, until it is the site.
WORK: Final = ".build"
#: A story is about 8 KB. 256 KiB leaves room and stops accidents.
MAX_BYTES: Final = 256 * 1024

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Reading:
    """All that was read.

    `sources` goes by file name; `known` has the ids of faulty files too: links to them hold.
    """

    entries: tuple[Entry, ...]
    sources: Mapping[str, Source]
    known: Mapping[Kind, frozenset[str]]
    problems: tuple[Problem, ...]


def is_guide(root: FilePath) -> bool:
    """Tell whether a folder holds any content of a guide."""
    return any((root / folder).exists() for folder in FOLDERS.values())


def read(root: FilePath) -> Reading:
    """Read every content file below `root`."""
    entries: list[Entry] = []
    sources: dict[str, Source] = {}
    known: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    problems: list[Problem] = []
    for file, kind in _files(root):
        name = file.relative_to(root).as_posix()
        refusal = _refusal(file)
        if refusal:
            problems.append(Problem(name, 1, 1, *refusal))
            continue
        if kind:
            known[kind].add(file.stem)
            problems.extend(_id_problems(name, kind, file.stem))
        source, entry, faults = _entry(name, file, MODELS[kind] if kind else SINGLE_FILES[name])
        problems.extend(faults)
        if entry:
            entries.append(entry)
        if source:
            sources[name] = source
    return Reading(
        tuple(entries),
        sources,
        {kind: frozenset(ids) for kind, ids in known.items()},
        tuple(problems),
    )


def files(root: FilePath) -> Iterator[FilePath]:
    """Yield the files that `read` reads."""
    return (file for file, _ in _files(root) if file.is_file() and not file.is_symlink())


def _files(root: FilePath) -> Iterator[tuple[FilePath, Kind | None]]:
    """Yield what the content folders hold, in order, and the kind that it must be of.

    Hidden files are an editor's or the system's and are passed over.
    """
    for kind, name in FOLDERS.items():
        folder = root / name
        if folder.is_symlink() or folder.is_file():
            yield folder, kind
        elif folder.is_dir():
            for file in sorted(folder.iterdir()):
                if not file.name.startswith("."):
                    yield file, kind
    for name in SINGLE_FILES:
        if (root / name).is_symlink() or (root / name).exists():
            yield root / name, None


def _refusal(file: FilePath) -> tuple[str, Severity, str, str] | None:
    """Say why a file cannot be an entry, before opening it: rule, severity, message, advice."""
    if file.is_symlink():
        advice = "mettez ici une copie du fichier lui-même"
        return "lien-symbolique", "error", "c'est un lien symbolique", advice
    if file.suffix != ".yaml" or not file.is_file():
        advice = "renommez-le en .yaml" if file.suffix == ".yml" else "retirez-le de ce dossier"
        return "fichier-inattendu", "error", f"« {file.name} » n'est pas une fiche", advice
    if file.stat().st_size > MAX_BYTES:
        message = f"le fichier dépasse {MAX_BYTES // 1024} Kio"
        advice = "une fiche ne contient que du texte : retirez ce qui est de trop"
        return "fichier-trop-gros", "error", message, advice
    return None


def _id_problems(name: str, kind: Kind, id_: str) -> Iterator[Problem]:
    if not _ID.fullmatch(id_):
        message = f"le nom « {id_} » ne peut pas être un identifiant"
        advice = f"renommez le fichier « {slug(id_) or 'un-nom'}.yaml »"
        yield Problem(name, 1, 1, "identifiant", "error", message, advice)
    elif len(id_) > MAX_ID:
        message = f"le nom du fichier a {len(id_)} caractères, {MAX_ID} au plus"
        yield Problem(name, 1, 1, "identifiant", "error", message, "renommez le fichier")
    elif is_taken(kind, id_):
        message = f"le nom « {id_} » est celui d'une autre page, ou d'un appareil sous Windows"
        yield Problem(name, 1, 1, "identifiant-reserve", "error", message, "renommez le fichier")


def _entry(
    name: str, file: FilePath, model: type[Entry]
) -> tuple[Source | None, Entry | None, list[Problem]]:
    """Read one file as far as it can be understood."""
    try:
        content = file.read_bytes()
    except OSError as error:
        message = f"lecture impossible ({error.strerror})"
        advice = "vérifiez ses droits d'accès"
        return None, None, [Problem(name, 1, 1, "fichier-illisible", "error", message, advice)]
    source, data, faults = parse(name, content)
    if source is None or data is None:
        return source, None, faults
    entry, more = validate(model, file.stem, data, source)
    return source, entry, faults + more


def slug(text: str) -> str:
    """Make an id of a text: ASCII, lower case, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("æ", "ae"))
    ascii_text = plain.encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_text))
