"""What the guide is made of: the entries, their fields, and what each field is for.

Each field's French title and help are written here and nowhere else; validation, schemas, forms
and documentation read them from here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, NamedTuple, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError


class Kind(StrEnum):
    """The kinds of entries; a value is the one name of the kind, from YAML to page."""

    THEME = "theme"
    NARRATIVE = "narrative"
    INGREDIENT = "ingredient"
    THEORY = "theory"
    SITUATION = "situation"
    REFERENCE = "reference"
    WORKSHEET = "worksheet"
    CHALLENGE = "challenge"
    PROGRAM = "program"
    CHAPTER = "chapter"


class Provenance(StrEnum):
    """Where a statement comes from."""

    DOCUMENTED = "documented"
    PROPOSED = "proposed"
    VALIDATED = "validated"


class OriginKind(StrEnum):
    """Where a story comes from."""

    RETOLD = "retold"
    COMPOSITE = "composite"
    FIELD = "field"


class Stage(StrEnum):
    """Stages of the residential path, in order. The grouping is proposed by this guide."""

    PREPARE = "prepare"
    SETTLE = "settle"
    INHABIT = "inhabit"
    WEATHER = "weather"
    MOVE_ON = "move-on"


class About(StrEnum):
    """Whom a situation is about."""

    TENANT = "tenant"
    LANDLORD = "landlord"
    NEIGHBOURS = "neighbours"
    NETWORK = "network"
    WORKER = "worker"


class TheoryKind(StrEnum):
    """A theory explains ingredients; an approach founds the programme."""

    THEORY = "theory"
    APPROACH = "approach"


class Copies(StrEnum):
    """How many copies of a worksheet a workshop needs."""

    PERSON = "person"
    TEAM = "team"
    ROOM = "room"


class ReferenceKind(StrEnum):
    """A source founds this guide; a work is cited by a source."""

    SOURCE = "source"
    WORK = "work"


class Basis(StrEnum):
    """How a rate of housing retention was measured; rates of two bases do not compare."""

    AT_DATE = "at-date"
    AFTER_TIME = "after-time"
    IN_YEAR = "in-year"
    UNSAID = "unsaid"


class Region(StrEnum):
    """Where a programme works."""

    QUEBEC = "quebec"
    CANADA = "canada"
    UNITED_STATES = "united-states"


#: What people read for each value of a closed vocabulary.
LABELS: Final[Mapping[StrEnum, str]] = {
    Kind.THEME: "thème",
    Kind.NARRATIVE: "récit",
    Kind.INGREDIENT: "ingrédient actif",
    Kind.THEORY: "théorie",
    Kind.SITUATION: "situation",
    Kind.REFERENCE: "référence",
    Kind.WORKSHEET: "fiche d'atelier",
    Kind.CHALLENGE: "défi",
    Kind.PROGRAM: "programme",
    Kind.CHAPTER: "page du cadre",
    Provenance.DOCUMENTED: "Documenté",
    Provenance.PROPOSED: "Proposé",
    Provenance.VALIDATED: "Validé en atelier",
    OriginKind.RETOLD: "Récit reformulé d'après une source publiée",
    OriginKind.COMPOSITE: "Récit composite, écrit pour la formation",
    OriginKind.FIELD: "Récit de terrain, raconté avec consentement",
    Stage.PREPARE: "Se préparer",
    Stage.SETTLE: "S'installer",
    Stage.INHABIT: "Habiter",
    Stage.WEATHER: "Traverser une période difficile",
    Stage.MOVE_ON: "Partir, recommencer",
    About.TENANT: "La personne locataire",
    About.LANDLORD: "Le ou la propriétaire",
    About.NEIGHBOURS: "Le voisinage",
    About.NETWORK: "L'entourage et les partenaires",
    About.WORKER: "Moi, dans mon travail",
    TheoryKind.APPROACH: "approche qui fonde le programme",  # « theory » is a kind of entry above
    Copies.PERSON: "par personne",
    Copies.TEAM: "par équipe de quatre",
    Copies.ROOM: "pour la salle",
    ReferenceKind.SOURCE: "Document de départ",
    ReferenceKind.WORK: "Ouvrage cité",
    Basis.AT_DATE: "À une date donnée",
    Basis.AFTER_TIME: "Après un temps en logement",
    Basis.IN_YEAR: "Au cours d'une année",
    Basis.UNSAID: "Mesure que la source ne précise pas",
    Region.QUEBEC: "Québec",
    Region.CANADA: "Ailleurs au Canada",
    Region.UNITED_STATES: "États-Unis",
}


class Link(NamedTuple):
    """Marks a text field whose value is the id of an entry of `kind`."""

    kind: Kind

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Tell `schemas` the kind, whose ids it lists from the library."""
        return {"link": self.kind.value}


class Identifier:
    """Marks a text field that names an entry which need not exist: not words to read."""


def _about(title: str, description: str, **constraints: Any) -> FieldInfo:
    """Describe a field: French title, French help, and its limits."""
    info: FieldInfo = Field(title=title, description=description, **constraints)
    return info


ThemeId = Annotated[str, Link(Kind.THEME), Field(min_length=1)]
IngredientId = Annotated[str, Link(Kind.INGREDIENT), Field(min_length=1)]
TheoryId = Annotated[str, Link(Kind.THEORY), Field(min_length=1)]
SituationId = Annotated[str, Link(Kind.SITUATION), Field(min_length=1)]
ReferenceId = Annotated[str, Link(Kind.REFERENCE), Field(min_length=1)]
WorksheetId = Annotated[str, Link(Kind.WORKSHEET), Field(min_length=1)]
ChallengeId = Annotated[str, Link(Kind.CHALLENGE), Field(min_length=1)]
ProgramId = Annotated[str, Link(Kind.PROGRAM), Field(min_length=1)]
ChapterId = Annotated[str, Link(Kind.CHAPTER), Field(min_length=1)]

Phrase = Annotated[str, Field(min_length=1, max_length=120)]
Sentence = Annotated[str, Field(min_length=1, max_length=250)]
Point = Annotated[str, Field(min_length=1, max_length=350)]
Note = Annotated[str, Field(min_length=1, max_length=600)]


