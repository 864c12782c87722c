"""What the guide is made of, under which licences, and how anyone verifies that it is that."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from html import unescape
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from license_expression import get_spdx_licensing

from builder.clock import build_time
from builder.digest import LEFT_OUT, add_digest
from builder.downloads import DIGEST_PLACE, DIGESTS
from builder.engine import SiteError
from builder.licences import CODE, NAMES, OTHERS, PACKAGES, WORKS, works_of
from builder.pinned import LOCK, Pinned, locked
from builder.revision import STAMP, Revision, revision
from builder.sbom import PATH, bill
from tests import audit, reproduce
from tests.conftest import ROOT
from tests.folders import lent

NOON = datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC)
LOCKS = ("requirements.lock", "requirements-test.lock")


def held(lock: str) -> list[Pinned]:
    return list(locked((ROOT / lock).read_text("utf-8")))


def read(page: Path) -> str:
    """Read a page's words."""
    return unescape(re.sub(r"<[^>]+>", "", page.read_text("utf-8"))).replace("\u00a0", " ")


# ——— The locks ———


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_has_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    packages = held(lock)
    assert all(package.hashes for package in packages)
    assert len(packages) == len(re.findall(r"^[^\s#]", text, re.MULTILINE))
    assert sum(len(package.hashes) for package in packages) == text.count("--hash=")


def test_the_site_is_tested_with_the_packages_that_build_it() -> None:
    assert set(held(LOCKS[0])) <= set(held(LOCKS[1]))


def test_mkdocs_asks_for_nothing_that_the_lock_does_not_hold() -> None:
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    names = {package.name for package in held(LOCKS[0])}
    assert re.findall(r"^theme:\n  name: (\w+)", config, re.MULTILINE) == ["material"]
    assert re.findall(r"^plugins: (.+)", config, re.MULTILINE) == ["[]"]
    assert re.findall(r"^markdown_extensions:\n((?:  - .+\n)+)", config, re.MULTILINE) == [
        "  - attr_list\n"  # Markdown's own
    ]
    assert {"mkdocs", "mkdocs-material", "markdown"} <= names


def test_dependabot_watches_whatever_is_locked() -> None:
    text = (ROOT / ".github/dependabot.yml").read_text("utf-8")
    watched = set(re.findall(r"package-ecosystem: (\S+)\n    directory: (\S+)", text))
    assert watched == {("pip", "/"), ("npm", "/tests/npm"), ("github-actions", "/")}


# ——— Licences ———


def test_each_package_is_declared_as_its_authors_do() -> None:
    packages = held(LOCKS[0])
    assert {package.name for package in packages} == set(PACKAGES)
    for name, licence in PACKAGES.items():
        try:
            told = distribution(name).metadata
        except PackageNotFoundError:
            continue  # of another Python or another system
        assert "License-Expression" not in told or told["License-Expression"] == licence, name


def test_each_licence_has_an_identifier_of_spdx() -> None:
    known = get_spdx_licensing()
    for licence in {*PACKAGES.values(), *(work.licence for work in WORKS)}:
        assert known.validate(licence, strict=True).errors == [], licence
    assert {work.licence for work in WORKS} == set(NAMES)


def test_every_file_of_the_site_has_a_licence(site: Path) -> None:
    texts = {work.text for work in WORKS}
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert not [path for path in files - texts if not works_of(path)]
    assert {work.id for path in files for work in works_of(path)} == {work.id for work in WORKS}


