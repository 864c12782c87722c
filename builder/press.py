"""Prints handouts: what was printed before is not printed again.

A handout is known by a digest of all that it is made from. `typesetter` prints, as many at once as
there are processors; `sheet_cache` keeps what it printed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from builder import durable, sheet_cache
from builder.fingerprint import PACKAGE, fingerprint
from builder.handouts import Handout, source
from builder.workers import WORKERS, Finish, Sharing, WorkerError, nothing, sharing


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


#: Programs that may start before anybody knows what is to print: an edit of a story is four sheets.
AHEAD: Final = 4


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


def order(
    handouts: Iterable[Handout], printer: str
) -> tuple[list[Order], dict[str, dict[str, str]]]:
    """Give the orders for some handouts, and what Typst reads of each; see `identity`."""
    orders, inputs = [], {}
    for handout in handouts:
        read = source(handout)
        orders.append(Order(handout.path, handout.title, handout.format.main, _key(read, printer)))
        inputs[orders[-1].key] = read
    return orders, inputs


def press(handouts: Iterable[Handout], cache: Path) -> list[Printed]:
    """Print what the cache does not hold.

    Raises PrintError when a text does not fit or has a character that no font has.
    """
    orders, inputs = order(handouts, identity())
    with printing(cache) as begin:
        begin({key: inputs[key] for key in missing(orders, cache)})(nothing)
    return delivered(orders, cache)


def missing(orders: Iterable[Order], cache: Path) -> list[str]:
    """List the keys that the cache does not hold whole."""
    return [it.key for it in orders if not sheet_cache.note(cache, it.key)]


def delivered(orders: Iterable[Order], cache: Path) -> list[Printed]:
    """Give the handouts that stand in the cache. Raises PrintError when one has gone."""
    return [_printed(one, cache) for one in orders]


def _printed(one: Order, cache: Path) -> Printed:
    note = sheet_cache.note(cache, one.key)
    if not note:
        raise PrintError(f"{one.path} a disparu de {cache} pendant la construction.")
    digest, (size, _) = note.parts[".pdf"]
    picture, _ = note.parts.get(".png", (None, ()))
    return Printed(*one, note.pages, size, digest, picture)


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


def _key(inputs: Mapping[str, str], printer: str) -> str:
    return hashlib.sha256((printer + inputs["data"]).encode()).hexdigest()


def identity() -> str:
    """Identify what prints: the program, Typst, the templates, the fonts, what draws pictures."""
    templates = (PACKAGE / "handouts").rglob("*")
    files = [path for path in templates if path.suffix in (".typ", ".otf")]
    packages = ("typst", "pypdfium2", "pillow")
    return fingerprint([PACKAGE / "typesetter.py", *files], PACKAGE, packages)


#: Waits for the last handout, and does something once a first program has printed its own.
Wait = Callable[[Callable[[], object]], None]
#: Has handouts printed meanwhile; gives how to wait for them.
Printing = Callable[[Inputs], Wait]


@contextmanager
def printing(cache: Path, *, ahead: bool = False) -> Iterator[Printing]:
    """Give how to print every handout that can be, meanwhile; `ahead` starts what prints at once.

    Waiting raises PrintError for those that cannot be printed, together.
    """
    try:
        with sharing("builder.typesetter", min(WORKERS, AHEAD) if ahead else 0) as share_out:
            yield partial(_begin, cache, share_out)
    except BaseException:
        durable.sweep((cache,))  # what they were writing when they were ended
        raise


def _begin(cache: Path, share_out: Sharing, missing: Inputs) -> Wait:
    cache.mkdir(parents=True, exist_ok=True)
    said = {key: read["data"] for key, read in missing.items()}  # whatever their order in a set
    longest = sorted(said, key=lambda key: (len(said[key]), said[key]), reverse=True)
    parts = [part for worker in range(WORKERS) if (part := longest[worker::WORKERS])]
    folder = str(cache.absolute())
    finish = share_out([[folder, {key: missing[key] for key in part}] for part in parts])
    return partial(_refuse, finish)


def _refuse(finish: Finish, meanwhile: Callable[[], object]) -> None:
    """Wait for the last. Raises PrintError."""
    try:
        faults = sorted({line for one in finish(meanwhile) for line in one.splitlines()})
    except WorkerError as error:
        raise PrintError("L'impression des feuilles s'est arrêtée avant la fin.") from error
    if faults:
        raise PrintError("\n".join(faults))
