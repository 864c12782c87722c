"""`guide review` tells a reviewer what one entry is, brings and resembles."""

from __future__ import annotations

import shutil
from html import unescape
from pathlib import Path

import pytest

from builder.reading import read
from builder.review import Section, as_markdown, review
from tests.conftest import ROOT, copy_guide
from tests.test_commands import guide


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_guide(tmp_path)


def sections(root: Path, file: str) -> dict[str, Section]:
    return {section.heading: section for section in review(read(root), file)}


def test_a_copied_story_shows_what_it_was_copied_from(root: Path) -> None:
    new = root / "narratives/le-silence.yaml"
    shutil.copy(root / "narratives/le-silence-de-l-appartement.yaml", new)
    shown = sections(root, "narratives/le-silence.yaml")
    assert "le-silence-de-l-appartement" in shown["Fiches voisines"].lines[0]
    assert (
        "narratives/le-silence-de-l-appartement.yaml:"
        in (shown["Mots communs avec un autre récit"].lines[0])
    )
    assert shown["Problèmes"].lines == ("aucun problème",)


def test_a_story_is_measured_and_its_ingredients_are_counted_elsewhere(root: Path) -> None:
    story = root / "narratives/le-silence-de-l-appartement.yaml"
    text = story.read_text("utf-8")
    alone = (root / "ingredients/ne-pas-paniquer.yaml").read_text("utf-8")
    (root / "ingredients/tout-neuf.yaml").write_text(alone, encoding="utf-8")
    text = text.replace("](ne-pas-paniquer)", "](tout-neuf)").replace(
        "\n  ne-pas-paniquer:", "\n  tout-neuf:"
    )
    story.write_text(text, encoding="utf-8")
    shown = sections(root, "narratives/le-silence-de-l-appartement.yaml")
    assert "Récit de 419 mots, 3 min de lecture" in shown["La fiche"].lines
    assert "8 passages marqués" in shown["La fiche"].lines
    lines = shown["Ingrédients"].lines
    assert any("(tout-neuf) : aucun autre récit ne le montre" in line for line in lines)
    assert any("pour la première fois dans ce thème" in line for line in lines)
    assert any(line.endswith(" thèmes") for line in lines)


def test_an_ingredient_shows_where_it_serves(root: Path) -> None:
    lines = sections(root, "ingredients/ne-pas-paniquer.yaml")["Où il sert"].lines
    assert "Récit : Le silence de l'appartement" in lines
    assert any(line.startswith("Théorie : ") and "(Proposé)" in line for line in lines)


def test_a_faulty_entry_shows_its_problems_and_what_can_be_known(root: Path) -> None:
    story = root / "narratives/le-silence-de-l-appartement.yaml"
    text = story.read_text("utf-8")
    story.write_text(text.replace("  - isolement", "  - isolemen"), encoding="utf-8")
    shown = sections(root, "narratives/le-silence-de-l-appartement.yaml")
    assert "vouliez-vous dire « isolement » ?" in shown["Problèmes"].lines[0]
    assert shown["Fiches voisines"].lines
    story.write_text(text.replace("outcome:", "outcom:"), encoding="utf-8")
    assert list(sections(root, "narratives/le-silence-de-l-appartement.yaml")) == ["Problèmes"]


def test_every_kind_of_file_can_be_reviewed() -> None:
    content = read(ROOT)
    for file in (
        "themes/mediation-voisinage.yaml",
        "theories/attachement.yaml",
        "situations/isolement.yaml",
        "context/references/sen-1985.yaml",
        "context/vocabulary.yaml",
    ):
        problems, *others = review(content, file)
        assert problems == Section("Problèmes", ("aucun problème",)), file
        assert any(section.to_tick for section in others) == ("vocabulary" not in file)


def test_the_command_says_it() -> None:
    done = guide(ROOT, "review", "situations/isolement.yaml")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Problèmes\n  aucun problème\n")
    assert "☐ " in done.stdout


def test_in_markdown_the_entry_s_words_are_only_text() -> None:
    hostile = "<script>x</script> [lien](javascript:x) **gras** @quelqu-un"
    shown = as_markdown([Section("Problèmes", (hostile,)), Section("À vérifier", ("a",), True)])
    assert "<script>" not in shown
    assert "**" not in shown
    assert "](" not in shown
    assert "[lien](javascript:x) **gras**" in unescape(shown)
    assert shown.endswith("- [ ] a")


def test_what_is_no_entry_is_told() -> None:
    done = guide(ROOT, "review", "README.md")
    assert done.returncode == 2
    assert "« README.md » n'est pas une fiche du guide." in done.stderr
