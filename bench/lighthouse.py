"""Measures pages with Lighthouse on its phone profile: `python -m bench.lighthouse LIGHTHOUSE`.

LIGHTHOUSE is its program, as `npm install lighthouse` leaves it in `node_modules/.bin`; it is not
installed by `make`, for it weighs more than the rest together. The site is served from this
machine, compressed as a host does.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import threading
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from tests.browser import OPTIONS, executable

SITE: Final = Path(__file__).parents[1] / "site"
PAGES: Final = ("index.html", "recits/le-silence-de-l-appartement.html", "trouver.html")
#: What each category must reach, out of 100.
WANTED: Final = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}


class _Compressed(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = _gzipped(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@cache
def _gzipped(path: Path) -> bytes:
    return gzip.compress(path.read_bytes())


def scores(lighthouse: str, chromium: Path, address: str) -> tuple[dict[str, int], list[str]]:
    """Measure one page: its score by category, and what keeps the score from 100."""
    done = subprocess.run(
        [
            lighthouse,
            address,
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(WANTED)}",
            f"--chrome-flags=--headless=new {' '.join(OPTIONS)}",
        ],
        env={**os.environ, "CHROME_PATH": os.fspath(chromium)},
        stdout=subprocess.PIPE,
        check=True,
    )
    report = json.loads(done.stdout)
    found = {name: round(it["score"] * 100) for name, it in report["categories"].items()}
    faults = [
        f"{audit['id']} : {audit['title']} {audit.get('displayValue', '')}"
        for category in report["categories"].values()
        for audit in (report["audits"][it["id"]] for it in category["auditRefs"] if it["weight"])
        if audit["score"] is not None and audit["score"] < 1
    ]
    return found, faults


def main(lighthouse: str) -> int:
    """Print the scores of every page; 1 when one falls short."""
    with sync_playwright() as playwright:
        chromium = executable(playwright)
    if not chromium:
        sys.exit("Aucun Chromium : lancez « make test » d'abord.")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Compressed, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    short = 0
    for path in PAGES:
        address = f"http://127.0.0.1:{server.server_port}/{path}"
        found, faults = scores(lighthouse, chromium, address)
        print(path, *(f"{name} {score}" for name, score in found.items()), sep="  ")
        print(*(f"  - {fault}" for fault in faults), sep="\n", end="\n" if faults else "")
        short += sum(score < WANTED[name] for name, score in found.items())
    server.shutdown()
    return int(short > 0)


if __name__ == "__main__":
    program = shutil.which(sys.argv[1]) if len(sys.argv) == 2 else None
    sys.exit(main(program) if program else __doc__)
