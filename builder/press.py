"""Prints handouts: Typst in, accessible PDF out; what was printed before is not printed again.

A cache folder holds, by a hash of all that a handout is made from, the PDF, its number of pages
and, for the handouts that the site shows, a picture of the first page.

Typst runs without system fonts. A warning (an unknown font, a layout that does not settle) fails
as an error does, and every PDF passes Typst's own PDF/UA-1 check.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple, cast

import typst
from pypdfium2 import PdfDocument

from builder.handouts import Handout, source

TEMPLATES: Final = Path(__file__).with_name("handouts")
#: Points an inch of the pictures of first pages.
PICTURE_PPI: Final = 50
#: Below this many handouts, starting other processes costs more than it saves.
FEW: Final = 12


class Printed(NamedTuple):
    """A printed handout; `key` names its files in the cache, `size` is in bytes."""

    path: str
    title: str
    pictured: bool
    key: str
    pages: int
    size: int


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
    """List the keys that the cache does not hold."""
    return [it.key for it in orders if not (cache / f"{it.key}.json").is_file()]


def delivered(orders: Iterable[Order], cache: Path) -> list[Printed]:
    """Give the handouts that stand in the cache."""
    return [
        Printed(
            *one,
            json.loads((cache / f"{one.key}.json").read_text()),
            (cache / f"{one.key}.pdf").stat().st_size,
        )
        for one in orders
    ]


def forget(printed: Iterable[Printed], cache: Path) -> None:
    """Clear from the cache what is not among `printed`."""
    keys = {one.key for one in printed}
    for file in cache.iterdir():
        if file.stem not in keys:
            file.unlink()


def deliver(printed: Iterable[Printed], cache: Path, output: Path) -> None:
    """Copy printed handouts to their places."""
    for one in printed:
        target = output / one.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(cache / f"{one.key}.pdf", target)


def picture(printed: Iterable[Printed], cache: Path, output: Path) -> None:
    """Copy the pictures of first pages beside the handouts that have one."""
    for one in printed:
        if one.pictured:
            target = (output / one.path).with_suffix(".png")
            shutil.copyfile(cache / f"{one.key}.png", target)


def _key(inputs: Mapping[str, str]) -> str:
    return hashlib.sha256((_press_id() + inputs["data"]).encode()).hexdigest()


@cache
def _press_id() -> str:
    """Identify what prints: Typst, the templates, the fonts."""
    found = hashlib.sha256(version("typst").encode())
    for file in sorted(TEMPLATES.rglob("*")):
        if file.suffix in (".typ", ".otf"):
            found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()


def print_missing(missing: Inputs, cache: Path) -> None:
    """Print, in several processes. Each one is this module, run on its part of the jobs."""
    if len(missing) <= FEW:
        _print_some(missing, cache)
        return
    workers = os.cpu_count() or 1
    by_size = sorted(missing, key=lambda key: len(missing[key]["data"]), reverse=True)
    running = [
        (
            subprocess.Popen(
                [sys.executable, "-m", "builder.press", str(cache)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=Path(__file__).parents[1],
            ),
            json.dumps({key: missing[key] for key in by_size[worker::workers]}).encode(),
        )
        for worker in range(workers)
    ]
    with ThreadPoolExecutor(len(running)) as threads:
        said = list(threads.map(lambda one: one[0].communicate(one[1])[0].decode(), running))
    if faults := "\n".join(filter(None, said)):
        raise PrintError("\n".join(dict.fromkeys(faults.splitlines())))
    if any(process.returncode for process, _ in running):
        raise PrintError("L'impression des feuilles s'est arrêtée avant la fin.")


def _print_some(jobs: Inputs, cache: Path) -> None:
    """Print every handout that can be; raise PrintError for the others, together."""
    faults = []
    for key, inputs in jobs.items():
        try:
            _print(key, inputs, cache)
        except PrintError as error:
            faults.append(str(error))
    if faults:
        raise PrintError("\n".join(dict.fromkeys(faults)))


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
    (cache / f"{key}.pdf").write_bytes(cast(bytes, pdf))
    with closing(PdfDocument(cache / f"{key}.pdf")) as document:
        pages = len(document)
        if json.loads(inputs["data"])["pictured"]:
            picture = document[0].render(scale=PICTURE_PPI / 72, grayscale=True).to_pil()
            picture.save(cache / f"{key}.png")
    (cache / f"{key}.json").write_text(str(pages))


@cache
def _compiler() -> typst.Compiler:
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


def main(cache: Path) -> int:
    """Print the jobs given as JSON on standard input; say what went wrong on standard output."""
    try:
        _print_some(json.load(sys.stdin), cache)
    except PrintError as error:
        sys.stdout.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
