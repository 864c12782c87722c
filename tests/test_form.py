"""« Proposer un récit », in a real browser: what it gives is what `guide check` accepts."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from builder.form import LONGEST_ADDRESS, Sending, fields, script, sending
from builder.guide import Checked, build
from builder.model import CONTENT, Consent, Kind, Narrative, Withdrawn
from builder.parsing import parse
from builder.reading import slug
from builder.typography import french
from tests.conftest import ROOT
from tests.states import faults, spare, watched
from tests.test_commands import guide as command

STORY = """J'étais en retard. J'ai frappé deux coups, puis plus rien.
« C'est qui? » Il a ouvert. La voisine m'attendait avec son numéro.
Je n'ai rien dit. J'ai attendu trente secondes, le sac à la main."""
TEXTS = {
    "title": "La mandarine pelée",
    "teller": "Une intervenante en suivi",
    "summary": "Une porte, trente secondes, une mandarine dans la poche.",
    "outcome": "On s'est vus le mardi suivant.",
    "facilitation": "Laisser le silence durer.\nPuis demander ce qu'il a fait.",
}
FIRST = {
    "discussion.clarifications.question": "Combien de temps?",
    "discussion.clarifications.answer": "Trente secondes.",
    "discussion.interventions": "Visite à domicile",
    "questions": "Qu'auriez-vous fait à la quinzième seconde?",
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a phone's page that tells what went wrong in it."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    spare(context)
    page = context.new_page()
    page.set_default_timeout(10_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text))
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    context.close()
    assert not faults


@pytest.fixture
def form(page: Page, site: Path) -> Page:
    """Give the form, opened from the files of the site."""
    page.goto((site / "proposer.html").as_uri())
    return page


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the guide's entries, to check stories in."""
    root = tmp_path_factory.mktemp("entries")
    for name in CONTENT:
        shutil.copytree(ROOT / name, root / name)
    return root


def fill(page: Page, story: str = STORY) -> None:
    """Fill all that a story needs, but for its marks."""
    page.locator("#f-story").fill(story)
    for key, text in TEXTS.items():
        page.locator(f"#f-{key}").fill(text)
    page.locator("#f-theme").select_option("mediation-voisinage")
    page.locator("#f-situations").press_sequentially("ouvre pas")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("Récit composite").check()
    for key, text in FIRST.items():
        page.locator(f"[data-key='{key}']").first.fill(text)


def select(page: Page, first: str, last: str) -> None:
    """Choose words of the story with the mouse, from the first to the last."""
    words = page.locator("#mark-story .word")
    start, end = words.filter(has_text=first).first, words.filter(has_text=last).first
    start.scroll_into_view_if_needed()
    one, other = start.bounding_box(), end.bounding_box()
    assert one and other
    page.mouse.move(one["x"] + 2, one["y"] + 10)
    page.mouse.down()
    page.mouse.move(other["x"] + other["width"] - 5, other["y"] + 10, steps=4)
    page.mouse.up()


def mark(page: Page, first: str, last: str, search: str, reading: str) -> None:
    """Mark words with the first ingredient that a search finds, and say why."""
    select(page, first, last)
    page.locator("#mark-name").press_sequentially(search)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Marquer ces mots").click()
    page.keyboard.type(reading)


def verify(page: Page) -> list[str]:
    """Ask for the file; give what the summary says is wrong."""
    page.get_by_role("button", name="Vérifier et préparer le fichier").click()
    return page.locator("#form-summary li").all_inner_texts()


def result(page: Page) -> str:
    """Give the file that was made."""
    assert page.locator("#form-result").is_visible()
    return page.locator("#result-yaml").input_value()


def accepted(entries: Path, text: str, name: str = "essai.yaml") -> dict[str, Any]:
    """Put a file among the stories: no problem, nothing to format. Give what it says."""
    file = entries / "narratives" / name
    file.write_text(text, encoding="utf-8")
    try:
        done = command(entries, "check")
        assert f"narratives/{name}" not in done.stdout + done.stderr, done.stdout + done.stderr
        assert done.returncode == 0
        formatted = command(entries, "format", "--check", f"narratives/{name}")
        assert (formatted.returncode, formatted.stdout) == (0, ""), formatted.stdout
    finally:
        file.unlink()
    _, data, faults = parse(f"narratives/{name}", text.encode())
    assert data and not faults
    return data