#: ASCII alone, so that an address is what it looks like; no name before the host's.
ADDRESS_PATTERN: Final = r"^https://[A-Za-z0-9.-]+(:[0-9]+)?([/?#][!#-;=?-~]*)?$"
#: What an id may be: it names a file and an address.
ID_PATTERN: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
MAX_ID: Final = 120
Id = Annotated[str, Identifier(), Field(pattern=ID_PATTERN, max_length=MAX_ID)]


def _written_as_a_day(value: Any) -> Any:
    """Refuse the counts of seconds and the hours that pydantic makes a date of."""
    if isinstance(value, str) and not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise PydanticCustomError("day", "not a day")
    return value


Day = Annotated[datetime.date, BeforeValidator(_written_as_a_day)]


class Record(BaseModel):
    """A frozen group of fields that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Citation(Record):
    """A source, and where in it."""

    ref: Annotated[ReferenceId, _about("Référence", "Identifiant d'une référence du guide.")]
    detail: Annotated[
        str | None,
        _about(
            "Précision", "Où dans la source : thème, lettre, page.", min_length=1, max_length=200
        ),
    ] = None


class Validation(Record):
    """Who validated a proposal, and when."""

    by: Annotated[
        str,
        _about(
            "Par", "Le groupe ou l'atelier, sans nom de personne.", min_length=1, max_length=120
        ),
    ]
    date: Annotated[Day, _about("Date", "Date de l'atelier, AAAA-MM-JJ.")]


class AllowedName(Record):
    """A name that a review let through the anonymity check."""

    text: Annotated[str, _about("Nom", "Tel qu'il est écrit.", min_length=1, max_length=80)]
    why: Annotated[
        str,
        _about("Pourquoi", "Ce qui fait qu'il ne désigne personne.", min_length=1, max_length=200),
    ]


class Consent(Record):
    """What was asked of the people behind a story told from the field, and looked at by hand.

    The three questions are those of re-identification: can one person be singled out, can two
    sources be put together, can something be guessed?
    """

    given: Annotated[
        bool,
        _about(
            "Consentement donné",
            "La personne qui raconte, et celle dont on parle si elle peut se reconnaître, "
            "acceptent la publication : true.",
        ),
    ]
    reviewed_by: Annotated[
        str,
        _about(
            "Relu par",
            "Le rôle de qui a relu pour l'anonymat, jamais un nom.",
            min_length=1,
            max_length=120,
        ),
    ]
    date: Annotated[Day, _about("Date", "Date de la relecture, AAAA-MM-JJ.")]
    individualisation: Annotated[
        bool,
        _about(
            "Individualisation",
            "Aucun détail, même sans nom, ne désigne une seule personne dans son milieu : true.",
        ),
    ]
    correlation: Annotated[
        bool,
        _about(
            "Corrélation",
            "Le récit ne se recoupe pas avec une nouvelle, un dossier, une autre publication : "
            "true.",
        ),
    ]
    inference: Annotated[
        bool,
        _about(
            "Inférence",
            "Rien ne laisse deviner un diagnostic rare, un lieu ou un événement daté : true.",
        ),
    ]


class Entry(Record):
    """What every entry has. `id` is the file's name, never a key of the file."""

    id: Annotated[str, _about("Identifiant", "Nom du fichier, sans .yaml.")]
    former_names: Annotated[
        tuple[Id, ...],
        _about("Anciens noms", "Identifiants que la fiche a portés; leurs adresses y renvoient."),
    ] = ()


class Reviewed(Entry):
    """An entry whose texts the anonymity check reads."""

    allowed_names: Annotated[
        tuple[AllowedName, ...],
        _about("Noms permis", "Ce que le contrôle d'anonymat signale et qui ne désigne personne."),
    ] = ()


class Stakes(Record):
    """What is at stake in a theme, for each party."""

    tenant: Annotated[Note, _about("Pour la personne locataire", "Ce qu'elle peut perdre, gagner.")]
    surroundings: Annotated[
        Note,
        _about("Pour le propriétaire et le voisinage", "Ce qu'ils vivent, ce qu'ils craignent."),
    ]
    worker: Annotated[Note, _about("Pour l'intervenante ou l'intervenant", "Ce que cela demande.")]


class Theme(Reviewed):
    """One of the 17 themes of the study; number and title are the study's, the rest is ours."""

    number: Annotated[int, _about("Numéro", "Le numéro du thème dans l'étude, de 1 à 17.")]
    title: Annotated[
        str, _about("Titre", "Le titre, tel que dans l'étude.", min_length=1, max_length=200)
    ]
    short: Annotated[str, _about("Titre court", "Pour les menus.", min_length=1, max_length=45)]
    summary: Annotated[str, _about("Résumé", "Une ou deux phrases.", min_length=1, max_length=300)]
    stage: Annotated[Stage, _about("Étape", "L'étape du parcours résidentiel.")]
    path: Annotated[Note, _about("Dans le parcours", "La place du thème dans le parcours.")]
    stakes: Annotated[Stakes, _about("Ce qui est en jeu", "Pour chaque partie.")]
    signs: Annotated[
        tuple[Sentence, ...],
        _about("Signes", "Ce qui se voit, ce qui s'entend.", min_length=3, max_length=9),
    ]
    questions: Annotated[
        tuple[Sentence, ...],
        _about(
            "Questions pour l'équipe", "Pour ouvrir une discussion.", min_length=2, max_length=7
        ),
    ]
    phrases: Annotated[
        tuple[Phrase, ...], _about("Comme on le dit", "Ce qu'une situation du guide ne dit pas.")
    ] = ()
    sources: Annotated[
        tuple[Citation, ...], _about("Sources", "D'où vient le thème.", min_length=1)
    ]


class TheoryLink(Record):
    """Why a theory helps to understand an ingredient, and who says so."""

    theory: Annotated[TheoryId, _about("Théorie", "Identifiant de la théorie.")]
    why: Annotated[
        str, _about("Pourquoi", "Ce que la théorie éclaire.", min_length=1, max_length=400)
    ]
    status: Annotated[Provenance, _about("Provenance", "Qui établit ce lien.")]
    sources: Annotated[tuple[Citation, ...], _about("Sources", "Si le lien est documenté.")] = ()
    validation: Annotated[Validation | None, _about("Validation", "Si le lien est validé.")] = None


