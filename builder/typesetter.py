"""Sets handouts with Typst: a program of its own, which `press` starts as often as it pays.

Threads of one process wait for one another inside Typst: two print hardly faster than one. And
what Typst remembers of the sheets goes with the process.

Typst runs without system fonts. A warning (an unknown font, a layout that does not settle) fails
as an error does, and every PDF passes Typst's own PDF/UA-1 check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Final, cast

import typst

from builder.sheet_cache import keep
from builder.worker import serve

TEMPLATES: Final = Path(__file__).with_name("handouts")
#: Points an inch of the pictures of first pages.
PICTURE_PPI: Final = 50


def _work(share: tuple[str, Mapping[str, Mapping[str, str]]]) -> str:
    """Print what Typst reads of each key, into a cache; say what keeps some from being printed."""
    cache, jobs = share
    compiler = _compiler()
    faults = (_print(compiler, key, inputs, Path(cache)) for key, inputs in jobs.items())
    return "\n".join(filter(None, faults))


def _print(compiler: typst.Compiler, key: str, inputs: Mapping[str, str], cache: Path) -> str:
    """Print one handout, or say what keeps it from being printed."""
    try:
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["ua-1"], sys_inputs=dict(inputs)
        )
    except typst.TypstError as error:
        return _explained(inputs, error.message)
    if warnings:
        return _explained(inputs, warnings[0].message)
    made = {".pdf": cast(bytes, pdf)}
    if json.loads(inputs["data"])["pictured"]:
        made[".png"] = _picture(made[".pdf"])
    pages = json.loads(compiler.query("<page-of>", field="value"))  # every page has one
    keep(cache, key, len(pages), made)
    return ""


def _picture(pdf: bytes) -> bytes:
    """Draw the first page, as a PNG."""
    from pypdfium2 import PdfDocument  # a third of what starting this program takes

    with closing(PdfDocument(pdf)) as document:
        picture = document[0].render(scale=PICTURE_PPI / 72, grayscale=True).to_pil()
    drawn = BytesIO()
    picture.save(drawn, "png")
    return drawn.getvalue()


def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(TEMPLATES / "fonts")],
    )
    main = str(TEMPLATES / "main.typ")
    return typst.Compiler(main, font_paths=fonts, root=TEMPLATES, ignore_system_fonts=True)


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
