"""A workshop fits its time: on the command line, on paper, on the page that composes one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from builder.agenda import DURATIONS, agenda, clock
from builder.guide import Checked
from builder.model import Method
from tests.conftest import ROOT
from tests.states import faults, watched
from tests.test_commands import guide as command
from tests.test_find import page
from tests.test_handouts import text_of

__all__ = ["page"]  # the phone of test_find, that tells what went wrong

HERE = Path(__file__).parent
THEME = "deterioration-de-l-etat-mental"


@pytest.fixture
def method(checked: Checked) -> Method:
    found = checked.library.method
    assert found
    return found


@pytest.mark.parametrize("duration", DURATIONS)
def test_the_steps_fill_the_time_and_keep_their_minimum(method: Method, duration: int) -> None:
    plan = agenda(method.steps, duration, 9 * 60)
    assert sum(slot.minutes for slot in plan.slots) == duration
    assert all(slot.minutes >= slot.step.minimum for slot in plan.slots)
    ends = [slot.start + slot.minutes for slot in plan.slots]
    assert [slot.start for slot in plan.slots] == [9 * 60, *ends[:-1]]
    kept = {slot.step.id for slot in plan.slots} | {step.id for step in plan.dropped}
    assert kept == {step.id for step in method.steps}


def test_the_whole_workshop_is_the_method_itself(method: Method) -> None:
    plan = agenda(method.steps, method.minutes, 0)
    assert [slot.minutes for slot in plan.slots] == [step.minutes for step in method.steps]
    assert not plan.dropped


def test_one_does_not_decide_of_a_story_that_was_not_written(method: Method) -> None:
    dropped = {step.id for step in agenda(method.steps, 75, 0).dropped}
    assert dropped == {"ecriture", "decision"}


def test_hours_are_written_as_they_are_said() -> None:
    assert [clock(minutes) for minutes in (0, 60, 545, 810, 1500)] == [
        "0 h", "1 h", "9 h 05", "13 h 30", "1 h"
    ]  # fmt: skip


def test_the_page_counts_as_the_command_does(browser: Browser, site: Path, method: Method) -> None:
    page = browser.new_page()
    page.goto(f"{site.as_uri()}/ateliers/composer.html")
    theirs = page.evaluate(
        """(durations) => durations.map((minutes) => {
            const { slots, dropped } = Agenda.agenda(WORKSHOP.steps, minutes, 540);
            const given = slots.map((it) => [it.step.id, it.start, it.minutes]);
            return [given, dropped.map((it) => it.id)];
        })""",
        list(DURATIONS),
    )
    page.close()
    ours = []
    for minutes in DURATIONS:
        plan = agenda(method.steps, minutes, 540)
        slots = [[slot.step.id, slot.start, slot.minutes] for slot in plan.slots]
        ours.append([slots, [step.id for step in plan.dropped]])
    assert theirs == ours


def test_the_address_keeps_the_choices(page: Page, site: Path) -> None:
    page.goto(f"{site.as_uri()}/ateliers/composer.html?themes={THEME}")
    page.get_by_label("Durée").select_option("75")
    page.get_by_label("Personnes").fill("10")
    page.get_by_label("Début").fill("13:30")
    page.get_by_label("Les piluliers").uncheck()
    said = page.locator("#compose-result")
    assert "de 13 h 30 à 14 h 45, 10 personnes" in said.inner_text().replace("\u00a0", " ")
    assert "laisse de côté" in said.inner_text()
    assert "piluliers" not in said.inner_text()
    query = parse_qs(urlsplit(page.url).query)
    assert (query["duree"], query["debut"], query["personnes"]) == (["75"], ["13:30"], ["10"])
    shared = said.inner_text()
    page.goto(page.url)
    assert page.locator("#compose-result").inner_text() == shared


@pytest.mark.parametrize(("typed", "counted"), [("6.5", "7"), ("2", "3"), ("99", "40"), ("", "8")])
def test_the_field_says_how_many_persons_are_counted(
    page: Page, site: Path, typed: str, counted: str
) -> None:
    page.goto(f"{site.as_uri()}/ateliers/composer.html?themes={THEME}")
    persons = page.get_by_label("Personnes")
    persons.fill(typed)
    assert f", {counted} personnes" in page.locator("#compose-result").inner_text()
    persons.press("Tab")
    assert persons.input_value() == counted
    assert "de 3 à 40" in page.locator("#compose-said").inner_text()
    assert parse_qs(urlsplit(page.url).query)["personnes"] == [counted]


def test_a_workshop_without_a_story_comes_back_without_a_story(page: Page, site: Path) -> None:
    page.goto(f"{site.as_uri()}/ateliers/composer.html?themes={THEME}")
    stories = page.locator("[name=recits]")
    for box in stories.all():
        box.uncheck()
    page.reload()
    assert stories.count() > 1
    assert page.locator("[name=recits]:checked").count() == 0
    assert page.locator("#compose-said").inner_text() == ""
    stories.first.check()
    page.reload()
    assert page.locator("[name=recits]:checked").count() == 1


def test_an_address_that_asks_for_what_is_not_there_is_told_so(page: Page, site: Path) -> None:
    query = "themes=%3Cb%3E&recits=inconnu&duree=9&debut=99:99&personnes=-4"
    page.goto(f"{site.as_uri()}/ateliers/composer.html?{query}")
    said = page.locator("#compose-said").inner_text()
    assert "« <b> »" in said.replace("\u00a0", " ") and "inconnu" in said and "durée" in said
    assert page.locator("#compose-result h2").first.inner_text().startswith("Thème 1.")


def test_without_script_the_whole_workshop_is_there(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.as_uri()}/ateliers/composer.html")
    assert not page.locator("#compose").is_visible()
    assert page.locator("table.agenda tbody tr").count() == 11
    context.close()


def test_the_composed_workshop_is_accessible(browser: Browser, address: str) -> None:
    with watched(browser) as page:
        page.goto(f"{address}/ateliers/composer.html?themes={THEME}&duree=60")
        assert not faults(page, "atelier composé")


def test_two_clicks_from_home_to_a_kit(page: Page, site: Path) -> None:
    page.goto(f"{site.as_uri()}/index.html")
    page.locator(".site-nav").get_by_role("link", name="Ateliers").click()
    kit = page.get_by_role("link", name="PDF : trousse du thème 4", exact=True)
    assert (kit.get_attribute("href") or "").endswith(f"{THEME}/trousse.pdf")
    assert (site / "ateliers" / THEME / "trousse.pdf").is_file()


# --- guide handout ---------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Give a folder with the small valid guide, and what it takes to print it."""
    shutil.copytree(HERE / "valid", tmp_path, dirs_exist_ok=True)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


