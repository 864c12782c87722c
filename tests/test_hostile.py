"""A hostile guide does nothing: not in the browser, on paper, in a table, a deck or a feed.

The oracle: the same guide in harmless words has the same pages. Every element, attribute, class and
address of a hostile page must be one of the harmless page's, no more and no fewer.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote
from xml.etree import ElementTree as Xml

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pypdf import PdfReader

from builder.addresses import PAGE_FOLDERS
from builder.downloads import ARCHIVE
from builder.guide import build, examine
from builder.hosting import HEADERS, TYPES
from builder.pages import SINGLE_PAGES
from builder.parsing import INVISIBLE
from builder.problems import FAULTS
from tests import hostile
from tests.conftest import Quiet, served, shared_folder

#: Elements of the page as it stands that no script of ours makes, or that would do something.
STRANGE: Final = """(known) => [...document.querySelectorAll("*")].filter((element) => {
  const leads = element.localName === "a" && element.getAttribute("href");
  const { origin, protocol } = leads ? new URL(leads, location) : location;
  return !known.includes(element.localName)
    || [...element.attributes].some(({ name }) => name.startsWith("on") || name === "srcdoc")
    || (element.localName === "script" && !element.src.startsWith(location.origin))
    || !([location.origin, ...known].includes(origin) || protocol === "mailto:");
}).map((element) => element.outerHTML.slice(0, 120))"""


class Attacked(NamedTuple):
    """The sites of the hostile guide and of the harmless one."""

    hostile: Path
    harmless: Path


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Attacked:
    sites = []
    for name, fill in (("hostile", hostile.Attack()), ("harmless", hostile.Calm())):
        with shared_folder(tmp_path_factory, worker_id, name) as root:
            if not (root / "site").exists():
                done = build(hostile.write(root, fill), lambda stage: None)
                assert done.written, "\n".join(map(str, done.checked.problems))
        sites.append(root / "site")
    return Attacked(*sites)


class AsHosted(Quiet):
    """Serves as a host that reads our headers does."""

    extensions_map = {**Quiet.extensions_map, **TYPES}  # noqa: RUF012 (the library's own way)

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()


@pytest.fixture(scope="module")
def hosted(attacked: Attacked) -> Iterator[str]:
    """Serve the hostile site with its headers."""
    with served(attacked.hostile, AsHosted) as address:
        yield address


class Watch:
    """A page, and all that it did which no page of the guide does."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.said: list[str] = []
        context.on("request", self._asked)
        self.page = context.new_page()
        self.page.on("dialog", self._opened)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("popup", lambda page: self.said.append(f"popup {page.url}"))

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "blob:")):
            self.said.append(f"request {request.url}")

    def _opened(self, dialog: Any) -> None:
        if dialog.type != "beforeunload":
            self.said.append(f"dialog {dialog.message}")
        dialog.accept()

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}/{path}")

    def strange(self, known: list[str]) -> list[str]:
        """Give what the page did and what stands on it that should not."""
        return [*self.said, *self.page.evaluate(STRANGE, known)]


@pytest.fixture
def watch(browser: Browser, hosted: str) -> Iterator[Watch]:
    context = browser.new_context()
    yield Watch(context, hosted)
    context.close()


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def known(attacked: Attacked, blank: Page) -> list[str]:
    """Name the elements of the harmless site, those that our scripts make, and where links lead."""
    sources = [path.read_text("utf-8") for path in attacked.harmless.rglob("*.html")]
    found = {line.split()[1] for page in hostile.skeletons(blank, sources) for line in page}
    scripts = (path.read_text("utf-8") for path in (attacked.harmless / "assets").glob("*.js"))
    made = (re.findall(r'(?:element|make|svg|field)\(\s*"([a-z0-9]+)"', text) for text in scripts)
    links = (re.findall(r'<a [^>]*?href="(https://[^/"]+)', text) for text in sources)
    return sorted({"https://x.invalid"}.union(found, *made, *links))


def test_no_page_has_an_element_that_its_template_did_not_write(
    attacked: Attacked, blank: Page
) -> None:
    assert not hostile.differences(blank, attacked.hostile, attacked.harmless)


