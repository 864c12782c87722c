"""Looks up the locked packages in the database of known vulnerabilities, with pip-audit.

    python -m tests.audit LOCK …

Ends with 0 when every package was looked up and none is known to be vulnerable, with 1 when one
is, and with 3 when the database did not answer for some: then nothing is proved.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

FINE: Final = 0
VULNERABLE: Final = 1
UNKNOWN: Final = 3


class Verdict(NamedTuple):
    """What an audit says, line by line, and the code that it ends with."""

    lines: tuple[str, ...]
    code: int


def ask(lock: str) -> subprocess.CompletedProcess[str]:
    """Run pip-audit on a lock file; nothing is installed."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", lock, "--require-hashes"]
    options = ["--disable-pip", "--progress-spinner=off", "--format=json", "--timeout=15"]
    return subprocess.run([*command, *options], capture_output=True, text=True, check=False)


def verdict(lock: str, answer: str) -> Verdict:
    """Read what pip-audit answered: its JSON, or nothing when it could not ask.

    A package that the database does not know is skipped there without a fault; here it is one.
    """
    packages = json.loads(answer)["dependencies"] if answer.strip() else []
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    lines = [
        _told(lock, package, flaw) for package in packages for flaw in package.get("vulns", ())
    ]
    if lines:
        return Verdict(tuple(lines), VULNERABLE)
    if not packages or len(skipped) == len(packages):
        line = (
            f"{lock} : rien n'a été vérifié, la base des vulnérabilités connues ne répond pas "
            "— recommencez avec Internet"
        )
        return Verdict((line,), UNKNOWN)
    if skipped:
        line = f"{lock} : la base ne connaît pas {', '.join(skipped)} — vérifiez-les à la main"
        return Verdict((line,), UNKNOWN)
    return Verdict((f"{lock} : {len(packages)} paquets, aucune vulnérabilité connue.",), FINE)


def _told(lock: str, package: dict[str, Any], flaw: dict[str, Any]) -> str:
    names = ", ".join([flaw["id"], *flaw.get("aliases", ())])
    mended = ", ".join(flaw.get("fix_versions", ()))
    advice = (
        f"prenez {mended} dans pyproject.toml, puis « make lock »"
        if mended
        else "aucune version ne la corrige encore : jugez si elle touche le guide"
    )
    found = f"{package['name']} {package['version']} a une vulnérabilité connue ({names})"
    return f"{lock} : {found} — {advice}"


def main(locks: Iterable[str]) -> int:
    """Audit lock files, and give the worst of their codes: a flaw found before a doubt."""
    codes = set()
    for lock in locks:
        said = verdict(lock, ask(lock).stdout)
        print(*said.lines, sep="\n")
        codes.add(said.code)
    return next((code for code in (VULNERABLE, UNKNOWN) if code in codes), FINE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
