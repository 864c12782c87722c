"""The whole build, from the folder of YAML to the folder of the site."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from builder import browser_workshop, disclosure, form, hosting, press, privacy, search, site
from builder.archive import add_archive
from builder.browser_data import browser_data
from builder.browser_index import script
from builder.checks import Content, check
from builder.clock import build_time
from builder.downloads import Download
from builder.exports import Export, carried, exports
from builder.findable import findable
from builder.handouts import handouts
from builder.library import Library, assemble
from builder.news import FEED, check_news, feed, read_news
from builder.offline import add_worker
from builder.pages import pages
from builder.problems import Problem, has_errors
from builder.reading import WORK, read
from builder.schemas import schema_files

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
    problems = (*check(Content(reading, library)), *check_news(root))
    return Checked(library, problems)


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
    made, news = build_time(root), read_news(root)
    progress("Pages")
    tree = work / "docs"
    files = (
        *exports(library),
        Export(FEED, "Nouveautés, à suivre dans un lecteur de fils", feed(news, made)),
        *carried(root),
    )
    downloads = tuple(Download(it.path, it.title, len(it.text.encode())) for it in files)
    written = site.write(tree, pages(library, printed, news, downloads))
    progress("Site")
    fresh = Path(tempfile.mkdtemp(prefix="site-", dir=work))
    try:
        site.run_mkdocs(root / "mkdocs.yml", tree, fresh)
        site.finish(fresh)
        progress("Recherche")
        for path, text in _scripts(library, form.sending(root / "mkdocs.yml")):
            site.add(fresh, path, text)
        for file in files:
            site.add(fresh, file.path, file.text)
        for path, text in schema_files(library):
            site.add(fresh, path, text)
        for path, text in _for_hosts(root, made):
            site.add(fresh, path, text)
        press.deliver(printed, work / "handouts", fresh)
        press.picture(printed, work / "handouts", fresh)
        progress("Archive")
        add_archive(fresh, made)
        add_worker(fresh)  # last: it hashes what everything before has written
        fresh.chmod(0o755)
        site.replace(fresh, output)
        press.forget(printed, work / "handouts")
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return written


def _scripts(library: Library, sending: form.Sending) -> Iterator[tuple[str, str]]:
    """Yield what the pages' scripts read: where it stands, and its text."""
    yield "assets/search-index.js", script(search.build(findable(library), library.vocabulary))
    yield "assets/workshop-data.js", browser_workshop.script(library)
    yield "assets/privacy-rules.js", privacy.script(library.names)
    yield "assets/form-model.js", form.script(library, sending)
    yield from browser_data(library)


def _for_hosts(root: Path, made: datetime) -> Iterator[tuple[str, str]]:
    """Yield what hosts and researchers read: headers, and whom to tell of a flaw."""
    yield from hosting.host_files()
    told = disclosure.security_txt(disclosure.disclosure(root / "mkdocs.yml"), made)
    if told:
        yield disclosure.PLACE, told
