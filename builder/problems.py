"""What is wrong with the content, where, and what to do about it."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, Self

Severity = Literal["error", "warning"]

#: Every rule, with what it protects. CONTRIBUTING.md lists them; a test holds both together.
RULES: Final[dict[str, str]] = {
    # the file itself
    "fichier-illisible": "Le fichier peut être ouvert et lu.",
    "fichier-trop-gros": "Un fichier tient dans 256 Kio.",
    "fichier-vide": "Un fichier contient une fiche.",
    "fichier-inattendu": "Les dossiers de contenu ne contiennent que des fichiers .yaml.",
    "lien-symbolique": "Une fiche est un vrai fichier, pas un lien symbolique.",
    "identifiant": "Le nom du fichier est en minuscules ASCII, chiffres et traits d'union.",
    "identifiant-reserve": "Le nom du fichier n'est pas celui d'une page ou d'un appareil.",
    # its characters
    "marque-d-ordre": "Le fichier est en UTF-8, sans marque d'ordre des octets.",
    "utf-16": "Le fichier est en UTF-8, pas en UTF-16.",
    "encodage": "Chaque octet du fichier est de l'UTF-8.",
    "caractere-interdit": "Aucun caractère invisible ou de commande.",
    "tabulation": "Les retraits sont faits d'espaces, jamais de tabulations.",
    # its YAML
    "yaml": "Le YAML peut être lu.",
    "cle-en-double": "Une clé n'est donnée qu'une fois.",
    "deux-points": "Un texte qui contient « : » est écrit après « >- ».",
    "diese": "Un texte qui contient « # » est écrit après « >- ».",
    "guillemet-courbe": "Un texte n'est pas délimité par des guillemets courbes.",
    "espace-insecable": "Pas d'espace insécable avant le deux-points d'une clé.",
    "deux-documents": "Un fichier contient une seule fiche.",
    "ancre": "Pas d'ancre ni de renvoi YAML (& et *).",
    "etiquette": "Pas d'étiquette ni de directive YAML (! et %).",
    "imbrication": "Pas plus de 20 niveaux d'imbrication.",
    # its shape
    "champ-inconnu": "Les clés sont celles du modèle.",
    "champ-manquant": "Les champs obligatoires sont là.",
    "champ-vide": "Un champ présent n'est pas vide.",
    "type-inattendu": "Un texte, une liste ou un groupe de clés, selon le champ.",
    "valeur-inconnue": "Un champ à choix prend une des valeurs prévues.",
    "trop-long": "Un texte ou une liste respecte sa longueur maximale.",
    "trop-court": "Une liste a son nombre minimal d'éléments.",
    "valeur-invalide": "Une valeur a la forme prévue.",
    # how entries hold together
    "renvoi-inconnu": "Un renvoi désigne une fiche qui existe.",
    "renvoi-en-double": "Une liste ne renvoie pas deux fois à la même fiche.",
    "ancien-nom-occupe": "Un ancien nom n'est celui d'aucune autre fiche.",
    "identifiant-publie": "Un identifiant publié mène à une fiche, ou est dit retiré.",
    "marque-mal-formee": "Un passage s'écrit [mots](ingrédient).",
    "passage-sans-lecture": "Chaque ingrédient marqué dans un récit a sa lecture.",
    "lecture-sans-passage": "Chaque lecture a un passage marqué dans le récit.",
    "documente-sans-source": "Ce qui est dit documenté nomme sa source.",
    "source-sans-statut": "Ce qui est proposé ne se réclame pas d'une source.",
    "valide-sans-atelier": "Ce qui est dit validé dit par qui et quand.",
    "numero-de-theme": "Les thèmes sont numérotés de 1 à 17.",
    "numero-en-double": "Deux thèmes n'ont pas le même numéro.",
    "minutes": "Les minutes des étapes font la durée de l'atelier.",
    "etape-en-double": "Deux étapes d'un atelier n'ont pas le même identifiant.",
    "etape-inconnue": "Ce qu'on apporte pour une seule étape nomme une étape de l'atelier.",
    "rencontre-en-double": "Deux rencontres n'ont pas le même identifiant.",
    "serie-incomplete": "Une série d'ateliers passe une fois par chaque thème.",
    "tableau-sans-rangee": "Un tableau à remplir a des colonnes et des rangées.",
    "contraste-avec-soi": "Un ingrédient ne se distingue pas de lui-même.",
    "ingredient-inaccessible": "Un ingrédient se trouve par un récit ou une situation.",
    "chiffre-sans-source": "Un chiffre nomme sa source.",
    "chiffre-sans-date": "Un chiffre a une date, ou dit que la source n'en donne pas.",
    "taux-sans-definition": "Un taux dit de quoi il est le taux, ou que la source se tait.",
    "taux-illisible": "Un taux de maintien en logement peut être dessiné.",
    "lien-sans-raison": "Un lien entre le cadre et l'accompagnement dit pourquoi.",
    "vocabulaire-inutilisable": "Un mot du vocabulaire est de ceux que la recherche retient.",
    "vocabulaire-deux-groupes": "Un mot du vocabulaire n'est que dans un groupe.",
    "vocabulaire-superflu": "Un groupe du vocabulaire relie des mots que la recherche distingue.",
    "vocabulaire-cycle": "Une graphie mène à des mots, pas à une autre graphie.",
    "forme-inclusive": "Pas de point médian, de barre oblique ni de trait d'union inclusifs.",
    "caractere-sans-police": "Chaque caractère est dans les polices d'impression.",
    "texte-a-ecrire": "Rien de ce que « guide new » laisse à écrire ou à choisir ne reste.",
    # what could tell who a story is about
    "numero-assurance-maladie": "Aucun numéro d'assurance maladie.",
    "numero-assurance-sociale": "Aucun numéro d'assurance sociale.",
    "courriel": "Aucune adresse de courriel, aucun nom d'utilisateur.",
    "adresse-web": "Aucune adresse Web hors des références.",
    "telephone": "Aucun numéro de téléphone.",
    "adresse": "Aucune adresse.",
    "code-postal": "Aucun code postal.",
    "date-precise": "Aucune date complète, aucune naissance; l'année seule est permise.",
    "numero-de-dossier": "Aucun numéro de dossier, de compte ou de plaque.",
    "civilite-et-nom": "Après « M. » ou « Mme », rien d'autre que « X ».",
    "date-partielle": "Aucun jour de tel mois, aucun mois de telle année, hors des fêtes.",
    "porte-ou-chambre": "Aucun numéro de porte ou de chambre.",
    "grand-age": "Aucun âge de 90 ans ou plus.",
    "nom-de-personne": "Aucun nom, aucun prénom, sauf ceux qui sont dans « allowed_names ».",
    "lieu": "Aucun nom de lieu, sauf ceux qui sont dans « allowed_names ».",
    "organisme": "Aucun nom d'organisme, sauf ceux qui sont dans « allowed_names ».",
    "nom-propre": "Aucune majuscule inconnue dans une phrase, sauf dans « allowed_names ».",
    "nom-permis-superflu": "Un nom de « allowed_names » est dans la fiche, et signalé sans cela.",
    "terrain-sans-consentement": "Un récit de terrain a son consentement et sa relecture.",
    "consentement-sans-objet": "Seul un récit de terrain a un consentement.",
    # what is told of it
    "journal": "CHANGELOG.md est fait d'éditions, de sections et de listes.",
    # how the French is spelled: said by `guide prose` only
    "orthographe": "Chaque mot est connu de hunspell ou de context/dictionary.txt.",
}


class _Told(NamedTuple):
    file: str
    line: int
    column: int
    rule: str
    severity: Severity
    message: str
    advice: str


class Problem(_Told):
    """One fault. `line` and `column` count from 1, in characters.

    Its words quote files that come from anyone: they are held to one line, of characters that can
    be seen, and not to a book (`one_line`).
    """

    __slots__ = ()

    def __new__(
        cls,
        file: str,
        line: int,
        column: int,
        rule: str,
        severity: Severity,
        message: str,
        advice: str,
    ) -> Self:
        """Make a problem that can be told."""
        said = (one_line(message), one_line(advice))
        return super().__new__(cls, one_line(file), line, column, rule, severity, *said)

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}:{self.column}: {self.message} — {self.advice} [{self.rule}]"
        )


#: Characters of the longest message or advice.
LONGEST: Final = 500
#: Of one file, a rule tells as many faults; whoever mends them is told the next.
FAULTS: Final = 100


def one_line(text: str) -> str:
    """Cut a text to what a line can say; what cannot be seen is written as YAML escapes it."""
    start = text[: LONGEST + 1]
    if not start.isprintable():
        start = "".join(map(_seen, re.sub(r"\s*\n\s*", " ", start)))
    return start if len(start) <= LONGEST else f"{start[: LONGEST - 1]}…"


def _seen(character: str) -> str:
    is_space = unicodedata.category(character) == "Zs"
    if is_space or character.isprintable():
        return character
    return character.encode("unicode_escape").decode()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Give the known word that `word` most likely stands for, if one is near enough."""
    found = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Phrase the nearest known word as an advice."""
    near = nearest(word, known)
    return f"vouliez-vous dire « {near} » ?" if near else otherwise


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any problem forbids building."""
    return any(problem.severity == "error" for problem in problems)


