"""Stored bytes that are not those whose digest was recorded, or that nobody can read: named, and never used."""

from collections.abc import Iterator
from contextlib import closing
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.ledger.store.appends import written
from tests.ledger.test_storage_format import GOLDEN
from tests.projections.streams import Writer, applied, open_writer, streams_of

from ledger.core.refusal import Kind, Refusal
from ledger.database import Database
from ledger.refusals.storage import PayloadDiffers, PayloadUnreadable
from ledger.store import open_store
from projections.audit import Audit
from projections.listing import Listing
from projections.runner import ProjectionBroken, Runner

TAMPERED = (b"", b"{", GOLDEN["Applied"], GOLDEN["Published"])


async def write(database: Database, *states: bytes) -> UUID:
    stream = uuid4()
    async with open_store(database) as store:
        await store.append(written(stream, 0, *states))
    return stream


def tamper(database: Database, position: int, data: bytes | None) -> None:
    with psycopg.connect(database.login) as connection:
        connection.execute("UPDATE ledger.payloads SET payload = %s WHERE position = %s", [data, position])


async def refused(database: Database, stream: UUID, kind: type[Refusal], position: int) -> None:
    async with open_store(database) as store:
        for reading in (store.streams([stream]), store.range(0, 10)):
            with pytest.raises(kind) as raised:
                await reading
            assert raised.value.details == {"position": position}
            assert raised.value.kind is Kind.UNAVAILABLE
        assert len(await store.range(0, position)) == position


@pytest.mark.parametrize("data", TAMPERED)
async def test_bytes_that_differ_from_their_digest_are_not_read(database: Database, data: bytes) -> None:
    stored = GOLDEN["Screened"]
    stream = await write(database, stored, stored, stored)
    tamper(database, 1, data)
    await refused(database, stream, PayloadDiffers, 1)


async def test_bytes_that_are_gone_without_a_redaction_are_named(database: Database) -> None:
    stream = await write(database, GOLDEN["Screened"], GOLDEN["Screened"])
    tamper(database, 1, None)
    await refused(database, stream, PayloadUnreadable, 1)


@pytest.mark.parametrize("data", [b"\xff", b"[]", b"{}", b'{"shape":2}', b"[" * 100_000, b'{"shape":3,"fact":{}}'])
async def test_bytes_that_are_no_event_are_named(database: Database, data: bytes) -> None:
    stream = await write(database, GOLDEN["Screened"], data)
    await refused(database, stream, PayloadUnreadable, 1)


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    with open_writer(database) as writer:
        yield writer


def test_read_models_stop_at_the_unreadable_event(database: Database, writer: Writer) -> None:
    for number in range(4):
        writer.write(streams_of([applied(str(number))]))
    with psycopg.connect(database.login) as connection:
        right = connection.execute("SELECT payload FROM ledger.payloads WHERE position = 2").fetchone()
    assert right is not None
    tamper(database, 2, GOLDEN["Published"])
    with closing(Runner(database, Listing(), Audit())) as runner:
        runner.prepare()
        while runner.follow():
            pass
        assert broken(database) == {("listing", 2, 2), ("audit", 2, 2)}
        with pytest.raises(ProjectionBroken, match="position 2"):
            runner.rebuild()
        tamper(database, 2, right[0])
        runner.catch_up()
        assert broken(database) == {("listing", 4, None), ("audit", 4, None)}


def broken(database: Database) -> set[tuple[str, int, int | None]]:
    with psycopg.connect(database.login) as connection:
        rows = connection.execute("SELECT name, next_position, broken_position FROM projections.tracking").fetchall()
    return {(name, following, at) for name, following, at in rows}
