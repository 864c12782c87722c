"""The steps through which a story is discussed on its page, with the minutes of the method."""

from __future__ import annotations

from typing import NamedTuple

from builder.model import Method


class Step(NamedTuple):
    """A step of the workshop on a story's page; `id` is also its anchor there."""

    id: str
    title: str
    minutes: int


def steps(method: Method | None) -> tuple[Step, ...]:
    """Give the steps in order; one that the method does not have takes no time.

    On a page, searching alone and together are one step; what the method reveals at once is two,
    the ingredients then the theory, which gets a third of the time.
    """
    minutes = {step.id: step.minutes for step in method.steps} if method else {}
    reveal = minutes.get("devoilement", 0)
    search = minutes.get("releve", 0) + minutes.get("mise-en-commun", 0)
    return (
        Step("recit", "Le récit", minutes.get("lecture", 0)),
        Step("clarifications", "Questions de clarification", minutes.get("clarifications", 0)),
        Step("interventions", "Interventions nommées", minutes.get("interventions", 0)),
        Step("recherche", "Quels ingrédients voyez-vous?", search),
        Step("ingredients", "Les ingrédients à l'œuvre", reveal - reveal // 3),
        Step("theories", "Ce que la théorie éclaire", reveal // 3),
        Step("transfert", "Une action chez moi", minutes.get("transfert", 0)),
    )
