"""Turns the bytes of a YAML file into plain data and positions; names each trap in French."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from typing import Any, Final

import yaml

from builder.model import Path
from builder.problems import FAULTS, Problem, Severity

#: The models nest six deep; libyaml itself breaks at some 30,000.
MAX_DEPTH: Final = 20

_KEY_BEFORE_NBSP = re.compile(r"\s*(?:- +)?[A-Za-z_-]+[\u00a0\u202f\u2007]+ *:(?:\s|$)")
#: A text of these alone says nothing; no-break spaces are part of words (see formatting).
_BLANKS = " \t\n\v\f\r\x85\u2028\u2029"
#: Spaces that a line may not break at.
_NBSP: Final = "\u00a0\u202f\u2007"
_CURLY = "“”„‟‘’‚"
#: What is not seen, turns the text around, ends a line for some programs only, or is no character.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
#: What nearly all of a text is made of.
_USUAL: Final = bytes((*b"\t\n", *range(0x20, 0x7F)))
_COMMENT_INSIDE = re.compile(r"\s+#")
_COMMENT_BESIDE = re.compile(r"\s+#\S")
#: A character that a text between double quotes writes in letters, or the end of its line.
_ESCAPE = re.compile(
    r"\\(?:(?P<space>[ tnvfr_NLP]|x(?:20|[aA]0)|u(?:00[aA]0|202[fF])|$)|x..|u.{4}|U.{8}|.)"
)


#: The same and tabs: what no value holds, though YAML writes it in letters (« \\u202e », « \\t »).
_UNSEEN: Final = re.compile(f"{INVISIBLE.pattern}|\t")


#: A line and a column.
Place = tuple[int, int]


@dataclass(frozen=True)
class Source:
    """The text of one file, and where its keys and values stand (line and column from 1)."""

    file: str
    text: str

    @cached_property
    def lines(self) -> Sequence[str]:
        """The lines of the file, without their ends."""
        return self.text.split("\n")

    @property
    def positions(self) -> Mapping[Path, Place]:
        """Where each value stands."""
        return self._places[0]

    @property
    def key_positions(self) -> Mapping[Path, Place]:
        """Where each key stands."""
        return self._places[1]

    @cached_property
    def _places(self) -> tuple[dict[Path, Place], dict[Path, Place]]:
        return _places(self.text)  # read again: few files have a fault

    def position(self, path: Path) -> Place:
        """Give the position of a value, or of the nearest parent that has one."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (1, 1))

    def position_in(self, path: Path, value: str, offset: int) -> Place:
        """Give the position of the character at `offset` in the text at `path`.

        Block scalars lose their indentation and may fold their lines, never a visible character:
        counting visible characters leads from the value back to the file.
        """
        line, column = self.position(path)
        opening = self.lines[line - 1][column - 1 : column]
        if opening in ("|", ">"):
            line, column = line + 1, 1
        elif opening in ("'", '"'):
            column += 1
        to_pass = _visible(value[:offset])
        for number in range(line, len(self.lines) + 1):
            first = column - 1 if number == line else 0
            text = _unescaped(self.lines[number - 1][first:], opening)
            in_line = _visible(text)
            if in_line <= to_pass:
                to_pass -= in_line
                continue
            seen = (index for index, character in enumerate(text) if not character.isspace())
            return number, first + next(islice(seen, to_pass, None)) + 1
        return line, column

    def problem(
        self,
        position: Place,
        rule: str,
        message: str,
        advice: str,
        severity: Severity = "error",
    ) -> Problem:
        """Make a problem of this file."""
        return Problem(self.file, *position, rule, severity, message, advice)


def _visible(text: str) -> int:
    """Count the characters that are no spaces."""
    return len("".join(text.split()))


def _unescaped(text: str, opening: str) -> str:
    """Put one character, then spaces, in the place of each escape of a quoted text."""
    if opening == "'":
        return text.replace("''", "' ")
    if opening == '"':
        return _ESCAPE.sub(
            lambda it: (" " if it["space"] is not None else "x").ljust(len(it[0])), text
        )
    return text


