"""A build that is killed, cramped, hurried or disturbed: the last good site stays whole.

Whole means file by file: the site is always, byte for byte, that of a build that went well.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.commanded import Command, Manifest, guide, manifest
from tests.conftest import ROOT, small_guide

STORY: Final = "narratives/la-porte.yaml"
#: What two versions of the small guide say.
WORDS: Final = ("Trente secondes.", "Quarante secondes.")
PARTS: Final = 10
KILLS: Final = 5  # a part


class Twins(NamedTuple):
    """Two versions of a small guide, each built from nothing, and what each site is."""

    folders: tuple[Path, Path]
    sites: tuple[Manifest, Manifest]


@pytest.fixture(scope="session")
def twins(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Twins:
    """Give both versions, built once for all the processes of a run."""
    shared = tmp_path_factory.getbasetemp()
    place = (shared if worker_id == "master" else shared.parent) / "twins"
    place.mkdir(exist_ok=True)
    folders = (place / "0", place / "1")
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for version, folder in enumerate(folders):
            if not (folder / "site").exists():
                turn(small_guide(folder), version)
                assert guide(folder, "build")[0] == 0
    sites = (manifest(folders[0] / "site"), manifest(folders[1] / "site"))
    assert sites[0] != sites[1]
    return Twins(folders, sites)


@pytest.fixture
def root(twins: Twins, tmp_path: Path) -> Path:
    """Give the first version, built."""
    return Path(shutil.copytree(twins.folders[0], tmp_path / "guide"))


def turn(root: Path, version: int) -> None:
    """Have the guide say what the other version does."""
    text = (root / STORY).read_text()
    for words in WORDS:
        text = text.replace(words, WORDS[version])
    (root / STORY).write_text(text)


def left(root: Path) -> set[str]:
    """Name what stands in the work folder, and what hides among the content."""
    hidden = {path.name for path in root.rglob(".*") if path.name != ".build"}
    return hidden | {path.name for path in (root / ".build").iterdir()}


# ------------------------------------------------------------------------------------- kills


@pytest.mark.parametrize("part", range(PARTS))
def test_a_build_killed_at_any_moment_leaves_a_whole_site(
    root: Path, twins: Twins, part: int
) -> None:
    seed = int(os.environ.get("SURVIVAL_SEED") or random.SystemRandom().randrange(10**6))
    print(f"SURVIVAL_SEED={seed}")
    chance = random.Random(f"{seed} {part}")
    begun = time.monotonic()
    turn(root, 1)
    assert guide(root, "build")[0] == 0
    duration = time.monotonic() - begun
    killed = version = 0
    while killed < KILLS:
        turn(root, version)
        if killed == part % KILLS:  # so that printing, in processes of its own, is killed too
            shutil.rmtree(root / ".build", ignore_errors=True)
        build = Command(root, "build")
        if (part + killed) % 2:
            stage = chance.randrange(1, 7)
            build.until(lambda build=build, stage=stage: len(build.stages) >= stage)
            time.sleep(chance.uniform(0, duration / 20))
        else:
            time.sleep(chance.uniform(0, duration))
        build.send(signal.SIGKILL)
        killed += build.wait() == -signal.SIGKILL
        told = f"SURVIVAL_SEED={seed}, part {part}, mort {killed} à « {build.stages[-1:]} »"
        assert manifest(root / "site") in twins.sites, told
        assert not list(build.passing.iterdir()), told
        end = time.monotonic() + 10
        while build.family() and time.monotonic() < end:
            time.sleep(0.02)
        assert not build.family(), told
        version = 1 - version
    turn(root, part % 2)
    assert guide(root, "build")[0] == 0
    assert manifest(root / "site") == twins.sites[part % 2]
    assert left(root) == left(twins.folders[0])


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_build_that_is_asked_to_end_clears_up_and_says_so(
    root: Path, twins: Twins, sent: signal.Signals
) -> None:
    turn(root, 1)
    for printed in (root / ".build/handouts").iterdir():
        printed.unlink()
    build = Command(root, "build")
    stage = 2 if sent == signal.SIGINT else 4
    assert build.until(lambda: len(build.stages) >= stage)
    build.send(sent)
    assert build.wait() == 1
    assert build.said.endswith("\x1b[KLe dernier site reste en place.\nInterrompu.\n")
    assert "Traceback" not in build.said
    assert manifest(root / "site") == twins.sites[0]
    assert not build.family()
    assert not list(build.passing.iterdir())
    assert left(root) == left(twins.folders[0])


# ------------------------------------------------------------------- a disk that says no


@pytest.fixture(scope="module")
def cramped(twins: Twins, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    """Build on a small disk of its own, full then in lecture only; give what came of it."""
    place = tmp_path_factory.mktemp("disk")
    command = [sys.executable, "-m", "tests.cramped", str(twins.folders[0]), str(place)]
    alone = ["unshare", "--map-root-user", "--mount", *command]
    try:
        may = subprocess.run([*alone[:3], "true"], capture_output=True, check=False).returncode
    except OSError:
        may = 1
    if may:
        pytest.skip("ce système ne laisse pas monter un disque à soi (unshare)")
    done = subprocess.run(alone, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[object]] = json.loads(done.stdout)
    return found


def test_a_full_disk_is_told_and_the_last_site_stays(cramped: dict[str, list[object]]) -> None:
    assert cramped["free"] == [0, 64, 1024, 2048]
    for code, said, whole, new in cramped["full"]:
        assert (code, whole, new) == (1, True, set()), said
        assert "e disque est plein — libérez de la place" in said
        assert "Le dernier site reste en place." in said
    assert cramped["freed"] == [0, True, set()]


def test_a_disk_in_lecture_only_is_told_and_the_last_site_stays(
    cramped: dict[str, list[object]],
) -> None:
    code, said, whole, new = cramped["read only"]