def test_only_what_others_made_bears_their_notice(site: Path) -> None:
    notice = re.compile(r"copyright|\(c\) \d|@licen[cs]e|spdx-", re.IGNORECASE)
    for path in sorted((site / "assets").rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.suffix in (".js", ".css", ".svg") and works_of(name) == [CODE]:
            assert not notice.search(path.read_text("utf-8")), name
        elif path.suffix not in (".js", ".css", ".svg") and path.is_file():
            assert CODE not in works_of(name), f"{name} : dites de qui il est dans licences.py"


def test_a_licence_that_asks_for_its_text_has_it(site: Path) -> None:
    for work in WORKS:
        if work.licence == "CC0-1.0":
            continue
        text = (site / work.text).read_text("utf-8")
        first = {
            "MIT": "Permission is hereby granted",
            "BSD-3-Clause": "Redistribution and use in source and binary forms",
            "OFL-1.1": "SIL OPEN FONT LICENSE Version 1.1",
            "CC-BY-4.0": "creativecommons.org/licenses/by/4.0",
        }[work.licence]
        assert first in text, work.id
        assert work.author.split()[-1].strip(" »").lower() in text.lower() or work in WORKS[:2]


def test_the_page_names_all_of_it(site: Path) -> None:
    page = read(site / "licences.html")
    for work in WORKS:
        assert work.name.replace("'", "’") in page, work.id
        assert work.version in page
        assert not work.text or f'href="{work.text}"' in (site / "licences.html").read_text("utf-8")
    for package in held(LOCKS[0]):
        assert f"{package.name} {package.version}" in page
    assert 'href="licences.html"' in (site / "a-propos.html").read_text("utf-8")


# ——— The bill of materials ———


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(b"".join(bill(NOON).runs))
    return document


def test_the_bill_is_cyclonedx_and_always_the_same(site: Path, document: dict[str, Any]) -> None:
    from cyclonedx.schema import SchemaVersion  # here: a second that every other test would wait
    from cyclonedx.validation.json import JsonStrictValidator

    official = JsonStrictValidator(SchemaVersion.V1_6)
    text = (site / PATH).read_text("utf-8")
    assert official.validate_str(text) is None
    wrong = {**document, "components": [{**document["components"][-1], "scope": "absent"}]}
    assert official.validate_str(json.dumps(wrong)) is not None
    assert bill(NOON) == bill(NOON)
    assert "serialNumber" not in text


def test_the_bill_holds_the_lock_and_what_ships(document: dict[str, Any]) -> None:
    by_purl = {part["purl"]: part for part in document["components"]}
    for package in held(LOCKS[0]):
        part = by_purl[f"pkg:pypi/{package.name}@{package.version}"]
        if part["scope"] == "excluded":
            hashes = {it["content"] for it in part["externalReferences"][0]["hashes"]}
            assert hashes == set(package.hashes)
        assert part["licenses"] == [{"expression": PACKAGES[package.name]}]
    shipped = {part["bom-ref"] for part in document["components"] if part["scope"] == "required"}
    assert shipped == {work.id for work in OTHERS}


def test_the_bill_knows_the_files_that_ship(document: dict[str, Any], site: Path) -> None:
    files = [part for it in document["components"] for part in it.get("components", ())]
    assert len(files) == 7  # four fonts, their two licences, the stemmer
    for part in files:
        digest = hashlib.sha256((site / part["name"]).read_bytes()).hexdigest()
        assert part["hashes"] == [{"alg": "SHA-256", "content": digest}]


# ——— The digest ———


def test_the_digest_is_that_of_the_list_and_the_list_that_of_the_files(site: Path) -> None:
    text = (site / DIGESTS).read_text("utf-8")
    listed = dict(line.split("  ")[::-1] for line in text.splitlines())
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert list(listed) == sorted(files - LEFT_OUT)
    assert files >= LEFT_OUT
    assert all(
        hashlib.sha256((site / path).read_bytes()).hexdigest() == digest
        for path, digest in listed.items()
    )
    page = (site / "a-propos.html").read_text("utf-8")
    assert DIGEST_PLACE not in page
    assert f">{hashlib.sha256(text.encode()).hexdigest()}<" in page


def test_standard_tools_verify_a_copy_and_name_what_changed(site: Path, tmp_path: Path) -> None:
    program = shutil.which("sha256sum")
    if not program:
        pytest.skip("sha256sum n'est pas sur cette machine")
    with zipfile.ZipFile(site / "une-fois-ou.zip") as archive:
        archive.extractall(tmp_path)
    copy = tmp_path / "une-fois-ou"
    command = [program, "--check", "--quiet", DIGESTS]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    (copy / "carte.html").write_bytes((copy / "carte.html").read_bytes() + b" ")
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("carte.html:")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (None, "Inconnue"),
        (Revision("a" * 40, 1, False), f"Version des sources{'a' * 40}Empreinte"),
        (Revision("b" * 40, 1, True), "bbb et des changements"),
    ],
)
def test_the_page_says_which_sources(tmp_path: Path, known: Revision | None, said: str) -> None:
    page = tmp_path / "a-propos.html"
    page.write_text(DIGEST_PLACE, "utf-8")
    (tmp_path / "une.html").write_text("une", "utf-8")
    files, store = lent(tmp_path, tmp_path / "store")
    digest = add_digest(files, store, known)
    page.write_bytes(store.read(files[page.name]))
    assert said in re.sub(r"\s*\n", "", read(page)) and digest in read(page)
    assert store.read(files[DIGESTS]).endswith(b"  une.html\n")
    with pytest.raises(SiteError, match="place de l'empreinte"):
        add_digest(files, store, known)


# ——— The same sources, told and built elsewhere ———

#: A builder in three lines, where what matters is around it.
BUILDER = """
import hashlib, os, pathlib
site = pathlib.Path("site"); site.mkdir()
(site / "page.html").write_text({shown})
(site / "empreintes.txt").write_text(hashlib.sha256((site / "page.html").read_bytes()).hexdigest())
"""


def git(folder: Path, *arguments: str) -> None:
    who = {"GIT_AUTHOR_DATE": "@1700000000 +0300", "GIT_COMMITTER_DATE": "@1700000000 +0300"}
    for role in ("AUTHOR", "COMMITTER"):
        who |= {f"GIT_{role}_NAME": "essai", f"GIT_{role}_EMAIL": "essai@example.org"}
    command = ["git", "-C", str(folder), *arguments]
    subprocess.run(command, env={**os.environ, **who}, capture_output=True, check=True)


