"""What the database tests share."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.database import postmaster
from ledger.database.cluster import Cluster
from ledger.database.embedded import EmbeddedServer


@pytest.fixture
def parent() -> Iterator[Path]:
    """An empty folder that every user can reach, which those that pytest makes are not."""
    folder = Path(tempfile.mkdtemp(prefix="minsheng-database-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def pristine() -> Iterator[Path]:
    """A data folder whose server has been created and stopped."""
    folder = Path(tempfile.mkdtemp(prefix="minsheng-pristine-"))
    folder.chmod(0o755)
    EmbeddedServer.open(folder).close()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder(parent: Path, pristine: Path) -> Iterator[Path]:
    """A data folder of the test's own, copied because that is much quicker than initdb."""
    copy = parent / "data"
    subprocess.run(["cp", "-a", pristine, copy], check=True)
    yield copy
    for process in postmaster.living(Cluster(copy)):
        process.kill()
