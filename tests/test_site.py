"""The built site, as files and in a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from playwright.sync_api import Browser

from builder.guide import Checked
from builder.pages import pages
from tests import reproduce
from tests.conftest import ROOT, copy_guide
from tests.states import axe_faults, spare


class _Page(HTMLParser):
    """Collects the anchors of a page and what it refers to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            elif name in ("href", "src", "action") and value is not None:
                self.targets.append(value)


@pytest.fixture(scope="module")
def html(site: Path) -> dict[Path, _Page]:
    return {path: _Page(path) for path in sorted(site.rglob("*.html"))}


def test_every_internal_link_and_anchor_resolves(site: Path, html: dict[Path, _Page]) -> None:
    broken = []
    for path, page in html.items():
        for target in page.targets:
            address, anchor = urldefrag(target)
            address = address.partition("?")[0]
            if urlsplit(target).scheme:
                continue
            base = site if path.name == "404.html" and address.startswith("/") else path.parent
            found = (base / unquote(address.lstrip("/"))).resolve() if address else path
            if not found.is_file() or (anchor and anchor not in html[found].ids):
                broken.append(f"{path.relative_to(site)} → {target}")
    assert not broken


def test_an_id_stands_once_in_a_page(html: dict[Path, _Page]) -> None:
    assert not [path for path, page in html.items() if len(page.ids) != len(set(page.ids))]


def test_every_entry_has_its_page_at_the_agreed_address(site: Path, checked: Checked) -> None:
    library = checked.library
    for folder, entries in (
        ("themes", library.themes),
        ("recits", library.narratives),
        ("ingredients", library.ingredients),
        ("theories", library.theories),
        ("situations", library.situations),
    ):
        assert all((site / folder / f"{id_}.html").is_file() for id_ in entries)


def test_links_between_entries_go_both_ways(html: dict[Path, _Page], site: Path) -> None:
    """From a story to its ingredient, its theme and its situation, and back from each."""
    folders = ("recits", "ingredients", "themes", "situations", "theories")
    links = {
        (path.relative_to(site).as_posix(), (path.parent / target.split("#")[0]).resolve())
        for path, page in html.items()
        for target in page.targets
        if target.split("#")[0].endswith(".html")
        and not urlsplit(target).scheme
        and path.name != "404.html"
    }
    one_way = []
    for source, target in links:
        name = target.relative_to(site.resolve()).as_posix()
        between = {source.split("/")[0], name.split("/")[0]}
        if "index" in source + name or len(between) < 2 or not between <= set(folders):
            continue
        if "theories" in between or (source.startswith("situations/") and "recits" in between):
            continue  # shown through the ingredients that they share
        if (name, (site / source).resolve()) not in links:
            one_way.append(f"{source} → {name}")
    assert not one_way


def test_nothing_in_the_site_names_another_host_to_load_from(site: Path) -> None:
    loading = re.compile(r"(?:src=|url\(|@import|<link[^>]*href=)[\"']?(?:https?:)?//")
    assert not [
        path
        for path in site.rglob("*")
        if path.suffix in (".html", ".css", ".js") and loading.search(path.read_text("utf-8"))
    ]


def test_a_story_page_stays_as_it_was_drawn(checked: Checked) -> None:
    """The golden page: renew with `python -m tests.golden` after looking at the difference."""
    found = pages(checked.library, ())
    page = next(page for page in found if page.path == "recits/le-silence-de-l-appartement")
    assert page.markdown == (ROOT / "tests/golden/recit.md").read_text(encoding="utf-8")


def test_another_place_time_language_and_order_give_the_same_bytes(
    site: Path, tmp_path: Path
) -> None:
    root = copy_guide(tmp_path / "ailleurs")
    there = reproduce.build(reproduce.CONDITIONS[1], Path(sys.executable), root)
    assert not list(reproduce.differences(site, there.site))


