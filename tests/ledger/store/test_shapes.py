"""Events of an older shape in the store: read as the newest, and never touched."""

from uuid import uuid4

import psycopg
import pytest
from tests.ledger.store.appends import written
from tests.ledger.store.checks import check_whole
from tests.ledger.test_storage_format import FIRST_SHAPE, GOLDEN

from ledger.core.envelope import decode
from ledger.core.upcasting import SHAPE, ShapeUnknown
from ledger.database import Database
from ledger.store import open_store


async def test_the_first_shape_is_read_as_the_newest(database: Database) -> None:
    stream, names = uuid4(), ("Applied", "Screened", "Restated.Applied")
    stored = [FIRST_SHAPE[name] for name in names]
    async with open_store(database) as store:
        await store.append(written(stream, 0, *stored))
        for found in ((await store.streams([stream]))[stream], await store.range(0, 3)):
            assert [one.event for one in found] == [decode(GOLDEN[name]) for name in names]
    with psycopg.connect(database.login) as connection:
        rows = connection.execute("SELECT payload FROM ledger.payloads ORDER BY position").fetchall()
    assert [bytes(payload) for (payload,) in rows] == stored
    # Digest and leaf are those of the stored bytes, not of what they are read as.
    assert check_whole(database) == 3


async def test_an_old_program_refuses_a_newer_ledger(database: Database) -> None:
    stream = uuid4()
    newer = GOLDEN["Published"].replace(b'"shape":%d' % SHAPE, b'"shape":%d' % (SHAPE + 1))
    async with open_store(database) as store:
        await store.append(written(stream, 0, newer))
        with pytest.raises(ShapeUnknown, match="Update the program"):
            await store.streams([stream])
