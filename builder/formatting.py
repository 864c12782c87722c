"""Writes an entry's YAML in the one canonical way; what is written means what was read.

The canon, which the form in the browser follows too (`theme/assets/yaml.js`):

- Keys go in the order of the model, `former_names` last; ids that are keys (`readings`,
  `contrasts`) and list items keep their own order. A field that holds nothing is left out.
- Two spaces a level; a list is indented under its key, an item's keys are aligned after its dash.
  No blank line outside texts, one line feed at the end of the file.
- A word (an id, a choice, a year, an address) follows its key. It stands as it is when it begins
  with `a-z`, goes on with `a-z`, `0-9`, `-` and `_`, and is not `true`, `false`, `null`, `yes`,
  `no`, `on`, `off`, `y` or `n`; otherwise it is quoted as JSON quotes it. Numbers, dates, `true`
  and `false` stand as they are.
- A text is cut into words at spaces, tabs and line ends (no-break spaces are part of a word), and
  into paragraphs at blank lines. One paragraph follows `>-`; several follow `|`, a blank line
  between them.
- Lines are filled with as many words as fit in 98 characters, indentation included (characters
  are Unicode code points). A line is not broken after « nor before » : ; ! ?, nor inside the
  parentheses of a mark. What cannot be broken may exceed 98.
- `former_names` and `cited_by` are lists of words in brackets, on the line of their key. In the
  vocabulary, each item of `synonyms` and `spellings` stands in brackets, on the line of its dash.
- A comment stands on its own line, before the key or item that it was before or beside; one that
  ended a list or group deeper than what follows stays at its end.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path as FilePath
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple

import yaml

from builder import durable
from builder.model import FOLDERS, MODELS, SINGLE_FILES, Entry, Path
from builder.parsing import Source, parse
from builder.problems import Problem
from builder.reading import content_of
from builder.schemas import Schema, shape
from builder.validation import validate

WIDTH: Final = 98

#: How a value is written: "text", "word", "words" (a list in brackets), "plain" (number, date),
#: "line" (an item of the vocabulary), or for what has parts a list of one layout, a mapping of
#: layouts by key; the key "*" stands for any id. It is JSON, and drives the browser's writer too.
Layout = str | list[Any] | dict[str, Any]

_WORDS: Final = ("year",)
_IN_BRACKETS: Final = ("former_names", "cited_by")
_ON_ONE_LINE: Final = ("synonyms", "spellings")

_BARE: Final = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z][a-z0-9_-]*")
_BARE_IN_BRACKETS: Final = re.compile(
    r"(?!(?:true|false|null|yes|no|on|off|y|n)$)(?=.*[^\W\d_])(?!\d+e\d+$|0[xo])"
    r"\w(?:[^,\[\]{}#:\"\\\t-\r]*[^,\[\]{}#:\"\\\s])?",
    re.IGNORECASE,
)
_SPACES: Final = re.compile("[ \t\n\v\f\r\x85\u2028\u2029]+")
_BLANK_LINE: Final = re.compile("\n[ \t\v\f\r\x85\u2028\u2029]*\n")
_TOGETHER: Final = re.compile(r"(?<=«) | (?=[»:;!?])")
_TARGET: Final = re.compile(r"\]\([^()]*\)")
_COMMENT: Final = re.compile(r"#[^\n]*")


class LossyError(Exception):
    """Writing a file anew would have changed what it says: it is left as it is."""


@cache
def layout(model: type[Entry]) -> Layout:
    """Tell how each field of a model is written, in order."""
    return _layout(shape(model), "")


def _layout(schema: Schema, name: str) -> Layout:
    if "properties" in schema:
        return {key: _layout(value, key) for key, value in schema["properties"].items()}
    if name in _IN_BRACKETS:
        return "words"
    if schema.get("type") == "array":
        return ["line"] if name in _ON_ONE_LINE else [_layout(schema["items"], name)]
    if schema.get("type") == "object":
        return {"*": _layout(schema["additionalProperties"], name)}
    if schema.get("type") in ("integer", "boolean") or "format" in schema:
        return "plain"
    is_word = "$ref" in schema or "enum" in schema or "pattern" in schema or name in _WORDS
    return "word" if is_word else "text"


def model_of(name: str) -> type[Entry]:
    """Give the model of a content file, by its path from the root."""
    folder = PurePosixPath(name).parent.as_posix()
    kinds = {folder: kind for kind, folder in FOLDERS.items()}
    return SINGLE_FILES[name] if name in SINGLE_FILES else MODELS[kinds[folder]]


def canonical(source: Source, data: Mapping[str, Any]) -> str:
    """Write anew a file that was read without fault. Raises LossyError rather than lose a word."""
    laid_out = layout(model_of(source.file))
    comments = tuple(_comments(source.text))
    text = write(data, laid_out, _attach(comments, source, data, laid_out))
    again, read, faults = parse(source.file, text.encode())
    kept = again and sorted(words for *_, words in _comments(again.text))
    if faults or meaning(read) != meaning(data) or kept != sorted(it[-1] for it in comments):
        raise LossyError(source.file)
    return text


class Reformatted(NamedTuple):
    """The files that changed, or would have, and what was wrong with those left alone."""

    changed: tuple[str, ...]
    problems: tuple[Problem, ...]


def reformat(root: FilePath, names: Iterable[str], *, write: bool) -> Reformatted:
    """Write files of the guide anew; `write` False only tells which would change."""
    changed, problems = [], []
    for name in names:
        content, unread = content_of(name, root / name)
        if content is None:
            problems += unread
            continue
        source, data, faults = parse(name, content)
        if source and data:
            faults += validate(model_of(name), PurePosixPath(name).stem, data, source)[1]
        if faults or not source or not data:
            problems += faults
            continue
        text = canonical(source, data)
        if text.encode() != content:
            changed.append(name)
            if write:
                durable.write(root / name, text.encode())
    return Reformatted(tuple(changed), tuple(problems))


def meaning(value: Any) -> Any:
    """Give what is the same before and after: words and paragraphs, whatever their lines."""
    if isinstance(value, Mapping):
        found = {key: meaning(item) for key, item in value.items()}
        return {key: item for key, item in found.items() if item}
    if isinstance(value, list):
        return [item for item in map(meaning, value) if item]
    return paragraphs("" if value is None else str(value))


@dataclass(frozen=True)
class Comments:
    """Comments by the place that they stand before, or after: () is the whole file."""

    before: Mapping[Path, list[str]] = field(default_factory=dict)
    after: Mapping[Path, list[str]] = field(default_factory=dict)


def write(data: Mapping[str, Any], laid_out: Layout, comments: Comments | None = None) -> str:
    """Write plain data (strings, numbers, lists, mappings) as canonical YAML."""
    noted = comments or Comments()
    lines = [
        *noted.before.get((), ()),
        *_lines(data, laid_out, (), 0, noted),
        *noted.after.get((), ()),
    ]
    return "\n".join(lines) + "\n"


def _lines(
    value: Any, laid_out: Layout, path: Path, margin: int, comments: Comments
) -> Iterator[str]:
    """Yield the lines of a list or mapping that begins at `margin`."""
    pad = " " * margin
    for place, opening, item, of in _parts(value, laid_out, path):
        yield from (pad + words for words in comments.before.get(place, ()))
        yield from _part(opening, item, of, place, margin, comments)
        yield from (pad + words for words in comments.after.get(place, ()))


def _parts(value: Any, laid_out: Layout, path: Path) -> Iterator[tuple[Path, str, Any, Layout]]:
    """Yield each part that holds something: its place, its dash or key, its value and layout."""
    parts: Iterable[tuple[str | int, str, Any, Layout]]
    if isinstance(laid_out, list):
        parts = ((number, "-", item, laid_out[0]) for number, item in enumerate(value))
    else:
        assert isinstance(laid_out, dict)
        any_id = laid_out.get("*")
        keys = value if any_id else laid_out
        parts = ((key, f"{_word(key)}:", value.get(key), any_id or laid_out[key]) for key in keys)
    for key, opening, item, of in parts:
        if meaning(item):
            yield (*path, key), opening, item, of


def _part(
    opening: str, value: Any, laid_out: Layout, place: Path, margin: int, comments: Comments
) -> Iterator[str]:
    """Yield the lines of one part: a short value beside its dash or key, what is longer below."""
    pad = " " * margin
    if laid_out == "text":
        yield from _text(pad + opening, value, margin + 2)
    elif isinstance(laid_out, str):
        yield f"{pad}{opening} {_SHORT[laid_out](value)}"
    elif opening == "-":
        yield from _item(_lines(value, laid_out, place, margin + 2, comments), pad)
    else:
        yield pad + opening
        yield from _lines(value, laid_out, place, margin + 2, comments)


def _item(lines: Iterable[str], pad: str) -> Iterator[str]:
    """Put a dash before the first line that is no comment."""
    dashed = False
    for line in lines:
        if dashed:
            yield line
        elif line.lstrip().startswith("#"):
            yield pad + line.lstrip()
        else:
            dashed = True
            yield f"{pad}- {line.lstrip()}"


def _text(opening: str, value: str, margin: int) -> Iterator[str]:
    """Yield a text as a block, its lines filled."""
    pad = " " * margin
    cut = paragraphs(value)
    yield f"{opening} {'>-' if len(cut) == 1 else '|'}"
    for number, words in enumerate(cut):
        if number:
            yield ""
        yield from (pad + line for line in _filled(words, WIDTH - margin))


def paragraphs(text: str) -> list[list[str]]:
    """Cut a text into paragraphs of words."""
    cut = (_SPACES.sub(" ", part).strip(" ") for part in _BLANK_LINE.split(text))
    return [part.split(" ") for part in cut if part]


def _filled(words: list[str], width: int) -> Iterator[str]:
    """Yield lines that hold as many words as fit."""
    glued = _TOGETHER.sub("\0", " ".join(words))
    glued = _TARGET.sub(lambda found: found.group().replace(" ", "\0"), glued)
    line = ""
    for run in glued.split(" "):
        if line and len(line) + 1 + len(run) > width:
            yield line.replace("\0", " ")
            line = run
        else:
            line = f"{line} {run}" if line else run
    yield line.replace("\0", " ")


def _word(value: Any) -> str:
    """Write a word bare, or as JSON quotes it."""
    word = str(value)
    return word if _BARE.fullmatch(word) else json.dumps(word, ensure_ascii=False)


def _plain(value: Any) -> str:
    """Write a number, a date or a truth as YAML has it."""
    return value.strip() if isinstance(value, str) else json.dumps(value)


def _list(words: Iterable[Any]) -> str:
    """Write a list of words in brackets."""
    return "[" + ", ".join(map(_word, words)) + "]"


def _line(value: Any) -> str:
    """Write a list or mapping of words in brackets."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_in_brackets(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(_in_brackets, value)) + "]"


