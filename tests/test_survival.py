"""A build that is killed, cramped, hurried or disturbed: the last good site stays whole.

Whole means file by file: the site is always, byte for byte, that of a build that went well.
"""

from __future__ import annotations

import ctypes
import datetime
import fcntl
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from builder.durable import sweep
from builder.stamps import Stamps, UnsteadyError, steadily
from tests.commanded import PATIENCE, Command, Manifest, guide, manifest
from tests.conftest import ROOT, small_guide
from tests.versions import STORY, WORDS, left, turn

PARTS: Final = 5
KILLS: Final = 10  # a part


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


@pytest.fixture(scope="session")
def duration(twins: Twins, tmp_path_factory: pytest.TempPathFactory) -> float:
    """Give the seconds that a build takes, from one version to the other."""
    root = Path(shutil.copytree(twins.folders[0], tmp_path_factory.mktemp("timed") / "guide"))
    turn(root, 1)
    start = time.monotonic()
    assert guide(root, "build")[0] == 0
    return time.monotonic() - start


@pytest.fixture
def root(twins: Twins, tmp_path: Path) -> Path:
    """Give the first version, built."""
    return Path(shutil.copytree(twins.folders[0], tmp_path / "guide"))


@pytest.fixture(autouse=True)
def _nothing_runs_on() -> Iterator[None]:
    """End what a test that failed left running."""
    yield
    while Command.started:
        Command.started.pop().send(signal.SIGKILL)


def begun(command: Command, stages: int) -> bool:
    return len(command.stages) >= stages


# ------------------------------------------------------------------------------------- kills


@pytest.mark.parametrize("part", range(PARTS))
def test_a_build_killed_at_any_moment_leaves_a_whole_site(
    root: Path, twins: Twins, duration: float, part: int
) -> None:
    seed = int(os.environ.get("SURVIVAL_SEED") or random.SystemRandom().randrange(10**6))
    print(f"SURVIVAL_SEED={seed}")
    chance = random.Random(f"{seed} {part}")
    killed, version = 0, 1
    while killed < KILLS:
        turn(root, version)
        if killed == part:  # so that printing, in processes of its own, is killed too
            shutil.rmtree(root / ".build", ignore_errors=True)
        build = Command(root, "build")
        if (part + killed) % 2:
            stage = chance.randrange(1, 6)
            build.until(partial(begun, build, stage))
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
    assert build.until(partial(begun, build, stage))
    build.send(sent)
    assert build.wait() == 1
    assert build.said.endswith("\x1b[KLe dernier site reste en place.\nInterrompu.\n")
    assert "Traceback" not in build.said
    assert manifest(root / "site") == twins.sites[0]
    assert not build.family()
    assert not list(build.passing.iterdir())
    assert left(root) == left(twins.folders[0])


# ------------------------------------------------------------------- a disk that says no


def test_a_disk_that_is_full_or_read_only_is_told_and_the_last_site_stays(
    twins: Twins, tmp_path: Path
) -> None:
    alone = ["unshare", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("ce système ne laisse pas monter un disque à soi (unshare)")
    done = subprocess.run(
        [*alone, sys.executable, "-m", "tests.cramped", str(twins.folders[0]), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *refused, free = json.loads(done.stdout)
    assert (free["code"], free["kept"], free["left"]) == (0, False, [])
    for case in refused:
        assert case["kept"], case
        assert not case["left"], case
        if case["name"].endswith(("vérification", "recherche")):
            assert case["code"] == 0
            continue
        assert case["code"] == 1, case
        said = "le disque est " + ("plein" if "plein" in case["name"] else "en lecture seule")
        assert said in case["said"], case
        assert ("Le dernier site reste en place." in case["said"]) == ("," not in case["name"])


#: Linux's capabilities to pass over the rights of files: root's, unless it lets go of them.
_OVER_RIGHTS: Final = 1 << 1 | 1 << 2


def without_rights() -> None:
    """Have the rights of files hold for root too."""
    libc = ctypes.CDLL(None)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    held = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, held) == 0
    held[0] &= ~_OVER_RIGHTS
    assert libc.capset(header, held) == 0


def few_files() -> None:
    """Have few files open at once."""
    used = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 2, used + 2))


