"""Debian's Chromium, and a town for those who act in it."""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser
from tests.api.client import Town, open_town
from tests.browser.chromium import chromium

from ledger.database import Database


@pytest.fixture
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    if shutil.which("chromium") is None:
        pytest.skip("there is no Chromium: `apt-get install chromium fonts-noto-cjk`, as root `make test` does it")
    async with chromium() as opened:
        yield opened


@pytest.fixture
async def town(database: Database, anyio_backend: str) -> AsyncIterator[Town]:
    async with open_town(database) as opened:
        yield opened
