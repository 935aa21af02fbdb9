"""Whatever becomes of the process that reads a workbook costs its sender a refusal, and nobody else anything."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import psutil
import pytest
from tests.api.bodies import PROGRAMME
from tests.api.client import Town, check_problem
from tests.api.files.tables.reading import LIMITS, read
from tests.api.files.tables.spellings import Cell, Content, workbook

from api.files.tables import isolation
from api.files.tables.isolation import AT_ONCE, LARGEST_ANSWER, TableReader
from api.files.tables.xlsx.unreadable import Reason, Unreadable
from ledger.refusals.tables import TablesBusy

START = "import os, signal, sys, time; sys.path.insert(0, sys.argv.pop(1)); from api.files.tables.xlsx import process; "
HANGS = START + "signal.pause()"
SMALL = workbook(Content((Cell(1, 1, "标题"), Cell(2, 1, 5))))
APPLICATIONS = f"/v1/programmes/{PROGRAMME}/tables/applications"


async def read_apart(
    reader: TableReader, content: bytes = SMALL, who: UUID | None = None
) -> list[tuple[int, int, str, str]]:
    found = await reader.read(content, who or uuid4(), rows=LIMITS.rows, columns=LIMITS.columns)
    return [(row, column, kind, value) for row, column, kind, value in found.cells]


def children() -> list[psutil.Process]:
    """Those that run this code; the test's own database is no child that ends."""
    return [one for one in psutil.Process().children() if one.is_running() and isolation.CODE in _words(one)]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


async def started(count: int) -> None:
    async with asyncio.timeout(60):
        while len(children()) < count:
            await asyncio.sleep(0.01)


async def test_a_process_of_its_own_reads_the_same() -> None:
    expected = [(one.row, one.column, one.kind, one.value) for one in read(SMALL).cells]
    assert await read_apart(TableReader()) == expected
    with pytest.raises(Unreadable) as refused:
        await read_apart(TableReader(), b"PK\x03\x04")
    assert refused.value.reason is Reason.DAMAGED
    assert children() == []


@pytest.mark.parametrize(
    "end",
    [
        "os.abort()",
        "os.kill(os.getpid(), 9)",
        "sys.exit(0)",
        "sys.exit(3)",
        "print('{}')",
        """print('{"sheet": 1, "cells": []}')""",
        f"sys.stdout.write('x' * {2 * LARGEST_ANSWER})",
        "process.bound(); bytearray(process.MEMORY)",
        "process.bound(); __import__('tempfile').TemporaryFile(buffering=0).write(b'x')",
        "process.CPU_SECONDS = 1; process.bound(); [None for _ in iter(int, 1)]",
        "process.CPU_SECONDS = 1; process.bound(); signal.pause()",
    ],
)
async def test_however_it_ends_the_answer_is_a_refusal(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    monkeypatch.setattr(isolation, "CODE", START + end)
    with pytest.raises(Unreadable) as refused:
        await read_apart(TableReader())
    assert refused.value.reason is Reason.TOO_SLOW
    assert children() == []


async def test_one_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "CODE", HANGS)
    monkeypatch.setattr(isolation, "SECONDS", 0.5)
    with pytest.raises(Unreadable):
        await read_apart(TableReader())
    assert children() == []


async def test_a_cancelled_request_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "CODE", HANGS)
    reading = asyncio.create_task(read_apart(TableReader()))
    await started(1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert children() == []


async def test_it_inherits_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = tmp_path / "told"
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    tell = f"import json, pathlib; pathlib.Path({str(told)!r}).write_text(json.dumps([*os.environ]))"
    monkeypatch.setattr(isolation, "CODE", START + tell)
    with pytest.raises(Unreadable):
        await read_apart(TableReader())
    assert "DATABASE_URL" in os.environ
    assert "DATABASE_URL" not in json.loads(told.read_text())


async def test_only_so_many_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "TURN_SECONDS", 0.1)
    normal, reader = isolation.CODE, TableReader()
    monkeypatch.setattr(isolation, "CODE", HANGS)
    reading = [asyncio.create_task(read_apart(reader)) for _ in range(AT_ONCE)]
    await started(AT_ONCE)
    with pytest.raises(TablesBusy):
        await read_apart(reader)
    for process in children():
        process.kill()
    for refused in await asyncio.gather(*reading, return_exceptions=True):
        assert isinstance(refused, Unreadable)
    monkeypatch.setattr(isolation, "CODE", normal)
    assert len(await read_apart(reader)) == 2


async def test_one_account_takes_one_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "TURN_SECONDS", 0.1)
    normal, reader, who = isolation.CODE, TableReader(), uuid4()
    monkeypatch.setattr(isolation, "CODE", HANGS)
    hanging = asyncio.create_task(read_apart(reader, who=who))
    await started(1)
    with pytest.raises(TablesBusy):
        await read_apart(reader, who=who)
    for process in children():
        process.kill()
    with pytest.raises(Unreadable):
        await hanging
    monkeypatch.setattr(isolation, "CODE", normal)
    monkeypatch.setattr(isolation, "TURN_SECONDS", 60.0)
    # The turns of others, and its own when it is over, are not lost.
    for found in await asyncio.gather(*(read_apart(reader, who=who) for _ in range(AT_ONCE + 1))):
        assert len(found) == 2


async def test_a_killed_reader_costs_one_answer(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "CODE", HANGS)
    size = await town.size()
    sending = asyncio.create_task(town.local.send(APPLICATIONS, SMALL))
    await started(1)
    assert (await town.public.get("/healthz")).status_code == 200
    await town.applied()
    for process in children():
        process.kill()
    check_problem(await sending, 422, "file_refused")
    assert await town.size() == size + 1


async def test_readers_that_are_all_busy_say_when_to_retry(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "TURN_SECONDS", 0.1)
    monkeypatch.setattr(isolation, "CODE", HANGS)
    sending = [asyncio.create_task(one.send(APPLICATIONS, SMALL)) for one in (town.local, town.city)]
    await started(AT_ONCE)
    answer = await town.neighbour.send(APPLICATIONS, SMALL)
    check_problem(answer, 503, "tables_busy")
    assert answer.headers["Retry-After"] == "5"
    for process in children():
        process.kill()
    await asyncio.gather(*sending)


@pytest.mark.parametrize("path", ["applications", "progress"])
async def test_nothing_is_read_for_who_may_not_import(town: Town, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(isolation, "CODE", HANGS)
    taken = []

    async def body() -> AsyncIterator[bytes]:
        taken.append(1)
        yield SMALL

    for caller, status in ((town.auditor, 403), (town.members[0], 403), (town.public, 401)):
        headers = {"Authorization": f"Bearer {caller.token}"} if caller.token else {}
        headers["Idempotency-Key"] = "example"
        address = f"/v1/programmes/{PROGRAMME}/tables/{path}"
        answer = await town.public.http.post(address, content=body(), headers=headers)
        assert answer.status_code == status
    assert taken == []
