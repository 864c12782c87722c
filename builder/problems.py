"""What is wrong with the content, where, and what to do about it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

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
    "marque-mal-formee": "Un passage s'écrit [mots](ingrédient).",
    "passage-sans-lecture": "Chaque ingrédient marqué dans un récit a sa lecture.",
    "lecture-sans-passage": "Chaque lecture a un passage marqué dans le récit.",
    "documente-sans-source": "Ce qui est dit documenté nomme sa source.",
    "source-sans-statut": "Ce qui est proposé ne se réclame pas d'une source.",
    "valide-sans-atelier": "Ce qui est dit validé dit par qui et quand.",
    "numero-de-theme": "Les thèmes sont numérotés de 1 à 17.",
    "numero-en-double": "Deux thèmes n'ont pas le même numéro.",
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
    # how the French is spelled: said by `guide prose` only
    "orthographe": "Chaque mot est connu de hunspell ou de context/dictionary.txt.",
}


class Problem(NamedTuple):
    """One fault. `line` and `column` count from 1, in characters."""

    file: str
    line: int
    column: int
    rule: str
    severity: Severity
    message: str
    advice: str

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}:{self.column}: {self.message} — {self.advice} [{self.rule}]"
        )


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


def as_github(problems: Iterable[Problem]) -> str:
    """Workflow commands that annotate the lines of a pull request."""
    return "\n".join(
        f"::{problem.severity} file={_property(problem.file)},line={problem.line},"
        f"col={problem.column},title={_property(problem.rule)}"
        f"::{_data(f'{problem.message} — {problem.advice}')}"
        for problem in problems
    )


def _data(text: str) -> str:
    """Escape as GitHub's runner unescapes the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape as GitHub's runner unescapes a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
