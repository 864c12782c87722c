"""Writes the software bill of materials: CycloneDX 1.6, the same bytes for the same sources.

It has neither serial number nor clock: the format asks for none. `scope` tells what the site
ships (`required`) from what only builds it (`excluded`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from pydantic_core import to_json

from builder.exports import Export
from builder.licences import CODE, CONTENT, OTHERS, PACKAGES, Work
from builder.pinned import LOCK, Pinned, locked

PATH: Final = "data/sbom.cdx.json"
TITLE: Final = (
    "Nomenclature logicielle (CycloneDX) : ce que le guide contient et ce qui le construit"
)
THEME: Final = Path(__file__).with_name("theme")


def bill(made: datetime) -> Export:
    """Give the bill of materials of the site that this builder makes of sources of that time."""
    parts = [*_shipped(), *_building(locked(LOCK.read_text(encoding="utf-8")))]
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"timestamp": made.isoformat(), "component": _guide()},
        "components": parts,
        "dependencies": [
            {"ref": "guide", "dependsOn": [part["bom-ref"] for part in parts]},
            *({"ref": part["bom-ref"]} for part in parts),
        ],
    }
    return Export(PATH, TITLE, (to_json(document, indent=1), b"\n"))


def _guide() -> dict[str, Any]:
    return {
        "type": "application",
        "bom-ref": "guide",
        "name": "Une fois où…",
        "licenses": _licences(f"{CODE.licence} AND {CONTENT.licence}"),
    }


def _shipped() -> Iterator[dict[str, Any]]:
    """Yield what others made and the site ships; fonts and scripts with the hash of each file."""
    assets = [file for file in sorted((THEME / "assets").rglob("*")) if file.is_file()]
    for work in OTHERS:
        part: dict[str, Any] = {
            "type": "library",
            "bom-ref": work.id,
            "author": work.author,
            "name": work.name,
            "version": work.version,
            "description": work.use,
            "scope": "required",
            "licenses": _licences(work.licence),
            "purl": work.purl,
            "externalReferences": [{"type": "website", "url": work.home}],
            "components": list(_files(work, assets)),
        }
        yield {key: value for key, value in part.items() if value}


def _files(work: Work, assets: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Yield the files of a work that go into the site as they are."""
    for file in assets:
        path = file.relative_to(THEME).as_posix()
        if any(fnmatchcase(path, pattern) for pattern in work.files):
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            yield {
                "type": "file",
                "bom-ref": path,
                "name": path,
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }


def _building(packages: Iterable[Pinned]) -> Iterator[dict[str, Any]]:
    """Yield the locked packages. The hashes are those that installing accepts, file by file."""
    shipped = {work.purl for work in OTHERS}
    for package in packages:
        purl = f"pkg:pypi/{package.name}@{package.version}"
        if purl in shipped:
            continue
        part: dict[str, Any] = {
            "type": "library",
            "bom-ref": purl,
            "name": package.name,
            "version": package.version,
            "scope": "excluded",
            "licenses": _licences(PACKAGES.get(package.name, "")),
            "purl": purl,
            "externalReferences": [_distribution(package)],
        }
        if package.marker:
            part["properties"] = [{"name": "cdx:python:marker", "value": package.marker}]
        yield {key: value for key, value in part.items() if value}


def _distribution(package: Pinned) -> dict[str, Any]:
    return {
        "type": "distribution",
        "url": f"https://pypi.org/project/{package.name}/{package.version}/",
        "comment": "requirements.lock : les fichiers permis",
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in package.hashes],
    }


def _licences(expression: str) -> list[dict[str, str]]:
    return [{"expression": expression}] if expression else []
