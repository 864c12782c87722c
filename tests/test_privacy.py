"""The anonymity check: what it finds, the same in Python and in the browser, fast, and how well.

It is measured on sentences that the rules had not seen; it is no promise that nothing is missed.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Browser

from builder import privacy
from builder.guide import Checked, examine
from builder.identifiers import FORMS, RULES
from builder.model import Identifiers, texts
from builder.privacy import Names, find
from builder.problems import RULES as PROBLEMS
from builder.problems import Severity

HERE = Path(__file__).parent
ENGINE = HERE.parent / "builder/theme/assets/privacy.js"

GOLDEN = yaml.safe_load((HERE / "privacy_golden.yaml").read_text(encoding="utf-8"))["cases"]
#: By who wrote them: see the head of each file.
SENTENCES = {
    name: yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))["sentences"]
    for name in ("privacy_cases", "privacy_heldout")
}

#: start, end (in UTF-16 units, as the browser counts), rule, severity, words
Found = list[tuple[int, int, str, Severity, str]]
Asked = Sequence[tuple[str, Sequence[str]]]
Engine = Callable[[Names, Asked], list[Found]]

ASK = """(asked) => JSON.stringify(asked.map(([text, allowed]) =>
    Privacy.find(text, allowed).map((it) => [it.start, it.end, it.rule, it.severity, it.words])))"""


def in_python(names: Names, asked: Asked) -> list[Found]:
    return [
        [
            (
                _units(text[: it.start]),
                _units(text[: it.end]),
                it.rule.id,
                it.rule.severity,
                it.words,
            )
            for it in find(text, names, allowed)
        ]
        for text, allowed in asked
    ]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def in_node(names: Names, asked: Asked) -> list[Found]:
    """Run the browser's code in the Node that Playwright brings."""
    node, _ = compute_driver_executable()
    program = "\n".join(
        [
            privacy.script(names),
            ENGINE.read_text(encoding="utf-8"),
            f"console.log(({ASK})({json.dumps(asked)}));",
        ]
    )
    done = subprocess.run([node, "-"], input=program, capture_output=True, text=True, check=True)
    return _tuples(done.stdout)


def in_chromium(browser: Browser) -> Engine:
    def run(names: Names, asked: Asked) -> list[Found]:
        page = browser.new_page()
        page.add_script_tag(content=privacy.script(names))
        page.add_script_tag(path=ENGINE)
        answer = page.evaluate(ASK, asked)
        page.close()
        return _tuples(answer)

    return run


def _tuples(answer: str) -> list[Found]:
    return [[tuple(it) for it in found] for found in json.loads(answer)]


