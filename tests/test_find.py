"""The page « Trouver », in a real browser, from the file system and from a server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from builder import browser_index
from builder.findable import findable
from builder.guide import Checked
from tests.conftest import ROOT
from tests.search_sample import AWKWARD
from tests.states import faults, watched
from tests.test_commands import guide as command

QUERY = "il veut tout lâcher son appart"


@pytest.fixture(params=["file", "server"])
def start(request: pytest.FixtureRequest, site: Path, address: str) -> str:
    """Give the address of the page, without its query."""
    return f"{site.as_uri() if request.param == 'file' else address}/trouver.html"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a phone's page that tells what went wrong in it."""
    with watched(browser) as page:
        yield page


def results(page: Page) -> list[tuple[str, str]]:
    found: list[list[str]] = page.eval_on_selector_all(
        "#find-results [data-id]", "all => all.map((it) => [it.dataset.kind, it.dataset.id])"
    )
    return [(kind, id_) for kind, id_ in found]


def test_the_page_gives_what_the_command_gives(page: Page, start: str) -> None:
    page.goto(f"{start}?q={quote(QUERY)}")
    done = command(ROOT, "search", QUERY, "--json", "--limit", "20")
    told = [(hit["kind"], hit["id"]) for hit in json.loads(done.stdout)]
    assert results(page) == told
    assert page.locator("#situation-query").input_value() == QUERY


