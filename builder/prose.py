"""Rereads the French: spelling by hunspell, and what an editor looks at first.

Advice, never part of `guide check`: a word that hunspell does not know may well be right.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Final, NamedTuple

from builder import analysis
from builder.model import (
    Entry,
    Identifiers,
    Narrative,
    Path,
    Reference,
    VocabularyFile,
    file_of,
    texts,
)
from builder.parsing import Source
from builder.problems import Problem
from builder.reading import Reading

#: Words that the guide accepts besides hunspell's, one a line; « # » begins a comment.
DICTIONARY: Final = "context/dictionary.txt"

#: A sentence of more words is worth a second look.
LONG_SENTENCE: Final = 30
#: A word of as many letters, found in one entry only, may be one that a reader trips over.
LONG_WORD: Final = 12
#: Two stories that share as many words in a row sound alike.
RUN: Final = 8

_INSTALL: Final = (
    "Debian, Ubuntu : sudo apt-get install hunspell hunspell-fr-comprehensive\n"
    "Fedora : sudo dnf install hunspell hunspell-fr"
)

#: A word with its hyphens and apostrophes: « aujourd'hui », « viens-tu », « l'eau », « 3e ».
_WORD: Final = re.compile(r"(?=\w*[^\W\d])\w+(?:[-'’]\w+)*")
_BARE_WORD: Final = re.compile(r"\w+")
#: What is not read as words: the two ends of a mark, an address.
_MARKUP: Final = re.compile(r"\[|\]\([^\[\]()]*\)|https?://\S+")
_SENTENCE: Final = re.compile(r"\S.*?(?:[.!?…]+(?:\s*»)?(?=\s|$)|(?=\n\s*\n)|$)", re.DOTALL)
_ELIDED: Final = (*"cdjlmnst", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu")
_MAY_ELIDE: Final = re.compile(r"[aeiouyhàâéèêëîïôùûœæ]", re.IGNORECASE)


class HunspellError(Exception):
    """What is missing to check the spelling, and how to install it."""


@dataclass(frozen=True)
class Text:
    """A text that people read, without marks or addresses, and where it stands.

    `offsets` gives, for each character of `words`, its offset in `value`, the text as written.
    """

    source: Source
    path: Path
    value: str
    words: str
    offsets: Sequence[int]

    def position(self, index: int) -> tuple[int, int]:
        """Give the line and the column of a character of `words`."""
        return self.source.position_in(self.path, self.value, self.offsets[index])

    def place(self, index: int) -> str:
        """Give the file, the line and the column of a character of `words`, to click on."""
        line, column = self.position(index)
        return f"{self.source.file}:{line}:{column}"


def readable(reading: Reading, entry: Entry) -> Iterator[Text]:
    """Yield the texts of an entry whose French is ours.

    Names and titles of references stand as cited; the search vocabulary lists mistakes,
    the identifiers list names.
    """
    if isinstance(entry, (Identifiers, VocabularyFile)):
        return
    source = reading.sources[file_of(entry)]
    for path, value in texts(entry):
        if not isinstance(entry, Reference) or path == ("note",):
            yield _text(source, path, value)


def _text(source: Source, path: Path, value: str) -> Text:
    marks = {index for mark in _MARKUP.finditer(value) for index in range(*mark.span())}
    offsets = [index for index in range(len(value)) if index not in marks]
    return Text(source, path, value, "".join(value[index] for index in offsets), offsets)


def dictionary(root: FilePath) -> frozenset[str]:
    """Read the words that the guide accepts."""
    file = root / DICTIONARY
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    lines = text.splitlines()
    return frozenset(word for line in lines if (word := line.partition("#")[0].strip()))


def misspellings(reading: Reading, accepted: Iterable[str]) -> tuple[Problem, ...]:
    """orthographe: hunspell or the guide's dictionary knows every word.

    Raises HunspellError when hunspell or its French dictionary is missing.
    """
    found = [
        (text, match)
        for entry in reading.entries
        for text in readable(reading, entry)
        for match in _WORD.finditer(text.words)
    ]
    unknown = unknown_words({match.group() for _, match in found}, accepted)
    return tuple(
        sorted(
            _misspelling(text, match, unknown[match.group()])
            for text, match in found
            if match.group() in unknown
        )
    )


def _misspelling(text: Text, match: re.Match[str], suggestions: Sequence[str]) -> Problem:
    meant = ", ".join(f"« {word} »" for word in suggestions[:3])
    question = f"vouliez-vous dire {meant} ? sinon, " if meant else "corrigez-le, ou "
    return text.source.problem(
        text.position(match.start()),
        "orthographe",
        f"mot inconnu : « {match.group()} »",
        f"{question}ajoutez-le à {DICTIONARY}",
        "warning",
    )


def unknown_words(
    words: Iterable[str], accepted: Iterable[str] = ()
) -> Mapping[str, tuple[str, ...]]:
    """Give the words that hunspell does not know, each with its suggestions, best first.

    Raises HunspellError when hunspell or its French dictionary is missing.
    """
    asked = sorted(words)
    # Hunspell's pipe: « ! » leaves known words unsaid, « @ » accepts a word, « ^ » checks one.
    questions = ["!", *(f"@{form}" for word in accepted for form in _elisions(word))]
    answers = _hunspell([*questions, *(f"^{word}" for word in asked)])
    unknown: dict[str, tuple[str, ...]] = {}
    number = 0  # a blank line ends what is said of each word
    for answer in answers:
        if not answer:
            number += 1
        elif answer[0] in "&#":
            suggestions = answer.partition(": ")[2].replace("’", "'")
            unknown[asked[number]] = tuple(suggestions.split(", ")) if suggestions else ()
    return unknown


def _elisions(word: str) -> Iterator[str]:
    """Yield a word, and « l'word », « d'word »… when it may follow an apostrophe."""
    yield word
    if _MAY_ELIDE.match(word):
        yield from (f"{elided}'{word}" for elided in _ELIDED)


def _hunspell(lines: Iterable[str]) -> list[str]:
    """Write lines to hunspell's pipe; give its answers, without its greeting."""
    program = shutil.which("hunspell")
    if program is None:
        raise HunspellError(f"Pour vérifier l'orthographe, il manque hunspell.\n{_INSTALL}")
    done = subprocess.run(
        [program, "-a", "-i", "utf-8", "-d", "fr_CA", "-p", os.devnull],  # no one's own words
        input="\n".join(lines) + "\n",
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    if done.returncode:
        raise HunspellError(f"Il manque à hunspell son dictionnaire français.\n{_INSTALL}")
    return done.stdout.splitlines()[1:]


class Sentence(NamedTuple):
    """A sentence, how many words it has, and its place."""

    words: int
    place: str
    text: str


@dataclass(frozen=True)
class Reread:
    """What an editor may want to know of an entry before rereading it."""

    file: str
    average: float  # words a sentence
    long: tuple[Sentence, ...]  # longest first
    rare: tuple[str, ...]  # long words that no other entry has

    @property
    def order(self) -> tuple[int, float]:
        """First what has most to reread: words in long sentences, then the average."""
        return -sum(sentence.words for sentence in self.long), -self.average


def rereadings(reading: Reading) -> list[Reread]:
    """Look at each entry's sentences and words; the one to reread first comes first."""
    written = {
        file_of(entry): found
        for entry in reading.entries
        if (found := list(readable(reading, entry)))
    }
    files: dict[str, set[str]] = defaultdict(set)
    for file, found in written.items():
        for text in found:
            for term in analysis.terms(text.words):
                files[term].add(file)
    common = {term for term, where in files.items() if len(where) > 1}
    return sorted(
        (_reread(file, found, common) for file, found in written.items()),
        key=lambda reread: reread.order,
    )


def _reread(file: str, found: Iterable[Text], common: set[str]) -> Reread:
    sentences = [sentence for text in found for sentence in _sentences(text)]
    long = sorted((one for one in sentences if one.words > LONG_SENTENCE), reverse=True)
    rare = {
        text.words[word.start : word.end].lower()
        for text in found
        for word in analysis.words(text.words)
        if len(word.folded) >= LONG_WORD and word.term not in common
    }
    average = sum(sentence.words for sentence in sentences) / max(len(sentences), 1)
    return Reread(file, average, tuple(long), tuple(sorted(rare)))


def _sentences(text: Text) -> Iterator[Sentence]:
    """Yield the sentences of a text; « l'eau » counts as one word."""
    for match in _SENTENCE.finditer(text.words):
        words = len(_WORD.findall(match.group()))
        if words:
            yield Sentence(words, text.place(match.start()), " ".join(match.group().split()))


class Shared(NamedTuple):
    """Words in a row that two stories share, and their place in each."""

    words: str
    first: str
    second: str


def shared_runs(reading: Reading) -> Iterator[Shared]:
    """Yield where two stories, with all that goes with them, begin to share `RUN` words in a row.

    « l'eau » counts as two words: no other way of counting finds more.
    """
    seen: dict[tuple[str, ...], tuple[Text, int]] = {}
    for entry in reading.entries:
        if isinstance(entry, Narrative):
            for text in readable(reading, entry):
                yield from _shared(text, seen)


def _shared(text: Text, seen: dict[tuple[str, ...], tuple[Text, int]]) -> Iterator[Shared]:
    """Yield the runs of a text that another file has, and add its own to those seen."""
    words = list(_BARE_WORD.finditer(text.words))
    goes_on = False
    for run in (words[index : index + RUN] for index in range(len(words) - RUN + 1)):
        start, end = run[0].start(), run[-1].end()
        key = tuple(word.group().casefold() for word in run)
        other, place = seen.setdefault(key, (text, start))
        elsewhere = other.source.file != text.source.file
        if elsewhere and not goes_on:
            yield Shared(text.words[start:end], other.place(place), text.place(start))
        goes_on = elsewhere


def report(reading: Reading) -> Iterator[str]:
    """Yield the lines of the readability report: no grade, what to reread and where."""
    yield "# Mots communs à deux récits\n"
    for run in shared_runs(reading):
        yield f"{run.first} et {run.second} : « {' '.join(run.words.split())} »"
    yield "\n# Fiches, les plus longues phrases d'abord"
    for reread in rereadings(reading):
        yield f"\n{reread.file} : {reread.average:.0f} mots par phrase en moyenne"
        for sentence in reread.long:
            yield f"  {sentence.place} : {sentence.words} mots : « {sentence.text} »"
        if reread.rare:
            yield f"  mots longs qu'aucune autre fiche n'a : {', '.join(reread.rare)}"
