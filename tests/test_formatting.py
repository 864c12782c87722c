"""One way to write an entry: the same words, the same comments, the same bytes twice."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.formatting import Layout, canonical, layout, meaning, model_of, reformat, write
from builder.model import MODELS, Kind
from builder.parsing import parse
from builder.reading import files
from tests.conftest import ROOT
from tests.language_server import NODE
from tests.test_commands import guide

CANONICAL = ROOT / "tests/canonical"
NAMES = sorted(file.relative_to(ROOT).as_posix() for file in files(ROOT))


def formatted(text: str, name: str = "narratives/x.yaml") -> str:
    source, data, faults = parse(name, text.encode())
    assert source and data and not faults
    return canonical(source, data)


def test_the_collection_is_canonical() -> None:
    done = reformat(ROOT, NAMES, write=False)
    assert done == ((), ()), "lancez « guide format »"


@pytest.mark.parametrize("case", sorted(CANONICAL.glob("*.json")), ids=lambda file: file.stem)
def test_data_is_written_as_the_sample_shows(case: Path) -> None:
    data = json.loads(case.read_text("utf-8"))
    expected = case.with_suffix(".yaml").read_text("utf-8")
    assert write(data, layout(MODELS[Kind(case.stem)])) == expected
    _, read, faults = parse(case.name, expected.encode())
    assert not faults
    assert meaning(read) == meaning(data)


def test_the_browser_writes_what_the_command_line_writes() -> None:
    """Every file of the collection, and the samples, through the script under Node."""
    given = [
        (json.loads(case.read_text("utf-8")), layout(MODELS[Kind(case.stem)]))
        for case in sorted(CANONICAL.glob("*.json"))
    ]
    for name in NAMES:
        data = parse(name, (ROOT / name).read_bytes())[1]
        if data and "vocabulary" not in name:
            given.append((data, layout(model_of(name))))
    script = ROOT / "builder/theme/assets/yaml.js"
    program = (
        f"require({json.dumps(str(script))});"
        "const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(given.map(([data, of]) => CanonicalYaml.write(data, of))));"
    )
    done = subprocess.run(
        [NODE, "-e", program], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [write(data, of) for data, of in given]


COMMENTS = [
    ("# en tête\ntitle: >-\n  x\n", "# en tête\ntitle: >-\n  x\n"),
    ("title: >-  # à côté\n  x\n", "# à côté\ntitle: >-\n  x\n"),
    ("title: x\ntheme: a   # à côté\n", "title: >-\n  x\n# à côté\ntheme: a\n"),
    # a comment goes with its key when the keys change places
    ("theme: a\n# le titre\ntitle: x\n", "# le titre\ntitle: >-\n  x\ntheme: a\n"),
    (
        "questions:\n  # un\n  - a\n  # deux\n  - b\n  # fin de liste\nfacilitation: z\n",
        "questions:\n  # un\n  - >-\n    a\n  # deux\n  - >-\n    b\n  # fin de liste\n"
        "facilitation: >-\n  z\n",
    ),
    ("title: x\n\n# à la fin\n", "title: >-\n  x\n# à la fin\n"),
    (
        "discussion:\n  clarifications:\n    - # ici\n      question: q\n      # là\n"
        "      answer: r\n",
        "discussion:\n  # ici\n  clarifications:\n    - question: >-\n        q\n      # là\n"
        "      answer: >-\n        r\n",
    ),
    ("situations: [a, # un\n  b]\n", "# un\nsituations:\n  - a\n  - b\n"),
    # what looks like a comment in a text is text
    (
        "story: |\n  # un mot\n  b\ntitle: 'a # b'\n",
        "title: >-\n  a # b\nstory: >-\n  # un mot b\n",
    ),
]


@pytest.mark.parametrize(("before", "after"), COMMENTS, ids=range(len(COMMENTS)))
def test_comments_are_kept_in_their_places(before: str, after: str) -> None:
    assert formatted(before) == after
    assert formatted(after) == after


def test_a_block_that_ends_with_the_file_has_no_comment() -> None:
    assert formatted("kind: work\nyear: >-", "context/references/x.yaml") == "kind: work\n"


WORDS = st.text(
    st.sampled_from("ab é œ«»:;!?#-'\"\\[](),{}&*|>%@`~\u00a0\u202f🏠\n\t0"),
    min_size=1,
    max_size=60,
)
IDS = st.sampled_from(["ne-pas-paniquer", "yes", "1er", "null", "a"])


def data_of(of: Layout) -> st.SearchStrategy[Any]:
    """Make data of any content for a layout."""
    if isinstance(of, list):
        return st.lists(data_of(of[0]), max_size=3)
    if isinstance(of, dict) and "*" in of:
        return st.dictionaries(IDS, data_of(of["*"]), max_size=3)
    if isinstance(of, dict):
        return st.fixed_dictionaries({}, optional={key: data_of(it) for key, it in of.items()})
    choices: dict[str, st.SearchStrategy[Any]] = {
        "text": WORDS,
        "word": st.one_of(IDS, WORDS.filter(lambda it: "\t" not in it)),  # no value holds a tab
        "words": st.lists(IDS, max_size=3),
        "plain": st.sampled_from(["8", "2026-01-12"]),
    }
    return choices[of]


@settings(max_examples=150, deadline=None)
@given(data_of(layout(MODELS[Kind.NARRATIVE])))
def test_whatever_is_written_reads_as_it_was_given(data: dict[str, Any]) -> None:
    text = write(data, layout(MODELS[Kind.NARRATIVE]))
    if not meaning(data):
        return
    source, read, faults = parse("narratives/x.yaml", text.encode())
    assert source and read and not [it for it in faults if it.rule != "tabulation"], text
    assert meaning(read) == meaning(data)
    assert canonical(source, read) == text


STORY = (ROOT / "tests/valid/narratives/la-porte.yaml").read_text("utf-8").split("\n")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(STORY)), st.integers(0, 8), st.sampled_from("xyz")), max_size=4
    )
)
def test_no_comment_is_lost_wherever_it_stands(comments: list[tuple[int, int, str]]) -> None:
    lines = list(STORY)
    for place, margin, words in comments:
        lines.insert(place, f"{' ' * margin}# {words}")
    source, data, faults = parse("narratives/x.yaml", "\n".join(lines).encode())
    if faults or not source or not data:
        return  # a comment that cuts a text is a fault of the file
    once = canonical(source, data)  # raises if a comment or a word is lost
    assert formatted(once) == once


@pytest.fixture
def small(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tests/valid", tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_format_names_what_it_changed_and_does_not_change_it_twice(small: Path) -> None:
    guide(small, "format")
    story = small / "narratives/la-porte.yaml"
    neat = story.read_text()
    story.write_bytes(
        neat.replace("outcome: >-\n  ", "outcome: ", 1).replace("\n", "\r\n").encode()
    )
    story.chmod(0o640)
    checked = guide(small, "format", "--check")
    assert (checked.returncode, checked.stdout) == (1, "narratives/la-porte.yaml\n")
    done = guide(small / "narratives", "format", "la-porte.yaml")
    assert done.returncode == 2  # at the root only, as every command
    done = guide(small, "format", "narratives/la-porte.yaml")
    assert (done.returncode, done.stdout) == (0, "narratives/la-porte.yaml\n")
    assert story.read_bytes() == neat.encode()
    assert story.stat().st_mode & 0o777 == 0o640
    assert guide(small, "format").stdout == ""


def test_format_leaves_a_faulty_file_and_says_why(small: Path) -> None:
    guide(small, "format")
    story = small / "narratives/la-porte.yaml"
    broken = story.read_text().replace("outcome:", "outcom:")
    story.write_text(broken)
    done = guide(small, "format")
    assert done.returncode == 1
    assert "champ inconnu « outcom »" in done.stderr
    assert story.read_text() == broken


def test_format_of_what_is_no_entry_is_wrong_usage(small: Path) -> None:
    done = guide(small, "format", "../ailleurs.yaml")
    assert done.returncode == 2
    assert "n'est pas une fiche" in done.stderr
