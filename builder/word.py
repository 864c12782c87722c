"""Reads the paragraphs of a Word file (.docx) that comes from anyone.

Nothing of it is trusted: sizes are counted while reading, not believed; no entity is expanded, no
address is followed; files with macros are refused. Comments, revisions that were deleted and the
names that Word keeps are not read.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

#: A story in Word takes some ten kilobytes, and its XML some hundred.
MAX_FILE: Final = 5 * 1024 * 1024
MAX_XML: Final = 2 * 1024 * 1024
MAX_MEMBERS: Final = 2000

_TEXT: Final = "word/document.xml"
_TYPES: Final = "[Content_Types].xml"
_PASSED_OVER: Final = ("del", "moveFrom", "Fallback", "instrText", "delText")
_BREAKS: Final = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


class UnreadableError(Exception):
    """The file is refused; the message, in French, says why and what to do."""


def paragraphs(file: Path) -> Iterator[str]:
    """Yield the text of each paragraph. Raises UnreadableError."""
    if file.stat().st_size > MAX_FILE:
        raise UnreadableError("ce fichier Word est trop gros : retirez-en les images")
    try:
        with zipfile.ZipFile(file) as archive:
            _refuse_macros(archive)
            root = fromstring(_member(archive, _TEXT), forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableError(
            "ce fichier Word contient une entité ou une définition XML : il n'est pas lu"
        ) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        LookupError,  # no such member, or an encoding that nobody knows
        ParseError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise UnreadableError(
            "ce n'est pas un fichier Word (.docx) lisible : enregistrez-le de nouveau, sans mot "
            "de passe, ou en texte (.txt)"
        ) from error
    yield from _texts(root)


def _refuse_macros(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if len(names) > MAX_MEMBERS:
        raise UnreadableError("ce fichier Word contient trop de pièces")
    has_project = any(name.lower().endswith("vbaproject.bin") for name in names)
    if has_project or b"macroEnabled" in _member(archive, _TYPES):
        raise UnreadableError(
            "ce fichier Word contient des macros : enregistrez-le en .docx ordinaire"
        )


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Read one member, no further than the limit, whatever size it declares."""
    if archive.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile  # the others are not read by measured pieces
    with archive.open(name) as member:
        content = member.read(MAX_XML + 1)
    if len(content) > MAX_XML:
        raise UnreadableError("ce fichier Word est trop long pour un récit")
    return content


def _texts(root: Element) -> Iterator[str]:
    """Yield the text of each paragraph; the stack is ours, so that depth exhausts nothing."""
    text: list[str] = []
    stack: list[Element] = [root]
    while stack:
        element = stack.pop()
        name = element.tag.rpartition("}")[2]
        if name in _PASSED_OVER:
            continue
        if name == "p" and text:
            yield "".join(text)
            text = []
        text.append(element.text or "" if name == "t" else _BREAKS.get(name, ""))
        stack.extend(reversed(element))
    yield "".join(text)