def repository(folder: Path, shown: str) -> Path:
    (folder / "builder").mkdir(parents=True)
    (folder / "builder/__init__.py").touch()
    (folder / "builder/__main__.py").write_text(BUILDER.format(shown=shown))
    shutil.copy(ROOT / STAMP, folder / STAMP)
    shutil.copy(ROOT / ".gitattributes", folder)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "essai")
    return folder


def test_an_archive_without_git_knows_its_commit_and_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    here = repository(tmp_path / "ici", "'une'")
    reproduce.unpack(here, "HEAD", tmp_path / "ailleurs")
    told = revision(here)
    assert told and told.seconds == 1_700_000_000 and not told.changed
    assert revision(tmp_path / "ailleurs") == told
    assert build_time(told).timestamp() == told.seconds
    (here / "nouveau.yaml").touch()
    assert revision(here) == told._replace(changed=True)
    assert revision(tmp_path) is None
    assert revision(ROOT / "builder") is None  # the stamp as it is in the sources says nothing


def test_reproducing_tells_the_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = repository(tmp_path / "ici", "'une'")
    assert reproduce.reproduce(here, [sys.executable], tmp_path) == 0
    said = capsys.readouterr().out
    digest = hashlib.sha256((tmp_path / "guide-0/site" / DIGESTS).read_bytes()).hexdigest()
    assert "2 fichiers, les mêmes octets 2 fois" in said
    assert said.endswith(f"Empreinte du guide : {digest}\n")


def test_reproducing_shows_the_bytes_that_differ(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = repository(tmp_path / "ici", "'heure : ' + os.environ['TZ']")
    assert reproduce.reproduce(here, [sys.executable], tmp_path) == 1
    said = capsys.readouterr().out
    assert "page.html : octet 8 sur 23 et 26 : b'heure : America/Toronto'" in said
    assert "2 différences" in said


def test_a_python_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"python9\.9 : introuvable"):
        reproduce.prepared("python9.9", tmp_path)


def test_a_zip_compressed_otherwise_is_told_from_another_content(tmp_path: Path) -> None:
    for name, method, text in (
        ("un", zipfile.ZIP_STORED, "a"),
        ("deux", zipfile.ZIP_DEFLATED, "a"),
        ("trois", zipfile.ZIP_STORED, "b"),
    ):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", method) as archive:
            archive.writestr(zipfile.ZipInfo("page.html"), text * 99, method)
        (tmp_path / name).mkdir()
        (tmp_path / name / "guide.zip").write_bytes(content.getvalue())
    same = list(reproduce.differences(tmp_path / "un", tmp_path / "deux"))
    other = list(reproduce.differences(tmp_path / "un", tmp_path / "trois"))
    assert len(same) == 2 and "autre version de zlib" in same[1]
    assert len(other) == 1


# ——— Known vulnerabilities ———


def answered(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_an_audit_says_what_to_take_instead() -> None:
    flaw = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["1.2"]}
    fine = {"name": "typst", "version": "0.15.2", "vulns": []}
    bad = {"name": "jinja2", "version": "1.1", "vulns": [flaw, {"id": "PYSEC-2026-2"}]}
    said = audit.verdict("requirements.lock", answered(fine, bad))
    assert said.code == audit.VULNERABLE
    assert said.lines == (
        "requirements.lock : jinja2 1.1 a une vulnérabilité connue (PYSEC-2026-1, CVE-2026-1) "
        "— prenez 1.2 dans pyproject.toml, puis « make lock »",
        "requirements.lock : jinja2 1.1 a une vulnérabilité connue (PYSEC-2026-2) "
        "— aucune version ne la corrige encore : jugez si elle touche le guide",
    )
    assert audit.verdict("l", answered(fine, fine)) == (
        ("l : 2 paquets, aucune vulnérabilité connue.",),
        audit.FINE,
    )


def test_an_audit_that_saw_nothing_does_not_say_that_all_is_well() -> None:
    skipped = {"name": "typst", "skip_reason": "not found"}
    fine = {"name": "jinja2", "version": "3", "vulns": []}
    for answer in ("", answered(skipped)):
        said = audit.verdict("requirements.lock", answer)
        assert said.code == audit.UNKNOWN and "rien n'a été vérifié" in said.lines[0]
    partly = audit.verdict("requirements.lock", answered(skipped, fine))
    assert partly.code == audit.UNKNOWN and "ne connaît pas typst" in partly.lines[0]


def test_without_network_an_audit_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # nobody answers there
    assert audit.main([str(LOCK)]) == audit.UNKNOWN
    assert "recommencez avec Internet" in capsys.readouterr().out
