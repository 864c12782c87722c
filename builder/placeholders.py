"""What a skeleton puts where its author has something to write or to choose."""

from __future__ import annotations

from typing import Final

TEXT: Final = "À écrire…"
ID: Final = "a-choisir"


def is_to_write(text: str) -> bool:
    """Tell whether a text, or a part of it, is still the skeleton's."""
    return TEXT in text
