"""Describes the files to editors and other programs: JSON Schemas made from the models.

A schema says what an author may write: no `id` (it is the file's name), no null (a field that
holds nothing is left out), known ids only. Titles and descriptions are the models' French ones;
`enumDescriptions`, which editors show beside each choice, has the labels and the entries' titles.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from builder.library import Library, entries_of
from builder.model import LABELS, MODELS, SINGLE_FILES, Entry, Kind, Reference

Schema = dict[str, Any]

FOLDER: Final = "schemas"


class SchemaFile(NamedTuple):
    """A schema as it is kept: `path` from the root of the project, or of the site."""

    path: str
    text: str


#: What people read for each id, by kind.
Titles = Mapping[Kind, Mapping[str, str]]


def schema_files(titles: Titles) -> Iterator[SchemaFile]:
    """Yield the schema of each kind of entry, then of each single file."""
    models = {kind.value: model for kind, model in MODELS.items()}
    models |= {PurePosixPath(name).stem: model for name, model in SINGLE_FILES.items()}
    for name, model in models.items():
        text = json.dumps(schema(model, titles), ensure_ascii=False, indent=1) + "\n"
        yield SchemaFile(f"{FOLDER}/{name}.schema.json", text)


def schema(model: type[Entry], titles: Titles) -> Schema:
    """Give the schema of a model: its shape, and the ids that its links may hold."""
    found = shape(model)
    links = sorted(set(_links(found)))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _title(model),
        **found,
        "$defs": {kind: _choice(titles[Kind(kind)]) for kind in links},
    }


@cache
def shape(model: type[Entry]) -> Schema:
    """Give the schema of a model, whatever the library; a link refers to `#/$defs/<kind>`."""
    written = model.model_json_schema(schema_generator=_Generator)
    shaped = _as_written(written, written.get("$defs", {}))
    own = shaped["properties"]
    for name in Entry.model_fields:  # what the entry says comes before what every entry has
        own[name] = own.pop(name)
    del own["id"]
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in shaped["required"] if name != "id"],
        "properties": own,
    }


class _Generator(GenerateJsonSchema):
    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        """List the choices with their labels; the class's name and docstring are for developers."""
        members = schema["members"]
        return {
            "title": schema["cls"].__name__,
            "enum": [member.value for member in members],
            "enumDescriptions": [LABELS[member] for member in members],
        }

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Say of which kind the keys are ids: pydantic leaves out what it does not know."""
        keys = self.generate_inner(schema["keys_schema"])
        return {**super().dict_schema(schema), "propertyNames": keys}


def _as_written(node: Any, definitions: Mapping[str, Any]) -> Any:
    """Put definitions in their places, and leave out what authors do not write."""
    if isinstance(node, list):
        return [_as_written(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = definitions[node["$ref"].removeprefix("#/$defs/")]
        own = {key: value for key, value in node.items() if key != "$ref"}
        said = {key: value for key, value in target.items() if key not in ("title", "description")}
        if "description" in own:  # a field; pydantic drops its title when the class has the same
            own.setdefault("title", target["title"])
        return _as_written({**own, **said}, definitions)
    if "link" in node:
        own = {key: value for key, value in node.items() if key in ("title", "description")}
        return {**own, "$ref": f"#/$defs/{node['link']}"}
    if "anyOf" in node:
        (given,) = (choice for choice in node["anyOf"] if choice.get("type") != "null")
        own = {key: value for key, value in node.items() if key != "anyOf"}
        return _as_written({**own, **given}, definitions)
    return {
        key: {name: _as_written(field, definitions) for name, field in value.items()}
        if key == "properties"
        else _as_written(value, definitions)
        for key, value in node.items()
        if key not in ("default", "$defs")
    }


def _links(node: Any) -> Iterator[str]:
    """Yield the kinds that a schema refers to."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].removeprefix("#/$defs/")
        for value in node.values():
            yield from _links(value)
    elif isinstance(node, list):
        for item in node:
            yield from _links(item)


def _title(model: type[Entry]) -> str:
    for kind, of in MODELS.items():
        if of is model:
            return LABELS[kind].capitalize()
    return next(name for name, of in SINGLE_FILES.items() if of is model)


def titles(library: Library) -> Titles:
    """Name every entry that a link may lead to."""
    return {
        kind: {entry.id: _said(entry) for entry in entries.values()}
        for kind, entries in entries_of(library).items()
    }


def _said(entry: Entry) -> str:
    if isinstance(entry, Reference):
        return entry.short
    return str(getattr(entry, "name", None) or getattr(entry, "title", entry.id))


def _choice(titles: Mapping[str, str]) -> Schema:
    ids = sorted(titles)
    return {"enum": ids, "enumDescriptions": [titles[id_] for id_ in ids]}