def test_a_big_guide_loads_what_is_shown_of_the_results_shown(
    page: Page, site: Path, checked: Checked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown() -> list[str]:
        page.locator("#find-results li:nth-child(20)").wait_for()
        return page.locator("#find-results li").all_inner_texts()

    address = f"trouver.html?q={quote(QUERY)}"
    page.goto(f"{site.as_uri()}/{address}")
    whole = shown()
    big = Path(shutil.copytree(site, tmp_path / "site", ignore=shutil.ignore_patterns("ateliers")))
    monkeypatch.setattr(browser_index, "WHOLE", 0)
    monkeypatch.setattr(browser_index, "SHOWN", 10)
    library = checked.library
    for path, text in browser_index.scripts(findable(library), library.vocabulary):
        (big / path).write_text(text, encoding="utf-8")
    page.goto(f"{big.as_uri()}/{address}")
    assert shown() == whole
    loaded = page.locator("head script[src*=search-cards]").count()
    assert 1 < loaded < len(list((big / "assets").glob("search-cards-*.js")))
    missing = "**/search-cards-*.js"
    page.route(missing, lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("about:blank")
    page.goto(f"{big.as_uri()}/{address}")
    page.get_by_text("La suite n’a pas pu être chargée").wait_for()
    assert page.locator("#find-results li").count() == 0
    page.unroute(missing)
    page.get_by_role("button", name="Afficher la suite").click()
    assert shown() == whole
    assert "les plus proches d’abord" in page.locator("#find-count").inner_text()
    page.locator("#find-more").click()
    page.locator("#find-results li:nth-child(40)").wait_for()
    assert page.locator("#find-results li:nth-child(21) h2").inner_text()


def test_answers_come_while_typing_and_stay_in_the_address(page: Page, start: str) -> None:
    page.goto(start)
    assert results(page) == []
    assert page.locator("#find-browse a").count() > 60
    page.locator("#situation-query").press_sequentially("ne paie plus son loyer")
    assert ("theme", "prioriser-ses-depenses") in results(page)[:3]
    assert "résultats" in page.get_by_role("status").inner_text()
    page.get_by_role("radio", name="Ingrédients").check(force=True)
    assert {kind for kind, _ in results(page)} == {"ingredient"}
    asked = parse_qs(urlsplit(page.url).query)
    assert asked == {"q": ["ne paie plus son loyer"], "kind": ["ingredient"]}
    page.reload()
    assert {kind for kind, _ in results(page)} == {"ingredient"}


def test_filters_narrow_and_travel(page: Page, start: str) -> None:
    page.goto(f"{start}?q=loyer&about=landlord&theme=mediation-proprietaire&kind=situation")
    found = results(page)
    assert found
    assert page.locator("select[name=theme]").input_value() == "mediation-proprietaire"
    page.goto(f"{start}?q=loyer&about=martien&kind=%3Cscript%3E&inconnu=1")
    assert len(results(page)) == 20


def test_filters_without_a_word_list_all_that_fits_them(
    page: Page, start: str, checked: Checked
) -> None:
    ingredients = checked.library.ingredients
    page.goto(f"{start}?kind=ingredient&status=documented")
    documented = sorted(id_ for id_, it in ingredients.items() if it.status == "documented")
    assert results(page) == [("ingredient", id_) for id_ in documented]
    assert f"{len(documented)} fiches" in page.locator("#find-count").inner_text()
    assert page.locator("#find-browse").is_hidden()
    page.locator("select[name=status]").select_option("")
    assert f"{len(ingredients)} fiches" in page.locator("#find-count").inner_text()
    page.get_by_role("radio", name="Théories").check(force=True)
    assert len(results(page)) == len(checked.library.theories)
    page.locator("select[name=status]").select_option("retold")
    assert results(page) == []
    assert "Aucune fiche" in page.locator("#find-count").inner_text()
    assert page.locator("#find-browse").is_visible()


def test_the_command_lists_what_a_filter_lets_through_as_the_page_does(
    page: Page, start: str
) -> None:
    page.goto(f"{start}?kind=theory")
    done = command(ROOT, "search", "", "--kind", "theory", "--json")
    assert results(page) == [(hit["kind"], hit["id"]) for hit in json.loads(done.stdout)]


def test_whoever_comes_back_finds_the_result_that_was_opened(page: Page, start: str) -> None:
    page.goto(f"{start}?q={quote(QUERY)}")
    for _ in range(2):
        page.locator("#find-more button").click()
    assert len(results(page)) == 60
    opened = page.locator("#find-results li").nth(50).get_by_role("link")
    opened.scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 3000
    # Fonts that came too late the first time serve now: the page is shorter, the eye is not moved.
    place = opened.evaluate("(link) => link.getBoundingClientRect().top")
    opened.click()
    page.wait_for_url("**/*.html")
    page.go_back()
    page.wait_for_url("**/trouver.html?*")
    assert len(results(page)) == 60
    page.wait_for_function(
        "([link, place]) => Math.abs(link.getBoundingClientRect().top - place) < 1",
        arg=[opened.element_handle(), place],
    )
    page.locator("#situation-query").fill("loyer")
    assert len(results(page)) == 20


def test_the_frame_is_found_and_filtered(page: Page, address: str) -> None:
    page.goto(f"{address}/trouver.html?q={quote('évaluer notre programme')}&kind=chapter")
    assert results(page)[0][0] == "chapter"
    assert page.get_by_role("radio", name="Le cadre").is_checked()
    first = page.locator("#find-results li").first
    assert first.locator(".status").all_inner_texts() == ["Documenté", "Proposé"]
    for name, kind in (("Défis", "challenge"), ("Programmes", "program")):
        page.get_by_role("radio", name=name).check(force=True)
        assert {found for found, _ in results(page)} == {kind}
        assert parse_qs(urlsplit(page.url).query)["kind"] == [kind]
    first.get_by_role("link").click()
    page.wait_for_url("**/cadre/programmes/*.html")


def test_the_keyboard_goes_through_the_results_and_back(page: Page, start: str) -> None:
    page.goto(f"{start}?q={quote(QUERY)}")
    page.locator("#situation-query").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    focused = "document.activeElement.closest('li')?.dataset.id"
    assert page.evaluate(focused) == results(page)[1][1]
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "situation-query"


@pytest.mark.parametrize(
    "query",
    [
        *AWKWARD,
        "",
        "a",
        "x" * 10_000,
        "🏠🔑",
        "שלום",
        "<script>alert(1)</script>",
        "%",
        '"',
        ".*[(",
    ],
    ids=lambda query: (query[:12] or "vide").encode("unicode_escape").decode(),
)
def test_any_query_gets_an_answer_or_a_kind_word(page: Page, address: str, query: str) -> None:
    page.goto(f"{address}/trouver.html")
    page.locator("#situation-query").fill(query)
    if query.strip() and not results(page):
        assert page.locator("#find-none").is_visible()
        assert page.locator("#find-browse").is_visible()
        assert "Aucun résultat" in page.get_by_role("status").inner_text()


def test_the_home_page_and_the_header_lead_here(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 844})
    for path in ("index.html", "recits/index.html"):
        page.goto(f"{address}/{path}")
        page.get_by_role("searchbox").fill(QUERY)
        page.keyboard.press("Enter")
        page.wait_for_url("**/trouver.html?q=*")
        assert results(page)


def test_without_javascript_every_situation_is_there(browser: Browser, start: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(start)
    assert page.locator("#find-browse li").count() >= 72
    assert page.locator("#find-browse li a").count() >= 3 * 72
    assert page.locator(".find").is_hidden()  # nothing would answer
    note = page.locator("main .note")
    assert "JavaScript" in note.inner_text()
    note.get_by_role("link", name="récits").click()
    page.wait_for_url("**/recits/index.html")
    context.close()


def test_a_situation_stands_out_from_its_ingredients(page: Page, start: str) -> None:
    page.goto(start)
    item = page.locator("#find-browse li").first
    name, ingredient = item.locator("> a"), item.locator(".meta a").first
    weight = "(it) => getComputedStyle(it).fontWeight"
    assert (name.evaluate(weight), ingredient.evaluate(weight)) == ("600", "400")
    above, below = name.bounding_box(), ingredient.bounding_box()
    assert above and below
    assert below["y"] >= above["y"] + above["height"] - 1


@pytest.mark.parametrize("query", [QUERY, "zzzzqqqq"])
def test_the_page_with_answers_passes_axe(page: Page, address: str, query: str) -> None:
    page.goto(f"{address}/trouver.html?q={quote(query)}&about=tenant")
    assert not faults(page, query)