@pytest.fixture(params=["node", "chromium"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "chromium":
        return in_chromium(request.getfixturevalue("browser"))
    return in_node


def real_names(aside: Path) -> Names:
    """Read the real lists, copied aside: the rest of the guide need not be read."""
    (aside / "context").mkdir()
    shutil.copy(HERE.parent / "context/identifiers.yaml", aside / "context")
    return examine(aside).library.names


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    return real_names(tmp_path_factory.mktemp("lists"))


def expected(case: dict[str, Any]) -> Found:
    """Place the expected words of a golden case in its text, one after the other."""
    severities = {rule.id: rule.severity for rule in RULES}
    text, place, found = case["text"], 0, []
    for words, rule in case.get("found", ()):
        start = text.index(words, place)
        place = start + len(words)
        plain = privacy.prepare(words if "](" not in words else f"[{words}](x)").text
        found.append((_units(text[:start]), _units(text[:place]), rule, severities[rule], plain))
    return found


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["text"][:30])
def test_golden_cases(names: Names, case: dict[str, Any]) -> None:
    (found,) = in_python(names, [(case["text"], case.get("allowed", ()))])
    assert found == expected(case)


def findings(names: Names) -> Iterator[str]:
    """Yield each measured sentence of who wrote the rules, then what is found in it, a line each.

    The sentences of another hand are left out: what was never seen must not be looked at here.
    """
    for sentence in SENTENCES["privacy_cases"]:
        found = find(sentence["text"], names)
        yield "\n".join(
            (sentence["text"], *(f"  {it.rule.id} {it.start} « {it.words} »" for it in found))
        )


def test_the_findings_are_those_that_were_looked_at(names: Names) -> None:
    """Right, wrong and missed; `python -m tests.golden` renews them."""
    golden = HERE / "golden/findings.txt"
    assert "\n".join(findings(names)) + "\n" == golden.read_text("utf-8")


#: Every word and every shape of the forms: rule, sentence, what may stand in it.
SHAPES = [
    (rule, sentence, shape)
    for rule, sentence, shapes in yaml.safe_load(
        (HERE / "privacy_shapes.yaml").read_text(encoding="utf-8")
    )
    for shape in shapes.split("|")
]


@pytest.mark.parametrize(("rule", "sentence"), {(it[0], it[1]): None for it in SHAPES})
def test_every_shape_of_a_form_is_found(names: Names, rule: str, sentence: str) -> None:
    for mine, given, shape in SHAPES:
        if (mine, given) == (rule, sentence):
            text = given.replace("…", shape.strip())
            before, _, rest = text.rpartition("⟦")
            words, _, after = rest.partition("⟧")
            found = find(before + words + after, names)
            assert [(it.rule.id, it.words) for it in found] == (
                [] if rule == "rien" else [(rule, words)]
            ), text


def test_the_browser_finds_the_same(engine: Engine, names: Names) -> None:
    """On the golden cases, and on the measured sentences."""
    asked = [
        *((case["text"], case.get("allowed", ())) for case in GOLDEN),
        *((sentence["text"], ()) for group in SENTENCES.values() for sentence in group),
    ]
    assert engine(names, asked) == in_python(names, asked)


def test_the_browser_finds_the_same_in_the_guide_and_in_hostile_texts(
    engine: Engine, names: Names, checked: Checked
) -> None:
    library = checked.library
    entries = (*library.narratives.values(), *library.situations.values())
    asked: Asked = [
        *((text, ()) for entry in entries for _, text in texts(entry)),
        *((text, ()) for text in HOSTILE),
    ]
    assert engine(names, asked) == in_python(names, asked)


def test_without_lists_forms_and_capitals_remain(engine: Engine) -> None:
    asked = [("Elle, Mélanie, habite avec Kevin au 514 555-0143, m. roy et kevin", ())]
    assert engine(Names(), asked) == in_python(Names(), asked)
    assert [rule for _, _, rule, _, _ in in_python(Names(), asked)[0]] == [
        "nom-propre",
        "nom-propre",
        "telephone",
    ]


def test_the_lists_are_folded_and_told_apart() -> None:
    """What is also a word needs its capital; so does a short name, and one of several words."""
    lists = Identifiers(
        id="identifiers",
        first_names=("Mélanie", "Zoé", "Jean Guy", "Laure"),
        first_names_also_words=("Claire",),
        surnames=("Roy", "Laure"),
        places=("L'Assomption", "Sacré-Cœur", "Œuvre", "Laval"),
        places_also_words=("La Minerve", "laval"),
        place_words=("Rue",),
        organisation_words=("Maison",),
        organisations=("Les Œuvres", "CHUM"),
        permitted=("Noël", "Tim Hortons", "Sœur Bleue"),
        subjects=("Personne",),
    )
    assert privacy.names(lists) == Names(
        persons=frozenset({"melanie", "zoe", "jean guy", "laure", "claire", "roy"}),
        titled=frozenset({"melanie", "zoe", "jean guy", "laure", "roy"}),
        places=frozenset(
            {"l'assomption", "assomption", "sacre-coeur", "oeuvre", "laval", "la minerve"}
            | {"minerve"}
        ),
        organisations=frozenset({"les oeuvres", "oeuvres", "chum"}),
        place_words=frozenset({"rue"}),
        organisation_words=frozenset({"maison"}),
        also_words=frozenset({"claire", "roy", "laure", "la minerve", "laval"}),
        small=frozenset({"melanie", "l'assomption", "sacre-coeur", "oeuvre"}),
        permitted=frozenset({"noel", "tim hortons", "soeur bleue"}),
        subjects=frozenset({"personne"}),
        expressions=("soeur bleue", "tim hortons"),
        spellings=frozenset(
            {"mélanie", "melanie", "l'assomption", "sacré-cœur", "sacre-coeur", "œuvre", "oeuvre"}
        ),
    )
    assert privacy.names(None) == Names()


#: Long repetitions of what the patterns begin with.
HOSTILE = [
    beginning * (20_000 // len(beginning))
    for beginning in (
        "1", "1 ", "12-", "A", "a.", "@", "a@", "M. A", "Mme A-", "rue A ", "1 rue ", "A ", "A de ",
        "dossier ", "carte sociale ", "1, rue la ", "www.", "plaque ", "né le ", "12 mars ",
        "[a](", "Saint-", "« ", "- ", "d'", "Maison de la A", "12/12/", "514 ", "9 ", "#1", "É",
        "é-", "Jean-", "e\u0301", "\u200b1", "\u2460", "\U0001d400",
    )
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:14])
def test_no_text_takes_long(names: Names, text: str) -> None:
    """20 KB made to slow a pattern down: seconds would be a defect, and would hang the browser."""
    start = time.process_time()
    find(text, names)
    assert time.process_time() - start < 5


def test_every_rule_is_one_of_the_check() -> None:
    assert {rule.id for rule in RULES} <= set(PROBLEMS)
    assert {form.rule for form in FORMS} <= {rule.id for rule in RULES}
    assert all(rule.label and rule.why and rule.instead for rule in RULES)


def test_a_pattern_reads_the_same_in_both_languages() -> None:
    """Nothing that Python and JavaScript understand differently."""
    for form in FORMS:
        for sign in ("\\d", "\\w", "\\b", "\\s", "\\D", "\\W", "(?P", "(?i", "\\Z", "\\A", "(?>"):
            assert sign not in form.pattern, form.pattern
        assert "*+" not in form.pattern and "++" not in form.pattern


class Score(NamedTuple):
    """How well a group of rules does: right, wrong, missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


NAMED = {"nom-de-personne", "lieu", "organisme", "nom-propre"}


def score(names: Names, sentences: list[dict[str, Any]], group: str) -> Score:
    """Count identifiers found (a finding touches them), missed, and findings that touch none."""
    right = wrong = missed = 0
    for sentence in sentences:
        text = sentence["text"]
        spans = {
            kind: [(text.index(it), text.index(it) + len(it)) for it in sentence.get(kind, ())]
            for kind in ("forms", "names")
        }
        found = list(find(text, names))
        for start, end in spans[group]:
            touched = any(it.start < end and start < it.end for it in found)
            right, missed = right + touched, missed + (not touched)
        wrong += sum(
            (it.rule.id in NAMED) == (group == "names")
            and not any(
                it.start < end and start < it.end for kind in spans.values() for start, end in kind
            )
            for it in found
        )
    return Score(right, wrong, missed)


@pytest.mark.parametrize("file", SENTENCES)
@pytest.mark.parametrize(
    ("group", "precision", "recall"), [("forms", 0.98, 0.95), ("names", 0.90, 0.80)]
)
def test_measured_on_sentences(
    names: Names, file: str, group: str, precision: float, recall: float
) -> None:
    assert len(SENTENCES[file]) >= 300
    found = score(names, SENTENCES[file], group)
    assert found.precision >= precision, found
    assert found.recall >= recall, found


def test_the_collection_identifies_nobody(checked: Checked) -> None:
    rules = {rule.id for rule in RULES} | {"nom-permis-superflu"}
    assert [str(problem) for problem in checked.problems if problem.rule in rules] == []


CONSENT = """\
  kind: field
  consent:
    given: true
    reviewed_by: >-
      La coordination
    date: 2026-03-01
    individualisation: true
    correlation: true
    inference: true
"""


def of_a_story(tmp_path: Path, *edits: tuple[str, str]) -> list[str]:
    """Edit the story of the small guide; give the problems as « line:column rule »."""
    shutil.copytree(HERE / "valid", tmp_path, dirs_exist_ok=True)
    story = tmp_path / "narratives/la-porte.yaml"
    text = story.read_text(encoding="utf-8")
    for before, after in edits:
        assert before in text
        text = text.replace(before, after, 1)
    story.write_text(text, encoding="utf-8")
    return [f"{it.line}:{it.column} {it.rule}" for it in examine(tmp_path).problems]


def test_a_story_of_the_field_with_consent_is_welcome(tmp_path: Path) -> None:
    assert of_a_story(tmp_path, ("  kind: composite\n", CONSENT)) == []


def test_what_the_review_could_not_confirm_forbids_publishing(tmp_path: Path) -> None:
    unsure = CONSENT.replace("correlation: true", "correlation: false")
    assert of_a_story(tmp_path, ("  kind: composite\n", unsure)) == [
        "12:18 terrain-sans-consentement"
    ]


def test_each_question_of_the_review_must_be_answered(tmp_path: Path) -> None:
    partial = CONSENT.replace("    inference: true\n", "")
    assert of_a_story(tmp_path, ("  kind: composite\n", partial)) == ["7:5 champ-manquant"]


def test_an_identifier_is_placed_in_the_file_even_inside_a_mark(tmp_path: Path) -> None:
    assert of_a_story(
        tmp_path,
        ("[J'ai frappé", "[J'ai vu\n  Mélanie frapper"),
        ("Trente sec", "514 555-0143 sec"),
    ) == ["13:3 nom-de-personne", "24:9 telephone"]


def test_why_a_name_is_let_through_is_published_too(tmp_path: Path) -> None:
    kept = (
        "allowed_names:\n  - text: Mélanie\n    why: >-\n      Mélanie, au 514 555-0143.\ntitle: >-"
    )
    assert of_a_story(
        tmp_path, ("title: >-", kept), ("[J'ai frappé", "[J'ai vu Mélanie frapper")
    ) == ["4:19 telephone"]


def test_a_file_name_is_an_address_for_ever(tmp_path: Path) -> None:
    shutil.copytree(HERE / "valid", tmp_path, dirs_exist_ok=True)
    (tmp_path / "narratives/la-porte.yaml").rename(tmp_path / "narratives/la-porte-de-melanie.yaml")
    (told,) = (it for it in examine(tmp_path).problems if it.rule == "nom-de-personne")
    assert (told.file, told.line) == ("narratives/la-porte-de-melanie.yaml", 1)
    assert "dans le nom du fichier" in told.message


def test_the_reason_of_a_withdrawal_names_nobody(tmp_path: Path) -> None:
    shutil.copytree(HERE / "valid", tmp_path, dirs_exist_ok=True)
    ledger = tmp_path / "context/published.yaml"
    withdrawn = (
        "withdrawn:\n  - kind: narrative\n    id: un-recit\n    reason: Mme Trembl a écrit.\n"
    )
    ledger.write_text(withdrawn, "utf-8")
    assert [(it.file, it.rule) for it in examine(tmp_path).problems] == [
        ("context/published.yaml", "civilite-et-nom")
    ]
