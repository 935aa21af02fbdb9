"""What the database tests share."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support import open_folder

from ledger.database import postmaster
from ledger.database.cluster import Cluster
from ledger.database.embedded import EmbeddedServer


@pytest.fixture
def parent() -> Iterator[Path]:
    """An empty folder that every user can reach, which those that pytest makes are not."""
    with open_folder("minsheng-database-") as folder:
        yield folder


@pytest.fixture(scope="session")
def pristine() -> Iterator[Path]:
    """A data folder whose server has been created and stopped."""
    with open_folder("minsheng-pristine-") as folder:
        EmbeddedServer.open(folder).close()
        yield folder


@pytest.fixture
def folder(parent: Path, pristine: Path) -> Iterator[Path]:
    """A data folder of the test's own, copied because that is much quicker than initdb."""
    copy = parent / "data"
    subprocess.run(["cp", "-a", pristine, copy], check=True)
    yield copy
    for process in postmaster.living(Cluster(copy)):
        process.kill()
