"""Templates that are kept compiled: what is kept is what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from builder import compiled
from builder.compiled import Compiled


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of compiled code."""

    def modules() -> list[Path]:
        return sorted(tmp_path.glob("*.py"))

    monkeypatch.setattr(compiled, "PACKAGE", tmp_path)
    monkeypatch.setattr(compiled, "python_code", lambda: str([*map(Path.read_text, modules())]))
    (tmp_path / "__pycache__").mkdir()
    return tmp_path / "__pycache__"


def said(source: str) -> str:
    """Render a template, compiled in a process that knows nothing of it."""
    environment = Environment(
        loader=DictLoader({"une.jinja": source}),
        bytecode_cache=Compiled(),
        autoescape=True,
    )
    return environment.get_template("une.jinja").render(word="porte")


def test_a_template_is_compiled_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said("La {{ word }}") == "La porte"
    monkeypatch.setattr(Environment, "_compile", lambda *given: pytest.fail("compiled"))
    assert said("La {{ word }}") == "La porte"
    assert len([*folder.iterdir()]) == 1


def test_a_template_or_settings_that_change_are_compiled_again(folder: Path) -> None:
    assert said("La {{ word }}") == "La porte"
    assert said("Une {{ word }}") == "Une porte"
    before = {path: path.read_bytes() for path in folder.iterdir()}
    (folder.parent / "pages.py").write_text("trim_blocks = False")
    assert said("Une {{ word }}") == "Une porte"
    assert before != {path: path.read_bytes() for path in folder.iterdir()}


def test_without_a_place_to_keep_it_a_template_is_compiled_each_time(folder: Path) -> None:
    folder.rmdir()
    folder.touch()
    assert said("La {{ word }}") == said("La {{ word }}") == "La porte"


def test_a_template_is_kept_where_python_keeps_no_code_of_its_own(folder: Path) -> None:
    folder.rmdir()
    assert said("La {{ word }}") == "La porte"
    assert len([*folder.iterdir()]) == 1


def test_what_is_kept_by_half_is_compiled_again(folder: Path) -> None:
    assert said("La {{ word }}") == "La porte"
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    for length in (0, 9, 20, 40, 64, len(whole) // 2, len(whole) - 9):
        file.write_bytes(whole[:length])
        assert said("La {{ word }}") == "La porte", length
        assert file.read_bytes() == whole
