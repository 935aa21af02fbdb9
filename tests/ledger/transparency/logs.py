"""A log over a fresh database, with its keys in a folder, and appends to sign."""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from ledger.core.fact import account_commitment
from ledger.database import Database, Role
from ledger.store import Append, Store, StoredFact, Write, open_store
from ledger.transparency.cosigning import Witnesses
from ledger.transparency.keys import KeyFile
from ledger.transparency.notes import Checkpoint, Note
from ledger.transparency.signed_file import SignedFile
from ledger.transparency.signer import LogSigner

ORIGIN = "ledger.example/log"


def write(stream: UUID, events: int) -> Write:
    """The account stored with each is the one that its commitment hides, as with every event."""
    return Write(tuple(_stored(stream, version) for version in range(1, events + 1)))


def _stored(stream: UUID, version: int) -> StoredFact:
    account, salt = uuid4(), secrets.token_bytes(32)
    said = {"actor": {"account": account_commitment(salt, account).hex()}, "nonce": secrets.token_hex(16)}
    return StoredFact(stream, version, "", json.dumps(said, separators=(",", ":")).encode(), account, salt)


@dataclass(frozen=True)
class Log:
    """What a service that signs has."""

    database: Database
    folder: Path
    store: Store
    signers: list[LogSigner] = field(default_factory=list)

    @property
    def keys(self) -> KeyFile:
        return KeyFile(self.folder / "log.key")

    @property
    def signed(self) -> SignedFile:
        return SignedFile(self.folder / "log.checkpoint")

    def signer(self, witnesses: Witnesses | None = None) -> LogSigner:
        self.signers.append(LogSigner(self.connect, self.keys, self.signed, witnesses))
        return self.signers[-1]

    async def connect(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(self.database.conninfo(Role.SERVICE), autocommit=True)

    async def append(self, events: int) -> None:
        """Streams of up to three events, few in one append."""
        for start in range(0, events, 300):
            number = min(300, events - start)
            streams = [min(3, number - at) for at in range(0, number, 3)]
            await self.store.append(Append(tuple(write(uuid4(), size) for size in streams)))

    def checkpoint(self, size: int) -> Checkpoint:
        """The one that was published at this size, with the log's signature checked."""
        with psycopg.connect(self.database.login) as connection:
            row = connection.execute("SELECT note FROM ledger.checkpoints WHERE size = %s", [size]).fetchone()
        assert row is not None
        note = Note.parse(row[0])
        assert note.verified_by(self.keys.read().verifiers)
        return Checkpoint.parse(note.text)

    def sizes(self) -> list[int]:
        return [int(str(size)) for (size,) in self.ask("SELECT size FROM ledger.checkpoints ORDER BY size")]

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database.login) as connection:
            return connection.execute(query.encode()).fetchall()

    def tamper(self, statement: str) -> None:
        """As somebody who may do everything in the database."""
        with psycopg.connect(self.database.login, autocommit=True) as connection:
            assert connection.execute(statement.encode()).rowcount > 0


@asynccontextmanager
async def open_log(database: Database, folder: Path) -> AsyncIterator[Log]:
    async with open_store(database) as store:
        opened = Log(database, folder, store)
        if not opened.keys.exists:
            opened.keys.make(ORIGIN)
        yield opened
        for signer in opened.signers:
            await signer.drop()


def leaves(log: Log, size: int) -> list[bytes]:
    return [
        bytes(row[0])  # type: ignore[call-overload]
        for row in log.ask(f"SELECT leaf_hash FROM ledger.events WHERE position < {size} ORDER BY position")
    ]