class Ingredient(Reviewed):
    """What made an intervention work: an act or an attitude."""

    name: Annotated[str, _about("Nom", "L'acte, à l'infinitif.", min_length=1, max_length=160)]
    short: Annotated[str, _about("Nom court", "Titre de la carte.", min_length=1, max_length=45)]
    summary: Annotated[str, _about("En une phrase", "Le sens.", min_length=1, max_length=220)]
    description: Annotated[
        str,
        _about(
            "Description", "Un mardi ordinaire, et quand s'abstenir.", min_length=1, max_length=1500
        ),
    ]
    status: Annotated[Provenance, _about("Provenance", "Qui a dégagé cet ingrédient.")]
    sources: Annotated[tuple[Citation, ...], _about("Sources", "S'il est documenté.")] = ()
    validation: Annotated[Validation | None, _about("Validation", "S'il est validé.")] = None
    theories: Annotated[tuple[TheoryLink, ...], _about("Théories", "Ce qui l'éclaire.")] = ()
    practice: Annotated[
        tuple[Point, ...], _about("En pratique", "Des gestes pour demain matin.", min_length=3)
    ]
    pitfalls: Annotated[
        tuple[Point, ...], _about("Pièges", "Quand s'abstenir, ce qui dérape.", min_length=1)
    ]
    questions: Annotated[
        tuple[Sentence, ...], _about("Questions à se poser", "Pour soi.", min_length=1)
    ]
    phrases: Annotated[
        tuple[Phrase, ...], _about("Comme on le dit", "Ce que dit un collègue qui en a besoin.")
    ] = ()
    contrasts: Annotated[
        Mapping[IngredientId, Point],
        _about("À ne pas confondre", "Ce qui le distingue d'ingrédients proches."),
    ] = Field(default_factory=dict)


class Theory(Reviewed):
    """A theory or an approach: named by a source, presented in our words."""

    name: Annotated[str, _about("Nom", "Le nom usuel.", min_length=1, max_length=80)]
    kind: Annotated[TheoryKind, _about("Sorte", "Théorie, ou approche qui fonde le programme.")]
    authors: Annotated[
        str, _about("Auteurs", "Ceux que la source cite.", min_length=1, max_length=120)
    ]
    summary: Annotated[str, _about("Résumé", "Une ou deux phrases.", min_length=1, max_length=300)]
    key_ideas: Annotated[
        tuple[Point, ...], _about("Idées clés", "En mots simples.", min_length=2, max_length=8)
    ]
    lens: Annotated[
        tuple[Point, ...], _about("Ce qu'elle fait voir", "En soutien au logement.", min_length=2)
    ]
    questions: Annotated[
        tuple[Sentence, ...], _about("Ce qu'elle fait demander", "Des questions.", min_length=2)
    ]
    limits: Annotated[
        tuple[Point, ...], _about("Ce qu'elle ne voit pas", "Ses limites.", min_length=1)
    ]
    sources: Annotated[
        tuple[Citation, ...], _about("Sources", "Qui la cite, et l'ouvrage.", min_length=1)
    ]


class IngredientLink(Record):
    """An ingredient that helps in a situation, and why."""

    ingredient: Annotated[IngredientId, _about("Ingrédient", "Identifiant de l'ingrédient.")]
    why: Annotated[Sentence, _about("Pourquoi", "Ce qu'il apporte ici.")]


class Situation(Reviewed):
    """What workers live, in their words: the way in to the search. Proposed by this guide."""

    name: Annotated[str, _about("Nom", "La situation, en bref.", min_length=1, max_length=80)]
    about: Annotated[About, _about("À propos de qui", "Qui est au centre.")]
    phrases: Annotated[
        tuple[Phrase, ...], _about("Comme on le dit", "Au moins dix façons.", min_length=10)
    ]
    themes: Annotated[
        tuple[ThemeId, ...], _about("Thèmes", "Le plus proche d'abord.", min_length=1)
    ]
    ingredients: Annotated[
        tuple[IngredientLink, ...], _about("Ingrédients", "Le plus utile d'abord.", min_length=1)
    ]


class Origin(Record):
    """Where a story comes from."""

    kind: Annotated[OriginKind, _about("Sorte", "Reformulé, composite ou de terrain.")]
    sources: Annotated[tuple[Citation, ...], _about("Sources", "Si le récit est reformulé.")] = ()
    note: Annotated[Note | None, _about("Note", "Ce qui est de notre main.")] = None
    consent: Annotated[
        Consent | None,
        _about("Consentement", "Pour un récit de terrain : ce qui a été demandé et relu."),
    ] = None


class Clarification(Record):
    """A question that a careful colleague asks, and what is answered."""

    question: Annotated[Sentence, _about("Question", "Sans conseil caché.")]
    answer: Annotated[Note | None, _about("Réponse", "Rien, si la source ne la donne pas.")] = None


class Discussion(Record):
    """What the group does between the story and the ingredients."""

    clarifications: Annotated[
        tuple[Clarification, ...],
        _about("Questions de clarification", "Au moins trois.", min_length=1),
    ]
    interventions: Annotated[
        tuple[Phrase, ...], _about("Interventions", "En termes de métier.", min_length=1)
    ]


class Head(Reviewed):
    """What most of the guide shows of a story."""

    title: Annotated[str, _about("Titre", "Concret, sans morale.", min_length=1, max_length=80)]
    theme: Annotated[ThemeId, _about("Thème", "Identifiant du thème.")]
    origin: Annotated[Origin, _about("Origine", "D'où vient le récit.")]
    teller: Annotated[
        str, _about("Qui raconte", "Un rôle, jamais un nom.", min_length=1, max_length=120)
    ]
    summary: Annotated[
        str, _about("Résumé", "Sans nommer les ingrédients.", min_length=1, max_length=300)
    ]
    situations: Annotated[
        tuple[SituationId, ...], _about("Situations", "Ce qui se vit ici.", min_length=1)
    ]


class Narrative(Head):
    """One time, told by a worker, with the words where ingredients are at work."""

    story: Annotated[
        str,
        _about(
            "Récit", "Au je; les mots marqués [ainsi](ingredient).", min_length=1, max_length=8000
        ),
    ]
    readings: Annotated[
        Mapping[IngredientId, Note],
        _about("Lectures", "Pourquoi ces mots montrent cet ingrédient."),
    ] = Field(default_factory=dict)
    discussion: Annotated[Discussion, _about("Discussion", "Clarifications et interventions.")]
    outcome: Annotated[Note, _about("Et après", "Ce qui a suivi, même en partie, même mal.")]
    questions: Annotated[
        tuple[Sentence, ...],
        _about("Questions", "Pour les participants.", min_length=1, max_length=5),
    ]
    facilitation: Annotated[
        str,
        _about("Notes d'animation", "Pour l'animation seulement.", min_length=1, max_length=1500),
    ]


