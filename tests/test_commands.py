"""The `guide` command, as someone types it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from builder.commands import main
from tests.conftest import ROOT, copy_guide, small_guide
from tests.test_handouts import text_of

VALID = ROOT / "tests/valid"


def guide(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "builder", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Give a small valid guide that can be built."""
    return small_guide(tmp_path)


def break_story(root: Path) -> None:
    story = root / "narratives/la-porte.yaml"
    story.write_text(story.read_text().replace("theme: le-voisinage", "theme: le-voisin"))


def test_check_is_silent_when_all_is_well(small: Path) -> None:
    done = guide(small, "check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_check_tells_where_and_what_and_ends_with_1(small: Path) -> None:
    break_story(small)
    done = guide(small, "check")
    assert done.returncode == 1
    assert done.stdout.startswith("narratives/la-porte.yaml:3:8: thème sans fiche")
    assert "1 erreur" in done.stderr


def test_check_speaks_json(small: Path) -> None:
    assert json.loads(guide(small, "check", "--format", "json").stdout) == []
    break_story(small)
    (found,) = json.loads(guide(small, "check", "--format", "json").stdout)
    assert found == {
        "file": "narratives/la-porte.yaml",
        "line": 3,
        "column": 8,
        "rule": "renvoi-inconnu",
        "severity": "error",
        "message": "thème sans fiche : « le-voisin »",
        "advice": "vouliez-vous dire « le-voisinage » ?",
    }


def test_check_reports_how_balanced_the_collection_is(small: Path) -> None:
    done = guide(small, "check", "--report")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Récits par thème",
        "    1  6. Le voisinage",
        "Ingrédients par théorie",
        "    1 Théorie des seuils",
        "Ingrédients à l'œuvre dans moins de deux récits : 1",
        "      frapper-deux-coups",
        "Situations sans récit : 0",
        "Ingrédients",
        "    1 (100%) Documenté",
        "    0 (  0%) Proposé",
        "    0 (  0%) Validé en atelier",
        "Liens entre ingrédients et théories",
        "    0 (  0%) Documenté",
        "    1 (100%) Proposé",
        "    0 (  0%) Validé en atelier",
        "Récits",
        "    0 (  0%) Récit reformulé d'après une source publiée",
        "    1 (100%) Récit composite, écrit pour la formation",
        "    0 (  0%) Récit de terrain, raconté avec consentement",
    ]


def test_a_faulty_guide_is_neither_published_printed_nor_described(small: Path) -> None:
    break_story(small)
    left_out = {"__pycache__", ".build"}  # Python's, and where a command takes its turn
    before = sorted(small.rglob("*"))
    for arguments in (["publish"], ["schema"], ["handout", "--theme", "le-voisinage"]):
        done = guide(small, *arguments)
        assert done.returncode == 1
        assert "lancez d'abord « guide check »" in done.stderr
    after = sorted(small.rglob("*"))
    assert [path for path in after if left_out.isdisjoint(path.parts)] == before


def test_check_writes_workflow_annotations(small: Path) -> None:
    break_story(small)
    shown = guide(small, "check", "--format", "github").stdout
    assert shown.startswith("::error file=narratives/la-porte.yaml,line=3,col=8,")


def test_check_writes_a_table_even_when_all_is_well(small: Path) -> None:
    assert guide(small, "check", "--format", "table").stdout == "**Aucun problème**\n"
    break_story(small)
    done = guide(small, "check", "--format", "table")
    assert done.returncode == 1
    assert "| narratives/la-porte.yaml | 3:8 | erreur | thème sans fiche" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "Commande inconnue"),
        (["check", "--formt", "json"], "vouliez-vous dire --format ?"),
        (["check", "--format", "xml"], "Au choix : text, json, github"),
        (["check", "encore"], "ne se lit pas ainsi"),
    ],
)
def test_wrong_usage_is_told_in_french_and_ends_with_2(
    small: Path, arguments: list[str], said: str
) -> None:
    done = guide(small, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Vérifier tous les fichiers YAML."),
        (["review"], "Il manque : FICHIER\nVoir : "),
        (["handout", "--start", "25h"], "--start : « 25h » n'est pas une heure\nVoir : "),
        (["serve", "--port", "x"], "Valeur inattendue pour --port\nVoir : "),
        (["serve", "--port", "99999"], "Valeur inattendue pour --port\nVoir : "),
        (["import", "absent.docx"], "FICHIER : « absent.docx » n'existe pas\nVoir : "),
        (["import", "."], "FICHIER : « . » est un dossier, pas un fichier\nVoir : "),
        (["handout", "--output", __file__], "» est un fichier, pas un dossier\nVoir : "),
        (["check", "--zzz"], "Option inconnue : --zzz\nVoir : "),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value) or "rien",
)
def test_a_slip_is_told_in_french(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(arguments, prog_name="guide")
    assert ended.value.code == 2
    assert said in "".join(capsys.readouterr())


def test_interrupted_before_all_is_imported_a_command_says_so() -> None:
    """As by Ctrl+C in the first half second."""
    early = """
import sys
class Finder:
    def find_spec(self, name, *_):
        if name == "builder.commands":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
from builder.__main__ import main
main()
"""
    command = [sys.executable, "-c", early]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "Interrompu.\n")


