"""What « Accessibilité » and « Vie privée » say is so."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from builder.offline import SOURCE
from tests.conftest import ROOT
from tests.states import FULL_STORAGE, REFUSE_STORAGE, faults, watched

ASSETS = sorted((ROOT / "builder/theme/assets").glob("*.js"))
#: A key as a script writes it: plain, or a template that ends with what varies.
KEY = re.compile(r"""["`]([\w.-]+)(?:\$\{[^}]+\})?["`]""")
CALL = re.compile(r"\bstorage\.(?:get|set|remove)\(\s*(?:area|\"\w+\"),\s*([^,)]+)")
SHARED = re.compile(r"\bstorage\.shared\(\s*([^,)]+)")
FOOT = re.compile(r"\btools\.foot\(\s*([^,)]+)")
DIRECT = re.compile(r"(?:local|session)Storage\.(?:get|set|remove)Item\(\s*([^,)]+)")
PAGES = ("accessibilite.html", "vie-privee.html", "hors-connexion.html", "telecharger.html")


def keys(script: str) -> set[str]:
    """Collect every key that a script keeps things under; a name is followed to its value."""
    found = set()
    full = "une-fois-ou."
    for call, prefix in ((CALL, full), (SHARED, full), (FOOT, full), (DIRECT, "")):
        for expression in call.findall(script):
            literal = expression.strip()
            if re.fullmatch(r"\w+", literal):
                assigned = re.search(rf"\b{literal} = ([\"`][^;]+);", script)
                assert assigned, f"{literal} : clé introuvable"
                literal = assigned[1]
            key = KEY.fullmatch(literal)
            assert key, f"{literal} : clé illisible"
            found.add(prefix + key[1])
    return found


def named(site: Path) -> set[str]:
    """Collect the names that the page gives."""
    page = unescape((site / "vie-privee.html").read_text("utf-8"))
    return set(re.findall(r"<code>([^<]+)</code>", page))


def test_the_page_names_every_key_and_no_other(site: Path) -> None:
    used: set[str] = set()
    for path in ASSETS:
        if path.name not in ("storage.js", "erase.js", "tools.js"):  # any key, none of their own
            used |= keys(path.read_text("utf-8"))
    used |= set(re.findall(r'_CACHE = "([^"]+)"', SOURCE.read_text("utf-8")))
    assert named(site) == used
    assert len(used) == 11


def test_nothing_is_kept_in_another_way() -> None:
    for path in (*ASSETS, SOURCE):
        text = path.read_text("utf-8")
        assert not re.search(r"document\.cookie|cookieStore|indexedDB|navigator\.storage", text), (
            path
        )
        assert "caches." not in text or path.name in ("worker.js", "erase.js"), path
        assert not re.search(r"sendBeacon|XMLHttpRequest|WebSocket|EventSource", text), path
        assert "fetch(" not in text or path.name == "worker.js", path


def test_one_button_erases_all_of_it_and_nothing_of_others(browser: Browser, address: str) -> None:
    with watched(browser) as page:
        page.context.set_default_timeout(60_000)
        page.goto(f"{address}/telecharger.html")
        page.get_by_role("button", name="Garder le guide sur cet appareil").click()
        expect(page.get_by_role("button", name="Garder aussi")).to_be_visible(timeout=60_000)
        page.goto(f"{address}/vie-privee.html")
        page.evaluate("""() => {
          for (const area of [localStorage, sessionStorage]) {
            area.setItem("une-fois-ou.atelier.x", "1");
            area.setItem("autre-site", "1");
          }
        }""")
        page.get_by_role("button", name="Effacer tout ce que ce guide garde").click()
        expect(page.get_by_role("status")).to_have_text(re.compile("ne garde plus rien"))
        kept = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
        assert page.evaluate(kept) == ["autre-site", "autre-site"]
        assert page.evaluate("caches.keys()") == []
        assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
        assert page.context.cookies() == []


@pytest.mark.parametrize("script", [REFUSE_STORAGE, FULL_STORAGE], ids=["refused", "full"])
def test_the_button_answers_where_nothing_can_be_kept(
    browser: Browser, site: Path, script: str
) -> None:
    with watched(browser, init_script=script) as page:
        page.goto((site / "vie-privee.html").as_uri())
        page.get_by_role("button", name="Effacer tout ce que ce guide garde").click()
        expect(page.get_by_role("status")).to_have_text(re.compile("."))


def test_every_page_leads_to_both_statements(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert "accessibilite.html" in text and "vie-privee.html" in text, path


def test_what_is_claimed_is_tested() -> None:
    """A claim of « Accessibilité » falls with the test that it rests on."""
    rests_on = {
        "test_site.py": "test_every_page_passes_axe_fits_its_screen_and_calls_nobody",
        "test_reading.py": "test_without_javascript_all_is_there_in_order",
        "test_exercise.py": "test_every_state_passes_axe",
        "test_selection.py": "test_it_goes_by_keyboard_alone",
        "test_handouts.py": "PDF/UA-1 a second time",
    }
    for name, test in rests_on.items():
        assert test in (ROOT / "tests" / name).read_text("utf-8"), name


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_pass_axe_at_every_size(browser: Browser, address: str, path: str) -> None:
    with watched(browser) as page:
        page.goto(f"{address}/{path}")
        assert not faults(page, path)