class Reference(Entry):
    """A founding document, or a work that one of them cites."""

    kind: Annotated[ReferenceKind, _about("Sorte", "Document de départ ou ouvrage cité.")]
    short: Annotated[str, _about("Forme courte", "Dans le texte.", min_length=1, max_length=60)]
    authors: Annotated[str, _about("Auteurs", "Tels que cités.", min_length=1, max_length=250)]
    year: Annotated[str | None, _about("Année", "Telle que citée.", max_length=60)] = None
    title: Annotated[str, _about("Titre", "Tel que cité.", min_length=1, max_length=300)]
    publication: Annotated[
        str | None, _about("Publication", "Revue, éditeur, pages.", min_length=1, max_length=300)
    ] = None
    url: Annotated[str | None, _about("Adresse", "https://…", pattern=ADDRESS_PATTERN)] = None
    cited_by: Annotated[
        tuple[ReferenceId, ...], _about("Citée par", "Les documents de départ.")
    ] = ()
    note: Annotated[Note | None, _about("Note", "Une particularité de la citation.")] = None


class Block(Record):
    """A part of a worksheet: a label, then whatever of the rest is given, in this order."""

    label: Annotated[Sentence, _about("Intitulé", "Une question, une consigne.")]
    help: Annotated[Note | None, _about("Aide", "En plus petit, sous l'intitulé.")] = None
    items: Annotated[tuple[Sentence, ...], _about("Points", "Une liste à lire.")] = ()
    boxes: Annotated[tuple[Sentence, ...], _about("Cases", "Une liste à cocher.")] = ()
    scale: Annotated[
        tuple[Phrase, ...], _about("Choix", "Des réponses sur une ligne, une à cocher.")
    ] = ()
    columns: Annotated[tuple[Phrase, ...], _about("Colonnes", "Un tableau à remplir.")] = ()
    rows: Annotated[int, _about("Rangées", "Du tableau à remplir.", ge=0, le=20)] = 0
    lines: Annotated[int, _about("Lignes", "Pour écrire à la main.", ge=0, le=30)] = 0


class Worksheet(Entry):
    """A sheet to print for a workshop, blank or to read. Proposed by this guide."""

    name: Annotated[str, _about("Nom", "En haut de la feuille.", min_length=1, max_length=80)]
    purpose: Annotated[Note, _about("Usage", "Ce qu'on en fait, et quand.")]
    reminder: Annotated[
        Sentence | None, _about("Rappel", "Encadré au recto, ce qui ne s'écrit pas.")
    ] = None
    copies: Annotated[Copies, _about("Exemplaires", "Par personne, par équipe, pour la salle.")]
    blocks: Annotated[tuple[Block, ...], _about("Parties", "De haut en bas.", min_length=1)]
    status: Annotated[Provenance, _about("Provenance", "Qui a établi cette fiche.")]
    sources: Annotated[tuple[Citation, ...], _about("Sources", "Si elle est documentée.")] = ()
    validation: Annotated[Validation | None, _about("Validation", "Si elle est validée.")] = None


class WorkshopRole(Record):
    """Who does what in a workshop."""

    name: Annotated[Phrase, _about("Rôle", "Animation, narration…")]
    does: Annotated[Note, _about("Ce qu'il fait", "De la personne qui le tient.")]


class Step(Record):
    """A step of a workshop."""

    id: Annotated[
        str, _about("Identifiant", "Court, en minuscules.", pattern=r"^[a-z]+(-[a-z]+)*$")
    ]
    title: Annotated[Phrase, _about("Étape", "Ce qu'on fait, à l'infinitif.")]
    minutes: Annotated[int, _about("Minutes", "Dans l'atelier complet.", ge=1, le=90)]
    minimum: Annotated[int, _about("Minimum", "En dessous, l'étape n'a plus de sens.", ge=1)]
    drop: Annotated[
        int | None,
        _about("Abandon", "Rang d'abandon quand le temps manque. Rien : jamais abandonnée.", ge=1),
    ] = None
    who: Annotated[Phrase, _about("Qui", "Qui mène, qui parle.")]
    goal: Annotated[Sentence, _about("But", "Ce que l'étape permet.")]
    say: Annotated[tuple[Point, ...], _about("À dire", "Des phrases prêtes à dire.", min_length=1)]
    watch: Annotated[
        tuple[Point, ...], _about("À surveiller", "Ce qui dérape, et quoi faire.", min_length=1)
    ]
    worksheets: Annotated[tuple[WorksheetId, ...], _about("Fiches", "À avoir en main.")] = ()
    sheets: Annotated[
        tuple[Phrase, ...], _about("Autres feuilles", "Le récit, les cartes, le guide.")
    ] = ()
    status: Annotated[Provenance, _about("Provenance", "Qui établit cette étape.")]
    sources: Annotated[tuple[Citation, ...], _about("Sources", "Si elle est documentée.")] = ()
    validation: Annotated[Validation | None, _about("Validation", "Si elle est validée.")] = None


class Material(Record):
    """A thing to bring to a workshop."""

    item: Annotated[Phrase, _about("Objet", "Ce qu'on apporte.")]
    copies: Annotated[Copies, _about("Combien", "Par personne, par équipe, pour la salle.")]
    step: Annotated[
        Id | None,
        _about("Étape", "La seule étape qui s'en sert : sans elle, on ne l'apporte pas."),
    ] = None


class Method(Entry):
    """`workshops/method.yaml`: how a workshop goes."""

    summary: Annotated[Note, _about("Résumé", "La méthode en quelques phrases.")]
    provenance: Annotated[Note, _about("Ce qui vient d'où", "Des sources, et du guide.")]
    minutes: Annotated[int, _about("Durée", "De l'atelier complet, en minutes.", ge=60, le=210)]
    roles: Annotated[tuple[WorkshopRole, ...], _about("Rôles", "Qui fait quoi.", min_length=1)]
    rules: Annotated[WorksheetId, _about("Règles", "La fiche des règles de la salle.")]
    material: Annotated[tuple[Material, ...], _about("Matériel", "À apporter.", min_length=1)]
    steps: Annotated[tuple[Step, ...], _about("Étapes", "Dans l'ordre.", min_length=1)]


