"""What is printed: whole, exact, accessible, and the same bytes twice."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import page as pdf_ua
import pypdfium2 as pdfium
import pytest
import zxingcpp
from pypdf import PdfReader

from builder import press, sheet_cache
from builder.guide import Checked, examine
from builder.handouts import (
    A4,
    FORMATS,
    LARGE,
    LETTER,
    Format,
    Handout,
    decks,
    handouts,
    sets,
    source,
    workshop_handouts,
)
from builder.library import Library
from builder.pages import drafts
from builder.reading import WORK
from builder.typography import french
from builder.workshops import theme_workshop
from tests.conftest import copy_guide

HERE = Path(__file__).parent
THEME = "deterioration-de-l-etat-mental"
MM = 72 / 25.4


#: What stands around the text of a page; the origin of the story may take a line of the footer.
AROUND = re.compile(
    r"^Mes notes|^Une fois où… · .*$|^.*source publiée$|^Édition .*$|^\d+( / \d+)?$", re.MULTILINE
)


def lines_of(file: Path) -> list[str]:
    """Give the lines of a PDF, footers and margins left out."""
    text = "\n".join(AROUND.sub("", page.extract_text()) for page in PdfReader(file).pages)
    return [line.strip() for line in text.splitlines() if line.strip()]


def text_of(file: Path) -> str:
    """Give the words of a PDF, on one line."""
    return " ".join(lines_of(file))


def pages_of(file: Path) -> int:
    return len(PdfReader(file).pages)


@pytest.fixture(scope="module")
def workshops(site: Path) -> Path:
    return site / "ateliers"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Give a folder with the small valid guide, and what it takes to build it."""
    shutil.copytree(HERE / "valid", tmp_path, dirs_exist_ok=True)
    return tmp_path


def printed(root: Path, cache: Path) -> list[press.Printed]:
    return press.press(handouts(examine(root).library, ""), cache)


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new), encoding="utf-8")


# --- what there is ---------------------------------------------------------------------------


def test_every_theme_has_its_sheets_at_the_agreed_addresses(
    workshops: Path, checked: Checked
) -> None:
    for theme in checked.library.themes:
        for name in ("participant", "animation", "cartes", "cartes-recto-verso", "trousse"):
            assert (workshops / theme / f"{name}.pdf").is_file()
            assert (workshops / theme / f"{name}.png").is_file()
        for name in ("participant", "animation", "cartes"):
            assert (workshops / theme / f"a4/{name}.pdf").is_file()
            assert (workshops / theme / f"gros-caracteres/{name}.pdf").is_file()
    sheets = {file.stem for file in (workshops / "fiches").glob("*.pdf")}
    posters = {f"affiche-{id_}" for id_ in checked.library.theories}
    assert sheets == set(checked.library.worksheets) | posters
    assert (workshops / "cartes.pdf").is_file()


