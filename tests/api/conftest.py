"""A running service over a fresh database, with those who use it."""

from collections.abc import AsyncIterator

import pytest
from tests.api.city import City, open_city
from tests.api.client import Town, open_old_town, open_town

from ledger.database import Database


@pytest.fixture
async def town(database: Database, anyio_backend: str) -> AsyncIterator[Town]:
    async with open_town(database) as opened:
        yield opened


@pytest.fixture
async def old_town(database: Database, anyio_backend: str) -> AsyncIterator[Town]:
    """As `town`; also recorded_at is that of 2010."""
    async with open_old_town(database) as opened:
        yield opened


@pytest.fixture
async def city(database: Database, anyio_backend: str) -> AsyncIterator[City]:
    async with open_city(database) as opened:
        yield opened