class Workshop(Record):
    """One workshop of a series."""

    title: Annotated[Phrase, _about("Titre", "De l'atelier.")]
    why: Annotated[Note, _about("Pourquoi ensemble", "Ce qui relie ses thèmes.")]
    themes: Annotated[tuple[ThemeId, ...], _about("Thèmes", "Dans l'ordre.", min_length=1)]


class Series(Record):
    """A series of workshops that goes through every theme once."""

    name: Annotated[Phrase, _about("Nom", "De la série.")]
    note: Annotated[Note, _about("Note", "D'où vient le nombre d'ateliers, pour qui.")]
    status: Annotated[Provenance, _about("Provenance", "Qui établit cette répartition.")]
    sources: Annotated[tuple[Citation, ...], _about("Sources", "Qui donne le nombre.")] = ()
    validation: Annotated[Validation | None, _about("Validation", "Si elle est validée.")] = None
    workshops: Annotated[tuple[Workshop, ...], _about("Ateliers", "Dans l'ordre.", min_length=1)]


class SeriesFile(Entry):
    """`workshops/series.yaml`: ways to spread the themes over workshops."""

    series: Annotated[tuple[Series, ...], _about("Séries", "Une par rythme.", min_length=1)]


class Plan(Record):
    """A meeting to lead that is not about a story: its agenda, and what to say at each step."""

    id: Annotated[Id, _about("Identifiant", "Le nom de son PDF.")]
    title: Annotated[Phrase, _about("Titre", "De la rencontre.")]
    purpose: Annotated[Note, _about("Usage", "À quoi elle sert, à combien on la fait.")]
    provenance: Annotated[Note, _about("Ce qui vient d'où", "Des sources, et du guide.")]
    minutes: Annotated[int, _about("Durée", "De la rencontre, en minutes.", ge=30, le=210)]
    chapters: Annotated[
        tuple[ChapterId, ...], _about("Pages", "Les pages du cadre où elle sert.", min_length=1)
    ]
    material: Annotated[tuple[Material, ...], _about("Matériel", "À apporter.", min_length=1)]
    steps: Annotated[tuple[Step, ...], _about("Étapes", "Dans l'ordre.", min_length=1)]


class PlanFile(Entry):
    """`workshops/plans.yaml`: the meetings that a team leads beside the workshops."""

    plans: Annotated[tuple[Plan, ...], _about("Rencontres", "Une par usage.", min_length=1)]


class Version(Record):
    """What one source says."""

    text: Annotated[Sentence, _about("Version", "Ce que dit la source.")]
    source: Annotated[ReferenceId, _about("Source", "Identifiant de la référence.")]


class Discrepancy(Record):
    """A point on which the sources differ; shown, not settled."""

    subject: Annotated[Sentence, _about("Sujet", "Le point.")]
    versions: Annotated[tuple[Version, ...], _about("Versions", "Une par source.", min_length=1)]
    chapters: Annotated[
        tuple[ChapterId, ...], _about("Pages", "Les pages du cadre où l'écart se montre.")
    ] = ()
    programs: Annotated[
        tuple[ProgramId, ...], _about("Programmes", "Les programmes où l'écart se montre.")
    ] = ()


class Discrepancies(Entry):
    """`context/discrepancies.yaml`: where the sources differ."""

    entries: Annotated[tuple[Discrepancy, ...], _about("Écarts", "Un par sujet.", min_length=1)]


#: What a date, or a definition, says when its source does not.
NOT_GIVEN: Final = "non donnée"


class Stated(Record):
    """Something said, and who says it."""

    status: Annotated[Provenance, _about("Provenance", "Qui le dit.")]
    sources: Annotated[tuple[Citation, ...], _about("Sources", "Si c'est documenté.")] = ()
    validation: Annotated[Validation | None, _about("Validation", "Si c'est validé.")] = None


class Figure(Record):
    """A number of a source. One with « % » is a rate, which means nothing undefined.

    What may not be left out is optional here: checks say better than « champ manquant » why not.
    """

    label: Annotated[Sentence, _about("Quoi", "Ce qui est compté.")]
    value: Annotated[Phrase, _about("Valeur", "Telle que la source la donne, avec son unité.")]
    definition: Annotated[
        Point | None,
        _about(
            "Définition", "Pour un taux : de quoi, chez qui; « non donnée » si la source se tait."
        ),
    ] = None
    date: Annotated[
        Phrase | None, _about("Date", "De la mesure ou de la source; « non donnée » sinon.")
    ] = None
    sources: Annotated[tuple[Citation, ...], _about("Sources", "Qui donne ce chiffre.")] = ()
    retention: Annotated[
        Basis | None,
        _about("Maintien en logement", "Pour un taux de maintien : comment il se mesure."),
    ] = None

    @property
    def is_rate(self) -> bool:
        """Tell whether the number is a share of something."""
        return "%" in self.value


class Bearing(Record):
    """Why an entry of the wider frame bears on the work with one tenant; always proposed."""

    why: Annotated[Point | None, _about("Pourquoi", "Ce qui est commun aux deux.")] = None


class ThemeBearing(Bearing):
    """A theme where the same work is done."""

    theme: Annotated[ThemeId, _about("Thème", "Identifiant du thème.")]


class IngredientBearing(Bearing):
    """An ingredient where the same work is done."""

    ingredient: Annotated[IngredientId, _about("Ingrédient", "Identifiant de l'ingrédient.")]


class SituationBearing(Bearing):
    """A situation that raises the same question."""

    situation: Annotated[SituationId, _about("Situation", "Identifiant de la situation.")]


class ChallengeBearing(Bearing):
    """A challenge that a page helps to work on."""

    challenge: Annotated[ChallengeId, _about("Défi", "Identifiant du défi.")]


class Practice(Bearing):
    """A programme that takes up a challenge; `why` is what it does, as its source says."""

    program: Annotated[ProgramId, _about("Programme", "Identifiant du programme.")]
    sources: Annotated[tuple[Citation, ...], _about("Sources", "Qui le dit.", min_length=1)]


