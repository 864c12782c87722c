"""The guide kept on the device: read without a server, and made newer only on request."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from builder.downloads import ARCHIVE, DIGESTS
from builder.guide import build
from builder.hosting import FOR_HOSTS
from builder.offline import WORKER, add_worker
from tests.conftest import Quiet, small_guide
from tests.folders import lent
from tests.states import faults, watched

MAPS = re.compile(r"^const (\w+) = new Map\((.+)\);$", re.MULTILINE)
COPIED = "navigator.serviceWorker.ready.then((it) => it.active.state)"
KEPT = """async (name) => (await caches.has(name))
  ? (await (await caches.open(name)).keys()).length : null"""
PROMPT = "Une version plus récente du guide est prête."


def listed(site: Path) -> dict[str, dict[str, str]]:
    """Read from the worker what it keeps: GUIDE and SHEETS, path to digest."""
    text = (site / WORKER).read_text("utf-8")
    return {name: dict(json.loads(pairs)) for name, pairs in MAPS.findall(text)}


# ——— What the build writes ———


def renew_worker(site: Path, folder: Path) -> None:
    """Write the worker of a site that was changed; a store goes into the folder."""
    files, store = lent(site, folder / "store")
    add_worker(files, store)
    (site / WORKER).write_bytes(store.read(files[WORKER]))


def test_the_worker_knows_every_file_as_it_is_served(site: Path) -> None:
    found = listed(site)
    files = {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in site.rglob("*")
        if path.is_file()
    }
    for name in (ARCHIVE, WORKER, DIGESTS, "404.html", *FOR_HOSTS):
        files.pop(name, None)
    assert {**found["GUIDE"], **found["SHEETS"]} == files
    assert {Path(path).suffix for path in found["SHEETS"]} == {".pdf", ".png"}
    assert not {Path(path).suffix for path in found["GUIDE"]} & {".pdf", ".png", ".zip"}


def test_the_same_site_gives_the_same_worker_and_any_change_another(
    site: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    renew_worker(copy, tmp_path)
    assert (copy / WORKER).read_bytes() == (site / WORKER).read_bytes()
    (copy / "carte.html").write_bytes((copy / "carte.html").read_bytes() + b" ")
    renew_worker(copy, tmp_path)
    changed = set(listed(site)["GUIDE"].items()) ^ set(listed(copy)["GUIDE"].items())
    assert {path for path, _ in changed} == {"carte.html"}


def test_the_manifest_names_files_that_are_there(site: Path) -> None:
    manifest = json.loads((site / "manifest.webmanifest").read_text("utf-8"))
    named = [manifest["start_url"], *(it["src"] for it in manifest["icons"])]
    named += [it["url"] for it in manifest["shortcuts"]]
    assert all((site / path).is_file() for path in named)
    assert {it["purpose"] for it in manifest["icons"]} == {"any", "maskable"}


# ——— In a browser ———


class Host:
    """A server for a copy of the site, below a folder as projects are published; it can go away."""

    def __init__(self, site: Path, folder: Path) -> None:
        self.site = folder / "projet"
        shutil.copytree(site, self.site, ignore=shutil.ignore_patterns(ARCHIVE))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.root = f"http://127.0.0.1:{self._server.server_port}/projet/"

    def publish(self, old: str, new: str) -> None:
        """Publish a newer guide, where the home page says something else."""
        home = self.site / "index.html"
        assert old in home.read_text("utf-8")
        home.write_text(home.read_text("utf-8").replace(old, new), "utf-8")
        renew_worker(self.site, self.site.parent.parent)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the site of a small guide: what is kept of it is a fifth of ours."""
    root = small_guide(tmp_path_factory.mktemp("small"))
    assert build(root, lambda stage: None).written
    return root / "site"


@pytest.fixture
def host(small: Path, tmp_path: Path) -> Iterator[Host]:
    host = Host(small, tmp_path)
    yield host
    host.stop()


@pytest.fixture
def ours(site: Path, tmp_path: Path) -> Iterator[Host]:
    host = Host(site, tmp_path)
    yield host
    host.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with watched(browser, sparing=False) as page:
        page.context.set_default_timeout(60_000)
        yield page


def copied(page: Page, host: Host) -> None:
    """Stay on the home page until the guide is kept, then go on: the next page reads the copy."""
    page.goto(host.root)
    assert page.evaluate(COPIED) in ("activating", "activated")
    page.reload()
    assert page.evaluate("navigator.serviceWorker.controller !== null")


def test_after_one_visit_the_whole_guide_reads_without_server_or_connection(
    page: Page, ours: Host, site: Path
) -> None:
    copied(page, ours)
    assert page.evaluate(KEPT, "une-fois-ou.guide") == len(listed(site)["GUIDE"])
    assert page.evaluate(KEPT, "une-fois-ou.feuilles") is None
    ours.stop()
    page.context.set_offline(True)
    page.get_by_role("searchbox").first.fill("il veut tout lâcher son appart")
    page.keyboard.press("Enter")
    page.wait_for_url("**/trouver.html?q=*")
    expect(page.locator("#find-results [data-id]").nth(5)).to_be_visible()
    for path in ("themes/", "recits/la-chaine-a-la-porte.html?mode=atelier", "data/guide.json"):
        answer = page.goto(ours.root + path)
        assert answer and answer.ok and answer.from_service_worker, path
    page.goto(f"{ours.root}exercice.html")
    page.get_by_role("button", name="Commencer").click()
    expect(page.locator("#exercise")).not_to_be_empty()
    page.goto(ours.root + "recits/le-silence-de-l-appartement.html")
    fonts = "document.fonts.ready.then(() => document.fonts.check('16px \"Source Serif 4\"'))"
    assert page.evaluate(fonts)
    sheet = next(path for path in listed(site)["SHEETS"] if path.endswith(".pdf"))
    page.goto(ours.root + sheet)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Cette page n’est pas gardée sur cet appareil"
    )
    assert not faults(page, "hors connexion")