def test_a_story_is_flagged_corrected_marked_downloaded_and_published(
    form: Page, guide: Path, tmp_path: Path
) -> None:
    fill(form, STORY.replace("son numéro", "418 555-1234").replace("La voisine", "Mélanie"))
    found = form.locator("#f-story-findings")
    found.get_by_text("418 555-1234").first.wait_for()
    assert found.locator(".finding").count() == 2
    assert "Il mène droit à une personne" in found.inner_text()
    assert french("Écrivez « son numéro »") in found.inner_text()
    refused = verify(form)
    assert len(refused) == 2
    assert "418 555-1234" in refused[1]
    assert not form.locator("#form-result").is_visible()

    found.get_by_role("button", name="Choisir ces mots dans le texte : 418").click()
    form.keyboard.type("son numéro")
    found.get_by_role("button", name="Choisir ces mots dans le texte : Mélanie").click()
    form.keyboard.type("La voisine")
    form.locator("#f-story-findings").wait_for(state="hidden")
    mark(form, "frappé", "coups", "ne pas paniquer", "Deux coups, et le reste lui appartient.")
    assert verify(form) == []
    with form.expect_download() as download:
        form.get_by_role("link", name="Télécharger le fichier").click()
    name = download.value.suggested_filename
    assert name == "la-mandarine-pelee.yaml"

    root = tmp_path / "guide"
    shutil.copytree(guide, root)
    download.value.save_as(root / "narratives" / name)
    checked = command(root, "check")
    assert checked.returncode == 0
    assert name not in checked.stdout
    assert command(root, "format", "--check").stdout == ""
    assert build(root, lambda stage: None).written
    site = root / "site"
    story = (site / "recits/la-mandarine-pelee.html").read_text("utf-8")
    assert "frappé deux coups</mark>" in story
    back = (site / "ingredients/ne-pas-paniquer.html").read_text("utf-8")
    assert "recits/la-mandarine-pelee.html#ingredient-ne-pas-paniquer" in back
    assert "recits/la-mandarine-pelee.html" in (site / "assets/search-index.js").read_text("utf-8")
    assert "la-mandarine-pelee" in command(root, "search", "mandarine", "--json").stdout
    assert "la-mandarine-pelee" in (site / "data/guide.json").read_text("utf-8")
    kit = "ateliers/mediation-voisinage/participant.pdf"
    assert (site / kit).read_bytes() != (guide / "site" / kit).read_bytes()


def test_nothing_leaves_the_browser_while_the_story_is_written(page: Page, address: str) -> None:
    page.goto(f"{address}/proposer.html", wait_until="networkidle")
    assert "Rien ne quitte votre navigateur" in page.locator(".form-promise").inner_text()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#form-keep").check()
    fill(page)
    mark(page, "frappé", "coups", "ne pas paniquer", "Deux coups.")
    page.locator("#preview-fold summary").click()
    assert verify(page) == []
    page.get_by_role("button", name="Copier le texte").click()
    page.wait_for_timeout(500)
    assert asked == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le fichier").click()
    assert download.value.path().read_text("utf-8") == result(page)
    assert {urlsplit(url).scheme for url in asked} <= {"blob"}


HOSTILE = {
    "yaml": "Une fois : le proprio # pas\n- tiret\n--- \n%TAG\n& * ! | > @ \"x\" 'y' {a: b}, null",
    "markup": "<script>alert(1)</script> **gras** {{ 7*7 }} &#42; <!-- --> </textarea></form> $x$",
    "unseen": "Un\u200b mot\u202e coupé\ufeff,\ttabulé\u2028puis\x85là\u00a0!\r\nFin.",
    "spaces": "   \n\n\n  Des   espaces \u00a0 partout   \n \t \n et des lignes vides.  \n\n",
    "long word": "x" * 400 + " " + "« y » : z ; " * 20,
    "numbers": "1\n2.\n3) true\nnull\n~\n0x10\n1e5",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_any_text_gives_a_file_that_reads_as_it_was_typed(
    form: Page, entries: Path, kind: str
) -> None:
    fill(form, HOSTILE[kind])
    form.locator("#f-facilitation").fill(HOSTILE[kind])
    form.locator("#f-summary").fill(HOSTILE[kind][:250])
    form.locator("#preview-fold summary").click()
    assert verify(form) == []
    data = accepted(entries, result(form))
    typed = HOSTILE[kind].translate(dict.fromkeys(map(ord, "\u200b\u202e\ufeff")))
    assert data["story"].split() == typed.split()
    assert "49" not in form.locator("#preview").inner_text()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Il a dit [rien du tout", "parenthèses"),
        ("Une clé 🔑 sur la table", "polices d’impression"),
        ("Début. À écrire… fin.", "à remplacer"),
        ("   \n\t ", "à remplir"),
        ("a" * 8001, "8\xa0001 caractères"),
        ("Écrivez à qui@exemple.org", "à retirer"),
    ],
)
def test_what_check_refuses_is_refused_here(form: Page, text: str, message: str) -> None:
    fill(form, text)
    (fault,) = verify(form)
    assert message in fault
    form.get_by_role("link", name=fault).click()
    assert form.evaluate("document.activeElement.id") == "f-story"
    assert not form.locator("#form-result").is_visible()


