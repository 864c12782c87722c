"""What is taken away from the site: the zip, the cards, the feed, the citation; and the ledger."""

from __future__ import annotations

import csv
import datetime
import io
import re
import shutil
import subprocess
import tomllib
import zipfile
from contextlib import closing
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
import yaml
from playwright.sync_api import Browser, expect

from builder.anki import deck
from builder.archive import Cuts, Last, Packed, add_archive
from builder.clock import EPOCH, build_time
from builder.downloads import ARCHIVE, IN_THE_COPY, weight
from builder.engine import SiteError
from builder.guide import Checked, examine
from builder.ledger import unlisted
from builder.news import check_news, feed, read_news, releases
from builder.offline import WORKER
from builder.pages import pages
from builder.revision import revision
from builder.store import SpoiltError, Store
from tests.conftest import ROOT
from tests.folders import lent
from tests.test_commands import guide as command
from tests.test_commands import small as small_guide

small = small_guide
ATOM = "{http://www.w3.org/2005/Atom}"
NOON = datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC)


# ——— The zip ———


def test_the_zip_holds_the_whole_site_in_one_folder(site: Path) -> None:
    with zipfile.ZipFile(site / ARCHIVE) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        held = {name: archive.read(name) for name in names}
        infos = archive.infolist()
    files = {
        f"une-fois-ou/{path.relative_to(site).as_posix()}": path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and path.name not in (ARCHIVE, WORKER)
    }
    page = "une-fois-ou/telecharger.html"
    assert set(names) == set(files)
    assert {name for name in names if held[name] != files[name]} == {page}
    assert "une-fois-ou/index.html" in names
    assert len({info.date_time for info in infos}) == 1
    assert {info.external_attr >> 16 for info in infos} == {0o100644}


def test_the_site_says_the_size_and_the_copy_that_it_is_one(site: Path) -> None:
    with zipfile.ZipFile(site / ARCHIVE) as archive:
        copy = archive.read("une-fois-ou/telecharger.html").decode()
    page = (site / "telecharger.html").read_text("utf-8")
    assert IN_THE_COPY in copy and ARCHIVE not in copy
    assert IN_THE_COPY not in page and f'href="{ARCHIVE}"' in page
    assert f"Un fichier zip, {weight((site / ARCHIVE).stat().st_size)}" in page


def test_the_same_site_gives_the_same_zip(site: Path, tmp_path: Path) -> None:
    copies = [Path(shutil.copytree(site, tmp_path / name)) for name in ("site", "ailleurs")]
    (copies[1] / "index.html").chmod(0o600)
    for copy in copies:
        (copy / ARCHIVE).unlink()
        (copy / "telecharger.html").write_text(IN_THE_COPY, "utf-8")
        zipped(*lent(copy, tmp_path / "store"), copy / ARCHIVE)
    assert (copies[0] / ARCHIVE).read_bytes() == (copies[1] / ARCHIVE).read_bytes()
    with zipfile.ZipFile(copies[0] / ARCHIVE) as archive:
        assert archive.testzip() is None
        assert {it.date_time for it in archive.infolist()} == {EPOCH.timetuple()[:6]}
        assert {it.external_attr >> 16 for it in archive.infolist()} == {0o100644}


def test_what_the_last_zip_holds_is_not_compressed_again(site: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(site, tmp_path / "site", ignore=shutil.ignore_patterns(ARCHIVE)))
    (copy / "telecharger.html").write_text(IN_THE_COPY, "utf-8")
    files, store = lent(copy, tmp_path / "store")
    first, second, third = (tmp_path / f"{number}.zip" for number in range(3))
    noted = zipped(files, store, first)
    for path in files.keys() - {"telecharger.html"}:  # so none can be read again
        (copy / path).unlink()
    del files["carte.html"]
    files["aide.html"] = store.add(b"Une page de plus")
    zipped(files, store, second, first, noted)
    with zipfile.ZipFile(second) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"une-fois-ou/{path}" for path in sorted(files)]
        assert archive.read("une-fois-ou/aide.html") == b"Une page de plus"
    first.write_bytes(first.read_bytes())  # the same bytes, but somebody wrote them
    with pytest.raises(SpoiltError):
        zipped(files, store, third, first, noted)


def zipped(
    files: dict[str, str],
    store: Store,
    archive: Path,
    last: Path = Path("absent.zip"),
    before: Packed | None = None,
    cuts: Cuts = {},  # noqa: B006
) -> Packed:
    """Zip some files with what the last zip, if there is one, has of them."""
    with closing(Last(last, before)) as known:
        return add_archive(files | {}, store, EPOCH, archive, cuts, known)