def count(problems: Iterable[Problem]) -> str:
    """Say in words how many errors and warnings there are."""
    severities = [problem.severity for problem in problems]
    errors, warnings = severities.count("error"), severities.count("warning")
    parts = [
        f"{number} {noun}{'s' if number > 1 else ''}"
        for number, noun in ((errors, "erreur"), (warnings, "avertissement"))
        if number
    ]
    return " et ".join(parts) or "aucun problème"


def as_text(problems: Iterable[Problem]) -> str:
    """One problem a line, warnings named as such."""
    return "\n".join(
        str(problem) if problem.severity == "error" else f"{problem} (avertissement)"
        for problem in problems
    )


def as_json(problems: Iterable[Problem]) -> str:
    """A JSON list of objects with the fields of `Problem`."""
    return json.dumps([problem._asdict() for problem in problems], ensure_ascii=False, indent=2)


#: GitHub shows this many annotations of each severity a step, and drops the rest without a word.
ANNOTATIONS: Final = 10


def as_github(problems: Iterable[Problem]) -> str:
    """Workflow commands that annotate the lines of a pull request: as many as GitHub shows.

    Each file has its first problem annotated before any has its second.
    """
    problems = list(problems)
    shown = [
        problem
        for severity in ("error", "warning")
        for problem in _in_turns(p for p in problems if p.severity == severity)[:ANNOTATIONS]
    ]
    commands = [_annotation(problem) for problem in shown]
    if left := len(problems) - len(shown):
        others = f"{left} autres problèmes" if left > 1 else "1 autre problème"
        commands.append(f"::notice::Et {others} : la liste entière est dans le résumé.")
    return "\n".join(commands)


