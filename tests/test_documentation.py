"""The documentation says what the code does."""

from __future__ import annotations

import re

from click.testing import CliRunner

from builder.commands import main
from builder.model import LABELS, MODELS, SINGLE_FILES
from builder.problems import RULES
from tests.conftest import ROOT

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_contributing_lists_every_rule_as_it_is() -> None:
    assert dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", CONTRIBUTING, re.MULTILINE)) == RULES


def test_every_command_is_described_in_french() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    for name, command in main.commands.items():
        assert f"{name} " in shown
        assert command.help
        detail = CliRunner().invoke(main, [name, "--help"]).output
        assert "Utilisation : " in detail
        assert "Usage" not in detail


def test_every_command_is_documented() -> None:
    files = (ROOT / name for name in ("README.md", "CONTRIBUTING.md", "Makefile"))
    documented = "".join(file.read_text(encoding="utf-8") for file in files)
    for name in main.commands:
        assert re.search(rf"\bguide {name}\b", documented), name


def test_every_field_has_its_title_and_its_help() -> None:
    for model in {*MODELS.values(), *SINGLE_FILES.values()}:
        for name, field in model.model_fields.items():
            assert field.title, f"{model.__name__}.{name}"
            assert field.description, f"{model.__name__}.{name}"


def test_every_choice_has_its_label() -> None:
    kinds = {type(value) for value in LABELS}
    assert all(value in LABELS for kind in kinds for value in kind)


def test_every_make_target_is_described() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", makefile, re.MULTILINE)
    described = re.findall(r"^([a-z]+):.*## .", makefile, re.MULTILINE)
    assert set(targets) == set(described)
