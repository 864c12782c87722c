"""Writes inputs that look like ours: entries made from the models' schemas, then damaged.

An input for a target that reads files is a text of parts, each after a line `=== name`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from typing import Any, Final, NamedTuple

from builder.model import FOLDERS, MODELS, SINGLE_FILES, Entry
from builder.schemas import Schema, shape


class Part(NamedTuple):
    """One file of an input."""

    name: str
    content: bytes


_MARK: Final = b"=== "


def parts(data: bytes) -> list[Part]:
    """Cut an input into its files; what stands before the first line `=== ` has no name."""
    found: list[tuple[bytes, list[bytes]]] = [(b"", [])]
    for line in data.splitlines(keepends=True) if _MARK in data else [data]:
        if line.startswith(_MARK):
            found.append((line[len(_MARK) :].strip(b"\r\n"), []))
        else:
            found[-1][1].append(line)
    return [
        Part(name.decode("utf-8", "surrogateescape"), b"".join(lines))
        for name, lines in found
        if name or lines
    ]


def joined(files: Iterable[Part]) -> bytes:
    """Make an input of files."""
    return b"".join(
        _MARK + _bytes(name) + b"\n" + content + (b"" if content.endswith(b"\n") else b"\n")
        for name, content in files
    )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


FILES: Final[tuple[tuple[str, type[Entry]], ...]] = (
    *((f"{FOLDERS[kind]}/x.yaml", model) for kind, model in MODELS.items()),
    *SINGLE_FILES.items(),
)

#: What a reader of YAML, of our marks or of a date trips over.
TOKENS: Final = (
    "- ", "? ", ": ", "#", " #", "&a ", "*a", "!!str ", "!!python/object:os.system ", "!<x> ", "|",
    "|2+", ">-", ">1", "---\n", "...\n", "%YAML 1.1\n", "%TAG ! x\n", "<<: *a\n", "{", "}", "[",
    "]", "{a: ", ", ", "'", '"', '"\\x00"', '"\\ud800"', '"\\u2028"', '"\\U0001F3E0"', '"\\uFEFF"',
    "\\", "\t", "\r", "\r\n", "\n", "\n\n", "  ", "\n  ", "\x00", "\x07", "\x1b[31m", "\x85",
    "\u00a0", "\u00ad", "\u0301", "\u2007", "\u200b", "\u200d", "\u2028", "\u2029", "\u202e",
    "\u2066", "\u202f", "\ufeff", "\ufffe", "\U0001f3e0", "\U000e0001", "ﬁ", "İ", "ß", "œ", "é",
    "null", "~", "true", "yes", "on", "1e999999", ".inf", ".nan", "0x1F", "0o17", "1_000", "12:30",
    "2024-02-30", "2024-01-31", "20240131", "1700006400", "9" * 30, "-1", "5.0", "con", "../x",
    "/etc/passwd", "a" * 300, "«", "»", "“", "’", "[a](b)", "[a](", "](", "](a, b)", "[a]()",
    "[[a](b)](c)", "<script>", "{{ x }}", "{% x %}", "&amp;", "javascript:x", "http://a.ca/", "M. ",
    "Mme Tremblay", "514 555-1234", "H2X 1Y4", "12, rue de la Paix", "le 3 mai", "@", "id: x\n",
    "former_names: [a]\n", "story: |\n", "title: >-\n",
)  # fmt: skip

#: Tokens as bytes, and bytes that are no text.
DAMAGE: Final = (
    *map(_bytes, TOKENS),
    b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b"\xe9", b"\x92", b"\x80",
)  # fmt: skip

WORDS: Final = (
    "la porte", "elle a dit : « non »", "j'ai frappé deux coups", "un mardi de mars", "M. X",
    "le voisin", "x", "frapper-deux-coups", "Montréal", "#1", "- rien", "l'été", "12 h 30",
)  # fmt: skip
IDS: Final = ("x", "frapper-deux-coups", "le-voisinage", "source", "la-porte", "ne-repond-plus")


def entry(chance: Random, model: type[Entry]) -> str:
    """Write an entry of a model, mostly right."""
    return "\n".join(_lines(_data(chance, shape(model)), 0, chance)) + "\n"


def folder(chance: Random) -> bytes:
    """Write an input of one to three files of any kind."""
    files = []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        name, model = chance.choice(FILES)
        if not chance.randrange(20):
            name = name.replace(
                "x", chance.choice(("con", "A", "é", "x.y", "-", "\u202e", "a" * 130))
            )
        files.append(Part(name, _bytes(entry(chance, model))))
    return joined(files)


def _data(chance: Random, schema: Schema) -> Any:
    """Make data of a schema: what it asks for nine times in ten."""
    if not chance.randrange(60):
        return chance.choice((None, [], {}, [[]], {"a": {"b": []}}, chance.choice(TOKENS)))
    if "properties" in schema:
        return {
            (chance.choice(TOKENS) if not chance.randrange(150) else name): _data(chance, field)
            for name, field in schema["properties"].items()
            if (name in schema["required"]) != (not chance.randrange(12))
        }
    if schema.get("type") == "array":
        least = schema.get("minItems", 0)
        size = chance.randint(least, max(least, 3)) if chance.randrange(20) else chance.randrange(9)
        return [_data(chance, schema["items"]) for _ in range(size)]
    if schema.get("type") == "object":
        of = schema["additionalProperties"]
        return {chance.choice(IDS): _data(chance, of) for _ in range(chance.randrange(3))}
    if "enum" in schema:
        return chance.choice(schema["enum"])
    if "$ref" in schema or "pattern" in schema:
        return chance.choice(IDS)
    kind = "date" if schema.get("format") == "date" else schema.get("type")
    return _SCALARS.get(str(kind), text)(chance)


def text(chance: Random) -> str:
    """Write some words, a hostile token among them now and then."""
    words = [chance.choice(WORDS) for _ in range(chance.choice((1, 2, 3, 8)))]
    if not chance.randrange(4):
        words.insert(chance.randrange(len(words) + 1), chance.choice(TOKENS))
    if not chance.randrange(3):
        words.append(f"[{chance.choice(WORDS)}]({chance.choice(IDS)})")
    return chance.choice((" ", " ", "\n\n", "\n")).join(words)


def _number(chance: Random) -> Any:
    return chance.choice((1, 2, 7, 17, 60, 0, -1, 10**30, "1_0", "5.0", "1e3"))


def _date(chance: Random) -> str:
    return chance.choice(("2024-01-31", "2024-02-30", "1700006400", "2024-01-31T00:00", "0"))


_SCALARS: Final[dict[str, Callable[[Random], Any]]] = {
    "boolean": lambda chance: chance.choice(("true", "true", "false", "yes", "0", "t")),
    "integer": _number,
    "date": _date,
}


def _lines(value: Any, margin: int, chance: Random) -> Iterator[str]:
    """Yield the lines of data as YAML, in any of its styles."""
    pad = " " * margin
    if isinstance(value, dict) and value and chance.randrange(30):
        for key, item in value.items():
            yield from _under(f"{pad}{key}:", item, margin, chance)
    elif isinstance(value, list) and value and chance.randrange(30):
        for item in value:
            yield from _under(f"{pad}-", item, margin, chance)
    else:
        yield pad + _scalar(value, margin, chance)


def _under(opening: str, value: Any, margin: int, chance: Random) -> Iterator[str]:
    comment = "  # à côté" if not chance.randrange(40) else ""
    if isinstance(value, (dict, list)) and value:
        yield opening + comment
        yield from _lines(value, margin + 2, chance)
    else:
        yield f"{opening} {_scalar(value, margin + 2, chance)}{comment}"
    if not chance.randrange(60):
        yield " " * margin + "# une ligne"


def _scalar(value: Any, margin: int, chance: Random) -> str:
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    style = chance.randrange(8)
    pad = "\n" + " " * margin
    if style == 0:
        return json.dumps(value, ensure_ascii=chance.random() < 0.5)
    if style == 1:
        return "'" + value.replace("'", "''").replace("\n", pad) + "'"
    if style == 2 or (style < 6 and "\n" not in value and " " not in value):
        return value.replace("\n", pad)
    opening = chance.choice((">-", ">-", "|", "|-", ">+"))
    return opening + pad + value.replace("\n", pad)


def damaged(chance: Random, data: bytes, tokens: Sequence[bytes] = DAMAGE) -> bytes:
    """Damage an input in a few places, by bytes or by lines."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        data = chance.choice(_WAYS)(chance, data, tokens)
    return data