def _in_turns(problems: Iterable[Problem]) -> list[Problem]:
    """Order problems so that the first of each file come first, then the second of each."""
    turns: Counter[str] = Counter()

    def turn(problem: Problem) -> int:
        turns[problem.file] += 1
        return turns[problem.file]

    return sorted(problems, key=turn)


def _annotation(problem: Problem) -> str:
    return (
        f"::{problem.severity} file={_property(problem.file)},line={problem.line},"
        f"col={problem.column},title={_property(problem.rule)}"
        f"::{_data(f'{problem.message} — {problem.advice}')}"
    )


def _data(text: str) -> str:
    """Escape as GitHub's runner unescapes the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape as GitHub's runner unescapes a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_COLUMNS: Final = """\
| Fichier | Ligne et colonne | Gravité | Ce qui ne va pas | Quoi faire | Règle |
|---|---|---|---|---|---|
"""


def as_table(problems: Iterable[Problem]) -> str:
    """How many problems there are, then a Markdown table of them all: the summary of a run."""
    problems = list(problems)
    said = f"**{count(problems).capitalize()}**"
    return f"{said}\n\n{_COLUMNS}{''.join(map(_row, problems))}".rstrip() if problems else said


def _row(problem: Problem) -> str:
    place = f"{problem.line}:{problem.column}"
    severity = "erreur" if problem.severity == "error" else "avertissement"
    texts = (problem.file, place, severity, problem.message, problem.advice, problem.rule)
    return f"| {' | '.join(map(_cell, texts))} |\n"


def _cell(text: str) -> str:
    """Keep a text, which may quote a stranger's file, on its line and from being markup."""
    return re.sub(r"[\\`*_\[\]<&|~$]", r"\\\g<0>", " ".join(text.split()))
