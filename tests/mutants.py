"""Spoils the patterns of the anonymity check, one piece at a time: `python -m tests.mutants`.

mutmut changes what functions do; the rules of the check are data. Here each pattern loses an
alternative, a look around, an optional or a repeated part, an end of a range; each form loses a
hint, a word, or asks for one more digit. A mutant is killed when the golden cases, the sentences of
`golden/findings.txt` or the shapes of `privacy_shapes.yaml` no longer give what they gave. The
survivors are printed; `docs/mutation.md` says why they may live.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from builder import privacy
from builder.identifiers import FORMS, Form
from builder.privacy import Names, find, prepare
from tests.test_privacy import GOLDEN, SENTENCES, SHAPES, real_names

#: A group, a class, an escaped sign, a repetition, or a sign.
_TOKEN: Final = re.compile(
    r"\((?:\?(?:<[=!]|[:=!]))?|\)|\||\[(?:\\.|[^\]])+\]|\{\d+(?:,\d+)?\}|\\.|.", re.DOTALL
)
_LOOKS: Final = ("(?=", "(?!", "(?<=", "(?<!")
#: What a class is made of: ranges and signs.
_ELEMENT: Final = re.compile(r"[^\\]-[^\\]|\\.|.", re.DOTALL)


class Piece(NamedTuple):
    """Something that can be spoilt: where it stands, and what stands there instead."""

    start: int
    end: int
    instead: str


def pieces(pattern: str) -> Iterator[Piece]:
    """Yield every way to spoil a pattern."""
    opened: list[tuple[int, str, list[int]]] = []  # start, opening, places of its bars
    atom = 0  # where the last thing that can be repeated starts
    for token in _TOKEN.finditer(pattern):
        sign, start, end = token.group(), token.start(), token.end()
        if sign[0] == "(":
            opened.append((start, sign, [end]))
        elif sign == "|" and opened:
            opened[-1][2].append(end)
        elif sign == ")":
            atom, opening, bars = opened.pop()
            if opening in _LOOKS:
                yield Piece(atom, end, "")
            if len(bars) > 1:
                for first, last in zip(bars, [*bars[1:], end], strict=True):
                    yield Piece(first - (last == end), last - (last == end), "")
        elif sign == "?":
            yield Piece(start, end, "")
            yield Piece(atom, end, "")
        elif sign == "*":
            yield Piece(atom, end, "")
        elif sign[0] == "{":
            yield from _repetitions(start, sign)
        else:
            atom = start
            if sign[0] == "[" and sign.isascii():
                yield from _elements(start, sign)


def _repetitions(start: int, sign: str) -> Iterator[Piece]:
    """One more at least, one less at most."""
    least, most = re.fullmatch(r"\{(\d+)(?:,(\d+))?\}", sign).groups()  # type: ignore[union-attr]
    end = start + len(sign)
    if most is None:
        yield Piece(start, end, f"{{{int(least) + 1}}}")
    else:
        yield Piece(start, end, f"{{{int(least) + 1},{most}}}")
        yield Piece(start, end, f"{{{least},{int(most) - 1}}}")


def _elements(start: int, sign: str) -> Iterator[Piece]:
    """Leave out each range and each sign of a class that has several."""
    body = sign[2 if sign[1] == "^" else 1 : -1]
    found = list(_ELEMENT.finditer(body))
    for element in found if len(found) > 1 else ():
        first = start + len(sign) - 1 - len(body) + element.start()
        yield Piece(first, first + len(element.group()), "")


def spoilt(pattern: str) -> Iterator[tuple[str, str]]:
    """Yield each mutant of a pattern, and what it lost."""
    for start, end, instead in pieces(pattern):
        changed = pattern[:start] + instead + pattern[end:]
        lost = f"…{pattern[max(0, start - 12) : start]}⟦{pattern[start:end]}⟧{instead}"
        try:
            re.compile(changed)
        except re.error:
            continue
        yield changed, lost


def forms(form: Form) -> Iterator[tuple[Form, str]]:
    """Yield each mutant of a form, and what it lost."""
    for pattern, lost in spoilt(form.pattern):
        yield form._replace(pattern=pattern), lost
    yield form._replace(digits=form.digits + 1), f"digits {form.digits}"
    for name in ("hints", "words"):
        given: Sequence[str] = getattr(form, name)
        for index, sign in enumerate(given):
            yield form._replace(**{name: (*given[:index], *given[index + 1 :])}), f"{name} {sign}"


class Bench(NamedTuple):
    """The texts that judge, and what was found in them."""

    names: Names
    asked: tuple[tuple[str, Sequence[str]], ...]
    found: tuple[tuple[privacy.Finding, ...], ...]

    def kills(self, places: Sequence[int]) -> bool:
        """Tell whether a text at one of these places no longer gives what it gave."""
        return any(
            find(self.asked[place][0], self.names, self.asked[place][1]) != self.found[place]
            for place in places
        )


def bench(names: Names) -> Bench:
    """Ask every text of the tests that look at each finding."""
    asked = (
        *((case["text"], case.get("allowed", ())) for case in GOLDEN),
        *((sentence["text"], ()) for sentence in SENTENCES["privacy_cases"]),
        *((sentence.replace("…", shape.strip()), ()) for _, sentence, shape in SHAPES),
    )
    return Bench(names, asked, tuple(find(text, names, allowed) for text, allowed in asked))


def _set_forms(forms: Sequence[Form]) -> None:
    compiled = tuple((form, re.compile(form.pattern)) for form in forms)
    privacy._FORMS = compiled  # type: ignore[misc]
    privacy._WORDED = tuple(pair for pair in compiled if not pair[0].digits)  # type: ignore[misc]


def form_survivors(judge: Bench, number: int) -> Iterator[tuple[bool, str]]:
    """Tell of each mutant of a form whether it survives, and what it lost."""
    form = FORMS[number]
    texts = [prepare(text).text.split("\n") for text, _ in judge.asked]
    whole = [[_spans(form.pattern, part) for part in parts] for parts in texts]
    for mutant, lost in forms(form):
        if mutant.pattern == form.pattern:
            places: Sequence[int] = range(len(texts))
        else:
            places = [
                place
                for place, parts in enumerate(texts)
                if [_spans(mutant.pattern, part) for part in parts] != whole[place]
            ]
        _set_forms([*FORMS[:number], mutant, *FORMS[number + 1 :]])
        yield not judge.kills(places), lost
    _set_forms(FORMS)


def _spans(pattern: str, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.compile(pattern).finditer(text)]


def other_survivors(judge: Bench, name: str) -> Iterator[tuple[bool, str]]:
    """Do the same for a pattern of `privacy` that is no form."""
    pattern: re.Pattern[str] = getattr(privacy, name)
    everywhere = range(len(judge.asked))
    for changed, lost in spoilt(pattern.pattern):
        setattr(privacy, name, re.compile(changed))
        yield not judge.kills(everywhere), lost
    setattr(privacy, name, pattern)


#: Patterns of `privacy` that read names, and texts.
OTHERS: Final = (
    *("_WORD", "_NEXT", "_LONG_NEXT", "_SMALL_WORD", "_VERB", "_WORD_BEFORE", "_ABBREVIATION"),
    *("_NO_SUBJECT", "_SAINT", "_MARK", "_BREAK"),
)


def main() -> None:
    """Print the survivors, then the count of each rule."""
    with TemporaryDirectory() as aside:
        judge = bench(real_names(Path(aside)))
    tried: Counter[str] = Counter()
    lived: Counter[str] = Counter()
    jobs = [(FORMS[number].rule, form_survivors(judge, number)) for number in range(len(FORMS))]
    jobs += [(name, other_survivors(judge, name)) for name in OTHERS]
    for number, (name, mutants) in enumerate(jobs):
        for survives, lost in mutants:
            tried[name] += 1
            if survives:
                lived[name] += 1
                print(f"{number:2} {name}: {lost}")
    for name, count in tried.items():
        print(f"{name}: {count} mutants, {count - lived[name]} killed, {lived[name]} alive")
    print(f"{tried.total()} mutants, {lived.total()} alive")


if __name__ == "__main__":
    main()
