"""The real guide, built once in a folder of its own, and a real browser to read it with."""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from builder.guide import Checked, build, examine
from builder.model import CONTENT
from tests.browser import OPTIONS, executable

ROOT = Path(__file__).parent.parent


def copy_guide(target: Path) -> Path:
    """Copy all that a build reads, and nothing that it makes."""
    for name in (*CONTENT, "builder/theme"):
        shutil.copytree(ROOT / name, target / name, dirs_exist_ok=True)
    for name in ("mkdocs.yml", "CHANGELOG.md", "CITATION.cff", "LICENSE-content"):
        shutil.copy(ROOT / name, target)
    return target


def small_guide(target: Path) -> Path:
    """Make a small valid guide that can be built: one entry or two of each kind."""
    shutil.copytree(ROOT / "tests/valid", target, dirs_exist_ok=True)
    shutil.copytree(ROOT / "builder/theme", target / "builder/theme")
    shutil.copy(ROOT / "mkdocs.yml", target)
    for name in ("clesenmain-synthese-2020", "boivin-dozo-2022"):  # « À propos » cites both
        shutil.copy(ROOT / f"context/references/{name}.yaml", target / "context/references")
    return target


@pytest.fixture(scope="session")
def checked() -> Checked:
    """Give the real library and its problems."""
    return examine(ROOT)


@contextmanager
def shared_folder(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, name: str
) -> Iterator[Path]:
    """Give a folder that all the processes of a run share, to one of them at a time."""
    own = tmp_path_factory.getbasetemp()
    root = (own if worker_id == "master" else own.parent) / name
    root.mkdir(exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield root


@pytest.fixture(scope="session")
def guide(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Give a folder with the real guide, built once for all the processes of a run."""
    with shared_folder(tmp_path_factory, worker_id, "guide") as root:
        if not (root / "site").exists():
            copy_guide(root)
            built = build(root, lambda stage: None)
            assert built.written, "\n".join(map(str, built.checked.problems))
    return root


@pytest.fixture(scope="session")
def site(guide: Path) -> Path:
    """Give the built site."""
    return guide / "site"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(site: Path, handler: type[Quiet] = Quiet) -> Iterator[str]:
    """Serve a folder on this machine; give its address, without a final slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=os.fspath(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the built site on this machine; give its address, without a final slash."""
    with served(site) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a real Chromium."""
    with sync_playwright() as playwright:
        found = executable(playwright)
        assert found, "aucun Chromium : lancez « make test » plutôt que pytest"
        browser = playwright.chromium.launch(executable_path=found, args=list(OPTIONS))
        yield browser
        browser.close()
