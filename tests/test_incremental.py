"""Builds after the first: what changed is made again, and nothing tells how it was made."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from builder import (
    archive,
    brief,
    durable,
    engine,
    known,
    library_rules,
    model,
    press,
    reading,
    site,
)
from builder import guide as building
from builder.exports import Table, tables
from builder.guide import Built, build, examine
from builder.library import Library, assemble
from builder.memo import Memo
from builder.model import Entry, Kind, Narrative, file_of
from builder.reading import read
from builder.store import Store
from tests.conftest import ROOT, small_guide
from tests.folders import digests
from tests.versions import turn

STORY = "narratives/le-silence-de-l-appartement.yaml"
STORY_PAGE = "recits/le-silence-de-l-appartement.html"
THEME = "deterioration-de-l-etat-mental"
#: What depends on nothing but its own bytes; the rest of the work folder is left out.
HANDOUTS = ".build/handouts"


@pytest.fixture
def root(guide: Path, tmp_path: Path) -> Path:
    """Give the real guide as a build left it."""
    return Path(shutil.copytree(guide, tmp_path / "guide", symlinks=True))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Give a small guide as a build left it."""
    made(small_guide(tmp_path))
    return tmp_path


def made(root: Path) -> Built:
    built = build(root, lambda stage: None)
    assert built.written, "\n".join(map(str, built.checked.problems))
    return built


def renewed(root: Path) -> int:
    written = made(root).written
    assert written
    return written.renewed


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


#: One change of each kind: where, after which words, what is added.
EDITS = (
    (STORY, "outcome: >-\n  ", "Alors voilà. "),
    (STORY, "summary: >-\n  ", "Enfin. "),
    ("ingredients/ne-pas-paniquer.yaml", "short: >-\n  ", "Surtout "),
    ("situations/isolement.yaml", "phrases:\n", "  - >-\n    le zouave a tout cassé\n"),
    ("themes/desengagement.yaml", "summary: >-\n  ", "Encore. "),
    ("theories/humaniste.yaml", "summary: >-\n  ", "Nouveau. "),
    ("context/references/leclere-2012.yaml", "short: >-\n  ", "Voir "),
    ("workshops/plans.yaml", "title: >-\n      ", "Très "),
    ("CHANGELOG.md", "## À paraître\n", "\n### Site\n\n- Du neuf.\n"),
    ("mkdocs.yml", "site_name: ", "Encore "),
)
FORMER = "elle-a-choisi-la-receptionniste"


def test_after_any_edits_the_site_is_what_a_first_build_makes(root: Path, tmp_path: Path) -> None:
    for number, (name, after, added) in enumerate(EDITS, start=1):
        edit(root / name, after, after + added)
        if number % 3 == 0:
            made(root)
    (root / f"narratives/{FORMER}.yaml").rename(root / "narratives/un-autre-nom.yaml")
    with (root / "narratives/un-autre-nom.yaml").open("a", encoding="utf-8") as file:
        file.write(f"former_names: [{FORMER}]\n")
    made(root)
    assert_as_first_made(root, tmp_path / "clean")


def assert_as_first_made(root: Path, clean: Path) -> None:
    """Make sure that a guide is what a first build makes of the same files, in another folder."""
    shutil.copytree(root, clean, ignore=shutil.ignore_patterns(".build", "site"))
    shutil.copytree(root / HANDOUTS, clean / HANDOUTS)
    made(clean)
    assert digests(root / "site") == digests(clean / "site")
    assert digests(root / ".build/docs") == digests(clean / ".build/docs")


def renamed(one: Path, other: Path) -> None:
    other.rename(one.with_stem("autrement"))


def swapped(one: Path, other: Path) -> None:
    said, said_there = one.read_bytes(), other.read_bytes()
    one.write_bytes(said_there)
    other.write_bytes(said)


