"""Remembers what was made from the library, as long as what it was made from stays the same.

`Memo.recall` gives its maker a library that notes each thing looked up in it. What was made is
kept with these notes; the next build asks whether the same look-ups would find the same entries,
by the digests of their files. So a page is made again when an entry that it shows has changed, and
nobody has to say which entries these are. Of a story, most pages show the head alone, some what
shows ingredients at work: the library given notes as well when more of it is asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import (
    Callable,
    Container,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    ValuesView,
)
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar, cast

from pydantic_core import from_json, to_json

from builder import durable
from builder.brief import HEAD, SHOWING, StandIn, head_digest, showing_digest
from builder.library import Library, entries_of
from builder.model import FOLDERS, SINGLE_FILES, Entry, Kind, Narrative, file_of
from builder.store import Store

J = TypeVar("J")

#: A look-up: the attribute of the library, and the key asked of it.
LookUp = tuple[str, str]
#: Stands for a key where all was asked for.
ALL: Final = "*"
#: Stand for attributes: all of a story, by its id; what of it shows ingredients at work.
_STORIES: Final = "stories"
_SHOWING: Final = "showing"
#: What the library cuts the text of each story into, by the story's id.
_OF_STORIES: Final = frozenset({"paragraphs", "passages"})
_FOLDER: Final = FOLDERS[Kind.NARRATIVE]


class _Kept(NamedTuple):
    """What was made: the places of its look-ups in their table, a digest of what else it used."""

    look_ups: list[int]
    beside: str
    value: Any


class Memo:
    """What earlier builds made, by name.

    `digests` are those of the content files, by name; `basis` identifies all else that things are
    made of: another basis forgets everything. A value is whatever JSON can write, digests of what
    stands in the store included.
    """

    def __init__(
        self, file: Path, store: Store, library: Library, digests: Mapping[str, str], basis: str
    ) -> None:
        self._file, self._store, self._basis = file, store, basis
        self._marks = _Marks(library, digests)
        self._noting = _Noting(library)
        #: The place of each look-up, by attribute and key; what each finds now, by place.
        self._table: dict[str, dict[str, int]] = {}
        self._found: list[str] = []
        #: Those that found something else before.
        self._changed: set[int] = set()
        self._before: dict[str, _Kept] = {}
        self._now: dict[str, _Kept] = {}
        self._load()

    def recall(self, name: str, make: Callable[[Library], J], beside: str = "") -> J:
        """Give what `make` gave last time, or have it make it again.

        `beside` identifies what the maker uses besides the library.
        """
        found = self.known(name, beside)
        if found is not None:
            return cast(J, found)
        value = make(cast(Library, self._noting))
        self._learn(name, self._noting.taken(), beside, value)
        return value

    def known(self, name: str, beside: str = "") -> Any:
        """Give what is remembered under a name if it would be the same today, else None."""
        kept = self._before.get(name)
        if kept is None or kept.beside != _digest(beside):
            return None
        if not self._changed.isdisjoint(kept.look_ups):
            return None
        self._now[name] = kept
        return kept.value

    def last(self, name: str) -> Any:
        """Give what the build before remembered under a name, were it no longer the same."""
        return self._before[name].value if name in self._before else None

    def learn(self, name: str, value: object, beside: str = "") -> None:
        """Remember what was made from nothing of the library."""
        self._learn(name, (), beside, value)

    def save(self, needed: Container[str]) -> None:
        """Keep what this build made or recalled, and what of the store it needs; drop the rest."""
        # Plain tuples, which take half the time to write that named ones do.
        kept = {name: tuple(one) for name, one in self._now.items()}
        noted = self._store.keep(needed)
        written = to_json([self._basis, noted, self._table, self._found, kept])
        durable.write_sealed(self._file, written)

    def _load(self) -> None:
        """Take up what the last build kept. A file that is not ours is no memory."""
        try:
            written = durable.read_sealed(self._file)
            basis, noted, table, found, kept = from_json(written, cache_strings="none")
            if self._store.trust(noted) and basis == self._basis:
                before = {name: _Kept(*one) for name, one in kept.items()}
                self._found = [*found]
                for field, places in table.items():
                    mark_of = self._marks.of(field)
                    for key, place in places.items():
                        self._found[place] = mark_of(key)
                self._changed = {
                    place
                    for place, (now, then) in enumerate(zip(self._found, found, strict=True))
                    if now != then
                }
                self._table, self._before = table, before
        except (OSError, ValueError, TypeError, AttributeError, LookupError):
            self._table, self._found, self._changed, self._before = {}, [], set(), {}
            self._store.trust({})

    def _learn(self, name: str, used: Iterable[LookUp], beside: str, value: object) -> None:
        self._now[name] = _Kept([self._place(one) for one in used], _digest(beside), value)

    def _place(self, look_up: LookUp) -> int:
        """Give the place of a look-up in the table."""
        field, key = look_up
        places = self._table.setdefault(field, {})
        if key not in places:
            places[key] = len(self._found)
            self._found.append(self._marks.of(field)(key))
        return places[key]


def _digest(text: str) -> str:
    """Digest a text; there is none, for most."""
    return text and hashlib.sha256(text.encode()).hexdigest()


#: Marks what is not there.
_NOTHING: Final = "-"


class _Marks:
    """Tells by a mark what a look-up finds: the digest of a file, or of several marks."""

    def __init__(self, library: Library, digests: Mapping[str, str]) -> None:
        self._library, self._digests = library, digests
        #: By what tells an object from all others: asked for a hundred thousand times.
        self._entries = {
            id(entry): self._entry(entry)
            for entries in entries_of(library).values()
            for entry in entries.values()
        }
        self._singles = _digest("".join(digests.get(name, _NOTHING) for name in SINGLE_FILES))

    def of(self, field: str) -> Callable[[str], str]:
        """Give how to mark what is found in an attribute, by key."""
        if field == _STORIES:
            return self._stories
        if field == _SHOWING:
            return self._showing
        found = getattr(self._library, field)
        if not isinstance(found, Mapping):
            return lambda _: self._singles
        return partial(self._within, found)

    def _stories(self, key: str) -> str:
        """Mark all of a story, or of all of them."""
        if key != ALL:
            return self._digests.get(f"{_FOLDER}/{key}.yaml", _NOTHING)
        return _digest("".join(f"{id_} {self._stories(id_)} " for id_ in self._library.narratives))

    def _showing(self, key: str) -> str:
        """Mark what of a story, or of all of them, shows ingredients at work."""
        narratives = self._library.narratives
        if key != ALL:
            return showing_digest(narratives[key]) if key in narratives else _NOTHING
        return _digest("".join(f"{id_} {self._showing(id_)} " for id_ in narratives))

    def _within(self, found: Mapping[str, object], key: str) -> str:
        """Mark what has a key, or all that there is."""
        if key != ALL:
            return self._value(found[key]) if key in found else _NOTHING
        return _digest("\0".join(f"{key}\0{self._value(value)}" for key, value in found.items()))

    def _value(self, value: object) -> str:
        """Mark an entry, or a tuple of entries; anything else is of a single file."""
        try:
            if isinstance(value, tuple):
                return _digest("".join([self._entries[id(one)] for one in value]))
            return self._entries[id(value)]
        except KeyError:
            return self._singles

    def _entry(self, entry: Entry) -> str:
        """Mark an entry, its id included; of a story, its head."""
        if isinstance(entry, Narrative):
            return head_digest(entry)
        name = file_of(entry)
        return _digest(f"{name} {self._digests[name]}")


class _Noting:
    """A library that notes what is looked up in it."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._used: set[LookUp] = set()
        stories = _Stories(self._used)
        for field in fields(library):
            value = getattr(library, field.name)
            if isinstance(value, Mapping):
                name = _SHOWING if field.name in _OF_STORIES else field.name
                noting = _NotingMap(value, name, self._used, stories)
                setattr(self, field.name, noting)

    def __getattr__(self, field: str) -> Any:
        self._used.add((field, ALL))
        return getattr(self._library, field)

    def taken(self) -> list[LookUp]:
        """Give the look-ups since the last time; those that another covers are left out."""
        whole = {field for field, key in self._used if key == ALL}
        taken = sorted(it for it in self._used if it[1] == ALL or it[0] not in whole)
        self._used.clear()
        return taken


