"""`guide new` writes entries that only lack what their author has to say."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from builder.guide import examine
from builder.model import FOLDERS, Kind
from builder.problems import Problem
from tests.conftest import ROOT
from tests.test_commands import guide

CHOICES = {
    "narrative": ["--theme", "le-voisinage"],
    "ingredient": [],
    "theme": ["--set", "stage=settle"],
    "theory": ["--set", "kind=theory"],
    "situation": ["--set", "about=worker"],
}
#: What stands before « a-choisir », and an id that may take its place.
IDS = {
    r"ref: ": "source",
    r"theory: ": "seuils",
    r"ingredient: ": "frapper-deux-coups",
    r"situations:\n  - ": "ne-repond-plus",
    r"themes:\n  - ": "le-voisinage",
    r"\]\(": "frapper-deux-coups",
    r"readings:\n  ": "frapper-deux-coups",
}


ALONE = ("ingredient-inaccessible", "serie-incomplete")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tests/valid", tmp_path, dirs_exist_ok=True)
    return tmp_path


def problems(root: Path) -> list[Problem]:
    """Give the problems, save those of an entry that is in no story and no series yet."""
    return [it for it in examine(root).problems if it.rule not in ALONE]


@pytest.mark.parametrize("kind", CHOICES)
def test_a_skeleton_lacks_only_what_is_to_write(small: Path, kind: str) -> None:
    done = guide(small, "new", kind, "--title", "Une clé sous l'œuf", *CHOICES[kind])
    assert done.returncode == 0, done.stderr
    file = small / FOLDERS[Kind(kind)] / "une-cle-sous-l-oeuf.yaml"
    assert done.stdout.startswith(file.relative_to(small).as_posix())
    text = file.read_text("utf-8")
    assert {it.rule for it in problems(small)} == {"texte-a-ecrire"}
    assert text.count("À écrire…") + len(
        re.findall("a-choisir: |- a-choisir|: a-choisir", text)
    ) == (len(problems(small)))
    for before, id_ in IDS.items():
        text = re.sub(rf"({before})a-choisir", rf"\g<1>{id_}", text)
    file.write_text(text.replace("À écrire…", "Deux coups."), encoding="utf-8")
    assert problems(small) == []


@pytest.mark.parametrize("kind", CHOICES)
def test_a_skeleton_is_canonical_and_explains_each_field(small: Path, kind: str) -> None:
    guide(small, "new", kind, "--title", "Une clé", *CHOICES[kind])
    name = f"{FOLDERS[Kind(kind)]}/une-cle.yaml"
    text = (small / name).read_text("utf-8")
    assert guide(small, "format", name).stdout == ""
    for key in re.findall(r"^([a-z_]+):", text, re.MULTILINE):
        assert re.search(rf"^# .*\n{key}:", text, re.MULTILINE), key


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["narrative"], "Il manque : --title"),
        (["situation", "--title", "x"], "Il manque : --set about=… (tenant, landlord"),
        (
            ["narrative", "--title", "x", "--theme", "le-voisin"],
            "vouliez-vous dire « le-voisinage »",
        ),
        (["narrative", "--title", "x", "--set", "origin.kind=vrai"], "au choix : retold"),
        (
            ["narrative", "--title", "x", "--set", "titre=x"],
            "Champs à choisir : theme, origin.kind",
        ),
        (["narrative", "--title", "x", "--set", "theme"], "écrivez CHAMP=VALEUR"),
        (["narrative", "--title", "La porte"], "narratives/la-porte.yaml existe déjà"),
        (["narrative", "--title", "x", "--id", "../../x"], "ne peut pas être un identifiant"),
        (["narrative", "--title", "x", "--id", "a" * 300], "ne peut pas être un identifiant"),
        (["narrative", "--title", "???"], "donnez-en un avec --id"),
        (["narrative", "--title", "Con"], "« con » est le nom d'une autre page"),
        (["reference", "--title", "x"], "Au choix : theme, narrative"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_what_cannot_be_made_is_told(small: Path, arguments: list[str], said: str) -> None:
    before = sorted(small.rglob("*.yaml"))
    done = guide(small, "new", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert sorted(small.rglob("*.yaml")) == before


def test_no_theme_is_added_to_those_of_the_study() -> None:
    done = guide(ROOT, "new", "theme", "--title", "Un de trop", "--set", "stage=settle")
    assert done.returncode == 2
    assert done.stderr == "Les 17 thèmes de l'étude ont déjà leur fiche.\n"
    assert not (ROOT / "themes/un-de-trop.yaml").exists()


def test_a_terminal_is_asked_again_until_the_answer_fits(small: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "builder", "new", "narrative"],
        cwd=small,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    os.write(ours, b"La nuit\nle-voisin\nle-voisinage\nfield\n")
    shown, _ = process.communicate(timeout=30)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0, shown
    assert "vouliez-vous dire « le-voisinage » ?" in shown
    text = (small / "narratives/la-nuit.yaml").read_text("utf-8")
    assert "theme: le-voisinage\n" in text
    assert "kind: field\n" in text
