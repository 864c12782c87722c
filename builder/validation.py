"""Validates plain data against the models; says in French what does not fit, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from builder.model import ADDRESS_PATTERN, ID_PATTERN, Entry, Path
from builder.parsing import Source, shape
from builder.problems import FAULTS, Problem, did_you_mean, nearest


def validate(
    model: type[Entry], id_: str, data: dict[str, Any], source: Source
) -> tuple[Entry | None, list[Problem]]:
    """Validate plain data against its model; every fault of the file is reported."""
    if "id" in data:
        own = {key: value for key, value in data.items() if key != "id"}
        fault = source.problem(
            source.key_positions[("id",)],
            "champ-inconnu",
            "champ inconnu « id »",
            "supprimez-le : l'identifiant est le nom du fichier",
        )
        _, faults = validate(model, id_, own, source)
        return None, [fault, *faults]
    try:
        return model.model_validate({"id": id_, **data}), []
    except ValidationError as error:
        told = error.errors(include_url=False)[:FAULTS]
        worth = _worth_saying(told, model)
        return None, [_model_problem(model, source, fault) for fault in worth]


def _worth_saying(errors: list[ErrorDetails], model: type[Entry]) -> Iterator[ErrorDetails]:
    """Leave out what only follows from another fault.

    A misspelt key makes its field missing; a faulty item makes pydantic count one less.
    """
    misspelt = {
        (*error["loc"][:-1], nearest(str(error["loc"][-1]), _fields_at(model, error["loc"][:-1])))
        for error in errors
        if error["type"] == "extra_forbidden"
    }
    for error in errors:
        if error["type"] == "missing" and error["loc"] in misspelt:
            continue
        if error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]:
            continue
        yield error


def _model_problem(model: type[Entry], source: Source, error: ErrorDetails) -> Problem:
    """Turn a pydantic error into a positioned French message."""
    path: Path = error["loc"]
    if path[-1:] == ("[key]",) and path not in source.key_positions:
        path = path[:-1]  # pydantic's own word for a key that does not fit, unless the file says it
    given = error["input"]
    context = error.get("ctx", {})
    position = source.position(path)
    kind = error["type"]
    name = _name(path)
    if kind == "missing":
        return source.problem(
            source.position(path[:-1]),
            "champ-manquant",
            f"il manque le champ « {path[-1]} »",
            f"ajoutez « {path[-1]}: » avec sa valeur",
        )
    if kind == "extra_forbidden":
        return _unknown_field(model, path, source)
    if given == "" or given in ([], {}):
        return source.problem(
            position, "champ-vide", f"{name} est vide", "remplissez-le ou supprimez la clé"
        )
    if kind.endswith(("_type", "_dict", "_tuple")) or kind == "is_instance_of":
        return _wrong_type(path, source, kind, given)
    if kind in ("enum", "literal_error"):
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        near = nearest(str(given), allowed)
        return source.problem(
            position,
            "valeur-inconnue",
            f"{name} ne peut pas valoir « {given} »",
            f"vouliez-vous dire « {near} » ?" if near else f"choisissez : {', '.join(allowed)}",
        )
    if kind in ("string_too_long", "too_long"):
        limit = context.get("max_length")
        unit = "caractères" if kind.startswith("string") else "éléments"
        return source.problem(
            position,
            "trop-long",
            f"{name} est trop long ({len(given)} {unit}, {limit} au plus)",
            "raccourcissez-le",
        )
    if kind in ("string_too_short", "too_short"):
        return source.problem(
            position,
            "trop-court",
            f"{name} est trop court ({len(given)}, {context.get('min_length')} au moins)",
            "complétez-le",
        )
    return source.problem(
        position,
        "valeur-invalide",
        f"{name} a une valeur qui ne convient pas (« {str(given)[:40]} »)",
        _expected(kind, context),
    )


def _expected(kind: str, context: Mapping[str, Any]) -> str:
    """Say what a value should have been."""
    if kind == "greater_than_equal":
        return f"donnez au moins {context['ge']}"
    if kind == "less_than_equal":
        return f"donnez au plus {context['le']}"
    return _EXPECTED.get(context.get("pattern", kind), "vérifiez sa forme")


_EXPECTED: Final = {
    "int_parsing": "écrivez un nombre entier",
    "bool_parsing": "écrivez true ou false",
    "date_from_datetime_parsing": "ce jour n'existe pas : vérifiez le mois et le jour",
    "day": "écrivez une date AAAA-MM-JJ",
    ID_PATTERN: "écrivez des minuscules sans accent, des chiffres et des traits d'union",
    ADDRESS_PATTERN: "écrivez une adresse complète qui commence par https://",
}


def _name(path: Path) -> str:
    """Name a place of an entry: « discussion.clarifications[2].answer »."""
    return "« " + _dotted(path) + " »"


def _dotted(path: Iterable[str | int]) -> str:
    dotted = ""
    for part in path:
        dotted += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if dotted else part
    return dotted


def _unknown_field(model: type[Entry], path: Path, source: Source) -> Problem:
    """Report a key that the model does not have; often a text cut by its own colon."""
    key = str(path[-1])
    if " " in key:
        return source.problem(
            source.key_positions.get(path, source.position(path)),
            "deux-points",
            f"« {key[:40]} » est pris pour une clé, à cause de son deux-points",
            "écrivez le texte après « >- », à la ligne suivante",
        )
    fields = [name for name in _fields_at(model, path[:-1]) if name != "id"]
    return source.problem(
        source.key_positions.get(path, source.position(path)),
        "champ-inconnu",
        f"champ inconnu {_name(path)}",
        did_you_mean(key, fields, f"les champs sont : {', '.join(fields)}"),
    )


def _fields_at(model: Any, path: Path) -> Iterable[str]:
    """List the fields of the record at `path` inside a model."""
    for part in path:
        if isinstance(part, str):
            model = model.model_fields[part].annotation
        while not hasattr(model, "model_fields"):
            arguments = [item for item in getattr(model, "__args__", ()) if item is not Ellipsis]
            if not arguments:
                return ()
            model = next(
                (item for item in arguments if hasattr(item, "model_fields")), arguments[-1]
            )
    fields: Iterable[str] = model.model_fields
    return fields


def _wrong_type(path: Path, source: Source, kind: str, given: Any) -> Problem:
    """Report a text where a list is expected, and so on; name the colon trap."""
    wanted = {
        "string_type": "un texte",
        "tuple_type": "une liste (une ligne par élément, avec un tiret)",
        "mapping_type": "un groupe de clés",
        "dict_type": "un groupe de clés",
        "model_type": "un groupe de clés",
        "model_attributes_type": "un groupe de clés",
    }.get(kind, "une valeur simple")
    if kind == "string_type" and isinstance(given, dict) and len(given) == 1:
        key = next(iter(given))
        return source.problem(
            source.key_positions[(*path, key)],
            "deux-points",
            f"« {key[:40]} » est pris pour une clé, à cause de son deux-points",
            "écrivez le texte après « >- », à la ligne suivante",
        )
    return source.problem(
        source.position(path),
        "type-inattendu",
        f"{_name(path)} demande {wanted}, pas {shape(given)}",
        "corrigez la forme ou le retrait",
    )
