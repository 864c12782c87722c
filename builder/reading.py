"""Reads the content files. Every fault of every file becomes a `Problem`; nothing raises."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Final

from builder.addresses import TAKER, is_taken
from builder.known import Held, Known, mark
from builder.model import FOLDERS, MAX_ID, MODELS, SINGLE_FILES, Entry, Kind, Ledger
from builder.parsing import Source, decode, parse
from builder.problems import Problem, Severity
from builder.validation import validate

#: Where everything that is made from the files lives, beside them, until it is the site.
WORK: Final = ".build"
#: A story is about 8 KB. 256 KiB leaves room and stops accidents.
MAX_BYTES: Final = 256 * 1024
#: Where every id that was ever published is kept.
LEDGER: Final = next(name for name, model in SINGLE_FILES.items() if model is Ledger)
#: The ledger has a line for each id that was ever published.
MAX_LEDGER_BYTES: Final = 4 * 1024 * 1024

#: What stands between words without a place in ASCII: dashes, and the apostrophe as it is printed.
APART: Final = re.compile(r"[\u02bc\u2010-\u201f]")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Reading:
    """All that was read.

    `sources` and `digests` (SHA-256) go by file name; `known` has the ids of faulty files too:
    links to them hold; `ids` marks them. In `sound` files, no rule that looks at one entry alone
    finds anything; in those that are `linked`, no link leads nowhere. Not all files are known when
    a folder is `closed`.
    """

    entries: tuple[Entry, ...]
    sources: Mapping[str, Source]
    digests: Mapping[str, str]
    known: Mapping[Kind, frozenset[str]]
    problems: tuple[Problem, ...]
    ids: str = ""
    sound: frozenset[str] = frozenset()
    linked: frozenset[str] = frozenset()
    closed: bool = False


class Sources(dict[str, Source]):
    """The sources by file name; one that was not kept is made when it is asked for."""

    def __init__(self, root: FilePath) -> None:
        super().__init__()
        self._root = root
        self._contents: dict[str, bytes] = {}

    def hold(self, name: str, content: bytes) -> None:
        """Take up what a file held, for positions that may be asked for."""
        self._contents[name] = content

    def __missing__(self, name: str) -> Source:
        content = self._contents.get(name) or (self._root / name).read_bytes()
        text, _ = decode(name, content)
        if text is None:
            raise KeyError(name)
        self[name] = source = Source(name, text)
        return source


def is_guide(root: FilePath) -> bool:
    """Tell whether a folder holds any content of a guide."""
    return any(_mode(root / folder) is not None for folder in FOLDERS.values())


def read(root: FilePath, before: Known | None = None) -> Reading:
    """Read every content file below `root`; those that are as they were `before`, from there."""
    entries: list[Entry] = []
    sound: dict[str, str] = {}  # and the ids that there were
    sources = Sources(root)
    digests: dict[str, str] = {}
    known: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    problems: list[Problem] = []
    closed = False

    def take(name: str, kind: Kind | None, held: Held) -> None:
        if kind:
            known[kind].add(held.entry.id)
        digests[name] = held.digest
        entries.append(held.entry)
        if held.sound:
            sound[name] = held.ids

    for name, kind in _names(root):
        model = MODELS[kind] if kind else SINGLE_FILES[name]
        if before and (held := before.untouched(name, model)):
            take(name, kind, held)
            continue
        file = root / name
        if refusal := _refusal(file):
            problems.append(Problem(name, 1, 1, *refusal))
            closed = closed or name in FOLDERS.values()
            continue
        if kind:
            known[kind].add(file.stem)
            problems.extend(_id_problems(name, kind, file.stem))
        content, unread = content_of(name, file)
        problems.extend(unread)
        if content is None:
            continue
        digests[name] = hashlib.sha256(content).hexdigest()
        if before and (held := before.unchanged(name, digests[name], model)):
            take(name, kind, held)
            continue
        source, entry, faults = _entry(name, file.stem, model, content)
        problems.extend(faults)
        if entry:
            entries.append(entry)
        if source and faults:
            sources[name] = source
        else:
            sources.hold(name, content)  # its text may take twice as much, and few are asked
    now = mark(known)
    return Reading(
        tuple(entries),
        sources,
        digests,
        {kind: frozenset(ids) for kind, ids in known.items()},
        tuple(problems),
        now,
        frozenset(sound),
        frozenset(name for name, then in sound.items() if then == now),
        closed,
    )


def files(root: FilePath) -> Iterator[FilePath]:
    """Yield the files that `read` reads."""
    found = (root / name for name, _ in _names(root))
    return (file for file in found if stat.S_ISREG(_mode(file) or 0))


def _names(root: FilePath) -> Iterator[tuple[str, Kind | None]]:
    """Yield what the content folders hold, in order, and the kind that it must be of.

    Hidden files are an editor's or the system's and are passed over.
    """
    for kind, folder in FOLDERS.items():
        inside = _inside(root / folder)
        if inside is None:
            yield folder, kind
        else:
            yield from ((f"{folder}/{name}", kind) for name in inside if name[0] != ".")
    for name in SINGLE_FILES:
        if _mode(root / name) is not None:
            yield name, None


def _mode(file: FilePath) -> int | None:
    """Give the mode of what stands at a place: 0 when that is closed to us, None for nothing."""
    try:
        return file.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return 0


def _inside(folder: FilePath) -> list[str] | None:
    """Name what a folder holds, in order; None when it is none, or cannot be listed."""
    mode = _mode(folder)
    if mode is None:
        return []
    if not stat.S_ISDIR(mode):
        return None
    try:
        with os.scandir(folder) as found:
            return sorted(entry.name for entry in found)
    except OSError:
        return None


_Refusal = tuple[str, Severity, str, str]


def _refusal(file: FilePath) -> _Refusal | None:
    """Say why a file cannot be an entry, before opening it: rule, severity, message, advice."""
    mode = _mode(file)
    if not mode:
        return _UNREADABLE
    if stat.S_ISLNK(mode):
        advice = "mettez ici une copie du fichier lui-même"
        return "lien-symbolique", "error", "c'est un lien symbolique", advice
    if stat.S_ISDIR(mode) and _inside(file) is None:
        return _UNREADABLE
    if file.suffix != ".yaml" or not stat.S_ISREG(mode):
        advice = "renommez-le en .yaml" if file.suffix == ".yml" else "retirez-le de ce dossier"
        return "fichier-inattendu", "error", f"« {file.name} » n'est pas une fiche", advice
    return None


_UNREADABLE: Final[_Refusal] = (
    "fichier-illisible",
    "error",
    "lecture impossible",
    "vérifiez ses droits d'accès",
)


def content_of(name: str, file: FilePath) -> tuple[bytes | None, list[Problem]]:
    """Read a file no further than the limit, whatever becomes of it meanwhile.

    Without content, say why: it has too much, or it cannot be opened.
    """
    most = MAX_LEDGER_BYTES if SINGLE_FILES.get(name) is Ledger else MAX_BYTES
    try:
        with file.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size  # some disks say nothing: 0
            content = opened.read(min(size or most, most) + 1)
    except OSError as error:
        rule, severity, message, advice = _UNREADABLE
        message = f"{message} ({error.strerror})"
        return None, [Problem(name, 1, 1, rule, severity, message, advice)]
    if len(content) <= most:
        return content, []
    message = f"le fichier dépasse {most // 1024} Kio"
    advice = "un fichier d'ici ne contient que du texte : retirez ce qui est de trop"
    return None, [Problem(name, 1, 1, "fichier-trop-gros", "error", message, advice)]


def _id_problems(name: str, kind: Kind, id_: str) -> Iterator[Problem]:
    if not _ID.fullmatch(id_):
        message = f"le nom « {id_} » ne peut pas être un identifiant"
        advice = f"renommez le fichier « {slug(id_) or 'un-nom'}.yaml »"
        yield Problem(name, 1, 1, "identifiant", "error", message, advice)
    elif len(id_) > MAX_ID:
        message = f"le nom du fichier a {len(id_)} caractères, {MAX_ID} au plus"
        yield Problem(name, 1, 1, "identifiant", "error", message, "renommez le fichier")
    elif is_taken(kind, id_):
        message = f"le nom « {id_} » est celui {TAKER}"
        yield Problem(name, 1, 1, "identifiant-reserve", "error", message, "renommez le fichier")


def _entry(
    name: str, id_: str, model: type[Entry], content: bytes
) -> tuple[Source | None, Entry | None, list[Problem]]:
    """Read one file as far as it can be understood."""
    source, data, faults = parse(name, content)
    if source is None or data is None:
        return source, None, faults
    entry, more = validate(model, id_, data, source)
    return source, entry, faults + more


def read_ledger(root: FilePath) -> Ledger:
    """Read the ledger alone; it is empty when it is not there or cannot be understood."""
    file = root / LEDGER
    content, _ = (None, []) if _refusal(file) else content_of(LEDGER, file)
    _, ledger, _ = _entry(LEDGER, file.stem, Ledger, content or b"")
    return ledger if isinstance(ledger, Ledger) else Ledger(id=file.stem)


def slug(text: str) -> str:
    """Make an id of a text: ASCII, lower case, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("æ", "ae"))
    ascii_text = APART.sub("-", plain).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_text))
