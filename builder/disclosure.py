"""Says whom to tell, in private, of a flaw or of someone who could be recognised: RFC 9116.

Whom to tell is written in `mkdocs.yml`, under `extra.security`. Nothing there, no file.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from builder.clock import EPOCH
from builder.engine import SiteError
from builder.settings import extra, settings
from builder.site import address

PLACE: Final = ".well-known/security.txt"
#: How long an edition's word holds. RFC 9116 asks for less than a year.
HOLDS: Final = timedelta(days=364)

_CONTACT: Final = re.compile(r"(?:mailto:[^\s@]+@[^\s@]+\.[^\s@]+|https://[!-~]+)")


class Disclosure(NamedTuple):
    """Addresses to write to, best first; the site's address and its policy's, empty if unknown."""

    contacts: tuple[str, ...]
    site: str
    policy: str


def disclosure(config: Path) -> Disclosure:
    """Read whom to tell from mkdocs.yml: `extra.security`, an address or a list of them.

    Raises SiteError when one is no `mailto:` or `https://` address.
    """
    given = extra(config).get("security") or []
    contacts = tuple(map(str, given if isinstance(given, list) else [given]))
    for contact in contacts:
        if not _CONTACT.fullmatch(contact):
            raise SiteError(
                f"mkdocs.yml : « {contact} », sous extra.security, n'est pas une adresse — "
                "écrivez « mailto:… » ou « https://… »"
            )
    repository = str(settings(config).get("repo_url") or "").rstrip("/")
    policy = f"{repository}/security/policy" if "//github.com/" in repository else ""
    return Disclosure(contacts, address(config), policy)


def security_txt(to: Disclosure, made: datetime) -> str:
    """Write the file for an edition made at `made`; nothing without a contact or a date."""
    if not to.contacts or made == EPOCH:
        return ""
    fields = (
        *(("Contact", contact) for contact in to.contacts),
        ("Expires", (made + HOLDS).strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("Preferred-Languages", "fr, en"),
        ("Canonical", f"{to.site}{PLACE}" if to.site.startswith("https://") else ""),
        ("Policy", to.policy),
    )
    return "".join(f"{name}: {value}\n" for name, value in fields if value)
