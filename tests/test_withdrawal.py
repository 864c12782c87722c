"""A story that is withdrawn leaves nothing of itself, but its id and the reason."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from builder.guide import build
from tests.conftest import ROOT
from tests.folders import digests
from tests.test_commands import guide

#: A story whose every text has a word that nothing else has.
STORY = """\
former_names: [bolvrine]
title: >-
  Une porte kastrolune
theme: le-voisinage
origin:
  kind: composite
  note: >-
    Un mot vrendalic.
teller: >-
  Une personne toulvanique
summary: >-
  Elle reste prelgorine sur le palier.
situations: [ne-repond-plus]
story: |
  Un matin drelvoude, [je frappe ulmiquette](frapper-deux-coups), puis plus rien.

  Le soir ganvireux, elle ouvre.
readings:
  frapper-deux-coups: >-
    Deux coups sarvoliques.
discussion:
  clarifications:
    - question: >-
        Depuis quand est-ce nolfrant ?
      answer: >-
        Depuis un temps jaspitule.
  interventions:
    - >-
      Attendre berquilon
outcome: >-
  Rien de fulmidrac.
questions:
  - >-
    Qui aurait chosvil ?
facilitation: |
  Laisser le silence zalborné.
"""
WORDS = re.findall(
    r"\b(?:kastrolun|vrendalic|toulvaniq|prelgor|drelvoud|ulmiquet|ganvir|sarvoliq|nolfran|jaspitul|"
    r"berquil|fulmidra|chosvil|zalborn)",
    STORY,
)
REASON = "Une personne aurait pu se reconnaître."


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small guide with the story, in which its title is also news."""
    root = tmp_path_factory.mktemp("guide")
    shutil.copytree(ROOT / "tests/valid", root, dirs_exist_ok=True)
    shutil.copytree(ROOT / "builder/theme", root / "builder/theme")
    shutil.copy(ROOT / "mkdocs.yml", root)
    for name in ("clesenmain-synthese-2020", "boivin-dozo-2022"):  # « À propos » cites both
        shutil.copy(ROOT / f"context/references/{name}.yaml", root / "context/references")
    (root / "narratives/lalvrine.yaml").write_text(STORY, encoding="utf-8")
    (root / "CHANGELOG.md").write_text(
        "## À paraître\n\n### Récits\n\n- Une porte kastrolune\n", encoding="utf-8"
    )
    assert guide(root, "publish").returncode == 0
    return root


def contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the words of every file: bytes, what a zip holds, what a PDF says."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from _words(path.relative_to(folder).as_posix(), path.read_bytes())


def _words(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    yield name, name
    yield name, content.decode("utf-8", "replace")
    if name.endswith(".pdf"):
        yield name, "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inner in archive.namelist():
                yield from _words(f"{name}/{inner}", archive.read(inner))


def holding(folder: Path, words: list[str]) -> dict[str, set[str]]:
    """Tell which files hold each word."""
    found: dict[str, set[str]] = {word: set() for word in words}
    for name, text in contents(folder):
        lowered = text.lower()
        for word in words:
            if word in lowered:
                found[word].add(name)
    return found


def test_a_withdrawn_story_leaves_no_word(small: Path, tmp_path: Path) -> None:
    for _ in range(2):  # so that a spare site has the story too
        assert build(small, lambda stage: None).written
    before = holding(small / "site", WORDS)
    assert len(WORDS) == 14
    assert all(before.values()), before
    for end in (".html", ".js", ".json", ".csv", ".pdf", ".xml", ".zip"):
        assert any(end in name for names in before.values() for name in names), end

    done = guide(small, "withdraw", "narrative", "lalvrine", "--reason", REASON)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CHANGELOG.md:5 : cette ligne nomme encore la fiche." in done.stdout
    (small / "CHANGELOG.md").write_text("## À paraître\n", encoding="utf-8")
    assert build(small, lambda stage: None).written
    for folder in ("site", ".build", "context", "narratives"):
        assert not any(holding(small / folder, WORDS).values()), folder
    for name in ("lalvrine", "bolvrine"):
        page = (small / f"site/recits/{name}.html").read_text("utf-8")
        assert "Cette fiche a été retirée" in page
        assert REASON in page

    for path in small.iterdir():  # the same guide, built where the story has never been
        if path.name in ("site", ".build"):
            continue
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, tmp_path / path.name)
    assert build(tmp_path, lambda stage: None).written
    assert digests(tmp_path / "site") == digests(small / "site")


@pytest.fixture
def root(small: Path, tmp_path: Path) -> Path:
    """Give a copy of the small guide, to be spoilt."""
    return Path(shutil.copytree(small, tmp_path / "guide"))


