"""The states that a ledger remembers between commands."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
from tests.support import OFFICE, open_ledger

from ledger import transaction
from ledger.aggregates import PROGRAMME, PROJECT
from ledger.commands.programme import Extension, announce
from ledger.core.history import Timeline, state
from ledger.database import Database
from ledger.identifiers import programme_stream
from ledger.rules import beijing_2010
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext


@pytest.fixture
async def ledger(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ledger]:
    monkeypatch.setattr(transaction, "CACHED_STREAMS", 3)
    async with open_ledger(database) as ledger:
        yield ledger


async def test_a_used_state_outlives_newer_ones(ledger: Ledger) -> None:
    streams = [UUID(int=number) for number in range(1, 7)]
    for stream in streams:
        ledger.cache(Timeline(PROJECT, stream, ()))
        assert ledger.cached(streams[0]) is not None
    kept = [stream for stream in streams if ledger.cached(stream) is not None]
    assert kept == [streams[0], *streams[-2:]]


async def test_a_stream_that_is_only_founded_pushes_out_nothing(ledger: Ledger) -> None:
    await ledger.transact(CommandContext(OFFICE), announce(beijing_2010()))
    assert ledger.cached(programme_stream("beijing-2010")) is None


async def test_a_reader_sees_what_another_process_recorded(database: Database) -> None:
    stream = programme_stream("beijing-2010")
    async with open_ledger(database) as one, open_ledger(database) as other:
        assert (await one.read(PROGRAMME, [stream]))[stream].version == 0
        await one.transact(CommandContext(OFFICE), announce(beijing_2010()))
        first = (await one.read(PROGRAMME, [stream]))[stream]
        assert (await one.read(PROGRAMME, [stream]))[stream] is first
        later = Extension(phase="review", last_day=date(2010, 4, 30), reason="示例。")
        await other.transact(CommandContext(OFFICE), later.on("beijing-2010"))
        second = (await one.read(PROGRAMME, [stream]))[stream]
        assert (first.version, second.version) == (1, 2)
        for known in range(-1, 3):
            assert second.as_known(known) == state(PROGRAMME, stream, second.events, known)
        assert second.as_known(0) == first.state != second.state
        # One that is behind is no better than none.
        one.cache(first)
        assert (await one.read(PROGRAMME, [stream]))[stream].version == 2