def test_many_cards_are_several_files(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    count = len(checked.library.ingredients)
    monkeypatch.setattr("builder.handouts.DECK", count - 1)
    first, last = decks(checked.library)
    assert [len(first.ingredients), len(last.ingredients)] == [count - 1, 1]
    assert last.title == "Toutes les cartes d'ingrédients, 2 de 2"
    made = dict(sets(checked.library, ""))["handouts decks"](checked.library)
    paths = [handout.path for handout in made if handout.format is LETTER]
    assert paths == [
        "ateliers/cartes.pdf",
        "ateliers/cartes-recto-verso.pdf",
        "ateliers/cartes-2.pdf",
        "ateliers/cartes-recto-verso-2.pdf",
    ]
    printed = [press.Printed(path, "", True, "", 1, 1, "", None) for path in paths]
    (page,) = (it for it in drafts(checked.library, printed) if it.path == "ateliers/index")
    text = page.write(checked.library)
    assert all(text.count(f'href="{path.removeprefix("ateliers/")}"') == 2 for path in paths)


def test_sheets_have_the_pages_they_promise(workshops: Path, checked: Checked) -> None:
    library = checked.library
    for theme, narratives in library.narratives_by_theme.items():
        for folder in ("", "a4/"):  # two sheets of paper a story, on both sides
            assert pages_of(workshops / theme / folder / "participant.pdf") <= 4 * len(narratives)
        ingredients = len(library.ingredients_by_theme[theme])
        assert pages_of(workshops / theme / "cartes.pdf") == -(-ingredients // 6)
        assert pages_of(workshops / theme / "cartes-recto-verso.pdf") == 2 * -(-ingredients // 6)
    two_pages = {"feuille-d-ecriture", "carte-du-reseau", "cas-anonymise"}
    for file in (workshops / "fiches").glob("*.pdf"):
        assert pages_of(file) == (2 if file.stem in two_pages else 1), file.stem


def test_the_pages_that_are_told_are_those_of_each_handout(guide: Path) -> None:
    folder = guide / WORK / sheet_cache.FOLDER
    printed = sorted(folder.glob("*.pdf"))
    assert printed
    for file in printed:
        note = sheet_cache.note(folder, file.stem)
        with closing(pdfium.PdfDocument(file)) as document:
            assert note
            assert note.pages == len(document)


def test_a_kit_says_how_many_copies_of_which_pages(workshops: Path) -> None:
    reader = PdfReader(workshops / THEME / "trousse.pdf")
    cover = reader.pages[0].extract_text()
    rows = re.findall(r"^(.+?) (\d+)(?: à (\d+))? (\d+) (\d+) (\d+) (\d+)$", cover, re.MULTILINE)
    assert [name for name, *_ in rows][:2] == [
        "Guide d’animation",
        "Récit : Le silence de l’appartement",
    ]
    expected = 2
    for _, first, last, *_ in rows:
        assert int(first) == expected
        expected = int(last or first) + 1
    assert expected == len(reader.pages) + 1
    counts = {name: tuple(map(int, numbers)) for name, _, _, *numbers in rows}
    assert counts["Feuille d’écriture : une fois où…"] == (6, 8, 12, 15)
    assert counts["Cartes d’ingrédients, à découper"] == (2, 2, 3, 4)
    assert counts["Les règles de la salle"] == (1, 1, 1, 1)
    assert counts["Guide d’animation"] == (2, 2, 2, 2)  # who tells the story answers with one
    # One copy of each story to choose from; then the chosen one, for everybody.
    assert counts["Récit : Le silence de l’appartement"] == (1, 1, 1, 1)
    assert "Le récit choisi, pour chaque personne – 6 8 12 15" in cover


def test_a_short_workshop_does_not_speak_of_what_it_drops(checked: Checked) -> None:
    theme = theme_workshop(checked.library, checked.library.themes[THEME])

    def guide(minutes: int) -> Any:
        made = workshop_handouts(
            checked.library, theme._replace(duration=minutes), "", {"": LETTER}
        )
        (part,) = next(one.parts for one in made if one.path == "animation.pdf")
        return part

    whole, short = guide(150), guide(60)
    assert whole["intro"] and not short["intro"]
    assert any("détruire" in item for item in whole["material"])
    assert not any("détruire" in item for item in short["material"])
    assert not any("écriture" in role["does"] for role in short["roles"])
    assert all(step["sheets"] != "–" for step in whole["steps"])
    method = checked.library.method
    assert method
    of_steps = {material.step for material in method.material if material.step}
    assert of_steps <= {step.id for step in method.steps}


def test_a_meeting_brings_every_sheet_of_its_steps(checked: Checked) -> None:
    for plan in checked.library.plans:
        brought = " ".join(material.item for material in plan.material)
        for id_ in {id_ for step in plan.steps for id_ in step.worksheets}:
            assert checked.library.worksheets[id_].name in brought


# --- what they say ---------------------------------------------------------------------------


def test_participants_read_the_whole_story_and_no_ingredient(
    workshops: Path, checked: Checked
) -> None:
    library = checked.library
    for theme, narratives in library.narratives_by_theme.items():
        said = text_of(workshops / theme / "participant.pdf")
        flat = "".join(said.split())
        for narrative in narratives:
            for paragraph in library.paragraphs[narrative.id]:
                words = "".join(segment.words for segment in paragraph)
                assert "".join(words.split()) in flat, narrative.id
        for ingredient in library.ingredients_by_theme[theme]:
            assert french(ingredient.name) not in said
            assert french(ingredient.short) not in said


def test_the_same_line_has_the_same_number_for_everybody(workshops: Path) -> None:
    """The facilitator's story is cut into the very lines of the participants'."""
    for folder in ("", "a4", "gros-caracteres"):
        theirs = lines_of(workshops / THEME / folder / "participant.pdf")
        first = next(at for at, line in enumerate(theirs) if line.startswith("Ce qui frappait"))
        last = theirs.index("Mes questions de clarification")
        ours = set(lines_of(workshops / THEME / folder / "animation.pdf"))
        assert last - first > 30
        assert not [line for line in theirs[first:last] if line not in ours]


def beside(file: Path) -> list[str]:
    """Give the words beside each number of a line, in the order of the numbers."""
    found = []
    for page in pdfium.PdfDocument(file):
        text = page.get_textpage()
        for at in range(text.count_rects()):
            left, low, right, high = text.get_rect(at)
            if right < 25 * MM and text.get_text_bounded(left, low, right, high).strip():
                found.append(text.get_text_bounded(25 * MM, low - 2, 178 * MM, high + 2))
    return found


def test_large_print_keeps_the_numbers_of_the_lines(workshops: Path) -> None:
    """In a room where one person has large print, « ligne 14 » is the same words for everybody."""
    ordinary, large = (
        beside(workshops / THEME / folder / "participant.pdf") for folder in ("", "gros-caracteres")
    )
    assert len(ordinary) == len(large) > 100
    for one, other in zip(ordinary, large, strict=True):
        assert one.split()[0] in other
    ours, theirs = (
        re.findall(r"lignes? [0-9]+(?: à [0-9]+)?", text_of(workshops / THEME / name))
        for name in ("animation.pdf", "gros-caracteres/animation.pdf")
    )
    assert ours == theirs


def test_names_beside_a_story_stay_in_the_printable_area(workshops: Path) -> None:
    """Six millimetres from the side, and above the footer."""
    for folder in ("", "a4", "gros-caracteres"):
        for page in pdfium.PdfDocument(workshops / THEME / folder / "animation.pdf"):
            text = page.get_textpage()
            rects = [text.get_rect(at) for at in range(text.count_rects())]
            assert max(right for _, _, right, _ in rects) < page.get_width() - 6 * MM
            low = [
                text.get_text_bounded(*rect)
                for rect in rects
                if rect[0] > (182 if "gros" in folder else 162) * MM and rect[1] < 24 * MM
            ]
            assert all(re.fullmatch(r"\d+ / \d+", words) for words in low)


def test_the_guide_gives_the_lines_of_each_passage(workshops: Path) -> None:
    said = text_of(workshops / THEME / "animation.pdf")
    assert "A. Cultiver les moments informels avec le locataire" in said
    assert "lignes 5 à 6" in said
    assert "Ingrédient documenté par Boivin et Dozo, 2022" in said
    assert "lien proposé pour ce guide, à valider" in said


def test_two_sources_are_told_apart(workshops: Path) -> None:
    """A source's name has commas of its own."""
    said = text_of(workshops / THEME / "cartes-recto-verso.pdf")
    assert "Boivin et Dozo, 2022\u202f; Synthèse de l’étude Clés en main, 2020." in said
    assert "Recto verso : retourner sur le bord long" in said


# --- how they are made -----------------------------------------------------------------------


def letter_files(workshops: Path) -> Iterator[Path]:
    for file in sorted(workshops.rglob("*.pdf")):
        folders = set(file.relative_to(workshops).parts)
        if THEME in folders or "fiches" in folders or not folders & {"a4", "gros-caracteres"}:
            yield file


def test_every_pdf_is_accessible(workshops: Path) -> None:
    """PDF/UA-1 a second time; Typst has refused what breaks it already."""
    faults = {}
    for file in letter_files(workshops):
        report = pdf_ua.validate_pdf(str(file))
        assert report.profile == pdf_ua.ValidationProfile.PDF_UA_1
        if not report.is_compliant:
            faults[file.name] = [failure.message for failure in report.failures]
    assert not faults


def test_every_pdf_says_its_title_its_language_and_its_parts(workshops: Path) -> None:
    for file in (workshops / THEME).rglob("*.pdf"):
        reader = PdfReader(file)
        root: Any = reader.trailer["/Root"]
        assert root["/Lang"] == "fr-CA"
        assert root["/MarkInfo"]["/Marked"]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert reader.metadata and "Thème 4" in str(reader.metadata.title)
        assert reader.outline
        for page in reader.pages:
            resources: Any = page["/Resources"]
            for font in resources.get("/Font", {}).values():
                descriptor = font.get_object()["/DescendantFonts"][0].get_object()
                described = descriptor["/FontDescriptor"].get_object()
                assert {"/FontFile2", "/FontFile3"} & set(described)


def test_large_print_is_large_everywhere(workshops: Path) -> None:
    for name in ("participant", "animation", "cartes"):
        document = pdfium.PdfDocument(workshops / THEME / "gros-caracteres" / f"{name}.pdf")
        for page in document:
            text = page.get_textpage()
            sizes = {
                round(pdfium.raw.FPDFText_GetFontSize(text.raw, at), 1)
                for at in range(text.count_chars())
                if not text.get_text_range(at, 1).isspace()
            }
            assert min(sizes, default=16) >= 16


def test_nothing_is_printed_where_printers_do_not_print(workshops: Path) -> None:
    """Five millimetres from the lower edge, footers of any length and of cards included."""
    for file in (*(workshops / THEME).rglob("*.pdf"), *(workshops / "fiches").rglob("*.pdf")):
        for page in pdfium.PdfDocument(file):
            text = page.get_textpage()
            lows = [text.get_rect(at)[1] for at in range(text.count_rects())]
            assert min(lows, default=20) > 5 * MM, file


def test_a_large_table_begins_on_the_first_page(workshops: Path) -> None:
    for id_, column in (("ingredients-et-passages", "Mots du récit"), ("interventions", "Lignes")):
        file = workshops / "fiches/gros-caracteres" / f"{id_}.pdf"
        assert column in PdfReader(file).pages[0].extract_text()


def test_large_choices_stay_whole(workshops: Path) -> None:
    said = lines_of(workshops / "fiches/gros-caracteres/evaluation.pdf")
    assert any("1. Pas du tout" in line for line in said)


def test_what_tells_people_what_to_do_is_readable(workshops: Path) -> None:
    page = pdfium.PdfDocument(workshops / "fiches/interventions.pdf")[0].get_textpage()
    found = page.search("Un geste par rangée").get_next()
    assert found
    assert pdfium.raw.FPDFText_GetFontSize(page.raw, found[0]) >= 10


def gray(file: Path, page: int, dpi: int) -> Any:
    return pdfium.PdfDocument(file)[page].render(scale=dpi / 72, grayscale=True).to_pil()


def codes(file: Path) -> set[str]:
    return {
        code.text
        for page in range(pages_of(file))
        for code in zxingcpp.read_barcodes(gray(file, page, 150))
    }


def test_the_codes_of_the_cards_lead_to_their_pages(
    workshops: Path, checked: Checked, tmp_path: Path
) -> None:
    theme = theme_workshop(checked.library, checked.library.themes[THEME])
    made = workshop_handouts(checked.library, theme, "https://example.org/", {"": LETTER})
    press.press((one for one in made if one.path == "cartes.pdf"), tmp_path)
    (file,) = tmp_path.glob("*.pdf")
    assert codes(file) == {
        f"https://example.org/ingredients/{one.id}.html" for one in theme.ingredients
    }
    # Published nowhere, the guide has no address to give: neither a code nor a path.
    assert not codes(workshops / "cartes.pdf")
    assert ".html" not in text_of(workshops / "cartes.pdf")


def marks(file: Path, page: int) -> tuple[list[float], list[float]]:
    """Measure where the crop marks stand, in mm from the left and from the top."""
    dpi = 1200
    picture = gray(file, page, dpi)
    width, height = picture.size

    def middles(strip: Any, length: int) -> list[float]:
        dark = [at for at in range(length) if strip[at] < 128]
        runs: list[list[int]] = []
        for at in dark:
            if runs and at == runs[-1][-1] + 1:
                runs[-1].append(at)
            else:
                runs.append([at])
        return [(run[0] + run[-1] + 1) / 2 / dpi * 25.4 for run in runs]

    top = round((279.4 - 3 * 82) / 2 / 25.4 * dpi - 4 / 25.4 * dpi)  # inside the upper marks
    left = round((215.9 - 2 * 95) / 2 / 25.4 * dpi - 4 / 25.4 * dpi)
    across = picture.crop((0, top, width, top + 1)).tobytes()
    down = picture.crop((left, 0, left + 1, height)).tobytes()
    return middles(across, width), middles(down, height)


@pytest.mark.parametrize(("name", "page"), [("cartes", 0), ("cartes-recto-verso", 1)])
def test_crop_marks_stand_where_cards_end(workshops: Path, name: str, page: int) -> None:
    across, down = marks(workshops / THEME / f"{name}.pdf", page)
    expected_across = [(215.9 - 190) / 2 + 95 * column for column in range(3)]
    expected_down = [(279.4 - 246) / 2 + 82 * row for row in range(4)]
    assert across == pytest.approx(expected_across, abs=0.2)
    assert down == pytest.approx(expected_down, abs=0.2)


def test_backs_mirror_fronts(workshops: Path, checked: Checked) -> None:
    """Turned over its long side, each back lies on its front."""
    document = pdfium.PdfDocument(workshops / THEME / "cartes-recto-verso.pdf")
    (first, second, *_) = [
        french(ingredient.short) for ingredient in checked.library.ingredients_by_theme[THEME]
    ]

    def box(page: int, words: str) -> tuple[float, float, float, float]:
        text = document[page].get_textpage()
        found = text.search(words).get_next()
        assert found
        box: tuple[float, float, float, float] = text.get_charbox(found[0])
        return box

    width = 215.9 * MM
    for words, column in ((first, 0), (second, 1)):
        front, back = box(0, words)[0], box(1, words)[0]
        left = (215.9 - 190) / 2 * MM + column * 95 * MM
        mirrored = width - left - 95 * MM
        assert front - left == pytest.approx(back - mirrored, abs=0.2 * MM + 1.5)  # side bearings


# --- when they are made again ----------------------------------------------------------------


def test_an_edit_reprints_its_own_theme_only(tmp_path: Path, checked: Checked) -> None:
    root = copy_guide(tmp_path)
    before = {one.path: source(one) for one in handouts(checked.library, "")}
    edit(root, "narratives/le-silence-de-l-appartement.yaml", "Le silence de", "Un silence de")
    after = {one.path: source(one) for one in handouts(examine(root).library, "")}
    changed = {path for path, data in after.items() if before[path] != data}
    assert changed
    assert all(path.startswith(f"ateliers/{THEME}/") for path in changed)


def test_what_was_printed_is_not_printed_again(
    small: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path_factory.mktemp("cache")
    first = printed(small, cache)
    times = {file.name: file.stat().st_mtime_ns for file in cache.iterdir()}
    assert printed(small, cache) == first
    assert {file.name: file.stat().st_mtime_ns for file in cache.iterdir()} == times
    sheet_cache.forget(cache, {first[0].key})
    assert {file.stem for file in cache.iterdir()} == {first[0].key}


def test_printing_ends_with_what_was_made_meanwhile(small: Path, tmp_path: Path) -> None:
    _, inputs = press.order(handouts(examine(small).library, ""), press.identity())
    with pytest.raises(ZeroDivisionError), press.printing(tmp_path / "cache") as begin:
        begin(inputs)
        raise ZeroDivisionError
    kept = len(list((tmp_path / "cache").iterdir()))
    assert kept < len(inputs)
    time.sleep(1)
    assert len(list((tmp_path / "cache").iterdir())) == kept


def test_what_prints_ends_without_a_word_when_nobody_asks_anything() -> None:
    """Started ahead, for a build that has nothing to print, or that is killed before it asks."""
    unasked = subprocess.run(
        [sys.executable, "-m", "builder.typesetter"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert (unasked.returncode, unasked.stdout, unasked.stderr) == (0, b"", b"")


def test_the_bytes_are_the_same_wherever_they_are_printed(
    small: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    one, other = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")
    printed(small, one)
    printed(small, other)
    first, second = (
        {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix != ".json"}
        for folder in (one, other)  # a note says when its files were written
    )
    assert first and first == second


# --- what authors may write ------------------------------------------------------------------

STORY = "narratives/la-porte.yaml"
CARD = "ingredients/frapper-deux-coups.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (STORY, "La porte", "Anticonstitutionnellement " * 3),
        (STORY, "J'étais en retard.", "m" * 60 + " et " + "W" * 60 + "."),
        (STORY, "[J'ai frappé deux coups](frapper-deux-coups)", "J'ai frappé"),
        (STORY, "J'étais en retard.", "#panic() $x$ @ref <label> *gras* _x_ = // \\\\ `#eval`"),
        (CARD, "Frapper", "#set text(red) [x] $1$ @x"),
    ],
    ids=["long title", "words of 60 letters", "no mark", "Typst markup", "markup on a card"],
)
def test_whatever_is_written_is_printed_as_it_is(
    small: Path, tmp_path_factory: pytest.TempPathFactory, file: str, old: str, new: str
) -> None:
    edit(small, file, old, new)
    if "(frapper-deux-coups)" in old:  # no mark, so no reading
        text = (small / STORY).read_text(encoding="utf-8")
        (small / STORY).write_text(re.sub(r"readings:\n.*?\n(?=\w)", "", text, flags=re.DOTALL))
    cache = tmp_path_factory.mktemp("cache")
    out = tmp_path_factory.mktemp("out")
    for path, content in press.sheets(printed(small, cache), cache):
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    said = "".join(
        text_of(out / "ateliers" / name).replace("\u200b", "")
        for name in ("le-voisinage/animation.pdf", "le-voisinage/participant.pdf", "cartes.pdf")
        if (out / "ateliers" / name).is_file()
    )
    assert "".join(french(new).split()).replace("\u200b", "") in "".join(said.split())
    for page in pdfium.PdfDocument(out / "ateliers/le-voisinage/participant.pdf"):
        text = page.get_textpage()
        for at in range(text.count_chars()):
            left, _, right, _ = text.get_charbox(at)
            assert left >= 0 and right <= page.get_width()


def test_a_card_that_does_not_fit_is_named(
    small: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = (small / CARD).read_text(encoding="utf-8")
    long = "WWWWWWWW " * 27
    (small / CARD).write_text(
        re.sub(r"questions:\n  - >-\n    .*", f"questions:\n  - >-\n    {long}", text)
    )
    edit(small, CARD, "summary: >-\n  ", "summary: >-\n  " + "WWWWW " * 20)
    with pytest.raises(press.PrintError) as refused:
        printed(small, tmp_path_factory.mktemp("cache"))
    assert str(refused.value).startswith(f"{CARD}: le texte de la carte ne tient pas")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii"])
def test_a_character_without_font_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)  # of the program that prints
    part = {
        "template": "poster",
        "label": "x",
        "name": "漢",
        "questions": [],
        "authors": "",
        "provenance": "",
    }
    with pytest.raises(
        press.PrintError, match="aucune police d'impression n'a le caractère « 漢 »"
    ):
        press.press([Handout("x.pdf", "Une affiche", LETTER, (part,))], tmp_path)


def test_formats_are_on_their_paper(workshops: Path) -> None:
    def size(form: Format) -> tuple[float, float]:
        box = PdfReader(workshops / THEME / form.folder / "participant.pdf").pages[0].mediabox
        return round(float(box.width) / MM, 1), round(float(box.height) / MM, 1)

    assert [size(form) for form in FORMATS] == [(215.9, 279.4), (210.0, 297.0), (215.9, 279.4)]
    assert (A4.large, LARGE.large) == (False, True)


def test_the_data_of_a_handout_is_json(checked: Checked) -> None:
    library: Library = checked.library
    one = next(handouts(library, "https://exemple.test/"))
    assert json.loads(source(one)["data"])["title"].startswith("Feuilles pour participer")
