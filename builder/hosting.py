"""What a host says with each file of the site: the headers, written as the common hosts read them.

Each page carries its Content-Security-Policy itself, wherever it is opened. Only a host can forbid
that another site frames the page, and say the rest. `docs/hebergement.md` explains it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from builder import disclosure

#: What `theme/main.html` allows its pages.
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'"
)
#: What no page of the guide asks of a device.
UNUSED: Final = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation"),
    *("gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb"),
)
#: `no-cache` is « ask before using again »: file names stay the same from one edition to the next.
HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": f"{PAGE_POLICY}; frame-ancestors 'none'",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
#: Types that a server may not know, and that `nosniff` makes it say.
TYPES: Final = {
    ".cff": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}

NETLIFY: Final = "_headers"
APACHE: Final = ".htaccess"
#: Files for hosts and researchers, which no reader's device keeps.
FOR_HOSTS: Final = frozenset({NETLIFY, APACHE, disclosure.PLACE})


class HostFile(NamedTuple):
    """A file to write in the site, at `path` from its root."""

    path: str
    text: str


def host_files() -> Iterator[HostFile]:
    """Yield the files in which hosts look for headers."""
    yield HostFile(NETLIFY, netlify())
    yield HostFile(APACHE, apache())


def netlify() -> str:
    """Write the headers for Netlify and Cloudflare Pages."""
    return "/*\n" + "".join(f"  {name}: {value}\n" for name, value in HEADERS.items())


def apache() -> str:
    """Write the headers for Apache, where it has the modules."""
    headers = "".join(f'  Header always set {name} "{value}"\n' for name, value in HEADERS.items())
    types = "".join(f"  AddType {kind} {end}\n" for end, kind in TYPES.items())
    return (
        f"<IfModule mod_headers.c>\n{headers}</IfModule>\n"
        f"<IfModule mod_mime.c>\n{types}</IfModule>\n"
    )


def nginx() -> str:
    """Write the headers for nginx: lines of a `server` block."""
    return "".join(f'add_header {name} "{value}" always;\n' for name, value in HEADERS.items())


#: Between these lines of `docs/hebergement.md` stands what `nginx` writes.
BEGINS: Final = "<!-- nginx -->\n\n```nginx\n"
ENDS: Final = "```\n\n<!-- fin de nginx -->"


def documented(text: str) -> str:
    """Put the nginx lines of today in the text of the documentation."""
    before, rest = text.split(BEGINS)
    _, after = rest.split(ENDS)
    return f"{before}{BEGINS}{nginx()}{ENDS}{after}"


if __name__ == "__main__":
    page = Path(__file__).parents[1] / "docs/hebergement.md"
    page.write_text(documented(page.read_text(encoding="utf-8")), encoding="utf-8")
