"""Turns Markdown pages into the pages of the site, with mkdocs; only those that changed.

mkdocs always builds a whole folder. So it is given folders that hold some pages only, and a
stand-in for each other one that its navigation names: a page is the same whichever folder it is in.
This keeps its memory small, however many pages there are, and all the processors busy.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from builder import durable, worker, workers
from builder.compiled import Compiled
from builder.fingerprint import fingerprint
from builder.memo import Memo
from builder.store import Store

if TYPE_CHECKING:
    from mkdocs.theme import Theme

#: Pages for one run: the more, the more memory; the fewer, the more often mkdocs starts.
PAGES: Final = 1500
#: Below this many, a process more costs as much as it saves.
FEW: Final = 300
#: What mkdocs and its theme add that no page uses, or that tells the time.
UNUSED: Final = ("assets/javascripts", "assets/stylesheets", "assets/images", "sitemap.xml")
#: A page that only the navigation needs: of an empty template, mkdocs makes nothing.
STAND_IN: Final = "---\ntemplate: stand-in.html\n---\n"


class SiteError(Exception):
    """The site engine refused the pages; the message is in French."""


class Rendered(NamedTuple):
    """The digest of each file that mkdocs makes, by path; how many pages it had to make again."""

    files: dict[str, str]
    renewed: int


def load(config: Path) -> None:
    """Load mkdocs and what the settings name, which takes as long as a few pages."""
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    import_module("mkdocs.commands.build")
    with _warnings(), suppress(MkDocsException):  # whoever makes the pages will tell
        load_config(str(config))


def render(config: Path, pages: Mapping[str, str], store: Store, memo: Memo) -> Rendered:
    """Make the pages that changed, and the theme's own files.

    `pages`: digest of each Markdown page, by its path without extension; the store has the page.
    Raises SiteError when mkdocs fails or warns: a warning is a broken link or a lost page.
    """
    engine = _engine_id(config)
    before: dict[str, tuple[str, str]] = memo.known("html", engine) or {}
    html = {path: done for path, (page, done) in before.items() if pages.get(path) == page}
    theme: dict[str, str] | None = memo.known("theme", engine)
    missing = {path: page for path, page in pages.items() if path not in html}
    if missing or theme is None:
        made = _made(config, missing, store, whole=theme is None)
        html |= {path: made.pop(f"{path}.html") for path in missing}
        if theme is None:
            theme = made
            memo.learn("theme", theme, engine)
    memo.learn("html", {path: (page, html[path]) for path, page in pages.items()}, engine)
    return Rendered({f"{path}.html": done for path, done in html.items()} | theme, len(missing))


def _engine_id(config: Path) -> str:
    """Identify what makes a page of its Markdown: mkdocs, its settings, the theme."""
    theme = config.parent / "builder/theme"
    files = (path for path in theme.rglob("*") if path.is_file())
    packages = ("mkdocs", "mkdocs-material", "markdown", "jinja2")
    also = config.read_bytes() + os.environ.get("SITE_URL", "").encode()
    return fingerprint(files, theme, packages, also)


def _made(config: Path, pages: Mapping[str, str], store: Store, *, whole: bool) -> dict[str, str]:
    """Run mkdocs on some pages; give the digest of all that it makes, by path.

    `whole` asks for the theme's own files too.
    """
    count = max(1, -(-len(pages) // PAGES), min(workers.WORKERS, len(pages) // FEW))
    paths = [*pages]
    parts = [paths[number::count] for number in range(count)]
    with tempfile.TemporaryDirectory(prefix="engine-") as name:
        folders = [Path(name, str(number)) for number in range(len(parts))]
        for folder, part in zip(folders, parts, strict=True):
            store.fill(folder / "docs", {f"{path}.md": pages[path] for path in part})
        if len(parts) == 1:
            run_mkdocs(config, folders[0] / "docs", folders[0] / "site", whole=whole)
        else:
            _run_apart(config, folders, whole=whole)
        return {
            file.relative_to(folder / "site").as_posix(): store.add(file.read_bytes())
            for folder, part in zip(folders, parts, strict=True)
            for file in _wanted(folder / "site", part)
        }


def _wanted(site: Path, paths: Iterable[str]) -> Iterator[Path]:
    """Yield the pages that were asked for, and the theme's own files."""
    unused = tuple(str(site / name) for name in UNUSED)
    pages = {site / f"{path}.html" for path in paths} | {site / "404.html"}
    for file in sorted(path for path in site.rglob("*") if path.is_file()):
        if (file in pages or file.suffix != ".html") and not str(file).startswith(unused):
            yield file


def _run_apart(config: Path, folders: Iterable[Path], *, whole: bool) -> None:
    """Run mkdocs in processes of its own, as many at once as there are processors.

    The theme's own files are made with the first pages only.
    """
    shares = [
        [str(config.absolute()), str(folder.absolute()), whole and not number]
        for number, folder in enumerate(folders)
    ]
    try:
        faults = [said for said in workers.share("builder.engine", shares) if said]
    except workers.WorkerError as error:
        raise SiteError("mkdocs s'est arrêté avant la fin.") from error
    if faults:
        raise SiteError("\n".join(dict.fromkeys("\n".join(faults).splitlines())))


def run_mkdocs(config: Path, tree: Path, output: Path, *, whole: bool = True) -> None:
    """Turn a folder of Markdown into HTML, in this process; `whole` with the theme's own files.

    Raises SiteError when mkdocs fails or warns.
    """
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    with durable.naming(output), _warnings() as warnings:
        try:
            settings = load_config(str(config), docs_dir=str(tree), site_dir=str(output))
            settings.markdown_extensions.append("builder.raw_html")
            for name in _named(settings.nav):
                if not (tree / name).exists():
                    (tree / name).parent.mkdir(parents=True, exist_ok=True)
                    (tree / name).write_text(STAND_IN, encoding="utf-8")
            _prepare(settings.theme, whole=whole)
            build(settings)
        except MkDocsException as error:
            raise SiteError(f"mkdocs s'est arrêté : {error}") from error
    if warnings:
        raise SiteError("mkdocs a trouvé des fautes :\n" + "\n".join(warnings))


def _prepare(theme: Theme, *, whole: bool) -> None:
    """Have mkdocs take up compiled templates.

    Unless `whole`, have it neither look for ten thousand icons nor make pages not asked for.
    """
    environment = theme.get_env()
    environment.bytecode_cache = Compiled()
    theme.get_env = lambda: environment  # type: ignore[method-assign]
    if not whole:
        environment.list_templates = lambda *_, **__: []  # type: ignore[method-assign]
        theme.static_templates.clear()


def _named(nav: Any) -> Iterator[str]:
    """Yield the pages that the navigation names."""
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, (list, dict)):
        for item in nav.values() if isinstance(nav, dict) else nav:
            yield from _named(item)


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """Collect what mkdocs warns of, and keep it from the terminal."""
    collected: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: collected.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("mkdocs")
    before = logger.propagate, logger.level
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield collected
    finally:
        logger.removeHandler(handler)
        logger.propagate = before[0]
        logger.setLevel(before[1])


def _work(share: tuple[str, str, bool]) -> str:
    """Run mkdocs on the folder `docs` of a folder; say what fails."""
    config, folder, whole = Path(share[0]), Path(share[1]), share[2]
    try:
        run_mkdocs(config, folder / "docs", folder / "site", whole=whole)
    except SiteError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    worker.serve(_work)
