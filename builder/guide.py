"""The whole build, from the folder of YAML to the folder of the site."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from builder import browser_workshop, form, press, privacy, search, site
from builder.browser_index import script
from builder.checks import Content, check
from builder.exports import exports
from builder.findable import findable
from builder.handouts import handouts
from builder.library import Library, assemble
from builder.pages import pages
from builder.problems import Problem, has_errors
from builder.reading import WORK, read

#: Called with the name of each stage of a build as it begins.
Progress = Callable[[str], None]


class Checked(NamedTuple):
    """The library, and every problem of its files in order of place."""

    library: Library
    problems: tuple[Problem, ...]


def examine(root: Path) -> Checked:
    """Read and check everything below `root`."""
    reading = read(root)
    library = assemble(reading)
    return Checked(library, check(Content(reading, library)))


class Built(NamedTuple):
    """What a build made; `written` is None when errors forbade it."""

    checked: Checked
    written: site.Written | None


def build(root: Path, progress: Progress) -> Built:
    """Build `root/site`. Any error leaves the last site as it was.

    Raises SiteError when the site engine refuses the pages, PrintError when a handout cannot be
    printed, OSError when a disk cannot be written.
    """
    (root / WORK).mkdir(exist_ok=True)
    site.recover(root / WORK, root / "site")
    progress("Lecture et vérification")
    checked = examine(root)
    if has_errors(checked.problems):
        return Built(checked, None)
    gc.freeze()  # what was read stays: collections need not look it over again and again
    try:
        return Built(checked, _make(root, checked.library, progress))
    finally:
        gc.unfreeze()  # while serving, a library that was replaced must go


def _make(root: Path, library: Library, progress: Progress) -> site.Written:
    """Write the pages, make the site aside, and put it in place once it is complete."""
    work, output = root / WORK, root / "site"
    progress("Feuilles à imprimer")
    printed = press.press(handouts(library, site.address(root / "mkdocs.yml")), work / "handouts")
    progress("Pages")
    tree = work / "docs"
    written = site.write(tree, pages(library, printed))
    progress("Site")
    fresh = Path(tempfile.mkdtemp(prefix="site-", dir=work))
    try:
        site.run_mkdocs(root / "mkdocs.yml", tree, fresh)
        site.finish(fresh)
        progress("Recherche")
        index = search.build(findable(library), library.vocabulary)
        site.add(fresh, "assets/search-index.js", script(index))
        site.add(fresh, "assets/workshop.js", browser_workshop.script(library))
        site.add(fresh, "assets/privacy-rules.js", privacy.script(library.names))
        to = form.sending(root / "mkdocs.yml")
        site.add(fresh, "assets/form-model.js", form.script(library, to))
        for export in exports(library):
            site.add(fresh, export.path, export.text)
        press.deliver(printed, work / "handouts", fresh)
        press.picture(printed, work / "handouts", fresh)
        fresh.chmod(0o755)
        site.replace(fresh, output)
        press.forget(printed, work / "handouts")
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return written
