"""Puts a long text together of pieces, most of which stand in the text of the build before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: Where each piece begins in a text, and how many bytes it has, by its key.
Places = Mapping[str, Sequence[int]]


class Text:
    """A text that is being put together; a key says all that its piece is made of."""

    def __init__(self, before: bytes = b"", places: Places | None = None) -> None:
        self._before, self._known = memoryview(before), places or {}
        self._pieces: list[bytes | memoryview] = []
        self._size = 0
        self.places: dict[str, tuple[int, int]] = {}

    def knows(self, key: str) -> bool:
        """Tell whether a piece can be taken from the text of before."""
        return key in self._known

    def take(self, key: str) -> None:
        """Take a piece from the text of before."""
        start, size = self._known[key]
        self._put(key, self._before[start : start + size])

    def add(self, piece: bytes, key: str | None = None) -> None:
        """Add a piece; without a key, it will not be taken again."""
        self._put(key, piece)

    def _put(self, key: str | None, piece: bytes | memoryview) -> None:
        if key:
            self.places[key] = self._size, len(piece)
        self._pieces.append(piece)
        self._size += len(piece)

    def content(self) -> bytes:
        """Give the text so far."""
        return b"".join(self._pieces)


def cut_points(places: Places) -> list[int]:
    """Choose where to cut a text, about once in 16 pieces, wherever others come or go."""
    return [start for key, (start, _) in places.items() if start and key[0] == "0"]