@pytest.mark.parametrize("command", ["check", "build", "serve"])
def test_a_folder_without_content_is_told_so(tmp_path: Path, command: str) -> None:
    done = guide(tmp_path, command)
    assert done.returncode == 2
    assert "Aucun contenu ici" in done.stderr


def test_build_says_what_it_built_and_where(small: Path) -> None:
    done = guide(small, "build")
    assert done.returncode == 0, done.stderr
    assert "1 récit, 1 ingrédient, 1 thème" in done.stdout
    assert str(small / "site/index.html") in done.stdout
    assert guide(small, "build", "--quiet").stdout == ""


def test_a_build_with_an_error_leaves_the_last_site(small: Path) -> None:
    assert guide(small, "build").returncode == 0
    before = (small / "site/recits/la-porte.html").read_bytes()
    break_story(small)
    done = guide(small, "build")
    assert done.returncode == 1
    assert "rien n'a été construit" in done.stderr
    assert (small / "site/recits/la-porte.html").read_bytes() == before


def test_what_is_removed_leaves_the_site(small: Path) -> None:
    extra = small / "narratives/la-porte-bis.yaml"
    shutil.copy(small / "narratives/la-porte.yaml", extra)
    assert guide(small, "build").returncode == 0
    assert (small / "site/recits/la-porte-bis.html").is_file()
    extra.unlink()
    assert guide(small, "build").returncode == 0
    assert not (small / "site/recits/la-porte-bis.html").exists()


def test_a_former_name_leads_to_the_entry(small: Path) -> None:
    story = small / "narratives/la-porte.yaml"
    story.write_text(story.read_text() + "former_names: [le-seuil]\n")
    assert guide(small, "build").returncode == 0
    assert 'content="0; url=../recits/la-porte.html"' in (
        small / "site/recits/le-seuil.html"
    ).read_text("utf-8")


HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) {: onclick=alert(1) } {{ 7*7 }} **gras**"
)


def test_what_yaml_says_is_only_ever_text(small: Path) -> None:
    story = small / "narratives/la-porte.yaml"
    text = story.read_text()
    for words in (
        "La porte",
        "Une porte, trente secondes.",
        "Visite à domicile",
        "Trente secondes.",
    ):
        text = text.replace(words, HOSTILE if words != "La porte" else HOSTILE[:79], 1)
    story.write_text(text)
    assert guide(small, "build").returncode == 0
    for path in (small / "site").rglob("*.html"):
        faults = _Markup(path.read_text("utf-8")).faults
        assert not faults, f"{path}: {faults}"
    shown = (small / "site/recits/la-porte.html").read_text("utf-8")
    assert "{{ 7*7 }} **gras**" in unescape(shown)


