"""« Ma sélection »: kept while browsing, printed as one document, shared by an address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from builder.browser_data import browser_data
from builder.library import assemble
from builder.reading import read
from tests.conftest import copy_guide
from tests.states import FULL_STORAGE, REFUSE_STORAGE, faults, watched

STORY = "le-silence-de-l-appartement"
SHARED = f"recits={STORY},la-chaine-a-la-porte&ingredients=ne-pas-paniquer,convenir-a-froid"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with watched(browser) as page:
        yield page


@pytest.fixture(params=["file", "server"])
def root(request: pytest.FixtureRequest, site: Path, address: str) -> str:
    return site.as_uri() if request.param == "file" else address


def document(page: Page) -> str:
    page.locator("#selection-document[data-ready]").wait_for()
    return page.locator("#selection-document").inner_text()


def keep(page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_role("button", name="Garder").click()


def test_what_is_kept_while_browsing_makes_one_document(page: Page, root: str) -> None:
    page.goto(f"{root}/selection.html")
    assert "Rien pour l’instant" in document(page)
    keep(page, f"{root}/recits/{STORY}.html")
    keep(page, f"{root}/ingredients/ne-pas-paniquer.html")
    expect(page.get_by_role("button", name="Ne plus garder")).to_be_visible()
    page.get_by_role("link", name="Ma sélection").first.click()
    text = document(page)
    assert "Ce qui frappait en entrant" in text
    assert "Deux gestes à contresens" in text
    assert "La panique se voit" in text
    assert text.index("Ce qui frappait") < text.index("La panique se voit")

    page.get_by_label("Les récits avec leurs ingrédients").uncheck()
    expect(page.locator(".document mark")).to_have_count(0)
    assert "Deux gestes à contresens" not in document(page)
    page.get_by_label("Les ingrédients en cartes").check()
    expect(page.locator(".kept-card")).to_have_count(1)
    assert "La panique se voit" not in document(page)

    page.get_by_role("button", name="Retirer : Le silence").click()
    assert "Ce qui frappait" not in document(page)
    page.reload()
    assert "Ce qui frappait" not in document(page)
    page.get_by_role("button", name="Tout effacer").click()
    assert page.evaluate("localStorage.getItem('une-fois-ou.selection')") in (
        None,
        '{"recits":[],"ingredients":[]}',
    )
    assert "Rien pour l’instant" in document(page)


def test_search_results_are_kept_too(page: Page, root: str) -> None:
    page.goto(f"{root}/trouver.html?q=tout%20l%C3%A2cher")
    page.get_by_role("button", name="Garder : Le silence de l’appartement").click()
    page.get_by_role("button", name="Ne plus garder : Le silence de l’appartement").click()
    page.get_by_role("button", name="Garder : Le silence de l’appartement").click()
    page.locator("#find-results").get_by_role("link", name="Ma sélection").click()
    page.wait_for_url("**/selection.html")
    assert "Ce qui frappait" in document(page)


def test_an_address_shows_a_selection_and_touches_nothing_until_asked(
    page: Page, root: str
) -> None:
    keep(page, f"{root}/ingredients/marquer-le-passage.html")
    page.goto(f"{root}/selection.html?{SHARED}")
    assert "La chaîne à la porte" in document(page)
    assert "2 récits et 2 ingrédients" in page.get_by_role("status").first.inner_text()
    kept = "JSON.parse(localStorage.getItem('une-fois-ou.selection'))"
    assert page.evaluate(kept) == {"recits": [], "ingredients": ["marquer-le-passage"]}
    share = page.get_by_label("Partager par cette adresse").input_value()
    assert share.endswith(f"selection.html?{SHARED}")
    page.get_by_role("button", name="Garder sur cet appareil").click()
    assert page.evaluate(kept) == {
        "recits": [STORY, "la-chaine-a-la-porte"],
        "ingredients": ["marquer-le-passage", "ne-pas-paniquer", "convenir-a-froid"],
    }
    page.get_by_role("link", name="Voir ma sélection").click()
    page.wait_for_url("**/selection.html")
    document(page)
    assert page.locator(".document article").count() == 5


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("recits=disparu", "disparu"),
        (f"recits={STORY},disparu,../../secret", "disparu, ../../secret"),
        ("recits=constructor,__proto__&ingredients=toString", "constructor, __proto__, toString"),
        ("ingredients=%3Cimg%20src=x%20onerror=alert(1)%3E", "<img src=x onerror=alert(1)>"),
        ("recits=", "ne désigne aucune fiche"),
        ("ingredients=" + ",".join(["x"] * 5000), "…"),
    ],
)
def test_what_no_longer_exists_is_named(page: Page, root: str, query: str, named: str) -> None:
    page.goto(f"{root}/selection.html?{query}")
    text = document(page)
    assert named in page.get_by_role("status").first.inner_text()
    assert page.locator("img").count() == 0
    assert ("Ce qui frappait" in text) == (STORY in query)


@pytest.mark.parametrize(
    "kept", ["{", "3", '{"recits": "x"}', json.dumps({"recits": [1, None, "<b>", "../x", STORY]})]
)
def test_a_selection_that_was_tampered_with_does_no_harm(
    page: Page, address: str, kept: str
) -> None:
    page.goto(f"{address}/selection.html")
    page.evaluate("(kept) => localStorage.setItem('une-fois-ou.selection', kept)", kept)
    page.reload()
    assert ("Ce qui frappait" in document(page)) == (STORY in kept)


@pytest.mark.parametrize("script", [REFUSE_STORAGE, FULL_STORAGE], ids=["refused", "full"])
def test_when_nothing_can_be_kept_an_address_does(
    browser: Browser, address: str, script: str
) -> None:
    with watched(browser, init_script=script) as page:
        keep(page, f"{address}/recits/{STORY}.html")
        assert "refuse de garder" in page.locator(".kept-note").inner_text()
        page.get_by_role("link", name="ouvrez-la par son adresse").click()
        assert "Ce qui frappait" in document(page)
        page.get_by_role("button", name="Garder sur cet appareil").click()
        assert "refuse de garder" in page.get_by_role("status").first.inner_text()
        assert "Ce qui frappait" in document(page)


def test_an_entry_that_cannot_be_read_is_told(page: Page, address: str) -> None:
    page.route("**/entries/recits/*.js", lambda route: route.fulfill(body=""))
    page.goto(f"{address}/selection.html?recits={STORY}")
    assert "n’a pas pu être lue" in document(page)


def test_former_names_still_lead_to_their_entry(browser: Browser, tmp_path: Path) -> None:
    root = copy_guide(tmp_path)
    path = root / "narratives" / f"{STORY}.yaml"
    path.write_text(path.read_text("utf-8") + "former_names:\n  - ancien-nom\n", "utf-8")
    library = assemble(read(root))
    scripts = {it.path: it.write(library) for it in browser_data(library)}
    with watched(browser) as page:
        page.goto("about:blank")
        page.add_script_tag(content=scripts["assets/entries.js"])
        former = page.evaluate("UneFois.titles.former.recits['ancien-nom']")
    assert former == STORY


def test_two_tabs_never_undo_what_the_other_did(page: Page, root: str) -> None:
    keep(page, f"{root}/recits/{STORY}.html")
    page.goto(f"{root}/selection.html")
    assert "Ce qui frappait" in document(page)
    other = page.context.new_page()
    keep(other, f"{root}/ingredients/ne-pas-paniquer.html")
    expect(page.locator(".document article")).to_have_count(2)

    removal = page.get_by_role("button", name="Retirer : Le silence")
    removal.focus()
    other.evaluate("localStorage.setItem('autre', '1')")
    page.wait_for_timeout(300)
    assert removal.evaluate("(it) => it === document.activeElement")

    # A tab that slept heard of nothing, and forgets nothing either.
    both = {"recits": [STORY], "ingredients": ["convenir-a-froid", "ne-pas-paniquer"]}
    write = "(it) => localStorage.setItem('une-fois-ou.selection', JSON.stringify(it))"
    page.evaluate(write, both)
    removal.click()
    expect(page.locator(".document article")).to_have_count(2)
    kept = "JSON.parse(localStorage.getItem('une-fois-ou.selection'))"
    assert page.evaluate(kept) == {**both, "recits": []}
    page.evaluate(write, both)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.locator(".document article")).to_have_count(3)

    other.evaluate(write, both)
    other.get_by_role("button", name="Ne plus garder").click()
    assert page.evaluate(kept) == {**both, "ingredients": ["convenir-a-froid"]}
    expect(page.locator(".document article")).to_have_count(2)


def test_a_former_name_that_was_kept_can_be_removed(page: Page, address: str) -> None:
    page.goto(f"{address}/selection.html")
    page.evaluate(
        "(it) => localStorage.setItem('une-fois-ou.selection', it)",
        json.dumps({"recits": ["ancien-nom", "la-chaine-a-la-porte"], "ingredients": []}),
    )
    page.route(
        "**/assets/selection.js",
        lambda route: route.fulfill(
            body=f"UneFois.titles.former.recits['ancien-nom'] = '{STORY}';" + route.fetch().text(),
            content_type="text/javascript",
        ),
    )
    page.reload()
    page.get_by_role("button", name="Retirer : Le silence").click()
    expect(page.locator(".document article")).to_have_count(1)
    kept = "JSON.parse(localStorage.getItem('une-fois-ou.selection')).recits"
    assert page.evaluate(kept) == ["la-chaine-a-la-porte"]


def test_what_another_tab_erased_stays_erased(page: Page, root: str) -> None:
    keep(page, f"{root}/recits/{STORY}.html")
    other = page.context.new_page()
    other.goto(f"{root}/vie-privee.html")
    other.get_by_role("button", name="Effacer tout ce que ce guide garde").click()
    expect(page.get_by_role("button", name="Garder", exact=True)).to_be_visible()
    keep(other, f"{root}/ingredients/ne-pas-paniquer.html")
    kept = "JSON.parse(localStorage.getItem('une-fois-ou.selection'))"
    assert other.evaluate(kept) == {"recits": [], "ingredients": ["ne-pas-paniquer"]}


def test_paper_has_the_document_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/selection.html?{SHARED}")
    document(page)
    page.emulate_media(media="print")
    for hidden in ("h1", ".selection-tools", ".document .buttons", ".site-header", ".told"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator(".document article").count() == 4


def test_without_javascript_the_page_says_what_else_to_do(browser: Browser, root: str) -> None:
    with watched(browser, java_script_enabled=False) as page:
        page.goto(f"{root}/selection.html")
        assert "demande JavaScript" in page.locator("main").inner_text()
        page.goto(f"{root}/ingredients/ne-pas-paniquer.html")
        assert not page.locator(".keep").is_visible()


def test_it_goes_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/ingredients/ne-pas-paniquer.html")
    page.get_by_role("button", name="Garder").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/selection.html")
    document(page)
    page.get_by_role("button", name="Retirer").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#selection-document")).to_be_focused()
    assert "Rien pour l’instant" in document(page)


def test_every_state_passes_axe(page: Page, address: str) -> None:
    page.goto(f"{address}/selection.html")
    document(page)
    found = faults(page, "vide")
    page.goto(f"{address}/selection.html?{SHARED},disparu")
    document(page)
    found += faults(page, "fiches")
    page.get_by_label("Les ingrédients en cartes").check()
    page.locator(".kept-card").first.wait_for()
    found += faults(page, "cartes")
    keep(page, f"{address}/ingredients/ne-pas-paniquer.html")
    found += faults(page, "gardé")
    assert not found