#: Every page that is not one entry's, and one of each kind.
PAGES: Final = tuple(
    f"{path}.html"
    for path in (
        *(path for _, path in SINGLE_PAGES),
        *(f"{folder}/{hostile.IDS[0]}" for folder in PAGE_FOLDERS.values()),
        *(f"{folder}/retiree" for folder in PAGE_FOLDERS.values()),
        f"ateliers/{hostile.IDS[0]}/index",
    )
)
#: Those whose scripts read the address.
READING_ADDRESS: Final = (
    *("trouver", "matrice", "ateliers/composer", "selection", "exercice"),
    *("cadre/programmes/index", f"recits/{hostile.IDS[0]}"),
)


def test_on_no_page_does_anything_run(watch: Watch, known: list[str]) -> None:
    for path in PAGES:
        watch.open(path)
        watch.page.evaluate("postMessage({data: '<img src=x onerror=alert(1)>'}, '*')")
        assert not watch.strange(known), path


def test_every_script_that_reads_the_address_is_attacked_below(attacked: Attacked) -> None:
    assets = attacked.hostile / "assets"
    reading = {it.name for it in assets.glob("*.js") if "location.search" in it.read_text("utf-8")}
    pages = {
        script: path
        for path in READING_ADDRESS
        for script in re.findall(
            r"assets/([\w-]+\.js)", (attacked.hostile / f"{path}.html").read_text("utf-8")
        )
    }
    assert reading <= pages.keys()


def parameters(site: Path) -> list[str]:
    """Name all that a script could look for in an address: every short word that one quotes."""
    scripts = (it.read_text("utf-8") for it in sorted((site / "assets").glob("*.js")))
    own = (text for text in scripts if "location.search" in text)
    return sorted({word for text in own for word in re.findall(r'"([a-z]{1,14})"', text)})


