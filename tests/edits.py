"""Edits of the small guide: what several rules say of it, and what no rule should mind.

`messages.txt` keeps what is told of each, under its name; `python -m tests.golden` renews it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

#: file, words of the file ("" for a new file), what stands in their place
Edit = tuple[str, str, str]

_STORY: Final = "narratives/la-porte.yaml"
_INGREDIENT: Final = "ingredients/frapper-deux-coups.yaml"
_CHAPTER: Final = "context/chapters/le-lundi.yaml"
_PROGRAM: Final = "context/programs/la-maison-du-coin.yaml"
_METHOD: Final = "workshops/method.yaml"
_PLANS: Final = "workshops/plans.yaml"
_SERIES: Final = "workshops/series.yaml"
_THEME: Final = "themes/le-voisinage.yaml"
_LINK_ENDS: Final = "    status: proposed\npractice"

EDITS: Final[dict[str, tuple[Edit, ...]]] = {
    "une théorie nommée deux fois": (
        (
            _INGREDIENT,
            _LINK_ENDS,
            "    status: proposed\n  - theory: seuils\n    why: >-\n      Encore.\n" + _LINK_ENDS,
        ),
    ),
    "une source citée deux fois": (
        (_INGREDIENT, "      page 3\n", "      page 3\n  - {ref: source, detail: page 4}\n"),
    ),
    "un thème dans deux ateliers": (
        (
            _SERIES,
            "        themes:\n          - le-voisinage\n",
            "        themes: [le-voisinage]\n"
            "      - {title: Encore, why: Bis., themes: [le-voisinage]}\n",
        ),
    ),
    "d'anciens noms pris": (
        (_STORY, "title:", "former_names: [le-seuil, le-seuil, la-porte]\ntitle:"),
    ),
    "l'ancien nom d'un thème est celui d'un dossier de ses feuilles": (
        (_THEME, "number:", "former_names: [plans]\nnumber:"),
    ),
    "l'ancien nom est celui d'une autre sorte": (
        (_STORY, "title:", "former_names: [le-voisinage]\ntitle:"),
    ),
    "des renvois à une fiche retirée, et à son nom d'une autre sorte": (
        (
            "context/published.yaml",
            "",
            "withdrawn:\n  - {kind: theme, id: la-retiree, reason: Parce que.}\n",
        ),
        (_STORY, "theme: le-voisinage", "theme: la-retiree"),
        (_STORY, "situations: [", "situations: [la-retiree, "),
    ),
    "un registre à revoir": (
        (
            "context/published.yaml",
            "",
            "narratives: [la-porte, l-ancienne, la-retiree, la-perdue]\n"
            "themes: [la-retiree]\n"
            "withdrawn:\n"
            "  - {kind: narrative, id: la-retiree, reason: Parce que.}\n"
            "  - {kind: narrative, id: la-porte, reason: Parce que.}\n"
            "  - {kind: narrative, id: la-retiree, reason: Encore.}\n",
        ),
        (_STORY, "title:", "former_names: [l-ancienne]\ntitle:"),
    ),
    "deux passages sans fiche ni lecture": (
        (_STORY, "« C'est qui? » Il", "[« C'est qui? »](se-taire) [Il](se-taire)"),
    ),
    "une lecture sans fiche ni passage": (
        (_STORY, "discussion:", "  se-taire: Rien.\ndiscussion:"),
    ),
    "un lien documenté sans source": (
        (_INGREDIENT, _LINK_ENDS, "    status: documented\npractice"),
    ),
    "une étape proposée avec une source": (
        (_METHOD, "    drop: 1\n", "    drop: 1\n    sources: [{ref: source}]\n"),
    ),
    "une validation de ce qui est proposé": (
        (
            _SERIES,
            "    status: proposed\n",
            "    status: proposed\n    validation: {by: Une équipe, date: 2026-01-01}\n",
        ),
    ),
    "un lien validé": (
        (
            _INGREDIENT,
            _LINK_ENDS,
            "    status: validated\n    validation: {by: Une équipe, date: 2026-01-01}\npractice",
        ),
    ),
    "un récit reformulé d'une source": (
        (_STORY, "kind: composite", "kind: retold\n  sources: [{ref: source}]"),
    ),
    "un taux sans rien": (
        (
            _CHAPTER,
            "          12\n        date: non donnée\n        sources: [{ref: source}]\n",
            "          12 %\n",
        ),
    ),
    "un maintien en logement sans rien": (
        (
            _PROGRAM,
            "    definition: >-\n      Parmi les personnes logées, après un an.\n"
            "    date: >-\n      2012\n    retention: after-time\n    sources: [{ref: source}]\n",
            "    retention: after-time\n",
        ),
        (_PROGRAM, "plus de 80 %", "beaucoup"),
    ),
    "un minimum plus long que l'étape": ((_METHOD, "minimum: 10", "minimum: 30"),),
    "un minimum égal à l'étape": ((_METHOD, "minimum: 10", "minimum: 25"),),
    "des minimums d'une heure": (
        (_METHOD, "    minutes: 25\n    minimum: 10\n", "    minutes: 60\n    minimum: 60\n"),
        (_METHOD, "minutes: 60\nroles", "minutes: 95\nroles"),
    ),
    "des minimums de plus d'une heure": (
        (_METHOD, "    minutes: 25\n    minimum: 10\n", "    minutes: 65\n    minimum: 65\n"),
        (_METHOD, "minutes: 60\nroles", "minutes: 100\nroles"),
    ),
    "une rencontre mal minutée": (
        (_PLANS, "minimum: 30", "minimum: 65"),
        (_PLANS, "    minutes: 60\n    chapters", "    minutes: 65\n    chapters"),
    ),
    "des rangées sans colonne": (
        (
            "workshops/worksheets/regles.yaml",
            "    items:\n      - >-",
            "    rows: 2\n    items:\n      - >-",
        ),
    ),
    "le thème 0": ((_THEME, "number: 6", "number: 0"),),
    "le thème 1": ((_THEME, "number: 6", "number: 1"),),
    "le thème 17": ((_THEME, "number: 6", "number: 17"),),
    "un ingrédient qu'aucun récit ne marque": (
        (_STORY, "[J'ai frappé deux coups](frapper-deux-coups)", "J'ai frappé"),
        (
            _STORY,
            "readings:\n  frapper-deux-coups: >-\n    Deux, et le reste lui appartient.\n",
            "",
        ),
    ),
    "des formes abrégées": (
        (
            _STORY,
            "Combien de temps?",
            "Combien d'intervenant(e)s, iel ou toustes, Iels, Celleux, usagers/ères, client-e-s, "
            "un-e; (e) l·e?",
        ),
    ),
    "des formes qui ne sont pas abrégées": (
        (
            _STORY,
            "Combien de temps?",
            "Le ciel, portes/fenêtres, peut-être, est-elle, 1·2 et a(s)?",
        ),
    ),
    "un lien et un texte à écrire": (
        (_INGREDIENT, "theory: seuils", "theory: a-choisir"),
        (_INGREDIENT, "    Reculer d'un pas.", "    À écrire… Trois mots. À écrire…"),
    ),
    "un passage à choisir": (
        (_STORY, "](frapper-deux-coups)", "](a-choisir)"),
        (_STORY, "  frapper-deux-coups: >-", "  a-choisir: >-"),
    ),
    "des noms, dont un permis et un permis pour rien": (
        (_STORY, "Visite à domicile", "Visite à domicile, avec Zorglub et Mélanie"),
        (_STORY, "  Une porte, trente", "  De Trois-Rivières, trente"),
        (
            _STORY,
            "title:",
            "allowed_names:\n  - {text: Zorglub, why: Un dessin.}\n"
            "  - {text: Kevin, why: Rien.}\ntitle:",
        ),
    ),
    "une autrice, et quelqu'un": (
        ("theories/seuils.yaml", "Une autrice", "Mélanie Tremblay"),
        ("theories/seuils.yaml", "Une porte est", "Une porte, dit Mélanie, est"),
    ),
    "un consentement que rien ne confirme": (
        (
            _STORY,
            "  kind: composite\n",
            "  kind: field\n  consent:\n    given: false\n    reviewed_by: La coordination\n"
            "    date: 2026-03-01\n    individualisation: false\n    correlation: false\n"
            "    inference: false\n",
        ),
    ),
    "deux caractères sans police": ((_STORY, "    Deux, et", "    Deux 🚪 puis 🚪, et"),),
    "un ingrédient comparé à lui-même": (
        (
            _INGREDIENT,
            "status: documented\n",
            "contrasts:\n  frapper-deux-coups: Le même.\nstatus: documented\n",
        ),
    ),
    "un titre qui commence par un mot à éviter, entre parenthèses": (
        (_STORY, "  La porte\n", "  (iels) La porte\n"),
    ),
    "deux fois la même source dans un écart": (
        (
            "context/discrepancies.yaml",
            "",
            "entries:\n"
            "  - subject: Le nombre de portes\n"
            "    versions:\n"
            "      - {text: Deux, source: source}\n"
            "      - {text: Trois, source: source}\n"
            "    chapters: [le-lundi, le-lundi]\n",
        ),
    ),
}


def edit(guide: Path, edits: tuple[Edit, ...]) -> None:
    """Make the edits in a copy of the small guide."""
    for file, before, after in edits:
        path = guide / file
        text = path.read_text("utf-8") if before else ""
        assert before in text, f"{file} : « {before} » n'y est pas"
        path.write_text(text.replace(before, after, 1) if before else after, "utf-8")
