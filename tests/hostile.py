"""A guide in which every text is hostile, made from the models' own schemas.

A field added tomorrow is attacked too: nothing here names a field but those whose value must hold
with others (numbers, minutes, marks). The same guide in harmless words has the same shape: whatever
differs between the two sites is a text that was taken for something else.

Run as a program, it tries every payload in every field and says how many there were.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count, cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

from playwright.sync_api import Page, sync_playwright

from builder import privacy
from builder.guide import build
from builder.model import (
    ADDRESS_PATTERN,
    FOLDERS,
    MODELS,
    SINGLE_FILES,
    Entry,
    Kind,
    Reviewed,
)
from builder.schemas import Schema, shape
from tests.browser import OPTIONS, executable
from tests.conftest import ROOT

#: What a text may hold and a page, a sheet, a table or a deck must not take for anything else.
PAYLOADS: Final = (
    # HTML, SVG, MathML
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script href=//x.invalid/a.js /></svg>",
    '<math><mi href="javascript:alert(1)">x</math>',
    '<iframe srcdoc="&lt;script>alert(1)&lt;/script>">',
    "<base href=//x.invalid/>",
    '<meta http-equiv=refresh content="0;url=//x.invalid">',
    "<style>@import '//x.invalid/a.css';</style>",
    "<link rel=stylesheet href=//x.invalid/a.css>",
    "<object data=//x.invalid></object>",
    "<form action=//x.invalid><button>x</button>",
    "<a href=javascript:alert(1)>x</a>",
    "<details open ontoggle=alert(1)>",
    "<div style=background:url(//x.invalid)>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' x='",
    "</title><script>alert(1)</script>",
    "</textarea></script><script>alert(1)//",
    "</p></div></article></body>",
    "<!-- x",
    "--> x",
    "<![CDATA[ x",
    "]]><x>",
    "<?xml x ?>",
    '<!ENTITY x SYSTEM "file:///etc/passwd">&x;',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "&#x3c;svg onload=alert(1)&#x3e;",
    "&amp;lt;b&amp;gt;&nbsp;&Tab;&NewLine;",
    # Markdown and its extensions
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    '[x](//x.invalid "y")',
    "![x](//x.invalid/p.png)",
    "<javascript:alert(1)>",
    "[x][y] [y]: javascript:alert(1)",
    "[y]: javascript:alert(1)",
    "[^1]: x",
    "[^1]",
    "*[x]: y",
    "{: onclick=alert(1) .evil #evil }",
    '{ #contenu .evil onclick="alert(1)" }',
    "x {: style=color:red }",
    "# x",
    "x\n===",
    "- x",
    "1. x",
    "> x",
    "```\nalert(1)\n```",
    "    x",
    "***",
    "---\ntitle: x\n---",
    "| a | b |\n|---|---|\n| c | d |",
    "**a** _b_ ~~c~~ `d`",
    "\\* \\\\ \\[",
    "!!! note",
    "::: x",
    "[TOC]",
    "++a++ ^^b^^ ==c==",
    "$x$ $$y$$ \\(z\\)",
    '--8<-- "mkdocs.yml"',
    # Jinja
    "{{ 7*7 }}",
    "{% raw %}{{ config }}{% endraw %}",
    '{% include "base.html" %}',
    "{# x #}",
    # Typst
    '#read("/etc/passwd")',
    '#include "main.typ"',
    '#link("javascript:alert(1)")[x]',
    '#eval("1+1") $x^2$',
    "@label <label> = x",
    "*x* _y_ \\u{202e}",
    # JavaScript and JSON
    "';alert(1)//",
    '");alert(1)//',
    "`${alert(1)}`",
    "*/alert(1)/*",
    "\\u003cscript\\u003ealert(1)",
    "__proto__",
    "constructor",
    '"}],"__proto__":{"x":1}',
    '{"__proto__":{"x":1}}',
    # spreadsheets
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    '"=1+1"',
    "x;=1+1;x",
    "x\n=1+1",
    "'=1+1",
    '=HYPERLINK("//x.invalid";"x")',
    # Anki
    "{{c1::x}}",
    "[sound:x.mp3]",
    "[latex]x[/latex] [$]x[/$]",
    # YAML
    "- x: y",
    "!!python/object:os.system x",
    "&a *a",
    "%YAML 1.1",
    "x: # y",
    # addresses
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "../../../etc/passwd",
    "%2e%2e%2f%00",
    "//x.invalid/",
    "https://x.invalid/",
    "mailto:x@x.invalid",
)

#: What no file may hold: unseen, taken for something else, or known to no font.
REFUSED: Final = (
    *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"),
    *("\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2060", "\u2061", "\ufeff", "\u061c"),
    *("\u00ad", "\u034f", "\u115f", "\u180e", "\u2028", "\u2029", "\u206f", "\u2800", "\u3164"),
    *("\ufe0f", "\uffa0", "\ufff9", "\ufffd", "\ufffe", "\ufdd0", "\ue000", "\U000e0041"),
    *("\U000e0100", "\U000f0000", "\U0010ffff", "\U0001d173", "\x00", "\x07", "\x1b", "\x7f"),
    *("\x85", "\x9b", "\t", "\r"),
    *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x", "\uff11", "\uff1cscript\uff1e"),
    *("\u0430", "\u03bf", "\u0456", "\U0001d41a", "a\u0332", "\u0661", "\u4e00", "\U0001f600"),
)

#: Ids that are also names of an object's own things in JavaScript, and those that pages look for.
IDS: Final = ("constructor", "prototype", "hasownproperty", "tostring", "valueof", "watch")
NAMED: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.REFERENCE: ("clesenmain-synthese-2020", "boivin-dozo-2022"),
    Kind.CHAPTER: ("reseau-de-voisinage",),
}
#: The steps of a workshop that pages and sheets look for.
STEPS: Final = re.findall(
    r"^  - id: (.+)", (ROOT / "workshops/method.yaml").read_text("utf-8"), re.MULTILINE
)
LONG: Final = 1000
#: What stands on a card is on one line, and shorter than it might be: a card has little room.
ON_CARDS: Final = {
    "ingredient.short": 45,
    "ingredient.summary": 60,
    "ingredient.questions": 60,
    "theory.name": 40,
    "theory.authors": 30,
    "reference.short": 30,
}


class Fill(Protocol):
    """Writes a text of at most `limit` characters that has none of `without`, for a field."""

    def __call__(self, field: str, limit: int, without: str) -> str: ...


class Calm:
    """Fills fields with words that nothing could take for anything else, no two alike."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self, field: str, limit: int, without: str) -> str:
        number = next(self._numbers)
        letters = (chr(97 + number // 26**place % 26) for place in range(3))
        return f"mot {''.join(letters)}{' suite' * 4}"[:limit].strip()


class Attack:
    """Fills fields with payloads, each with those that follow the last one that it was given.

    `tried` are the pairs of a field and a payload; `refused` those that the checks do not let in,
    `too_long` those for which a field has no room.
    """

    def __init__(self) -> None:
        self.tried: set[tuple[str, str]] = set()
        self.refused: set[tuple[str, str]] = set()
        self.too_long: set[tuple[str, str]] = set()
        self._turns: dict[str, int] = {}

    def __call__(self, field: str, limit: int, without: str) -> str:
        turn = self._turns.get(field, sum(map(ord, field)))
        chosen: list[str] = []
        left = limit
        for _ in PAYLOADS:
            payload = PAYLOADS[turn % len(PAYLOADS)]
            if self._fits(field, payload, limit, without):
                if len(payload) > left:
                    break
                chosen.append(payload)
                self.tried.add((field, payload))
                left -= len(payload) + 1
            turn += 1
        self._turns[field] = turn
        return (" " if "\n" in without else "\n").join(chosen) or "nnn"

    def _fits(self, field: str, payload: str, limit: int, without: str) -> bool:
        place = (field, payload)
        if len(payload) > limit:
            self.too_long.add(place)
        elif set(without) & set(payload) or (_is_reviewed(field) and _identifies(payload)):
            self.refused.add(place)
        return place not in self.too_long | self.refused


def _is_reviewed(field: str) -> bool:
    """Tell whether the anonymity check reads the texts of a field."""
    model = MODELS.get(field.split(".")[0])  # type: ignore[call-overload]
    return field == "published.withdrawn.reason" or bool(model and issubclass(model, Reviewed))


def _identifies(payload: str) -> bool:
    """Tell whether the anonymity check refuses a payload."""
    found = privacy.look(payload, privacy.Names())
    return any(it.rule.severity == "error" for it in found)


# --- entries


class Ids:
    """Gives the ids of each kind in turn, so that a list never has the same one twice."""

    def __init__(self) -> None:
        self._turns = {kind.value: cycle(ids(kind)) for kind in Kind}

    def next(self, kind: str) -> str:
        return next(self._turns[kind])


def ids(kind: Kind) -> tuple[str, ...]:
    """Name the entries of a kind."""
    return (*IDS, *NAMED.get(kind, ()))


def write(root: Path, fill: Fill, escaped: bool = False) -> Path:
    """Write a guide whose texts are all made by `fill`; what is not ASCII as it is, or escaped."""
    for kind, model in MODELS.items():
        for number, id_ in enumerate(ids(kind), 1):
            entry = _Maker(fill, id_, number).entry(kind.value, model)
            _save(root / FOLDERS[kind] / f"{id_}.yaml", entry, escaped)
    for name, model in SINGLE_FILES.items():
        entry = _Maker(fill, "", 0).entry(Path(name).stem, model)
        _save(root / name, entry, escaped)
    news = "".join(f"- {fill('CHANGELOG.md', 200, chr(10))}\n" for _ in range(30))
    title = fill("CHANGELOG.md", 60, "\n")
    (root / "CHANGELOG.md").write_text(f"## À paraître\n\n### {title}\n\n{news}", encoding="utf-8")
    shutil.copytree(ROOT / "builder/theme", root / "builder/theme")
    shutil.copy(ROOT / "mkdocs.yml", root)
    return root


def _save(path: Path, entry: Mapping[str, Any], escaped: bool) -> None:
    """Write an entry as JSON, which is YAML too: each text stands as it is, or in letters."""
    text = json.dumps(entry, ensure_ascii=False, indent=1) + "\n"
    if escaped:
        text = re.sub("[^\n -~]", lambda found: f"\\U{ord(found.group()):08x}", text)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class _Maker:
    """Makes one entry; `number` is its place among those of its kind."""

    def __init__(self, fill: Fill, id_: str, number: int) -> None:
        self.fill, self.id, self.number = fill, id_, number
        self.ids = Ids()
        self.numbers = count(1)
        for _ in range(number):  # each entry begins its lists with another id
            for kind in Kind:
                self.ids.next(kind.value)

    def entry(self, name: str, model: type[Entry]) -> dict[str, Any]:
        return self._record(name, shape(model))

    def _record(self, field: str, record: Schema) -> dict[str, Any]:
        made = {
            name: self._value(f"{field}.{name}", schema)
            for name, schema in record["properties"].items()
        }
        return self._coherent(field, made)

    def _value(self, field: str, schema: Schema) -> Any:
        if field in _FIXED:
            return _FIXED[field](self)
        if "$ref" in schema:
            return self.ids.next(schema["$ref"].removeprefix("#/$defs/"))
        if "enum" in schema:
            return schema["enum"][self.number % len(schema["enum"])]
        if "properties" in schema:
            return self._record(field, schema)
        match schema["type"]:
            case "array":
                least, most = schema.get("minItems", 0), schema.get("maxItems", 2)
                return [
                    self._value(field, schema["items"]) for _ in range(max(least, min(2, most)))
                ]
            case "object":
                kind = schema["propertyNames"]["$ref"].removeprefix("#/$defs/")
                return {self.ids.next(kind): self._value(field, schema["additionalProperties"])}
            case "integer":
                return schema.get("minimum", self.number)
            case "boolean":
                return True
            case _:
                return self._text(field, schema)

    def _text(self, field: str, schema: Schema) -> str:
        if schema.get("format") == "date":
            return "2026-01-31"
        if schema.get("pattern") == ADDRESS_PATTERN:
            return "https://x.invalid/" + "".join(
                re.findall(r"[^\s\"<>]", self.fill(field, 80, ""))
            )
        if "pattern" in schema:
            return f"{self.id or 'x'}-{next(self.numbers)}"
        limit = min(schema.get("maxLength", 600), LONG)
        if field.endswith(".value"):
            return self.fill(field, limit, "%")  # else a rate, which has more to show
        if field in ON_CARDS:
            return self.fill(field, min(limit, ON_CARDS[field]), "\n")
        if limit >= LONG:
            return "\n\n".join(self.fill(field, 300, "") for _ in range(3))
        return self.fill(field, limit, "")

    def _coherent(self, field: str, made: dict[str, Any]) -> dict[str, Any]:
        """Make what must hold together hold: provenance and its grounds, consent and its story."""
        if "status" in made:
            documented, validated = made["status"] == "documented", made["status"] == "validated"
            made["sources"] = made["sources"] if documented else []
            if not validated:
                del made["validation"]
        if field == "narrative.origin" and made["kind"] != "field":
            del made["consent"]
        if "contrasts" in made:
            made["contrasts"] = {
                (id_ if id_ != self.id else self.ids.next("ingredient")): text
                for id_, text in made["contrasts"].items()
            }
        if field == "narrative":
            marks = [self.ids.next("ingredient") for _ in range(2)]
            words = [self.fill("narrative.story", 200, "[]") for _ in range(6)]
            made["story"] = (
                f"{words[0]}\n\n{words[1]} [{words[2]}]({marks[0]}) {words[3]}\n\n"
                f"[{words[4]}]({marks[0]}, {marks[1]}) {words[5]}"
            )
            made["readings"] = {
                id_: self.fill("narrative.readings", 600, "") for id_ in dict.fromkeys(marks)
            }
        if "retention" in made:
            if self.number % 2:
                made["value"] = "80 %"  # a rate that can be drawn
            else:
                del made["retention"]
        if "steps" in made and "minutes" in made:
            made["minutes"] = sum(step["minutes"] for step in made["steps"])
        return {name: value for name, value in made.items() if value not in ([], {})}


def _steps(maker: _Maker, field: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """Make the steps of a meeting, a quarter of an hour each."""
    (step,) = {
        "method": [shape(SINGLE_FILES["workshops/method.yaml"])],
        "plans": [shape(SINGLE_FILES["workshops/plans.yaml"])["properties"]["plans"]["items"]],
    }[field.split(".")[0]]
    schema = step["properties"]["steps"]["items"]
    return [
        {**maker._record(field, schema), "id": name, "minutes": 15, "minimum": 1} for name in names
    ]


def _published(kind: Kind, maker: _Maker) -> list[str]:
    return list(ids(kind))


#: Fields whose value must hold with others, and what they are given.
_FIXED: Final[Mapping[str, Callable[[_Maker], Any]]] = {
    "theme.number": lambda maker: maker.number,
    "challenge.number": lambda maker: maker.number,
    "narrative.theme": lambda maker: IDS[maker.number % 2],  # two workshops are enough to print
    "narrative.story": lambda maker: "",  # written later, with marks and readings
    "narrative.readings": lambda maker: {},
    "worksheet.blocks.rows": lambda maker: 2,
    "method.steps": lambda maker: _steps(maker, "method.steps", STEPS),
    "method.material.step": lambda maker: STEPS[0],
    "plans.plans.steps": lambda maker: _steps(maker, "plans.plans.steps", STEPS[:2]),
    "plans.plans.material.step": lambda maker: STEPS[0],
    "series.series.workshops.themes": lambda maker: [maker.ids.next("theme") for _ in range(3)],
    "vocabulary.synonyms": lambda maker: [[*IDS[:2]], [*IDS[2:4]]],
    "vocabulary.spellings": lambda maker: [{"written": IDS[4], "meant": IDS[5]}],
    **{f"published.{FOLDERS[kind].rpartition('/')[2]}": partial(_published, kind) for kind in Kind},
    "published.withdrawn": lambda maker: [
        {
            "kind": kind.value,
            "id": "retiree",
            "reason": maker.fill("published.withdrawn.reason", 600, ""),
        }
        for kind in Kind
    ],
}


# --- the oracle


#: Attributes whose value says where something leads or how it looks; of the others, only the name.
SKELETON: Final = """(sources) => sources.map((html) => {
  const telling = new Set(["href", "src", "srcset", "action", "formaction", "style", "class", "id",
    "rel", "type", "target", "http-equiv", "srcdoc", "data", "name", "for", "poster",
    "xlink:href"]);
  const reference = (value) => (value.startsWith("https://x.invalid/") ? "reference" : value);
  const said = ({ name, value }) => (telling.has(name) ? `${name}=${reference(value)}` : name);
  const document = new DOMParser().parseFromString(html, "text/html");
  return [...document.querySelectorAll("*")].map((element) =>
    [element.namespaceURI.split("/").at(-1), element.localName,
      ...[...element.attributes].map(said)].join(" "));
})"""


def skeletons(page: Page, sources: Sequence[str]) -> list[list[str]]:
    """Give the elements of each HTML text as a browser understands it, one a line."""
    found: list[list[str]] = page.evaluate(SKELETON, sources)
    return found


def differences(page: Page, hostile: Path, harmless: Path) -> dict[str, tuple[object, object]]:
    """Give, for each page of a hostile site, what it has more and less than the harmless one's."""
    names = sorted(path.relative_to(harmless) for path in harmless.rglob("*.html"))
    assert names == sorted(path.relative_to(hostile) for path in hostile.rglob("*.html"))
    found, expected = (
        skeletons(page, [(site / name).read_text("utf-8") for name in names])
        for site in (hostile, harmless)
    )
    strange: dict[str, tuple[object, object]] = {}
    for name, one, other in zip(names, found, expected, strict=True):
        ours, theirs = _counted(name, one), _counted(name, other)
        if ours != theirs:
            strange[str(name)] = (dict(ours - theirs), dict(theirs - ours))
    return strange


def _counted(name: Path, lines: Sequence[str]) -> Counter[str]:
    """Count lines; where entries are chosen by the order of their names, any of them will do."""
    if name.name not in ("carte.html", "index.html"):
        return Counter(lines)
    one = (re.sub(rf"(?<=/)(?:{'|'.join(IDS)})(?=\.html)", "one", line) for line in lines)
    # On the map, a longer name takes more lines and another place.
    return Counter(one) if name.name == "index.html" else Counter({*one})


def main() -> None:
    """Try every payload in every field where it fits; say how many pairs there were."""
    attack, before, rounds = Attack(), -1, 0
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = executable(playwright)
        page = playwright.chromium.launch(executable_path=chromium, args=list(OPTIONS)).new_page()
        harmless = write(Path(folder) / "harmless", Calm())
        assert build(harmless, lambda stage: None).written
        while len(attack.tried) > before:
            before, rounds = len(attack.tried), rounds + 1
            root = write(Path(folder) / f"hostile-{rounds}", attack)
            built = build(root, lambda stage: None)
            assert built.written, "\n".join(map(str, built.checked.problems))
            found = differences(page, root / "site", harmless / "site")
            print(f"{rounds}: {len(attack.tried)} essais, {len(found)} pages différentes", found)
            shutil.rmtree(root)
    fields = {field for field, _ in attack.tried}
    print(
        f"{len(PAYLOADS)} textes, {len(fields)} champs : {len(attack.tried)} paires essayées, "
        f"{len(attack.refused)} refusées par la vérification, {len(attack.too_long)} trop longues"
    )


if __name__ == "__main__":
    main()