def small_files() -> None:
    """Have no file grow beyond what a page weighs."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def test_what_a_system_refuses_is_told_and_the_last_site_stays(root: Path, twins: Twins) -> None:
    """Without the rights of its own folder, a guide builds up to the last step, and stops there."""
    rights = "les droits d'accès l'interdisent"
    turn(root, 1)
    for closed, limit, told in (
        (root / ".build", without_rights, rights),
        (root, without_rights, rights),
        (None, few_files, "trop de fichiers sont ouverts"),
        (None, small_files, "la taille que le système permet"),
    ):
        if closed:
            closed.chmod(0o555)
        code, said = guide(root, "build", before=limit)
        if closed:
            closed.chmod(0o755)
        assert code == 1, said
        assert told in said
        assert "Le dernier site reste en place." in said
        assert manifest(root / "site") == twins.sites[0]
    assert guide(root, "build")[0] == 0
    assert manifest(root / "site") == twins.sites[1]
    assert left(root) == left(twins.folders[0])


def test_what_the_last_site_refuses_stops_no_build(root: Path, twins: Twins) -> None:
    """A folder of it that belongs to somebody else, say: the new site is there, and is said."""
    for version in (1, 0, 1):
        turn(root, version)
        (root / "site/recits").chmod(0o555)
        code, said = guide(root, "build", before=without_rights)
        assert code == 0, said
        assert manifest(root / "site") == twins.sites[version]
    for folder in root.glob(".build/*/recits"):
        folder.chmod(0o755)
    assert guide(root, "build")[0] == 0
    assert left(root) == left(twins.folders[0])


def test_what_a_killed_build_left_is_cleared_by_one_that_finds_errors(
    root: Path, twins: Twins
) -> None:
    """It may hold the words of a story that was withdrawn since."""
    shutil.copytree(root / "site", root / ".build/site-tue")
    (root / ".build/site-tue.zip").write_text("un zip commencé")
    (root / STORY).write_text("title: 12")
    assert guide(root, "build")[0] == 1
    assert left(root) == left(twins.folders[0])


@pytest.mark.parametrize("name", ["site", ".build"])
def test_a_file_in_the_place_of_a_folder_is_told_and_left(root: Path, name: str) -> None:
    shutil.rmtree(root / name)
    (root / name).write_text("à moi")
    code, said = guide(root, "build")
    assert code == 1
    assert name in said
    assert "déplacez" in said
    assert (root / name).read_text() == "à moi"


# --------------------------------------------------------------------- commands at once


def test_a_second_build_waits_for_the_first_and_survives_its_death(
    root: Path, twins: Twins
) -> None:
    turn(root, 1)
    first = Command(root, "build")
    assert first.until(lambda: first.stages)
    first.send(signal.SIGSTOP)
    second = Command(root, "build")
    assert second.until(lambda: "attend son tour" in second.said)
    assert f"(processus {first.pid})" in second.said
    first.send(signal.SIGKILL)
    assert second.wait() == 0, second.said
    assert manifest(root / "site") == twins.sites[1]
    assert left(root) == left(twins.folders[0])


def test_commands_at_once_do_not_disturb_each_other(root: Path, twins: Twins) -> None:
    (root / "narratives/.guide-interrompu").write_text("title: >-\n  à moi")
    running = [
        Command(root, *line.split())
        for line in (
            "build",
            "new narrative --title Palier --theme le-voisinage",
            "publish",
            "format",
            "handout --theme le-voisinage",
            "search porte",
        )
    ]
    for command in running:
        assert command.wait() in (0, 1), command.said
        assert "Traceback" not in command.said, command.said
    (root / "narratives/palier.yaml").unlink()  # to be filled in: no site with it
    assert guide(root, "build")[0] == 0
    assert guide(root, "check") == (0, "")
    assert left(root) - {"search"} == left(twins.folders[0])


# ------------------------------------------------------- what changes, and what seems not to


def test_a_story_that_changes_during_a_build_is_told(root: Path, twins: Twins) -> None:
    """The site is of one reading: that of before."""
    build = Command(root, "build")
    assert build.until(partial(begun, build, 2))
    build.send(signal.SIGSTOP)
    turn(root, 1)
    build.send(signal.SIGCONT)
    assert build.wait() == 0
    assert f"{STORY} : changement pendant la construction." in build.said
    assert manifest(root / "site") == twins.sites[0]
    assert guide(root, "build")[0] == 0
    assert manifest(root / "site") == twins.sites[1]


def test_a_theme_that_changes_during_a_build_is_not_published_by_halves(
    root: Path, twins: Twins
) -> None:
    turn(root, 1)
    build = Command(root, "build")
    assert build.until(partial(begun, build, 2))
    build.send(signal.SIGSTOP)
    sheet = root / "builder/theme/assets/guide.css"
    text = sheet.read_text()
    sheet.write_text(text + "/* */")
    build.send(signal.SIGCONT)
    assert build.wait() == 1
    assert "guide.css : changement pendant la construction — recommencez." in build.said
    assert manifest(root / "site") == twins.sites[0]
    sheet.write_text(text)
    assert guide(root, "build")[0] == 0
    assert manifest(root / "site") == twins.sites[1]


def test_what_changes_while_it_is_read_is_read_again(root: Path) -> None:
    told: list[str] = []

    def read(_: Stamps) -> str:
        told.append((root / STORY).read_text())
        if len(told) < 3:
            turn(root, len(told) % 2)
        return told[-1]

    found, _ = steadily(root, read)
    assert found == (root / STORY).read_text()
    assert len(told) == 3


def test_what_goes_while_it_is_read_is_read_again(root: Path) -> None:
    told: list[Stamps] = []

    def read(stamps: Stamps) -> int:
        told.append(stamps)
        if len(told) == 1:
            (root / STORY).unlink()
        (root / STORY).read_text()
        return len(told)

    with pytest.raises(FileNotFoundError):  # the second time, nothing changed meanwhile
        steadily(root, read)
    assert len(told) == 2
    assert STORY in told[0]
    assert STORY not in told[1]


def test_what_never_ceases_to_change_is_told(root: Path) -> None:
    version = 0

    def read(_: Stamps) -> None:
        nonlocal version
        turn(root, version := 1 - version)

    with pytest.raises(UnsteadyError, match=f"{STORY} : des fichiers changent sans cesse"):
        steadily(root, read)


def test_clocks_that_jump_change_nothing(root: Path, twins: Twins) -> None:
    """Where dates say nothing, or say what cannot be, a file is known by its bytes."""
    dates = [datetime.datetime(year, 1, 2, tzinfo=datetime.UTC) for year in (1901, 1970, 2106)]
    turn(root, 1)
    for number, path in enumerate((root / STORY, *sorted(root.rglob("*")))):
        then = dates[number % 3].timestamp()
        os.utime(path, (then, then))
    then = (root / STORY).stat().st_mtime
    assert guide(root, "build")[0] == 0
    assert manifest(root / "site") == twins.sites[1]
    size = (root / STORY).stat().st_size
    (root / STORY).write_text((root / STORY).read_text().replace("Quarante", "Quatorze"))
    os.utime(root / STORY, (then, then))
    assert (root / STORY).stat().st_size == size
    assert guide(root, "build")[0] == 0
    assert "Quatorze secondes." in (root / "site/recits/la-porte.html").read_text()


def test_what_the_work_folder_lost_by_half_is_made_again(root: Path, twins: Twins) -> None:
    """As after a power cut: files that are there, but short."""
    turn(root, 1)
    for path in (root / ".build").rglob("*"):
        if path.is_file():
            os.truncate(path, path.stat().st_size // 2)
    assert guide(root, "build")[0] == 0
    assert manifest(root / "site") == twins.sites[1]


# ----------------------------------------------------------------------------------- serving


def test_ten_thousand_files_may_come_while_serving(root: Path, twins: Twins) -> None:
    """The last good site is served all along, and built again once they are all there, or gone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Command(root, "serve", "--port", str(port))

    def served() -> str:
        address = f"http://127.0.0.1:{port}/recits/la-porte.html"
        with urllib.request.urlopen(address, timeout=PATIENCE) as page:
            return str(page.read().decode())

    assert server.until(lambda: "À lire sur" in server.said)
    crowd = [root / f"narratives/recit-{number}.yaml" for number in range(10_000)]
    for number, file in enumerate(crowd):
        file.touch()
        if not number % 1000:
            assert WORDS[0] in served()
    assert server.until(lambda: "10000 erreurs : rien n'a été construit." in server.said)
    assert "… et 9980 de plus : « guide check » les dit tous." in server.said
    assert server.until(lambda: "le fichier ne contient aucune fiche" in served())
    assert WORDS[0] in served()
    assert manifest(root / "site") == twins.sites[0]
    turn(root, 1)
    for file in crowd:
        file.unlink()
    assert server.until(lambda: WORDS[1] in served())
    assert "aucune fiche" not in served()
    assert server.until(lambda: "Feuilles à jour." in server.said)
    assert manifest(root / "site") == twins.sites[1]
    peak = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{server.pid}/status").read_text())
    assert peak
    assert int(peak[1]) < 300 * 1024
    server.send(signal.SIGINT)
    assert server.wait() == 0
    assert "Traceback" not in server.said
    assert left(root) == left(twins.folders[0])
    assert not server.family()


# --------------------------------------------------------------------------------- one file


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """Killed again and again while it writes; what it was writing is cleared by the next."""
    file = tmp_path / "fiche.yaml"
    texts = [f"{letter * 400_000}\n" for letter in "ab"]
    file.write_text(texts[0])
    program = (
        "import sys; from pathlib import Path; from builder.durable import write\n"
        "for turn in range(10**9):\n"
        "    write(Path(sys.argv[1]), f'{\"ab\"[turn % 2] * 400_000}\\n'.encode(), flush=False)\n"
        "    turn or print(flush=True)"
    )
    for _ in range(5):
        command = [sys.executable, "-c", program, str(file)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            writer.stdout.readline()
            time.sleep(random.uniform(0, 0.05))
            writer.kill()
        assert file.read_text() in texts
    sweep([tmp_path])
    assert [path.name for path in tmp_path.iterdir()] == ["fiche.yaml"]
