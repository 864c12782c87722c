"""Builds the site: pages to Markdown, Markdown to HTML, and only then in place of the last one."""

from __future__ import annotations

import ctypes
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from builder.pages import Page

#: Files of the theme that no page of this guide mentions.
UNUSED_ASSETS: Final = ("assets/javascripts", "assets/stylesheets", "assets/images")


class SiteError(Exception):
    """The site engine refused the pages; the message is in French."""


class Written(NamedTuple):
    """How many Markdown pages there are, and how many of them changed."""

    pages: int
    changed: int


def write(tree: Path, pages: Iterable[Page]) -> Written:
    """Bring a Markdown tree up to date: write only what changed, delete what is no longer."""
    tree.mkdir(parents=True, exist_ok=True)
    wanted: set[Path] = set()
    changed = 0
    for page in pages:
        path = tree / f"{page.path}.md"
        wanted.add(path)
        content = page.markdown.encode()
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed += 1
    for path in tree.rglob("*"):
        if path.is_file() and path not in wanted:
            path.unlink()
    return Written(len(wanted), changed)


def address(config: Path) -> str:
    """Give the address where the site is published, with its final slash, or nothing."""
    from mkdocs.utils.yaml import yaml_load

    with config.open("rb") as file:
        url = str(yaml_load(file).get("site_url") or "")
    return f"{url.rstrip('/')}/" if url else ""


def run_mkdocs(config: Path, tree: Path, output: Path) -> None:
    """Turn a Markdown tree into HTML with mkdocs, in this process.

    Raises SiteError when mkdocs fails or warns: a warning is a broken link or a lost page.
    """
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    with _warnings() as warnings:
        try:
            build(load_config(str(config), docs_dir=str(tree), site_dir=str(output)))
        except MkDocsException as error:
            raise SiteError(f"mkdocs s'est arrêté : {error}") from error
    if warnings:
        raise SiteError("mkdocs a trouvé des fautes :\n" + "\n".join(warnings))


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


def finish(output: Path) -> None:
    """Leave out what mkdocs and its theme add and no page uses, or that tells the time."""
    for name in UNUSED_ASSETS:
        shutil.rmtree(output / name, ignore_errors=True)
    for name in ("sitemap.xml", "sitemap.xml.gz"):
        (output / name).unlink(missing_ok=True)


def add(output: Path, path: str, text: str) -> None:
    """Write one more file into a site that is being made."""
    (output / path).parent.mkdir(parents=True, exist_ok=True)
    (output / path).write_bytes(text.encode())


def replace(new: Path, site: Path) -> None:
    """Put a complete site in place of the last one, in one step where the system can."""
    if not site.exists():
        new.rename(site)
        return
    if not _exchange(new, site):
        aside = new.with_name("previous")
        shutil.rmtree(aside, ignore_errors=True)
        site.rename(aside)
        try:
            new.rename(site)
        except BaseException:
            aside.rename(site)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(new, ignore_errors=True)


def recover(work: Path, site: Path) -> None:
    """Mend what a killed build left: bring the last site back, clear half-made ones.

    Raises SiteError when what has the name of the site is not a folder that it can replace.
    """
    if site.is_symlink() or (site.exists() and not site.is_dir()):
        raise SiteError(f"« {site.name} » n'est pas un dossier : déplacez-le, puis recommencez.")
    if not site.exists() and (work / "previous").is_dir():
        (work / "previous").rename(site)
    for left in work.glob("site-*"):
        shutil.rmtree(left, ignore_errors=True)
    shutil.rmtree(work / "previous", ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically (Linux's renameat2); False where the system cannot."""
    at_fdcwd, rename_exchange = -100, 2
    try:
        renameat2: Callable[..., int] = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    return not renameat2(at_fdcwd, os.fsencode(one), at_fdcwd, os.fsencode(other), rename_exchange)
