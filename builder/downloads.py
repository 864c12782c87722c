"""What the site offers to take away, and how its pages speak of it."""

from __future__ import annotations

from typing import Final, NamedTuple

#: What people read of a format, by the end of a file's name.
FORMATS: Final = {
    "json": "JSON",
    "csv": "CSV",
    "txt": "Texte",
    "xml": "Atom",
    "cff": "CFF",
}

ARCHIVE: Final = "une-fois-ou.zip"
PAGE: Final = "telecharger.html"
#: What the page says in the zip, which cannot hold itself; on the site the link stands there.
IN_THE_COPY: Final = '<p class="download">Vous lisez une copie téléchargée du guide.</p>'

#: The digest of each file, as `sha256sum` writes it, and where « À propos » shows that of all.
DIGESTS: Final = "empreintes.txt"
DIGEST_PLACE: Final = '<div class="digest"></div>'


class Download(NamedTuple):
    """A file beside the pages: its address from the root of the site, its size in bytes."""

    path: str
    title: str
    size: int

    @property
    def format(self) -> str:
        """Name the format as people read it."""
        return FORMATS[self.path.rpartition(".")[2]]


def archive_link(size: int) -> str:
    """Offer the zip of the whole site."""
    return (
        f'<p class="download"><a class="button" href="{ARCHIVE}" download>Télécharger le guide</a> '
        f'<span class="meta">Un fichier zip, {weight(size)}</span></p>'
    )


def weight(size: int) -> str:
    """Say a number of bytes in words: « 845 octets », « 12 Ko », « 1,4 Mo »."""
    if size < 1000:
        return f"{size}\u00a0octets"
    if size < 999_500:
        return f"{size / 1000:.0f}\u00a0Ko"
    return f"{size / 1_000_000:.1f}\u00a0Mo".replace(".", ",")