class _Markup(HTMLParser):
    """Collects what YAML must not be able to put in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("strong", "iframe", "style") or (tag == "script" and "src" not in given):
            self.faults.append(tag)
        self.faults += [name for name in given if name.startswith("on")]
        self.faults += [str(v) for v in given.values() if str(v).startswith("javascript")]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, words: str, seconds: float = 20) -> str:
    """Read a page until it holds some words."""
    end = time.monotonic() + seconds
    text = ""
    while time.monotonic() < end:
        try:
            text = urllib.request.urlopen(url, timeout=2).read().decode()
        except OSError:
            text = ""
        if words in text:
            return text
        time.sleep(0.2)
    raise AssertionError(f"{words!r} n'est pas venu ; dernier texte : {text[-300:]!r}")


def _too_long_for_a_card(text: str) -> str:
    text = re.sub(r"(questions:\n  - >-\n    ).*", rf"\g<1>{'WWWWWWWW ' * 27}", text)
    return text.replace("summary: >-\n  ", "summary: >-\n  " + "WWWWW " * 20)


def _wait_until(log: Path, words: str) -> None:
    end = time.monotonic() + 20
    while words not in log.read_text() and time.monotonic() < end:
        time.sleep(0.2)
    assert words in log.read_text()


def test_serve_shows_a_change_and_keeps_the_last_good_site(small: Path) -> None:
    port = _free_port()
    log = small / "serve.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "builder", "serve", "--port", str(port)],
            cwd=small,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        try:
            url = f"http://127.0.0.1:{port}/recits/la-porte.html"
            page = _wait_for(url, "Trente secondes")
            assert "livereload" in page
            assert "Content-Security-Policy" not in page
            story = small / "narratives/la-porte.yaml"
            good = story.read_text()
            story.write_text(good.replace("Trente secondes.", "Quarante secondes."))
            _wait_for(url, "Quarante secondes")
            _wait_until(log, "Feuilles à jour.")
            sheet = small / "site/ateliers/le-voisinage/animation.pdf"
            assert "Quarante secondes" in text_of(sheet).replace("\u00a0", " ")
            story.write_text(good.replace("theme: le-voisinage", "theme: le-voisin"))
            _wait_until(log, "narratives/la-porte.yaml:3:8: thème sans fiche")
            told = _wait_for(url, "narratives/la-porte.yaml:3:8: thème sans fiche")
            assert 'role="alert"' in told
            assert "Quarante secondes" in told
            ingredient = small / "ingredients/frapper-deux-coups.yaml"
            short = ingredient.read_text()
            ingredient.write_text(_too_long_for_a_card(short))
            story.write_text(good)
            told = _wait_for(url, "Les feuilles à imprimer sont celles d’avant")
            assert "ingredients/frapper-deux-coups.yaml: le texte de la carte" in told
            assert "Trente secondes" in told
            ingredient.write_text(short)
            story.write_text(good.replace("Trente secondes.", "Cinquante secondes."))
            assert 'role="alert"' not in _wait_for(url, "Cinquante secondes")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)
    assert "Traceback" not in log.read_text()


def test_the_real_content_has_no_problem() -> None:
    done = guide(ROOT, "check")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_copy_used_by_tests_holds_all_that_a_build_reads(tmp_path: Path) -> None:
    assert guide(copy_guide(tmp_path), "check").returncode == 0


def test_search_speaks_json_best_first() -> None:
    done = guide(ROOT, "search", "il veut tout lâcher son appart", "--json", "--kind", "situation")
    found = json.loads(done.stdout)
    assert found[0]["id"] == "veut-quitter-son-logement"
    assert set(found[0]) == {"kind", "id", "title", "url", "score", "why"}
    assert [hit["score"] for hit in found] == sorted((hit["score"] for hit in found), reverse=True)


def test_search_reads_many_queries_one_a_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "builder", "search", "-", "--json", "--limit", "2"],
        cwd=ROOT,
        input="ne paie plus\n\n🏠\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert [len(json.loads(line)) for line in done.stdout.splitlines()] == [2, 0, 0]


def test_only_the_end_of_a_line_ends_a_query() -> None:
    """Neither a form feed, nor what ends a line for some programs only."""
    done = subprocess.run(
        [sys.executable, "-m", "builder", "search", "-", "--json", "--limit", "1"],
        cwd=ROOT,
        input="loyer\x0cloyer\u2028loyer\x85loyer\r\nloyer".encode(),
        capture_output=True,
        check=True,
    )
    first, second = (json.loads(line) for line in done.stdout.decode().splitlines())
    assert first == second


def test_search_tells_the_words_that_the_guide_does_not_know() -> None:
    done = guide(ROOT, "search", "--unknown", "le xylophone paie plus son loyer")
    assert done.stdout.split() == ["xylophone"]
    assert guide(ROOT, "search", "--unknown", "loyer").stdout == ""


def test_search_in_a_faulty_guide_sends_to_check(small: Path) -> None:
    break_story(small)
    done = guide(small, "search", "porte")
    assert done.returncode == 1
    assert "guide check" in done.stderr


def test_an_index_that_is_damaged_is_made_again(small: Path) -> None:
    whole = guide(small, "search", "porte", "--json").stdout
    (place,) = (small / ".build/search").iterdir()
    (place / "catalogue.json").write_text("{")
    assert guide(small, "search", "porte", "--json").stdout == whole
    shutil.rmtree(place)
    place.mkdir()
    assert guide(small, "search", "porte", "--json").stdout == whole


def test_searches_at_the_same_time_do_not_disturb_each_other(small: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "builder", "search", "porte", "--json"],
            cwd=small,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    told = {process.communicate() for process in processes}
    assert len(told) == 1
    assert json.loads(told.pop()[0])
    assert len(list((small / ".build/search").iterdir())) == 1