def test_texts_are_counted_as_check_counts_them(form: Page, checked: Checked) -> None:
    stories = list(checked.library.narratives.values())[:12]
    awkward = [*HOSTILE.values(), "un\ndeux", "é" * 300, "𝒂𝒃 deux", ""]
    typed = [*(one.facilitation for one in stories), *awkward]
    told = form.evaluate(
        """(texts) => texts.map((text) => {
            const clean = UneFois.draft.clean(text);
            const data = {facilitation: UneFois.draft.read(clean, true).text};
            return [UneFois.draft.length(clean, true), CanonicalYaml.write(data, FormModel.layout)];
        })""",
        typed,
    )
    for length, text in told:
        _, data, _ = parse("narratives/x.yaml", text.encode())
        assert length == len((data or {}).get("facilitation", ""))


def test_the_browser_sets_french_and_names_files_as_the_builder(
    form: Page, checked: Checked
) -> None:
    stories = checked.library.narratives.values()
    texts = [text for one in stories for text in (one.title, one.outcome, one.facilitation)]
    texts += ["10 000 $ à 5 %", "Quoi?!", "Œuvre : æ, « oui »;", "l'an... 12:30"]
    assert form.evaluate("(all) => all.map(UneFois.draft.french)", texts) == [*map(french, texts)]
    titles = [one.title for one in stories] + [
        *("Œuf à 3 $", "  ÉTÉ – ﬁn  ", "…", "L’été de l’appartement", "Un rendez\u2011vous—manqué"),
        *("L'été de l'appartement", "“Oui”", "appar\u00adtement"),
    ]
    assert form.evaluate("(all) => all.map(UneFois.draft.slug)", titles) == [*map(slug, titles)]


def test_a_file_never_takes_the_name_of_a_story_that_is_there(form: Page, checked: Checked) -> None:
    title = checked.library.narratives["le-silence-de-l-appartement"].title
    titles = [title, title.replace("'", "’"), "Index", "Con", "COM1", "L’été", "a" * 120]
    made = form.evaluate("(titles) => titles.map(UneFois.draft.fileName)", titles)
    assert made == [
        *["le-silence-de-l-appartement-2.yaml"] * 2,
        *("index-2.yaml", "con-2.yaml", "com1-2.yaml", "l-ete.yaml", f"{'a' * 97}.yaml"),
    ]


def test_a_file_never_takes_a_name_that_the_check_refuses(checked: Checked, entries: Path) -> None:
    withdrawn = (Withdrawn(kind=Kind.NARRATIVE, id="retire", reason="À la demande."),)
    ledger = checked.library.ledger.model_copy(update={"withdrawn": withdrawn})
    library = dataclasses.replace(checked.library, ledger=ledger)
    text = script(library, Sending("", "")).partition(" = ")[2].rstrip(";\n")
    taken = json.loads(text)["taken"]
    assert "retire" in taken
    reserved = set(taken) - set(checked.library.narratives) - {"retire"}
    for name in reserved:
        (entries / "narratives" / f"{name}.yaml").touch()
    done = command(entries, "check")
    for name in reserved:
        (entries / "narratives" / f"{name}.yaml").unlink()
    told = re.findall(r"narratives/([\w-]+)\.yaml.*identifiant-reserve", done.stdout)
    assert set(told) == reserved


def test_two_hundred_kilobytes_get_a_message_and_the_page_goes_on(form: Page) -> None:
    fill(form)
    mark(form, "frappé", "coups", "ne pas paniquer", "Deux coups.")
    form.locator("#f-story").fill("Mélanie a crié. " * 12_800)
    form.get_by_text("204\xa0800 caractères, 8\xa0000 au plus").first.wait_for()
    form.locator("#f-title").fill("Toujours là")
    assert len(verify(form)) == 1
    form.locator("#f-story").fill(STORY)
    assert verify(form) == []
    assert "[frappé deux coups](ne-pas-paniquer)" in result(form)


