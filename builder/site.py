"""Writes the site: the pages' Markdown, files into a fresh folder, and that folder into place."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from builder import durable
from builder.engine import SiteError
from builder.settings import settings
from builder.store import Store


class Written(NamedTuple):
    """How many Markdown pages there are, and how many of them changed."""

    pages: int
    changed: int


class Placed(NamedTuple):
    """A file where a build put it: the digest, and what shows that nobody touched it since."""

    digest: str
    written: int
    size: int
    number: int


#: What a build put in a folder, by path.
Standing = dict[str, Placed]


def placed(file: str, digest: str) -> Placed:
    """Note a file that was just written."""
    of = os.lstat(file)
    return Placed(digest, of.st_mtime_ns, of.st_size, of.st_ino)


def stands(file: str, digest: str, before: Placed) -> bool:
    """Tell whether a file has this digest, being as it was put there."""
    try:
        return before.digest == digest and placed(file, digest) == before
    except OSError:
        return False


def standing(noted: Mapping[str, Sequence[Any]] | None) -> Standing:
    """Take up what was noted of a folder, if anything was."""
    return {path: Placed(*one) for path, one in (noted or {}).items()}


def write(tree: Path, pages: Mapping[str, str], store: Store, before: Standing) -> Standing:
    """Bring a Markdown tree up to date: write only what changed, delete what is no longer.

    `pages`: digest of each page, by its path without extension; `before`: what the tree held.
    """
    tree.mkdir(parents=True, exist_ok=True)
    now: Standing = {}
    for name, digest in pages.items():
        file, known = f"{tree}/{name}.md", before.get(name)
        if known and stands(file, digest, known):
            now[name] = known
        else:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            now[name] = _copied(digest, store, file)
    for path in {*tree.rglob("*.md")} - {tree / f"{name}.md" for name in now}:
        path.unlink()
    return now


def deliver(
    files: Mapping[str, str], store: Store, site: Path, before: Standing, fresh: Path
) -> Standing:
    """Put every file of a site into a fresh folder; give what was put there.

    `files` are their digests, by path. What stands in the site as the last build put it there is
    not written again: it gets a second name, and the first one goes with the old site.
    """
    now: Standing = {}
    for folder in sorted({path.rpartition("/")[0] for path in files}):
        (fresh / folder).mkdir(parents=True, exist_ok=True)
    for path, digest in files.items():
        old, new, known = f"{site}/{path}", f"{fresh}/{path}", before.get(path)
        if known and stands(old, digest, known) and _named_too(old, new):
            now[path] = known
        else:
            now[path] = _copied(digest, store, new)
    return now


def _copied(digest: str, store: Store, file: str) -> Placed:
    durable.fresh(Path(file), store.read(digest))
    return placed(file, digest)


def _named_too(old: str, new: str) -> bool:
    """Give a file a second name; False where the disk cannot."""
    try:
        os.link(old, new)
    except OSError:
        return False
    return True


def address(config: Path) -> str:
    """Give the address where the site is published, with its final slash, or nothing."""
    url = str(settings(config).get("site_url") or "")
    return f"{url.rstrip('/')}/" if url else ""


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
