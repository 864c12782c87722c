"""Whatever comes in: entries, or French messages with a place; soon, and nothing written elsewhere.

`make fuzz` looks for more; what it has found stands in fuzz/corpus/ and is run again here.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder import privacy
from builder.finding import NotSearchableError, open_search
from builder.formatting import reformat
from builder.guide import examine
from builder.importing import RefusedError, draft
from builder.problems import (
    FAULTS,
    LONGEST,
    Problem,
    as_github,
    as_json,
    as_table,
    as_text,
    one_line,
)
from fuzz.__main__ import main
from fuzz.grammar import damaged
from fuzz.guard import TooSlowError, bounded
from fuzz.replay import CORPUS, replay
from fuzz.targets import TARGETS, VALID
from tests.test_commands import guide

#: Seconds of processor for what is granted two: a busy machine counts more of them, while each
#: input below took from ten seconds to minutes, or more memory than is granted.
PATIENT = 8.0

KEPT = [(file.parent.name, file) for file in sorted(CORPUS.glob("*/*"))]


@pytest.mark.parametrize(("target", "file"), KEPT, ids=lambda it: getattr(it, "stem", it))
def test_what_was_found_once_is_not_found_again(target: str, file: Path) -> None:
    replay(target, file.read_bytes(), PATIENT)


#: What a second of the suite is worth on each target; the others are fuzzed by tests of their own.
EXAMPLES = {
    "reading": 60,
    "folder": 6,
    "ledger": 30,
    "passages": 60,
    "privacy": 30,
    "changelog": 60,
    "skeleton": 4,
    "sheet": 15,
    "sent-yaml": 30,
    "docx": 30,
    "zip": 30,
    "form": 30,
}


@pytest.mark.parametrize("target", EXAMPLES)
def test_any_input_is_read_or_told(target: str) -> None:
    TARGETS[target].prepare()

    @settings(
        max_examples=EXAMPLES[target],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**32), st.booleans(), st.binary(max_size=40))
    def attack(seed: int, is_damaged: bool, tail: bytes) -> None:
        chance = Random(seed)
        data = TARGETS[target].make(chance)
        TARGETS[target].run(damaged(chance, data, (tail,)) if is_damaged else data)

    attack()


# ------------------------------------------------------------------ in bounded time

SIZE = 250_000
STORY = (VALID / "narratives/la-porte.yaml").read_text("utf-8")
LARGE = {
    "nesting": ("narratives/x.yaml", "[" * SIZE),
    "keys": ("narratives/x.yaml", "\n".join(f"facilitatio-{n}: b" for n in range(9000))),
    "comments": (
        "context/published.yaml",
        "themes:\n" + "".join(f"  # c\n  - a{number}\n" for number in range(6_000)),
    ),
    "links": (
        "narratives/la-porte.yaml",
        f"{STORY}allowed_names: []\n".replace(
            "situations:\n", "situations:\n" + "".join(f"  - s-{n}-ouvre\n" for n in range(9000))
        ),
    ),
    "controls": ("narratives/x.yaml", "\x07" * SIZE),
    "anchors": ("narratives/x.yaml", "situations:\n" + "  - &a b\n" * 25_000),
    "brackets": (
        "narratives/la-porte.yaml",
        STORY.replace("story: |\n", f"story: |\n  {'[' * 7000}\n"),
    ),
    "news": ("CHANGELOG.md", "## À paraître\n" + "x\n" * 120_000),
}


@pytest.mark.parametrize("case", LARGE)
def test_as_much_as_a_file_may_hold_takes_no_time(case: str) -> None:
    name, text = LARGE[case]
    assert len(text.encode()) < 256 * 1024
    for target in ("folder", "reading") if name.endswith(".yaml") else ("folder",):
        replay(target, f"=== {name}\n{text}".encode(), PATIENT)


def test_names_that_are_allowed_by_thousands_take_no_time() -> None:
    with bounded(PATIENT):
        privacy.find("ab " * 2000, privacy.Names(), ["ab"] * 5000)


def test_the_guard_ends_what_takes_too_long() -> None:
    with pytest.raises(TooSlowError), bounded(0.05):
        while True:
            pass
    with pytest.raises(MemoryError), bounded():
        bytearray(2**30)


# ------------------------------------------------------------------ what a folder may hold


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Give a small guide, whose folder is the only one that may change."""
    root = tmp_path / "guide"
    for file in VALID.rglob("*.yaml"):
        target = root / file.relative_to(VALID)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    return root


