"""The whole build, from the folder of YAML to the folder of the site."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, cast

from builder import (
    archive,
    browser_workshop,
    disclosure,
    durable,
    engine,
    form,
    hosting,
    press,
    privacy,
    sheet_cache,
    site,
    stamps,
)
from builder.archive import Last, add_archive
from builder.browser_data import browser_data
from builder.browser_index import scripts
from builder.checks import check
from builder.clock import build_time
from builder.digest import add_digest
from builder.downloads import ARCHIVE, Download
from builder.exports import NO_PIECE, Export, Table, carried, exports, tables
from builder.findable import findable
from builder.fingerprint import PACKAGE, code, fingerprint, python_code
from builder.handouts import Handout, sets
from builder.known import FOLDER as KNOWN
from builder.known import Known
from builder.library import Library, assemble, entries_of
from builder.library_rules import Content
from builder.licences import texts
from builder.memo import Memo
from builder.model import file_of
from builder.news import FEED, check_news, feed, read_news
from builder.offline import add_worker
from builder.pages import drafts
from builder.pieces import Places, Text, cut_points
from builder.pinned import LOCK
from builder.problems import Problem, has_errors
from builder.reading import WORK, Reading, read
from builder.revision import revision
from builder.sbom import bill
from builder.schemas import schema_files, titles
from builder.sheet_cache import FOLDER as SHEETS
from builder.store import SpoiltError, Store
from builder.workers import WORKERS

#: Called with the name of each stage of a build as it begins.
Progress = Callable[[str], None]


class Checked(NamedTuple):
    """The library, and every problem of its files in order of place."""

    library: Library
    problems: tuple[Problem, ...]


def examine(root: Path) -> Checked:
    """Read and check everything below `root`."""
    before = Known(root, root / WORK, stamps.stamps(root))
    return _examined(root, before, remember=before.begun)[1]


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Make many objects that stay, without looking again and again for some that do not."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.freeze()  # to the oldest generation: those of the youngest are looked at at once
            gc.unfreeze()
            gc.enable()


@_without_collecting()
def _examined(root: Path, before: Known, *, remember: bool) -> tuple[Reading, Checked]:
    """Read and check what was not known before; remember what had no fault."""
    reading = read(root, before)
    library = assemble(reading)
    problems = check(Content(reading, library))
    faulty = {problem.file for problem in reading.problems}
    if remember:
        before.save(
            (entry for entry in reading.entries if file_of(entry) not in faulty),
            reading.ids,
            reading.digests,
            {problem.file for problem in problems},
        )
    return reading, Checked(library, (*problems, *check_news(root)))


class Built(NamedTuple):
    """What a build made; `written` is None when errors forbade it.

    `changed` names the entries that changed since they were read: the site is that of before.
    `late` is how many handouts are still those of the build before.
    """

    checked: Checked
    written: site.Written | None
    changed: tuple[str, ...] = ()
    late: int = 0


@_without_collecting()
def build(root: Path, progress: Progress, *, hurried: bool = False) -> Built:
    """Build `root/site`. Any error leaves the last site as it was.

    A `hurried` build leaves the handouts that changed as they were, unless an entry has gone, for
    the next build to print: that takes longer than all the rest.

    Raises SiteError when the site engine refuses the pages, PrintError when a handout cannot be
    printed, UnsteadyError when what it is made of changes meanwhile, OSError when a disk cannot be
    written. Only one build at a time may run in a folder: see `lock`.
    """
    (root / WORK).mkdir(exist_ok=True)
    durable.sweep(root / WORK / name for name in ("", KNOWN, SHEETS))
    site.recover(root / WORK, root / "site")
    progress("Lecture et vérification")
    try:
        with (
            press.printing(root / WORK / SHEETS, ahead=not hurried) as printing,
            ThreadPoolExecutor(WORKERS) as aside,
        ):
            (reading, checked), read_then = stamps.steadily(
                root, lambda seen: _examined(root, Known(root, root / WORK, seen), remember=True)
            )
            if has_errors(checked.problems):
                return Built(checked, None)
            given = root, checked, reading.digests, read_then, progress
            return _make(*given, printing, aside, hurried=hurried)
    except SpoiltError:  # by a power cut, or a disk: all is made again, once this holds no file
        pass
    for name in ("store", SHEETS):
        shutil.rmtree(root / WORK / name, ignore_errors=True)
    with press.printing(root / WORK / SHEETS) as printing, ThreadPoolExecutor(WORKERS) as aside:
        return _make(*given, printing, aside, hurried=hurried)


def _make(
    root: Path,
    checked: Checked,
    digests: Mapping[str, str],
    read_then: stamps.Stamps,
    progress: Progress,
    printing: press.Printing,
    aside: Executor,
    *,
    hurried: bool,
) -> Built:
    """Make what changed, put the site together aside, and put it in place once it is complete."""
    library, work, config = checked.library, root / WORK, root / "mkdocs.yml"
    cache = work / SHEETS
    store = Store(work / "store")
    memo = Memo(work / "memo.json", store, library, digests, _basis(config))
    progress("Feuilles à imprimer")
    orders, missing, late = _ordered(library, site.address(config), memo, cache, hurried=hurried)
    wait = printing(missing)  # meanwhile, all that says nothing of the sheets
    known = revision(root)
    made, news = build_time(known), read_news(root)
    downloads, written = _exports(library, memo, store, digests, aside)
    beside = [_given(store, file) for file in (*_beside(root, feed(news, made)), bill(made))]
    downloads += _offered(beside)
    files = _read_by_programs(root, library, memo, store, made)
    wait(partial(engine.load, config))
    printed = press.delivered(orders, cache)
    progress("Pages")
    pages = {
        draft.path: _kept(memo, store, f"page {draft.path}", draft.write, draft.beside)
        for draft in drafts(library, printed, news, downloads)
    }
    store.fill(work / "docs", {f"{path}.md": one for path, one in pages.items()})
    progress("Site")
    rendered = engine.render(config, pages, store, memo)
    given = [*written(), *beside]
    files |= rendered.files | {path: digest for path, _, _, digest, _ in given}
    needed = {*files.values(), *pages.values()}  # the rest follows from them
    progress("Archive")
    cuts = {path: cut_points(places) for path, *_, places in given}
    for path, file, digest in press.files(printed, cache):
        files[path] = store.lend(file, digest)
    add_digest(files, store, known)  # of all that the zip and the worker leave alone
    fresh = site.begin(work)
    zip_ = fresh.with_suffix(".zip")
    try:
        packed = archive.packed(memo.known("archive", archive.how()))
        with closing(Last(root / "site" / ARCHIVE, packed)) as last:
            zipped = add_archive(files, store, made, zip_, cuts, last)
        memo.learn("archive", archive.noted(zipped), archive.how())
        add_worker(files, store)  # last: it knows all the others
        store.fill(fresh, files)
        zip_.rename(fresh / ARCHIVE)
        changed = stamps.changes(read_then, stamps.stamps(root))
        stamps.refuse_late(changed)
        site.replace(fresh, root / "site")
        site.spare(fresh, partial(store.strip, files=files))
    except BaseException:
        site.discard(zip_)
        site.discard(fresh)
        raise
    sheet_cache.forget(cache, {one.key for one in printed})
    memo.save(needed)
    return Built(checked, site.Written(len(pages), rendered.renewed), changed, late)


def _read_by_programs(
    root: Path, library: Library, memo: Memo, store: Store, made: datetime
) -> dict[str, str]:
    """Make what the pages' scripts, text editors and hosts read; give digests by path."""
    files = {
        path: _kept(memo, store, f"script {path}", write, beside)
        for path, write, beside in _scripts(library, root / "mkdocs.yml")
    }
    files |= _told(memo, store, "schemas", titles, lambda: schema_files(titles(library)))
    for path, text in (*texts(), *_for_hosts(root, made)):
        files[path] = store.add(text.encode())
    return files | _told(
        memo,
        store,
        "search",
        lambda seen: ([*findable(seen)], seen.vocabulary),
        lambda: scripts([*findable(library)], library.vocabulary),
    )


