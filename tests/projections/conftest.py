"""A writer of events over a fresh database, and a runner of the read model that a module is about."""

from collections.abc import Iterator

import pytest
from tests.projections.runs import open_runner
from tests.projections.streams import Writer, open_writer

from ledger.database import Database
from projections.runner import Runner


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    with open_writer(database) as writer:
        yield writer


@pytest.fixture
def runner(database: Database, request: pytest.FixtureRequest) -> Iterator[Runner]:
    """Follows the model that the module calls `MODEL`."""
    with open_runner(database, request.module.MODEL()) as runner:
        yield runner
