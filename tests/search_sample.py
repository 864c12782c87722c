"""A small guide to search, and queries that would upset a careless search."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from builder import browser_index
from builder.analysis import fold
from builder.search import Hit, Index, SearchEntry, read_query, search
from builder.vocabulary import Vocabulary

ASSETS = Path(__file__).parent.parent / "builder" / "theme" / "assets"

VOCABULARY = Vocabulary(
    synonyms=(
        ("logement", "appartement"),
        ("proprio", "propriétaire", "landlord"),
        ("rue", "sans-abri", "itinérance"),
        ("bruit", "tapage"),
        ("aide sociale", "BS"),
        ("capoter", "paniquer"),
    ),
    spellings=(("pu", "plus"), ("appart", "appartement"), ("rdv", "rendez-vous")),
)


def _situation(
    id_: str, name: str, about: str, theme: str, phrases: tuple[str, ...]
) -> SearchEntry:
    return SearchEntry(
        kind="situation",
        id=id_,
        title=name,
        url=f"situations/{id_}.html",
        summary="",
        phrases=(*phrases, name),
        facets={"about": (about,), "theme": (theme,)},
    )


ENTRIES = (
    _situation(
        "veut-quitter",
        "Veut quitter son logement",
        "tenant",
        "etat-mental",
        (
            "il veut tout lâcher, son appart, sa job",
            "elle parle de remettre les clés",
            "tannée, veut s'en aller du jour au lendemain",
            "il dit qu'il était mieux dans la rue",
        ),
    ),
    _situation(
        "bruit-la-nuit",
        "Plaintes de bruit la nuit",
        "neighbours",
        "voisinage",
        (
            "les voisins se plaignent du bruit",
            "musique à trois heures du matin",
            "la police est venue pour du tapage",
            "l'œil au beurre noir après une chicane",
        ),
    ),
    _situation(
        "loyer-impaye",
        "Loyer impayé",
        "tenant",
        "depenses",
        (
            "il a pas payé son loyer",
            "le chèque de BS est passé en trois jours",
            "le propriétaire appelle pour le premier du mois",
            "Hydro menace de couper : 8 500 $ de dettes",
        ),
    ),
    SearchEntry(
        kind="theme",
        id="etat-mental",
        title="Une fois où j'ai su soutenir un épisode de détérioration",
        url="themes/etat-mental.html",
        summary="Quand l'état change, le logement tient parfois à une visite.",
        ways=(("veut-quitter", 0), ("bruit-la-nuit", 1)),
        facets={"stage": ("weather",), "theme": ("etat-mental",)},
    ),
    SearchEntry(
        kind="theme",
        id="voisinage",
        title="Une fois où j'ai su intervenir avec le voisinage",
        url="themes/voisinage.html",
        summary="Entre deux portes, chacun a sa version.",
        ways=(("bruit-la-nuit", 0),),
        facets={"stage": ("weather",), "theme": ("voisinage",)},
    ),
    SearchEntry(
        kind="theme",
        id="depenses",
        title="Une fois où j'ai su aider à prioriser les dépenses",
        url="themes/depenses.html",
        summary="Le premier du mois arrive toujours.",
        ways=(("loyer-impaye", 0), ("veut-quitter", 1)),
        facets={"stage": ("inhabit",), "theme": ("depenses",)},
    ),
    SearchEntry(
        kind="ingredient",
        id="ne-pas-paniquer",
        title="Ne pas paniquer",
        url="ingredients/ne-pas-paniquer.html",
        summary="Rester là, parler lentement, laisser passer la vague.",
        body="Un mardi ordinaire, on s'assoit sur une boîte et on attend.",
        ways=(("veut-quitter", 0), ("bruit-la-nuit", 1)),
        facets={"theory": ("humaniste",)},
    ),
    SearchEntry(
        kind="ingredient",
        id="mettre-le-loyer-a-l-abri",
        title="Mettre le loyer à l'abri",
        url="ingredients/mettre-le-loyer-a-l-abri.html",
        summary="Avec la personne, sortir le loyer de l'argent qui se dépense.",
        phrases=("comment protéger l'argent du loyer",),
        ways=(("loyer-impaye", 0),),
    ),
    SearchEntry(
        kind="narrative",
        id="les-clementines",
        title="Les clémentines",
        url="recits/les-clementines.html",
        summary="Vingt minutes sur le palier, la radio, une circulaire sous la porte.",
        body="Il m'a laissée sur le palier. Les clémentines sont en spécial. La radio a baissé.",
        ways=(("veut-quitter", 0),),
        facets={"theme": ("etat-mental",)},
    ),
    SearchEntry(
        kind="theory",
        id="humaniste",
        title="Approche humaniste",
        url="theories/humaniste.html",
        summary="Une personne veut grandir, si on l'accueille sans condition.",
        facets={"theory": ("humaniste",)},
    ),
)

AWKWARD = (
    "",
    " ",
    "a",
    "é",
    "il",
    "x" * 10_000,
    "loyer " * 2_000,
    "😀 loyer 😀",
    "\U0001f3e0" * 400 + " loyer",
    "مرحبا بالعالم",
    "שלום loyer",
    "<script>alert(1)</script>",
    "%",
    "% loyer %s %d",
    '"',
    '"loyer impayé"',
    "'",
    "l’appartement d’à côté",
    "(.*)+$",
    "[a-z",
    "\\",
    "\\u0000\x00\x1b",
    "lo\u0301yer cafe\u0301",
    "ŒIL œil OEIL",
    "İstanbul ß ŁÓDŹ ſ",
    "constructor __proto__ toString hasOwnProperty",
    "NaN undefined null true",
    "0 1 2 3e10 -5 8 500 $",
    "\ud83d",
    "kind:theme AND NOT loyer OR *",
)

#: Each goes another way through the search; `golden/answers.txt` keeps what is found, and why.
ASKED = (
    "il veut tout lâcher son appart",
    "les voisins chialent pour le bruit",
    "elle veut remettre ses clés, elle parle de ses clés",  # a word counts once
    "y veut pu rien savoir",  # a spelling
    "rdv",  # a spelling that stands for two words
    "le landlord de l'appartement",  # two synonyms
    "sans-abri",  # an expression of two words
    "BS",  # its synonym is of two words
    "aide social",  # an expression with a plural forgotten
    "vosin",  # a letter forgotten
    "vosiin",  # two letters exchanged
    "lojer",  # a letter replaced
    "loyyer",  # a letter too many
    "proprieté",  # another word with the same beginning
    "itinerence",  # a word of the vocabulary alone, misspelled
    "chi",  # three letters begin words
    "laondlord bruiit",  # misspelled words have synonyms too
    "hypothèque",  # nothing
    "la radio sur le palier, une circulaire",  # an entry's own text
    "grandir sans condition",
    "comment protéger l'argent du loyer",  # a phrase of an ingredient
)


def answers(index: Index) -> Iterator[str]:
    """Yield a block a query: its terms and their weights, then a result a line."""
    for asked in ASKED:
        query = read_query(index, asked)
        weights = [f"{term} {weight:g}" for term, weight in sorted(query.weights.items())]
        unknown = [f"{word} ?" for word in query.unknown]
        yield "\n".join(
            (asked, "  " + ", ".join(weights + unknown), *map(_shown, search(index, asked)))
        )


def _shown(hit: Hit) -> str:
    """Write a result, the words to highlight between asterisks."""
    why = hit.why
    for start, end in reversed(hit.marks):
        why = f"{why[:start]}*{why[start:end]}*{why[end:]}"
    said = f" ({hit.situation})" if hit.situation else ""
    return f"  {hit.score:.9f} {hit.kind} {hit.id}{said} : {why}"


LETTERS = "aàbcdeéèêfghijklmnoôpqrstuûvwxyzç '’-.,%\"<>()[]*?\n"


def queries(index: Index, count: int, seed: int = 1) -> Iterator[str]:
    """Queries around what a guide says: as said, without accents, misspelled, mixed, random."""
    chance = random.Random(seed)
    phrases = [text for text, _ in index.catalogue.phrases]
    for number in range(count):
        phrase = chance.choice(phrases)
        place = chance.randrange(len(phrase))
        yield (
            phrase,
            fold(phrase),
            phrase[:place] + chance.choice(LETTERS) + phrase[place + 1 :],
            phrase[:place] + phrase[place + 1 :],
            phrase[:place] + phrase[place : place + 2][::-1] + phrase[place + 2 :],
            phrase[place:] + " " + chance.choice(phrases)[:20],
            "".join(chance.choices(LETTERS, k=chance.randrange(40))),
        )[number % 7]


def write_scripts(
    entries: Iterable[SearchEntry], vocabulary: Vocabulary, folder: Path
) -> list[Path]:
    """Lay the browser's scripts in a folder, in the order in which a page loads them."""
    generated = []
    for path, text in browser_index.scripts(entries, vocabulary):
        generated.append(folder / Path(path).name)
        generated[-1].write_text(text, encoding="utf-8")
    whole, *parts = generated
    return [ASSETS / "snowball-french.js", whole, ASSETS / "search.js", *parts]
