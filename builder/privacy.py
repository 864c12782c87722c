"""Finds what could tell who a story is about: « who », « where », « when » and numbers.

A help for whoever rereads, never a guarantee: what it does not find may still identify. The same
search runs in the browser (`theme/assets/privacy.js`), on the same rules (`script`).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Final, NamedTuple

from builder.identifiers import (
    DRESSED,
    FORMS,
    LETTER,
    LONG_JOIN,
    LOOKALIKES,
    MARKS,
    PLAIN,
    RULES,
    SMALL_WORD,
    VERB,
    WORD,
    ZEROS,
    Form,
    Rule,
)
from builder.model import Identifiers
from builder.parsing import INVISIBLE, unusual

RULE: Final[Mapping[str, Rule]] = {rule.id: rule for rule in RULES}
_RANK: Final = {rule.id: rank for rank, rule in enumerate(RULES)}


class Finding(NamedTuple):
    """Words that could identify someone; `start` and `end` are offsets in the text as given."""

    start: int
    end: int
    rule: Rule
    words: str


@dataclass(frozen=True)
class Names:
    """The closed lists, folded (`fold`): what a word with a capital may be.

    `also_words` are names that are words as well. `titled` are names that are known after
    « madame » without their capital, `small` those that are known without it anywhere.
    `permitted` are words and expressions that name nobody, `subjects` what may stand before a verb
    without an article.
    """

    persons: frozenset[str] = frozenset()
    titled: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    place_words: frozenset[str] = frozenset()
    organisation_words: frozenset[str] = frozenset()
    also_words: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    permitted: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    #: What is permitted in several words.
    expressions: tuple[str, ...] = ()
    #: `small` with and without accents, for a quick look at a whole text.
    spellings: frozenset[str] = frozenset()

    @cached_property
    def asked(self) -> frozenset[str]:
        """Give the words that a rule asks for, which few texts have."""
        return self.spellings | _FORM_WORDS

    @cached_property
    def names_nobody(self) -> Callable[[str], bool]:
        """Give `_names_nobody` for these lists: stories have the same few words."""
        return lru_cache(maxsize=1 << 14)(partial(_names_nobody, self))


def names(lists: Identifiers | None) -> Names:
    """Prepare the lists of `context/identifiers.yaml`; without them, forms and capitals remain."""
    if not lists:
        return Names()
    ambiguous = (lists.first_names_also_words, lists.surnames, lists.places_also_words)
    also_words = _folded(word for words in ambiguous for word in words)
    small = [
        word
        for word in (*lists.first_names, *lists.places)
        if len(word) >= SMALL_LENGTH and " " not in word and fold(word) not in also_words
    ]
    return Names(
        titled=_folded((*lists.first_names, *lists.surnames))
        - _folded(lists.first_names_also_words),
        persons=_folded((*lists.first_names, *lists.first_names_also_words, *lists.surnames)),
        places=_without_article((*lists.places, *lists.places_also_words)),
        organisations=_without_article(lists.organisations),
        place_words=_folded(lists.place_words),
        organisation_words=_folded(lists.organisation_words),
        also_words=also_words,
        small=_folded(small),
        permitted=_folded(lists.permitted),
        subjects=_folded(lists.subjects),
        expressions=tuple(sorted(fold(words) for words in lists.permitted if " " in words)),
        spellings=frozenset(word.lower() for word in small) | _folded(small),
    )


#: A shorter name without its capital is too often something else.
SMALL_LENGTH: Final = 4

_MARK_ACCENT: Final = re.compile("[\u0300-\u036f]")
_ARTICLE: Final = re.compile("^(?:l'|la |le |les )")


@lru_cache(maxsize=1 << 14)  # sentences begin with the same words
def fold(text: str) -> str:
    """Compare words without case or accents."""
    plain = _MARK_ACCENT.sub("", unicodedata.normalize("NFD", text))
    return plain.replace("œ", "oe").replace("Œ", "oe").lower()


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


def _without_article(words: Iterable[str]) -> frozenset[str]:
    """Fold names; one that begins with an article is known without it too."""
    whole = _folded(words)
    return whole | frozenset(_ARTICLE.sub("", word) for word in whole)


# --- the text

_MARK: Final = re.compile(r"\[([^\[\]]+)\]\([^\[\]()]*\)")
#: What is written in several ways, and the way that the rules read.
_PLAIN: Final = (
    *((sign, " ") for sign in "\u00a0\u202f\u2009\t\r\v\f\x85\u2028\u2029"),
    *((sign, "'") for sign in "’ʼ"),
    *((sign, "-") for sign in "\u2010\u2011\u2012\u2013"),
)
_BREAK: Final = re.compile(r"\n(?<!\n\n)(?! *\n)")


class Prepared(NamedTuple):
    """A text as the rules read it: without the ends of its marks, and without disguises.

    `cuts` are (offset in the text without marks, characters left out so far), in order. `places`
    are the offsets there of the characters of `text`; none where nothing was disguised.
    """

    text: str
    cuts: tuple[tuple[int, int], ...]
    places: tuple[int, ...]

    def given(self, offset: int) -> int:
        """Turn an offset of `text` into one of the text as given."""
        if self.places:
            offset = self.places[offset]
        left_out = 0
        for place, total in self.cuts:
            if place > offset:
                break
            left_out = total
        return offset + left_out


def prepare(text: str) -> Prepared:
    """Leave out the ends of marks; make spaces, apostrophes, hyphens, letters and digits plain."""
    cuts: list[tuple[int, int]] = []
    if "[" in text:
        kept: list[str] = []
        end = length = 0
        for mark in _MARK.finditer(text):
            before, words = text[end : mark.start()], mark.group(1)
            length += len(before)
            cuts.append((length, mark.start(1) - length))
            length += len(words)
            cuts.append((length, mark.end() - length))
            kept += (before, words)
            end = mark.end()
        text = "".join(kept) + text[end:]
    for sign, plain in _PLAIN:  # most signs are not there: quicker than one `translate`
        text = text.replace(sign, plain)
    text = _BREAK.sub(" ", text)
    plain, places = _undisguised(text)
    return Prepared(plain, tuple(cuts), places)


_ALIKE: Final = str.maketrans(
    dict(zip(LOOKALIKES, PLAIN, strict=True))
    | {chr(ord(zero) + digit): str(digit) for zero in ZEROS for digit in range(10)}
)
_DRESSED: Final = re.compile(f"[{DRESSED}]")
_PUT_ON: Final = re.compile(f"[{MARKS}]")
#: What may hide an identifier from the eye or from the rules; spaces in a row do as well.
_DISGUISE: Final = re.compile(f"{INVISIBLE.pattern}|[{DRESSED}{MARKS}{''.join(map(chr, _ALIKE))}]")


def _undisguised(text: str) -> tuple[str, tuple[int, ...]]:
    """Take off what hides, and say where each character that is left stood."""
    if "  " not in text and not _DISGUISE.search(unusual(text)):
        return text, ()
    kept: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if INVISIBLE.match(sign):
            continue
        if _PUT_ON.match(sign):
            whole = unicodedata.normalize("NFC", kept[-1] + sign) if kept else sign
            if kept and len(whole) == 1:
                kept[-1] = whole
            continue
        plain = unicodedata.normalize("NFKC", sign) if _DRESSED.match(sign) else sign
        for character in plain.translate(_ALIKE):
            if character != " " or kept[-1:] != [" "]:  # the rules read one space between words
                kept.append(character)
                places.append(place)
    return "".join(kept), (*places, len(text))


# --- the search


def find(text: str, lists: Names, allowed: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Find the identifiers of a text as written in YAML, in order.

    `allowed` are names that a review let through; forms are never let through.
    """
    return allowing(text, look(text, lists), allowed)


