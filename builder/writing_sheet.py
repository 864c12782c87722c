"""The headings and helps of the blank writing sheet, as `guide import` knows them.

The sheet that is printed is workshops/worksheets/feuille-d-ecriture.yaml; a test holds both to
the same words.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Part(NamedTuple):
    """A part of the sheet; `key` names it in code, `help` may be left in what comes back."""

    key: str
    heading: str
    help: str


PARTS: Final = (
    Part(
        "title",
        "Titre",
        "Un objet, un geste, un bout de phrase entendue. Il peut attendre la fin.",
    ),
    Part(
        "context",
        "Contexte",
        "Où en était la personne dans son logement, où en était le lien entre vous. "
        "Juste ce qu'il faut pour comprendre la suite.",
    ),
    Part(
        "trigger",
        "Ce qui a déclenché",
        "Ce que vous avez vu, entendu ou reçu, et qui ne pouvait pas attendre. "
        "À quel moment de la journée?",
    ),
    Part(
        "actions",
        "Ce que j'ai fait",
        "Des gestes, dans l'ordre. Aussi ce que vous avez failli faire, et ce qui n'a pas marché.",
    ),
    Part(
        "words",
        "Ce que j'ai dit",
        "Vos mots, tels que vous vous en souvenez, entre guillemets. Deux phrases suffisent.",
    ),
    Part(
        "reaction",
        "Comment la personne a réagi",
        "Ce qu'elle a dit, ce qu'elle a fait, ou le silence. Sans deviner ce qu'elle pensait.",
    ),
    Part(
        "outcome",
        "Ce que ça a donné",
        "Le jour même, puis plus tard. Une fin ouverte ou ratée compte autant qu'une belle fin.",
    ),
    Part(
        "again",
        "Ce que je referais",
        "Ce que vous garderiez, ce que vous changeriez, ce que vous ne savez toujours pas.",
    ),
)

#: The parts that, one after the other, are the story.
STORY: Final = ("context", "trigger", "actions", "words", "reaction")