def refused(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Give what `guide withdraw` says as it leaves the ledger as it is."""
    before = (root / "context/published.yaml").read_bytes()
    done = guide(root, "withdraw", *arguments)
    assert (root / "context/published.yaml").read_bytes() == before
    return done


def test_what_leads_to_a_withdrawn_entry_is_told(root: Path) -> None:
    done = guide(root, "withdraw", "ingredient", "frapper-deux-coups", "--reason", "Un doublon.")
    assert done.returncode == 1
    assert "ingrédient actif : la fiche « frapper-deux-coups » est retirée" in done.stdout
    assert "enlevez ce renvoi" in done.stdout
    assert "narratives/la-porte.yaml:" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("narrative", "la-prte", "--reason", "x"), "vouliez-vous dire « la-porte » ?"),
        (("narrative", "la-porte", "--reason", "Mme Roy s'y voit."), "La raison sera publique"),
        (("narrative", "la-porte", "--reason", " "), "La raison tient en quelques phrases"),
    ],
)
def test_nothing_is_withdrawn_for_a_wrong_name_or_a_reason_that_identifies(
    small: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = refused(small, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert (small / "narratives/la-porte.yaml").is_file()


#: What takes the small guide's own story out.
THE_DOOR = ("narrative", "la-porte", "--reason", "Un doublon.")


@pytest.mark.parametrize("damage", ["windows-1252", "folder"])
def test_a_changelog_that_cannot_be_read_keeps_nothing_in_the_guide(
    root: Path, damage: str
) -> None:
    news = root / "CHANGELOG.md"
    news.unlink()
    if damage == "folder":
        news.mkdir()
    else:
        news.write_bytes("## À paraître\n\n### Récits\n\n- La porte, d'été\n".encode("cp1252"))
    done = guide(root, "withdraw", *THE_DOOR)
    assert done.stdout.startswith("narratives/la-porte.yaml : retiré."), done.stderr
    assert not (root / "narratives/la-porte.yaml").exists()
    assert "Un doublon." in (root / "context/published.yaml").read_text("utf-8")
    if damage == "windows-1252":
        assert "CHANGELOG.md:5 : cette ligne nomme encore la fiche." in done.stdout
        assert "[encodage]" in done.stdout


def test_a_published_entry_whose_file_is_gone_is_withdrawn_once(root: Path) -> None:
    (root / "narratives/la-porte.yaml").unlink()
    done = guide(root, "withdraw", *THE_DOOR)
    assert done.stdout.startswith("narratives/la-porte.yaml : retiré."), done.stderr
    assert (root / "context/published.yaml").read_bytes().count(b"Un doublon.") == 1
    again = refused(root, *THE_DOOR)
    assert again.returncode == 2
    assert "récit : la fiche « la-porte » est déjà retirée" in again.stderr


def test_a_former_name_is_not_withdrawn_while_its_entry_stays(root: Path) -> None:
    file = root / "narratives/la-porte.yaml"
    file.write_text("former_names: [le-seuil]\n" + file.read_text("utf-8"), "utf-8")
    assert guide(root, "publish").returncode == 0
    done = refused(root, "narrative", "le-seuil", "--reason", "Un doublon.")
    assert done.returncode == 2
    assert "« le-seuil » est l'ancien nom de « la-porte »" in done.stderr


def test_the_name_of_a_withdrawn_entry_is_not_given_again(root: Path) -> None:
    assert guide(root, "withdraw", *THE_DOOR).returncode == 0
    (root.parent / "recu.txt").write_text("Titre : La porte\nContexte : Un mardi.\n", "utf-8")
    for arguments in (
        ("new", "narrative", "--title", "La porte", "--theme", "le-voisinage"),
        ("import", "../recu.txt", "--theme", "le-voisinage"),
    ):
        done = guide(root, *arguments)
        assert done.returncode in (1, 2)
        assert "« la-porte » est le nom d'une fiche retirée" in done.stderr
        assert not (root / "narratives/la-porte.yaml").exists()
    assert guide(root, "new", "ingredient", "--title", "La porte").returncode == 0


def test_a_file_that_cannot_be_removed_leaves_the_ledger_as_it_was(root: Path) -> None:
    (root / "narratives/la-porte.yaml").unlink()
    (root / "narratives/la-porte.yaml/dessous").mkdir(parents=True)
    done = refused(root, *THE_DOOR)
    assert done.returncode == 1
    assert done.stderr.endswith("Rien n'a été retiré.\n")


def test_a_ledger_that_cannot_be_read_is_left_as_it_is(root: Path) -> None:
    ledger = root / "context/published.yaml"
    ledger.write_text(ledger.read_text("utf-8").replace("narratives:", "narrative:"), "utf-8")
    done = refused(root, *THE_DOOR)
    assert done.returncode == 2
    assert "context/published.yaml ne se lit pas" in done.stderr
    assert (root / "narratives/la-porte.yaml").is_file()
