"""A town whose log is signed: an archive without proofs is not made."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.api.client import Town
from tests.api.transparency.logs import open_signed_town

from ledger.database import Database


@pytest.fixture
async def signed_town(database: Database, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Town]:
    async with open_signed_town(database, tmp_path) as opened:
        yield opened