def test_an_address_without_its_ending_finds_the_same_page(page: Page, host: Host) -> None:
    copied(page, host)
    host.stop()
    answer = page.goto(f"{host.root}recits/la-porte?mode=atelier")
    assert answer and answer.ok and answer.from_service_worker
    expect(page.get_by_role("heading", level=1)).to_have_text("La porte")
    page.goto(f"{host.root}recits?q=1")
    assert page.url == f"{host.root}recits/?q=1"  # where the links of its page lead well
    page.get_by_role("link", name="La porte").first.click()
    page.wait_for_url("**/recits/la-porte.html")
    page.goto(f"{host.root}recits/nulle-part")
    assert page.url.endswith("/hors-connexion.html")


def test_sheets_are_kept_only_when_asked(browser: Browser, host: Host, small: Path) -> None:
    with watched(browser, sparing=False) as page:
        page.context.set_default_timeout(60_000)
        page.goto(f"{host.root}telecharger.html")
        page.get_by_role("button", name="Garder le guide sur cet appareil").click()
        more = page.get_by_role(
            "button", name=re.compile(r"^Garder aussi les feuilles .+\d+ Mo\)$")
        )
        expect(more).to_be_visible(timeout=60_000)
        assert not faults(page, "guide gardé")
        more.click()
        told = page.get_by_text("Le guide et ses feuilles à imprimer sont gardés")
        expect(told).to_be_visible(timeout=60_000)
        assert page.evaluate(KEPT, "une-fois-ou.feuilles") == len(listed(small)["SHEETS"])
        host.stop()
        page.goto(f"{host.root}ateliers/index.html")
        size = "fetch(document.querySelector('a[href$=\".pdf\"]').href).then((it) => it.status)"
        assert page.evaluate(size) == 200


def test_a_newer_guide_waits_until_the_reader_asks(page: Page, host: Host) -> None:
    copied(page, host)
    host.publish("Textes sous licence", "Nouveaux textes sous licence")
    page.reload()
    expect(page.get_by_text(PROMPT)).to_be_visible(timeout=60_000)
    assert page.get_by_text("Nouveaux textes").count() == 0
    assert not faults(page, "version plus récente")
    page.get_by_role("button", name="Mettre à jour").click()
    expect(page.get_by_text("Nouveaux textes")).to_be_visible()
    expect(page.get_by_text(PROMPT)).to_have_count(0)


def test_later_means_not_again_in_this_tab(page: Page, host: Host) -> None:
    copied(page, host)
    host.publish("Textes sous licence", "Nouveaux textes sous licence")
    page.reload()
    page.get_by_role("button", name="Plus tard").click()
    page.reload()
    page.wait_for_function("navigator.serviceWorker.getRegistration().then((it) => it.waiting)")
    expect(page.get_by_text(PROMPT)).to_have_count(0)
    assert page.get_by_text("Nouveaux textes").count() == 0


def test_a_sign_in_page_in_the_place_of_the_guide_is_never_kept(
    browser: Browser, host: Host
) -> None:
    (host.site / "carte.html").write_text("<h1>Wi-Fi : connectez-vous</h1>", "utf-8")
    with watched(browser, sparing=False) as page:
        page.goto(f"{host.root}telecharger.html")
        page.get_by_role("button", name="Garder le guide sur cet appareil").click()
        expect(page.get_by_text("La copie n’a pas pu se faire")).to_be_visible(timeout=60_000)
        kept = page.evaluate(
            "caches.open('une-fois-ou.guide').then((it) => it.keys())"
            ".then((keys) => keys.filter(({ url }) => url.includes('carte.html')).length)"
        )
        assert kept == 0


def test_a_device_that_spares_data_copies_nothing_by_itself(browser: Browser, host: Host) -> None:
    with watched(browser, sparing=True) as page:
        page.clock.install()
        page.goto(host.root)
        page.clock.run_for(60_000)
        assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
    with watched(browser, sparing=False) as page:
        page.clock.install()
        page.goto(host.root)
        page.clock.run_for(60_000)
        page.wait_for_function("navigator.serviceWorker.getRegistration()")


def test_a_guide_opened_from_a_key_asks_for_none_of_it(browser: Browser, site: Path) -> None:
    with watched(browser, sparing=False) as page:
        page.clock.install()
        page.goto((site / "telecharger.html").as_uri())
        page.clock.run_for(60_000)
        assert page.locator("link[rel=manifest]").count() == 0
        assert page.get_by_role("button", name="Garder le guide").count() == 0


def test_the_browser_reads_the_manifest(browser: Browser, host: Host) -> None:
    with watched(browser, sparing=False) as page:
        page.goto(f"{host.root}recits/index.html")
        session = page.context.new_cdp_session(page)
        found = session.send("Page.getAppManifest")
        assert found["url"] == f"{host.root}manifest.webmanifest"
        assert not found["errors"]
        refused = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert [it["errorId"] for it in refused] in ([], ["in-incognito"])  # as tests browse