def test_a_name_is_kept_only_with_a_reason(form: Page, entries: Path) -> None:
    fill(form, STORY.replace("La voisine m'attendait", "Il écoutait du Brahms, Brahms encore"))
    found = form.locator("#f-story-findings")
    keep = found.get_by_role("button", name="Garder ces mots : Brahms").first
    keep.click()
    form.keyboard.press("Enter")
    assert "Dites pourquoi" in found.inner_text()
    form.keyboard.type("Brahms, au 514 555-0143.")
    form.keyboard.press("Enter")
    assert "Cette raison est publiée avec le récit" in found.inner_text()
    form.keyboard.press("Control+A")
    form.keyboard.type("Un compositeur, à la radio.")
    form.keyboard.press("Enter")
    found.wait_for(state="hidden")
    assert verify(form) == []
    data = accepted(entries, result(form))
    assert data["allowed_names"] == [{"text": "Brahms", "why": "Un compositeur, à la radio."}]
    form.locator("#f-story").fill(STORY)
    assert verify(form) == []
    assert "allowed_names" not in accepted(entries, result(form))


def test_each_line_is_read_apart_as_check_will(form: Page) -> None:
    """A capital that begins a line of speech names nobody; the same one inside a line may."""
    texts = ["Il dit oui\nCela suffit", "Il dit oui Cela suffit"]
    found = form.evaluate(
        "(all) => all.map((text) => UneFois.draft.findings(text, true, []).map((it) => "
        "text.slice(it.start, it.end)))",
        [*texts, "Un  mot\n\n  puis   Mélanie   seule"],
    )
    assert found == [[], ["Cela"], ["Mélanie"]]


def test_a_story_of_the_field_needs_its_consent_and_a_retold_one_its_source(
    form: Page, entries: Path
) -> None:
    fill(form)
    form.get_by_label("Récit de terrain").check()
    assert len(verify(form)) == 6
    for name in ("given", "individualisation", "correlation", "inference"):
        form.locator(f"#f-origin-consent-{name}").check()
    form.locator("#f-origin-consent-reviewed-by").fill("La coordination de l'équipe")
    form.locator("#f-origin-consent-date").fill("2026-03-01")
    assert verify(form) == []
    consent = accepted(entries, result(form))["origin"]["consent"]
    assert set(consent) == set(Consent.model_fields)
    form.get_by_label("Récit reformulé").check()
    (fault,) = verify(form)
    assert "Sources" in fault
    form.locator("[data-part=ref]").select_option("morin-lain-vallee-2020")
    form.locator("[data-key='origin.sources.detail']").fill("thème 4, Mme Tremblay")
    (fault,) = verify(form)
    assert "Mme Tremblay" in fault
    form.locator("[data-key='origin.sources.detail']").fill("thème 4")
    assert verify(form) == []
    origin = accepted(entries, result(form))["origin"]
    assert origin["sources"] == [{"ref": "morin-lain-vallee-2020", "detail": "thème 4"}]
    assert "consent" not in origin


def test_a_review_of_a_day_to_come_is_refused(browser: Browser, site: Path) -> None:
    with watched(browser, timezone_id="America/Toronto") as page:
        page.clock.set_fixed_time("2026-03-02T03:00:00Z")  # the evening of the first, here
        page.goto((site / "proposer.html").as_uri())
        page.get_by_label("Récit de terrain").check()
        date = page.locator("#f-origin-consent-date")
        assert date.get_attribute("max") == "2026-03-01"
        for day, message in (
            ("2026-03-01", ""),
            ("2026-03-02", "Cette date n’est pas encore venue."),
            ("", "Donnez une date complète."),
        ):
            date.fill(day)
            verify(page)
            assert page.locator("#f-origin-consent-date-error").inner_text() == message


def test_a_new_ingredient_goes_in_a_note_and_its_words_stay_plain(
    form: Page, entries: Path, tmp_path: Path
) -> None:
    fill(form)
    select(form, "attendu", "secondes")
    form.locator("#mark-name").fill("Compter ses respirations")
    form.get_by_role("button", name="Marquer ces mots").click()
    assert "proposez-en un nouveau" in form.locator("#mark-dock").inner_text()
    form.get_by_role("button", name="Proposer un nouvel ingrédient").click()
    (fault,) = verify(form)
    assert fault.startswith("Lecture, Compter ses respirations")
    form.get_by_label("Lecture").fill("Trente\u00ad secondes : ni vingt, ni Brahms.\n# et - puis")
    form.get_by_role("button", name="Garder ces mots : Brahms").click()
    form.keyboard.type("Un compositeur, à la radio.")
    form.keyboard.press("Enter")
    assert verify(form) == []
    text = result(form)
    assert text.startswith("# Ingrédients proposés")
    assert "# - Compter ses respirations : « attendu trente secondes »." in text
    assert "[" not in accepted(entries, text)["story"]
    mail = parse_qs(urlsplit(str(form.locator("#result-mail").get_attribute("href"))).query)
    assert "Compter ses respirations" in mail["body"][0]
    assert STORY[:20] not in mail["body"][0]
    file = tmp_path / "recu.yaml"
    file.write_text(text, encoding="utf-8")
    assert command(entries, "import", str(file)).returncode == 0
    imported = entries / "narratives/la-mandarine-pelee.yaml"
    assert imported.read_text("utf-8") == text
    imported.unlink()


