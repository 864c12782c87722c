"""Remembers what was made from the library, as long as what it was made from stays the same.

`Memo.recall` gives its maker a library that notes each thing looked up in it. What was made is
kept with these notes; the next build asks whether the same look-ups would find the same entries,
by the digests of their files. So a page is made again when an entry that it shows has changed, and
nobody has to say which entries these are.
"""

from __future__ import annotations

import hashlib
import json
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
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar, cast

from builder import durable
from builder.library import Library
from builder.model import SINGLE_FILES, Entry, file_of
from builder.store import Store

J = TypeVar("J")

#: A look-up: the attribute of the library, and the key asked of it.
LookUp = tuple[str, str]
#: Stands for a key where all was asked for.
ALL: Final = "*"
#: What the library cuts each story into, by the story's id.
_OF_STORIES: Final = frozenset({"paragraphs", "passages"})


class _Kept(NamedTuple):
    """What was made: the places of its look-ups in their table, the mark of what they found."""

    look_ups: list[int]
    mark: str
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
        self._table: dict[LookUp, int] = {}
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
        if kept is None or kept.mark != self._mark(kept.look_ups, beside):
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
        held = self._store.keep(needed)
        written = [self._basis, held, list(self._table), self._now]
        durable.write(self._file, json.dumps(written, ensure_ascii=False).encode(), flush=False)

    def _load(self) -> None:
        """Take up what the last build kept. A file that is not ours is no memory."""
        try:
            basis, held, table, kept = json.loads(self._file.read_text(encoding="utf-8"))
            whole = all(self._store.holds(digest, size) for digest, size in held.items())
            if basis == self._basis and whole:
                self._table = {(field, key): at for at, (field, key) in enumerate(table)}
                self._marks.look_ups = list(self._table)
                self._before = {name: _Kept(*one) for name, one in kept.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            self._table, self._before = {}, {}

    def _learn(self, name: str, used: Iterable[LookUp], beside: str, value: object) -> None:
        places = []
        for look_up in used:
            if look_up not in self._table:
                self._table[look_up] = len(self._table)
                self._marks.look_ups.append(look_up)
            places.append(self._table[look_up])
        self._now[name] = _Kept(places, self._mark(places, beside), value)

    def _mark(self, places: Iterable[int], beside: str) -> str:
        found = hashlib.sha256(beside.encode())
        for place in places:
            found.update(self._marks.of(place))
        return found.hexdigest()


class _Marks:
    """Digests of what look-ups find; each is worked out once."""

    def __init__(self, library: Library, digests: Mapping[str, str]) -> None:
        self.look_ups: list[LookUp] = []
        self._library = library
        self._digests = {name: bytes.fromhex(digest) for name, digest in digests.items()}
        self._found: dict[int, bytes] = {}
        singles = (self._digests.get(name, b"-") for name in SINGLE_FILES)
        self._singles = hashlib.sha256(b"".join(singles)).digest()

    def of(self, place: int) -> bytes:
        """Give the mark of a look-up, by its place in the table."""
        if place not in self._found:
            self._found[place] = self._mark(*self.look_ups[place])
        return self._found[place]

    def _mark(self, field: str, key: str) -> bytes:
        found = getattr(self._library, "narratives" if field in _OF_STORIES else field)
        if not isinstance(found, Mapping):
            return self._singles
        if key != ALL:
            return self._value(found[key]) if key in found else b"-"
        items = (key.encode() + self._value(value) for key, value in found.items())
        return hashlib.sha256(b"\0".join(items)).digest()

    def _value(self, value: object) -> bytes:
        """Digest an entry, or a tuple of entries; anything else is of a single file."""
        if isinstance(value, Entry):
            return self._digests[file_of(value)]
        if isinstance(value, tuple) and all(isinstance(one, Entry) for one in value):
            return hashlib.sha256(b"".join(map(self._value, value))).digest()
        return self._singles


class _Noting:
    """A library that notes what is looked up in it."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._used: set[LookUp] = set()
        for field in fields(library):
            value = getattr(library, field.name)
            if isinstance(value, Mapping):
                setattr(self, field.name, _NotingMap(value, field.name, self._used))

    def __getattr__(self, field: str) -> Any:
        self._used.add((field, ALL))
        return getattr(self._library, field)

    def taken(self) -> list[LookUp]:
        """Give the look-ups since the last time; those that another covers are left out."""
        whole = {field for field, key in self._used if key == ALL}
        taken = sorted(it for it in self._used if it[1] == ALL or it[0] not in whole)
        self._used.clear()
        return taken


class _NotingMap(Mapping[str, Any]):
    """One attribute of the library."""

    def __init__(self, found: Mapping[str, Any], field: str, used: set[LookUp]) -> None:
        self._found, self._field, self._used = found, field, used

    def __getitem__(self, key: str) -> Any:
        self._used.add((self._field, key))
        return self._found[key]

    def get(self, key: str, default: Any = None) -> Any:
        self._used.add((self._field, key))
        return self._found.get(key, default)

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
        return self._found.values()

    def items(self) -> ItemsView[str, Any]:
        self._used.add((self._field, ALL))
        return self._found.items()
