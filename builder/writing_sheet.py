"""The headings of the blank writing sheet: printed for workshops, read by `guide import`."""

from __future__ import annotations

from typing import Final, NamedTuple


class Part(NamedTuple):
    """A part of the sheet. `key` names it in code; heading and help are printed."""

    key: str
    heading: str
    help: str


PARTS: Final = (
    Part("title", "Titre", "Quelques mots concrets : un objet, un lieu ordinaire, un geste."),
    Part("context", "Contexte", "Où en étiez-vous avec la personne? Sans nom, lieu, date ni âge."),
    Part("trigger", "Ce qui a déclenché", "Ce qui s'est passé cette fois-là, et pas les autres."),
    Part("actions", "Ce que j'ai fait", "Les gestes, dans l'ordre, même ceux qui ont raté."),
    Part("words", "Ce que j'ai dit", "Les paroles, comme elles ont été dites."),
    Part("reaction", "Comment la personne a réagi", "Ce qu'elle a fait, dit, ou n'a pas dit."),
    Part("outcome", "Ce que ça a donné", "La suite, même en partie, même mal."),
    Part("again", "Ce que je referais", "Et ce que vous feriez autrement, ou ne savez pas encore."),
)

#: The parts that, one after the other, are the story.
STORY: Final = ("context", "trigger", "actions", "words", "reaction")