def _basis(config: Path) -> str:
    """Identify what everything is made with: this package, and the settings of the site."""
    packages = ("jinja2", "pydantic", "snowballstemmer", "whoosh-reloaded", "zxing-cpp")
    also = config.read_bytes() + LOCK.read_bytes()
    return fingerprint(code(".jinja", ".typ"), PACKAGE, packages, python_code().encode() + also)


def _kept(
    memo: Memo, store: Store, name: str, write: Callable[[Library], str], beside: str = ""
) -> str:
    """Give the digest of a text, written again only if it would not be the same."""
    return memo.recall(name, lambda library: store.add(write(library).encode()), beside)


def _ordered(
    library: Library, address: str, memo: Memo, cache: Path, *, hurried: bool
) -> tuple[list[press.Order], dict[str, dict[str, str]], int]:
    """Order all the handouts; give those to print, and how many wait when it is `hurried`."""
    orders: list[press.Order] = []
    missing: set[str] = set()
    inputs: dict[str, dict[str, str]] = {}
    printer = press.identity()

    def take(make: Callable[[Library], Iterable[Handout]], seen: Library) -> list[press.Order]:
        found, read = press.order(make(seen), printer)
        inputs.update(read)
        return found

    for name, make in sets(library, address):
        beside = address + printer
        found = [press.Order(*it) for it in memo.recall(name, partial(take, make), beside)]
        orders += found
        missing.update(press.missing(found, cache))
        if not inputs.keys() >= missing:
            take(make, library)  # the press lost what it had printed
    gone = _gone(library, memo)
    late = _held(missing, orders, memo, cache) if hurried and not gone else {}
    orders = [late.get(one.path, one) for one in orders]
    memo.learn("printed", orders)
    wanted = missing & {one.key for one in orders}
    return orders, {key: inputs[key] for key in wanted}, len(late)