def propose(page: Page, first: str, last: str, name: str) -> None:
    """Mark words with an ingredient that the guide does not have."""
    select(page, first, last)
    page.locator("#mark-name").fill(name)
    page.get_by_role("button", name="Proposer un nouvel ingrédient").click()


def test_a_new_ingredient_that_was_renamed_leaves_its_name_to_another(form: Page) -> None:
    fill(form)
    propose(form, "frappé", "coups", "Laisser la porte ouverte")
    form.get_by_label("Nom proposé").fill("")
    form.get_by_label("Lecture").fill("La première.")
    assert "Nom proposé, sans nom\xa0: à remplir." in verify(form)
    form.get_by_label("Nom proposé").fill("Frapper deux coups")
    propose(form, "attendu", "secondes", "Laisser la porte ouverte")
    form.get_by_label("Lecture").last.fill("La seconde.")
    propose(form, "sac", "main", "Frapper deux coups")
    assert form.locator("#mark-readings > li").count() == 2
    assert verify(form) == []
    text = " ".join(result(form).replace("#", " ").split())
    assert "- Frapper deux coups : « frappé deux coups », « sac à la main ». La première." in text
    assert "- Laisser la porte ouverte : « attendu trente secondes ». La seconde." in text


def test_by_keyboard_a_sentence_ends_with_its_guillemet_and_a_stop_is_no_word(form: Page) -> None:
    form.locator("#f-story").fill(
        "Il lit : « Les clémentines sont en spécial. » La radio a baissé.\n"
        "« Entre ! », dit-il. « Oui ? ». Je reste. Fin"
    )
    form.locator("#mark-keys summary").click()
    sentence, first, last = (form.locator(f"#mark-{it}") for it in ("sentence", "from", "to"))
    assert sentence.locator("option").all_inner_texts()[1:] == [
        "1. Il lit : « Les clémentines sont en spécial. »",
        "2. La radio a baissé.",
        "3. « Entre ! », dit-il.",
        "4. « Oui ? ».",
        "5. Je reste.",
        "6. Fin",
    ]
    sentence.select_option(index=1)
    quoted = form.locator("#mark-quote")
    assert quoted.inner_text() == "«\xa0Il lit : « Les clémentines sont en spécial. »\xa0»"
    words = ["Il", "lit", "Les", "clémentines", "sont", "en", "spécial."]
    assert first.locator("option").all_inner_texts() == words
    assert last.locator("option").all_inner_texts() == words
    first.select_option("en")
    assert quoted.inner_text() == "«\xa0en spécial\xa0»"
    form.locator("#mark-name").press_sequentially("ne pas paniquer")
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Enter")
    form.get_by_role("button", name="Marquer ces mots").click()
    sentence.select_option(index=1)
    assert last.locator("option").all_inner_texts() == [*words[:-1], "spécial"]


def test_marks_follow_their_words_and_go_with_them(form: Page) -> None:
    fill(form)
    mark(form, "frappé", "coups", "ne pas paniquer", "Deux coups.")
    form.locator("#f-story").fill("Un matin. " + STORY.replace("sac", "manteau"))
    assert verify(form) == []
    assert "[frappé deux coups](ne-pas-paniquer)" in result(form)
    form.locator("#f-story").fill(STORY.replace("frappé deux coups", "sonné"))
    assert "disparu" in form.locator("#form-said").inner_text()
    assert verify(form) == []
    assert "readings" not in result(form)


def test_the_same_words_take_two_ingredients_but_marks_never_cross(
    form: Page, entries: Path
) -> None:
    fill(form)
    mark(form, "frappé", "coups", "ne pas paniquer", "Deux coups.")
    mark(form, "frappé", "coups", "demander la permission", "Il peut dire non.")
    select(form, "deux", "plus")
    form.locator("#mark-name").fill("Ne pas paniquer")
    form.get_by_role("button", name="Marquer ces mots").click()
    assert "déjà marqué" in form.locator("#mark-dock").inner_text()
    form.get_by_role("button", name="Annuler").click()
    select(form, "retard", "ouvert")
    form.locator("#mark-name").fill("Ne pas paniquer")
    form.get_by_role("button", name="Marquer ces mots").click()
    assert "même paragraphe" in form.locator("#mark-dock").inner_text()
    form.get_by_role("button", name="Annuler").click()
    assert form.locator("#theory h3").count() >= 1
    assert verify(form) == []
    data = accepted(entries, result(form))
    assert list(data["readings"]) == ["ne-pas-paniquer", "demander-la-permission"]
    form.get_by_role("button", name="Retirer « frappé deux coups » de Demander").click()
    assert verify(form) == []
    assert list(accepted(entries, result(form))["readings"]) == ["ne-pas-paniquer"]


