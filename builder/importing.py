"""Makes the draft of a story from what a contributor sends: the form's YAML, or a writing sheet.

A sheet is a Word or text file with the headings of `writing_sheet`. What came from the sheet is
kept in full; what it does not ask for is left to write, and `guide check` says so.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from builder import word
from builder.formatting import canonical
from builder.model import FOLDERS, Kind, Narrative, OriginKind
from builder.parsing import INVISIBLE, parse
from builder.problems import Problem, as_text
from builder.reading import MAX_BYTES, slug
from builder.skeleton import skeleton
from builder.validation import validate
from builder.writing_sheet import PARTS, STORY

HEADINGS: Final = ", ".join(f"« {part.heading} »" for part in PARTS)


class RefusedError(Exception):
    """Nothing can be made of the file; the message, in French, says why and what to do."""


class Draft(NamedTuple):
    """A story to write. `notes` say in French what was repaired."""

    id: str
    text: str
    notes: tuple[str, ...]


def draft(file: Path, theme: str | None = None) -> Draft:
    """Make a draft of a file. Raises RefusedError."""
    if not file.is_file():
        raise RefusedError("ce n'est pas un fichier ordinaire")
    match file.suffix.lower():
        case ".yaml" | ".yml":
            return _from_yaml(file, _decoded(file))
        case ".txt":
            text, notes = _repaired(_decoded(file))
            return _from_sheet(text.split("\n"), notes, theme)
        case ".docx":
            try:
                lines = "\n".join(word.paragraphs(file))
            except word.UnreadableError as error:
                raise RefusedError(str(error)) from error
            text, notes = _repaired((lines, ()))
            return _from_sheet(text.split("\n"), notes, theme)
        case ".docm":
            raise RefusedError("un .docm peut contenir des macros : enregistrez-le en .docx")
        case suffix:
            raise RefusedError(
                f"« {suffix or file.name} » ne se lit pas ici : enregistrez le fichier en .docx "
                "ou en .txt, ou donnez le .yaml du formulaire"
            )


def _decoded(file: Path) -> tuple[str, tuple[str, ...]]:
    """Read a text in UTF-8, UTF-16 or Windows-1252, and say which when it is not UTF-8."""
    if file.stat().st_size > 2 * MAX_BYTES:
        raise RefusedError(f"le fichier dépasse {MAX_BYTES // 1024} Kio de texte")
    content = file.read_bytes()
    text, notes = _as_text(content)
    if "\x00" in text or "\ufffd" in text:
        raise RefusedError("ce n'est pas du texte : enregistrez le fichier en .docx ou en .txt")
    return text, notes


def _as_text(content: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16"), ("le texte était en UTF-16",)
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
        return text, ("le texte était en Windows-1252 : vérifiez les accents",)


_APOSTROPHES: Final = ("[‘’‛]", "'", "apostrophes courbes devenues droites")
#: What word processors put in a text: characters, replacement, and what to say of them.
_REPAIRS: Final = (
    ("\r\n?|[\v\f\x85\u2028\u2029]", "\n", ""),
    ("[\u00a0\u202f\u2007]", " ", "espaces insécables devenues ordinaires"),
    (INVISIBLE.pattern, "", "caractères invisibles retirés"),
    ("\t", "  ", "tabulations devenues des espaces"),
    _APOSTROPHES,
    ("[“„‟] ?", "« ", "guillemets anglais devenus français"),
    (" ?”", " »", "guillemets anglais devenus français"),
)


#: The same, where a straight apostrophe would end a text between quotes.
_REPAIRS_IN_QUOTES: Final = tuple(repair for repair in _REPAIRS if repair != _APOSTROPHES)


def _repaired(
    decoded: tuple[str, tuple[str, ...]], repairs: Iterable[tuple[str, str, str]] = _REPAIRS
) -> tuple[str, tuple[str, ...]]:
    """Put what word processors change back as it is typed; count what was."""
    text, notes = decoded
    counts: dict[str, int] = {}
    for pattern, by, what in repairs:
        text, times = re.subn(pattern, by, text)
        counts[what] = counts.get(what, 0) + times
    counts.pop("")
    return text, (*notes, *(f"{what} : {times}" for what, times in counts.items() if times))


def _from_yaml(file: Path, decoded: tuple[str, tuple[str, ...]]) -> Draft:
    """Take what the form gave, with its apostrophes made straight unless that spoils it."""
    try:
        return _from_repaired(file, *_repaired(decoded))
    except RefusedError:
        with suppress(RefusedError):
            return _from_repaired(file, *_repaired(decoded, _REPAIRS_IN_QUOTES))
        raise


def _from_repaired(file: Path, text: str, notes: tuple[str, ...]) -> Draft:
    """Take what the form gave; its faults of form are told, and nothing is made of it."""
    source, data, faults = parse(f"{FOLDERS[Kind.NARRATIVE]}/{file.name}", text.encode())
    if source and data:
        entry, more = validate(Narrative, file.stem, data, source)
        faults += more
        if entry and not faults:
            assert isinstance(entry, Narrative)
            return Draft(slug(entry.title), canonical(source, data), notes)
    raise RefusedError(as_text(_named(faults, str(file))))


def _named(problems: Iterable[Problem], name: str) -> Iterator[Problem]:
    return (problem._replace(file=name) for problem in problems)


def _from_sheet(lines: Iterable[str], notes: tuple[str, ...], theme: str | None) -> Draft:
    """Sort the lines under the sheet's headings, and put them in the fields of a story."""
    said = _sections(lines)
    aside = " ".join(said.pop(_ASIDE).split())
    if not any(said.values()):
        raise RefusedError(f"aucun titre de la feuille d'écriture reconnu. Attendus : {HEADINGS}")
    if aside:
        notes += (f"avant le premier titre, non repris : « {textwrap.shorten(aside, 80)} »",)
    title = " ".join(said.get("title", "").split())
    answers = {
        "title": title,
        "theme": theme or "",
        "origin.kind": OriginKind.FIELD.value,
        "story": "\n\n".join(said[key] for key in STORY if said.get(key)),
        "outcome": said.get("outcome", ""),
        "facilitation": said.get("again", "") and f"Ce que je referais : {said['again']}",
    }
    given = {name: answer for name, answer in answers.items() if answer}
    text = skeleton(Kind.NARRATIVE, given)
    if len(text.encode()) > MAX_BYTES:
        raise RefusedError(f"le texte dépasse {MAX_BYTES // 1024} Kio : un récit en demande huit")
    return Draft(slug(title), text, notes)


