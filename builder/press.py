"""Prints handouts: Typst in, accessible PDF out; what was printed before is not printed again.

A cache folder holds, by a hash of all that a handout is made from, the PDF, for the handouts that
the site shows a picture of the first page, and a note: the number of pages, the size and the
digest of each file. The note is written last; what does not agree with it is printed again, never
delivered.

Typst runs without system fonts. A warning (an unknown font, a layout that does not settle) fails
as an error does, and every PDF passes Typst's own PDF/UA-1 check.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple, cast

import typst
from pypdfium2 import PdfDocument

from builder import durable
from builder.fingerprint import fingerprint
from builder.handouts import Handout, source
from builder.store import stamp
from builder.workers import WORKERS, WorkerError, serve, share

TEMPLATES: Final = Path(__file__).with_name("handouts")
#: Points an inch of the pictures of first pages.
PICTURE_PPI: Final = 50
#: Below this many handouts, starting other processes costs more than it saves.
FEW: Final = 12


class Printed(NamedTuple):
    """A printed handout; `key` names its files in the cache, `size` is in bytes.

    `digest` is the SHA-256 of the PDF, `picture` that of the picture, if there is one.
    """

    path: str
    title: str
    pictured: bool
    key: str
    pages: int
    size: int
    digest: str
    picture: str | None


class PrintError(Exception):
    """A handout could not be printed; the message, in French, names the entry."""


class Order(NamedTuple):
    """A handout to print, as it is remembered: what Typst reads is known by its key alone."""

    path: str
    title: str
    pictured: bool
    key: str


#: What Typst reads of each key.
Inputs = Mapping[str, Mapping[str, str]]


def order(handouts: Iterable[Handout]) -> tuple[list[Order], dict[str, dict[str, str]]]:
    """Give the orders for some handouts, and what Typst reads of each."""
    orders, inputs = [], {}
    for handout in handouts:
        read = source(handout)
        orders.append(Order(handout.path, handout.title, handout.format.main, _key(read)))
        inputs[orders[-1].key] = read
    return orders, inputs


def press(handouts: Iterable[Handout], cache: Path) -> list[Printed]:
    """Print what the cache does not hold.

    Raises PrintError when a text does not fit or has a character that no font has.
    """
    orders, inputs = order(handouts)
    print_missing({key: inputs[key] for key in missing(orders, cache)}, cache)
    return delivered(orders, cache)


def missing(orders: Iterable[Order], cache: Path) -> list[str]:
    """List the keys that the cache does not hold whole."""
    return [it.key for it in orders if not _note(cache, it.key)]


def delivered(orders: Iterable[Order], cache: Path) -> list[Printed]:
    """Give the handouts that stand in the cache. Raises PrintError when one has gone."""
    return [_printed(one, cache) for one in orders]


def _printed(one: Order, cache: Path) -> Printed:
    note = _note(cache, one.key)
    if not note:
        raise PrintError(f"{one.path} a disparu de {cache} pendant la construction.")
    digest, (size, _) = note.parts[".pdf"]
    picture, _ = note.parts.get(".png", (None, ()))
    return Printed(*one, note.pages, size, digest, picture)


class _Note(NamedTuple):
    """What the cache says of a handout: its pages; the digest and the stamp of each of its files.

    The site shares these files: somebody may have changed them there.
    """

    pages: int
    parts: Mapping[str, tuple[str, Sequence[int]]]


def _note(cache: Path, key: str) -> _Note | None:
    """Read what the cache says of a handout; None unless all of it is there, whole."""
    try:
        note = _Note(*json.loads((cache / f"{key}.json").read_bytes()))
        whole = all(
            stamp(f"{cache}/{key}{part}") == tuple(left) for part, (_, left) in note.parts.items()
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return note if whole and ".pdf" in note.parts else None


def forget(printed: Iterable[Printed], cache: Path) -> None:
    """Clear from the cache what is not among `printed`."""
    keys = {one.key for one in printed}
    for file in cache.iterdir():
        if file.stem not in keys:
            file.unlink()


def sheets(printed: Iterable[Printed], cache: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the place and the bytes of each printed handout."""
    for one in printed:
        yield one.path, (cache / f"{one.key}.pdf").read_bytes()


def files(printed: Iterable[Printed], cache: Path) -> Iterator[tuple[str, Path, str]]:
    """Yield each handout, and the picture of its first page beside it: place, file, digest."""
    for one in printed:
        yield one.path, cache / f"{one.key}.pdf", one.digest
        if one.picture:
            place = PurePosixPath(one.path).with_suffix(".png").as_posix()
            yield place, cache / f"{one.key}.png", one.picture


