"""What is new: read from CHANGELOG.md, shown on a page, and given as an Atom feed."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from html import escape
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree as Xml

from builder.parsing import decode
from builder.problems import FAULTS, Problem
from builder.reading import content_of
from builder.typography import french

FILE: Final = "CHANGELOG.md"
FEED: Final = "nouveautes.xml"
PAGE: Final = "nouveautes.html"
TITLE: Final = "Une fois où… – Nouveautés"
#: What people read for what no release has taken in yet.
PENDING: Final = "Depuis la dernière édition"

_UNRELEASED: Final = "## À paraître"
_RELEASE: Final = re.compile(r"## (?P<version>\S+) – (?P<date>\d{4}-\d{2}-\d{2})")
#: What ends the last section.
_LAST: Final = "### "
_ADVICE: Final = (
    "écrivez « ## À paraître » ou « ## 1.0.0 – 2027-01-31 », puis « ### Récits », "
    "puis une ligne « - … » par nouveauté, la suite juste dessous, en retrait de deux espaces"
)
#: A namespace of our own, so that the feed's names never change with an address.
_NAMES: Final = uuid.UUID("7b0f6f0e-3c1b-5a52-9c7e-5d0c8a1f4e17")


class Section(NamedTuple):
    """What is new for one kind of entry."""

    title: str
    items: tuple[str, ...]


class Release(NamedTuple):
    """One release; without version and date, what waits for the next."""

    version: str | None
    date: datetime.date | None
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """Name the release as people read it."""
        return f"Édition {self.version}" if self.version else PENDING


def read_news(root: Path) -> tuple[Release, ...]:
    """Read the releases of a guide, the newest first; none without a changelog."""
    return tuple(releases(_text(root)[0]))


def check_news(root: Path) -> tuple[Problem, ...]:
    """List what of the changelog would be lost on the page."""
    text, unread = _text(root)
    return (*unread, *islice(faults(text), FAULTS))


def _text(root: Path) -> tuple[str, list[Problem]]:
    """Give the changelog, nothing when there is none, and what keeps it from being read."""
    with suppress(PermissionError):  # then reading tells it
        if not (root / FILE).is_file():
            return "", []
    content, problems = content_of(FILE, root / FILE)
    if content is None:
        return "", problems
    text, problems = decode(FILE, content)
    return text or "", problems


def releases(text: str) -> Iterator[Release]:
    """Yield each `## ` part: `### ` parts, each a list. A part that waits and is empty is left."""
    for part in re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        released, sections = _released(head), tuple(_sections(body))
        if released:
            yield Release(*released, sections)
        elif sections:
            yield Release(None, None, sections)


def _released(head: str) -> tuple[str, datetime.date] | None:
    """Give the version and the date of a release's title; None if it has not both."""
    found = _RELEASE.fullmatch(head)
    try:
        return (found["version"], datetime.date.fromisoformat(found["date"])) if found else None
    except ValueError:
        return None


def faults(text: str) -> Iterator[Problem]:
    """journal: below its first title, the changelog is made of releases, sections and lists."""
    place = ""  # what the lines before have opened: a release, a section, an item, a list
    section = 0  # the line of the last section
    named: set[str] = set()
    for number, line in enumerate([*text.split("\n"), _LAST], 1):
        if line.startswith(("## ", "### ")) and place == "section":
            yield _fault(section, "cette section ne dit rien de neuf")
        if line.startswith("## "):
            place = "release"
            version, date = _released(line) or (None, None)
            if line != _UNRELEASED and not version:
                yield _fault(number, f"titre d'édition « {line[3:]} »")
                continue
            name = anchor(Release(version, date, ()))
            if name in named:
                advice = "réunissez les deux, ou changez le numéro de l'une"
                yield _fault(number, f"l'édition « {line[3:]} » est déjà plus haut", advice)
            named.add(name)
        elif line.startswith("### ") and place:
            place, section = "section", number
        elif line.startswith("- ") and place in ("section", "item", "list"):
            place = "item"
            if not line[2:].strip():
                yield _fault(number, "cette nouveauté ne dit rien")
        elif place == "item" and not line.strip():
            place = "list"  # what goes on after an empty line belongs to no item
        elif place and line.strip() and not (line.startswith("  ") and place == "item"):
            yield _fault(number, f"cette ligne n'est dans aucune liste : « {line[:40]} »")


def _fault(line: int, message: str, advice: str = _ADVICE) -> Problem:
    return Problem(FILE, line, 1, "journal", "error", message, advice)


def _sections(body: str) -> Iterator[Section]:
    for part in re.split(r"^### ", body, flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        items = re.findall(r"^- (.+(?:\n  .+)*)", rest, flags=re.MULTILINE)
        yield Section(title.strip(), tuple(" ".join(item.split()) for item in items))


def feed(news: Iterable[Release], built: datetime.datetime) -> str:
    """Give the feed (RFC 4287). What waits for a release is dated of the build."""
    root = Xml.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "fr-CA"})
    dated = [(release, _moment(release, built)) for release in news]
    _add(root, "title", TITLE)
    _add(root, "id", _name("nouveautes"))
    _add(root, "updated", max((moment for _, moment in dated), default=built).isoformat())
    _add(root, "link", rel="self", type="application/atom+xml", href=FEED)
    _add(root, "link", rel="alternate", type="text/html", href=PAGE)
    _add(_add(root, "author"), "name", "Une fois où…")
    for release, moment in dated:
        _entry(root, release, moment)
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _entry(root: Xml.Element, release: Release, moment: datetime.datetime) -> None:
    entry = _add(root, "entry")
    _add(entry, "title", french(release.title))
    _add(entry, "id", _name(release.version or "en-cours"))
    _add(entry, "updated", moment.isoformat())
    _add(entry, "link", rel="alternate", type="text/html", href=f"{PAGE}#{anchor(release)}")
    _add(entry, "content", "".join(map(_html, release.sections)), type="html")


def anchor(release: Release) -> str:
    """Name the place of a release on the page."""
    return "edition-" + re.sub(r"[^a-z0-9]+", "-", (release.version or "en-cours").lower())


def _html(section: Section) -> str:
    items = "".join(f"<li>{escape(french(item))}</li>" for item in section.items)
    return f"<h2>{escape(french(section.title))}</h2><ul>{items}</ul>"


def _moment(release: Release, built: datetime.datetime) -> datetime.datetime:
    if not release.date:
        return built
    return datetime.datetime.combine(release.date, datetime.time(12), datetime.UTC)


def _name(what: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMES, what)}"


def _add(parent: Xml.Element, tag: str, text: str | None = None, **attributes: str) -> Xml.Element:
    child = Xml.SubElement(parent, tag, attributes)
    child.text = text
    return child