@contextmanager
def nobody() -> Iterator[None]:
    """Be someone to whom rights apply: tests may be run by root."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(own)


def told(root: Path) -> dict[str, str]:
    """Give the rule of what is told of each file."""
    return {problem.file: problem.rule for problem in examine(root).problems}


def test_what_is_no_file_is_told_and_not_waited_for(small: Path) -> None:
    os.mkfifo(small / "themes/tube.yaml")
    (small / "themes/dossier.yaml").mkdir()
    (small.parent / "dehors.yaml").write_text("number: 1\n")
    (small / "themes/lien.yaml").symlink_to("../../dehors.yaml")
    (small / "themes/perdu.yaml").symlink_to("nulle-part")
    (small / "themes/boucle.yaml").symlink_to("boucle.yaml")
    (small / "ingredients/zero.yaml").symlink_to("/dev/zero")
    rules = told(small)
    assert rules["themes/tube.yaml"] == rules["themes/dossier.yaml"] == "fichier-inattendu"
    links = ("themes/lien", "themes/perdu", "themes/boucle", "ingredients/zero")
    assert {rules[f"{name}.yaml"] for name in links} == {"lien-symbolique"}
    done = guide(small, "import", str(small / "themes/tube.yaml"))
    assert done.returncode == 1
    assert "ce n'est pas un fichier ordinaire" in done.stderr


def test_what_cannot_be_opened_is_told(small: Path) -> None:
    for folder in (small, *small.parents):
        if "pytest-of-" in str(folder):  # pytest's own, closed to others
            folder.chmod(0o755)
    (small / "themes/le-voisinage.yaml").chmod(0)
    (small / "theories").chmod(0)
    (small / "situations").chmod(0o444)
    with nobody():
        rules = told(small)
        with pytest.raises(NotSearchableError):
            open_search(small)
    assert rules["themes/le-voisinage.yaml"] == "fichier-illisible"
    assert rules["theories"] == "fichier-illisible"
    assert rules["situations/ne-repond-plus.yaml"] == "fichier-illisible"


def test_a_damaged_index_that_cannot_be_made_again_is_done_without(small: Path) -> None:
    open_search(small)
    (place,) = (small / ".build/search").iterdir()
    (place / "catalogue.json").write_text("{")
    for folder in (small, *small.parents):
        if "pytest-of-" in str(folder):  # pytest's own, closed to others
            folder.chmod(0o755)
    place.chmod(0o755)
    (small / ".build").chmod(0o555)
    with nobody():
        assert open_search(small).catalogue.cards
    assert (place / "catalogue.json").read_text() == "{"


def test_no_name_or_value_gives_an_order_to_a_terminal_or_a_workflow(small: Path) -> None:
    (small / "themes/\x1b[31m.yaml").write_text("number: 1\n")
    Path(os.fsdecode(bytes(small / "themes") + b"/caf\xe9\n.yaml")).write_text("number: 1\n")
    (small / "ingredients/x.yaml").write_text('status: "a\\n::error::b\\x1b[31m\\u202e"\n')
    done = guide(small, "check")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    problems = examine(small).problems
    assert done.stdout.rstrip("\n") == as_text(problems)
    told_in_json = [text for it in json.loads(as_json(problems)) for text in map(str, it.values())]
    for form in (done.stdout, as_github(problems), as_table(problems), *told_in_json):
        assert not re.search(r"^::error::b", form, re.MULTILINE)
        assert all(it.isprintable() or it in "\n\u00a0\u202f" for it in form), form


def test_a_problem_is_one_line_that_can_be_read() -> None:
    problem = Problem("a\n.yaml", 1, 1, "yaml", "error", "x" * 10_000, "a\u202eb\x00\ud800 \u00a0»")
    said = as_text([problem])
    assert len(said) < 3 * LONGEST
    assert said.encode().decode().endswith("… — a\\u202eb\\x00\\ud800 \u00a0» [yaml]")
    assert one_line("\x00" * LONGEST).count("\\x00") < LONGEST / 4


def test_faults_by_thousands_are_told_by_hundreds(small: Path) -> None:
    file = small / "narratives/la-porte.yaml"
    file.write_text(STORY.replace("story: |\n", f"story: |\n  {'] ' * 900}\n"))
    found = [it for it in examine(small).problems if it.rule == "marque-mal-formee"]
    assert len(found) == FAULTS
    assert found[0].line == STORY[: STORY.index("story: |")].count("\n") + 2
    assert [it.column for it in found[:3]] == [3, 5, 7]


# ------------------------------------------------------------------ what was read amiss


@pytest.mark.parametrize(
    ("day", "advice"),
    [
        ("86400", "écrivez une date AAAA-MM-JJ"),
        ("1700006400", "écrivez une date AAAA-MM-JJ"),
        ("2024-01-31T00:00:00", "écrivez une date AAAA-MM-JJ"),
        ("2024-02-30", "ce jour n'existe pas : vérifiez le mois et le jour"),
    ],
)
def test_a_day_is_written_as_a_day(small: Path, day: str, advice: str) -> None:
    file = small / "ingredients/frapper-deux-coups.yaml"
    file.write_text(f"{file.read_text()}validation:\n  by: >-\n    Un groupe\n  date: {day}\n")
    (problem,) = (it for it in examine(small).problems if it.rule == "valeur-invalide")
    assert problem.advice == advice


@pytest.mark.parametrize("text", ["a\\u200bb", "a\\u00adb", "a\\x07b", "a\\u202Eb"])
def test_an_escape_hides_no_character(small: Path, text: str) -> None:
    file = small / "themes/le-voisinage.yaml"
    before = file.read_text()
    file.write_text(before + f'former_names: ["{text}"]\n')
    assert "caractere-interdit" in {it.rule for it in examine(small).problems}
    assert not reformat(small, ["themes/le-voisinage.yaml"], write=True).changed
    assert file.read_text() == before + f'former_names: ["{text}"]\n'


def test_a_mark_stays_in_its_paragraph(small: Path) -> None:
    file = small / "narratives/la-porte.yaml"
    file.write_text(STORY.replace("story: |\n", "story: |\n  [un](frapper-\n\n  deux-coups)\n\n"))
    assert "marque-mal-formee" in {it.rule for it in examine(small).problems}


def test_the_changelog_is_read_as_the_entries_are(small: Path) -> None:
    file = small / "CHANGELOG.md"
    for content, rule in (
        (b"## \xe9 \n", "encodage"),
        (b"\xff\xfe#\x00", "utf-16"),
        ("# N\n\n## À paraître\n\n### R\n\n- a\x01\n".encode(), "caractere-interdit"),
        (b"#" * 300_000, "fichier-trop-gros"),
    ):
        file.write_bytes(content)
        assert told(small) == {"CHANGELOG.md": rule}


def test_a_file_that_is_none_is_not_imported(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "recit.txt")
    with pytest.raises(RefusedError, match="ordinaire"):
        draft(tmp_path / "recit.txt")


def test_the_fuzzer_names_its_targets(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["nulle-part"])
    assert "passages" in capsys.readouterr().err
