"""The page « S'exercer »: a series follows from the address alone, by keyboard, without a score."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from builder.browser_data import browser_data
from builder.guide import Checked
from tests.states import faults, watched


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with watched(browser) as page:
        yield page


@pytest.fixture(params=["file", "server"])
def start(request: pytest.FixtureRequest, site: Path, address: str) -> str:
    return f"{site.as_uri() if request.param == 'file' else address}/exercice.html"


@pytest.fixture
def exercise(address: str) -> str:
    return f"{address}/exercice.html"


Shown = tuple[str, tuple[str, ...]]


def shown(page: Page) -> Shown:
    """Give the passage on the page and the ids of the ingredients to choose from."""
    choices = page.eval_on_selector_all(".choice", "all => all.map((it) => it.dataset.id)")
    return page.locator(".excerpt mark").inner_text(), tuple(choices)


def series(page: Page) -> list[Shown]:
    """Go through a whole series by keyboard, always with the first choice."""
    found = []
    while page.locator(".choice").count():
        found.append(shown(page))
        page.locator(".choice").first.focus()
        page.keyboard.press("Enter")
        page.locator(".buttons .main").last.focus()
        page.keyboard.press("Enter")
    return found


def test_a_seed_gives_the_same_series_anywhere(page: Page, start: str) -> None:
    page.goto(f"{start}?seed=mardi")
    first = series(page)
    assert len(first) == 10
    assert len({words for words, _ in first}) == 10
    page.goto(f"{start}?seed=mardi")
    assert series(page) == first
    page.goto(f"{start}?seed=jeudi")
    assert series(page) != first


def test_beginning_draws_a_seed_that_can_be_shared(page: Page, exercise: str) -> None:
    page.goto(exercise)
    assert page.locator(".choice").count() == 0
    page.get_by_label("Thème").select_option("mediation-proprietaire")
    page.get_by_role("button", name="Commencer").click()
    first = shown(page)
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["theme"] == ["mediation-proprietaire"]
    assert asked["seed"]
    page.reload()
    assert shown(page) == first
    series(page)
    assert page.get_by_label("partagez cette adresse").input_value() == page.url
    page.get_by_role("button", name="Une autre série").click()
    assert parse_qs(urlsplit(page.url).query)["seed"] != asked["seed"]


def test_whoever_follows_a_link_comes_back_to_the_same_place(page: Page, start: str) -> None:
    page.goto(f"{start}?seed=mardi")
    page.locator(".choice").first.click()
    page.get_by_role("button", name="Passage suivant").click()
    page.locator(".choice").first.click()
    passage, answer = shown(page), page.locator(".answer").inner_text()
    page.locator(".answer a").first.click()
    page.wait_for_url("**/ingredients/*.html")
    page.go_back()
    page.wait_for_url("**/exercice.html?*")
    assert page.locator("#exercise h2").inner_text() == "Passage 2 de 10"
    assert shown(page) == passage
    assert page.locator(".answer").inner_text() == answer
    page.get_by_role("button", name="Passage suivant").click()
    series(page)
    page.locator(".seen a").first.click()
    page.wait_for_url("**/recits/*.html*")
    page.go_back()
    assert page.locator("#exercise h2").inner_text() == "La série est finie"
    page.get_by_role("button", name="Une autre série").click()
    assert page.locator("#exercise h2").inner_text() == "Passage 1 de 10"
    assert page.locator(".answer").count() == 0


@pytest.mark.parametrize("filters", ["theme=deterioration-de-l-etat-mental", "theory=attachement"])
def test_filters_narrow(page: Page, exercise: str, checked: Checked, filters: str) -> None:
    name, _, value = filters.partition("=")
    library = checked.library
    page.goto(f"{exercise}?{filters}&seed=a")
    count = 0
    while page.locator(".choice").count():
        page.locator(".choice").first.click()
        answer = page.locator(".choice.guide").get_attribute("data-id") or ""
        href = page.locator(".answer .meta a").get_attribute("href") or ""
        narrative = href.removeprefix("recits/").partition(".")[0]
        if name == "theme":
            assert library.narratives[narrative].theme == value
        else:
            assert value in [link.theory for link in library.ingredients[answer].theories]
        page.locator(".buttons .main").last.click()
        count += 1
    assert 0 < count <= 10


def test_near_ingredients_come_first_and_never_two_that_the_passage_shows(
    page: Page, exercise: str, checked: Checked
) -> None:
    ingredients = checked.library.ingredients
    marked = {
        segment.words: set(segment.ingredients)
        for passages in checked.library.passages.values()
        for segment in passages
    }
    for seed in ("a", "b"):
        page.goto(f"{exercise}?seed={seed}")
        while page.locator(".choice").count():
            words, choices = shown(page)
            assert len(set(choices)) == 4
            page.locator(".choice").first.click()
            answer = page.locator(".choice.guide").get_attribute("data-id") or ""
            assert set(choices) & marked[words] == {answer}
            near = {
                id_
                for id_, it in ingredients.items()
                if id_ in ingredients[answer].contrasts or answer in it.contrasts
            } - marked[words]
            others = set(choices) - {answer}
            assert len(others & near) == min(3, len(near))
            page.locator(".buttons .main").last.click()


def test_the_reading_comes_after_the_choice_with_what_tells_them_apart(
    page: Page, exercise: str, checked: Checked
) -> None:
    page.goto(f"{exercise}?seed=a")
    library = checked.library
    told = []
    while page.locator(".choice").count():
        assert page.locator(".answer").count() == 0
        page.locator(".choice").first.click()
        answer = page.locator(".choice.guide").get_attribute("data-id") or ""
        chosen = page.locator(".choice.chosen").get_attribute("data-id") or ""
        box = page.locator(".answer").inner_text()
        expect(page.locator(".answer h3")).to_be_focused()
        assert library.ingredients[answer].short.replace("'", "’") in box
        if chosen == answer:
            assert "Le guide y voit la même chose" in box
        else:
            assert "Vous avez nommé" in box
        told.append(box)
        page.locator(".buttons .main").last.click()
    told.append(page.locator("#exercise").inner_text())
    for word in ("bravo", "score", "bonne réponse", "mauvaise réponse", "/10", "sur 10", "%"):
        assert not any(word in text.lower() for text in told), word
    assert page.locator(".seen a").count() == 10
    page.locator(".seen a").first.click()
    expect(page.locator(".passage:target")).to_be_visible()


@pytest.mark.parametrize(
    "query",
    [
        "theme=martien&seed=a",
        "theory=constructor&seed=a",
        f"seed={quote('<script>alert(1)</script>')}",
        f"theme={quote('<img src=x onerror=alert(1)>')}",
        "seed=" + "x" * 500,
    ],
)
def test_what_the_address_asks_in_vain_is_named(page: Page, exercise: str, query: str) -> None:
    page.goto(f"{exercise}?{query}")
    assert "ne connaît pas" in page.get_by_role("status").inner_text()
    assert page.locator("img").count() == 0


def test_no_passage_for_two_filters_says_what_to_do(page: Page, exercise: str) -> None:
    page.goto(exercise)
    page.evaluate("UneFois.training.passages.length = 0")
    page.get_by_role("button", name="Commencer").click()
    assert "Aucun passage" in page.get_by_role("status").inner_text()
    assert page.get_by_label("Thème").is_visible()


def test_without_javascript_the_page_says_what_else_to_do(browser: Browser, start: str) -> None:
    with watched(browser, java_script_enabled=False) as page:
        page.goto(start)
        assert "demande JavaScript" in page.locator("main").inner_text()
        assert not page.locator("#series").is_visible()


def test_every_state_passes_axe(page: Page, exercise: str) -> None:
    page.goto(exercise)
    found = faults(page, "avant")
    page.goto(f"{exercise}?seed=a&theme=martien")
    found += faults(page, "passage")
    page.locator(".choice").first.click()
    found += faults(page, "lecture")
    page.locator(".buttons .main").last.click()
    series(page)
    found += faults(page, "fin")
    assert not found


def test_a_passage_stands_in_the_sentences_around_it(checked: Checked) -> None:
    script = next(
        it.write(checked.library) for it in browser_data(checked.library) if "passages" in it.path
    )
    training = json.loads(script.split("UneFois.training = ")[1].rstrip(";\n"))
    library = checked.library
    assert len(training["passages"]) == sum(map(len, library.passages.values()))
    for narrative, number, before, words, after, ids in training["passages"]:
        assert words == library.passages[narrative][number - 1].words
        assert ids == list(library.passages[narrative][number - 1].ingredients)
        story = "\n".join(
            "".join(segment.words for segment in paragraph)
            for paragraph in library.paragraphs[narrative]
        )
        assert before + words + after in story
        assert before or after
