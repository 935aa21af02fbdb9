"""The clock at the machine itself, and what auditors read of it."""

import asyncio
from pathlib import Path

import psycopg
import pytest
from tests.api.client import check_problem, open_town
from tests.ledger.store.appends import append
from typer.testing import CliRunner

from api.cli.main import app
from ledger.database import Database
from ledger.refusals.storage import ClockAhead
from ledger.store import open_store

REASON = "示例：虚拟机暂停过，时钟已核对。"


async def minsheng(database: Database, folder: Path, *words: str) -> tuple[int, str]:
    environment = {"DATABASE_URL": database.login, "MINSHENG_DATA": str(folder), "COLUMNS": "400"}
    done = await asyncio.to_thread(CliRunner().invoke, app, list(words), env=environment)
    return done.exit_code, " ".join(done.output.split())


async def test_one_command_accepts_the_clock_and_auditors_read_why(database: Database, tmp_path: Path) -> None:
    async with open_store(database):
        assert await minsheng(database, tmp_path, "clock", "status") == (0, "right")
    with psycopg.connect(database.login, autocommit=True) as owner:
        # As if this machine's clock had jumped since it was last looked at.
        owner.execute("UPDATE ledger.clock_references SET clock = clock - interval '1 hour'")
    async with open_store(database) as store:
        with pytest.raises(ClockAhead):
            await store.append(append())
        for words in (["clock", "status"], ["doctor"]):
            code, said = await minsheng(database, tmp_path, *words)
            assert (code, "3600 s ahead" in said or "3601 s ahead" in said) == (0, True), said
            assert "minsheng clock accept --reason" in said
        code, said = await minsheng(database, tmp_path, "clock", "accept", "--reason", REASON)
        assert (code, said.startswith("accepted: 360")) == (0, True), said
        await store.append(append())
        assert await minsheng(database, tmp_path, "clock", "status") == (0, "right")
        assert "nothing to accept" in (await minsheng(database, tmp_path, "clock", "accept", "--reason", "x"))[1]


async def test_only_who_sees_what_is_confidential_reads_acceptances(database: Database) -> None:
    with psycopg.connect(database.login, autocommit=True) as owner:
        owner.execute("INSERT INTO ledger.clock_acceptances VALUES (1, now(), now(), 7, -3600.5, %s)", [REASON])
    async with open_town(database) as town:
        for caller in (town.auditor, town.office, town.leaders):
            [one] = (await caller.read("/v1/audit/clock-acceptances"))["acceptances"]
            assert (one["number"], one["size"], one["seconds"], one["reason"]) == (1, 7, -3600.5, REASON)
        check_problem(await town.public.get("/v1/audit/clock-acceptances"), 401, "sign_in_needed")
        for caller in (town.city, town.district, town.treasury):
            check_problem(await caller.get("/v1/audit/clock-acceptances"), 403, "role_may_not")
