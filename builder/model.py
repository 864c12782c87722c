"""What the guide is made of: the entries, their fields, and what each field is for.

Each field's French title and help are written here and nowhere else; validation, schemas, forms
and documentation read them from here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, NamedTuple, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo


class Kind(StrEnum):
    """The kinds of entries; a value is the one name of the kind, from YAML to page."""

    THEME = "theme"
    NARRATIVE = "narrative"
    INGREDIENT = "ingredient"
    THEORY = "theory"
    SITUATION = "situation"
    REFERENCE = "reference"
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
    TheoryKind.THEORY: "Théorie",
    TheoryKind.APPROACH: "Approche qui fonde le programme",
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


def _about(title: str, description: str, **constraints: Any) -> FieldInfo:
    """Describe a field: French title, French help, and its limits."""
    info: FieldInfo = Field(title=title, description=description, **constraints)
    return info


ThemeId = Annotated[str, Link(Kind.THEME), Field(min_length=1)]
IngredientId = Annotated[str, Link(Kind.INGREDIENT), Field(min_length=1)]
TheoryId = Annotated[str, Link(Kind.THEORY), Field(min_length=1)]
SituationId = Annotated[str, Link(Kind.SITUATION), Field(min_length=1)]
ReferenceId = Annotated[str, Link(Kind.REFERENCE), Field(min_length=1)]
ChallengeId = Annotated[str, Link(Kind.CHALLENGE), Field(min_length=1)]
ProgramId = Annotated[str, Link(Kind.PROGRAM), Field(min_length=1)]
ChapterId = Annotated[str, Link(Kind.CHAPTER), Field(min_length=1)]

Phrase = Annotated[str, Field(min_length=1, max_length=120)]
Sentence = Annotated[str, Field(min_length=1, max_length=250)]
Point = Annotated[str, Field(min_length=1, max_length=350)]
Note = Annotated[str, Field(min_length=1, max_length=600)]


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

    by: Annotated[str, _about("Par", "Le groupe ou l'atelier, sans nom de personne.", min_length=1)]
    date: Annotated[datetime.date, _about("Date", "Date de l'atelier, AAAA-MM-JJ.")]


class Entry(Record):
    """What every entry has. `id` is the file's name, never a key of the file."""

    id: Annotated[str, _about("Identifiant", "Nom du fichier, sans .yaml.")]
    former_names: Annotated[
        tuple[str, ...],
        _about("Anciens noms", "Identifiants que la fiche a portés ; leurs adresses y renvoient."),
    ] = ()


class Stakes(Record):
    """What is at stake in a theme, for each party."""

    tenant: Annotated[Note, _about("Pour la personne locataire", "Ce qu'elle peut perdre, gagner.")]
    surroundings: Annotated[
        Note,
        _about("Pour le propriétaire et le voisinage", "Ce qu'ils vivent, ce qu'ils craignent."),
    ]
    worker: Annotated[Note, _about("Pour l'intervenante ou l'intervenant", "Ce que cela demande.")]


class Theme(Entry):
    """One of the 17 themes of the study; number and title are the study's, the rest is ours."""

    number: Annotated[int, _about("Numéro", "Le numéro du thème dans l'étude, de 1 à 17.")]
    title: Annotated[str, _about("Titre", "Le titre, tel que dans l'étude.", max_length=200)]
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


class Ingredient(Entry):
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


class Theory(Entry):
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


class Situation(Entry):
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


class Narrative(Entry):
    """One time, told by a worker, with the words where ingredients are at work."""

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
    story: Annotated[
        str,
        _about(
            "Récit", "Au je ; les mots marqués [ainsi](ingredient).", min_length=1, max_length=8000
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
    url: Annotated[str | None, _about("Adresse", "https://…", pattern=r"^https://[^\s\"<>]+$")] = (
        None
    )
    cited_by: Annotated[
        tuple[ReferenceId, ...], _about("Citée par", "Les documents de départ.")
    ] = ()
    note: Annotated[Note | None, _about("Note", "Une particularité de la citation.")] = None


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
    sources: Annotated[
        tuple[Citation, ...], _about("Sources", "Qui décrit le programme.", min_length=1)
    ]


class Term(Record):
    """A name and what there is to know of it, with those whom it concerns."""

    name: Annotated[Phrase, _about("Nom", "Ce dont il s'agit.")]
    text: Annotated[Note, _about("Texte", "Ce qu'il faut en savoir.")]
    parties: Annotated[tuple[Phrase, ...], _about("Parties", "Qui s'engage, qui est là.")] = ()


class Step(Record):
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
    steps: Annotated[tuple[Step, ...], _about("Étapes", "Un parcours, dans l'ordre.")] = ()
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


#: The model of each kind, and the folder of its files.
MODELS: Final[Mapping[Kind, type[Entry]]] = {
    Kind.THEME: Theme,
    Kind.NARRATIVE: Narrative,
    Kind.INGREDIENT: Ingredient,
    Kind.THEORY: Theory,
    Kind.SITUATION: Situation,
    Kind.REFERENCE: Reference,
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
    Kind.CHALLENGE: "context/challenges",
    Kind.PROGRAM: "context/programs",
    Kind.CHAPTER: "context/chapters",
}
#: The kinds that the search knows; these lead to the wider frame.
FINDABLE: Final = (Kind.THEME, Kind.NARRATIVE, Kind.INGREDIENT, Kind.THEORY, Kind.SITUATION)
#: Files that stand alone, by path.
SINGLE_FILES: Final[Mapping[str, type[Entry]]] = {
    "context/discrepancies.yaml": Discrepancies,
    "context/vocabulary.yaml": VocabularyFile,
}

_KINDS: Final = {model: kind for kind, model in MODELS.items()}
_SINGLE: Final = {model: name for name, model in SINGLE_FILES.items()}


def kind_of(entry: Entry) -> Kind:
    """Give the kind of an entry that has one (KeyError for a single file)."""
    return _KINDS[type(entry)]


def file_of(entry: Entry) -> str:
    """Give the file of an entry, from the root of the project."""
    single = _SINGLE.get(type(entry))
    return single or f"{FOLDERS[kind_of(entry)]}/{entry.id}.yaml"


#: Where a value stands in an entry: keys and list indexes, from the top.
Path = tuple[str | int, ...]


def links(entry: BaseModel, path: Path = ()) -> Iterator[tuple[Path, Kind, str]]:
    """Yield each link of an entry: where it stands, the kind it must be of, the id."""
    for name, kind in _link_plan(type(entry)):
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
    """List the fields that hold ids (with their kind) or records that may hold some (None)."""
    plan: list[tuple[str, Kind | None]] = []
    for name, info in model.model_fields.items():
        kind = _link_kind(info)
        if kind or _holds_records(info.annotation):
            plan.append((name, kind))
    return tuple(plan)


@cache
def text_fields(model: type[BaseModel]) -> tuple[str, ...]:
    """List the fields whose texts people read; ids and addresses are not among them."""
    ids = {name for name, kind in _link_plan(model) if kind and name not in _KEYED}
    return tuple(
        name
        for name in model.model_fields
        if name not in ids and name not in ("id", "former_names", "sources", "url")
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


def _holds_records(annotation: Any) -> bool:
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return issubclass(annotation, BaseModel)
    return any(_holds_records(argument) for argument in get_args(annotation))