def allowing(text: str, findings: Iterable[Finding], allowed: Sequence[str]) -> tuple[Finding, ...]:
    """Leave out the names that stand inside an allowed one."""
    prepared = prepare(text)
    spans = [span for words in dict.fromkeys(allowed) for span in _occurrences(prepared, words)]
    return tuple(
        finding
        for finding in findings
        if finding.rule.severity == "error"
        or not any(start <= finding.start and finding.end <= end for start, end in spans)
    )


def _occurrences(prepared: Prepared, words: str) -> Iterator[tuple[int, int]]:
    """Yield where words stand whole in a text."""
    wanted = prepare(words).text.strip()
    start = prepared.text.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        around = prepared.text[max(0, start - 1) : start] + prepared.text[end : end + 1]
        if not _LETTER.search(around):
            yield prepared.given(start), _given_end(prepared, end)
        start = prepared.text.find(wanted, start + 1)


def look(text: str, lists: Names) -> tuple[Finding, ...]:
    """Find the identifiers of a text, allowed or not."""
    prepared = prepare(text)
    rough = _rough_words(prepared.text, lists)
    found = [
        *_forms(prepared.text, rough, lists),
        *_names(prepared.text, rough, lists),
    ]
    if not found:
        return ()
    kept: list[tuple[int, int, str]] = []
    for start, end, rule in sorted(found, key=lambda it: (_RANK[it[2]], it[0], -it[1])):
        if all(end <= other[0] or other[1] <= start for other in kept):
            kept.append((start, end, rule))
    return tuple(
        Finding(
            prepared.given(start), _given_end(prepared, end), RULE[rule], prepared.text[start:end]
        )
        for start, end, rule in sorted(kept)
    )