def test_a_page_without_a_place_for_the_link_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    files = {"telecharger.html": store.add(b"Sans place")}
    with pytest.raises(SiteError, match="place du lien"):
        zipped(files, store, tmp_path / "a.zip")


def test_a_long_file_is_compressed_again_where_it_changed(tmp_path: Path) -> None:
    parts = [f"partie {number} ".encode() * 5000 for number in range(4)]
    store, first, second = Store(tmp_path / "store"), tmp_path / "1.zip", tmp_path / "2.zip"

    def files(parts: list[bytes]) -> tuple[dict[str, str], Cuts]:
        long = b"".join(parts)
        page = store.add(IN_THE_COPY.encode())
        cuts = [sum(map(len, parts[:number])) for number in range(1, len(parts))]
        return {"long.csv": store.add(long), "telecharger.html": page}, {"long.csv": cuts}

    whole, cuts = files(parts)
    noted = zipped(whole, store, first, cuts=cuts)
    changed = [parts[0], b"du neuf", parts[2], parts[3], parts[1]]
    whole, cuts = files(changed)
    again = zipped(whole, store, second, first, noted, cuts)
    kept = {digest for digest, _ in noted.members["long.csv"].parts}
    said = [digest in kept for digest, _ in again.members["long.csv"].parts]
    assert said == [True, False, True, False, False]  # what ends a file is another part
    with zipfile.ZipFile(second) as archive:
        assert archive.testzip() is None
        assert archive.read("une-fois-ou/long.csv") == b"".join(changed)
    zipped(whole, store, first, cuts=cuts)
    assert first.read_bytes() == second.read_bytes()


def test_the_unzipped_guide_works_by_double_click(
    browser: Browser, site: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(site / ARCHIVE) as archive:
        archive.extractall(tmp_path)
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text))
    page.goto((tmp_path / "une-fois-ou/index.html").as_uri())
    page.get_by_role("region", name="Dire ce qui se passe").get_by_role("searchbox").fill(
        "il veut tout lâcher son appart"
    )
    page.keyboard.press("Enter")
    page.wait_for_url("**/trouver.html?q=*")
    expect(page.locator("#find-results [data-id]").nth(5)).to_be_visible()
    page.locator("footer").get_by_role("link", name="Carte").click()
    expect(page.locator(".map .node").nth(70)).to_be_visible()
    page.locator("footer").get_by_role("link", name="Télécharger").click()
    expect(page.get_by_text("Vous lisez une copie téléchargée")).to_be_visible()
    page.close()
    assert not faults


def test_the_time_is_told_never_read_off_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOON.timestamp())))
    assert build_time(None) == NOON
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "9" * 30)
    assert build_time(None).year == 2107
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert build_time(None) == EPOCH
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert build_time(None) == EPOCH


@pytest.mark.skipif(not shutil.which("git"), reason="git n'est pas installé ici")
def test_without_a_time_the_last_commit_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("GIT_COMMITTER_DATE", NOON.isoformat())
    committer = ("-c", "user.name=x", "-c", "user.email=x@exemple.org", "-C", str(tmp_path))
    for arguments in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "Un"]):
        subprocess.run(["git", *committer, *arguments], check=True)
    assert build_time(revision(tmp_path)) == NOON


@pytest.mark.parametrize(
    ("size", "said"),
    [(922, "922 octets"), (1000, "1 Ko"), (999_499, "999 Ko"), (999_500, "1,0 Mo")],
)
def test_sizes_are_said_in_words(size: int, said: str) -> None:
    assert weight(size) == said.replace(" ", "\u00a0")


def test_the_page_lists_every_export_with_its_size(site: Path) -> None:
    page = (site / "telecharger.html").read_text("utf-8")
    rows = re.findall(r'<th scope="row"><a href="([^"]+)">.*?<td>([^<]+)</td></tr>', page)
    assert {path for path, _ in rows} == {
        path.relative_to(site).as_posix()
        for path in (*(site / "data").iterdir(), *site.glob("*.xml"), *site.glob("*.cff"))
    } | {"licence.txt"}
    for path, said in rows:
        assert unescape(said) == weight((site / path).stat().st_size), path


# ——— The cards ———


def test_the_deck_has_a_card_for_each_ingredient(checked: Checked) -> None:
    head, _, body = deck(checked.library).partition("#tags column:4\n")
    assert head.startswith("#separator:tab\n#html:false\n#deck:")
    rows = list(csv.reader(io.StringIO(body), "excel-tab"))
    assert [row[0] for row in rows] == [f"une-fois-ou-{id_}" for id_ in checked.library.ingredients]
    for row, ingredient in zip(rows, checked.library.ingredients.values(), strict=True):
        assert len(row) == 4 and all(row)
        assert ("(documenté)" in row[2].splitlines()[0]) == (ingredient.status == "documented")
        assert len(row[3].split()) == 1 + len(ingredient.theories)