class Strategy(Record):
    """A way to meet a challenge: what the source says, and what it may look like here."""

    text: Annotated[Sentence, _about("Stratégie", "Ce que dit la source, en nos mots.")]
    here: Annotated[Point, _about("Ici, par exemple", "Ce que cela peut donner; proposé.")]


class Challenge(Entry):
    """A challenge in putting Housing First in place, with its strategies."""

    number: Annotated[int, _about("Numéro", "Le rang du défi dans la source.", ge=1, le=10)]
    name: Annotated[str, _about("Nom", "Le défi, en nos mots.", min_length=1, max_length=120)]
    short: Annotated[str, _about("Nom court", "Pour les listes.", min_length=1, max_length=45)]
    summary: Annotated[Note, _about("En bref", "Comment le défi se vit en équipe; proposé.")]
    strategies: Annotated[
        tuple[Strategy, ...], _about("Stratégies", "Celles de la source.", min_length=1)
    ]
    questions: Annotated[
        tuple[Sentence, ...], _about("Questions pour l'équipe", "Proposées.", min_length=2)
    ]
    phrases: Annotated[
        tuple[Phrase, ...], _about("Comme on le dit", "Ce qu'une équipe taperait pour la trouver.")
    ] = ()
    themes: Annotated[
        tuple[ThemeBearing, ...], _about("Thèmes", "Le même travail, avec une personne.")
    ] = ()
    ingredients: Annotated[
        tuple[IngredientBearing, ...], _about("Ingrédients", "Le même travail, un geste.")
    ] = ()
    situations: Annotated[
        tuple[SituationBearing, ...], _about("Situations", "D'où l'on arrive à ce défi.")
    ] = ()
    programs: Annotated[
        tuple[Practice, ...], _about("Programmes", "Ceux qui s'y attaquent, d'après une source.")
    ] = ()
    sources: Annotated[
        tuple[Citation, ...], _about("Sources", "D'où viennent défi et stratégies.", min_length=1)
    ]


class Loan(Record):
    """What a worker may borrow from a programme; proposed."""

    idea: Annotated[Point, _about("Idée", "Un geste à essayer, sans attendre un programme.")]
    ingredients: Annotated[
        tuple[IngredientBearing, ...], _about("Ingrédients", "Ceux qui y aident.")
    ] = ()


class Program(Entry):
    """A housing programme as its sources tell it. A field left out is one that they do not give."""

    name: Annotated[str, _about("Nom", "Le nom usuel.", min_length=1, max_length=60)]
    summary: Annotated[Note, _about("En bref", "Une ou deux phrases.")]
    region: Annotated[Region, _about("Région", "Pour filtrer le tableau.")]
    place: Annotated[Phrase, _about("Lieu", "La ville, la province ou l'État.")]
    since: Annotated[Phrase | None, _about("Depuis", "L'année, avec ce qu'elle marque.")] = None
    run_by: Annotated[Sentence | None, _about("Géré par", "Qui en répond.")] = None
    model: Annotated[Sentence | None, _about("Modèle", "La manière de soutenir.")] = None
    team: Annotated[tuple[Point, ...], _about("Équipe", "Qui y travaille.")] = ()
    supports: Annotated[tuple[Point, ...], _about("Soutiens", "Ce qui est offert.")] = ()
    people: Annotated[tuple[Point, ...], _about("Pour qui", "Les personnes visées.")] = ()
    partners: Annotated[tuple[Point, ...], _about("Partenaires", "Avec qui.")] = ()
    funding: Annotated[tuple[Point, ...], _about("Financement", "Qui paie quoi.")] = ()
    results: Annotated[
        tuple[Figure, ...], _about("Chiffres", "Avec définition, date, source.")
    ] = ()
    borrow: Annotated[
        tuple[Loan, ...],
        _about("À emprunter", "Ce qu'on peut en faire ici; proposé.", min_length=1),
    ]
    note: Annotated[Note | None, _about("Note", "Une particularité de la source.")] = None
    phrases: Annotated[
        tuple[Phrase, ...], _about("Comme on le dit", "Ce qu'une équipe taperait pour la trouver.")
    ] = ()
    sources: Annotated[
        tuple[Citation, ...], _about("Sources", "Qui décrit le programme.", min_length=1)
    ]


class Term(Record):
    """A name and what there is to know of it, with those whom it concerns."""

    name: Annotated[Phrase, _about("Nom", "Ce dont il s'agit.")]
    text: Annotated[Note, _about("Texte", "Ce qu'il faut en savoir.")]
    parties: Annotated[tuple[Phrase, ...], _about("Parties", "Qui s'engage, qui est là.")] = ()


class PathStep(Record):
    """A step of a path, and who takes it."""

    name: Annotated[Phrase, _about("Étape", "Ce qui se passe.")]
    who: Annotated[tuple[Phrase, ...], _about("Qui", "Les rôles en jeu.")] = ()
    text: Annotated[Point | None, _about("Texte", "Une précision.")] = None
    condition: Annotated[
        Phrase | None, _about("Condition", "Si l'étape n'a lieu que dans un cas.")
    ] = None


class Section(Stated):
    """A part of a page: text, then whatever shape suits what it says. One provenance for all."""

    title: Annotated[Phrase, _about("Titre", "De quoi parle cette partie.")]
    text: Annotated[
        str | None, _about("Texte", "Des paragraphes.", min_length=1, max_length=2500)
    ] = None
    points: Annotated[tuple[Point, ...], _about("Points", "Une liste.")] = ()
    terms: Annotated[tuple[Term, ...], _about("Termes", "Des noms expliqués.")] = ()
    steps: Annotated[tuple[PathStep, ...], _about("Étapes", "Un parcours, dans l'ordre.")] = ()
    figures: Annotated[tuple[Figure, ...], _about("Chiffres", "Chacun avec sa source.")] = ()
    checklist: Annotated[
        bool, _about("À cocher", "Si la liste de vérification reprend ses étapes.")
    ] = False


class Cell(Stated):
    """What an indicator looks like at a level of collaboration."""

    points: Annotated[
        tuple[Point, ...], _about("Contenu", "Une ou plusieurs marques.", min_length=1)
    ]


