"""What contributors send becomes a draft of narratives/, or is refused with nothing written."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.guide import examine
from builder.importing import RefusedError, draft
from builder.parsing import parse
from builder.writing_sheet import PARTS
from tests.conftest import ROOT
from tests.test_commands import guide

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'

#: What someone wrote on the sheet, in order of its parts.
WRITTEN = (
    "La clé sous l’œuf",
    "C’était le deuxième hiver.\nOn se voyait le mardi.",
    "Elle avait changé la serrure.",
    "J’ai frappé deux coups. J'ai attendu.",
    "J'ai dit : “C’est moi.”",
    "La radio a baissé.",
    "Elle a ouvert de la largeur de la chaîne.",
    "Attendre plus longtemps.",
)


def sheet(headings: Iterable[str] | None = None) -> list[str]:
    """Give the lines of a filled sheet, one a paragraph."""
    heads = headings or [part.heading for part in PARTS]
    return [
        line
        for pair in zip(heads, WRITTEN, strict=True)
        for text in pair
        for line in text.split("\n")
    ]


def document(lines: Iterable[str]) -> str:
    paragraphs = "".join(
        f"<w:p><w:r><w:t xml:space='preserve'>{escape(line)}</w:t></w:r></w:p>" for line in lines
    )
    return f'<w:document xmlns:w="{NAMESPACE}"><w:body>{paragraphs}</w:body></w:document>'


def docx(file: Path, xml: str, extra: tuple[str, ...] = (), types: str = TYPES) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", xml)
        for name in extra:
            archive.writestr(name, b"x")
    return file


@pytest.fixture
def small(tmp_path: Path) -> Path:
    root = tmp_path / "guide"
    shutil.copytree(ROOT / "tests/valid", root)
    return root


def story_of(text: str) -> dict[str, Any]:
    _, data, faults = parse("x.yaml", text.encode())
    assert data and not faults
    return data


@pytest.mark.parametrize("form", ["docx", "txt"])
def test_a_filled_sheet_becomes_a_draft(small: Path, form: str) -> None:
    file = small.parent / f"feuille.{form}"
    if form == "docx":
        docx(file, document(sheet()))
    else:
        file.write_text("\n".join(sheet()), encoding="utf-8")
    done = guide(small, "import", str(file), "--theme", "le-voisinage")
    assert done.returncode == 1  # some of it is still to write
    assert done.stdout.startswith("narratives/la-cle-sous-l-oeuf.yaml\n")
    assert "apostrophes courbes devenues droites : " in done.stdout
    assert "[texte-a-ecrire]" in done.stdout
    text = (small / "narratives/la-cle-sous-l-oeuf.yaml").read_text("utf-8")
    data = story_of(text)
    assert data["title"] == "La clé sous l'œuf"
    assert data["theme"] == "le-voisinage"
    assert data["origin"] == {"kind": "field"}
    assert data["story"].split("\n\n") == [
        "C'était le deuxième hiver.",
        "On se voyait le mardi.",
        "Elle avait changé la serrure.",
        "J'ai frappé deux coups. J'ai attendu.",
        "J'ai dit : « C'est moi. »",
        "La radio a baissé.\n",
    ]
    assert data["outcome"] == "Elle a ouvert de la largeur de la chaîne."
    assert data["facilitation"] == "Ce que je referais : Attendre plus longtemps."
    assert guide(small, "format").returncode == 0
    assert (small / "narratives/la-cle-sous-l-oeuf.yaml").read_text("utf-8") == text


@pytest.mark.parametrize(
    "headings",
    [
        [part.heading.upper() for part in PARTS],
        [f"{n}. {part.heading} :" for n, part in enumerate(PARTS, 1)],
        [f"## {part.heading.replace(chr(39), '’')}" for part in PARTS],
        [part.heading.replace("é", "e").replace("ç", "c") + "\u00a0:" for part in PARTS],
        [f"{part.heading}…\n{part.help}\n______" for part in PARTS],
    ],
)
def test_headings_are_known_however_they_are_typed(tmp_path: Path, headings: list[str]) -> None:
    file = tmp_path / "x.txt"
    file.write_text("\n".join(sheet(headings)), encoding="utf-8")
    plain = tmp_path / "y.txt"
    plain.write_text("\n".join(sheet()), encoding="utf-8")
    assert draft(file).text == draft(plain).text


def test_a_title_may_stand_beside_its_heading(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_text("Titre : La porte : deux coups\nContexte : Un mardi,\nvers dix heures.\n")
    data = story_of(draft(file).text)
    assert data["title"] == "La porte : deux coups"
    assert data["story"] == "Un mardi, vers dix heures."


def test_the_headings_are_those_of_the_printed_sheet() -> None:
    sheet = examine(ROOT).library.worksheets["feuille-d-ecriture"]
    assert [(part.heading, part.help) for part in PARTS] == [
        (block.label, block.help) for block in sheet.blocks
    ]


def test_what_precedes_the_headings_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_text("Feuille d'écriture\nTitre : La porte\nContexte : Un mardi.\n")
    made = draft(file)
    assert made.notes == ("avant le premier titre, non repris : « Feuille d'écriture »",)
    assert story_of(made.text)["story"] == "Un mardi."


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("cp1252", "Windows-1252"), ("utf-16", "UTF-16"), ("utf-8-sig", "apostrophes")],
)
def test_word_damage_is_repaired_and_named(tmp_path: Path, encoding: str, said: str) -> None:
    file = tmp_path / "x.txt"
    file.write_bytes("Titre\nL’été\u00a0: l’ar\u00adrivée œuf\n".encode(encoding))
    made = draft(file)
    assert story_of(made.text)["title"] == "L'été : l'arrivée œuf"
    assert any(said in note for note in made.notes)
    assert "espaces insécables devenues ordinaires : 1" in made.notes
    assert "caractères invisibles retirés : 1" in made.notes


def test_the_form_s_yaml_is_taken_as_it_is(small: Path) -> None:
    text = (ROOT / "narratives/le-silence-de-l-appartement.yaml").read_text("utf-8")
    file = small.parent / "téléchargement (1).yaml"
    file.write_bytes(text.replace("'", "’").replace(" :", "\u00a0:").encode("utf-8-sig"))
    done = guide(ROOT, "import", str(file))
    assert done.returncode == 1
    assert "narratives/le-silence-de-l-appartement.yaml existe déjà" in done.stderr
    assert draft(file).text == text


def test_a_curly_apostrophe_between_quotes_stays(small: Path) -> None:
    file = small.parent / "x.yaml"
    text = (small / "narratives/la-porte.yaml").read_text("utf-8")
    file.write_text(text.replace("title: >-\n  La porte", "title: 'L’ami'"), "utf-8")
    made = draft(file)
    assert story_of(made.text)["title"] == "L’ami"
    assert made.notes == ()


def test_the_faults_of_a_yaml_are_told_and_nothing_is_written(small: Path) -> None:
    file = small.parent / "x.yaml"
    file.write_text((small / "narratives/la-porte.yaml").read_text().replace("outcome:", "outcom:"))
    assert_refused(small, file, "champ inconnu « outcom »")


def assert_refused(root: Path, file: Path, said: str) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (700 * 2**20, 700 * 2**20))

    done = subprocess.run(
        [sys.executable, "-m", "builder", "import", os.fspath(file)],
        cwd=root,
        capture_output=True,
        text=True,
        preexec_fn=limit,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert said in done.stderr
    assert "Rien n'a été écrit" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_hostile_word_files_are_refused(small: Path) -> None:
    here = small.parent
    good = document(sheet())
    not_zip = here / "a.docx"
    not_zip.write_bytes(b"PK\x03\x04 pas une archive")
    assert_refused(small, not_zip, "ce n'est pas un fichier Word")
    assert_refused(small, docx(here / "b.docx", good, ("word/vbaProject.bin",)), "macros")
    macro_type = TYPES.replace("/>", '><Override ContentType="x.macroEnabled.main+xml"/></Types>')
    assert_refused(small, docx(here / "c.docx", good, types=macro_type), "macros")
    assert_refused(small, docx(here / "d.docm", good), "macros")
    entity = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    assert_refused(small, docx(here / "e.docx", entity + good.replace("C’", "&e;C")), "entité")
    laughs = '<!DOCTYPE d [<!ENTITY a "ah"><!ENTITY b "&a;&a;&a;">]>'
    assert_refused(small, docx(here / "f.docx", laughs + good), "entité")
    assert_refused(small, docx(here / "g.docx", "<w:document"), "ce n'est pas un fichier Word")
    assert_refused(small, docx(here / "h.docx", "<a>" * 600_000), "ce n'est pas un fichier Word")
    with zipfile.ZipFile(here / "i.docx", "w") as archive:
        archive.writestr("lettre.txt", "bonjour")
    assert_refused(small, here / "i.docx", "ce n'est pas un fichier Word")
    many = tuple(f"word/{number}" for number in range(2001))
    assert_refused(small, docx(here / "j.docx", good, many), "trop de pièces")
    plain = docx(here / "k.docx", document(["Bonjour,", "voici mon histoire."]))
    assert_refused(small, plain, "« Titre », « Contexte »")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_gigabyte_in_a_small_file_is_not_unpacked(small: Path, method: int) -> None:
    file = small.parent / "bombe.docx"
    with zipfile.ZipFile(file, "w", method, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", TYPES, zipfile.ZIP_DEFLATED)
        size = 1024 if method == zipfile.ZIP_DEFLATED else 128
        with archive.open("word/document.xml", "w", force_zip64=True) as member:
            for _ in range(size):
                member.write(b" " * 2**20)
    assert file.stat().st_size < 6 * 2**20
    assert_refused(small, file, "Word")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.pdf", b"%PDF-1.7", "« .pdf » ne se lit pas ici"),
        ("x.doc", b"\xd0\xcf\x11\xe0", "enregistrez le fichier en .docx"),
        ("x.txt", b"Titre\n\x00\x81\x8d", "ce n'est pas du texte"),
        ("x.txt", b"Titre : ???\nContexte : x", "donnez-en un avec --id"),
        ("x.txt", b"Titre : La porte\n", "narratives/la-porte.yaml existe déjà"),
        ("x.txt", b"Titre : Long\nContexte : " + b"mot " * 80_000, "dépasse 256 Kio"),
        ("x.txt", b"a" * 600_000, "dépasse 256 Kio"),
        ("x.yaml", b"- liste", "une fiche est un groupe de clés"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_told(small: Path, name: str, content: bytes, said: str) -> None:
    file = small.parent / name
    file.write_bytes(content)
    assert_refused(small, file, said)


def test_an_unknown_theme_is_refused_as_for_a_new_entry(small: Path) -> None:
    file = small.parent / "x.txt"
    file.write_text("Titre : Long\nContexte : x\n")
    done = guide(small, "import", str(file), "--theme", "le-voisin")
    assert done.returncode == 2
    assert "vouliez-vous dire « le-voisinage »" in done.stderr
    assert not (small / "narratives/long.yaml").exists()


def test_an_id_never_leaves_the_folder(small: Path) -> None:
    file = small.parent / "x.txt"
    file.write_text("Titre : ../../../etc/passwd\nContexte : x\n")
    assert guide(small, "import", str(file), "--id", "../x").returncode == 1
    assert not (small / "x.yaml").exists()
    done = guide(small, "import", str(file))
    assert done.stdout.startswith("narratives/etc-passwd.yaml")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300), st.sampled_from([".txt", ".yaml", ".docx"]))
def test_any_bytes_make_a_draft_or_a_message(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    file = tmp_path_factory.mktemp("octets") / f"x{suffix}"
    file.write_bytes(b"Titre : x\n" + content if suffix == ".txt" else content)
    try:
        made = draft(file)
    except RefusedError as error:
        assert str(error)
    else:
        assert made.text.endswith("\n")
