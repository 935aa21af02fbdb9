"""A disk that is really full: a small file system of its own, filled to the last byte."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.ledger.store.appends import written
from tests.ledger.store.checks import check_whole
from tests.support import open_folder

from ledger.core.refusal import Refusal
from ledger.database import Database, migrate, open_database
from ledger.database.embedded import EmbeddedServer
from ledger.refusals.storage import LedgerFull, OutcomeUnknown
from ledger.store import Append, Store, open_store

SIZE = 300 << 20


@pytest.fixture
def small_disk() -> Iterator[Path]:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a file system of a chosen size")
    with open_folder() as parent:
        mounted = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(parent)]
        if subprocess.run(mounted, check=False, capture_output=True).returncode != 0:
            pytest.skip("this machine lets nobody mount a tmpfs")
        try:
            yield parent
        finally:
            subprocess.run(["umount", str(parent)], check=True)


def fill(disk: Path, *, leave: int = 0) -> Path:
    """A file that takes what is free but for so much."""
    filler = disk / "filler"
    descriptor = os.open(filler, os.O_WRONLY | os.O_CREAT)
    try:
        os.posix_fallocate(descriptor, 0, max(shutil.disk_usage(disk).free - leave, 1))
    finally:
        os.close(descriptor)
    return filler


def large() -> Append:
    return written(uuid4(), 0, *(os.urandom(60_000) for _ in range(40)))


async def accepted_again(store: Store) -> int:
    """How many events a large append brought, once it was taken."""
    deadline = time.monotonic() + 120
    while True:
        try:
            return len((await store.append(large())).positions)
        except Refusal:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.2)


async def test_a_full_disk_is_reported_before_anything_is_written(small_disk: Path) -> None:
    with open_database(None, small_disk / "data") as database:
        migrate(database)
        async with open_store(database) as store:
            await store.append(large())
            filler = fill(small_disk, leave=8 << 20)
            began = time.monotonic()
            for _ in range(3):
                with pytest.raises(LedgerFull):
                    await store.append(large())
            assert time.monotonic() - began < 20
            assert (await store.head()).size == 40
            filler.unlink()
            await store.append(large())
        assert check_whole(database) == 80


async def test_a_disk_that_fills_while_writing_loses_nothing(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a server at an address, whose disk we do not see: PostgreSQL itself says that it is full."""
    monkeypatch.setattr(EmbeddedServer, "has_space", lambda _: True)
    with open_database(None, small_disk / "data") as database:
        migrate(database)
        async with open_store(Database(database.login, database.server)) as store:
            answered = len((await store.append(large())).positions)
            filler = fill(small_disk)
            refused: Refusal | None = None
            while refused is None:
                try:
                    answered += len((await store.append(large())).positions)
                except Refusal as refusal:
                    refused = refusal
            # PostgreSQL crashes when it is its log that finds no space, which may be in the middle of the commit.
            assert isinstance(refused, LedgerFull | OutcomeUnknown)
            filler.unlink()
            answered += await accepted_again(store)
        in_doubt = 40 if isinstance(refused, OutcomeUnknown) else 0
        assert answered <= check_whole(database) <= answered + in_doubt