class Indicator(Record):
    """A row of the grid: what to look at, and its three levels, in order."""

    name: Annotated[Phrase, _about("Indicateur", "Le nom donné par la source.")]
    question: Annotated[Sentence, _about("Question", "Pour se situer; proposée.")]
    communication: Annotated[Cell, _about("Communication", "Premier niveau.")]
    coordination: Annotated[Cell, _about("Coordination", "Deuxième niveau.")]
    cooperation: Annotated[Cell, _about("Coopération", "Troisième niveau.")]


#: The levels of collaboration, in order: the field of an indicator, and what people read.
LEVELS: Final[Mapping[str, str]] = {
    "communication": "Communication",
    "coordination": "Coordination",
    "cooperation": "Coopération",
}


class Grid(Record):
    """The grid that a team uses to see where its collaboration with others stands."""

    sources: Annotated[
        tuple[Citation, ...], _about("Sources", "Qui nomme niveaux et indicateurs.", min_length=1)
    ]
    indicators: Annotated[
        tuple[Indicator, ...], _about("Indicateurs", "Les rangées.", min_length=1)
    ]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell, row by row, level by level."""
        return tuple(getattr(row, level) for row in self.indicators for level in LEVELS)


class Chapter(Entry):
    """A page of the wider frame: what an organisation, not one worker, puts in place."""

    number: Annotated[int, _about("Rang", "L'ordre des pages du cadre.")]
    title: Annotated[str, _about("Titre", "Le titre de la page.", min_length=1, max_length=80)]
    summary: Annotated[Note, _about("En bref", "À qui la page sert, à quoi.")]
    sections: Annotated[tuple[Section, ...], _about("Parties", "Dans l'ordre.", min_length=1)]
    grid: Annotated[Grid | None, _about("Grille", "Niveaux et indicateurs à situer.")] = None
    phrases: Annotated[
        tuple[Phrase, ...], _about("Comme on le dit", "Ce qu'une équipe taperait pour la trouver.")
    ] = ()
    themes: Annotated[tuple[ThemeBearing, ...], _about("Thèmes", "Où cela se vit.")] = ()
    ingredients: Annotated[
        tuple[IngredientBearing, ...], _about("Ingrédients", "Ce qui y aide.")
    ] = ()
    situations: Annotated[
        tuple[SituationBearing, ...], _about("Situations", "D'où l'on arrive ici.")
    ] = ()
    challenges: Annotated[
        tuple[ChallengeBearing, ...], _about("Défis", "Ceux que la page aide à travailler.")
    ] = ()
    programs: Annotated[tuple[ProgramId, ...], _about("Programmes", "Ceux dont il s'agit.")] = ()
    chapters: Annotated[tuple[ChapterId, ...], _about("Voir aussi", "D'autres pages.")] = ()


class Spelling(Record):
    """What people type, and the words that it stands for."""

    written: Annotated[str, _about("Écrit", "Un mot, comme on le tape.", min_length=1)]
    meant: Annotated[str, _about("Voulu", "Le ou les mots que la recherche lira.", min_length=1)]


class VocabularyFile(Entry):
    """`context/vocabulary.yaml`: words that mean the same to the search."""

    synonyms: Annotated[
        tuple[tuple[str, ...], ...],
        _about("Synonymes", "Des groupes de mots ou d'expressions courtes."),
    ] = ()
    spellings: Annotated[
        tuple[Spelling, ...], _about("Graphies", "Fautes courantes et abréviations.")
    ] = ()


class Identifiers(Entry):
    """`context/identifiers.yaml`: words that may name someone, for the anonymity check."""

    first_names: Annotated[
        tuple[str, ...], _about("Prénoms", "Ceux qui ne sont pas aussi des mots.")
    ] = ()
    first_names_also_words: Annotated[
        tuple[str, ...], _about("Prénoms-mots", "« Claire », « Pierre », « Rose ».")
    ] = ()
    surnames: Annotated[tuple[str, ...], _about("Noms de famille", "Et diminutifs.")] = ()
    places: Annotated[tuple[str, ...], _about("Lieux", "Municipalités, régions, quartiers.")] = ()
    places_also_words: Annotated[
        tuple[str, ...], _about("Lieux-mots", "Ceux qui sont aussi des mots ou des prénoms.")
    ] = ()
    place_words: Annotated[
        tuple[str, ...], _about("Annonces de lieu", "« rue », « parc » : un nom suit.")
    ] = ()
    organisation_words: Annotated[
        tuple[str, ...], _about("Annonces d'organisme", "« refuge », « clinique » : un nom suit.")
    ] = ()
    organisations: Annotated[tuple[str, ...], _about("Organismes", "Ceux dont le nom suffit.")] = ()
    permitted: Annotated[
        tuple[str, ...], _about("Permis", "Ce qui a une majuscule et ne désigne personne.")
    ] = ()
    subjects: Annotated[
        tuple[str, ...], _about("Sujets sans article", "Ce qui précède un verbe sans être un nom.")
    ] = ()


class Withdrawn(Record):
    """An entry that was published and is no longer."""

    kind: Annotated[Kind, _about("Sorte", "La sorte de la fiche retirée.")]
    id: Annotated[Id, _about("Identifiant", "Son identifiant.")]
    reason: Annotated[Note, _about("Raison", "Ce que les lecteurs en sauront.")]


class Ledger(Entry):
    """`context/published.yaml`: every id that was ever published."""

    themes: Annotated[tuple[Id, ...], _about("Thèmes", "Identifiants publiés.")] = ()
    narratives: Annotated[tuple[Id, ...], _about("Récits", "Identifiants publiés.")] = ()
    ingredients: Annotated[tuple[Id, ...], _about("Ingrédients", "Identifiants publiés.")] = ()
    theories: Annotated[tuple[Id, ...], _about("Théories", "Identifiants publiés.")] = ()
    situations: Annotated[tuple[Id, ...], _about("Situations", "Identifiants publiés.")] = ()
    references: Annotated[tuple[Id, ...], _about("Références", "Identifiants publiés.")] = ()
    worksheets: Annotated[tuple[Id, ...], _about("Fiches d'atelier", "Identifiants publiés.")] = ()
    challenges: Annotated[tuple[Id, ...], _about("Défis", "Identifiants publiés.")] = ()
    programs: Annotated[tuple[Id, ...], _about("Programmes", "Identifiants publiés.")] = ()
    chapters: Annotated[tuple[Id, ...], _about("Pages du cadre", "Identifiants publiés.")] = ()
    withdrawn: Annotated[
        tuple[Withdrawn, ...], _about("Fiches retirées", "Leur adresse dit pourquoi.")
    ] = ()


#: The model of each kind, and the folder of its files.
MODELS: Final[Mapping[Kind, type[Entry]]] = {
    Kind.THEME: Theme,
    Kind.NARRATIVE: Narrative,
    Kind.INGREDIENT: Ingredient,
    Kind.THEORY: Theory,
    Kind.SITUATION: Situation,
    Kind.REFERENCE: Reference,
    Kind.WORKSHEET: Worksheet,
    Kind.CHALLENGE: Challenge,
    Kind.PROGRAM: Program,
    Kind.CHAPTER: Chapter,
}
FOLDERS: Final[Mapping[Kind, str]] = {
    Kind.THEME: "themes",
    Kind.NARRATIVE: "narratives",
    Kind.INGREDIENT: "ingredients",
    Kind.THEORY: "theories",
    Kind.SITUATION: "situations",
    Kind.REFERENCE: "context/references",
    Kind.WORKSHEET: "workshops/worksheets",
    Kind.CHALLENGE: "context/challenges",
    Kind.PROGRAM: "context/programs",
    Kind.CHAPTER: "context/chapters",
}
#: The folders at the root that hold all of the content.
CONTENT: Final = tuple(dict.fromkeys(folder.split("/")[0] for folder in FOLDERS.values()))
#: The kinds of the work with one person, and those of the wider frame around it.
PRACTICE: Final = (Kind.THEME, Kind.NARRATIVE, Kind.INGREDIENT, Kind.THEORY, Kind.SITUATION)
FRAME: Final = (Kind.CHALLENGE, Kind.PROGRAM, Kind.CHAPTER)
#: The kinds that the search finds; the others are reached from them.
SEARCHABLE: Final = PRACTICE + FRAME
#: Files that stand alone, by path.
SINGLE_FILES: Final[Mapping[str, type[Entry]]] = {
    "context/discrepancies.yaml": Discrepancies,
    "context/identifiers.yaml": Identifiers,
    "context/vocabulary.yaml": VocabularyFile,
    "workshops/method.yaml": Method,
    "workshops/series.yaml": SeriesFile,
    "workshops/plans.yaml": PlanFile,
    "context/published.yaml": Ledger,
}

_KINDS: Final = {model: kind for kind, model in MODELS.items()}
_SINGLE: Final = {model: name for name, model in SINGLE_FILES.items()}


def kind_of(entry: Entry) -> Kind:
    """Give the kind of an entry that has one (KeyError for a single file)."""
    return _KINDS[entry.__class__]  # which a stand-in has too


def file_of(entry: Entry) -> str:
    """Give the file of an entry, from the root of the project."""
    single = _SINGLE.get(entry.__class__)
    return single or f"{FOLDERS[kind_of(entry)]}/{entry.id}.yaml"


#: Where a value stands in an entry: keys and list indexes, from the top.
Path = tuple[str | int, ...]


def links(entry: BaseModel, path: Path = ()) -> Iterator[tuple[Path, Kind, str]]:
    """Yield each link of an entry: where it stands, the kind it must be of, the id."""
    for name, kind in _link_plan(entry.__class__):
        value = getattr(entry, name)
        if isinstance(kind, Kind):
            yield from _linked(value, kind, (*path, name))
        elif isinstance(value, BaseModel):
            yield from links(value, (*path, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                yield from links(item, (*path, name, index))


def _linked(value: Any, kind: Kind, path: Path) -> Iterator[tuple[Path, Kind, str]]:
    """Yield the links of a field that holds an id, a list of ids or a mapping keyed by id."""
    if isinstance(value, str):
        yield path, kind, value
    elif isinstance(value, tuple):
        yield from (((*path, index), kind, item) for index, item in enumerate(value))
    elif isinstance(value, Mapping):
        yield from (((*path, key), kind, key) for key in value)


@cache
def _link_plan(model: type[BaseModel]) -> tuple[tuple[str, Kind | None], ...]:
    """List the fields that hold ids (with their kind) or records that hold some (None)."""
    plan: list[tuple[str, Kind | None]] = []
    for name, info in model.model_fields.items():
        kind = _link_kind(info)
        if kind or _holds_links(info.annotation):
            plan.append((name, kind))
    return tuple(plan)


def records(value: object, path: Path = ()) -> Iterator[tuple[Path, BaseModel]]:
    """Yield an entry and every record in it, at any depth, with their places."""
    if isinstance(value, BaseModel):
        yield path, value
        for name in value.__class__.model_fields:
            yield from records(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from records(item, (*path, index))


def texts(record: BaseModel, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the texts that people read, with their places; no ids, sources or choices."""
    for name in text_fields(record.__class__):
        yield from _texts_of(getattr(record, name), (*path, name))


