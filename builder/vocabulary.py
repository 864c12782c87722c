"""The search vocabulary: words that mean the same, and spellings that stand for other words.

`context/vocabulary.yaml` holds two lists. `synonyms`: groups of words or short expressions; a query
with one of them also finds the others, at a lower weight. `spellings`: what people type (`written`)
and the words it stands for (`meant`); the query is read as if these had been typed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from builder.analysis import fold, terms, words
from builder.model import VocabularyFile

LONGEST: Final = 5  # words in the longest expression of a group

Expression = tuple[str, ...]  # the terms of one word or expression, in order


@dataclass(frozen=True)
class Vocabulary:
    """The file as written: groups of synonyms, and pairs (written, meant)."""

    synonyms: tuple[tuple[str, ...], ...] = ()
    spellings: tuple[tuple[str, str], ...] = ()


def vocabulary_of(file: VocabularyFile) -> Vocabulary:
    """Give the vocabulary of its file."""
    spellings = tuple((spelling.written, spelling.meant) for spelling in file.spellings)
    return Vocabulary(file.synonyms, spellings)


@dataclass(frozen=True)
class Thesaurus:
    """The vocabulary as the search uses it: terms instead of words."""

    groups: tuple[tuple[Expression, ...], ...]
    spellings: Mapping[str, str]  # folded word → text meant

    @cached_property
    def place(self) -> Mapping[Expression, int]:
        """Number of the group of each expression; of the first, if it is written in two."""
        place: dict[Expression, int] = {}
        for number, group in enumerate(self.groups):
            for expression in group:
                place.setdefault(expression, number)
        return place

    @cached_property
    def terms(self) -> frozenset[str]:
        """Every term of every expression."""
        return frozenset(term for expression in self.place for term in expression)


class Fault(NamedTuple):
    """A fault of the vocabulary; `path` leads to it in the file: `("synonyms", 12, 0)`."""

    path: tuple[str | int, ...]
    rule: str
    message: str
    advice: str


def compile_vocabulary(vocabulary: Vocabulary) -> Thesaurus:
    """Terms of every expression, each once in its group."""
    groups = tuple(
        tuple(dict.fromkeys(found for text in group if (found := tuple(terms(text)))))
        for group in vocabulary.synonyms
    )
    return Thesaurus(groups, {fold(typed): meant for typed, meant in vocabulary.spellings})


def faults(vocabulary: Vocabulary) -> Iterator[Fault]:
    """Every fault of a vocabulary."""
    for rule in (unusable_words, words_in_two_groups, groups_already_covered, spellings_in_a_chain):
        yield from rule(vocabulary)


def unusable_words(vocabulary: Vocabulary) -> Iterator[Fault]:
    """Each expression has one to five searchable words; each spelling is one word."""
    for number, group in enumerate(vocabulary.synonyms):
        for position, text in enumerate(group):
            if not 1 <= len(terms(text)) <= LONGEST:
                yield Fault(
                    ("synonyms", number, position),
                    "vocabulaire-inutilisable",
                    f"« {text} » ne donne pas de 1 à {LONGEST} mots que la recherche retient",
                    "raccourcissez l'expression, ou choisissez un mot plein",
                )
    for number, (written, _) in enumerate(vocabulary.spellings):
        if [word.folded for word in words(written)] != [fold(written)]:
            yield Fault(
                ("spellings", number, "written"),
                "vocabulaire-inutilisable",
                f"« {written} » n'est pas un seul mot que la recherche retient",
                "écrivez un mot sans espace, apostrophe ni trait d'union",
            )


def words_in_two_groups(vocabulary: Vocabulary) -> Iterator[Fault]:
    """A word belongs to one group only, and a spelling is listed once."""
    seen: dict[Expression, tuple[int, str]] = {}
    for number, group in enumerate(vocabulary.synonyms):
        for position, text in enumerate(group):
            first, other = seen.setdefault(tuple(terms(text)), (number, text))
            if first != number:
                yield Fault(
                    ("synonyms", number, position),
                    "vocabulaire-deux-groupes",
                    f"« {text} » est déjà dans le groupe de « {vocabulary.synonyms[first][0]} »"
                    + (f" (« {other} »)" if other != text else ""),
                    "gardez-le dans un seul groupe, ou réunissez les deux groupes",
                )
    written: set[str] = set()
    for number, (typed, _) in enumerate(vocabulary.spellings):
        if fold(typed) in written:
            yield Fault(
                ("spellings", number, "written"),
                "vocabulaire-deux-groupes",
                f"« {typed} » est déjà dans la liste",
                "gardez-en une seule ligne",
            )
        written.add(fold(typed))


def groups_already_covered(vocabulary: Vocabulary) -> Iterator[Fault]:
    """A group says what the search does not know: two expressions with other terms, no repeats."""
    for number, group in enumerate(vocabulary.synonyms):
        first_with: dict[Expression, str] = {}
        for position, text in enumerate(group):
            same = first_with.setdefault(tuple(terms(text)), text)
            if same is not text:
                yield Fault(
                    ("synonyms", number, position),
                    "vocabulaire-superflu",
                    f"la recherche confond déjà « {text} » et « {same} »",
                    "retirez l'un des deux",
                )
        if len(first_with) < 2:
            yield Fault(
                ("synonyms", number),
                "vocabulaire-superflu",
                "ce groupe ne relie pas deux mots différents",
                "ajoutez un synonyme, ou retirez le groupe",
            )
    for number, (written, meant) in enumerate(vocabulary.spellings):
        if terms(written) == terms(meant):
            yield Fault(
                ("spellings", number, "written"),
                "vocabulaire-superflu",
                f"la recherche confond déjà « {written} » et « {meant} »",
                "retirez cette ligne",
            )


def spellings_in_a_chain(vocabulary: Vocabulary) -> Iterator[Fault]:
    """A spelling leads to real words, never to another spelling: no chain, so no cycle."""
    written = {fold(typed) for typed, _ in vocabulary.spellings}
    for number, (typed, meant) in enumerate(vocabulary.spellings):
        for word in words(meant):
            if word.folded in written:
                yield Fault(
                    ("spellings", number, "meant"),
                    "vocabulaire-cycle",
                    f"« {typed} » renvoie à « {word.folded} », qui renvoie lui-même ailleurs",
                    "écrivez directement le mot voulu",
                )