def _given_end(prepared: Prepared, end: int) -> int:
    return prepared.given(end - 1) + 1


Span = tuple[int, int, str]

_Form = tuple[Form, re.Pattern[str]]
_FORMS: Final[tuple[_Form, ...]] = tuple((form, re.compile(form.pattern)) for form in FORMS)
_NUMBERED: Final = tuple(it for it in _FORMS if it[0].digits)
_WORDED: Final = tuple(it for it in _FORMS if not it[0].digits)
_FORM_WORDS: Final = frozenset(word for form in FORMS for word in form.words)
_DIGIT: Final = re.compile("[0-9]")
_NO_DIGITS: Final = bytes({*range(256)} - {*b"0123456789"})
_LETTER: Final = re.compile(f"[{LETTER}]")


def _forms(text: str, rough: frozenset[str], lists: Names) -> Iterator[Span]:
    """Yield what is known by its form; a pattern reads one paragraph at a time."""
    for form, pattern, start, part in _likely(text, rough):
        for match in pattern.finditer(part):
            if not form.control or _CONTROLS[form.control](match, lists):
                yield start + match.start(), start + match.end(), form.rule


def _likely(text: str, rough: frozenset[str]) -> Iterator[tuple[Form, re.Pattern[str], int, str]]:
    """Yield the forms worth trying, each with a paragraph and where that starts.

    It has what the form cannot do without; `rough` are the words around it.
    """
    for form, pattern in _WORDED:
        signs = (*form.hints, *rough.intersection(form.words))
        for start, part in dict(_having(text, signs)).items():
            yield form, pattern, start, part
    for start, part, digits in _numbered(text):
        for form, pattern in _NUMBERED:
            if digits >= form.digits and _hinted(form, part, rough):
                yield form, pattern, start, part


def _hinted(form: Form, text: str, rough: frozenset[str]) -> bool:
    """Tell whether a paragraph has one of the signs that a form asks for, if it asks for any."""
    signs = (*form.hints, *rough.intersection(form.words))
    return any(map(text.__contains__, signs)) or not (form.hints or form.words)


