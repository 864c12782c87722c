"""Makes libraries of any size: the real guide, and synthetic entries that share as it does."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path
from typing import Final

from builder.model import CONTENT

ROOT: Final = Path(__file__).parent.parent
#: Never fewer ingredients and situations than the real guide has.
STORIES_AN_INGREDIENT: Final = 10
STORIES_A_SITUATION: Final = 5
MARKS: Final = 6
#: Words of a story; the middle of what the guide asks for.
WORDS: Final = 520


def make(folder: Path, stories: int, seed: int = 17) -> None:
    """Write the real guide into an empty folder, grown to `stories` stories."""
    chance = random.Random(seed)
    for name in (*CONTENT, "builder/theme"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("mkdocs.yml", "CHANGELOG.md", "CITATION.cff"):
        shutil.copy(ROOT / name, folder)
    words = _words()
    themes, theories = _ids(folder, "themes"), _ids(folder, "theories")
    ingredients, situations = _ids(folder, "ingredients"), _ids(folder, "situations")
    for number in range(stories // STORIES_AN_INGREDIENT - len(ingredients)):
        ingredients.append(f"ingredient-{number}")
        text = _ingredient(chance, words, chance.choice(theories))
        (folder / "ingredients" / f"{ingredients[-1]}.yaml").write_text(text, encoding="utf-8")
    for number in range(stories // STORIES_A_SITUATION - len(situations)):
        situations.append(f"situation-{number}")
        text = _situation(chance, words, themes, ingredients)
        (folder / "situations" / f"{situations[-1]}.yaml").write_text(text, encoding="utf-8")
    for number in range(stories - len(_ids(folder, "narratives"))):
        text = _story(chance, words, chance.choice(themes), ingredients, situations)
        (folder / "narratives" / f"recit-{number}.yaml").write_text(text, encoding="utf-8")


def _ids(folder: Path, name: str) -> list[str]:
    return sorted(path.stem for path in (folder / name).glob("*.yaml"))


def _words() -> list[str]:
    """Take the words of the real texts, so that lengths and letters are those of French."""
    text = " ".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "themes").glob("*.yaml"))
    )
    return [word for word in re.findall(r"[a-zà-ÿ']{2,}", text) if word not in _TITLES + _MONTHS]


#: Chance would name people or make dates of them, which the checks refuse.
_TITLES: Final = ("madame", "monsieur")
_MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
    *("septembre", "octobre", "novembre", "décembre"),
)


def _say(chance: random.Random, words: list[str], count: int) -> str:
    return f"On {' '.join(chance.choices(words, k=count - 1))}."


def _block(indent: int, text: str) -> str:
    return ">-\n" + " " * indent + text


def _ingredient(chance: random.Random, words: list[str], theory: str) -> str:
    def points(count: int) -> str:
        return "\n".join(f"  - {_block(4, _say(chance, words, 18))}" for _ in range(count))

    return f"""\
name: {_block(2, _say(chance, words, 8))}
short: {_block(2, " ".join(chance.choices(words, k=3))[:40])}
summary: {_block(2, _say(chance, words, 15))}
description: |
  {_say(chance, words, 60)}

  {_say(chance, words, 40)}
status: proposed
theories:
  - theory: {theory}
    why: {_block(6, _say(chance, words, 25))}
    status: proposed
practice:
{points(4)}
pitfalls:
{points(3)}
questions:
{points(3)}
"""


def _situation(
    chance: random.Random, words: list[str], themes: list[str], ingredients: list[str]
) -> str:
    phrases = "\n".join(f"  - {_block(4, _say(chance, words, 7))}" for _ in range(14))
    helpful = "\n".join(
        f"  - ingredient: {id_}\n    why: {_block(6, _say(chance, words, 12))}"
        for id_ in chance.sample(ingredients, 3)
    )
    return f"""\
name: {_block(2, " ".join(chance.choices(words, k=5))[:75])}
about: {chance.choice(["tenant", "landlord", "neighbours", "network", "worker"])}
phrases:
{phrases}
themes: [{", ".join(chance.sample(themes, 2))}]
ingredients:
{helpful}
"""


def _story(
    chance: random.Random,
    words: list[str],
    theme: str,
    ingredients: list[str],
    situations: list[str],
) -> str:
    marked = chance.sample(ingredients, MARKS)
    paragraphs = "\n\n".join(
        f"  {_say(chance, words, WORDS // MARKS - 6)} [{_say(chance, words, 6)}]({id_})."
        for id_ in marked
    )
    readings = "\n".join(f"  {id_}: {_block(4, _say(chance, words, 40))}" for id_ in marked)
    clarifications = "\n".join(
        f"    - question: {_block(8, _say(chance, words, 10))}\n"
        f"      answer: {_block(8, _say(chance, words, 25))}"
        for _ in range(3)
    )
    questions = "\n".join(f"  - {_block(4, _say(chance, words, 14))}" for _ in range(3))
    return f"""\
title: {_block(2, " ".join(chance.choices(words, k=6))[:75])}
theme: {theme}
origin:
  kind: composite
teller: {_block(2, "Une intervenante en suivi")}
summary: {_block(2, _say(chance, words, 25))}
situations: [{", ".join(chance.sample(situations, 3))}]
story: |
{paragraphs}
readings:
{readings}
discussion:
  clarifications:
{clarifications}
  interventions:
    - {_block(6, "Visite à domicile")}
outcome: {_block(2, _say(chance, words, 40))}
questions:
{questions}
facilitation: |
  {_say(chance, words, 120)}
"""
