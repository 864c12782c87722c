"""Turns the ingredients into flash cards: a text that Anki imports as it is.

Format: https://docs.ankiweb.net/importing/text-files.html (headers since Anki 2.1.54). A card is
known by its first column: importing a newer deck brings the cards up to date.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from builder.library import Library
from builder.model import LABELS, Ingredient
from builder.spreadsheet import literal
from builder.typography import french

HEAD: Final = """\
#separator:tab
#html:false
#deck:Une fois où… – Ingrédients actifs
#columns:Identifiant\tRecto\tVerso\tÉtiquettes
#guid column:1
#tags column:4
"""
#: Letters that Anki takes for sound, LaTeX, MathJax or a deletion to guess, even without HTML; and
#: those of HTML, which an Anki too old for the headers would read.
_PLAIN: Final = str.maketrans("[]{}\\\t<>", "()()/ ‹›")


def deck(library: Library) -> str:
    """Give a card for each ingredient: its sense first, its name and what goes with it behind."""
    out = io.StringIO()
    writer = csv.writer(out, "excel-tab", quoting=csv.QUOTE_ALL, lineterminator="\n")
    for ingredient in library.ingredients.values():
        writer.writerow(
            (
                f"une-fois-ou-{ingredient.id}",
                _plain(ingredient.summary),
                _plain("\n\n".join(_back(library, ingredient))),
                " ".join(_tags(ingredient)),
            )
        )
    return HEAD + out.getvalue()


def _back(library: Library, ingredient: Ingredient) -> Iterator[str]:
    yield f"{ingredient.name} ({LABELS[ingredient.status].lower()})"
    yield "\n".join(("Demain matin :", *(f"• {point}" for point in ingredient.practice)))
    for link in ingredient.theories:
        theory = library.theories[link.theory]
        yield f"{theory.name} (lien {LABELS[link.status].lower()}) : {link.why}"


def _tags(ingredient: Ingredient) -> Iterator[str]:
    """Yield tags without spaces: the provenance, and each theory."""
    yield f"provenance::{LABELS[ingredient.status].lower().replace(' ', '-')}"
    yield from (f"théorie::{link.theory}" for link in ingredient.theories)


def _plain(text: str) -> str:
    """Make a field that neither Anki nor a spreadsheet reads as anything but words."""
    return literal(french(text).translate(_PLAIN).strip())
