"""CONTRIBUTING.md shows a story's fields as the model has them."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from builder.fields import Row, renewed, rows, table
from builder.model import Entry, Narrative, Note, Record, Sentence
from tests.conftest import ROOT


def test_contributing_has_the_fields_as_they_are() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert table(Narrative) in page
    assert renewed(page) == page, "lancez « .venv/bin/python -m builder.fields »"


def test_an_old_table_is_replaced_and_nothing_else() -> None:
    page = "avant\n\n<!-- champs -->\n\nvieux\n\n<!-- fin des champs -->\n\naprès\n"
    assert renewed(page) == page.replace("vieux", table(Narrative))


class Agreement(Record):
    given: Annotated[Literal[True], Field(title="Accord", description="Donné.")]
    date: Annotated[datetime.date, Field(title="Date", description="Le jour.")]


class Sample(Entry):
    text: Annotated[str, Field(title="Texte", description="Avec [mots](ici).", max_length=8000)]
    agreement: Annotated[
        Agreement | None, Field(title="Entente", description="Si elle est là.")
    ] = None
    asked: Annotated[
        tuple[Sentence, ...], Field(title="Questions", description="Deux.", max_length=2)
    ] = ()
    said: Annotated[dict[str, Note], Field(title="Mots", description="Par fiche.")]


def test_each_field_says_its_key_and_its_limit_as_deep_as_it_goes() -> None:
    assert list(rows(Sample)) == [
        Row("Texte", "text", "Avec [mots](ici).", True, "8 000 caractères"),
        Row("Entente", "agreement", "Si elle est là.", False, ""),
        Row("Accord", "agreement.given", "Donné.", True, "`true`"),
        Row("Date", "agreement.date", "Le jour.", True, "AAAA-MM-JJ"),
        Row("Questions", "asked", "Deux.", False, "2 au plus, 250 caractères par texte"),
        Row("Mots", "said", "Par fiche.", True, "600 caractères par texte"),
    ]


def test_a_mark_shown_in_a_help_is_not_a_link() -> None:
    assert r"Avec \[mots\](ici)." in table(Sample)
