"""Puts a long text together of pieces, most of which stand in the text of the build before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: Where each piece begins in a text, and how many bytes it has, by its key.
Places = Mapping[str, Sequence[int]]


class Text:
    """A text that is being put together; a key says all that its piece is made of."""

    def __init__(self, before: bytes | memoryview = b"", places: Places | None = None) -> None:
        self._before, self._known = memoryview(before), places or {}
        self._runs: list[bytes | memoryview] = []
        self._size = 0
        #: The pieces added last, or where those taken last stand in the text of before.
        self._added: list[bytes] = []
        self._from = self._to = 0
        self.places: dict[str, tuple[int, int]] = {}

    def knows(self, key: str) -> bool:
        """Tell whether a piece can be taken from the text of before."""
        return key in self._known

    def take(self, key: str) -> None:
        """Take a piece from the text of before."""
        start, size = self._known[key]
        if start != self._to:
            self._end_run()
            self._from = start
        self._to = start + size
        self._place(key, size)

    def add(self, piece: bytes, key: str | None = None) -> None:
        """Add a piece; without a key, it will not be taken again."""
        if self._from != self._to:
            self._end_run()
        self._added.append(piece)
        self._place(key, len(piece))

    def _place(self, key: str | None, size: int) -> None:
        if key:
            self.places[key] = self._size, size
        self._size += size

    def _end_run(self) -> None:
        if self._added:
            self._runs.append(b"".join(self._added))
            self._added = []
        if self._from != self._to:
            self._runs.append(self._before[self._from : self._to])
        self._from = self._to = 0

    def runs(self) -> tuple[bytes | memoryview, ...]:
        """Give the text so far, in as few runs as can be."""
        self._end_run()
        return tuple(self._runs)


def cut_points(places: Places) -> list[int]:
    """Choose where to cut a text, about once in 16 pieces, wherever others come or go."""
    return [start for key, (start, _) in places.items() if start and key[0] == "0"]
