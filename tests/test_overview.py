"""The matrix, the map and the path: true to the library, readable by all, on paper too."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bench import synthetic
from builder.exports import exports, tables
from builder.guide import Checked, examine
from builder.library import Library
from builder.map import MOST_INGREDIENTS, MOST_THEMES, draw, key, read_off
from builder.matrix import path_themes, theme_matrix, theory_matrix
from builder.model import Entry, Stage
from builder.pages import pages
from builder.pieces import Text
from tests.states import axe_faults, watched


@pytest.fixture(scope="module")
def library(checked: Checked) -> Library:
    return checked.library


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Give a library with more ingredients than a map holds."""
    root = tmp_path_factory.mktemp("large")
    synthetic.make(root, 800)
    return examine(root).library


@pytest.fixture(params=[390, 1280], ids=["phone", "desktop"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Give a page that tells what went wrong in it."""
    viewport = {"width": request.param, "height": 844}
    with watched(browser, viewport=viewport) as page:
        yield page


#: A first page that is slow keeps the device's fonts, whatever they are: ours are wanted here.
OUR_FONTS = """() => Promise.all(
  ["Source Serif 4", "Source Sans 3"].flatMap((family) => [400, 600].map(async (weight) => {
    const file = `${family.toLowerCase().replaceAll(" ", "-")}-latin-${weight}-normal.woff2`;
    const font = new FontFace(family, `url(assets/fonts/${file})`, { weight });
    document.fonts.add(await font.load());
  })))"""


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    yield page
    page.close()


def names(page: Page, table: str = ".matrix-themes") -> list[str]:
    return page.locator(f"{table} tbody tr:visible th").all_inner_texts()


# ——— The matrix ———


def test_the_matrix_counts_each_story_once_in_its_theme(library: Library) -> None:
    themes = path_themes(library)
    counted = {
        (row.ingredient.id, theme.id): count
        for row in theme_matrix(library)
        for theme, count in zip(themes, row.counts, strict=True)
        if count
    }
    assert counted == Counter(
        (id_, story.theme)
        for story in library.narratives.values()
        for id_ in {it for words in library.passages[story.id] for it in words.ingredients}
    )


def test_each_number_opens_a_list_of_as_many_stories(site: Path) -> None:
    html = (site / "matrice.html").read_text("utf-8")
    cells = re.findall(r'<a href="(ingredients/[^"]+)#(theme-\d+)">.*?<b>(\d+)</b>', html)
    assert len(cells) > 100
    for path, anchor, number in cells:
        lists = unescape((site / path).read_text("utf-8"))
        found = re.search(rf'<ul class="readings" id="{anchor}">(.*?)</ul>', lists, re.DOTALL)
        assert found and found[1].count("<li>") == int(number), (path, anchor)


def test_the_second_matrix_says_where_each_link_comes_from(library: Library) -> None:
    found = {
        (row.ingredient.id, theory): link.status
        for row in theory_matrix(library)
        for theory, link in zip(library.theories, row.links, strict=True)
        if link
    }
    assert found == {
        (it.id, link.theory): link.status
        for it in library.ingredients.values()
        for link in it.theories
    }


def test_the_data_of_a_guide_without_themes_are_whole(tmp_path: Path) -> None:
    (tmp_path / "ingredients").mkdir()
    made = {export.path: b"".join(export.runs) for export in exports(examine(tmp_path).library)}
    whole = json.loads(made["data/guide.json"])
    assert list(whole)[:2] == ["themes", "narratives"] and whole["themes"] == []
    assert made["data/narratives.csv"].decode("utf-8-sig").startswith("id,title,theme,")


def test_a_text_takes_pieces_of_the_one_before_in_any_order() -> None:
    pieces = {"a": b"un", "b": b"deux", "c": b"trois", "d": b""}
    before = Text()
    for name, piece in pieces.items():
        before.add(piece, name)
    text = Text(b"".join(before.runs()), before.places)
    pieces["x"] = b"quatre"
    for name in "caxbcda":
        if text.knows(name):
            text.take(name)
        else:
            text.add(pieces[name], name)
    made = b"".join(text.runs())
    assert made == b"".join(pieces[name] for name in "caxbcda")
    assert [bytes(run) for run in text.runs()] == [b"trois", b"un", b"quatre", b"deuxtrois", b"un"]
    for name, (start, size) in text.places.items():
        assert made[start : start + size] == pieces[name]


def test_the_data_take_over_the_entries_that_did_not_change(library: Library) -> None:
    story = "le-silence-de-l-appartement"
    made = {export.path: export for export in exports(library, mark=lambda entry: entry.id)}

    def before(path: str) -> Text:  # with a word that tells where a piece comes from
        if path not in made:
            return Text()
        return Text(b"".join(made[path].runs).replace(b"Je ", b"JE "), made[path].places)

    def mark(entry: Entry) -> str:
        return "changed" if entry.id == story else entry.id

    again = {export.path: b"".join(export.runs) for export in exports(library, before, mark)}
    for path in ("data/guide.json", "data/narratives.csv"):
        whole, part = b"".join(made[path].runs), again[path]
        assert part.replace(b"JE ", b"Je ") == whole
        assert part.count(b"JE ") > 100 and part.count(b"Je ") > 1


def tables_of(library: Library) -> dict[str, list[dict[str, str]]]:
    """Give the rows of each matrix and comparison, by the path of its file."""
    return {
        table.path: list(csv.DictReader(io.StringIO(table.make(library).decode("utf-8-sig"))))
        for table in tables()
        if table.path.endswith(".csv")
    }


def test_the_tables_hold_what_the_page_holds(library: Library) -> None:
    tables = tables_of(library)
    themes = [theme.id for theme in path_themes(library)]
    for row, line in zip(theme_matrix(library), tables["data/matrix-themes.csv"], strict=True):
        assert line["id"] == row.ingredient.id
        assert [int(line[id_]) for id_ in themes] == list(row.counts)
        assert int(line["narratives"]) == row.total
    for link, line in zip(theory_matrix(library), tables["data/matrix-theories.csv"], strict=True):
        assert [line[id_] for id_ in library.theories] == [
            it.status if it else "" for it in link[1]
        ]


def test_sorting_puts_the_largest_first_then_last_and_says_so(desk: Page, site: Path) -> None:
    desk.goto((site / "matrice.html").as_uri())
    button = desk.get_by_role("button", name="4 – Trier par le thème 4")
    column = desk.locator(".matrix-themes .heads th").filter(has=button)
    index = column.evaluate("(th) => th.cellIndex + 1")

    def shown() -> list[int]:
        cells = desk.locator(f".matrix-themes tbody td:nth-child({index})").all_text_contents()
        found = [re.search(r"(\d+)\s+récit", cell) for cell in cells]
        return [int(it[1]) if it else 0 for it in found]

    button.focus()
    desk.keyboard.press("Enter")
    assert column.get_attribute("aria-sort") == "descending"
    assert shown() == sorted(shown(), reverse=True)
    desk.keyboard.press("Enter")
    assert column.get_attribute("aria-sort") == "ascending"
    filled = [number for number in shown() if number]
    assert filled == sorted(filled) and shown()[: len(filled)] == filled
    assert desk.locator(".matrix-themes [aria-sort]").count() == 1


def test_sifting_by_words_provenance_and_stage_stays_in_the_address(
    page: Page, address: str, library: Library
) -> None:
    page.goto(f"{address}/matrice.html")
    page.get_by_label("Ingrédient", exact=True).fill("ECOUTE l'autre zzz")
    assert names(page) == []
    page.get_by_label("Ingrédient", exact=True).fill("d'être")
    assert names(page) == ["Accepter d’être mis à l’épreuve", "Donner l’occasion d’être utile"]
    page.get_by_role("combobox", name="Provenance de l’ingrédient").select_option("Documenté")
    assert names(page) == names(page, ".matrix-theories") == ["Accepter d’être mis à l’épreuve"]
    assert page.get_by_role("status").inner_text() == "1 ingrédient sur 50."
    page.get_by_label("Ingrédient", exact=True).fill("")
    page.get_by_label("Étape du parcours").select_option("S’installer")
    wanted = [
        it
        for it in library.ingredients.values()
        if it.status == "documented"
        and any(theme.stage is Stage.SETTLE for theme in library.themes_by_ingredient[it.id])
    ]
    assert len(names(page)) == len(wanted)
    assert page.locator(".matrix-themes thead th[data-stage]:not([hidden])").count() == 4
    assert "status=documented&stage=settle" in page.url
    page.reload()
    assert len(names(page)) == len(wanted)
    assert not [*axe_faults(page, "")]


def test_an_address_that_makes_no_sense_shows_the_whole_matrix(page: Page, site: Path) -> None:
    page.goto((site / "matrice.html").as_uri() + "?status=<b>&stage=nulle-part&x=1")
    assert len(names(page)) == 50
    page.goto((site / "matrice.html").as_uri() + "?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    assert names(page) == []
    assert page.locator("main img").count() == 0


def test_without_script_both_tables_are_whole(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "matrice.html").as_uri())
    assert page.locator(".matrix-themes tbody tr").count() == 50
    assert page.locator(".matrix-theories tbody tr").count() == 50
    expect(page.locator(".sift")).to_be_hidden()
    assert page.get_by_role("main").get_by_role("button").count() == 0
    context.close()


def test_a_phone_reads_each_ingredient_as_a_list(browser: Browser, site: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((site / "matrice.html").as_uri())
    row = page.locator(".matrix-themes tbody tr").filter(has_text="Ne pas paniquer")
    assert "4. Quand l’état mental se détériore : 3 récits" in row.inner_text().replace("\xa0", " ")
    boxes = page.evaluate(
        "Array.from(document.querySelectorAll('.matrix a, .matrix button'), (it) => "
        "it.getBoundingClientRect()).filter((it) => it.width).map((it) => [it.height, it.right])"
    )
    assert all(height >= 24 and right <= 390 for height, right in boxes)
    page.close()


def test_heads_and_names_stay_in_sight_while_scrolling(desk: Page, site: Path) -> None:
    desk.set_viewport_size({"width": 900, "height": 700})
    desk.goto((site / "matrice.html").as_uri())
    frame = desk.get_by_role("region", name="Tableau des ingrédients et des thèmes")
    frame.evaluate("(it) => it.scrollTo(200, 600)")
    box = frame.bounding_box()
    head = desk.get_by_role("button", name="Trier par le thème 5").bounding_box()
    name = desk.locator(".matrix-themes tbody th").nth(25).bounding_box()
    assert box and head and name
    assert box["y"] <= head["y"] <= box["y"] + 40
    assert box["x"] <= name["x"] <= box["x"] + 2


def test_the_matrix_of_the_frame_leads_to_the_reason_of_each_link(
    library: Library, site: Path
) -> None:
    html = (site / "cadre/matrice.html").read_text("utf-8")
    challenges = library.challenges.values()
    for anchor, linked in (
        ("themes", [len(it.themes) for it in challenges]),
        ("programmes", [len(it.programs) for it in challenges]),
        ("ingredients", [len(it.ingredients) for it in challenges]),
    ):
        cells = re.findall(rf'<td[^>]*><a href="\.\./(cadre/defis/[^"]+)#{anchor}">', html)
        assert len(cells) == sum(linked), anchor
        for path in set(cells):
            assert f'id="{anchor}"' in (site / path).read_text("utf-8"), path
    for path in set(re.findall(r'href="\.\./((?:themes|ingredients)/[^"]+)#cadre"', html)):
        assert 'id="cadre"' in (site / path).read_text("utf-8"), path


def test_the_tables_of_the_frame_hold_the_reasons(library: Library) -> None:
    tables = tables_of(library)
    by_theme = {row["id"]: row for row in tables["data/matrix-challenges-themes.csv"]}
    by_program = {row["id"]: row for row in tables["data/matrix-challenges-programs.csv"]}
    by_ingredient = {row["id"]: row for row in tables["data/matrix-ingredients-challenges.csv"]}
    assert list(by_theme) == list(by_program) == list(library.challenges)
    for id_, challenge in library.challenges.items():
        for to in challenge.themes:
            assert by_theme[id_][to.theme] == to.why
        for practice in challenge.programs:
            assert by_program[id_][practice.program] == practice.why
        for link in challenge.ingredients:
            assert by_ingredient[link.ingredient][id_] == link.why
    reasons = [value for row in by_theme.values() for value in list(row.values())[3:] if value]
    assert len(reasons) == sum(len(it.themes) for it in library.challenges.values())


def test_the_matrix_of_the_frame_is_sorted_and_for_everyone(page: Page, address: str) -> None:
    page.goto(f"{address}/cadre/matrice.html")
    first = page.locator(".matrix-themes").first.locator("tbody th")
    page.get_by_role("button", name="Trier par nombre de thèmes").click()
    expect(first.first).to_have_text("9. Loger dans un marché serré")
    page.get_by_role("button", name="Défi", exact=True).first.click()
    expect(first.last).to_have_text("10. La fidélité au modèle")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not [*axe_faults(page, "")]


def test_the_matrix_of_many_stories_stays_light(large: Library) -> None:
    matrix = next(page for page in pages(large) if page.path == "matrice")
    assert len(large.ingredients) == 80
    assert len(matrix.markdown) < 7_000 * len(large.ingredients)


# ——— The map ———


def test_the_map_is_drawn_the_same_each_time_and_leaves_nothing_out(library: Library) -> None:
    drawn = draw(library)
    assert drawn == draw(library)
    assert (drawn.ingredients_left, drawn.curves_left) == (0, 0)
    ends = Counter(curve.ends for curve in drawn.curves)
    assert ends == Counter(
        [
            (key(library.theories[link.theory]), key(it))
            for it in library.ingredients.values()
            for link in it.theories
        ]
        + [
            (key(it), key(theme))
            for it in library.ingredients.values()
            for theme in library.themes_by_ingredient[it.id]
        ]
    )


@pytest.mark.parametrize("which", ["library", "large"])
def test_no_two_names_of_a_column_meet(which: str, request: pytest.FixtureRequest) -> None:
    drawn = draw(request.getfixturevalue(which))
    for column in (drawn.theories, drawn.ingredients, drawn.themes):
        for above, below in pairwise(column):
            assert below.y - above.y >= 8 * (len(above.lines) + len(below.lines)), below.entry.id
        assert all(0 < node.y < drawn.height for node in column)


def test_a_large_map_says_what_it_leaves_out(large: Library) -> None:
    drawn = draw(large)
    assert len(drawn.ingredients) == MOST_INGREDIENTS
    assert drawn.ingredients_left == 20
    a_theme = Counter(curve.ends[0] for curve in drawn.curves if curve.ends[1].startswith("theme"))
    assert set(a_theme.values()) <= set(range(1, MOST_THEMES + 1))
    page = next(page for page in pages(large) if page.path == "carte")
    assert "La carte montre les" in page.markdown
    told = set(re.findall(r"ingredients/([\w-]+)\.html", page.markdown.partition("## Tous ces")[2]))
    assert told == {node.entry.id for node in drawn.ingredients}


def test_what_is_read_off_the_map_stands_in_words(library: Library, site: Path) -> None:
    seen = read_off(library)
    assert seen.alone == ()
    assert (seen.ties[0].ingredient.id, seen.ties[0].theme.number, seen.ties[0].number) == (
        "ne-pas-paniquer",
        4,
        3,
    )
    most = max(len(themes) for themes in library.themes_by_ingredient.values())
    assert seen.widest[0][1] == most
    html = (site / "carte.html").read_text("utf-8")
    assert "Rien n’est isolé" in html
    for tie in seen.ties:
        assert tie.ingredient.short.replace("'", "’") in html


def test_every_name_is_inside_the_drawing_and_over_no_other(desk: Page, site: Path) -> None:
    desk.goto((site / "carte.html").as_uri())
    desk.evaluate(OUR_FONTS)
    met = desk.evaluate(
        """() => {
          const map = document.querySelector(".map");
          const [, , width, height] = map.getAttribute("viewBox").split(" ").map(Number);
          const boxes = Array.from(map.querySelectorAll("text"),
            (text) => [text.textContent, text.getBBox()]);
          const out = boxes.filter(([, it]) =>
            it.x < 0 || it.y < 0 || it.x + it.width > width || it.y + it.height > height);
          const over = boxes.filter(([, a], i) => boxes.some(([, b], j) => i < j &&
            a.x < b.x + b.width && b.x < a.x + a.width &&
            a.y + 3 < b.y + b.height && b.y + 3 < a.y + a.height));
          const wide = Array.from(map.querySelectorAll("rect"), (rect) => rect.parentNode)
            .filter((node) => node.querySelector("text").getBBox().width > 280)
            .map((node) => [node.textContent]);
          return [...out, ...over, ...wide].map(([text]) => text);
        }"""
    )
    assert met == []


def lit(page: Page) -> set[str]:
    found: list[str] = page.eval_on_selector_all(
        ".map .node.lit", "all => all.map((it) => it.dataset.key)"
    )
    return set(found)


def linked(library: Library, id_: str) -> set[str]:
    ingredient = library.ingredients[id_]
    return {
        key(ingredient),
        *(key(theme) for theme in library.themes_by_ingredient[id_]),
        *(f"theory:{link.theory}" for link in ingredient.theories),
    }


def test_the_links_of_a_name_stand_out_on_hover_and_in_focus(
    page: Page, address: str, library: Library
) -> None:
    page.goto(f"{address}/carte.html")
    node = page.locator('[data-key="ingredient:ne-pas-paniquer"]')
    node.hover()
    assert lit(page) == linked(library, "ne-pas-paniquer")
    page.mouse.move(0, 0)
    assert lit(page) == set()
    page.locator('[data-key="ingredient:convenir-a-froid"]').focus()
    assert lit(page) == linked(library, "convenir-a-froid")
    assert not [*axe_faults(page, "")]
    page.keyboard.press("Enter")
    page.wait_for_url("**/ingredients/convenir-a-froid.html")


def test_a_finger_shows_the_links_first_then_opens(
    browser: Browser, site: Path, library: Library
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto((site / "carte.html").as_uri())
    node = page.locator('[data-key="ingredient:ne-pas-paniquer"]')
    node.tap()
    assert lit(page) == linked(library, "ne-pas-paniquer")
    assert page.url.endswith("carte.html")
    node.tap()
    page.wait_for_url("**/ingredients/ne-pas-paniquer.html")
    context.close()


def test_the_map_prints_whole_on_one_sheet(desk: Page, site: Path) -> None:
    desk.set_viewport_size({"width": 665, "height": 904})  # letter, less its margins, at 96 dpi
    desk.goto((site / "carte.html").as_uri())
    desk.emulate_media(media="print")
    box = desk.locator(".map").bounding_box()
    assert box
    assert box["width"] <= 665
    assert box["height"] <= 904


def test_the_links_print_in_text_without_what_the_screen_alone_can_do(
    desk: Page, site: Path
) -> None:
    desk.goto((site / "carte.html").as_uri())
    assert desk.get_by_text("Passez sur un nom").is_visible()
    desk.emulate_media(media="print")
    assert not desk.get_by_text("Passez sur un nom").is_visible()
    assert not desk.get_by_role("link", name="Les mêmes liens en texte").is_visible()
    lists = desk.locator("#liens ~ details")
    assert lists.count() > 20
    for it in lists.all():
        assert it.locator("summary").is_visible()
        assert it.locator("li").first.evaluate("(it) => it.checkVisibility()")


# ——— The path ———


def test_the_path_walks_the_themes_stage_by_stage(page: Page, site: Path, library: Library) -> None:
    page.goto((site / "parcours.html").as_uri())
    headings = page.locator(".steps h3").all_text_contents()
    themes = path_themes(library)
    assert [int(re.findall(r"\d+", text)[0]) for text in headings] == [it.number for it in themes]
    stages = page.locator("article h2").all_inner_texts()
    assert stages == [
        "Se préparer",
        "S’installer",
        "Habiter",
        "Traverser une période difficile",
        "Partir, recommencer",
    ]
    assert "regroupement en étapes" in page.locator("article").inner_text()
    page.get_by_role("navigation", name="Étapes du parcours").get_by_role("link").last.click()
    page.wait_for_url("**#theme-17")


def test_home_offers_both_ways_in(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name="Suivre le parcours").click()
    page.wait_for_url("**/parcours.html")
    page.go_back()
    page.get_by_role("region", name="Dire ce qui se passe").get_by_role("searchbox").fill(
        "le loyer"
    )
    page.keyboard.press("Enter")
    page.wait_for_url("**/trouver.html?q=le+loyer")
