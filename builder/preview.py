"""Serves the built site on this machine and rebuilds it at each change."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
from mkdocs.livereload import LiveReloadServer

from builder.stamps import stamps

#: Seconds between two looks at the files; when two looks in a row agree, the change is over.
PAUSE: Final = 0.2
#: Looks take at most one part of the time in so many: ten thousand files take longer to look at.
PARTS: Final = 10
_POLICY: Final = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
#: What stands at the foot of the window, on the last good site, while there is something to mend.
PAGES_BEHIND: Final = "Cette page est celle d’avant le dernier changement."
SHEETS_BEHIND: Final = "Les feuilles à imprimer sont celles d’avant le dernier changement."
_NOTICE: Final = (
    '<div role="alert" tabindex="0" style="position: fixed; inset: auto 0 0 0; z-index: 99; '
    "max-height: 40vh; overflow: auto; box-sizing: border-box; padding: .75rem 1.25rem 1rem; "
    "background: var(--ochre-wash, #fdecc0); color: var(--ink, #23302f); "
    'border-top: .25rem solid var(--ochre-line, #a86f0b); font: 1rem/1.4 var(--sans)">'
    "<strong>{behind}</strong> À corriger\u00a0:"
    '<pre style="margin: .5rem 0 0; font-size: .875rem; white-space: pre-wrap; '
    'overflow-wrap: anywhere">{faults}</pre></div>'
)


class Step(NamedTuple):
    """A part of a rebuild that is over: what keeps it from being shown, and what is then old."""

    faults: str = ""
    behind: str = PAGES_BEHIND


class _Server(LiveReloadServer):
    """mkdocs' own server, which goes on serving the last good site while the next is built.

    Its reload script is inline, which the pages' policy forbids. The policy is left out of what is
    served here, never of what is built.
    """

    def __init__(self, root: Path, port: int, rebuild: Callable[[], Iterator[Step]]) -> None:
        super().__init__(lambda: None, "127.0.0.1", port, root=str(root / "site"))
        self._guide, self._rebuild, self._step = root, rebuild, Step()
        self._told = False
        self._watched_paths = {str(root): 1}  # has the reload script put in the pages
        if not Path(self.root).is_dir():
            self._wanted_epoch += 1  # readers wait for the first site
        # A build takes any warning of mkdocs for a fault: not that a reader asks for a lost page.
        logging.getLogger("mkdocs.livereload").setLevel(logging.ERROR)

    def serve_request(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        chunks = super().serve_request(environ, start_response)
        for chunk in chunks:
            yield _POLICY.sub(lambda found: b" " * len(found.group()), chunk)

    def _build_loop(self) -> None:
        """Build, say where to read, then build again each time that a change is over.

        mkdocs' own loop makes readers wait for the build, loses sight of a folder that was away for
        a moment, and never shows anything again after a build that failed.
        """
        built = last = stamps(self._guide)
        self._build()
        if not Path(self.root).is_dir():
            return
        spent = 0.0
        while True:
            time.sleep(max(PAUSE, spent * PARTS))
            start = time.monotonic()
            last, before = stamps(self._guide), last
            spent = time.monotonic() - start
            if last == before and last != built:
                built = last
                click.echo("Changement : reconstruction…")
                self._build()

    def _build(self) -> None:
        self._step = Step()  # the new site may be there before the answer is
        shown = None
        for step in self._rebuild():
            self._step = step
            if step.faults != shown:
                shown = step.faults
                self._reload()
            if not self._told and Path(self.root).is_dir():
                self._told = True
                click.echo(f"À lire sur {self.url} (Ctrl+C pour arrêter).")

    def _reload(self) -> None:
        with self._epoch_cond:  # what the pages' script waits for
            self._wanted_epoch = self._visible_epoch = round(time.monotonic() * 1000)
            self._epoch_cond.notify_all()

    def _inject_js_into_html(self, content: bytes, epoch: int) -> bytes:
        """Add mkdocs' script that reloads the page, and what keeps the page from being newer."""
        scripted: bytes = super()._inject_js_into_html(content, epoch)  # type: ignore[no-untyped-call]
        if not self._step.faults:
            return scripted
        faults, behind = self._step
        notice = _NOTICE.format(behind=behind, faults=escape(faults)).encode()
        return re.sub(rb"<body[^>]*>", lambda found: found.group() + notice, scripted, count=1)


def preview(root: Path, port: int, rebuild: Callable[[], Iterator[Step]]) -> bool:
    """Serve until interrupted; False when there is nothing to serve.

    `rebuild` goes by steps, each of which leaves a site to read. It keeps the last good one, and
    reports its problems: it prints them, and gives them as text. Raises OSError when the port
    cannot be listened to.
    """
    server = _Server(root, port, rebuild)
    try:
        server.serve(open_in_browser=False)  # type: ignore[no-untyped-call]
    except (KeyboardInterrupt, click.Abort):
        click.echo()
        return True
    finally:
        server.shutdown()
    return (root / "site").is_dir()