def parse(name: str, content: bytes) -> tuple[Source | None, dict[str, Any] | None, list[Problem]]:
    """Turn the bytes of one file into plain data (strings, lists, dicts), positions and problems.

    The data is None when the file cannot be understood at all.
    """
    text, faults = decode(name, content)
    if text is None:
        return None, None, faults
    source = Source(name, text)
    faults += _tabs(source)
    if any(fault.rule == "caractere-interdit" for fault in faults):
        return source, None, faults  # libyaml refuses control characters without a line
    builder = _Builder(source)
    try:
        reader = yaml.CBaseLoader(text)
        while builder.take(reader.get_event()):
            pass
    except yaml.MarkedYAMLError as error:
        fault = _yaml_problem(source, error)
        if fault.line not in {known.line for known in (*faults, *builder.problems)}:
            builder.problems.append(fault)
        return source, None, faults + builder.problems
    except yaml.YAMLError:  # reader errors carry no mark
        builder.problems.append(
            source.problem((1, 1), "yaml", "YAML illisible", "vérifiez le fichier")
        )
        return source, None, faults + builder.problems
    faults += builder.problems
    if builder.stopped:
        return source, None, faults
    return source, *_root(source, builder.root, faults)


def _root(
    source: Source, root: Any, faults: list[Problem]
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Check that a file holds a mapping."""
    if isinstance(root, dict) and _holds(root):
        return root, faults
    if not root or isinstance(root, dict):
        faults.append(
            source.problem(
                (1, 1),
                "fichier-vide",
                "le fichier ne contient aucune fiche",
                "écrivez-y les champs de la fiche, ou supprimez-le",
            )
        )
        return None, faults
    if not faults:
        faults.append(
            source.problem(
                source.position(()),
                "type-inattendu",
                "une fiche est un groupe de clés, pas " + shape(root),
                "commencez par une clé, par exemple « title: >- »",
            )
        )
    return None, faults


def _holds(value: Any) -> bool:
    """Tell whether there is a word anywhere in plain data."""
    if isinstance(value, (dict, list)):
        return any(map(_holds, value.values() if isinstance(value, dict) else value))
    return bool(value)


def decode(name: str, content: bytes) -> tuple[str | None, list[Problem]]:
    """Decode UTF-8 and list what no text of ours holds; None when it is something else."""
    text, faults = _decoded(name, content)
    return text, [*faults, *islice(_invisible(name, text or ""), FAULTS)]


def _decoded(name: str, content: bytes) -> tuple[str | None, list[Problem]]:
    """Name the encoding, the byte and its place when it is not UTF-8."""

    def fault(line: int, column: int, rule: str, message: str, advice: str) -> Problem:
        return Problem(name, line, column, rule, "error", message, advice)

    utf8 = "enregistrez le fichier en UTF-8 (sans marque d'ordre des octets)"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:4].count(b"\x00") >= 1:
        return None, [fault(1, 1, "utf-16", "le fichier est en UTF-16", utf8)]
    faults = []
    if content.startswith(b"\xef\xbb\xbf"):
        faults.append(
            fault(1, 1, "marque-d-ordre", "le fichier commence par une marque d'ordre (BOM)", utf8)
        )
        content = content[3:]
    content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return content.decode(), faults
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(errors="replace")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        byte = content[error.start : error.start + 1]
        meant = byte.decode("cp1252", "replace")
        faults.append(
            fault(
                line,
                column,
                "encodage",
                f"l'octet 0x{byte.hex().upper()} n'est pas de l'UTF-8 "
                f"(en Windows-1252, ce serait « {meant} »)",
                utf8,
            )
        )
        return None, faults


def _tabs(source: Source) -> Iterator[Problem]:
    """Yield the lines that have a tab."""
    lines = source.lines if "\t" in source.text else ()
    tabbed = (number for number, line in enumerate(lines) if "\t" in line)
    for number in islice(tabbed, FAULTS):
        yield source.problem(
            (number + 1, source.lines[number].index("\t") + 1),
            "tabulation",
            "une tabulation",
            "remplacez-la par des espaces (deux par niveau)",
        )


def unusual(text: str) -> str:
    """Give the characters that are not those of any keyboard, which are few and soon looked at."""
    return (
        text.encode("utf-8", "surrogatepass")
        .translate(None, _USUAL)
        .decode("utf-8", "surrogatepass")
    )


def _invisible(name: str, text: str) -> Iterator[Problem]:
    """Yield the characters that are invisible, or that give an order."""
    if not INVISIBLE.search(unusual(text)):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        for found in INVISIBLE.finditer(line):
            yield Problem(
                name,
                number,
                found.start() + 1,
                "caractere-interdit",
                "error",
                f"un caractère invisible (U+{ord(found.group()):04X})",
                "supprimez-le ; il vient souvent d'un copier-coller",
            )


def _place_of(event: Any) -> Place:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def _places(text: str) -> tuple[dict[Path, Place], dict[Path, Place]]:
    """Find where the values and the keys of a text stand, as far as `_Builder` reads it."""
    values: dict[Path, Place] = {}
    keys: dict[Path, Place] = {}
    reader = yaml.CBaseLoader(text)

    def walk(event: Any, path: Path) -> None:
        if isinstance(event, yaml.CollectionStartEvent) and len(path) >= MAX_DEPTH:
            raise yaml.YAMLError
        values[path] = _place_of(event)
        if isinstance(event, yaml.SequenceStartEvent):
            for index in count():
                item = reader.get_event()
                if isinstance(item, yaml.SequenceEndEvent):
                    return
                walk(item, (*path, index))
        elif isinstance(event, yaml.MappingStartEvent):
            while isinstance(key := reader.get_event(), yaml.NodeEvent):
                if not isinstance(key, yaml.ScalarEvent):
                    raise yaml.YAMLError
                inside = (*path, key.value.rstrip(_NBSP))
                keys[inside] = _place_of(key)
                walk(reader.get_event(), inside)

    with suppress(yaml.YAMLError):  # what `_Builder` says
        while not isinstance(event := reader.get_event(), (yaml.NodeEvent, yaml.StreamEndEvent)):
            pass
        if isinstance(event, yaml.NodeEvent):
            walk(event, ())
    return values, keys


class _Builder:
    """Builds data from libyaml events with its own stack: depth cannot exhaust the interpreter."""

    def __init__(self, source: Source) -> None:
        self.problems: list[Problem] = []
        self.root: Any = None
        self.stopped = False
        self._source = source
        self._documents = 0
        self._stack: list[dict[str, Any] | list[Any]] = []
        self._key_lines: list[dict[str, int]] = []  # of each in the stack
        self._key: str | None = None  # the key whose value comes next, in a mapping

    def take(self, event: Any) -> bool:
        """Take one event; False when reading further makes no sense."""
        if len(self.problems) >= FAULTS:
            self.stopped = True
            return False
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if event.anchor or event.tag:
                self._refuse(event)
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._refuse(event)
            return self._open(event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._stack.pop()
            self._key_lines.pop()
            self._key = None
        elif kind is yaml.AliasEvent:
            self._fault(
                event,
                "ancre",
                f"un renvoi YAML (*{event.anchor})",
                "recopiez le texte, ou écrivez-le après « >- » si l'astérisque en fait partie",
            )
            if self._expects_key():
                return self._no_key(event)
            self._place(f"*{event.anchor}")
        elif kind is yaml.DocumentStartEvent:
            return self._document(event)
        return kind is not yaml.StreamEndEvent

    def _document(self, event: Any) -> bool:
        self._documents += 1
        if event.version or event.tags:
            self._fault(event, "etiquette", "une directive YAML (%)", "supprimez cette ligne")
        if self._documents > 1:
            self._fault(
                event,
                "deux-documents",
                "une deuxième fiche commence ici (---)",
                "mettez chaque fiche dans son fichier",
            )
        return self._documents == 1

    def _refuse(self, event: Any) -> None:
        """Refuse what makes a value depend on something else than its own words."""
        if event.anchor:
            self._fault(
                event,
                "ancre",
                f"une ancre YAML (&{event.anchor})",
                "supprimez-la, ou écrivez le texte après « >- » si l'esperluette en fait partie",
            )
        if event.tag:
            self._fault(
                event,
                "etiquette",
                f"une étiquette YAML ({event.tag})",
                "supprimez-la, ou écrivez le texte après « >- » s'il commence par « ! »",
            )

    def _open(self, event: Any) -> bool:
        if len(self._stack) >= MAX_DEPTH:
            self._fault(
                event,
                "imbrication",
                f"plus de {MAX_DEPTH} niveaux d'imbrication",
                "une fiche en demande six au plus : vérifiez les retraits et les crochets",
            )
            self.stopped = True
            return False
        value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        if self._expects_key():
            return self._no_key(event)
        self._place(value)
        self._stack.append(value)
        self._key_lines.append({})
        self._key = None
        return True

    def _no_key(self, event: Any) -> bool:
        """Refuse a list, a group or a reference where a key is expected."""
        self._fault(event, "type-inattendu", "une clé doit être un mot", "donnez-lui un nom")
        self.stopped = True
        return False

    def _expects_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1], dict) and self._key is None

    def _scalar(self, event: Any) -> None:
        value = event.value
        if event.style == '"':
            self._escapes(event)
        if event.style is None or event.implicit[0]:
            self._plain_traps(event)
        parent = self._stack[-1] if self._stack else None
        if type(parent) is not dict or self._key is not None:
            self._place(value if value.strip(_BLANKS) else "")
            return
        key = value.rstrip(_NBSP)
        if key != value:
            self._nbsp(event)
        key_lines = self._key_lines[-1]
        if key in key_lines:
            self._fault(
                event,
                "cle-en-double",
                f"la clé « {key} » est déjà donnée à la ligne {key_lines[key]}",
                "gardez une seule des deux",
            )
        self._key = key
        key_lines[key] = event.start_mark.line + 1

    def _place(self, value: Any) -> None:
        """Put a value where it belongs."""
        if not self._stack:
            self.root = value
        elif isinstance(parent := self._stack[-1], list):
            parent.append(value)
        else:
            assert self._key is not None
            parent[self._key] = value
            self._key = None

    def _plain_traps(self, event: Any) -> None:
        """Catch what YAML takes silently from a text written without « >- »."""
        value = event.value
        if not value:
            return
        if not value.isascii():
            if value[0] in _CURLY:
                self._fault(
                    event,
                    "guillemet-courbe",
                    f"un guillemet courbe ({value[0]}) au début d'un texte",
                    "écrivez le texte après « >- », sans guillemets autour",
                )
            if value[0] in _NBSP or _KEY_BEFORE_NBSP.match(value + "\n"):
                self._nbsp(event)
        end = event.end_mark
        text = self._source.text
        line_end = text.find("\n", end.index)
        rest = text[end.index : line_end if line_end >= 0 else None]
        comment = _COMMENT_INSIDE if " " in value else _COMMENT_BESIDE
        if "#" in rest and comment.match(rest):
            self._fault_at(
                (end.line + 1, end.column + rest.index("#") + 1),
                "diese",
                "ce « # » coupe le texte : YAML prend la suite pour un commentaire",
                "écrivez le texte après « >- », à la ligne suivante",
            )

    def _escapes(self, event: Any) -> None:
        """Refuse written as an escape (« \\u200b ») what is refused written plainly."""
        found = _UNSEEN.search(event.value)
        if found:
            self._fault(
                event,
                "caractere-interdit",
                f"un caractère invisible (U+{ord(found.group()):04X}) dans ces guillemets",
                "écrivez le texte après « >- », sans guillemets ni barre oblique inverse",
            )

    def _nbsp(self, event: Any) -> None:
        self._fault(
            event,
            "espace-insecable",
            "une espace insécable autour d'une clé",
            "remplacez-la par une espace ordinaire, ou retirez-la",
        )

    def _fault(self, event: Any, rule: str, message: str, advice: str) -> None:
        self._fault_at(_place_of(event), rule, message, advice)

    def _fault_at(self, position: Place, rule: str, message: str, advice: str) -> None:
        self.problems.append(self._source.problem(position, rule, message, advice))


#: What libyaml says, and what to tell a contributor: (words in its message, message, advice).
_YAML_MESSAGES: Final = (
    (
        "did not find expected '-' indicator",
        "une ligne n'est pas alignée avec la liste",
        "alignez le tiret avec ceux qui précèdent",
    ),
    (
        "did not find expected key",
        "une ligne n'est pas alignée avec les clés",
        "alignez la clé avec ses voisines, ou le texte sous son « >- » ; "
        "un texte avec des guillemets s'écrit après « >- »",
    ),
    (
        "could not find expected ':'",
        "il manque le deux-points d'une clé, ou le retrait d'un texte",
        "écrivez « clé: >- » puis le texte, en retrait, à la ligne suivante",
    ),
    (
        "found unexpected end of stream",
        "un texte entre guillemets n'est pas refermé",
        "écrivez le texte après « >- », sans guillemets autour",
    ),
    (
        "found character that cannot start any token",
        "un caractère ne peut pas commencer un texte ici",
        "écrivez le texte après « >- », à la ligne suivante",
    ),
    (
        "did not find expected ',' or",
        "un crochet ou une accolade n'est pas refermé",
        "fermez-le, ou écrivez le texte après « >- »",
    ),
    (
        "block sequence entries are not allowed",
        "un tiret de liste est mal placé",
        "mettez-le au début d'une ligne, en retrait sous sa clé",
    ),
    (
        "did not find expected comment or line break",
        "du texte suit « >- » ou « | » sur la même ligne",
        "mettez le texte à la ligne suivante, en retrait",
    ),
    (
        "did not find expected alphabetic or numeric character",
        "un texte commence par « * » ou « & »",
        "écrivez le texte après « >- », à la ligne suivante",
    ),
    (
        "found unknown escape character",
        "une barre oblique inverse dans un texte entre guillemets",
        "écrivez le texte après « >- », sans guillemets autour",
    ),
)


def _yaml_problem(source: Source, error: yaml.MarkedYAMLError) -> Problem:
    """Say in French, with a remedy, what libyaml could not read."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return source.problem((1, 1), "yaml", "YAML illisible", "vérifiez le fichier")
    position = (mark.line + 1, mark.column + 1)
    said = error.problem or ""
    lines = source.lines
    near = lines[max(0, position[0] - 3) : position[0]]
    if "mapping values are not allowed" in said:
        return source.problem(
            position,
            "deux-points",
            "un deux-points coupe ce texte",
            "écrivez le texte après « >- », à la ligne suivante",
        )
    if any(_KEY_BEFORE_NBSP.match(line) for line in near):
        last = min(position[0], len(lines))  # libyaml may stop after the last line
        number = next(n for n in range(last, 0, -1) if _KEY_BEFORE_NBSP.match(lines[n - 1]))
        found = re.search(f"[{_NBSP}]", lines[number - 1])
        return source.problem(
            (number, found.start() + 1 if found else 1),
            "espace-insecable",
            "une espace insécable avant le deux-points d'une clé",
            "remplacez-la par une espace ordinaire, ou retirez-la",
        )
    context = error.context_mark or mark
    if "quoted scalar" in (error.context or "") and context:
        start = (context.line + 1, context.column + 1)
        curly = any(character in _CURLY for line in lines[context.line :] for character in line)
        rule = "guillemet-courbe" if curly else "yaml"
        return source.problem(
            start,
            rule,
            "ce guillemet n'est pas refermé" + (" (par un guillemet droit)" if curly else ""),
            "écrivez le texte après « >- », sans guillemets autour",
        )
    for words, message, advice in _YAML_MESSAGES:
        if words in said:
            return source.problem(position, "yaml", message, advice)
    return source.problem(
        position,
        "yaml",
        "la lecture du YAML s'arrête ici",
        "vérifiez les retraits, et écrivez les textes après « >- »",
    )


def shape(value: Any) -> str:
    """Name in French what a YAML value is."""
    if isinstance(value, dict):
        return "un groupe de clés"
    return "une liste" if isinstance(value, list) else "un texte"