def kept(page: Page) -> Any:
    return page.evaluate("localStorage.getItem('une-fois-ou.brouillon')")


def test_a_draft_is_kept_on_request_only_and_can_be_erased(form: Page, entries: Path) -> None:
    fill(form)
    mark(form, "frappé", "coups", "ne pas paniquer", "Deux coups.")
    assert verify(form) == []
    text = result(form)
    assert kept(form) is None
    form.locator("#form-keep").check()
    form.reload()
    assert "repris" in form.locator("#form-kept").inner_text()
    assert verify(form) == []
    assert result(form) == text
    form.get_by_role("button", name="Effacer le brouillon").click()
    assert kept(form) is None
    form.reload()
    assert form.locator("#f-story").input_value() == ""


def second(page: Page) -> Page:
    """Open the same page in another tab."""
    other = page.context.new_page()
    other.goto(page.url)
    return other


def test_a_draft_erased_in_another_tab_stays_erased(form: Page, site: Path) -> None:
    form.locator("#form-keep").check()
    form.locator("#f-title").fill("La porte")
    other = form.context.new_page()
    other.goto((site / "vie-privee.html").as_uri())
    other.get_by_role("button", name="Effacer tout ce que ce guide garde").click()
    expect(form.locator("#form-keep")).not_to_be_checked()
    expect(form.locator("#form-kept")).to_contain_text("effacé de cet appareil dans un autre")
    expect(form.locator("#form-erase")).to_be_hidden()
    form.locator("#f-title").fill("La porte ouverte")
    form.wait_for_timeout(400)
    assert kept(form) is None
    form.locator("#form-keep").check()
    assert "La porte ouverte" in kept(form)

    # A page that slept was told of nothing: it looks before it writes.
    form.evaluate("localStorage.clear()")
    form.locator("#f-title").fill("La porte fermée")
    expect(form.locator("#form-keep")).not_to_be_checked()
    assert kept(form) is None


def test_two_tabs_never_write_over_each_other(form: Page) -> None:
    fill(form)
    mark(form, "sac", "main", "ne pas paniquer", "Trente secondes.")
    mark(form, "frappé", "coups", "ne pas paniquer", "Deux coups.")
    form.locator("#form-keep").check()
    other = second(form)
    expect(other.locator("#form-kept")).to_contain_text("repris")
    other.wait_for_timeout(400)
    expect(form.locator("#form-keep")).to_be_checked()

    other.locator("#f-title").fill("La plus récente")
    expect(form.locator("#form-keep")).not_to_be_checked()
    expect(form.locator("#form-kept")).to_contain_text("s’écrit aussi dans un autre onglet")
    form.locator("#f-title").fill("La plus ancienne")
    form.wait_for_timeout(400)
    assert "La plus récente" in kept(form)
    form.locator("#form-keep").check()
    expect(form.locator("#form-other")).to_be_hidden()
    assert "La plus ancienne" in kept(form)

    expect(other.locator("#form-keep")).not_to_be_checked()
    other.locator("#form-keep").check()
    assert "La plus récente" in kept(form)
    form.get_by_role("button", name="Remplacer ce texte par celui de l’autre onglet").click()
    expect(form.locator("#f-title")).to_have_value("La plus récente")
    expect(form.locator("#form-keep")).to_be_checked()
    other.close()


def test_keeping_a_second_draft_asks_before_the_first_is_lost(form: Page) -> None:
    other = second(form)
    form.locator("#form-keep").check()
    form.locator("#f-title").fill("Le premier")
    other.locator("#f-title").fill("Le second")
    form.wait_for_timeout(400)
    other.locator("#form-keep").click()
    expect(other.locator("#form-kept")).to_contain_text("dans un autre onglet")
    expect(other.locator("#form-keep")).not_to_be_checked()
    assert "Le premier" in kept(form)
    other.locator("#form-keep").check()
    assert "Le second" in kept(form)