def test_a_card_holds_only_words(small: Path) -> None:
    file = small / "ingredients/frapper-deux-coups.yaml"
    hostile = '=1+1 [sound:x.mp3] {{c1::a}} \\(x\\) <script> "b"'
    file.write_text(file.read_text().replace("Laisser le temps d'ouvrir.", hostile))
    (row,) = csv.reader(
        io.StringIO(deck(examine(small).library).partition("#tags column:4\n")[2]), "excel-tab"
    )
    assert row[1] == '\'=1+1 (sound:x.mp3) ((c1::a)) /(x/) ‹script› "b"'


# ——— What is new, how to cite ———


def test_the_page_and_the_feed_say_all_that_the_changelog_says(site: Path) -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert not check_news(ROOT)
    items = [
        item for release in read_news(ROOT) for part in release.sections for item in part.items
    ]
    assert len(items) == len(re.findall(r"^- ", text, re.MULTILINE)) > 10
    page = (site / "nouveautes.html").read_text("utf-8")
    assert page.count("<li>") >= len(items)
    assert page.count("<h3") == len(re.findall(r"^### ", text, re.MULTILINE))
    root = Xml.fromstring((site / "nouveautes.xml").read_bytes())
    contents = [it.text or "" for it in root.iter(f"{ATOM}content")]
    assert sum(content.count("<li>") for content in contents) == len(items)


def test_the_feed_is_sound() -> None:
    news = tuple(
        releases(
            "# Nouveautés\n\n## À paraître\n\n### Récits\n\n- Un <b>récit</b> & deux\n  lignes.\n\n"
            "## 0.2.0 – 2026-11-30\n\n### Outil\n\n- Mieux.\n\n## 0.1.0 – 2026-10-01\n"
        )
    )
    assert [release.title for release in news] == [
        "Depuis la dernière édition",
        "Édition 0.2.0",
        "Édition 0.1.0",
    ]
    assert feed(news, NOON) == feed(news, NOON)
    root = Xml.fromstring(feed(news, NOON).encode())
    entries = root.findall(f"{ATOM}entry")
    ids = [it.text for it in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)) == 4
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    for it in (root, *entries):
        updated = datetime.datetime.fromisoformat(it.findtext(f"{ATOM}updated") or "")
        assert updated.tzinfo
        assert it.findtext(f"{ATOM}title")
    assert entries[0].findtext(f"{ATOM}content") == (
        "<h2>Récits</h2><ul><li>Un &lt;b&gt;récit&lt;/b&gt; &amp; deux lignes.</li></ul>"
    )
    assert root.findtext(f"{ATOM}updated") == "2026-12-01T12:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# N\n\n## 1.0.0 - 2027-01-31\n", 3),
        ("# N\n\n## 1.0.0 – 2027-02-31\n", 3),
        ("# N\n\n## À paraître\n\n- Perdu.\n", 5),
        ("# N\n\n## À paraître\n\n### Récits\n\nPerdu.\n", 7),
        ("# N\n\n## À paraître\n\n### Récits\n\n- Gardé\nperdu.\n", 8),
        ("# N\n\n## À paraître\n\n### Récits\n\n- Gardé\n\n  perdu.\n", 9),
        ("# N\n\n## À paraître\n\n### Récits\n\n- Gardé\n  aussi.\n- \n", 9),
        ("# N\n\n## À paraître\n\n### Récits\n\n### Outil\n\n- Gardé\n", 5),
        ("# N\n\n## À paraître\n\n### Récits\n\n- Gardé\n\n### Outil\n", 9),
        ("# N\n\n## 1.0.0 – 2027-01-31\n\n## 1.0.0 – 2027-01-30\n", 5),
        ("# N\n\n## À paraître\n\n## À paraître\n", 5),
    ],
)
def test_a_changelog_that_would_lose_something_is_refused(
    small: Path, text: str, line: int
) -> None:
    (small / "CHANGELOG.md").write_text(text, "utf-8")
    done = command(small, "check")
    assert done.returncode == 1
    assert done.stdout.startswith(f"CHANGELOG.md:{line}:1: ")
    assert done.stdout.endswith("[journal]\n")


def test_an_edition_shows_its_date_in_words(checked: Checked) -> None:
    news = tuple(releases("## 0.2.0 – 2026-12-01\n\n### Récits\n\n- Un récit.\n"))
    (page,) = (it for it in pages(checked.library, news=news) if it.path == "nouveautes")
    assert '<time datetime="2026-12-01">1er décembre 2026</time>' in unescape(page.markdown)


