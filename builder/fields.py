"""Tells in a table what may be written in a story, from its model.

`python -m builder.fields` renews the table of CONTRIBUTING.md; a test tells when it must be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from builder.model import Entry, Narrative

Schema = Mapping[str, Any]


class Row(NamedTuple):
    """One field; `key` has dots between levels, and `[]` after a list."""

    title: str
    key: str
    help: str
    required: bool
    limit: str


def rows(model: type[Entry]) -> Iterator[Row]:
    """Yield the fields of a model, each followed by its own; not those that every entry has."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    yield from (row for row in _rows(schema, definitions, "") if row.key not in Entry.model_fields)


def _rows(schema: Schema, definitions: Schema, within: str) -> Iterator[Row]:
    required = schema.get("required", ())
    for name, written in schema["properties"].items():
        field = _resolved(written, definitions)
        item = _resolved(field.get("items", {}), definitions)
        key = f"{within}{name}"
        said = {**field, **written}  # a title that the group of fields has too is said only there
        yield Row(said["title"], key, said["description"], name in required, _limit(field, item))
        if "properties" in field:
            yield from _rows(field, definitions, f"{key}.")
        if "properties" in item:
            yield from _rows(item, definitions, f"{key}[].")


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    """Give what a field holds when it is there, whether named elsewhere or optional."""
    if "anyOf" in schema:
        schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    return schema


def _limit(field: Schema, item: Schema) -> str:
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if field.get("format") == "date":
        return "AAAA-MM-JJ"
    each = _length(field.get("additionalProperties") or item)
    parts = (_size(field), f"{each} par texte" if each else _length(field))
    return ", ".join(filter(None, parts))


def _size(field: Schema) -> str:
    """Say how many items a list may have."""
    least, most = field.get("minItems"), field.get("maxItems")
    if least and most:
        return f"{least} à {most}"
    return f"{least} ou plus" if least else f"{most} au plus" if most else ""


def _length(field: Schema) -> str:
    """Say how long a text may be."""
    most = field.get("maxLength")
    return f"{most:,} caractères".replace(",", " ") if most else ""


def table(model: type[Entry]) -> str:
    """Give the fields of a model as a Markdown table."""
    lines = (
        f"| {row.title} | `{row.key}` | {_text(row.help)} "
        f"| {'oui' if row.required else 'non'} | {row.limit or '—'} |"
        for row in rows(model)
    )
    return "\n".join((_HEADING, *lines))


def _text(help: str) -> str:
    """Keep the marks that a help shows from being read as links."""
    return re.sub(r"[\[\]|]", r"\\\g<0>", help)


_HEADING: Final = """\
| Champ | Clé | Ce qu'on y met | Obligatoire | Limite |
|---|---|---|---|---|"""
_BETWEEN: Final = re.compile(
    r"(?<=<!-- champs -->\n\n).*(?=\n\n<!-- fin des champs -->)", re.DOTALL
)


def renewed(page: str) -> str:
    """Give a Markdown page with the table of a story's fields between its two marks, current."""
    return _BETWEEN.sub(lambda _: table(Narrative), page)


if __name__ == "__main__":
    page = Path("CONTRIBUTING.md")
    page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
