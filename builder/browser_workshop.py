"""Gives the page « Composer un atelier » what it needs, as one classic script."""

from __future__ import annotations

import json
from typing import Any

from builder.agenda import DURATIONS, UNIT
from builder.library import Library
from builder.model import Method
from builder.typography import french
from builder.workshops import GUIDES, TEAM


def script(library: Library) -> str:
    """Write the steps of a workshop, the themes and their stories."""
    data = {
        "shortest": DURATIONS.start,
        "longest": DURATIONS.stop - 1,
        "unit": UNIT,
        "team": TEAM,
        "guides": GUIDES,
        "steps": _steps(library, library.method) if library.method else [],
        "themes": [
            {
                "id": theme.id,
                "name": french(f"{theme.number}. {theme.short}"),
                "narratives": [
                    {"id": narrative.id, "title": french(narrative.title)}
                    for narrative in library.narratives_by_theme[theme.id]
                ],
            }
            for theme in library.themes.values()
            if theme.id in library.narratives_by_theme
        ],
    }
    return f"globalThis.WORKSHOP = {json.dumps(data, ensure_ascii=False)};\n"


def _steps(library: Library, method: Method) -> list[dict[str, Any]]:
    return [
        {
            "id": step.id,
            "title": french(step.title),
            "minutes": step.minutes,
            "minimum": step.minimum,
            "drop": step.drop,
            "who": french(step.who),
            "goal": french(step.goal),
            "say": [french(said) for said in step.say],
            "watch": [french(risk) for risk in step.watch],
            "sheets": [french(sheet) for sheet in step.sheets],
            "worksheets": [
                {"id": sheet.id, "name": french(sheet.name), "copies": sheet.copies.value}
                for sheet in (library.worksheets[id_] for id_ in step.worksheets)
            ],
        }
        for step in method.steps
    ]
