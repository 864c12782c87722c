"""Finds the Chromium that the tests drive; `python -m tests.browser` makes sure there is one.

In order: a Chromium or Chrome already there, Playwright's own download, Debian's package where
installing is allowed (root, with apt-get).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Error, Playwright, sync_playwright

#: The headless shell first: with no window to draw, the tests take a fifth less.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
)
#: Debian's, in the order of preference; Ubuntu has the second alone.
PACKAGES = ("chromium-headless-shell", "chromium")
#: No sandbox: containers run as root. The rest keeps Chromium from calling home.
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
HELP = """Aucun Chromium pour les tests. Installez-en un, au choix :
  - Chromium ou Chrome, par le moyen habituel de votre système ;
  - celui de Playwright : .venv/bin/python -m playwright install chromium ;
  - celui de Debian : apt-get install chromium-headless-shell."""


def executable(playwright: Playwright) -> Path | None:
    """Give the browser to drive, or None."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    own = Path(playwright.chromium.executable_path)
    if found:
        return Path(found)
    return own if own.is_file() else None


def ensure() -> bool:
    """Find a browser, or install one where that is possible."""
    with sync_playwright() as playwright:
        if executable(playwright):
            return True
        _quietly(sys.executable, "-m", "playwright", "install", "chromium")
        if executable(playwright):
            return True
        if shutil.which("apt-get") and os.geteuid() == 0:
            _quietly("apt-get", "update")
            for package in PACKAGES:
                if not executable(playwright):
                    _quietly("apt-get", "install", "-y", "--no-install-recommends", package)
        found = executable(playwright)
        if not found:
            return False
        try:
            playwright.chromium.launch(executable_path=found, args=list(OPTIONS)).close()
        except Error as error:
            print(error.message, file=sys.stderr)
            return False
        return True


def _quietly(*command: str) -> None:
    """Run a command that may fail: whether a browser is there afterwards is what counts."""
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    if not ensure():
        sys.exit(HELP)