def _gone(library: Library, memo: Memo) -> bool:
    """Tell whether an entry left since the build before: no old sheet may keep its words."""
    present = [f"{kind}/{id_}" for kind, of in entries_of(library).items() for id_ in of]
    before = memo.known("present") or []
    memo.learn("present", present)
    return not {*before} <= {*present}


def _held(
    missing: Container[str], orders: Iterable[press.Order], memo: Memo, cache: Path
) -> dict[str, press.Order]:
    """Give the order of the build before for what is missing now, by its path."""
    before = [press.Order(*one) for one in memo.known("printed") or ()]
    lost = {*press.missing(before, cache)}
    held = {one.path: one for one in before if one.key not in lost}
    return {it.path: held[it.path] for it in orders if it.key in missing and it.path in held}


#: A file that people may take away: path, title, bytes, digest, places of its pieces.
_Given = tuple[str, str, int, str, Places]


def _given(store: Store, file: Export) -> _Given:
    return file.path, file.title, file.size, store.add(*file.runs), file.places


def _offered(given: Iterable[_Given]) -> list[Download]:
    return [Download(path, title, size) for path, title, size, *_ in given]


def _table_given(store: Store, memo: Memo, table: Table) -> _Given:
    """Give a table, made again only if it would not be the same."""

    def make(library: Library) -> tuple[int, str]:
        content = table.make(library)
        return len(content), store.add(content)

    size, digest = memo.recall(f"table {table.path}", make)
    return table.path, table.title, size, digest, NO_PIECE


def _exports(
    library: Library, memo: Memo, store: Store, digests: Mapping[str, str], aside: Executor
) -> tuple[list[Download], Callable[[], list[_Given]]]:
    """Make the data to take away, which all of the content is in; give how to wait for it.

    It is hashed and written `aside`, in a few long steps, which keep nobody waiting.
    """
    rest = [_table_given(store, memo, table) for table in tables()]
    content = repr(sorted(digests.items()))
    if known := memo.known("exports", content):
        given = [*cast(list[_Given], known), *rest]
        return _offered(given), lambda: given
    last = {path: (digest, places) for path, _, _, digest, places in memo.last("exports") or ()}

    def before(path: str) -> Text:
        if path not in last:
            return Text()
        digest, places = last[path]
        return Text(store.view(digest), places)

    made = exports(library, before, lambda entry: digests[file_of(entry)])
    adding = [
        (Download(file.path, file.title, file.size), aside.submit(_given, store, file))
        for file in made
    ]
    adding = adding[-1:] + adding[:-1]  # the whole guide is made last, and offered first

    def written() -> list[_Given]:
        given = [one.result() for _, one in adding]
        memo.learn("exports", given, content)
        return [*given, *rest]

    return [*(one for one, _ in adding), *_offered(rest)], written


def _beside(root: Path, news: str) -> Iterator[Export]:
    """Yield the files to take away that are not made from the library."""
    yield Export(FEED, "Nouveautés, à suivre dans un lecteur de fils", (news.encode(),))
    yield from carried(root)


def _scripts(library: Library, config: Path) -> Iterator[tuple[str, Callable[[Library], str], str]]:
    """Yield what the pages' scripts read: where it stands, how to write it, what else it needs."""
    to = form.sending(config)
    yield "assets/workshop-data.js", browser_workshop.script, ""
    yield "assets/privacy-rules.js", lambda seen: privacy.script(seen.names), ""
    yield "assets/form-model.js", partial(form.script, to=to), repr(to)
    yield from ((path, write, "") for path, write in browser_data(library))


def _told(
    memo: Memo,
    store: Store,
    name: str,
    tell: Callable[[Library], object],
    write: Callable[[], Iterable[tuple[str, str]]],
) -> dict[str, str]:
    """Write files again only if what is told for them is not the same: most edits change none."""
    told = memo.recall(f"told {name}", lambda it: fingerprint((), also=repr(tell(it)).encode()))

    def make(_: Library) -> dict[str, str]:
        return {path: store.add(text.encode()) for path, text in write()}

    return memo.recall(name, make, told)


def _for_hosts(root: Path, made: datetime) -> Iterator[tuple[str, str]]:
    """Yield what hosts and researchers read: headers, and whom to tell of a flaw."""
    yield from hosting.host_files()
    told = disclosure.security_txt(disclosure.disclosure(root / "mkdocs.yml"), made)
    if told:
        yield disclosure.PLACE, told