@pytest.mark.parametrize("path", READING_ADDRESS)
def test_no_address_makes_a_page_do_anything(
    watch: Watch, known: list[str], attacked: Attacked, path: str
) -> None:
    names = parameters(attacked.hostile)
    assert {"q", "themes", "recits", "seed", "mode", "tri", "theory"} <= set(names)
    count = len(hostile.PAYLOADS)
    for turn in range(0, count, count // 4):
        pairs = zip(names, (hostile.PAYLOADS * 9)[turn:], strict=False)
        query = "&".join(f"{name}={quote(value)}" for name, value in pairs)
        watch.open(f"{path}.html?{query}#{quote(hostile.PAYLOADS[turn])}")
        assert not watch.strange(known), (path, turn)
    for value in ("__proto__", "constructor", "a" * 100, "%00%ff%F0%28", "9e99", "-1"):
        watch.open(f"{path}.html?" + "&".join(f"{name}={value}" for name in names))
        assert not watch.strange(known), (path, value)


def test_what_pages_build_from_hostile_entries_is_text(watch: Watch, known: list[str]) -> None:
    ids, page = ",".join(hostile.IDS), watch.page
    watch.open(f"selection.html?recits={ids}&ingredients={ids}")
    page.locator("#selection-document[data-ready] article").nth(8).wait_for()
    assert not watch.strange(known)
    page.get_by_label("Les ingrédients en cartes").check()
    page.locator(".kept-card").first.wait_for()
    assert not watch.strange(known)
    for words in ("alert", "constructor", "prototype", "onerror img", "script x invalid"):
        watch.open(f"trouver.html?q={quote(words)}")
        page.locator("#find-results li").first.wait_for()
        assert not watch.strange(known)
    watch.open("exercice.html?seed=abc")
    page.locator(".choice").first.click()
    page.get_by_role("button", name="Passage suivant").wait_for()
    assert not watch.strange(known)
    for mode in ("atelier", "animation"):
        watch.open(f"recits/{hostile.IDS[0]}.html?mode={mode}")
        assert not watch.strange(known)
    watch.open(f"ateliers/composer.html?themes={hostile.IDS[0]}&duree=90&debut=13:30")
    page.locator("#compose-result table").wait_for()
    assert not watch.strange(known)


#: What anything may have written in our places of the browser's storage.
LEAVES: Final[tuple[Any, ...]] = (
    "<img src=x onerror=alert(1)>", "__proto__", "constructor", "", None, True, -1, 1e21, [], {},
    ["<svg onload=alert(1)>", {"text": "x", "why": 1}], {"start": 0, "end": 9, "keys": "+x"},
)  # fmt: skip
NAMED: Final = (
    "recits", "ingredients", "finds", "action", "fields", "origin", "lists", "marks", "names",
    "readings", "situations", "allowed", "reader", "from", "to", "words", "id", "name", "start",
    "end", "keys", "text", "why", "f-title", "f-story", "discussion.clarifications", "questions",
    "__proto__", "toString",
)  # fmt: skip


def stored() -> Iterator[str]:
    """Yield values for every key of ours: no JSON, any JSON, and the shapes that we keep."""
    yield from ("", "{", "1e999", "<svg onload=alert(1)>", '{"__proto__": {"recits": [1]}}')
    records = [dict.fromkeys(NAMED, leaf) for leaf in LEAVES]
    yield json.dumps([*LEAVES, [*LEAVES], *records])
    yield json.dumps({name: [*LEAVES, *records] for name in NAMED})
    yield from map(json.dumps, records)


KEEP: Final = """([keys, value]) => {
  for (const area of [localStorage, sessionStorage])
    for (const key of keys) area.setItem(key, value);
}"""


def test_nothing_kept_in_the_browser_makes_a_page_do_anything(
    watch: Watch, known: list[str], attacked: Attacked
) -> None:
    told = (attacked.hostile / "vie-privee.html").read_text("utf-8")
    keys = [
        f"{key}{hostile.IDS[0] if key.endswith('.') else ''}"
        for key in re.findall(r"<code>(une-fois-ou\.[\w.-]+)</code>", told)
    ]
    assert len(keys) >= 8
    story = f"recits/{hostile.IDS[0]}"
    paths = ("selection", "proposer", story, *_tools(attacked.hostile))
    watch.open("index.html")
    for value in stored():
        watch.page.evaluate(KEEP, [keys, value])
        for path in paths:
            watch.open(f"{path}.html")
            assert not watch.strange(known), (path, value)


def _tools(site: Path) -> Iterator[str]:
    """Yield a page for each tool of a team."""
    pages = sorted((site / "cadre").glob("*.html"))
    for tool in ("self-assessment", "network"):
        having = [it.stem for it in pages if f"assets/{tool}.js" in it.read_text("utf-8")]
        assert having, tool
        yield f"cadre/{having[0]}"


def test_a_hostile_story_is_shown_as_text_by_the_form(watch: Watch, known: list[str]) -> None:
    page = watch.page
    watch.open("proposer.html")
    page.locator("#preview-fold").evaluate("(fold) => { fold.open = true; }")
    text = "\n".join(it for it in hostile.PAYLOADS if not set(it) & set("[]"))
    for field in page.locator("#propose textarea:visible, #propose input[type=text]:visible").all():
        field.fill(text)
    page.get_by_role("button", name="Vérifier").first.click()
    assert "<script>alert(1)</script>" in page.locator("#preview").inner_text()
    assert not watch.strange(known)


# ——— On paper ———


def test_a_sheet_of_paper_interprets_nothing(attacked: Attacked) -> None:
    texts = []
    for path in sorted(attacked.hostile.rglob("*.pdf")):
        with pdfium.PdfDocument(path) as document:
            assert not pdfium.raw.FPDFDoc_GetJavaScriptActionCount(document.raw), path
            assert not pdfium.raw.FPDFDoc_GetAttachmentCount(document.raw), path
            texts += [page.get_textpage().get_text_bounded() for page in document]
        reader = PdfReader(path)
        root: dict[str, Any] = reader.root_object
        assert not {"/OpenAction", "/AA", "/AcroForm", "/Collection"} & root.keys(), path
        assert not [page for page in reader.pages if "/Annots" in page], path
    whole = re.sub(r"\s|\u200b", "", "".join(texts))
    assert "root:x:0" not in whole
    for payload in ('#read("/etc/passwd")', "#eval(", "<script>alert(1)</script>", "{{7*7}}"):
        assert payload in whole


# ——— In a table, a deck, a feed, the zip ———

FORMULA: Final = re.compile(r"[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")


def test_no_table_holds_a_formula_wherever_a_spreadsheet_cuts_it(attacked: Attacked) -> None:
    """With the file's comma, with the semicolon of a French spreadsheet, with tabs."""
    for path in sorted((attacked.hostile / "data").glob("*.csv")):
        text = path.read_text("utf-8-sig")
        for separator in ",;\t":
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
                assert not [cell for cell in row if FORMULA.match(cell)], (path, separator)


def test_a_program_has_the_words_of_a_table_back(attacked: Attacked) -> None:
    def same(text: str) -> str:
        return re.sub(r"(?<=[;\r\n]) ", "", text)  # the space that parts a cut from a sign

    guide = json.loads((attacked.hostile / "data/guide.json").read_text("utf-8"))
    for kind in ("narratives", "ingredients", "references", "situations"):
        table = (attacked.hostile / f"data/{kind}.csv").read_text("utf-8-sig")
        for row, entry in zip(
            csv.DictReader(io.StringIO(table, newline="")), guide[kind], strict=True
        ):
            for name, value in entry.items():
                if isinstance(value, str):
                    assert same(row[name].removeprefix("'")) == same(value)


def test_the_deck_holds_no_markup_no_media_and_no_formula(attacked: Attacked) -> None:
    deck = (attacked.hostile / "data/ingredients-anki.txt").read_text("utf-8")
    head, cards = deck.split("#tags column:4\n")
    assert "#html:false" in head
    for row in csv.reader(io.StringIO(cards, newline=""), "excel-tab"):
        assert len(row) == 4
        assert not [cell for cell in row if FORMULA.match(cell) or set(cell) & set("<>[]{}\\")]


def test_the_feed_holds_titles_and_lists_alone(attacked: Attacked, blank: Page) -> None:
    feed = Xml.fromstring((attacked.hostile / "nouveautes.xml").read_text("utf-8"))
    contents = [it.text or "" for it in feed.iter("{http://www.w3.org/2005/Atom}content")]
    lines = {line for page in hostile.skeletons(blank, contents) for line in page}
    assert lines == {f"xhtml {name}" for name in ("html", "head", "body", "h2", "ul", "li")}


def test_the_zip_opens_in_one_folder_on_any_system(attacked: Attacked) -> None:
    with zipfile.ZipFile(attacked.hostile / ARCHIVE) as archive:
        for name in archive.namelist():
            assert re.fullmatch(r"une-fois-ou/[A-Za-z0-9_./-]+", name), name
            assert ".." not in name.split("/"), name


# ——— What the checks refuse ———


@pytest.mark.parametrize("escaped", [False, True], ids=["as they are", "in letters"])
@pytest.mark.parametrize("hidden", [True, False], ids=["hidden", "of another script"])
def test_what_no_file_may_hold_is_refused_in_every_text(
    tmp_path: Path, escaped: bool, hidden: bool
) -> None:
    signs = cycle(it for it in hostile.REFUSED if bool(HIDDEN.search(it)) is hidden)

    def fill(field: str, limit: int, without: str) -> str:
        return "mot" if field == "reference.url" else f"ab{next(signs)}cd"

    hostile.write(tmp_path, fill, escaped)
    holding = re.compile(r"ab\\" if escaped else r"ab[^\x00-\x7e]")
    expected = {
        (path.relative_to(tmp_path).as_posix(), number)
        for path in tmp_path.rglob("*.yaml")
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1)
        if holding.search(line)
    }
    assert len(expected) > 1000  # of a file, no more than FAULTS are told
    problems = examine(tmp_path).problems
    told = {(it.file, it.line) for it in problems if it.severity == "error"}
    full = {
        name for name, number in Counter(it.file for it in problems).items() if number >= FAULTS
    }
    assert not {(name, line) for name, line in expected - told if name not in full}


HIDDEN: Final = re.compile(f"{INVISIBLE.pattern}|\t")


@pytest.mark.parametrize(
    "url",
    [
        "http://x.invalid",
        "https://x@y.invalid/",
        "https://\u0430.invalid",
        "javascript:alert(1)",
        "https://x.invalid/\uff1a",
        "https://x.invalid/<b>",
        "//x.invalid",
    ],
)
def test_an_address_is_what_it_looks_like(tmp_path: Path, url: str) -> None:
    hostile.write(tmp_path, hostile.Calm())
    file = tmp_path / f"context/references/{hostile.IDS[0]}.yaml"
    entry = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**entry, "url": url}), encoding="utf-8")
    (fault,) = (it for it in examine(tmp_path).problems if it.severity == "error")
    assert (fault.rule, tmp_path / fault.file) == ("valeur-invalide", file)
