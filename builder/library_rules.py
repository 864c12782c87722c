"""The rules that look at entries side by side, one generator a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from builder.addresses import TAKER, is_taken
from builder.ledger import listed
from builder.library import Library, entries_of, field
from builder.model import (
    LABELS,
    MODELS,
    Entry,
    Kind,
    Narrative,
    SeriesFile,
    Theme,
    file_of,
    kind_of,
    links,
)
from builder.passages import targets
from builder.placeholders import ID
from builder.problems import FAULTS, Problem, did_you_mean
from builder.reading import Reading
from builder.subject import Subject

THEMES: Final = range(1, 18)


@dataclass(frozen=True)
class Content:
    """What was read, and how it hangs together."""

    reading: Reading
    library: Library

    def about(self, entry: Entry) -> Subject:
        """Put an entry under the rules."""
        return Subject(entry, self.reading.sources, self.library.names)


Rule = Callable[[Content], Iterator[Problem]]


def unknown_links(content: Content) -> Iterator[Problem]:
    """renvoi-inconnu: a link names an entry that exists."""
    for entry in content.reading.entries:
        if file_of(entry) not in content.reading.linked:
            yield from islice(_unknown_of(content, entry), FAULTS)


def _unknown_of(content: Content, entry: Entry) -> Iterator[Problem]:
    for path, kind, id_ in links(entry):
        if id_ not in content.reading.known[kind] and id_ != ID:
            yield content.about(entry).problem(path, *_unknown(content, kind, id_))
    if isinstance(entry, Narrative):
        for target in targets(entry.story):
            if target.id not in content.reading.known[Kind.INGREDIENT] and target.id != ID:
                yield content.about(entry).problem_in(
                    (("story",), entry.story, target.offset),
                    *_unknown(content, Kind.INGREDIENT, target.id),
                )


def _unknown(content: Content, kind: Kind, id_: str) -> tuple[str, str, str]:
    known = content.reading.known[kind]
    if any(gone.kind is kind and gone.id == id_ for gone in content.library.ledger.withdrawn):
        message = f"{LABELS[kind]} : la fiche « {id_} » est retirée"
        return "renvoi-inconnu", message, "enlevez ce renvoi, ou menez-le à une autre fiche"
    return (
        "renvoi-inconnu",
        f"{LABELS[kind]} sans fiche : « {id_} »",
        did_you_mean(id_, known, "créez la fiche, ou corrigez l'identifiant"),
    )


def former_names(content: Content) -> Iterator[Problem]:
    """ancien-nom-occupe, identifiant-reserve: a former name is no name twice, and no page's."""
    named = [entry for entry in content.reading.entries if entry.__class__ in MODELS.values()]
    taken = {(kind_of(entry), entry.id) for entry in named}
    for entry in named:
        for index, name in enumerate(entry.former_names):
            if is_taken(kind_of(entry), name):
                yield content.about(entry).problem(
                    ("former_names", index),
                    "identifiant-reserve",
                    f"« {name} » est le nom {TAKER}",
                    "retirez cet ancien nom",
                )
            if (kind_of(entry), name) in taken:
                yield content.about(entry).problem(
                    ("former_names", index),
                    "ancien-nom-occupe",
                    f"« {name} » est déjà le nom, actuel ou ancien, d'une fiche",
                    "retirez cet ancien nom",
                )
            taken.add((kind_of(entry), name))


def published_ids(content: Content) -> Iterator[Problem]:
    """identifiant-publie: a published id leads to an entry, or is said to be withdrawn."""
    ledger = content.library.ledger
    gone = {(it.kind, it.id) for it in ledger.withdrawn}
    for kind, entries in entries_of(content.library).items():
        former = {name for entry in entries.values() for name in entry.former_names}
        known = content.reading.known[kind] | former | {id_ for it, id_ in gone if it is kind}
        for index, id_ in enumerate(listed(ledger)[kind]):
            if id_ not in known:
                yield content.about(ledger).problem(
                    (field(kind), index),
                    "identifiant-publie",
                    f"« {id_} » a été publié ({LABELS[kind]}), et plus rien ne porte ce nom",
                    "ajoutez-le aux « former_names » de la fiche renommée, "
                    "ou dites-la retirée sous « withdrawn »",
                )
    for index, it in enumerate(ledger.withdrawn):
        if (it.kind, it.id) not in gone:
            yield content.about(ledger).problem(
                ("withdrawn", index, "id"),
                "identifiant-publie",
                f"« {it.id} » est dit retiré deux fois",
                "gardez une seule raison",
            )
        gone.discard((it.kind, it.id))
        if it.id in content.reading.known[it.kind]:
            yield content.about(ledger).problem(
                ("withdrawn", index, "id"),
                "identifiant-publie",
                f"« {it.id} » est dit retiré, mais la fiche existe",
                "supprimez le fichier de cette fiche, ou renommez-le si c'en est une autre",
            )


def theme_numbers(content: Content) -> Iterator[Problem]:
    """numero-de-theme, numero-en-double: themes are numbered once each, from 1 to 17."""
    first: dict[int, Theme] = {}
    for theme in content.library.themes.values():
        if theme.number not in THEMES:
            yield content.about(theme).problem(
                ("number",),
                "numero-de-theme",
                f"il n'y a pas de thème {theme.number} dans l'étude",
                f"donnez un numéro de {THEMES.start} à {THEMES.stop - 1}",
            )
        elif theme.number in first:
            yield content.about(theme).problem(
                ("number",),
                "numero-en-double",
                f"le thème {theme.number} est déjà « {first[theme.number].id} »",
                "donnez à chacun le numéro de l'étude",
            )
        first.setdefault(theme.number, theme)


def series(content: Content) -> Iterator[Problem]:
    """serie-incomplete: a series of workshops goes through every theme once."""
    for entry in content.reading.entries:
        if not isinstance(entry, SeriesFile):
            continue
        for index, one in enumerate(entry.series):
            times = Counter(chain.from_iterable(workshop.themes for workshop in one.workshops))
            missing = [id_ for id_ in content.library.themes if not times[id_]]
            repeated = [id_ for id_, count in times.items() if count > 1]
            for ids, fault in ((missing, "n'est dans aucun atelier"), (repeated, "revient")):
                for id_ in ids:
                    yield content.about(entry).problem(
                        ("series", index),
                        "serie-incomplete",
                        f"« {id_} » {fault}",
                        "mettez chaque thème dans un seul atelier de la série",
                    )


def unreachable_ingredients(content: Content) -> Iterator[Problem]:
    """ingredient-inaccessible: an ingredient is found through a story or a situation."""
    library = content.library
    for id_, ingredient in library.ingredients.items():
        if (
            id_ not in library.narratives_by_ingredient
            and id_ not in library.situations_by_ingredient
        ):
            yield content.about(ingredient).problem(
                (),
                "ingredient-inaccessible",
                "aucun récit, aucune situation ne mène à cet ingrédient",
                "marquez-le dans un récit ou nommez-le dans une situation",
                "warning",
            )


RULES: Final[tuple[Rule, ...]] = (
    unknown_links,
    former_names,
    published_ids,
    theme_numbers,
    series,
    unreachable_ingredients,
)
