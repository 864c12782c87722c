"""Spelling and rereading. Hunspell is not a dependency: without it, its tests say how to get it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from builder.analysis import fold
from builder.prose import (
    DICTIONARY,
    HunspellError,
    Reread,
    dictionary,
    misspellings,
    rereadings,
    shared_runs,
    unknown_words,
)
from builder.reading import read
from tests.conftest import ROOT
from tests.test_commands import guide

STORY = "narratives/la-porte.yaml"


@pytest.fixture(scope="module")
def hunspell() -> None:
    """Skip, with what to install, where hunspell or its French dictionary is missing."""
    try:
        unknown_words([])
    except HunspellError as error:
        pytest.skip(str(error))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Give a folder with a small valid guide."""
    shutil.copytree(ROOT / "tests/valid", tmp_path, dirs_exist_ok=True)
    return tmp_path


def tell(root: Path, words: str, story: str = STORY) -> None:
    """Write the first words of a story."""
    text = (ROOT / "tests/valid" / STORY).read_text("utf-8")
    (root / story).write_text(text.replace("J'étais en retard.", words), "utf-8")


def reread(root: Path) -> Reread:
    (found,) = (one for one in rereadings(read(root)) if one.file == STORY)
    return found


KNOWN = """
    l'eau L'eau aujourd'hui quelqu'un jusqu'à presqu'île c'est-à-dire Qu'est-ce là-dessus viens-tu
    donne-t-il vas-y celui-là ÉLAN Élan élan œuvre 1er 3e 2020 HLM l'HLM
"""


@pytest.mark.usefixtures("hunspell")
def test_french_words_are_known_with_their_apostrophes_hyphens_and_capitals() -> None:
    assert unknown_words(KNOWN.split()) == {}


@pytest.mark.usefixtures("hunspell")
def test_a_mistake_is_unknown_and_its_correction_comes_first() -> None:
    found = unknown_words(["acceuil", "l'acceuil", "oeuvre", "14h"])
    assert {word: found[word][:1] for word in found} == {
        "acceuil": ("accueil",),
        "l'acceuil": ("l'accueil",),
        "oeuvre": ("œuvre",),
        "14h": (),
    }


@pytest.mark.usefixtures("hunspell")
def test_an_accepted_word_may_be_elided_begin_a_sentence_or_take_a_hyphen() -> None:
    words = ["icitte", "jusqu'icitte", "Icitte", "icitte-là", "C'est", "OBNL", "l'OBNL"]
    assert set(unknown_words(words)) == set(words) - {"C'est"}
    assert unknown_words(words, ["icitte", "OBNL"]) == {}
    assert set(unknown_words(["Obnl"], ["OBNL"])) == {"Obnl"}


@pytest.mark.usefixtures("hunspell")
def test_a_message_points_at_the_word_of_the_yaml_file(small: Path) -> None:
    tell(small, "[J'ai vu](frapper-deux-coups) https://exemple.org/acceuil : l'acceuil.")
    done = guide(small, "prose")
    assert done.returncode == 1
    assert done.stdout.startswith(
        f"{STORY}:12:63: mot inconnu : « l'acceuil » — vouliez-vous dire « l'accueil », "
    )
    assert "[orthographe] (avertissement)\n\n1 avertissement" in done.stdout
    assert "orthographe" not in guide(small, "check").stdout


@pytest.mark.usefixtures("hunspell")
def test_the_dictionary_of_the_guide_is_read_without_its_comments(small: Path) -> None:
    tell(small, "C'est gossant icitte.")
    (small / DICTIONARY).write_text("# Québec\ngossant\nicitte  # ici\n")
    done = guide(small, "prose")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.usefixtures("hunspell")
def test_unknown_words_of_the_real_content_are_told_but_fail_nothing() -> None:
    found = misspellings(read(ROOT), dictionary(ROOT))
    if found:  # advice: a contributor's word may be right
        pytest.xfail("mots à revoir (« make prose ») :\n" + "\n".join(map(str, found)))


def test_the_dictionary_is_sorted_without_doubles() -> None:
    lines = (ROOT / DICTIONARY).read_text("utf-8").splitlines()
    words = [word for line in lines if (word := line.partition("#")[0].strip())]
    assert words == sorted(set(words), key=lambda word: (fold(word), word))


def test_without_hunspell_the_command_says_what_to_install(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(small))
    done = guide(small, "prose")
    assert done.returncode == 2
    assert "apt-get install hunspell" in done.stderr
    assert guide(small, "prose", "--report").returncode == 0


def test_without_its_french_dictionary_hunspell_is_not_enough(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = small / "hunspell"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(small), prepend=":")
    done = guide(small, "prose")
    assert done.returncode == 2
    assert "dictionnaire français" in done.stderr


def test_a_file_that_cannot_be_read_is_not_called_well_spelled(small: Path) -> None:
    (small / STORY).write_text("title: [")
    done = guide(small, "prose")
    assert done.returncode == 1
    assert "guide check" in done.stderr


def test_a_sentence_of_more_than_thirty_words_is_to_be_reread(small: Path) -> None:
    tell(small, f"Non. {'la ' * 30}porte\n\n  {'la ' * 29}porte. « Oui? »")
    (found,) = reread(small).long
    assert (found.words, found.place) == (31, f"{STORY}:12:8")


def test_a_long_word_that_another_entry_has_is_not_rare(small: Path) -> None:
    tell(small, "Une déresponsabilisation, deux déresponsabilisations.")
    assert reread(small).rare == ("déresponsabilisation", "déresponsabilisations")
    tell(small, "La déresponsabilisation.", "narratives/autre.yaml")
    assert reread(small).rare == ()


EIGHT = "Un deux trois quatre cinq six sept huit"


@pytest.mark.parametrize(
    ("first", "second", "runs"),
    [
        (f"{EIGHT}.", "Zéro un, deux trois quatre\n  cinq six sept huit!", 1),
        (f"{EIGHT} neuf dix.", f"{EIGHT} neuf dix onze.", 1),
        (f"{EIGHT}.", "Un deux trois quatre cinq six sept neuf huit.", 0),
        (f"{EIGHT}. Zéro. {EIGHT}.", "Rien.", 0),
    ],
)
def test_two_stories_share_a_run_of_eight_words(
    small: Path, first: str, second: str, runs: int
) -> None:
    tell(small, first)
    tell(small, second, "narratives/autre.yaml")
    assert sum("trois" in run.words for run in shared_runs(read(small))) == runs


def test_no_two_stories_share_eight_words_in_a_row() -> None:
    assert list(shared_runs(read(ROOT))) == []
