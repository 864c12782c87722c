"""Writes the site: the pages' Markdown, files into a fresh folder, and that folder into place."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from builder.engine import SiteError
from builder.settings import settings
from builder.store import Store, stamp


class Written(NamedTuple):
    """How many Markdown pages there are, and how many of them changed."""

    pages: int
    changed: int


def write(tree: Path, pages: Mapping[str, str], store: Store) -> int:
    """Bring a Markdown tree up to date: write what changed, delete what is no longer.

    `pages`: digest of each page, by its path without extension. Gives how many were written.
    """
    tree.mkdir(parents=True, exist_ok=True)
    missing = {f"{name}.md": digest for name, digest in pages.items()}
    for folder, _, names in os.walk(tree):
        for file in (f"{folder}/{name}" for name in names):
            path = file.removeprefix(f"{tree}/")
            if path in missing and stamp(file) == store.stamp(missing[path]):
                del missing[path]
            else:
                Path(file).unlink()
    store.fill(tree, missing)
    return len(missing)


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
