"""What the host says: headers that agree with the pages, and whom to tell of a flaw."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from builder import hosting
from builder.clock import EPOCH
from builder.disclosure import PLACE, Disclosure, disclosure, security_txt
from builder.engine import SiteError
from tests.conftest import ROOT

DOCUMENTED = ROOT / "docs/hebergement.md"


class _Meta(HTMLParser):
    """Collects what a page says in place of a header."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("http-equiv") or given.get("name")
        if tag == "meta" and name:
            self.said[name.lower()] = given.get("content") or ""


def test_every_page_says_of_itself_what_the_host_says_of_it(site: Path) -> None:
    policy = hosting.HEADERS["Content-Security-Policy"]
    for path in site.rglob("*.html"):
        said = _Meta(path.read_text("utf-8")).said
        assert policy == f"{said['content-security-policy']}; frame-ancestors 'none'", path
        assert said["referrer"] == hosting.HEADERS["Referrer-Policy"], path


def headers(text: str, line: str) -> dict[str, str]:
    return dict(re.findall(line, text, re.MULTILINE))


def test_each_host_reads_the_same_headers(site: Path) -> None:
    netlify = (site / hosting.NETLIFY).read_text("utf-8")
    assert netlify.startswith("/*\n")
    assert headers(netlify, r"^  ([\w-]+): (.+)$") == hosting.HEADERS
    apache = (site / hosting.APACHE).read_text("utf-8")
    assert headers(apache, r'^  Header always set ([\w-]+) "(.+)"$') == hosting.HEADERS
    nginx = DOCUMENTED.read_text("utf-8")
    assert headers(nginx, r'^add_header ([\w-]+) "(.+)" always;$') == hosting.HEADERS


def test_the_documentation_is_as_the_builder_writes_it() -> None:
    text = DOCUMENTED.read_text("utf-8")
    assert hosting.documented(text) == text


def test_without_a_contact_or_a_date_there_is_no_security_txt(site: Path) -> None:
    assert not (site / PLACE).exists()
    made = datetime(2026, 11, 22, tzinfo=UTC)
    assert security_txt(Disclosure((), "https://guide.exemple/", ""), made) == ""
    assert security_txt(Disclosure(("mailto:a@exemple.org",), "", ""), EPOCH) == ""


def config(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mkdocs.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_security_txt_says_whom_to_tell_and_until_when(tmp_path: Path) -> None:
    """The fields of RFC 9116, from the configuration and the edition's date alone."""
    given = config(
        tmp_path,
        "site_url: https://guide.exemple\n"
        "repo_url: https://github.com/organisme/depot\n"
        "extra:\n  security:\n"
        "    - https://github.com/organisme/depot/security/advisories/new\n"
        "    - mailto:securite@exemple.org\n",
    )
    made = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert security_txt(disclosure(given), made).splitlines() == [
        "Contact: https://github.com/organisme/depot/security/advisories/new",
        "Contact: mailto:securite@exemple.org",
        "Expires: 2027-11-21T09:30:00Z",
        "Preferred-Languages: fr, en",
        "Canonical: https://guide.exemple/.well-known/security.txt",
        "Policy: https://github.com/organisme/depot/security/policy",
    ]


@pytest.mark.parametrize(
    "contact",
    ["securite@exemple.org", "javascript:alert(1)", "http://a.b", '"mailto:a@b.c\\nX: y"'],
)
def test_a_contact_that_is_no_address_stops_the_build(tmp_path: Path, contact: str) -> None:
    with pytest.raises(SiteError, match=r"extra\.security"):
        disclosure(config(tmp_path, f"extra:\n  security: {contact}\n"))