def _insert(chance: Random, data: bytes, tokens: Sequence[bytes]) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(tokens) * chance.choice((1, 1, 1, 3)) + data[place:]


def _overwrite(chance: Random, data: bytes, tokens: Sequence[bytes]) -> bytes:
    place, token = chance.randrange(len(data) + 1), chance.choice(tokens)
    return data[:place] + token + data[place + len(token) :]


def _cut(chance: Random, data: bytes, tokens: Sequence[bytes]) -> bytes:
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[min(end, start + chance.choice((1, 8, 200))) :]


def _repeat(chance: Random, data: bytes, tokens: Sequence[bytes]) -> bytes:
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.choice((1, 2, 5, 30, 200))]
    times = chance.choice((2, 2, 5, 30, 3000))
    return data[:start] + piece * min(times, 1 + 40_000 // (len(piece) or 1)) + data[start:]


def _lines_moved(chance: Random, data: bytes, tokens: Sequence[bytes]) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    line = chance.choice(lines)
    place = chance.randrange(len(lines))
    change = chance.randrange(4)
    if change == 0:
        lines.insert(place, line)
    elif change == 1:
        del lines[place]
    elif change == 2:
        lines[place] = b"  " + lines[place]
    else:
        lines[place] = lines[place].removeprefix(b"  ")
    return b"".join(lines)


_WAYS: Final = (_insert, _insert, _overwrite, _cut, _repeat, _lines_moved)