def test_what_was_typed_last_is_kept_on_leaving(form: Page, site: Path) -> None:
    form.locator("#form-keep").check()
    form.locator("#f-title").fill("Tapé")
    form.goto((site / "index.html").as_uri())
    assert "Tapé" in kept(form)
    form.goto((site / "proposer.html").as_uri())
    form.evaluate("""() => {
      const title = document.getElementById("f-title");
      title.value = "Puis l’écran s’est éteint";
      title.dispatchEvent(new Event("input", {bubbles: true}));
      Object.defineProperty(document, "hidden", {value: true});
      document.dispatchEvent(new Event("visibilitychange"));
      window.found = localStorage.getItem("une-fois-ou.brouillon");
    }""")
    assert "éteint" in form.evaluate("found")


@pytest.mark.parametrize(
    "draft",
    [
        "null",
        "[1, 2]",
        '{"fields": {"f-story": 3, "x": "y", "f-theme": "<b>"}, "marks": [null, {"start": -4}]}',
        '{"marks": [{"start": 0, "end": 9, "keys": ["x"]}], "situations": ["../x"], "lists": 4}',
        "{pas du JSON",
    ],
)
def test_a_draft_that_makes_no_sense_does_no_harm(form: Page, draft: str) -> None:
    form.evaluate("(it) => localStorage.setItem('une-fois-ou.brouillon', it)", draft)
    form.reload()
    fill(form)
    assert verify(form) == []


def test_refused_or_full_storage_is_said_and_the_form_works(form: Page, site: Path) -> None:
    form.add_init_script("Storage.prototype.setItem = () => { throw new Error('plein'); };")
    form.goto((site / "proposer.html").as_uri())
    form.locator("#form-keep").click()
    assert "refuse de garder" in form.locator("#form-kept").inner_text()
    assert not form.locator("#form-keep").is_checked()
    fill(form)
    assert verify(form) == []


def tab_to(page: Page, id_: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(120):
        if page.evaluate("document.activeElement.id") == id_:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"« {id_} » n'est pas atteint au clavier")


def test_the_keyboard_alone_goes_through_it_all(form: Page, entries: Path) -> None:
    keys = form.keyboard
    for id_, text in (
        ("f-story", STORY),
        *((f"f-{key}", TEXTS[key]) for key in ("title", "teller", "summary")),
    ):
        tab_to(form, id_)
        keys.type(text)
    tab_to(form, "f-theme")
    keys.press("ArrowDown")
    tab_to(form, "f-situations")
    keys.type("ouvre pas")
    keys.press("ArrowDown")
    keys.press("Enter")
    tab_to(form, "f-origin-retold")
    keys.press("ArrowDown")
    for key, text in FIRST.items():
        tab_to(form, str(form.locator(f"[data-key='{key}']").first.get_attribute("id")))
        keys.type(text)
        if key == "discussion.interventions":
            tab_to(form, "f-outcome")
            keys.type(TEXTS["outcome"])
    tab_to(form, "f-facilitation")
    keys.type(TEXTS["facilitation"])
    keys.press("Tab")
    keys.press("Enter")  # « Choisir les mots au clavier »
    tab_to(form, "mark-sentence")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    tab_to(form, "mark-to")
    keys.press("ArrowUp")
    tab_to(form, "mark-name")
    keys.type("ne pas paniquer")
    keys.press("ArrowDown")
    keys.press("Enter")
    tab_to(form, "mark-add")
    keys.press("Enter")
    keys.type("Deux coups.")
    tab_to(form, "form-verify")
    keys.press("Enter")
    assert form.locator("#form-summary li").all_inner_texts() == []
    assert form.evaluate("document.activeElement.id") == "form-result"
    data = accepted(entries, result(form))
    assert "](ne-pas-paniquer)" in data["story"]
    keys.press("Tab")
    assert form.evaluate("document.activeElement.id") == "result-download"


def test_errors_are_summed_up_linked_and_tied_to_their_fields(form: Page) -> None:
    faults = verify(form)
    needed = {key for key, field in fields().items() if field.required and "." not in key}
    needed |= {"discussion.clarifications", "discussion.interventions"}
    titles = {french(fields()[key].title) for key in needed - {"discussion"}}
    assert {fault.partition("\xa0:")[0] for fault in faults} == titles
    assert form.evaluate("document.activeElement.id") == "form-summary"
    assert form.locator("#form-summary [role=alert] h2").inner_text().startswith("Il reste")
    form.get_by_role("link", name="Titre : à remplir.").click()
    assert form.evaluate("document.activeElement.id") == "f-title"
    title = form.locator("#f-title")
    assert title.get_attribute("aria-invalid") == "true"
    told = str(title.get_attribute("aria-describedby")).split()
    assert "f-title-error" in told
    assert form.locator("#f-title-error").inner_text().endswith("À remplir.")
    title.fill("La porte")
    form.locator("#f-title-error").wait_for(state="hidden")
    assert title.get_attribute("aria-invalid") is None