def _in_brackets(value: Any) -> str:
    word = str(value)
    return word if _BARE_IN_BRACKETS.fullmatch(word) else json.dumps(word, ensure_ascii=False)


_SHORT: Final[Mapping[str, Callable[[Any], str]]] = {
    "word": _word,
    "words": _list,
    "plain": _plain,
    "line": _line,
}


class _Comment(NamedTuple):
    """A comment: line and column from 1, whether it has its line for itself, what it says."""

    line: int
    column: int
    alone: bool
    words: str


def _comments(text: str) -> Iterator[_Comment]:
    """Yield the comments of a YAML text that can be read: what stands between its tokens."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    for start, end in _between_tokens(text):
        for found in _COMMENT.finditer(text, start, end):
            line = bisect_right(starts, found.start())
            before = text[starts[line - 1] : found.start()]
            yield _Comment(line, len(before) + 1, not before.strip(), found.group().rstrip())


def _between_tokens(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a YAML text may have comments: between tokens, and beside « >- » or « | »."""
    end = 0
    for token in yaml.scan(text, Loader=yaml.CBaseLoader):
        start = token.start_mark.index
        yield end, start
        end = token.end_mark.index
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            header = text.find("\n", start)
            yield start, len(text) if header < 0 else header
    yield end, len(text)


