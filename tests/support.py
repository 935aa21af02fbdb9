"""What many tests need: the ledger and the service over a fresh database, a programme that is open, accounts."""

import asyncio
import os
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from ledger.accounts import Account
from ledger.clock import Clock, utc_now
from ledger.core.fact import Role
from ledger.core.refusal import Refusal
from ledger.database import Database
from ledger.master_key import MasterKey
from ledger.rules import beijing_2010
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext
from ledger.vault import Vault
from ledger.veils import Veil, Veiled
from projections.cursors import Cursors

# What a busy machine may take for anything.
LONG = 180.0
MASTER = MasterKey(bytes(range(32)))
# As every service of the tests makes them.
CURSORS = Cursors(MASTER.for_cursors)


def veiled(kind: Veiled, *parts: object) -> UUID:
    """The one stream that these parts stand for, in a ledger with this master key."""
    return Veil(MASTER.stream_salt(kind, *parts)).stream


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2010, 2, 1, 1, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def to(self, month: int, day: int, hour: int = 1) -> None:
        self.now = datetime(2010, month, day, hour, tzinfo=UTC)

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@asynccontextmanager
async def open_ledger(database: Database, clock: Clock | None = None) -> AsyncIterator[Ledger]:
    """The ledger; with a clock, both receipt and recording go by it."""
    async with open_store(database, clock) as store:
        yield Ledger(store, Vault(MASTER, store), clock or utc_now)


def wait_until(happened: Callable[[], object], seconds: float = LONG) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


async def eventually(happened: Callable[[], object], seconds: float = LONG) -> None:
    async with asyncio.timeout(seconds):
        while not happened():
            await asyncio.sleep(0.01)


@contextmanager
def refuses(refusal: type[Refusal], **details: object) -> Iterator[None]:
    """What is done inside is refused, with exactly these details."""
    with pytest.raises(refusal) as found:
        yield
    assert found.value.details == details


def account(role: Role, body: str | UUID | None = None) -> Account:
    return Account(uuid4(), role, None if body is None else str(body))


def ask(role: Role, body: str | UUID | None = None) -> CommandContext:
    return CommandContext(account(role, body))


OFFICE = account(Role.OFFICE)
LEADING_GROUP = account(Role.LEADING_GROUP)
MEMBERS = tuple(account(Role.COMMITTEE) for _ in range(5))
ASSOCIATION = account(Role.PROMOTION_ASSOCIATION)


def small_programme(code: str = "beijing-2010", **places: int) -> str:
    """The first programme under a code, with fewer places in the quotas named (`top_ten=2`)."""
    toml = beijing_2010().replace('code = "beijing-2010"', f'code = "{code}"', 1)
    for quota, number in places.items():
        head, tail = toml.split(f'code = "{quota.replace("_", "-")}"', 1)
        before, after = tail.split("places = ", 1)
        toml = f'{head}code = "{quota.replace("_", "-")}"{before}places = {number}\n{after.split(chr(10), 1)[1]}'
    return toml


# Below the ports that systems give to connections, or one of those may take a port between its test and its use;
# each process of the tests begins elsewhere.
_PORTS = count(os.getpid() * 131)


def free_port() -> int:
    """A port for a service that is about to start."""
    for number in _PORTS:
        port = 10_000 + number % 20_000
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError


def in_memory() -> Path | None:
    """Where files lie in memory, if there is room for servers: waiting for a disk is half the time of these tests."""
    place, room = Path("/dev/shm"), 4 << 30
    with suppress(OSError):
        found = os.statvfs(place)
        # A server may need a copy of its programs there.
        if found.f_bavail * found.f_frsize >= room and not found.f_flag & os.ST_NOEXEC and os.access(place, os.W_OK):
            return place
    return None


@contextmanager
def open_folder(prefix: str = "minsheng-test-") -> Iterator[Path]:
    """A folder for a server of the test's own, which PostgreSQL's user can enter when the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=in_memory())).resolve()
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
