"""Spoils the rules of the anonymity check, one piece at a time: `python -m tests.mutants`.

mutmut changes what functions do; `builder/identifiers.py` is data. Here a list loses a word, a
pattern an alternative, a look around, an optional or a repeated part, an element of a class or the
end of a range, and a form asks for one more digit. A mutant is killed when the golden cases, the
sentences of `golden/findings.txt` or the shapes of `privacy_shapes.yaml` no longer give what they
gave. The survivors are printed; `docs/mutation.md` says why they may live.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from builder import identifiers, privacy
from builder.identifiers import Form
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
        elif sign == ")" and opened:  # a part of a pattern may close what another opened
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
        elif sign[0] == "{" and end > start + 1:
            yield from _repetitions(start, sign)
        else:
            atom = start
            if sign[0] == "[" and end > start + 1 and sign.isascii():
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


class Mutant(NamedTuple):
    """The rules without a piece: the constant and the line where it was, what is lost."""

    constant: str
    line: int
    lost: str
    rules: Mapping[str, Any]


def mutants() -> Iterator[Mutant]:
    """Yield the module of rules, spoilt in every way."""
    tree = ast.parse(Path(identifiers.__file__).read_text("utf-8"))
    for statement in tree.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            for change in _changes(statement.value):
                change.spoil()
                try:
                    rules: dict[str, Any] = {"__name__": identifiers.__name__}
                    exec(compile(tree, identifiers.__file__, "exec"), rules)
                    for pattern in (*(form.pattern for form in rules["FORMS"]), *_others(rules)):
                        _compiled(pattern)
                    yield Mutant(statement.target.id, change.node.lineno, change.lost, rules)
                except re.error:
                    pass  # a pattern that cannot be read is no mutant
                finally:
                    change.mend()


class Change(NamedTuple):
    """A change of the tree: where, what is lost, how to make it and how to undo it."""

    node: ast.expr
    lost: str
    spoil: Callable[[], object]
    mend: Callable[[], object]


def _changes(value: ast.AST | None) -> Iterator[Change]:
    """Yield every change of an expression."""
    for node in _patterns(value):
        words = _words(node)
        for index, word in enumerate(words):
            mend = partial(words.insert, index, word)
            yield Change(word, ast.unparse(word), partial(words.pop, index), mend)
        if isinstance(node, ast.Constant):
            mend = partial(setattr, node, "value", node.value)
            for instead, lost in _instead(node.value):
                yield Change(node, lost, partial(setattr, node, "value", instead), mend)


def _words(node: ast.AST) -> list[ast.expr]:
    """Give the words of a list: those of a tuple, or of a call that matches any of them."""
    if isinstance(node, ast.Tuple):
        words = node.elts
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "_either":
        words = node.args
    else:
        return []
    listed = len(words) > 1 and all(isinstance(word, ast.Constant) for word in words)
    return words if listed else []  # one hint left out is none asked for: slower, no other


def _patterns(value: ast.AST | None) -> Iterator[ast.AST]:
    """Walk through an expression, but for the words that people read."""
    if value is None or (isinstance(value, ast.Call) and ast.unparse(value.func) == "Rule"):
        return
    yield value
    for child in ast.iter_child_nodes(value):
        yield from _patterns(child)


def _instead(given: object) -> Iterator[tuple[object, str]]:
    if isinstance(given, int):
        yield given + 1, f"{given}"
    elif isinstance(given, str):
        for start, end, instead in pieces(given):
            lost = f"{given[max(0, start - 12) : start]}⟦{given[start:end]}⟧{instead}"
            yield given[:start] + instead + given[end:], lost


class Judge(NamedTuple):
    """The texts that judge, and what is found in them."""

    names: Names
    asked: tuple[tuple[str, Sequence[str]], ...]
    parts: tuple[tuple[str, ...], ...]
    found: tuple[tuple[privacy.Finding, ...], ...]

    def kills(self, mutant: Mutant) -> bool:
        """Tell whether a text no longer gives what it gave."""
        places = set(self._places(mutant.rules))
        _use(mutant.rules)
        killed = any(
            find(self.asked[at][0], self.names, self.asked[at][1]) != self.found[at]
            for at in sorted(places)
        )
        _use(vars(identifiers))
        return killed

    def _places(self, rules: Mapping[str, Any]) -> Iterator[int]:
        """Yield the texts that may give something else: those where a changed form matches."""
        if any(rules[name] != getattr(identifiers, name) for name in OTHERS):
            yield from range(len(self.asked))
        for form, mutant in zip(identifiers.FORMS, rules["FORMS"], strict=True):
            if form != mutant:
                for at, parts in enumerate(self.parts):
                    before, after = (
                        [_spans(pattern, part) for part in parts]
                        for pattern in (form.pattern, mutant.pattern)
                    )
                    if before != after or (form.pattern == mutant.pattern and any(before)):
                        yield at


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _spans(pattern: str, text: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in _compiled(pattern).finditer(text))


#: What `privacy` reads names with.
OTHERS: Final = ("WORD", "SMALL_WORD", "LONG_JOIN", "VERB")


def _others(rules: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(rules[name] for name in OTHERS)


def _use(rules: Mapping[str, Any]) -> None:
    """Have the check follow these rules."""
    forms: tuple[Form, ...] = rules["FORMS"]
    compiled = tuple((form, _compiled(form.pattern)) for form in forms)
    for name, value in {
        "_FORMS": compiled,
        "_WORDED": tuple(pair for pair in compiled if not pair[0].digits),
        "_WORD": _compiled(rules["WORD"]),
        "_NEXT": _compiled(f" ({rules['WORD']})"),
        "_LONG_NEXT": _compiled(f"{rules['LONG_JOIN']}({rules['WORD']})"),
        "_SMALL_WORD": _compiled(rules["SMALL_WORD"]),
        "_VERB": _compiled(rules["VERB"]),
    }.items():
        assert hasattr(privacy, name)
        setattr(privacy, name, value)


def judge(names: Names) -> Judge:
    """Ask every text of the tests that look at each finding."""
    asked = (
        *((case["text"], case.get("allowed", ())) for case in GOLDEN),
        *((sentence["text"], ()) for sentence in SENTENCES["privacy_cases"]),
        *(
            (re.sub("[⟦⟧]", "", given.replace("…", shape.strip())), ())
            for _, given, shape in SHAPES
        ),
    )
    return Judge(
        names,
        asked,
        tuple(tuple(prepare(text).text.split("\n")) for text, _ in asked),
        tuple(find(text, names, allowed) for text, allowed in asked),
    )


def main() -> None:
    """Print the survivors, then the count of each constant."""
    with TemporaryDirectory() as aside:
        found = judge(real_names(Path(aside)))
    tried: Counter[str] = Counter()
    lived: Counter[str] = Counter()
    for mutant in mutants():
        tried[mutant.constant] += 1
        if not found.kills(mutant):
            lived[mutant.constant] += 1
            print(f"{mutant.line} {mutant.constant}: {mutant.lost}", flush=True)
    for name, count in tried.items():
        print(f"{name}: {count} mutants, {count - lived[name]} killed, {lived[name]} alive")
    print(f"{tried.total()} mutants, {tried.total() - lived.total()} killed, {lived.total()} alive")


if __name__ == "__main__":
    main()