def test_a_workshop_of_one_story(small: Path) -> None:
    done = command(
        small, "handout", "--narrative", "la-porte", "--start", "13h30", "--persons", "10",
        "--output", "feuilles",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    names = {file.name for file in (small / "feuilles").iterdir()}
    assert names == {
        "participant.pdf", "animation.pdf", "cartes.pdf", "cartes-recto-verso.pdf", "trousse.pdf"
    }  # fmt: skip
    guide = text_of(small / "feuilles/animation.pdf").replace("\u00a0", " ")
    assert "de 13 h 30 à 14 h 30" in guide
    assert "10 pers." in text_of(small / "feuilles/trousse.pdf").replace("\n", " ")


def test_ingredients_alone_make_cards_alone(small: Path) -> None:
    done = command(small, "handout", "--ingredient", "frapper-deux-coups", "--paper", "a4")
    assert done.returncode == 0, done.stderr
    names = {file.name for file in (small / "feuilles").iterdir()}
    assert names == {"cartes.pdf", "cartes-recto-verso.pdf"}


def test_what_there_is_no_time_for_is_said() -> None:
    done = command(
        ROOT, "handout", "--narrative", "le-silence-de-l-appartement", "--duration", "60",
        "--output", ".build/essai",
    )  # fmt: skip
    shutil.rmtree(ROOT / ".build/essai")
    assert done.returncode == 0, done.stderr
    assert "Faute de temps, cet atelier laisse de côté" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Dites quoi imprimer"),
        (("--narrative", "la-prote"), "vouliez-vous dire « la-porte » ?"),
        (("--theme", "le-voisinage", "--duration", "30"), "Valeur inattendue pour --duration"),
        (("--theme", "le-voisinage", "--start", "25h"), "Valeur inattendue pour --start"),
        (("--theme", "le-voisinage", "--paper", "a3"), "Au choix : letter, a4"),
    ],
)
def test_wrong_usage_is_explained(small: Path, arguments: tuple[str, ...], said: str) -> None:
    done = command(small, "handout", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (small / "feuilles").exists()


def test_the_workshop_script_is_json(site: Path) -> None:
    script = (site / "assets/workshop-data.js").read_text(encoding="utf-8")
    data = json.loads(script.removeprefix("globalThis.WORKSHOP = ").rstrip(";\n"))
    assert len(data["themes"]) == 17