class _Node(NamedTuple):
    """Where a key or a list item begins; the column is that of its dash."""

    line: int
    column: int
    path: Path


def _attach(
    comments: Iterable[_Comment], source: Source, data: Mapping[str, Any], laid_out: Layout
) -> Comments:
    """Give each comment its place in what will be written."""
    nodes = _nodes(source, data, laid_out)
    outer = _outer(nodes)
    before: dict[Path, list[str]] = {}
    after: dict[Path, list[str]] = {}
    for comment in comments:
        where, path = _place(comment, nodes, outer)
        (before if where == "before" else after).setdefault(path, []).append(comment.words)
    return Comments(before, after)


def _nodes(source: Source, data: Mapping[str, Any], laid_out: Layout) -> list[_Node]:
    """List the keys and items that will be written on lines of their own, in the file's order."""
    nodes = []
    for path in _paths(data, laid_out, ()):
        line, column = source.key_positions.get(path) or source.positions[path]
        if isinstance(path[-1], int):
            column = source.lines[line - 1].rfind("-", 0, column - 1) + 1
        nodes.append(_Node(line, column, path))
    return sorted(nodes, key=lambda node: node[:2])


def _paths(value: Any, laid_out: Layout, path: Path) -> Iterator[Path]:
    for place, _, item, of in _parts(value, laid_out, path):
        yield place
        if not isinstance(of, str):
            yield from _paths(item, of, place)


def _outer(nodes: list[_Node]) -> list[int]:
    """Give, for each node, the place of the last before it that begins further left, or -1."""
    found: list[int] = []
    for place, node in enumerate(nodes):
        before = place - 1
        while before >= 0 and nodes[before].column >= node.column:
            before = found[before]
        found.append(before)
    return found


def _place(comment: _Comment, nodes: list[_Node], outer: list[int]) -> tuple[str, Path]:
    """Say what a comment stands before or after."""
    coming = bisect_left(nodes, (comment.line, comment.column), key=lambda node: node[:2])
    if not coming:
        return "before", ()
    if not comment.alone:
        return "before", nodes[coming - 1].path
    if coming < len(nodes) and nodes[coming].column >= comment.column:
        return "before", nodes[coming].path
    holding = coming - 1
    while holding >= 0 and nodes[holding].column > comment.column:
        holding = outer[holding]
    return "after", nodes[holding].path if comment.column > 1 and holding >= 0 else ()
