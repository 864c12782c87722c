"""What a team fills in: its collaboration profile, its network map, its meetings' sheets."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from builder.guide import Checked, examine
from tests.conftest import ROOT
from tests.states import FULL_STORAGE, REFUSE_STORAGE, faults, watched

COLLABORATION = "cadre/collaboration.html"
NETWORK = "cadre/reseau-de-voisinage.html"
COMMITTEE = "cadre/comite-de-pratiques.html"
SHEETS = {
    "auto-evaluation-collaboration": 1,
    "carte-du-reseau": 2,
    "cas-anonymise": 2,
    "ronde-hebdomadaire": 1,
}
HOSTILE = "<img src=x onerror=alert(1)> </li><script>alert(2)</script>"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with watched(browser) as page:
        yield page


def open_tool(page: Page, site: Path, path: str) -> None:
    page.goto(f"{site.as_uri()}/{path}")


def partner(page: Page, number: int, role: str, link: str) -> None:
    row = page.get_by_role("group", name=f"Partenaire {number}")
    row.get_by_label("Rôle").fill(role)
    row.get_by_label("Lien avec nous").select_option(label=link)


def kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate("Object.keys(localStorage)")
    return found


# ---------------------------------------------------------------------- meetings and sheets


def test_each_meeting_prints_in_two_pages_and_each_sheet_in_as_few(site: Path) -> None:
    for name, pages in SHEETS.items():
        assert len(pypdf.PdfReader(site / f"ateliers/fiches/{name}.pdf").pages) == pages, name
    for file in (site / "ateliers/plans").glob("*.pdf"):
        assert len(pypdf.PdfReader(file).pages) == 2, file.name


def test_the_steps_of_a_meeting_fill_its_time(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/valid", tmp_path, dirs_exist_ok=True)
    file = tmp_path / "workshops/plans.yaml"
    file.write_text(file.read_text("utf-8").replace("minutes: 60", "minutes: 90", 1), "utf-8")
    (found,) = examine(tmp_path).problems
    assert (found.file, found.line, found.rule) == ("workshops/plans.yaml", 9, "minutes")
    assert found.message == "les étapes font 60 minutes, pas 90"


def test_a_meeting_is_printed_step_by_step(site: Path, checked: Checked) -> None:
    for plan in checked.library.plans:
        reader = pypdf.PdfReader(site / f"ateliers/plans/{plan.id}.pdf")
        text = " ".join(" ".join(it.extract_text() for it in reader.pages).split())
        assert "Déroulement : 1 h" in text.replace("\u00a0", " ")
        assert "0:00" in text
        for step in plan.steps:
            assert step.title.replace("'", "’") in text, step.id


def test_a_meeting_stands_on_its_pages_of_the_frame_and_among_the_workshops(
    page: Page, site: Path, checked: Checked
) -> None:
    plans = checked.library.plans
    assert {plan.id for plan in plans} == {*SHEETS} - {"cas-anonymise", "ronde-hebdomadaire"} | {
        "comite-de-pratiques"
    }
    for plan in plans:
        paths = [f"cadre/{chapter}.html" for chapter in plan.chapters]
        for path in (*paths, "ateliers/index.html"):
            open_tool(page, site, path)
            links = page.locator(f"#rencontre-{plan.id} a[href$='.pdf']")
            assert links.count() > 1
            for link in links.all():
                href = link.get_attribute("href")
                assert href and (site / path).parent.joinpath(href).is_file(), href


def test_a_situation_of_the_committee_leads_to_a_story(page: Page, site: Path) -> None:
    open_tool(page, site, COMMITTEE)
    page.get_by_role("link", name="la feuille d’écriture").wait_for()


# ---------------------------------------------------------------------- the profile


def test_without_a_script_the_grid_and_the_sheet_remain(browser: Browser, site: Path) -> None:
    with watched(browser, java_script_enabled=False) as page:
        for path, table in ((COLLABORATION, "table.grid"), (NETWORK, "dl.terms")):
            open_tool(page, site, path)
            assert page.locator(table).first.is_visible()
            assert page.get_by_role("link", name="la feuille à imprimer").is_visible()
            assert not page.locator(".tool button").count()


def test_a_team_sees_its_profile_in_words_by_keyboard_alone(page: Page, site: Path) -> None:
    open_tool(page, site, COLLABORATION)
    expect(page.locator(".profile li")).to_have_count(4)
    page.get_by_role("radio", name="A. Communication").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Une rencontre annulée")
    page.keyboard.press("Tab")
    page.keyboard.type("La coordonnatrice appelle lundi")
    first = page.locator(".profile li").first
    expect(first).to_contain_text("Convergence des acteurs")
    expect(first).to_contain_text("B. Coordination")
    expect(first).to_contain_text("Une rencontre annulée")
    expect(first).to_contain_text("La coordonnatrice appelle lundi")
    expect(page.locator("#self-assessment")).to_contain_text("1 sur 4 : 1 en coordination.")


def test_nothing_is_kept_unless_asked_and_all_is_erased(page: Page, site: Path) -> None:
    open_tool(page, site, COLLABORATION)
    page.get_by_label("Un fait récent").first.fill("Un fait")
    assert kept(page) == []
    page.get_by_label("Garder sur cet appareil").check()
    page.get_by_role("radio", name="C. Coopération").nth(2).check()
    page.reload()
    expect(page.get_by_label("Garder sur cet appareil")).to_be_checked()
    expect(page.locator(".profile")).to_contain_text("Un fait")
    expect(page.locator(".profile li").nth(2)).to_contain_text("C. Coopération")
    page.get_by_role("button", name="Tout effacer").click()
    assert kept(page) == []
    expect(page.locator(".profile")).not_to_contain_text("Un fait")
    page.reload()
    expect(page.get_by_label("Garder sur cet appareil")).not_to_be_checked()


def test_two_tabs_never_undo_what_the_other_did(page: Page, site: Path) -> None:
    open_tool(page, site, COLLABORATION)
    box, told = page.get_by_label("Garder sur cet appareil"), page.locator(".tool-told")
    box.check()
    other = page.context.new_page()
    open_tool(other, site, COLLABORATION)
    other.get_by_label("Un fait récent").first.fill("Écrit ailleurs")
    expect(box).not_to_be_checked()
    expect(told).to_contain_text("aussi remplie dans un autre onglet")
    page.get_by_label("Un fait récent").first.fill("Écrit ici")
    value = "localStorage.getItem('une-fois-ou.collaboration')"
    assert "Écrit ailleurs" in page.evaluate(value)
    box.check()
    assert "Écrit ici" in page.evaluate(value)
    other.evaluate("localStorage.clear()")
    expect(box).not_to_be_checked()
    expect(told).to_contain_text("effacée de cet appareil dans un autre onglet")
    page.get_by_label("Un fait récent").first.fill("Encore ici")
    assert kept(page) == []


@pytest.mark.parametrize("path", [COLLABORATION, NETWORK])
@pytest.mark.parametrize("refusal", [REFUSE_STORAGE, FULL_STORAGE], ids=["refused", "full"])
def test_a_browser_that_keeps_nothing_says_so(
    browser: Browser, site: Path, path: str, refusal: str
) -> None:
    with watched(browser, init_script=refusal) as page:
        open_tool(page, site, path)
        page.get_by_label("Garder sur cet appareil").click()
        expect(page.get_by_label("Garder sur cet appareil")).not_to_be_checked()
        expect(page.locator(".tool-told").last).to_contain_text("refuse de garder")
        page.get_by_role("button", name="Tout effacer").click()


@pytest.mark.parametrize("path", [COLLABORATION, NETWORK])
@pytest.mark.parametrize(
    "value",
    [
        "{}",
        "[[1,{},[]],null,7]",
        "pas du JSON",
        '[["x","y"]]',
        '{"roles": 7, "between": [[0, 0, "tense"], [0, 9, 1], null, [0, 1, "constructor"]]}',
    ],
)
def test_what_was_kept_by_anything_else_does_no_harm(
    page: Page, site: Path, path: str, value: str
) -> None:
    open_tool(page, site, path)
    for name in ("collaboration", "reseau"):
        page.evaluate(
            "([name, it]) => localStorage.setItem(name, it)", [f"une-fois-ou.{name}", value]
        )
    page.reload()
    expect(page.get_by_role("button", name="Tout effacer")).to_be_visible()


def test_a_hostile_text_stays_a_text(page: Page, site: Path) -> None:
    open_tool(page, site, COLLABORATION)
    page.get_by_label("Un fait récent").first.fill(HOSTILE)
    expect(page.locator(".profile")).to_contain_text(HOSTILE)
    open_tool(page, site, NETWORK)
    page.get_by_label("Rôle").first.fill(HOSTILE[:60])
    expect(page.locator(".map + ul")).to_contain_text(HOSTILE[:60])
    assert not page.locator(".tool img, .tool script").count()


# ---------------------------------------------------------------------- the map


def test_a_map_draws_each_quality_in_words_and_in_its_own_line(page: Page, site: Path) -> None:
    open_tool(page, site, NETWORK)
    for _ in range(2):
        page.get_by_role("button", name="Ajouter un rôle").click()
    for number, link in enumerate(("solide", "fragile", "tendu", "à bâtir"), start=1):
        partner(page, number, f"rôle {number}", link)
    words = page.locator(".map-link").all_text_contents()
    assert words == ["lien solide", "lien fragile", "lien tendu", "lien à bâtir"]
    lines = page.evaluate(
        "[...document.querySelectorAll('.map-line')].map((it) => "
        "[it.points.numberOfItems > 2, it.hasAttribute('stroke-dasharray')])"
    )
    plain, zigzag, dotted = [False, False], [True, False], [False, True]
    assert lines == [plain, plain, plain, zigzag, dotted]  # a solid link is two lines
    listed = page.locator(".map + ul li").all_text_contents()
    assert [it.replace("\u00a0", " ") for it in listed] == [
        f"rôle {number} : {word}." for number, word in enumerate(words, start=1)
    ]


def test_the_same_roles_make_the_same_map(page: Page, site: Path) -> None:
    drawings = []
    for _ in range(2):
        open_tool(page, site, NETWORK)
        partner(page, 1, "La concierge", "tendu")
        partner(page, 2, "Une association de locataires de l’ensemble", "solide")
        drawings.append(page.locator(".map svg").evaluate("it => it.outerHTML"))
    assert drawings[0] == drawings[1]


def test_no_box_of_a_full_map_covers_another(page: Page, site: Path) -> None:
    open_tool(page, site, NETWORK)
    more = page.get_by_role("button", name="Ajouter un rôle")
    while more.is_enabled():
        more.click()
    for field in page.get_by_label("Rôle").all():
        field.fill("Une coordonnatrice de l’office d’habitation, secteur")
    boxes = page.locator(".map-box").evaluate_all(
        "all => all.map((it) => it.getBBox()).map((it) => [it.x, it.y, it.x + it.width, "
        "it.y + it.height])"
    )
    assert len(boxes) == 16
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1]
            assert apart or other[3] <= one[1]
    spill = page.locator(".map-role").evaluate_all("all => all.map((it) => it.getBBox().width)")
    assert max(spill) < 168


def relate(page: Page, one: str, other: str, link: str) -> None:
    page.get_by_label("Un partenaire").select_option(label=one)
    page.get_by_label("Un autre").select_option(label=other)
    page.get_by_label("Lien entre eux").select_option(label=link)
    page.get_by_role("button", name="Relier ces partenaires").press("Enter")


def test_partners_are_linked_with_one_another(page: Page, site: Path) -> None:
    open_tool(page, site, NETWORK)
    expect(page.get_by_label("Un partenaire")).to_be_hidden()  # nobody is named yet
    page.get_by_role("button", name="Ajouter un rôle").click()
    page.get_by_label("Garder sur cet appareil").check()
    for number, role in enumerate(("La concierge", "Le CLSC", "La police"), start=1):
        partner(page, number, role, "à préciser")
    told = page.locator(".tool-between .tool-told")
    relate(page, "La concierge", "La concierge", "tendu")
    expect(told).to_contain_text("deux partenaires différents")
    relate(page, "La concierge", "Le CLSC", "fragile")  # from one side to the other
    relate(page, "La concierge", "La police", "tendu")  # on one side
    expect(told).to_contain_text("Lien ajouté : La concierge – La police, tendu.")
    relate(page, "Le CLSC", "La concierge", "à bâtir")
    expect(told).to_contain_text("Lien changé")
    said = ["La concierge – La police : lien tendu.", "Le CLSC – La concierge : lien à bâtir."]
    for _ in range(2):
        assert page.locator(".map-tie").count() == 2
        assert page.locator(".map-tie[stroke-dasharray]").count() == 1
        assert sorted(page.locator(".map-between").all_text_contents()) == ["tendu", "à bâtir"]
        listed = page.get_by_role("list", name="Entre partenaires").locator("li")
        assert sorted(it.replace("\u00a0", " ") for it in listed.all_text_contents()) == said
        page.reload()
    page.get_by_role("button", name="Retirer le lien La concierge – La police").press("Enter")
    expect(told).to_contain_text("Lien retiré")
    expect(page.get_by_role("button", name="Retirer le lien")).to_be_focused()
    page.get_by_role("button", name="Retirer le partenaire 2").press("Enter")
    assert page.locator(".map-tie").count() == 0
    assert "[]" in page.evaluate("localStorage.getItem('une-fois-ou.reseau')")


def test_the_two_lists_never_begin_with_the_same_partner(page: Page, site: Path) -> None:
    open_tool(page, site, NETWORK)
    for number, role in enumerate(("Concierge", "Police"), start=1):
        partner(page, number, role, "à préciser")
    lists = [page.get_by_label(name) for name in ("Un partenaire", "Un autre")]
    chosen = [it.evaluate("(it) => it.selectedOptions[0].text") for it in lists]
    assert chosen == ["Concierge", "Police"]
    page.get_by_role("button", name="Relier ces partenaires").press("Enter")
    expect(page.locator(".tool-between .tool-told")).to_contain_text("Concierge – Police")


def test_a_map_kept_before_partners_were_linked_comes_back(page: Page, site: Path) -> None:
    open_tool(page, site, NETWORK)
    page.evaluate(
        """() => localStorage.setItem("une-fois-ou.reseau", '[["Le CLSC", "solid", "", ""]]')"""
    )
    page.reload()
    expect(page.locator(".map + ul")).to_contain_text("Le CLSC : lien solide.")


def test_a_name_is_noticed_and_a_role_is_not(page: Page, site: Path) -> None:
    open_tool(page, site, NETWORK)
    role = page.get_by_label("Rôle").first
    warning = page.locator(".tool-warning").first
    role.fill("Mme Tremblay, concierge")
    role.blur()
    expect(warning).to_contain_text("pourrait désigner quelqu’un")
    role.fill("L’intervenante de milieu")
    role.blur()
    expect(warning).to_be_empty()


def test_a_role_is_removed_by_keyboard_and_the_map_follows(page: Page, site: Path) -> None:
    open_tool(page, site, NETWORK)
    partner(page, 1, "La concierge", "tendu")
    partner(page, 2, "Le CLSC", "solide")
    page.get_by_role("button", name="Retirer le partenaire 1").focus()
    page.keyboard.press("Enter")
    assert page.locator(".map + ul li").all_text_contents() == ["Le CLSC\u00a0: lien solide."]
    expect(page.get_by_label("Rôle").first).to_be_focused()


def test_a_kept_map_comes_back(page: Page, site: Path) -> None:
    open_tool(page, site, NETWORK)
    page.get_by_label("Garder sur cet appareil").check()
    partner(page, 1, "La concierge", "tendu")
    page.get_by_label("Ce dont il a besoin").first.fill("être prévenue")
    page.reload()
    expect(page.locator(".map + ul")).to_contain_text("La concierge")
    expect(page.locator(".map + ul")).to_contain_text("A besoin de : être prévenue.")


# ---------------------------------------------------------------------- on paper, and for everyone


@pytest.mark.parametrize("path", [COLLABORATION, NETWORK])
def test_the_result_is_printed_alone_in_one_page(
    browser: Browser, site: Path, tmp_path: Path, path: str
) -> None:
    with watched(browser, init_script="window.print = () => {};") as page:
        open_tool(page, site, path)
        if path == NETWORK:
            partner(page, 1, "La concierge", "tendu")
            partner(page, 2, "Le CLSC", "solide")
            relate(page, "La concierge", "Le CLSC", "fragile")
        page.get_by_role("button", name="Imprimer la feuille").click()
        file = tmp_path / "feuille.pdf"
        page.pdf(path=file, format="Letter", prefer_css_page_size=True)
        reader = pypdf.PdfReader(file)
        text = reader.pages[0].extract_text()
        plain = " ".join(text.split())
        assert len(reader.pages) == 1
        assert ("lien tendu" if path == NETWORK else "Notre profil") in text
        assert ("La concierge – Le CLSC : lien fragile." in plain) == (path == NETWORK)
        assert "Garder sur cet appareil" not in text and "Relier" not in text
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("html[data-prints]").count() == 0


def test_the_tools_are_for_everyone(page: Page, address: str) -> None:
    page.goto(f"{address}/{COLLABORATION}")
    found = faults(page, "profil vide")
    page.get_by_role("radio", name="C. Coopération").first.check()
    page.get_by_label("Un fait récent").first.fill("Mme Tremblay a rappelé")
    page.get_by_label("Un fait récent").first.blur()
    found += faults(page, "profil commencé")
    page.goto(f"{address}/{NETWORK}")
    found += faults(page, "carte vide")
    partner(page, 1, "La concierge", "tendu")
    partner(page, 2, "Le CLSC", "à bâtir")
    relate(page, "La concierge", "Le CLSC", "fragile")
    found += faults(page, "carte")
    assert not found, "\n".join(found)