class _Story(StandIn):
    """A story that notes when more than its head is asked for."""

    def __init__(self, story: Narrative, used: set[LookUp]) -> None:
        super().__init__({name: getattr(story, name) for name in HEAD})
        self._story, self._used = story, used

    def whole(self, asked: str) -> Narrative:
        self._used.add((_SHOWING if asked in SHOWING else _STORIES, self._story.id))
        return self._story


class _Stories:
    """The noting stories, and the lists of them, each made once."""

    def __init__(self, used: set[LookUp]) -> None:
        self._used = used
        #: By what tells an object from all others, as long as it is kept here.
        self._made: dict[int, tuple[Any, Any]] = {}

    def within(self, value: Any) -> Any:
        """Give what was looked up, its stories noting."""
        made = self._made.get(id(value))
        if made is None:
            made = self._made[id(value)] = value, self._noting(value)
        return made[1]

    def _noting(self, value: Any) -> Any:
        if isinstance(value, Narrative):
            return _Story(value, self._used)
        if isinstance(value, tuple) and value and isinstance(value[0], Narrative):
            return tuple(map(self.within, value))
        return value


class _NotingMap(Mapping[str, Any]):
    """One attribute of the library."""

    def __init__(
        self, found: Mapping[str, Any], field: str, used: set[LookUp], stories: _Stories
    ) -> None:
        self._found, self._field, self._used, self._stories = found, field, used, stories

    def __getitem__(self, key: str) -> Any:
        self._used.add((self._field, key))
        return self._stories.within(self._found[key])

    def get(self, key: str, default: Any = None) -> Any:
        self._used.add((self._field, key))
        return self._stories.within(self._found.get(key, default))

    def __contains__(self, key: object) -> bool:
        self._used.add((self._field, str(key)))
        return key in self._found

    def __iter__(self) -> Iterator[str]:
        self._used.add((self._field, ALL))
        return iter(self._found)

    def __len__(self) -> int:
        self._used.add((self._field, ALL))
        return len(self._found)

    def keys(self) -> KeysView[str]:
        self._used.add((self._field, ALL))
        return self._found.keys()

    def values(self) -> ValuesView[Any]:
        self._used.add((self._field, ALL))
        return {key: self._stories.within(value) for key, value in self._found.items()}.values()

    def items(self) -> ItemsView[str, Any]:
        self._used.add((self._field, ALL))
        return {key: self._stories.within(value) for key, value in self._found.items()}.items()