#: The key of what stands before the first heading: often the sheet's own title.
_ASIDE: Final = ""


def _sections(lines: Iterable[str]) -> dict[str, str]:
    """Give the text under each heading, by key; under `_ASIDE`, what comes before them.

    The sheet's own help and ruled lines are left out. A line that goes on in lower case belongs to
    the paragraph above.
    """
    found: dict[str, list[str]] = {key: [] for key in (_ASIDE, *_HEADINGS.values())}
    key, above = _ASIDE, ""
    helps = {slug(part.help) for part in PARTS}
    for line in lines:
        heading, rest = _heading(line)
        words = "" if slug(rest) in helps or _RULED.fullmatch(rest) else rest.strip()
        if heading:
            key = heading
            found[key].append(words)
        elif above and words[:1].islower():
            found[key][-1] += f" {words}"
        else:
            found[key].append(words)
        above = "" if heading and not words else words
    return {key: "\n\n".join(filter(None, found[key])) for key in found}


_RULED: Final = re.compile(r"[\s_.…]*_[\s_.…]*")
_HEADINGS: Final = {slug(part.heading).replace("-", ""): part.key for part in PARTS}


def _heading(line: str) -> tuple[str | None, str]:
    """Tell which heading a line is or begins with (« 1. Titre : … »), and what follows it."""
    before, _, after = line.partition(":")
    for words, rest in ((line, ""), (before, after)):
        key = _HEADINGS.get(re.sub(r"^\d+|-", "", slug(words)))
        if key:
            return key, rest
    return None, line