def _numbered(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield where each paragraph with digits starts, what it says, and how many it has."""
    if not any(map(text.__contains__, "0123456789")):
        return
    start = 0
    for part in text.split("\n"):
        if digits := len(part.encode("utf-8", "surrogatepass").translate(None, _NO_DIGITS)):
            yield start, part, digits
        start += len(part) + 1


def _having(text: str, signs: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield where each paragraph with one of the signs starts, and what it says."""
    for sign in signs:
        place = text.find(sign)
        while place >= 0:
            start = text.rfind("\n", 0, place) + 1
            end = text.find("\n", place)
            yield start, text[start : end if end >= 0 else None]
            place = text.find(sign, end) if end >= 0 else -1


def _luhn(match: re.Match[str], lists: Names) -> bool:
    """Tell whether the digits of a match end with their control digit."""
    total = 0
    for rank, digit in enumerate(reversed(_DIGIT.findall(match.group()))):
        value = int(digit) * (1 + rank % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _person(match: re.Match[str], lists: Names) -> bool:
    """Tell whether the last group is somebody's name."""
    return fold(match.group(1)) in lists.titled


_CONTROLS: Final[Mapping[str, Callable[[re.Match[str], Names], bool]]] = {
    "luhn": _luhn,
    "person": _person,
}

_WORD: Final = re.compile(WORD)
_NEXT: Final = re.compile(f" ({WORD})")
_LONG_NEXT: Final = re.compile(f"{LONG_JOIN}({WORD})")
_SMALL_WORD: Final = re.compile(SMALL_WORD)
_VERB: Final = re.compile(VERB)
_WORD_BEFORE: Final = re.compile(
    f"([{LETTER}]+)\\.? (?:de la |de l'|des |du |de |d'|à la |à l'|la |le |les |l')?$"
)
_ABBREVIATION: Final = re.compile("(?:^|[ '(])(?:[bB]oul|[aA]ve?|[cC]h|[sS]te?|[aA]p[pt])\\. $")
_OPENING: Final = ' «"“(—-*'
_STOPS: Final = ".!?…:;\n)"


def _names(text: str, rough: frozenset[str], lists: Names) -> Iterator[Span]:
    """Yield names of persons, places and organisations, and unknown words with a capital."""
    end = 0
    for match in _WORD.finditer(text):
        start = match.start()
        if start >= end and not (lists.names_nobody(match.group()) and _begins(text, start)):
            span = _name(text, match, lists)
            if span:
                end = span[1]
                yield span
    if not lists.spellings.isdisjoint(rough):
        for match in _SMALL_WORD.finditer(text):
            word = fold(match.group())
            if word in lists.small:
                rule = "lieu" if word in lists.places else "nom-de-personne"
                yield match.start(), match.end(), rule


_CUTS: Final = ".,!?…:;'\"()«»—"


def _rough_words(text: str, lists: Names) -> frozenset[str]:
    """Give the words of a text that a rule asks for, cut at what is quick to cut at."""
    for mark in _CUTS:
        text = text.replace(mark, " ")
    words = text.split()
    return lists.asked.intersection(words)


def _name(text: str, match: re.Match[str], lists: Names) -> Span | None:
    """Give the name that begins with a capital, if it is one."""
    start, end, word = match.start(), match.end(), match.group()
    if len(word) == 1 or text[end : end + 1] == "'" or _is_sigle(word, lists):
        return None
    words = [fold(word)]
    if _begins(text, start) and not _known(text, end, words[0], lists):
        return None
    long = _leads(words[0], lists)
    following = (_LONG_NEXT if long else _NEXT).match(text, end)
    while following and len(words) < 6:
        words.append(fold(following.group(1)))
        end = following.end()
        following = (_LONG_NEXT if long else _NEXT).match(text, end)
    if _permitted(text, start, end, words, lists):
        return None
    return start, end, _kind(text, start, words, fold(text[start:end]), lists)


def _is_sigle(word: str, lists: Names) -> bool:
    """Tell whether a word in capitals is an acronym or a shout: no list has it as a name."""
    if word != word.upper():
        return False
    folded = fold(word)
    return folded not in lists.organisations and (
        folded not in lists.persons or folded in lists.also_words
    )


def _begins(text: str, start: int) -> bool:
    """Tell whether a word begins a sentence, a line of speech or a quotation."""
    place = start
    opened = False
    while place and text[place - 1] in _OPENING:
        place -= 1
        opened = opened or text[place] not in " ("
    if opened or not place:
        return True
    if text[place - 1] == "»":
        return text[:place].rstrip(" »")[-1:] in _ENDED
    return text[place - 1] in _STOPS and not _ABBREVIATION.search(text[max(0, start - 7) : start])


_ENDED: Final = frozenset(".!?…")


def _known(text: str, end: int, word: str, lists: Names) -> bool:
    """Tell whether a word that begins a sentence is a name all the same."""
    listed = _listed(word, lists)
    if listed and word not in lists.also_words:
        return True
    following = _LONG_NEXT.match(text, end)
    if following and _leads(word, lists):
        return True
    if following and listed and text[end + 1] == following.group(1)[0]:
        return True
    if not listed and _is_subject(word, lists):
        return False
    return bool(_VERB.match(text, end))


def _names_nobody(lists: Names, word: str) -> bool:
    """Tell whether a word that begins a sentence is no name, whatever follows: `_known` agrees."""
    word = fold(word)
    return not (_leads(word, lists) or _listed(word, lists)) and _is_subject(word, lists)


def _leads(word: str, lists: Names) -> bool:
    """Tell whether a name of an organisation or a place begins with a word."""
    return word in lists.organisation_words or word in lists.place_words


def _listed(word: str, lists: Names) -> bool:
    """Tell whether a word is a name by itself."""
    return word in lists.places or word in lists.organisations or _person_word(word, lists)


def _is_subject(word: str, lists: Names) -> bool:
    """Tell whether a verb may follow a word that is no name."""
    return not lists.subjects or word in lists.subjects or bool(_NO_SUBJECT.search(word))


#: An infinitive, or a word and its pronoun, begins a sentence without being a name.
_NO_SUBJECT: Final = re.compile("(?:er|ir|re)$|-")


def _person_word(word: str, lists: Names) -> bool:
    """Tell whether a word, or each part of a double one, is somebody's name."""
    persons = lists.persons
    return word in persons or ("-" in word and all(part in persons for part in word.split("-")))


_SAINT: Final = re.compile("^(?:saint|sainte|st|ste|notre-dame)-")


def _permitted(text: str, start: int, end: int, words: Sequence[str], lists: Names) -> bool:
    """Tell whether a name is one of those that name nobody, alone or in an expression."""
    if all(word in lists.permitted or len(word) == 1 for word in words):
        return True
    around = fold(text[max(0, start - 24) : end + 48])
    place = len(fold(text[max(0, start - 24) : start]))
    length = len(fold(text[start:end]))
    first = (  # an expression that covers the name starts no earlier than this
        around.find(expression, max(0, place + length - len(expression)))
        for expression in lists.expressions
    )
    return any(0 <= found <= place for found in first)


def _kind(text: str, start: int, words: Sequence[str], whole: str, lists: Names) -> str:
    """Say what a name most likely names."""
    before = _WORD_BEFORE.search(text[max(0, start - 40) : start])
    lead = fold(before.group(1)) if before else ""
    if whole in lists.organisations or words[0] in lists.organisation_words:
        return "organisme"
    if whole in lists.places:
        return "lieu"
    if lead in lists.place_words or words[0] in lists.place_words:
        return "lieu"
    if any(_person_word(word, lists) for word in words):
        return "nom-de-personne"
    if lead in lists.organisation_words or any(word in lists.organisations for word in words):
        return "organisme"
    if any(word in lists.places or _SAINT.match(word) for word in words) or words[0] == "quebec":
        return "lieu"
    return "nom-propre"


def script(lists: Names) -> str:
    """Write the rules and the lists for `privacy.js`."""
    data = {
        "rules": [rule._asdict() for rule in RULES],
        "forms": [form._asdict() for form in FORMS],
        "patterns": {
            "letter": f"[{LETTER}]",
            "word": WORD,
            "next": _NEXT.pattern,
            "longNext": _LONG_NEXT.pattern,
            "smallWord": SMALL_WORD,
            "verb": VERB,
            "wordBefore": _WORD_BEFORE.pattern,
            "abbreviation": _ABBREVIATION.pattern,
            "saint": _SAINT.pattern,
            "noSubject": _NO_SUBJECT.pattern,
            "invisible": INVISIBLE.pattern,
            "dressed": _DRESSED.pattern,
            "putOn": _PUT_ON.pattern,
            "disguise": _DISGUISE.pattern,
        },
        "alike": [LOOKALIKES, PLAIN, ZEROS],
        "names": {
            name: sorted(getattr(lists, name))
            for name in Names.__dataclass_fields__
            if name != "small"
        },
    }
    return f"globalThis.PrivacyRules = {json.dumps(data, ensure_ascii=False)};\n"