@pytest.mark.parametrize(
    ("entry", "sorted_by", "change"),
    [
        ("situations/ne-repond-plus", "name", renamed),
        ("ingredients/frapper-deux-coups", "short", swapped),
    ],
)
def test_an_entry_is_known_by_its_id_as_well_as_by_its_words(
    small: Path,
    entry: str,
    sorted_by: str,
    change: Callable[[Path, Path], None],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    one, other = small / f"{entry}.yaml", small / f"{entry}-encore.yaml"
    shutil.copy(one, other)
    edit(other, f"{sorted_by}: >-\n  ", f"{sorted_by}: >-\n  Encore ")
    made(small)
    change(one, other)
    made(small)
    assert_as_first_made(small, tmp_path_factory.mktemp("clean") / "guide")


def test_nothing_is_made_again_when_nothing_changed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests(root / "site")
    monkeypatch.setattr(engine, "run_mkdocs", lambda *given: pytest.fail("mkdocs"))
    assert renewed(root) == 0
    assert digests(root / "site") == before


def test_an_edit_remakes_the_pages_that_show_it(root: Path) -> None:
    pages = len(list((root / ".build/docs").rglob("*.md")))
    edit(root / STORY, "outcome: >-\n  ", "outcome: >-\n  Alors voilà. ")
    assert renewed(root) == 1  # an outcome shows on the story's own page alone
    edit(root / STORY, "title: >-\n  Le silence", "title: >-\n  Un silence")
    assert 5 < renewed(root) < pages / 4


def test_a_table_is_made_again_only_when_it_would_not_be_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remade: list[str] = []

    def noting(table: Table, library: Library) -> bytes:
        remade.append(table.path)
        return table.make(library)

    watched = [it._replace(make=partial(noting, it)) for it in tables()]
    monkeypatch.setattr(building, "tables", lambda: watched)
    made(root)
    made(root)
    edit(root / STORY, "outcome: >-\n  ", "outcome: >-\n  Alors voilà. ")
    made(root)
    assert remade == []
    edit(root / "ingredients/ne-pas-paniquer.yaml", "short: >-\n  ", "short: >-\n  Surtout ")
    made(root)
    assert "data/matrix-themes.csv" in remade
    assert "data/maintien.csv" not in remade


def test_a_hurried_build_shows_the_edit_and_the_next_prints_it(root: Path, tmp_path: Path) -> None:
    before = digests(root / "site")
    edit(root / STORY, "outcome: >-\n  ", "outcome: >-\n  Alors voilà. ")
    built = build(root, lambda stage: None, hurried=True)
    guide = f"ateliers/{THEME}/animation.pdf"
    assert built.late == 4  # the guide in three formats, and the kit
    assert digests(root / "site")[guide] == before[guide]
    assert "Alors voilà." in (root / "site" / STORY_PAGE).read_text("utf-8")
    assert made(root).late == 0
    assert digests(root / "site")[guide] != before[guide]
    whole = digests(root / "site")
    for file in sorted((root / HANDOUTS).glob("*.json"))[:3]:
        file.unlink()  # nothing is left to stand in for these
    assert build(root, lambda stage: None, hurried=True).late == 0
    assert digests(root / "site") == whole


def test_two_sheets_that_say_the_same_both_stay_in_a_hurried_build(small: Path) -> None:
    sheet = small / "workshops/worksheets/regles.yaml"
    edit(sheet, "purpose: >-\n  ", "purpose: >-\n  Encore. ")
    shutil.copy(sheet, sheet.with_stem("regles-bis"))
    assert build(small, lambda stage: None, hurried=True).late
    made_then = {file.name for file in (small / "site/ateliers/fiches").glob("regles*.pdf")}
    assert {"regles.pdf", "regles-bis.pdf"} <= made_then


def test_what_prints_is_known_anew_by_each_build_of_a_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a template edited while `guide serve` runs would print under the key of before."""
    package = Path(shutil.copytree(ROOT / "builder/handouts", tmp_path / "handouts")).parent
    shutil.copy(ROOT / "builder/typesetter.py", package)
    monkeypatch.setattr(press, "PACKAGE", package)
    before = press.identity()
    edit(package / "handouts/base.typ", "#let ", "// Essai.\n#let ")
    assert press.identity() != before


def test_a_lost_work_folder_costs_time_alone(small: Path) -> None:
    root, before = small, digests(small / "site")
    for file in list((root / ".build/store").iterdir())[::3]:
        file.unlink()
    (root / ".build/memo.json").write_text('["ailleurs", [], {"page index": 1}]')
    for file in (root / ".build" / known.FOLDER).iterdir():
        file.write_text("un autre fichier\n" + "x" * 1000)
    shutil.rmtree(root / ".build/docs")
    made(root)
    assert digests(root / "site") == before
    (root / ".build/memo.json").write_text("{")
    for file in list((root / ".build/store").iterdir())[::3]:
        file.unlink()
    made(root)
    assert digests(root / "site") == before


def test_what_is_remembered_is_forgotten_once_a_disk_damaged_it(small: Path) -> None:
    memory, before = small / ".build/memo.json", digests(small / "site")
    assert renewed(small) == 0
    whole = memory.read_bytes()
    for place in (len(whole) // 3, len(whole) // 2, len(whole) - 2):
        memory.write_bytes(whole[:place] + b"0" + whole[place + 1 :])
        assert renewed(small) > 10
        assert digests(small / "site") == before


def test_what_was_kept_is_used_only_as_it_was_made(small: Path) -> None:
    root, before = small, digests(small / "site")
    for kept in ("store", "handouts"):
        for file in sorted((root / ".build" / kept).iterdir())[::7]:
            file.write_bytes(bytes(file.stat().st_size))  # a power cut that left the size
    shutil.rmtree(root / "site")
    made(root)
    assert digests(root / "site") == before


def test_what_a_disk_spoilt_without_a_word_is_made_again(small: Path) -> None:
    """Bytes change under the same size and date: whoever reads them finds out."""
    before = digests(small / "site")
    turn(small, 1)
    made(small)
    after = digests(small / "site")
    for version, whole in ((0, before), (1, after)):
        file = small / "site/data/guide.json"
        left = file.stat()
        file.write_bytes(bytes(left.st_size))
        os.utime(file, ns=(left.st_atime_ns, left.st_mtime_ns))
        turn(small, version)
        made(small)
        assert digests(small / "site") == whole


def test_what_stands_is_left_there_as_long_as_nobody_touched_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(root / "site")  # a copy: it shares no file with what is kept
    made(root)
    before = digests(root / "site")
    edit(root / STORY, "outcome: >-\n  ", "outcome: >-\n  Alors voilà. ")
    kept = numbers(root / "site")
    made(root)
    renewed = {path for path, number in numbers(root / "site").items() if kept[path] != number}
    assert {STORY_PAGE, "data/guide.json", "une-fois-ou.zip"} < renewed
    assert len(renewed) < len(kept) / 20
    names = Counter(path.stat().st_ino for path in root.rglob("*") if path.is_file())
    for path in (root / "site").rglob("*.*"):  # no name but those
        assert path.stat().st_nlink == names[path.stat().st_ino]
    assert nothing_else_is_spare(root)

    edit(root / STORY, "Alors voilà. ", "")
    for name in ("carte.html", "une-fois-ou.zip"):
        with (root / "site" / name).open("r+b") as file:
            file.write(b"other")
    (root / "site/matrice.html").unlink()
    made(root)
    assert digests(root / "site") == before


def refused(*given: object) -> int:
    raise PermissionError


@pytest.mark.parametrize(
    ("module", "name", "answer"),
    [
        (os, "link", refused),
        (os, "copy_file_range", refused),
        (site, "_exchange", lambda *given: False),
    ],
)
def test_what_some_systems_lack_changes_nothing(
    small: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    name: str,
    answer: Callable[..., int],
) -> None:
    """Hard links, files copied by the system, a swap in one step."""
    sites = [digests(small / "site")]
    turn(small, 1)
    made(small)
    sites.append(digests(small / "site"))
    assert sites[0] != sites[1]
    monkeypatch.setattr(module, name, answer)
    monkeypatch.setattr(archive, "_LONG", 0)
    for version in (0, 1, 1, 0):
        turn(small, version)
        made(small)
        assert digests(small / "site") == sites[version]
        assert nothing_else_is_spare(small)


def nothing_else_is_spare(root: Path) -> bool:
    """Tell whether the site holds all that the spare one does."""
    spare = digests(root / ".build" / site.SPARE)
    return bool(spare) and spare.items() <= digests(root / "site").items()


def numbers(folder: Path) -> dict[str, int]:
    """Give the number on the disk of each file below a folder, by path."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_ino for path in files}


def test_no_hurry_keeps_the_words_of_an_entry_that_has_gone(root: Path) -> None:
    story = root / "narratives/un-autre-nom.yaml"
    (root / f"narratives/{FORMER}.yaml").rename(story)
    with story.open("a", encoding="utf-8") as file:
        file.write(f"former_names: [{FORMER}]\n")
    edit(root / STORY, "outcome: >-\n  ", "outcome: >-\n  Alors voilà. ")
    assert build(root, lambda stage: None, hurried=True).late == 0


def test_pages_are_the_same_whatever_pages_are_made_with_them(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests(root / "site")
    shutil.rmtree(root / ".build/store")
    (root / ".build/memo.json").unlink()
    monkeypatch.setattr(engine, "PAGES", 90)  # so in several processes
    made(root)
    assert digests(root / "site") == before


def test_html_set_aside_comes_back_as_markdown_leaves_it(guide: Path, tmp_path: Path) -> None:
    for name, more in (("plain", []), ("aside", ["builder.raw_html"])):
        settings = load_config(
            str(guide / "mkdocs.yml"),
            docs_dir=str(guide / ".build/docs"),
            site_dir=str(tmp_path / name),
        )
        settings.markdown_extensions += more
        mkdocs_build(settings)
    for name in ("plain", "aside"):
        for file in (tmp_path / name).glob("sitemap.xml*"):
            file.unlink()
    assert digests(tmp_path / "aside") == digests(tmp_path / "plain")


@pytest.mark.parametrize(
    ("field", "follows"),
    [("story", True), ("readings", True), ("summary", False), ("outcome", False)],
)
def test_what_was_made_of_all_passages_follows_what_every_story_shows(
    tmp_path: Path, field: str, follows: bool
) -> None:
    found, store = read(ROOT), Store(tmp_path / "store")
    *others, last = (entry for entry in found.entries if isinstance(entry, Narrative))
    rest = tuple(entry for entry in found.entries if not isinstance(entry, Narrative))
    said = dict.fromkeys(last.readings, "Autre chose.") if field == "readings" else "Autre chose."
    edited = last.model_copy(update={field: said})

    def memo(story: Narrative) -> Memo:
        library = assemble(replace(found, entries=(*rest, *others, story)))
        digests = {**found.digests, file_of(last): story.model_dump_json()}
        return Memo(tmp_path / "memo.json", store, library, digests, "basis")

    first = memo(last)
    count = first.recall("passages", lambda seen: sum(map(len, seen.passages.values())))
    first.save(())
    assert memo(last).known("passages") == count
    assert memo(edited).known("passages") == (None if follows else count)


# --- what is known of files -------------------------------------------------------------------


def told(library: Library) -> dict[str, Any]:
    """Give all that a library says, its stories read whole."""
    return {field.name: whole(getattr(library, field.name)) for field in fields(library)}


def whole(value: Any) -> Any:
    if isinstance(value, brief.TakenUp):
        return value.whole("")
    if isinstance(value, Mapping):
        return {key: whole(item) for key, item in value.items()}
    return tuple(map(whole, value)) if type(value) is tuple else value


def test_a_story_taken_up_by_its_brief_says_what_it_said() -> None:
    told = [entry for entry in read(ROOT).entries if isinstance(entry, Narrative)]
    for story in told:
        json = story.model_dump_json(exclude_defaults=True).encode()
        taken = brief.by_brief(brief.brief_of(story), json)
        for about in (brief.marked_in, brief.head_digest, brief.showing_digest):
            assert about(taken) == about(story)
        assert whole(taken) == story
        assert isinstance(taken, Narrative)
        assert file_of(taken) == file_of(story)
        assert not hasattr(taken, "short")
        assert taken.model_dump() == story.model_dump()
        for walk in (model.texts, model.links):
            assert [*walk(taken)] == [*walk(story)]
        assert [*model.records(taken)][1:] == [*model.records(story)][1:]
    assert told


def test_a_build_after_an_edit_reads_few_stories_whole(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that stand on the sheets of the one that changed."""
    theme = assemble(read(root)).narratives_by_theme[THEME]
    asked: set[str] = set()
    read_whole = brief.TakenUp.whole

    def noting(story: brief.TakenUp, name: str) -> Narrative:
        asked.add(story.brief.head.id)
        return read_whole(story, name)

    monkeypatch.setattr(brief.TakenUp, "whole", noting)
    assert renewed(root) == 0
    assert not asked
    edit(root / STORY, "outcome: >-\n  ", "outcome: >-\n  Alors voilà. ")
    made(root)
    assert asked < {story.id for story in theme}


def test_a_file_that_is_known_still_tells_its_faults(root: Path) -> None:
    edit(root / STORY, "outcome: >-\n  ", "outcome: >-\n  Les intervenant·e·s sont là. ")
    first = examine(root).problems
    assert [problem.rule for problem in first] == ["forme-inclusive"]
    assert examine(root).problems == first
    edit(root / STORY, "Les intervenant·e·s sont là. ", "")
    assert not examine(root).problems


def test_links_are_followed_again_once_entries_come_or_go(root: Path) -> None:
    """They stand in files that nobody touched."""
    assert not examine(root).problems
    gone = root / "ingredients/ne-pas-paniquer.yaml"
    aside = gone.rename(root / gone.name)
    first = examine(root).problems
    assert (STORY, "renvoi-inconnu") in {(problem.file, problem.rule) for problem in first}
    assert examine(root).problems == first
    edit(root / STORY, "outcome: >-\n  ", "outcome: >-\n  Alors voilà. ")
    assert examine(root).problems == first
    aside.rename(gone)
    assert not examine(root).problems


def test_ids_are_told_from_others_whatever_the_names_of_files_are() -> None:
    names = ({"a", "b"}, {"a b"}, {"a\nb"}, {"a', 'b"}, {"a"}, {"caf\udce9"})
    assert len({known.mark({Kind.INGREDIENT: it}) for it in names}) == len(names)
    assert known.mark({Kind.THEME: {"a"}}) != known.mark({Kind.INGREDIENT: {"a"}})


def test_links_that_hold_are_followed_only_once(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[str] = []
    links = model.links

    def noting(entry: Entry) -> object:
        followed.append(file_of(entry))
        return links(entry)

    monkeypatch.setattr(library_rules, "links", noting)
    edit(root / STORY, "outcome: >-\n  ", "outcome: >-\n  Alors voilà. ")
    assert not examine(root).problems
    assert followed == [STORY]


@pytest.mark.parametrize(("tick", "times"), [(0, 0), (known.TICK, 1)])
def test_only_a_file_that_has_just_changed_is_opened_again(
    root: Path, monkeypatch: pytest.MonkeyPatch, tick: int, times: int
) -> None:
    """Another change in the same tick of the clock would leave no trace."""
    opened: list[str] = []
    content_of = reading.content_of

    def noting(name: str, file: Path) -> object:
        opened.append(name)
        return content_of(name, file)

    monkeypatch.setattr(known, "TICK", tick)
    edit(root / STORY, "outcome: >-\n  ", "outcome: >-\n  Alors voilà. ")
    library = told(examine(root).library)
    monkeypatch.setattr(reading, "content_of", noting)
    assert told(examine(root).library) == library
    assert opened.count(STORY) == times


def test_a_file_that_takes_back_its_size_and_its_date_is_opened_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "TICK", 0)
    before, written = told(examine(root).library), (root / STORY).stat()
    text = (root / STORY).read_text("utf-8")
    (root / STORY).write_text(text.replace("silence", "silense"), "utf-8")
    os.utime(root / STORY, ns=(written.st_atime_ns, written.st_mtime_ns))
    assert (root / STORY).stat().st_size == written.st_size
    library = examine(root).library
    assert told(library) != before
    assert "silense" in library.narratives["le-silence-de-l-appartement"].story


def test_a_line_that_is_damaged_is_forgotten(root: Path) -> None:
    library = told(examine(root).library)
    for part in (root / ".build" / known.FOLDER).iterdir():
        first, *lines = part.read_text("utf-8").split("\n")
        part.write_text("\n".join((first, *(f"zz{line[2:]}" for line in lines))), "utf-8")
    assert told(examine(root).library) == library
    made(root)


def test_a_list_of_names_that_changes_is_asked_again(root: Path) -> None:
    assert not examine(root).problems
    word = examine(root).library.narratives["le-silence-de-l-appartement"].title.split()[1]
    lists = root / "context/identifiers.yaml"
    edit(lists, "first_names:\n", f"first_names:\n  - {word.capitalize()}\n")
    edit(root / STORY, "outcome: >-\n  ", f"outcome: >-\n  Avec {word.capitalize()}. ")
    assert examine(root).problems


def test_a_line_that_says_what_no_file_could_is_not_believed(root: Path) -> None:
    for part in (root / ".build" / known.FOLDER).iterdir():
        content = durable.read_sealed(part)
        durable.write_sealed(part, content.replace(b'"title":', b'"titre":'))
    assert told(examine(root).library) == told(assemble(read(ROOT)))
