"""Writes a new entry to fill in: every field that it needs, with its help as a comment."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from builder.drafts import RefusedError
from builder.formatting import WIDTH, Comments, layout, write
from builder.library import Library
from builder.library_rules import THEMES
from builder.model import MODELS, Entry, Kind, OriginKind, Path, Provenance
from builder.placeholders import ID, TEXT
from builder.problems import did_you_mean
from builder.schemas import Schema, schema, shape, titles

#: Fields that an entry may lack, but that show how it works; not beside a story already told.
_SHOWN: Final = ("readings",)
_DEFAULTS: Final[Mapping[Path, str]] = {
    ("origin", "kind"): OriginKind.COMPOSITE.value,
    ("status",): Provenance.PROPOSED.value,
    ("story",): f"{TEXT} Ici, [ces mots]({ID}) montrent un ingrédient.",
}


class Question(NamedTuple):
    """A choice that an entry needs at once. `choices` maps each value to what people read."""

    path: Path
    title: str
    choices: Mapping[str, str]
    default: str | None

    @property
    def name(self) -> str:
        """Name the field as `--set` takes it."""
        return ".".join(map(str, self.path))


def title_field(kind: Kind) -> str:
    """Give the field that names an entry."""
    return "title" if "title" in shape(MODELS[kind])["properties"] else "name"


def questions(kind: Kind, library: Library) -> Iterator[Question]:
    """Yield the choices to make before writing: closed vocabularies, a link, a theme's number.

    Raises RefusedError when every theme has its entry.
    """
    shaped = schema(MODELS[kind], titles(library))
    for path, field in _needed(shaped, ()):
        choices = field
        if "$ref" in field:
            choices = shaped["$defs"][field["$ref"].split("/")[-1]]
        if "enum" in choices and path != ("status",):
            labels = dict(zip(choices["enum"], choices["enumDescriptions"], strict=True))
            default = ID if "$ref" in field else _DEFAULTS.get(path)
            yield Question(path, field["title"], labels, default)
        if field.get("type") == "integer":
            taken = {theme.number for theme in library.themes.values()}
            free = next((number for number in THEMES if number not in taken), None)
            if free is None:
                raise RefusedError(f"Les {len(THEMES)} thèmes de l'étude ont déjà leur fiche.")
            yield Question(path, field["title"], {str(free): "le premier libre"}, str(free))


def fault(question: Question, answer: str) -> str | None:
    """Say in French why an answer is none, or None."""
    if answer in question.choices or answer == question.default:
        return None
    if len(question.choices) == 1 and answer.isdecimal():
        return None
    offered = ", ".join(question.choices)
    advice = did_you_mean(answer, question.choices, f"au choix : {offered}")
    return f"{question.name} ne peut pas valoir « {answer} » — {advice}"


def _needed(record: Schema, path: Path) -> Iterator[tuple[Path, Schema]]:
    """Yield the required fields of a record and of the records in it, not those of its lists."""
    for name in record["required"]:
        field = record["properties"][name]
        yield (*path, name), field
        if "properties" in field:
            yield from _needed(field, (*path, name))


def skeleton(kind: Kind, answers: Mapping[str, str]) -> str:
    """Write the YAML of a new entry; `answers` go by field (« origin.kind »)."""
    model = MODELS[kind]
    given: dict[Path, str] = {tuple(name.split(".")): answer for name, answer in answers.items()}
    data = _value(shape(model), (), given)
    return write(data, layout(model), _helps(shape(model), data, ()))


def _value(of: Schema, path: Path, answers: Mapping[Path, str]) -> Any:
    """Give the answer to a field, or something to replace."""
    if path in answers or path in _DEFAULTS:
        return answers.get(path) or _DEFAULTS[path]
    if "properties" in of:
        return {
            name: _value(field, (*path, name), answers)
            for name, field in of["properties"].items()
            if name in of["required"] or (name in _SHOWN and ("story",) not in answers)
        }
    if of.get("type") == "array":
        item = _value(of["items"], (*path, 0), answers)
        return [item] * max(1, of.get("minItems", 1))
    if of.get("type") == "object":
        return {ID: _value(of["additionalProperties"], (*path, ID), answers)}
    if "enum" in of:
        return of["enum"][0]
    return ID if "$ref" in of else 1 if of.get("type") == "integer" else TEXT


def _helps(record: Schema, value: Mapping[str, Any], path: Path) -> Comments:
    """Put before each field its own help, after the optional fields that were passed over."""
    before: dict[Path, list[str]] = {}
    after: dict[Path, list[str]] = {}
    passed: list[str] = []
    last = path
    for name, field in record["properties"].items():
        if name not in value:
            if name not in Entry.model_fields:
                passed += _comment(f"Facultatif, « {name}: » — {_help(field)}", path)
            continue
        last = (*path, name)
        before[last] = [*passed, *_comment(_help(field), path)]
        passed = []
        for inner, part, place in _records(field, value[name], last):
            helps = _helps(inner, part, place)
            before |= helps.before
            after |= helps.after
    if passed:
        after[last if path else ()] = passed
    return Comments(before, after)


def _records(field: Schema, value: Any, path: Path) -> Iterator[tuple[Schema, Any, Path]]:
    """Yield the record that a field is, or the first of those that it lists."""
    if "properties" in field:
        yield field, value, path
    elif "properties" in field.get("items", {}):
        yield field["items"], value[0], (*path, 0)


def _comment(text: str, path: Path) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, WIDTH - 2 - 2 * len(path))]


def _help(field: Schema) -> str:
    """Say what a field is for, and its limits."""
    parts = [f"{field['title']} : {field['description']}"]
    if "maxLength" in field:
        parts.append(f"{field['maxLength']} caractères au plus.")
    if field.get("minItems", 0) > 1:
        parts.append(f"{field['minItems']} éléments au moins.")
    if "maxItems" in field:
        parts.append(f"{field['maxItems']} au plus.")
    if "enum" in field:
        pairs = zip(field["enum"], field["enumDescriptions"], strict=True)
        parts.append(
            "Au choix : " + ", ".join(f"{value} ({label})" for value, label in pairs) + "."
        )
    return " ".join(parts)