def test_the_page_opens_at_the_repository_when_it_fits(
    form: Page, site: Path, checked: Checked
) -> None:
    fill(form)
    assert verify(form) == []
    assert not form.get_by_role("link", name="Ouvrir sur GitHub").is_visible()
    to = Sending("https://github.com/une/equipe", "recits@exemple.org")

    def serve(route: Route) -> None:
        route.fulfill(body=script(checked.library, to), content_type="text/javascript")

    form.route("**/form-model.js", serve)
    form.goto((site / "proposer.html").as_uri())
    fill(form)
    assert verify(form) == []
    link = form.get_by_role("link", name="Ouvrir sur GitHub")
    address = str(link.get_attribute("href"))
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith("https://github.com/une/equipe/new/main/narratives?")
    assert len(address) < LONGEST_ADDRESS
    assert asked == {"filename": ["la-mandarine-pelee.yaml"], "value": [result(form)]}
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert "public" in form.locator("#result-public").inner_text()
    mail = str(form.locator("#result-mail").get_attribute("href"))
    assert mail.startswith("mailto:recits%40exemple.org?")
    form.locator("#f-story").fill("Une phrase entière. " * 380)
    assert verify(form) == []
    assert not link.is_visible()
    assert "téléchargez" in form.locator("#result-long").inner_text()


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("site_name: x", Sending("", "")),
        (
            "repo_url: https://github.com/a/b/\nextra: {contact: a@b.ca}",
            ("https://github.com/a/b", "a@b.ca"),
        ),
        ("repo_url: javascript://github.com/%0Aalert(1)", Sending("", "")),
        ("repo_url: https://ailleurs.org/a/b\nextra:", Sending("", "")),
    ],
)
def test_where_to_send_is_read_from_the_configuration(
    tmp_path: Path, config: str, told: Sending
) -> None:
    (tmp_path / "mkdocs.yml").write_text(config)
    assert sending(tmp_path / "mkdocs.yml") == told


def test_titles_helps_and_choices_are_those_of_the_model(form: Page) -> None:
    shown = form.locator("#propose").inner_text()
    for key in ("title", "teller", "summary", "outcome", "facilitation"):
        info = Narrative.model_fields[key]
        label = form.locator(f"label[for=f-{key}]").inner_text()
        assert label == french(str(info.title))
        assert french(str(info.description)) in shown
    model = form.evaluate("FormModel.fields")
    assert model["story"]["longest"] == 8000
    assert model["questions"]["most"] == 5
    assert json.dumps(fields()["origin.kind"].choices)


def test_without_javascript_the_other_doors_are_there(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "proposer.html").as_uri())
    assert not page.locator("#propose").is_visible()
    page.locator("noscript a, .note a").first.click()
    doors = page.locator(".form-doors")
    assert doors.locator("li").count() == 3
    sheet = str(doors.locator("a").first.get_attribute("href"))
    assert (site / sheet).is_file()
    context.close()


def test_the_home_page_and_the_stories_lead_here(form: Page, site: Path) -> None:
    for path in ("index.html", "recits/index.html"):
        form.goto((site / path).as_uri())
        form.locator(".page a[href$='proposer.html']").click()
        assert form.get_by_role("heading", level=1).inner_text() == "Proposer un récit"
    scripts = (
        "[...document.scripts].map((it) => it.src)"
        ".filter((it) => /(form|privacy|draft|yaml|marking)[^/]*$/.test(it))"
    )
    assert len(form.evaluate(scripts)) == 7
    form.goto((site / "index.html").as_uri())
    assert form.evaluate(scripts) == []


def test_empty_in_error_and_filled_the_form_passes_axe(page: Page, address: str) -> None:
    form = page
    form.goto(f"{address}/proposer.html")
    found = faults(form, "vide")
    verify(form)
    form.get_by_label("Récit de terrain").check()
    form.locator("#f-story").fill("Mélanie, 418 555-1234")
    form.get_by_role("button", name="Garder ces mots").click()
    form.locator("#f-situations").fill("porte")
    found += faults(form, "en erreur")
    form.keyboard.press("Escape")
    form.locator("#f-situations").fill("")
    fill(form)
    mark(form, "frappé", "coups", "ne pas paniquer", "Deux coups.")
    form.locator("#preview-fold summary").click()
    assert verify(form) == []
    found += faults(form, "rempli")
    select(form, "attendu", "secondes")
    form.locator("#mark-name").press_sequentially("de")
    found += faults(form, "en marquant")
    assert not found