def test_the_same_tree_builds_with_zensical(guide: Path, tmp_path: Path) -> None:
    try:
        import zensical
    except ImportError as error:
        pytest.skip(f"Zensical ne s'installe pas ici : {error}")
    assert zensical
    copy_guide(tmp_path)
    shutil.copytree(guide / ".build/docs", tmp_path / ".build/docs")
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    story = (tmp_path / ".build/site/recits/le-silence-de-l-appartement.html").read_text("utf-8")
    assert "Le silence de l’appartement" in story


@pytest.fixture(scope="module")
def sample(site: Path) -> list[str]:
    """Give every page."""
    return [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]


#: Widths, and how many pages of each kind axe looks at there; pages are opened at the first.
WIDTHS = {390: 4, 1280: 2}
SHARDS = 6  # so that two processes share the work
#: Kinds whose pages stand in folders of their own.
ALIKE = re.compile("^ateliers/[^/]+/index")
#: Twice the size, in letters as far apart as WCAG 1.4.12 lets a reader set them: does it fit?
LARGE = """() => {
  const [root, body] = [document.documentElement, document.body];
  root.style.fontSize = "200%";
  body.style.letterSpacing = "0.12em";
  const fits = root.scrollWidth <= innerWidth;
  root.style.removeProperty("font-size");
  body.style.removeProperty("letter-spacing");
  return fits;
}"""


def spread(paths: list[str], site: Path, count: int) -> set[str]:
    """Choose among pages made alike, from the shortest to the longest of each kind."""
    alike: dict[str, list[str]] = {}
    for path in paths:
        folder, _, name = ALIKE.sub("ateliers/*/", path).rpartition("/")
        alike.setdefault(path if name == "index.html" or not folder else folder, []).append(path)
    chosen = set()
    for kind in alike.values():
        kind.sort(key=lambda path: (site / path).stat().st_size)
        step = max(1, (len(kind) - 1) / (count - 1))
        chosen |= {kind[min(round(step * number), len(kind) - 1)] for number in range(count)}
    return chosen


@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_page_passes_axe_fits_its_screen_and_calls_nobody(
    browser: Browser, address: str, site: Path, sample: list[str], shard: int
) -> None:
    """Axe looks at each page that is like no other, and at some of each kind, light and dark."""
    context = browser.new_context(reduced_motion="reduce")
    spare(context)
    asked: list[str] = []
    faults: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    looked_at = {width: spread(sample, site, count) for width, count in WIDTHS.items()}
    for path in sample[shard::SHARDS]:
        page.set_viewport_size({"width": next(iter(WIDTHS)), "height": 844})
        page.goto(f"{address}/{path}")
        if not page.evaluate(LARGE):
            faults.append(f"{path}: défile de côté, en grand")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            if path in looked_at[width]:
                faults += axe_faults(page, f"{path}, {width}")
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults.append(f"{path}: défile de côté")
    context.close()
    assert not faults
    assert not [url for url in asked if not url.startswith(address)]


def test_a_worker_goes_from_home_to_story_ingredient_theory_and_back(
    browser: Browser, site: Path
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((site / "index.html").as_uri())
    story = page.get_by_role("link", name="Le silence de l’appartement").first
    ingredient = page.get_by_role("link", name="Ne pas paniquer").first
    story.click()
    page.locator(".story p").nth(4).wait_for()
    page.get_by_role("heading", name="Ne pas paniquer").get_by_role("link").click()
    page.wait_for_url("**/ingredients/*")
    page.get_by_role("heading", name="attachement").get_by_role("link").click()
    page.wait_for_url("**/theories/*")
    ingredient.click()
    page.wait_for_url("**/ingredients/*")
    story.click()
    page.wait_for_url("**/recits/*")
    page.locator("#situations + ul a").first.click()
    page.wait_for_url("**/situations/*")
    assert page.locator("#ingredients + ol li").count() >= 1
    page.close()


def test_the_reader_chooses_light_or_dark_and_finds_it_again(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(f"{address}/index.html")
    page.get_by_role("button", name="Affichage sombre").click()
    page.goto(f"{address}/recits/index.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 28, 28)"
    assert page.get_by_role("button", name="Affichage sombre", pressed=True).is_visible()
    context.close()
