"""Builds the guide of the last commit in ways that must not matter, and compares every byte.

    python -m tests.reproduce [PYTHON …]

Each build has sources, a folder and an environment of its own: a clone and an archive without
.git, another time zone and locale, other hash seeds and umask, one processor or all, files
written in the other order with other dates; and each Python named, from its own virtual
environment with the locked packages. Ends with 0 and the digest that « À propos » shows, or with
1 and the first bytes that differ in each file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from builder.downloads import DIGESTS
from tests.folders import digests

ROOT: Final = Path(__file__).parent.parent
#: What a build takes from outside: where programs are, and what is the same for every build.
KEPT: Final = ("PATH", "HOME", "SITE_URL", "SOURCE_DATE_EPOCH")
#: How many differing files are shown in full.
SHOWN: Final = 20


class Condition(NamedTuple):
    """What surrounds a build. `take` brings the sources of a commit into an empty folder."""

    name: str
    take: Callable[[Path, str, Path], None]
    environment: Mapping[str, str]
    umask: int
    one_processor: bool


class Build(NamedTuple):
    """A site, and how it came to be, in words."""

    how: str
    site: Path


def clone(repository: Path, commit: str, folder: Path) -> None:
    """Take a commit with its history."""
    _run("git", "clone", "--quiet", "--no-local", str(repository), str(folder))
    _run("git", "-C", str(folder), "checkout", "--quiet", "--detach", commit)


def unpack(repository: Path, commit: str, folder: Path) -> None:
    """Take a commit without .git, the last file first, each dated of another day."""
    archive = folder.with_suffix(".zip")
    _run("git", "-C", str(repository), "archive", "--output", str(archive), commit)
    with zipfile.ZipFile(archive) as files:
        for day, name in enumerate(reversed(files.namelist()), start=1):
            os.utime(files.extract(name, folder), (86_400 * day, 86_400 * day))
    archive.unlink()


CONDITIONS: Final = (
    Condition(
        "clone git, heure de Toronto, UTF-8, tous les cœurs",
        clone,
        {"TZ": "America/Toronto", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"},
        umask=0o022,
        one_processor=False,
    ),
    Condition(
        "archive sans .git, heure de Kiritimati, ASCII, un cœur, fichiers dans l'autre ordre",
        unpack,
        {
            **{"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "random"},
            **{"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHON_CPU_COUNT": "1"},
        },
        umask=0o077,
        one_processor=True,
    ),
)


def build(condition: Condition, python: Path, folder: Path) -> Build:
    """Build the guide in its folder, under a condition."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    _run(
        *(str(python), "-m", "builder", "build"),
        folder=folder,
        environment={**kept, **condition.environment},
        before=partial(_surround, condition),
    )
    return Build(f"{_version(python)}, {condition.name}", folder / "site")


def _surround(condition: Condition) -> None:
    """Set, in the new process, what no variable can."""
    os.umask(condition.umask)
    if condition.one_processor and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def prepared(python: str, folder: Path) -> Path:
    """Give a Python with the locked packages: this one, or another in an environment of its own."""
    found = shutil.which(python)
    if not found:
        raise SystemExit(f"{python} : introuvable. Nommez un Python de cette machine.")
    if Path(found).absolute() == Path(sys.executable).absolute():
        return Path(sys.executable)
    _run(found, "-m", "venv", "--without-pip", str(folder))
    own = folder / "bin/python"
    pip = (sys.executable, "-m", "pip", "--python", str(own), "--disable-pip-version-check")
    _run(*pip, "install", "-q", "--require-hashes", "-r", str(ROOT / "requirements.lock"))
    return own


def _version(python: Path) -> str:
    return _run(str(python), "--version").strip()


def _run(
    *command: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> str:
    """Run a command and give what it said; stop with what it said when it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        preexec_fn=before,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def differences(one: Path, other: Path) -> Iterator[str]:
    """Yield, for each file that two sites do not share to the byte, what differs."""
    here, there = digests(one), digests(other)
    for path in sorted(here.keys() | there.keys()):
        if path not in here or path not in there:
            yield f"{path} : absent {'du premier' if path not in here else 'du second'}"
        elif here[path] != there[path]:
            yield f"{path} : {_first((one / path).read_bytes(), (other / path).read_bytes())}"
            if path.endswith(".zip"):
                yield from (f"{path} : {said}" for said in _members(one / path, other / path))


def _first(one: bytes, other: bytes) -> str:
    """Show where two contents part, and how."""
    pairs = enumerate(zip(one, other, strict=False))
    place = next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
    shown = [content[max(0, place - 8) : place + 24] for content in (one, other)]
    return f"octet {place} sur {len(one)} et {len(other)} : {shown[0]!r} et {shown[1]!r}"


def _members(one: Path, other: Path) -> Iterator[str]:
    """Tell whether two zips hold the same files, compressed otherwise."""
    with zipfile.ZipFile(one) as a, zipfile.ZipFile(other) as b:
        held = [{it.filename: it.CRC for it in archive.infolist()} for archive in (a, b)]
    if held[0] == held[1]:
        yield "les fichiers y sont les mêmes, comprimés par une autre version de zlib"


def reproduce(repository: Path, pythons: Sequence[str], folder: Path) -> int:
    """Build at least twice, one build for each Python named; tell what differs, and the digest."""
    ready = [prepared(python, folder / f"venv-{n}") for n, python in enumerate(pythons)]
    number = max(2, len(ready))
    commit = _run("git", "-C", str(repository), "rev-parse", "HEAD").strip()
    builds = []
    for place in range(number):
        condition, python = CONDITIONS[place % len(CONDITIONS)], ready[place % len(ready)]
        condition.take(repository, commit, folder / f"guide-{place}")
        builds.append(build(condition, python, folder / f"guide-{place}"))
        print(f"{place + 1}. {builds[-1].how}", flush=True)
    first, *others = builds
    found = [
        f"{other.how} : {said}" for other in others for said in differences(first.site, other.site)
    ]
    if found:
        print(*found[:SHOWN], sep="\n")
        print(f"{len(found)} différences avec la première construction.")
        return 1
    files = len(digests(first.site))
    print(f"{files} fichiers, les mêmes octets {number} fois.")
    print(f"Commit : {commit}")
    print(f"Empreinte du guide : {sha256((first.site / DIGESTS).read_bytes()).hexdigest()}")
    return 0


def main() -> int:
    """Reproduce this repository's last commit with the Pythons named, or with this one."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        raise SystemExit("Il faut git et un dépôt : prenez les sources avec « git clone ».")
    if _run("git", "-C", str(ROOT), "status", "--porcelain"):
        print("Les changements qui ne sont pas dans le dernier commit ne comptent pas.")
    with tempfile.TemporaryDirectory(prefix="reproduire-") as folder:
        return reproduce(ROOT, sys.argv[1:] or [sys.executable], Path(folder))


if __name__ == "__main__":
    sys.exit(main())
