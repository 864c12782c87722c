"""Serves the built site on this machine and rebuilds it at each change."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import click
from mkdocs.livereload import LiveReloadServer

from builder.model import CONTENT

#: What the guide is made of; the site and its work folder are not watched.
WATCHED: Final = (
    *CONTENT,
    "builder/templates",
    "builder/theme",
    "mkdocs.yml",
    "CHANGELOG.md",
    "CITATION.cff",
)
_POLICY: Final = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')


class _Server(LiveReloadServer):
    """mkdocs' own server. Its reload script is inline, which the pages' policy forbids.

    The policy is left out of what is served here, never of what is built.
    """

    def serve_request(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        chunks = super().serve_request(environ, start_response)
        for chunk in chunks:
            yield _POLICY.sub(lambda found: b" " * len(found.group()), chunk)


def preview(root: Path, port: int, rebuild: Callable[[], object]) -> None:
    """Serve until interrupted. `rebuild` reports its own problems and keeps the last good site."""
    server = _Server(lambda: _quietly(rebuild), "127.0.0.1", port, root=str(root / "site"))
    for name in WATCHED:
        if (root / name).exists():
            server.watch(str(root / name))
    # A service manager ends with SIGTERM what a person ends with Ctrl+C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    click.echo(f"À lire sur {server.url} (Ctrl+C pour arrêter).")
    try:
        server.serve(open_in_browser=False)  # type: ignore[no-untyped-call]
    except KeyboardInterrupt:
        click.echo()
    finally:
        server.shutdown()


def _quietly(rebuild: Callable[[], object]) -> None:
    click.echo("Changement : reconstruction…")
    rebuild()
