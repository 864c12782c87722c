"""The steps through which a story is discussed, in order, with their minutes."""

from __future__ import annotations

from typing import Final, NamedTuple


class Step(NamedTuple):
    """A step of the workshop on a story's page; `id` is also its anchor there."""

    id: str
    title: str
    minutes: int


#: The minutes are proposed by this guide: « relevé individuel » (10) and « mise en commun » (25)
#: are one step here, « dévoilement » (15) is two.
STEPS: Final = (
    Step("recit", "Le récit", 10),
    Step("clarifications", "Questions de clarification", 15),
    Step("interventions", "Interventions nommées", 15),
    Step("recherche", "Quels ingrédients voyez-vous?", 35),
    Step("ingredients", "Les ingrédients à l'œuvre", 10),
    Step("theories", "Ce que la théorie éclaire", 5),
    Step("transfert", "Une action chez moi", 15),
)