def _texts_of(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if type(value) is str:
        yield path, value
    elif isinstance(value, BaseModel):
        yield from texts(value, path)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _texts_of(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts_of(item, (*path, key))


@cache
def text_fields(model: type[BaseModel]) -> tuple[str, ...]:
    """List the fields whose texts people read; ids and addresses are not among them."""
    ids = {name for name, kind in _link_plan(model) if kind and name not in _KEYED}
    return tuple(
        name
        for name, info in model.model_fields.items()
        if name not in ids
        and name not in ("id", "url")
        and not any(isinstance(item, Identifier) for item in _metadata(info.annotation))
    )


#: Mappings from ids to texts.
_KEYED: Final = ("readings", "contrasts")


def _link_kind(info: FieldInfo) -> Kind | None:
    found = [
        item for item in (*info.metadata, *_metadata(info.annotation)) if isinstance(item, Link)
    ]
    return found[0].kind if found else None


def _metadata(annotation: Any) -> Iterator[Any]:
    """Yield the metadata of every `Annotated` inside a type."""
    yield from getattr(annotation, "__metadata__", ())
    for argument in get_args(annotation):
        yield from _metadata(argument)


def _holds_links(annotation: Any) -> bool:
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return issubclass(annotation, BaseModel) and bool(_link_plan(annotation))
    return any(_holds_links(argument) for argument in get_args(annotation))
