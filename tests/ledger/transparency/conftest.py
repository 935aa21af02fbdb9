from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.ledger.transparency.logs import Log, open_log

from ledger.database import Database


@pytest.fixture
async def log(database: Database, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Log]:
    async with open_log(database, tmp_path) as opened:
        yield opened
