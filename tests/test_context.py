"""The wider frame: what the sources say has its place, its source, and a way there and back."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser

from builder.comparison import UNKNOWN, comparison, year
from builder.guide import Checked
from builder.library import Library
from builder.model import NOT_GIVEN, Basis, Provenance
from builder.retention import by_basis, read_rate
from tests.conftest import ROOT
from tests.states import faults, watched

GROUPS: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests/facts.yaml").read_text("utf-8"))
FACTS = [(group["page"], group["source"], fact) for group in GROUPS for fact in group["facts"]]


@pytest.fixture(scope="module")
def library(checked: Checked) -> Library:
    return checked.library


def _plain(markup: str) -> str:
    """Give the words of a piece of HTML, without typography."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", markup))
    text = re.sub(r"[\s\u00a0\u202f]+", " ", text).replace("’", "'")
    return re.sub(r" (?=[:;!?%$»])|(?<=«) ", "", text)  # spaces that typography adds


def _parts(page: str) -> list[str]:
    """Cut a page at its headings of the second level."""
    article = page.partition("<article")[2].partition("</article>")[0]
    return re.split(r"(?=<h2)", article)


def test_every_fact_of_the_sources_stands_on_its_page_with_its_source(site: Path) -> None:
    assert len(FACTS) >= 120
    parts = {
        page: _parts((site / f"{page}.html").read_text("utf-8"))
        for page in dict.fromkeys(page for page, _, _ in FACTS)
    }
    lost = [
        f"{page}: {fact} [{source}]"
        for page, source, fact in FACTS
        if not any(
            _plain(fact) in _plain(part) and f'references.html#{source}"' in part
            for part in parts[page]
        )
    ]
    assert not lost, "\n".join(lost)


def test_the_ten_challenges_keep_all_their_strategies(library: Library) -> None:
    challenges = library.challenges.values()
    assert [challenge.number for challenge in challenges] == list(range(1, 11))
    assert [len(it.strategies) for it in challenges] == [5, 3, 2, 5, 2, 5, 4, 4, 6, 1]


def test_a_challenge_meets_the_work_with_a_tenant(library: Library) -> None:
    for id_, challenge in library.challenges.items():
        assert challenge.themes and challenge.ingredients and challenge.situations, id_
        assert challenge.programs, id_
        stories = library.narratives_by_challenge[id_]
        assert stories, id_
        for story in stories:
            assert story.theme in {link.theme for link in challenge.themes}


def test_three_cells_of_the_grid_are_documented_and_nine_proposed(library: Library) -> None:
    (chapter,) = (it for it in library.chapters.values() if it.grid)
    assert chapter.grid
    statuses = [cell.status for cell in chapter.grid.cells]
    assert statuses.count(Provenance.DOCUMENTED) == 3
    assert statuses.count(Provenance.PROPOSED) == 9


def test_what_is_not_known_is_said_in_the_comparison(library: Library) -> None:
    rows = {row["Programme"]: row for row in comparison(library)}
    assert rows["Porte-Clés"]["Équipe"] == UNKNOWN
    assert rows["Streets to Homes"]["Géré par"] == UNKNOWN
    assert all(all(row.values()) for row in rows.values())


def test_the_comparison_keeps_each_rate_with_its_definition(site: Path) -> None:
    text = (site / "data/maintien.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) >= 9
    assert all(row["Définition"] and row["Date"] and row["Source"] for row in rows)
    assert any(row["Date"] == UNKNOWN for row in rows)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("80 %", (80.0, False)),
        ("plus de 95,2 %", (95.2, True)),
        ("Plus de 100%", (100.0, True)),
        ("101 %", None),
        ("presque tous", None),
    ],
)
def test_a_rate_is_read_as_a_source_writes_it(
    value: str, expected: tuple[float, bool] | None
) -> None:
    assert read_rate(value) == expected


def test_rates_measured_differently_are_drawn_apart(library: Library) -> None:
    groups = by_basis(library)
    assert set(groups) == set(Basis)
    for basis, bars in groups.items():
        assert all(bar.figure.retention is basis for bar in bars)
    drawn = [bar.figure for bars in groups.values() for bar in bars]
    known = [it for program in library.programs.values() for it in program.results if it.retention]
    assert sorted(map(id, drawn)) == sorted(map(id, known))


def test_a_year_sorts_what_a_source_dates(library: Library) -> None:
    assert year(library.programs["pathways-vermont"]) == "2010"
    assert all(year(program) for program in library.programs.values())