def test_a_guide_without_changelog_has_no_news(small: Path) -> None:
    assert read_news(small) == ()
    assert command(small, "build").returncode == 0
    assert "Rien n’est encore inscrit" in (small / "site/nouveautes.html").read_text("utf-8")
    Xml.fromstring((small / "site/nouveautes.xml").read_bytes())


def test_the_citation_agrees_with_the_project() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == project["version"]
    assert citation["authors"] == [{"name": "Une fois où…"}]
    assert {"message", "title", "license", "type"} <= citation.keys()
    dated = [release for release in read_news(ROOT) if release.date]
    assert citation.get("date-released") == (dated[0].date if dated else None)
    assert not dated or dated[0].version == citation["version"]


# ——— The ledger ———


def test_every_entry_is_in_the_ledger(checked: Checked) -> None:
    assert not list(unlisted(checked.library)), "lancez « make publish »"


def test_publish_lists_new_entries_once(small: Path) -> None:
    done = command(small, "publish")
    assert "récit : la-porte\n" in done.stdout
    text = (small / "context/published.yaml").read_text("utf-8")
    assert "narratives:\n  - la-porte\n" in text
    assert command(small, "check").stdout == ""
    assert command(small, "publish").stdout == "Rien de nouveau.\n"
    assert (small / "context/published.yaml").read_text("utf-8") == text


def test_a_renamed_entry_keeps_its_address_or_is_missed(small: Path) -> None:
    command(small, "publish")
    story = small / "narratives/la-porte.yaml"
    story.rename(small / "narratives/le-palier.yaml")
    done = command(small, "check")
    assert done.returncode == 1
    assert "« la-porte » a été publié (récit), et plus rien ne porte ce nom" in done.stdout
    assert "former_names" in done.stdout and "withdrawn" in done.stdout
    with (small / "narratives/le-palier.yaml").open("a") as file:
        file.write("former_names: [la-porte]\n")
    assert command(small, "check").returncode == 0


def test_a_withdrawn_entry_leaves_a_page_that_says_so(small: Path) -> None:
    (small / "narratives/autre.yaml").write_text((small / "narratives/la-porte.yaml").read_text())
    command(small, "publish")
    (small / "narratives/autre.yaml").unlink()
    ledger = small / "context/published.yaml"
    withdrawn = (
        "withdrawn:\n  - kind: narrative\n    id: autre\n    reason: >-\n      À la demande de "
        "<b>la</b> personne.\n"
        "  - kind: reference\n    id: perdue\n    reason: >-\n      Introuvable.\n"
    )
    ledger.write_text(ledger.read_text("utf-8") + withdrawn, "utf-8")
    assert command(small, "build").returncode == 0
    page = (small / "site/recits/autre.html").read_text("utf-8")
    assert "Cette fiche a été retirée" in page
    assert "<b>" not in page and "<b>la</b>" in unescape(page)
    assert 'id="perdue"' in (small / "site/references.html").read_text("utf-8")
    (small / "narratives/nouveau.yaml").write_text((small / "narratives/la-porte.yaml").read_text())
    assert "récit : nouveau" in command(small, "publish").stdout
    assert command(small, "check").returncode == 0
    assert "À la demande de <b>la</b> personne." in ledger.read_text("utf-8")


def test_a_workshop_keeps_its_address_when_its_last_story_is_withdrawn(small: Path) -> None:
    command(small, "publish")
    assert command(small, "build").returncode == 0
    page = small / "site/ateliers/le-voisinage/index.html"
    assert "trousse.pdf" in page.read_text("utf-8")
    done = command(small, "withdraw", "narrative", "la-porte", "--reason", "Elle la reconnaît.")
    assert done.returncode == 0, done.stdout + done.stderr
    done = command(small, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    text = page.read_text("utf-8")
    assert "Aucun récit de ce thème" in text
    assert ".pdf" not in text
    assert not [*page.parent.glob("**/*.pdf")]


def test_an_entry_cannot_be_both_there_and_withdrawn(small: Path) -> None:
    (small / "context/published.yaml").write_text(
        "withdrawn:\n  - kind: narrative\n    id: la-porte\n    reason: >-\n      Non.\n", "utf-8"
    )
    assert "« la-porte » est dit retiré, mais la fiche existe" in command(small, "check").stdout


@pytest.mark.parametrize("name", ["../../ailleurs", "À vous", "a b", ""])
def test_a_name_that_leads_elsewhere_is_refused(small: Path, name: str) -> None:
    with (small / "narratives/la-porte.yaml").open("a") as file:
        file.write(f'former_names: ["{name}"]\n')
    done = command(small, "check")
    assert done.returncode == 1
    assert "[valeur-invalide]" in done.stdout or "[champ-vide]" in done.stdout
    assert name == "" or "minuscules sans accent" in done.stdout
