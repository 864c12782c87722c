"""Lists the SHA-256 of each file of a finished site, and shows the digest of the whole.

The digest is the SHA-256 of the list, so two standard commands verify a copy: `sha256sum --check
empreintes.txt` tells that each file is the one listed, `sha256sum empreintes.txt` gives the
digest. Left out of the list is only what cannot be in it: the page that shows the digest, and
what is made after it.
"""

from __future__ import annotations

from html import escape
from typing import Final

from builder.downloads import ARCHIVE, DIGEST_PLACE, DIGESTS
from builder.downloads import PAGE as DOWNLOADS
from builder.engine import SiteError
from builder.revision import Revision
from builder.store import Store

#: The page that shows the digest.
PAGE: Final = "a-propos.html"
#: What follows from the list: it, the page, the zip with its size, the service worker.
LEFT_OUT: Final = frozenset({DIGESTS, PAGE, DOWNLOADS, ARCHIVE, "sw.js"})


def add_digest(files: dict[str, str], store: Store, revision: Revision | None) -> str:
    """Make the list, show its digest and the revision on their page, and return the digest.

    `files` are the SHA-256 of the site's files, by path, whose bytes the store has; what is made is
    added to both. Raises SiteError when the page has no place for what it shows.
    """
    page = store.read(files[PAGE]).decode()
    if page.count(DIGEST_PLACE) != 1:
        raise SiteError(f"{PAGE} : la place de l'empreinte ne s'y trouve pas.")
    listed = sorted((path, digest) for path, digest in files.items() if path not in LEFT_OUT)
    text = "".join(f"{digest}  {path}\n" for path, digest in listed)
    digest = files[DIGESTS] = store.add(text.encode())
    files[PAGE] = store.add(page.replace(DIGEST_PLACE, _shown(digest, revision)).encode())
    return digest


def _shown(digest: str, revision: Revision | None) -> str:
    """Say in HTML which guide this is."""
    commit = "Inconnue : les sources n’étaient pas dans un dépôt git."
    if revision:
        commit = f"<code>{escape(revision.commit)}</code>"
    if revision and revision.changed:
        commit += " et des changements qui n’y sont pas encore"
    return (
        '<dl class="contrasts">\n'
        "<div><dt>Version des sources</dt>"
        f"<dd>{commit}</dd></div>\n"
        "<div><dt>Empreinte du guide (SHA-256)</dt>"
        f'<dd><code class="digest">{digest}</code></dd></div>\n'
        "</dl>"
    )
