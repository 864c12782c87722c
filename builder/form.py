"""Gives the page « Proposer un récit » its fields, from the model, and what its script needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from builder.addresses import taken, url
from builder.drafts import LONGEST_ID
from builder.formatting import layout
from builder.library import Library
from builder.model import LABELS, Ingredient, Kind, Narrative, OriginKind
from builder.parsing import INVISIBLE
from builder.placeholders import TEXT
from builder.reading import APART
from builder.schemas import Schema, shape
from builder.settings import extra, settings
from builder.typography import UNPRINTABLE, browser_rules, french

#: An address longer than this is cut or refused on its way to the repository's host.
LONGEST_ADDRESS: Final = 7500

#: Where the model's help speaks of YAML, what the form says instead.
_ON_SCREEN: Final[Mapping[str, str]] = {
    "theme": "Celui dont le récit parle le plus.",
    "story": "Au je. Les ingrédients se marquent à l'étape 3.",
    "origin.sources.ref": "Le document d'où vient le récit.",
    "origin.consent.date": "Date de la relecture.",
}
_TRUE: Final = re.compile(r" : true\.$")

#: Texts in which each line is a paragraph; elsewhere a line end is a space.
_IN_PARAGRAPHS: Final = ("story", "facilitation")


class Field(NamedTuple):
    """A field of a story. `most` and `least` count items; `longest` counts characters."""

    title: str
    help: str
    required: bool
    longest: int | None
    least: int
    most: int | None
    choices: tuple[tuple[str, str], ...]
    paragraphs: bool


@cache
def fields() -> Mapping[str, Field]:
    """Give the fields of a story by key: dots between levels, lists and groups alike."""
    return dict(_fields(shape(Narrative), ""))


def _fields(record: Schema, within: str) -> Iterator[tuple[str, Field]]:
    for name, schema in record["properties"].items():
        key = f"{within}{name}"
        item = schema.get("items") or schema.get("additionalProperties") or {}
        item = item if isinstance(item, dict) else {}
        labels = zip(schema.get("enum", ()), schema.get("enumDescriptions", ()), strict=True)
        yield (
            key,
            Field(
                title=schema["title"],
                help=_ON_SCREEN.get(key) or _TRUE.sub(".", schema["description"]),
                required=name in record.get("required", ()),
                longest=schema.get("maxLength") or item.get("maxLength"),
                least=schema.get("minItems", 0),
                most=schema.get("maxItems"),
                choices=tuple(labels),
                paragraphs=key in _IN_PARAGRAPHS,
            ),
        )
        for inner in (schema, item):
            if "properties" in inner:
                yield from _fields(inner, f"{key}.")


class Sending(NamedTuple):
    """Where a story can be sent; each is empty when nobody said."""

    repository: str
    contact: str


def sending(config: Path) -> Sending:
    """Read where to send from mkdocs.yml: `repo_url` on GitHub, `extra.contact`."""
    repository = str(settings(config).get("repo_url") or "").rstrip("/")
    on_github = urlsplit(repository)[:2] == ("https", "github.com")
    contact = str(extra(config).get("contact") or "")
    return Sending(repository if on_github else "", contact)


def script(library: Library, to: Sending) -> str:
    """Write what the page's script needs: limits, choices, the way to write and to send."""
    data = {
        "fields": {
            **{key: _limits(field) for key, field in fields().items()},
            "proposal": _limits(_proposal()),
        },
        "layout": layout(Narrative),
        "taken": _taken(library),
        "ingredients": list(_ingredients(library)),
        "situations": [
            {"id": one.id, "name": french(one.name), "more": french(one.phrases[0])}
            for one in library.situations.values()
        ],
        "theories": {one.id: french(one.name) for one in library.theories.values()},
        "themes": {
            one.id: french(f"Thème {one.number} – {one.short}") for one in library.themes.values()
        },
        "origins": {kind.value: french(LABELS[kind]) for kind in OriginKind},
        "references": {one.id: french(one.short) for one in library.references.values()},
        "typography": browser_rules(),
        "unprintable": UNPRINTABLE.pattern,
        "invisible": INVISIBLE.pattern,
        "placeholder": TEXT,
        "apart": APART.pattern,
        "longestId": LONGEST_ID,
        "longestAddress": LONGEST_ADDRESS,
        "repository": to.repository,
        "contact": to.contact,
    }
    return f"globalThis.FormModel = {json.dumps(data, ensure_ascii=False)};\n"


def _limits(field: Field) -> dict[str, Any]:
    return {
        "title": french(field.title),
        "help": french(field.help),
        "required": field.required,
        "longest": field.longest,
        "least": field.least,
        "most": field.most,
        "paragraphs": field.paragraphs,
    }


def _proposal() -> Field:
    """Describe the name of an ingredient that the guide does not have yet."""
    named = next(field for key, field in _fields(shape(Ingredient), "") if key == "name")
    return named._replace(title="Nom proposé")


def _taken(library: Library) -> list[str]:
    """List the ids that `guide check` refuses to a new story."""
    stories = library.narratives.values()
    named = {name for one in stories for name in (one.id, *one.former_names)}
    gone = {one.id for one in library.ledger.withdrawn if one.kind is Kind.NARRATIVE}
    return sorted(named | gone | taken(Kind.NARRATIVE))


def _ingredients(library: Library) -> Iterator[dict[str, Any]]:
    for one in library.ingredients.values():
        yield {
            "id": one.id,
            "name": french(one.short),
            "full": french(one.name),
            "more": french(one.summary),
            "status": one.status.value,
            "label": french(LABELS[one.status]),
            "url": url(one),
            "theories": [
                {
                    "id": link.theory,
                    "why": french(link.why),
                    "status": link.status.value,
                    "label": french(LABELS[link.status]),
                }
                for link in one.theories
            ],
        }
