"""What GitHub is told: workflows, forms, templates and owners, linted offline and read as data."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = [
    GITHUB / "ISSUE_TEMPLATE" / f"{name}.yml"
    for name in ("proposer-un-recit", "corriger-ou-proposer")
]
DEFAULT = GITHUB / "PULL_REQUEST_TEMPLATE.md"
BY_KIND = sorted((GITHUB / "PULL_REQUEST_TEMPLATE").iterdir())


def lint(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which(name, path=str(Path(sys.executable).parent))
    assert program, f"{name} n'est pas installé : lancez « make .venv/test.stamp »"
    return subprocess.run(
        [program, *map(str, arguments)], capture_output=True, text=True, check=False
    )


def zizmor(path: Path) -> subprocess.CompletedProcess[str]:
    return lint(
        "zizmor", "--offline", "--no-progress", "--persona=auditor", "--strict-collection", path
    )


def actionlint(*files: Path) -> subprocess.CompletedProcess[str]:
    return lint("actionlint", "-shellcheck=", "-pyflakes=", *files)  # the same on every machine


def schema(name: str, *files: Path) -> subprocess.CompletedProcess[str]:
    return lint("check-jsonschema", "--builtin-schema", f"vendor.{name}", *files)


def load(file: Path) -> Any:
    """Read a YAML file, where `on` stays the word that it is."""
    return yaml.load(file.read_text("utf-8"), yaml.BaseLoader)


def jobs() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{file.name}:{name}", job)
        for file in WORKFLOWS
        for name, job in load(file)["jobs"].items()
    ]


def test_zizmor_finds_nothing() -> None:
    done = zizmor(GITHUB)
    assert done.returncode == 0, done.stdout
    assert all(f"completed {file}" in done.stderr for file in WORKFLOWS), done.stderr


def test_actionlint_finds_nothing() -> None:
    done = actionlint(*WORKFLOWS)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("github-workflows", WORKFLOWS),
        ("dependabot", [GITHUB / "dependabot.yml"]),
        ("github-issue-forms", FORMS),
        ("github-issue-config", [GITHUB / "ISSUE_TEMPLATE/config.yml"]),
    ],
)
def test_each_file_has_the_shape_that_github_reads(name: str, files: list[Path]) -> None:
    done = schema(name, *files)
    assert done.returncode == 0, done.stdout


def test_the_linters_do_see_faults(tmp_path: Path) -> None:
    text = (GITHUB / "workflows/check.yml").read_text("utf-8")
    workflow = tmp_path / "check.yml"
    workflow.write_text(re.sub(r"checkout@\w+ # v7.0.1", "checkout@v7", text), "utf-8")
    assert "unpinned-uses" in zizmor(workflow).stdout
    workflow.write_text(text.replace("steps.apercu.", "steps.aperçu."), "utf-8")
    assert actionlint(workflow).returncode == 1
    form = tmp_path / "form.yml"
    form.write_text(FORMS[0].read_text("utf-8").replace("type: textarea", "type: texte"), "utf-8")
    assert schema("github-issue-forms", form).returncode == 1


def test_every_action_is_pinned_to_one_commit_with_its_version() -> None:
    used = [
        line.partition("uses: ")[2]
        for file in WORKFLOWS
        for line in file.read_text("utf-8").splitlines()
        if "uses: " in line
    ]
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use) for use in used)
    assert len(set(used)) == len({use.partition("@")[0] for use in used})


def test_what_runs_a_strangers_code_can_only_read() -> None:
    for file in WORKFLOWS:
        workflow = load(file)
        assert workflow["permissions"] == {}
        assert workflow["concurrency"]
        assert not {"pull_request_target", "workflow_run"} & set(workflow["on"])
        assert "secrets." not in file.read_text("utf-8")
    for name, job in jobs():
        assert int(job["timeout-minutes"]) <= 60, name
        checkouts = [step for step in job["steps"] if "actions/checkout@" in step.get("uses", "")]
        assert all(step["with"]["persist-credentials"] == "false" for step in checkouts)
        if checkouts:
            assert job["permissions"] == {"contents": "read"}, name
        else:
            assert name == "pages.yml:publier"
            assert job["permissions"] == {"pages": "write", "id-token": "write"}
            assert all("run" not in step for step in job["steps"])


def test_workflows_ask_for_make_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    scripts = [step["run"] for _, job in jobs() for step in job["steps"] if "run" in step]
    targets = [target for script in scripts for target in re.findall(r"\bmake (\S+)", script)]
    assert {"guide", "test", "audit", ".venv/guide.stamp"} == set(targets)
    assert all(re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE) for target in targets)


@pytest.mark.parametrize("broken", [False, True])
def test_the_check_of_a_pull_request_annotates_and_sums_up(tmp_path: Path, broken: bool) -> None:
    shutil.copytree(ROOT / "tests/valid", tmp_path, dirs_exist_ok=True)
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    if broken:
        story = tmp_path / "narratives/la-porte.yaml"
        story.write_text(story.read_text().replace("theme: le-voisinage", "theme: le-voisin"))
    (script,) = (
        step["run"]
        for _, job in jobs()
        for step in job["steps"]
        if step.get("name") == "Vérifier les fiches"
    )
    summary = tmp_path / "summary.md"
    done = subprocess.run(
        ["sh", "-e"],
        input=script,
        cwd=tmp_path,
        env={**os.environ, "GITHUB_STEP_SUMMARY": str(summary)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = summary.read_text("utf-8")
    assert said.startswith("## Les fiches\n")
    assert done.returncode == (1 if broken else 0)
    assert ("**1 erreur**" if broken else "**Aucun problème**") in said
    assert done.stdout.startswith("::error file=narratives/la-porte.yaml,line=3" if broken else "")


#: The headings of the blank writing sheet.
SHEET = [
    "Titre",
    "Contexte",
    "Ce qui a déclenché",
    "Ce que j'ai fait",
    "Ce que j'ai dit",
    "Comment la personne a réagi",
    "Ce que ça a donné",
    "Ce que je referais",
]


def test_the_issue_form_of_a_story_asks_what_the_writing_sheet_asks() -> None:
    body = load(FORMS[0])["body"]
    asked = [part["attributes"]["label"] for part in body if part["type"] in ("input", "textarea")]
    assert asked == SHEET
    assert " · ".join(SHEET) in (ROOT / "CONTRIBUTING.md").read_text("utf-8")


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)
def test_an_issue_form_warns_first_and_ends_with_boxes_to_tick(file: Path) -> None:
    first, *_, last = load(file)["body"]
    opening = first["attributes"]["value"].splitlines()[0]
    assert "public dès que vous l'envoyez" in opening
    assert all(word in opening for word in ("ni nom", "ni lieu", "ni date"))
    assert last["type"] == "checkboxes"
    assert all(box["required"] == "true" for box in last["attributes"]["options"])


def test_a_blank_issue_cannot_go_round_the_warning() -> None:
    assert load(GITHUB / "ISSUE_TEMPLATE/config.yml") == {"blank_issues_enabled": "false"}


@pytest.mark.parametrize("file", [DEFAULT, *BY_KIND, FORMS[0]], ids=lambda file: file.stem)
def test_a_human_looks_for_what_no_check_sees(file: Path) -> None:
    text = file.read_text("utf-8").lower()
    for word in ("individualisation", "corrélation", "inférence", "consentement"):
        assert word in text


def test_the_default_template_leads_to_one_for_each_kind() -> None:
    named = re.findall(r"template=([a-z.]+)", DEFAULT.read_text("utf-8"))
    assert set(named) == {file.name for file in BY_KIND}


def test_each_line_of_codeowners_is_of_something_there() -> None:
    lines = (GITHUB / "CODEOWNERS").read_text("utf-8").splitlines()
    rules = [line.split() for line in lines if line and not line.startswith("#")]
    assert all(list(ROOT.glob(path.strip("/"))) for path, *_ in rules)
    assert all(owner.startswith("@") for _, *owners in rules for owner in owners)


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-test.lock", "requirements-mutation.lock"]
)
def test_a_lock_holds_what_is_pinned(lock: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    tests = [] if lock == "requirements.lock" else extras["test"]
    mutation = extras["mutation"] if "mutation" in lock else []
    pinned = {
        re.sub(r"\[.*?\]", "", requirement).replace("_", "-")  # as the lock spells names
        for requirement in (*project["dependencies"], *extras["build"], *tests, *mutation)
    }
    held = set(re.findall(r"^(\S+==\S+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE))
    assert pinned <= held, f"lancez « make lock » : {pinned - held}"