def test_the_chart_says_in_words_all_that_it_draws(site: Path, library: Library) -> None:
    page = (site / "cadre/programmes/index.html").read_text("utf-8")
    chart = _plain(page.partition('<figure class="rates">')[2].partition("</figure>")[0])
    for bars in by_basis(library).values():
        for bar in bars:
            assert _plain(bar.figure.value) in chart
            assert bar.figure.definition and _plain(bar.figure.definition) in chart
            date = "ne donne pas de date" if bar.figure.date == NOT_GIVEN else bar.figure.date
            assert date and date in chart
    assert "style=" not in page


def test_the_data_tells_the_links_both_ways(site: Path) -> None:
    data = json.loads((site / "data/guide.json").read_text("utf-8"))
    assert len(data["challenges"]) == 10 and len(data["programs"]) == 7
    theme = next(it for it in data["themes"] if it["id"] == "alliance-proprietaire")
    assert "responsabilites-des-proprietaires" in theme["challenges"]
    program = next(it for it in data["programs"] if it["id"] == "bringing-lethbridge-home")
    assert "responsabilites-des-proprietaires" in program["challenges"]


def test_differences_between_sources_stand_side_by_side(site: Path) -> None:
    for path in ("cadre/cles-en-main", "cadre/programmes/cles-en-main"):
        (part,) = (
            _plain(part)
            for part in _parts((site / f"{path}.html").read_text("utf-8"))
            if 'id="ecarts"' in part
        )
        for version in ("489 au 31 mars 2020", "479 en décembre 2022", "95,2%", "95%"):
            assert version in part


def test_a_worker_goes_from_theme_8_to_a_programme_and_back(browser: Browser, site: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((site / "themes/alliance-proprietaire.html").as_uri())
    page.locator("#cadre + .whys a", has_text="responsabilités des propriétaires").click()
    page.wait_for_url("**/cadre/defis/responsabilites-des-proprietaires.html")
    page.locator("#programmes + .whys a", has_text="Lethbridge").click()
    page.wait_for_url("**/cadre/programmes/bringing-lethbridge-home.html")
    page.locator("#defis + .whys a", has_text="Amener les propriétaires").click()
    page.wait_for_url("**/cadre/defis/responsabilites-des-proprietaires.html")
    page.locator("#themes + .whys a", has_text="alliance avec un propriétaire").click()
    page.wait_for_url("**/themes/alliance-proprietaire.html")
    page.close()


def _shown(page: Any) -> list[str]:
    rows = page.locator("table.compare tbody tr:visible")
    return [rows.nth(index).get_attribute("data-id") for index in range(rows.count())]


def test_the_comparison_sorts_filters_and_keeps_its_address(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    page.goto(f"{address}/cadre/programmes/index.html")
    page.get_by_role("button", name="Depuis").click()
    assert _shown(page)[0] == "cles-en-main"
    page.get_by_role("button", name="Depuis").click()
    assert _shown(page)[0] == "porte-cles"
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    page.get_by_label("Chercher dans le tableau").fill("MEUBLES")
    assert _shown(page) == ["bringing-lethbridge-home", "streets-to-homes", "homeward-trust"]
    page.get_by_label("Lieu").select_option("united-states")
    assert _shown(page) == []
    assert "Aucun programme" in page.locator("#compare-count").inner_text()
    page.get_by_label("Lieu").select_option("canada")
    page.reload()
    assert page.get_by_label("Lieu").input_value() == "canada"
    assert _shown(page) == ["bringing-lethbridge-home", "streets-to-homes", "homeward-trust"]
    page.close()


def test_the_comparison_is_whole_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/cadre/programmes/index.html")
    assert len(_shown(page)) == 7
    assert not page.locator(".compare-tools").is_visible()
    context.close()


PRINTED = ("cadre/liste-de-verification", "cadre/collaboration", "cadre/programmes/index")


@pytest.mark.parametrize("path", PRINTED)
def test_a_sheet_prints_without_screen_tools(browser: Browser, address: str, path: str) -> None:
    page = browser.new_page(viewport={"width": 816, "height": 1056})
    page.goto(f"{address}/{path}.html")
    page.emulate_media(media="print")
    for screen_only in (".site-header", ".print", ".compare-tools"):
        assert not page.locator(screen_only).locator("visible=true").count()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_a_filtered_and_sorted_comparison_passes_axe(browser: Browser, address: str) -> None:
    with watched(browser) as page:
        page.goto(f"{address}/cadre/programmes/index.html?q=police&tri=-year")
        assert not faults(page, "filtrée et triée")
