"""A story's page in its three modes, in a real browser, by mouse, by finger and by keyboard."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from builder.guide import Checked, examine
from builder.steps import steps
from tests.conftest import ROOT
from tests.states import FULL_STORAGE, REFUSE_STORAGE, faults, watched

STORY = "recits/le-silence-de-l-appartement.html"
STEPS = steps(examine(ROOT).library.method)
KEY = "une-fois-ou.atelier.le-silence-de-l-appartement"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with watched(browser) as page:
        yield page


@pytest.fixture(params=["file", "server"])
def start(request: pytest.FixtureRequest, site: Path, address: str) -> str:
    """Give the address of a story, from a USB key and from a server."""
    return f"{site.as_uri() if request.param == 'file' else address}/{STORY}"


@pytest.fixture
def story(address: str) -> str:
    return f"{address}/{STORY}"


def choose(page: Page, mode: str) -> None:
    page.get_by_role("radio", name=mode).check(force=True)


def following(page: Page) -> Locator:
    return page.get_by_role("button", name="Étape suivante")


def to_search(page: Page, story: str) -> None:
    page.goto(f"{story}?mode=atelier")
    for _ in range(3):
        following(page).click()
    expect(page.get_by_role("heading", name="Quels ingrédients voyez-vous")).to_be_focused()


def pick(page: Page, first: str, last: str) -> None:
    """Drag the mouse from a word of the story to another."""
    boxes = []
    for text in (first, last):
        word = page.locator(".word", has_text=text).first
        word.scroll_into_view_if_needed()
        boxes.append(word)
    start, end = (box.bounding_box() for box in boxes)
    assert start
    assert end
    page.mouse.move(start["x"] + 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + 15, end["y"] + end["height"] / 2)
    page.mouse.up()
    expect(page.locator(".docked")).to_be_visible()


def first_letters(words: Locator) -> tuple[float, float]:
    """Give a place on the first line of words, which may start in the middle of a line."""
    words.scroll_into_view_if_needed()
    x, y = words.evaluate("(it) => { const {x, y} = it.getClientRects()[0]; return [x, y]; }")
    return x + 5, y + 10


# ------------------------------------------------------------------ the page, without a script


def test_without_javascript_all_is_there_in_order(browser: Browser, start: str) -> None:
    with watched(browser, java_script_enabled=False) as page:
        page.goto(start)
        titles = page.locator(".step h2")
        assert titles.all_inner_texts()[0] == "Le récit"
        assert titles.count() == len(STEPS)
        for step in page.locator(".step").all():
            assert step.is_visible()
        assert page.locator(".answer").first.is_visible()
        assert page.locator(".passage-letter").first.is_visible()
        assert not page.locator("#modes").is_visible()
        page.locator(".passage-letter").first.click()
        page.wait_for_url("**#ingredient-cultiver-les-moments-informels")


# ------------------------------------------------------------------ the choice


def test_the_choice_stands_in_the_address_and_lasts_for_the_visit(page: Page, start: str) -> None:
    page.goto(start)
    assert "mode" not in page.url
    choose(page, "Atelier")
    assert page.url.endswith("?mode=atelier")
    page.goto(start.replace("le-silence-de-l-appartement", "la-chaine-a-la-porte"))
    expect(page.get_by_role("radio", name="Atelier")).to_be_checked()
    assert page.url.endswith("?mode=atelier")
    choose(page, "Lecture")
    assert "mode" not in page.url


def test_a_link_to_an_ingredient_of_the_story_shows_it(page: Page, story: str) -> None:
    page.goto(f"{story}?mode=atelier")
    page.goto("about:blank")
    page.goto(f"{story}#ingredient-ne-pas-paniquer")
    expect(page.locator("#ingredient-ne-pas-paniquer")).to_be_in_viewport()


@pytest.mark.parametrize("mode", ["martien", "constructor", "<img src=x onerror=alert(1)>", ""])
def test_an_unknown_mode_is_named_and_the_story_is_read(page: Page, story: str, mode: str) -> None:
    page.goto(f"{story}?mode={mode}")
    expect(page.get_by_role("radio", name="Lecture")).to_be_checked()
    assert "n’existe pas" in page.locator("#mode-help").inner_text()
    assert mode in page.locator("#mode-help").inner_text()
    assert page.locator(".story").is_visible()


# ------------------------------------------------------------------ lecture


def test_focus_shows_what_a_mark_says_and_escape_closes(
    page: Page, story: str, checked: Checked
) -> None:
    page.goto(story)
    letter = page.locator(".passage-letter").nth(2)
    page.locator(".passage-letter").nth(1).focus()
    page.keyboard.press("Tab")
    expect(letter).to_be_focused()
    panel = page.get_by_role("dialog", name="Ingrédient à l’œuvre")
    told = panel.inner_text()
    ingredient = checked.library.ingredients["ne-pas-paniquer"]
    assert ingredient.name in told
    assert "Deux gestes à contresens de la peur" in told
    assert "Documenté" in told
    assert "Théorie de l’attachement" in told
    assert "Proposé" in told
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Fermer")).to_be_focused()
    page.keyboard.press("Tab")
    expect(panel.get_by_role("link", name="Ne pas paniquer")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(letter).to_be_focused()


def test_a_finger_opens_a_sheet_that_leaves_the_words_in_sight(
    browser: Browser, story: str
) -> None:
    with watched(browser, has_touch=True, is_mobile=True) as page:
        page.goto(story)
        for number in range(page.locator(".passage").count()):
            words = page.locator(".passage").nth(number)
            page.touchscreen.tap(*first_letters(words))
            panel = page.get_by_role("dialog")
            sheet, box = panel.bounding_box(), words.bounding_box()
            assert sheet
            assert box
            assert round(sheet["y"] + sheet["height"]) == 844
            assert box["y"] + box["height"] <= sheet["y"]
            panel.get_by_role("button", name="Fermer").tap()
            expect(panel).to_be_hidden()


def test_a_mouse_shows_on_its_way_and_may_enter_the_panel(browser: Browser, story: str) -> None:
    with watched(browser, viewport={"width": 1280, "height": 800}) as page:
        page.goto(story)
        page.locator(".passage").nth(2).scroll_into_view_if_needed()
        page.locator(".passage").nth(2).hover()
        panel = page.get_by_role("dialog")
        expect(panel).to_be_visible()
        panel.hover()
        expect(panel).to_be_visible()
        page.mouse.move(2, 2)
        page.get_by_role("heading", level=1).hover()
        page.locator(".story p").first.hover(position={"x": 2, "y": 2})
        expect(panel).to_be_hidden()


# ------------------------------------------------------------------ atelier

MARKED = """() => [...document.querySelectorAll(".passage, .passage *")].filter((it) => {
  const look = getComputedStyle(it), plain = getComputedStyle(document.querySelector(".story p"));
  return ["backgroundColor", "backgroundImage", "color", "textDecorationLine", "borderBottomWidth"]
    .some((name) => look[name] !== plain[name]) || it.cursor === "pointer";
}).length"""


def test_atelier_shows_no_mark_before_the_reveal(page: Page, start: str) -> None:
    page.goto(f"{start}?mode=atelier")
    for _ in range(4):
        assert page.evaluate(MARKED) == 0
        assert page.locator(".passage-letter:visible").count() == 0
        assert page.locator("mark").first.get_attribute("role") == "none"
        assert not page.locator(".readings").is_visible()
        page.mouse.click(*first_letters(page.locator(".passage").first))
        expect(page.get_by_role("dialog")).to_be_hidden()
        following(page).click()
    assert page.evaluate(MARKED) > 0
    assert page.locator(".passage-letter:visible").count() == 8
    assert page.locator(".readings").is_visible()


def test_steps_and_answers_open_one_after_the_other_by_keyboard(page: Page, story: str) -> None:
    page.goto(f"{story}?mode=atelier")
    for number, step in enumerate(STEPS[1:], 2):
        assert page.locator(".step:visible").count() == number - 1
        following(page).focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == step.id
        assert f"Étape {number} de 7" in page.locator(f"[data-step={step.id}]").inner_text()
    assert page.locator("#situations").is_visible()
    assert not page.locator(".facilitation").is_visible()

    answers = page.locator(".answer:visible")
    assert answers.count() == 0
    for number in (1, 2, 3):
        page.get_by_role("button", name="Montrer la réponse").first.focus()
        page.keyboard.press("Enter")
        assert answers.count() == number
    page.reload()
    assert page.locator(".step:visible").count() == 7
    page.get_by_role("button", name="Recommencer au début").click()
    assert page.locator(".step:visible").count() == 1


# ------------------------------------------------------------------ find the ingredients


def test_words_are_chosen_with_the_mouse_and_named_while_typing(page: Page, story: str) -> None:
    to_search(page, story)
    pick(page, "poche", "enlevé")
    assert page.locator(".find-form .quoted").inner_text() == "«\u00a0poche et j’ai enlevé\u00a0»"
    name = page.get_by_role("combobox", name="Ce que j’y vois")
    name.press_sequentially("paniq")
    options = page.locator(".options").get_by_role("option")
    assert options.first.inner_text().startswith("Ne pas paniquer")
    name.press("ArrowDown")
    active = name.get_attribute("aria-activedescendant")
    assert active
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    name.press("Enter")
    assert name.input_value() == "Ne pas paniquer"
    name.press("Enter")
    assert "poche et j’ai enlevé" in page.locator(".finds").inner_text()
    expect(page.locator(".docked")).to_be_hidden()


def by_keys(page: Page, sentence: str, name: str) -> None:
    """Choose a whole sentence, then its second word to its last, and name it. No pointer."""
    summary = page.locator(".workshop summary")
    if not page.get_by_label("Phrase").is_visible():
        summary.focus()
        page.keyboard.press("Enter")
    place = page.get_by_label("Phrase")
    labels = place.locator("option").all_inner_texts()
    place.select_option(index=next(n for n, label in enumerate(labels) if sentence in label))
    page.get_by_label("Du mot").select_option(index=1)
    page.keyboard.press("Tab")
    page.get_by_role("combobox", name="Ce que j’y vois").focus()
    page.keyboard.type(name)
    page.keyboard.press("Enter")


def test_readers_in_turn_by_keyboard_then_side_by_side_without_a_score(
    page: Page, start: str
) -> None:
    to_search(page, start)
    by_keys(page, "Je l’ai laissé dans ma poche", "Garder son manteau pour plus tard")
    page.get_by_role("button", name="Personne suivante").focus()
    page.keyboard.press("Enter")
    by_keys(page, "C’était la première fois", "ne pas paniquer")
    by_keys(page, "Je les ai ravalées", "Se taire")
    found = page.locator(".finds").inner_text()
    assert found.index("Lectrice ou lecteur 1") < found.index("Garder son manteau")
    assert found.index("Garder son manteau") < found.index("Lectrice ou lecteur 2")
    assert found.index("Lectrice ou lecteur 2") < found.index("Ne pas paniquer")  # as the guide has

    following(page).focus()
    page.keyboard.press("Enter")
    calm = page.locator("#ingredient-ne-pas-paniquer")
    assert "Deux gestes à contresens" in calm.inner_text()
    assert "Garder son manteau pour plus tard" in calm.locator(".theirs").inner_text()
    other = page.locator("#ingredient-ne-pas-toujours-chercher-des-solutions .theirs")
    assert "Se taire" in other.inner_text()
    elsewhere = page.locator(".step > .theirs").inner_text()
    assert "la première fois" in elsewhere
    assert (
        "Rien sur ces mots." in page.locator("#ingredient-utiliser-des-mediums-varies").inner_text()
    )
    for word in ("score", "bonne réponse", "erreur", "/8", "%"):
        assert word not in page.locator("[data-step=ingredients]").inner_text().lower()


def test_notes_outlive_a_reload_and_are_kept_only_if_asked(page: Page, story: str) -> None:
    to_search(page, story)
    by_keys(page, "Je l’ai laissé", "Tenir bon")
    page.reload()
    assert "Tenir bon" in page.locator(".finds").inner_text()
    assert page.evaluate(f"localStorage.getItem('{KEY}')") is None
    page.get_by_label("Garder ces notes sur cet appareil").check()
    assert "Tenir bon" in page.evaluate(f"localStorage.getItem('{KEY}')")
    page.evaluate("sessionStorage.clear()")
    to_search(page, story)
    assert "Tenir bon" in page.locator(".finds").inner_text()
    page.get_by_role("button", name="Retirer").click()
    assert "Tenir bon" not in page.locator(".finds").inner_text()
    by_keys(page, "Je l’ai laissé", "Encore")
    page.get_by_role("button", name="Tout effacer").click()
    assert page.evaluate(f"[localStorage.getItem('{KEY}'), sessionStorage.getItem('{KEY}')]") == [
        None,
        None,
    ]
    assert "Rien encore" in page.locator(".finds").inner_text()


def test_two_tabs_never_undo_what_the_other_did(page: Page, story: str) -> None:
    to_search(page, story)
    keep, told = page.get_by_label("Garder ces notes"), page.locator(".workshop .told")
    keep.check()
    by_keys(page, "Je l’ai laissé", "Tenir bon")
    other = page.context.new_page()
    to_search(other, story)
    by_keys(other, "Je l’ai laissé", "Attendre")
    expect(keep).not_to_be_checked()
    expect(told).to_contain_text("Un autre onglet garde d’autres notes")
    by_keys(page, "Je l’ai laissé", "Patienter")
    value = f"localStorage.getItem('{KEY}')"
    assert "Attendre" in page.evaluate(value) and "Patienter" not in page.evaluate(value)
    page.reload()
    assert "Patienter" in page.locator(".finds").inner_text()
    expect(keep).not_to_be_checked()
    expect(told).to_contain_text("Un autre onglet garde d’autres notes")
    keep.check()
    assert "Patienter" in page.evaluate(value)

    other.evaluate("localStorage.clear()")
    expect(keep).not_to_be_checked()
    expect(told).to_contain_text("effacées de cet appareil dans un autre onglet")
    by_keys(page, "Je l’ai laissé", "Encore")
    assert page.evaluate(value) is None


@pytest.mark.parametrize("script", [REFUSE_STORAGE, FULL_STORAGE], ids=["refused", "full"])
def test_when_nothing_can_be_kept_the_page_says_so_and_loses_nothing(
    browser: Browser, story: str, script: str
) -> None:
    with watched(browser, init_script=script) as page:
        to_search(page, story)
        by_keys(page, "Je l’ai laissé", "Tenir bon")
        assert "refuse de garder vos notes" in page.locator(".told").inner_text()
        assert "Tenir bon" in page.locator(".finds").inner_text()
        following(page).click()
        assert "Tenir bon" in page.locator(".theirs").first.inner_text() + page.inner_text("main")


HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    "kept",
    [
        "{",
        "[]",
        "null",
        '{"finds": 3}',
        json.dumps({"finds": [None, {"reader": "x"}, {"from": -1}], "action": {}}),
        json.dumps(
            {
                "finds": [
                    {"reader": 1, "from": 3, "to": 5, "words": HOSTILE, "id": "", "name": HOSTILE},
                    {"reader": 1, "from": 9e9, "to": 9e9, "words": "x", "id": "x", "name": "loin"},
                ],
                "action": HOSTILE,
            }
        ),
    ],
)
def test_notes_that_were_tampered_with_do_no_harm(page: Page, story: str, kept: str) -> None:
    page.goto(story)
    page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [KEY, kept])
    to_search(page, story)
    assert page.locator(".finds").is_visible()
    if "img" in kept:
        assert HOSTILE in page.locator(".finds").inner_text()
        assert "Le récit a changé depuis" in page.locator(".finds").inner_text()
    assert page.locator("img").count() == 0


def test_the_sheet_prints_what_was_found_and_the_reveal_only_once_open(
    page: Page, story: str
) -> None:
    page.add_init_script("window.print = () => { window.printed = true; }")
    to_search(page, story)
    by_keys(page, "Je l’ai laissé", "Tenir bon")
    page.emulate_media(media="print")
    page.locator(".workshop button", has_text="Imprimer").dispatch_event("click")
    assert page.evaluate("window.printed")
    printed = page.locator("main").inner_text()
    assert "Tenir bon" in printed
    assert "n’étaient pas encore dévoilés" in printed
    assert "contresens" not in printed
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    following(page).click()
    page.emulate_media(media="print")
    page.locator(".workshop button", has_text="Imprimer").dispatch_event("click")
    assert "contresens" in page.locator(".sheet").inner_text()


def test_printing_before_the_reveal_reveals_nothing_and_says_so(page: Page, story: str) -> None:
    page.goto(f"{story}?mode=atelier")
    following(page).click()
    page.emulate_media(media="print")
    printed = page.locator("main").inner_text()
    assert "Imprimé à l’étape 2 de 7" in printed
    assert "contresens" not in printed
    assert page.evaluate(MARKED) == 0
    page.emulate_media(media="screen")
    choose(page, "Lecture")
    page.emulate_media(media="print")
    printed = page.locator("main").inner_text()
    assert "contresens" in printed
    assert "Imprimé à l’étape" not in printed


# ------------------------------------------------------------------ animation


def test_a_workshop_goes_by_arrows_with_the_notes_and_a_timer(page: Page, start: str) -> None:
    page.clock.install()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{start}?mode=animation")
    assert page.locator(".facilitation p").first.is_visible()
    assert f"{sum(step.minutes for step in STEPS)} minutes" in page.locator(".agenda").inner_text()
    for step in STEPS:
        page.keyboard.press("ArrowRight")
        assert page.locator(".step:visible").count() == 1
        assert page.evaluate("document.activeElement.id") == step.id
        timer = page.get_by_role("timer")
        assert timer.inner_text() == f"{step.minutes}:00"
    assert page.get_by_role("button", name="Suivante").is_disabled()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.id") == "theories"
    page.get_by_role("button", name="Démarrer").click()
    page.clock.run_for(65_000)
    assert timer.inner_text() == "3:55"
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(60_000)
    assert timer.inner_text() == "3:55"
    page.get_by_role("button", name="Démarrer").click()
    page.clock.run_for(240_000)
    assert timer.inner_text() == "+0:05"
    assert "Temps écoulé" in page.locator(".bar").inner_text()
    page.keyboard.press("ArrowRight")
    page.clock.run_for(1_000)
    assert timer.inner_text() == "14:59"
    page.get_by_role("button", name="Notes").click()
    assert page.locator(".facilitation p").first.is_visible()
    page.get_by_role("button", name="Quitter").click()
    assert page.locator(".step:visible").count() == len(STEPS) - 1


def test_a_remote_reads_a_long_step_to_its_end_before_the_next(page: Page, story: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{story}?mode=animation")
    page.keyboard.press("ArrowRight")
    seen = [page.evaluate("scrollY")]
    while page.locator("#recit").is_visible():
        page.keyboard.press("PageDown")
        seen.append(page.evaluate("scrollY"))
        assert len(seen) < 20
    assert len(seen) > 3
    assert page.locator("#clarifications").is_visible()
    for _ in range(20):
        page.keyboard.press("PageUp")
    assert page.locator(".agenda").is_visible()


def test_the_projector_shows_large_letters_and_no_mark_before_the_reveal(
    page: Page, story: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{story}?mode=animation")
    page.keyboard.press("ArrowRight")
    assert (
        page.evaluate("parseFloat(getComputedStyle(document.querySelector('.story')).fontSize)")
        > 30
    )
    assert page.evaluate(MARKED) == 0
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    assert page.evaluate(MARKED) > 0


@pytest.mark.parametrize("width", [320, 390, 430])
def test_on_a_phone_the_bar_leaves_the_screen_to_the_story(
    page: Page, story: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{story}?mode=animation")
    bar, title = page.locator(".bar"), page.locator(".bar-title")
    for _ in STEPS:
        page.keyboard.press("ArrowRight")
        said, whole = title.bounding_box(), bar.bounding_box()
        assert said and whole
        assert said["height"] < 30  # one line
        assert whole["height"] < 844 / 4
        assert said["width"] > 130 or title.evaluate("(it) => it.scrollWidth <= it.clientWidth")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    whole = bar.bounding_box()
    assert whole and whole["height"] < 844 * 0.55


# ------------------------------------------------------------------ every state


def test_lecture_passes_axe_in_every_state(page: Page, story: str) -> None:
    page.goto(story)
    found = faults(page, "lecture")
    page.locator(".passage-letter").nth(2).click()
    found += faults(page, "lecture, panneau")
    page.goto(f"{story}?mode=martien")
    found += faults(page, "mode inconnu")
    assert not found


def test_atelier_passes_axe_in_every_state(page: Page, story: str) -> None:
    page.goto(f"{story}?mode=atelier")
    found = faults(page, "atelier, récit")
    to_search(page, story)
    page.locator(".workshop summary").click()
    found += faults(page, "atelier, recherche")
    pick(page, "poche", "enlevé")
    page.get_by_role("combobox", name="Ce que j’y vois").fill("moment")
    found += faults(page, "atelier, nommer")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    for _ in range(3):
        following(page).click()
    page.get_by_role("button", name="Montrer la réponse").first.click()
    found += faults(page, "atelier, tout ouvert")
    assert not found


def test_animation_passes_axe_in_every_state(page: Page, story: str) -> None:
    page.goto(f"{story}?mode=animation")
    found = faults(page, "animation, notes")
    page.keyboard.press("ArrowRight")
    found += faults(page, "animation, récit")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    found += faults(page, "animation, ingrédients")
    assert not found


def test_the_story_page_stays_light(browser: Browser, site: Path, address: str) -> None:
    """Compressed as a server would: the first visit with the fonts, then another story."""

    def weigh(page: Page, path: str) -> int:
        asked: list[str] = []
        page.on("requestfinished", lambda request: asked.append(urlsplit(request.url).path))
        page.goto(f"{address}/{path}", wait_until="networkidle")
        return sum(_compressed(site / name.lstrip("/")) for name in {*asked} - seen or [])

    seen: set[str] = set()
    with watched(browser) as page:
        assert weigh(page, STORY) < 150_000
    other = site / "recits/la-chaine-a-la-porte.html"
    assert _compressed(other) < 30_000


def _compressed(path: Path) -> int:
    content = path.read_bytes()
    return len(content if path.suffix == ".woff2" else gzip.compress(content))