def _key(inputs: Mapping[str, str]) -> str:
    return hashlib.sha256((identity() + inputs["data"]).encode()).hexdigest()


@cache
def identity() -> str:
    """Identify what prints: Typst, the templates, the fonts."""
    files = (path for path in TEMPLATES.rglob("*") if path.suffix in (".typ", ".otf"))
    return fingerprint(files, TEMPLATES, ("typst",))


def print_missing(missing: Inputs, cache: Path) -> None:
    """Print every handout that can be; raise PrintError for the others, together.

    A few are printed by threads, Typst leaving Python to the others meanwhile. Many are printed by
    processes, each of them this module: what Typst remembers of them goes with the process.
    """
    cache.mkdir(parents=True, exist_ok=True)
    by_size = sorted(missing, key=lambda key: len(missing[key]["data"]), reverse=True)
    if len(missing) <= FEW:
        with ThreadPoolExecutor(WORKERS) as threads:
            said = list(threads.map(lambda key: _fault(key, missing[key], cache), by_size))
    else:
        parts = (by_size[worker::WORKERS] for worker in range(WORKERS))
        shares = [[str(cache.absolute()), {key: missing[key] for key in part}] for part in parts]
        try:
            said = share("builder.press", shares)
        except WorkerError as error:
            raise PrintError("L'impression des feuilles s'est arrêtée avant la fin.") from error
    if faults := sorted({line for one in said for line in one.splitlines()}):
        raise PrintError("\n".join(faults))


def _work(part: tuple[str, Inputs]) -> str:
    """Print a part of the handouts; say what keeps some from being printed."""
    cache, jobs = part
    return "\n".join(filter(None, (_fault(key, jobs[key], Path(cache)) for key in jobs)))


def _fault(key: str, inputs: Mapping[str, str], cache: Path) -> str:
    """Print one handout; say what keeps it from being printed."""
    try:
        _print(key, inputs, cache)
    except PrintError as error:
        return str(error)
    return ""


def _print(key: str, inputs: Mapping[str, str], cache: Path) -> None:
    """Print one handout; the file that says so is written last."""
    try:
        pdf, warnings = _compiler().compile_with_warnings(
            input=str(TEMPLATES / "main.typ"),
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs=dict(inputs),
        )
    except typst.TypstError as error:
        raise PrintError(_explained(inputs, error.message)) from error
    if warnings:
        raise PrintError(_explained(inputs, warnings[0].message))
    made = {".pdf": cast(bytes, pdf)}
    with _PDFIUM, closing(PdfDocument(made[".pdf"])) as document:
        pages = len(document)
        if json.loads(inputs["data"])["pictured"]:
            made[".png"] = _picture(document)
    for part, content in made.items():
        durable.write(cache / f"{key}{part}", content, flush=False)
    parts = {
        part: (hashlib.sha256(content).hexdigest(), stamp(f"{cache}/{key}{part}"))
        for part, content in made.items()
    }
    note = _Note(pages, parts)
    durable.write(cache / f"{key}.json", json.dumps(note).encode(), flush=False)


def _picture(document: PdfDocument) -> bytes:
    """Draw the first page, as a PNG."""
    picture = document[0].render(scale=PICTURE_PPI / 72, grayscale=True).to_pil()
    drawn = BytesIO()
    picture.save(drawn, "png")
    return drawn.getvalue()


#: PDFium does one thing at a time.
_PDFIUM: Final = threading.Lock()
_OF_THREAD: Final = threading.local()


def _compiler() -> typst.Compiler:
    """Give the compiler of this thread."""
    if not hasattr(_OF_THREAD, "compiler"):
        _OF_THREAD.compiler = _new_compiler()
    return cast(typst.Compiler, _OF_THREAD.compiler)


def _new_compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(TEMPLATES / "fonts")],
    )
    return typst.Compiler(font_paths=fonts, root=TEMPLATES, ignore_system_fonts=True)


def _explained(inputs: Mapping[str, str], said: str) -> str:
    """Say in French what stopped Typst, and of which handout."""
    title = json.loads(inputs["data"])["title"]
    if card := re.search(r"carte-trop-longue:([\w-]+)", said):
        return (
            f"ingredients/{card[1]}.yaml: le texte de la carte ne tient pas sur la carte "
            f"({title}) — raccourcissez « short », « summary » ou la première question"
        )
    if character := re.search(r'the text `"(.+?)"` could not be displayed', said):
        return (
            f"{title} : aucune police d'impression n'a le caractère « {character[1]} » "
            "— remplacez-le par un mot"
        )
    return f"{title} : {said}"


if __name__ == "__main__":
    serve(_work)
