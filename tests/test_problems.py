"""Each rule has an invalid file that breaks it, and it alone; its name is the rule."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from builder.addresses import PAGE_FOLDERS, is_taken
from builder.guide import examine
from builder.handouts import FORMATS
from builder.model import SINGLE_FILES, Kind
from builder.pages import SINGLE_PAGES
from builder.problems import RULES, Problem, Severity, as_github, as_table
from tests.edits import EDITS, edit

HERE = Path(__file__).parent
INVALID = sorted((HERE / "invalid").rglob("*.yaml"))

#: Rules about what cannot be kept in a repository as a plain file, shown below.
BY_HAND = {
    "fichier-illisible",
    "fichier-inattendu",
    "fichier-trop-gros",
    "identifiant",
    "journal",  # about CHANGELOG.md: tests/test_downloads.py
    "lien-symbolique",
    "orthographe",  # said by `guide prose` alone: tests/test_prose.py
}


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """Give a folder with a small valid guide."""
    shutil.copytree(HERE / "valid", tmp_path, dirs_exist_ok=True)
    return tmp_path


def problems(guide: Path) -> tuple[Problem, ...]:
    return examine(guide).problems


def test_the_valid_guide_has_no_problem(guide: Path) -> None:
    assert problems(guide) == ()


def put(file: Path, guide: Path) -> Path:
    """Put an invalid file where it belongs in the small guide."""
    target = guide / file.relative_to(HERE / "invalid")
    single = target.parent.with_suffix(".yaml")
    if single.relative_to(guide).as_posix() in SINGLE_FILES:
        target = single
    shutil.copy(file, target)
    return target


def told(guide: Path) -> str:
    """Give what a contributor is told, a problem a line, and how grave it is."""
    return "\n".join(f"{it.severity} {it}" for it in problems(guide)) or "Rien."


@pytest.fixture(scope="module")
def messages() -> dict[str, str]:
    """Give what is told of each invalid file and of each edit; `python -m tests.golden`."""
    blocks = (HERE / "messages.txt").read_text("utf-8").strip().split("\n\n")
    return dict(block.split("\n", 1) for block in blocks)


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_an_invalid_file_breaks_the_rule_that_it_is_named_after(
    guide: Path, file: Path, messages: dict[str, str]
) -> None:
    target = put(file, guide)
    assert told(guide) == messages[file.stem]
    found = [
        problem
        for problem in problems(guide)
        # an ingredient or a theme added alone is in no story, in no series: said, but not what
        # its file is about
        if problem.rule not in ("ingredient-inaccessible", "serie-incomplete")
        or file.stem == problem.rule
    ]
    assert {problem.rule for problem in found} == {file.stem}
    assert {guide / problem.file for problem in found} == {target}
    assert all(problem.message and problem.advice for problem in found)


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_told_all_that_is_wrong_with_it(
    guide: Path, name: str, messages: dict[str, str]
) -> None:
    edit(guide, EDITS[name])
    assert told(guide) == messages[name]


def test_every_rule_has_its_invalid_file() -> None:
    assert {file.stem for file in INVALID} | BY_HAND == set(RULES)


def test_a_name_that_is_no_id(guide: Path) -> None:
    story = guide / "narratives/la-porte.yaml"
    story.rename(guide / "narratives/La porte d'à côté.yaml")
    (found,) = problems(guide)
    assert found.rule == "identifiant"
    assert found.advice == "renommez le fichier « la-porte-d-a-cote.yaml »"


@pytest.mark.parametrize(
    ("file", "rule"),
    [
        ("narratives/index.yaml", "identifiant-reserve"),
        ("narratives/lpt1.yaml", "identifiant-reserve"),
        (f"narratives/{'a' * 121}.yaml", "identifiant"),
    ],
)
def test_a_name_that_would_be_in_the_place_of_another(guide: Path, file: str, rule: str) -> None:
    (guide / "narratives/la-porte.yaml").rename(guide / file)
    (found,) = problems(guide)
    assert (found.file, found.rule) == (file, rule)


def test_the_name_of_no_page_is_free() -> None:
    for path in (path for _, path in SINGLE_PAGES):
        folder, _, name = path.rpartition("/")
        for kind in (kind for kind, own in PAGE_FOLDERS.items() if own == folder):
            assert is_taken(kind, name), path
    for folder in (form.folder.strip("/") for form in FORMATS if form.folder):
        assert is_taken(Kind.THEME, folder)  # ateliers/<theme>/ stands beside them


def test_a_symbolic_link_is_not_followed(guide: Path) -> None:
    (guide / "narratives/lien.yaml").symlink_to("/etc/hostname")
    assert [found.rule for found in problems(guide)] == ["lien-symbolique"]


def test_a_folder_that_is_a_symbolic_link_is_not_followed(guide: Path) -> None:
    """Nor is anybody told to write the entries that it may hold."""
    shutil.rmtree(guide / "situations")
    (guide / "situations").symlink_to(HERE / "valid" / "situations")
    assert [found.rule for found in problems(guide)] == ["lien-symbolique"]


def test_a_file_over_256_kib_is_not_opened(guide: Path) -> None:
    (guide / "narratives/pave.yaml").write_bytes(b"a" * (256 * 1024 + 1))
    assert [found.rule for found in problems(guide)] == ["fichier-trop-gros"]


@pytest.mark.parametrize(
    ("name", "advice"),
    [("recit.yml", "renommez-le en .yaml"), ("photo.jpg", "retirez-le de ce dossier")],
)
def test_what_is_not_yaml_is_out_of_place(guide: Path, name: str, advice: str) -> None:
    (guide / "narratives" / name).write_text("title: x\n")
    (found,) = problems(guide)
    assert (found.rule, found.advice) == ("fichier-inattendu", advice)


#: Where and with what words a contributor is told: (edit, line:column, message, advice).
PLACES = [
    (
        ("theme: le-voisinage", "theme: le-voisinages"),
        "3:8: thème sans fiche : « le-voisinages » — vouliez-vous dire « le-voisinage » ?",
    ),
    (
        ("outcome:", "outcom:"),
        "27:1: champ inconnu « outcom » — vouliez-vous dire « outcome » ?",
    ),
    (
        ("    - question: >-", "    - qestion: >-"),
        "20:7: champ inconnu « discussion.clarifications[1].qestion » — "
        "vouliez-vous dire « question » ?",
    ),
    (
        ("](frapper-deux-coups), puis", "](frapper-deux-cous), puis"),
        "12:47: ingrédient actif sans fiche : « frapper-deux-cous » — "
        "vouliez-vous dire « frapper-deux-coups » ?",
    ),
    (
        ("  kind: composite", "  kind: inventé"),
        "5:9: « origin.kind » ne peut pas valoir « inventé » — "
        "choisissez : retold, composite, field",
    ),
    (
        ("Il a ouvert.", "Il a [ouvert."),
        "14:23: ce crochet n'appartient à aucun passage marqué — "
        "écrivez [mots du récit](identifiant-d-ingredient)",
    ),
    (
        ("      Trente secondes.", "      Trente secondes, comme un·e autre."),
        "23:32: forme abrégée « un·e » — écrivez un mot neutre, ou les deux formes en entier",
    ),
    (
        ("  kind: composite", "  kind: field\n  consent:\n    given: oui"),
        "7:12: « origin.consent.given » a une valeur qui ne convient pas (« oui ») — "
        "écrivez true ou false",
    ),
    (
        ("title: >-\n  La porte", 'title: "Chez nous M. Tremblay parle"'),
        "1:19: « M. Tremblay » : ",
    ),
    (
        ("title: >-\n  La porte", "title: 'L''ami de l''autre, M. Gagnon parle'"),
        "1:29: « M. Gagnon » : ",
    ),
    (
        ("title: >-\n  La porte", "title: 'Une amie,\n  M. Gagnon parle'"),
        "2:3: « M. Gagnon » : ",
    ),
    (
        ("title: >-\n  La porte", 'title: "\\u00c9t\\xe9\\u00a0:\\n\\\n  \\"M. Gagnon\\" parle"'),
        "2:5: « M. Gagnon » : ",
    ),
    (
        ("title: >-", '"[key]": x\ntitle: >-'),
        "1:1: champ inconnu « [key] » — les champs sont : ",
    ),
    (
        ("  kind: composite", '  kind: composite\n  "[key]": x'),
        "6:3: champ inconnu « origin.[key] » — les champs sont : kind, ",
    ),
    (
        ("  frapper-deux-coups: >-", '  "": >-'),
        "16:7: « readings. » est vide — remplissez-le ou supprimez la clé",
    ),
]


@pytest.mark.parametrize(("edit", "expected"), PLACES, ids=lambda value: value[0][:20])
def test_a_message_points_at_the_place(guide: Path, edit: tuple[str, str], expected: str) -> None:
    story = guide / "narratives/la-porte.yaml"
    text = story.read_text()
    assert edit[0] in text
    story.write_text(text.replace(edit[0], edit[1], 1))
    assert any(
        str(problem).startswith(f"narratives/la-porte.yaml:{expected}")
        for problem in problems(guide)
    ), "\n".join(map(str, problems(guide)))


def test_a_windows_1252_byte_is_named(guide: Path) -> None:
    shutil.copy(HERE / "invalid/narratives/encodage.yaml", guide / "narratives")
    (found,) = problems(guide)
    assert found.message == ("l'octet 0xE9 n'est pas de l'UTF-8 (en Windows-1252, ce serait « é »)")


def test_a_very_broken_story_has_its_complete_list_of_messages(guide: Path) -> None:
    shutil.copy(HERE / "very_broken.yaml", guide / "narratives" / "tres-brise.yaml")
    expected = (HERE / "very_broken.txt").read_text()
    assert "\n".join(map(str, problems(guide))) + "\n" == expected


def test_a_list_given_twice_is_told_once_and_its_faults_where_they_stand(guide: Path) -> None:
    text = min((guide / "narratives").glob("*.yaml"))
    said = text.read_text("utf-8")
    again = "questions:\n  - >-\n    Encore?\n  - note: x\n"
    text.write_text(said + again, encoding="utf-8")
    first = said.splitlines().index("questions:") + 1
    second = said.count("\n") + 1
    assert [(it.line, it.column, it.rule) for it in problems(guide)] == [
        (second, 1, "cle-en-double"),
        (second + 3, 5, "deux-points"),
    ]
    assert f"déjà donnée à la ligne {first}" in problems(guide)[0].message


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "a: [", "!!", "&a [", "{a: "])
def test_a_hundred_thousand_openings_get_a_message(guide: Path, opening: str) -> None:
    text = "story: " + opening * (200_000 // len(opening))
    (guide / "narratives/gouffre.yaml").write_text(text)
    assert problems(guide)


def test_a_github_annotation_keeps_its_message_on_one_line() -> None:
    problem = Problem("narratives/a,b.yaml", 3, 5, "yaml", "error", "50 % : là", "ici\nou là")
    assert as_github([problem]) == (
        "::error file=narratives/a%2Cb.yaml,line=3,col=5,title=yaml::50 %25 : là — ici ou là"
    )


def _found(file: str, line: int, severity: Severity = "error") -> Problem:
    return Problem(file, line, 1, "yaml", severity, "là", "ici")


def test_github_is_given_what_it_shows_one_problem_a_file_first() -> None:
    noisy = [_found("a.yaml", line) for line in range(1, 13)]
    warned = [_found("c.yaml", line, "warning") for line in range(1, 12)]
    *shown, rest = as_github([*noisy, _found("b.yaml", 1), *warned]).splitlines()
    errors = [line for line in shown if line.startswith("::error ")]
    assert (len(errors), len(shown)) == (10, 20)
    assert [re.findall(r"file=(.*?),line=(\d+)", line)[0] for line in errors[:3]] == [
        ("a.yaml", "1"),
        ("b.yaml", "1"),
        ("a.yaml", "2"),
    ]
    assert rest == "::notice::Et 4 autres problèmes : la liste entière est dans le résumé."


def test_a_table_says_every_problem_and_how_many() -> None:
    table = as_table([_found("a.yaml", 3), _found("b.yaml", 1, "warning")]).splitlines()
    assert table[0] == "**1 erreur et 1 avertissement**"
    assert table[-2:] == [
        "| a.yaml | 3:1 | erreur | là | ici | yaml |",
        "| b.yaml | 1:1 | avertissement | là | ici | yaml |",
    ]
    assert as_table([]) == "**Aucun problème**"


def test_what_a_file_says_stays_text_in_a_table() -> None:
    hostile = "« | <img src=x> [x](https://a) `c` **b**\n\n# t $x$ »"
    problem = Problem("a|b.yaml", 1, 1, "yaml", "error", hostile, "ici")
    row = as_table([problem]).splitlines()[-1]
    cells = re.split(r"(?<!\\)\|", row)
    assert [cell.strip() for cell in cells[1:5]] == [
        r"a\|b.yaml",
        "1:1",
        "erreur",
        r"« \| \<img src=x> \[x\](https://a) \`c\` \*\*b\*\* # t \$x\$ »",
    ]


@pytest.mark.parametrize(
    ("minutes", "advice"), [("250", "donnez au plus 210"), ("5", "donnez au moins 60")]
)
def test_a_number_out_of_bounds_is_told_the_bound(guide: Path, minutes: str, advice: str) -> None:
    method = guide / "workshops/method.yaml"
    method.write_text(method.read_text("utf-8").replace("minutes: 60", f"minutes: {minutes}"))
    (found,) = problems(guide)
    assert (found.rule, found.line, found.column) == ("valeur-invalide", 5, 10)
    assert found.advice == advice
