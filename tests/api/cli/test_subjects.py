"""Personal data at the machine itself: found, reported, kept, and erased by two people."""

import asyncio
import json
from pathlib import Path
from uuid import UUID

from tests.api.cli.test_appointments import key
from tests.api.client import Town, open_town
from tests.api.routes.test_subjects import NAME, READS, found, other_account, reported
from typer.testing import CliRunner

from api.cli.main import app
from ledger.core.refusal import Refusal
from ledger.database import Database

WHY = ("--reason", "示例：本人申请。")
BASIS = ("--authority", "个人信息保护法第四十七条", *WHY)


async def minsheng(database: Database, folder: Path, *words: str, said: str = "", token: str | None = None) -> str:
    """The output; of a refusal, its code. `said`: what is typed when it asks."""
    environment = {
        "DATABASE_URL": database.login,
        "MINSHENG_DATA": str(folder),
        "COLUMNS": "200",
        "MINSHENG_TOKEN": token or "",
    }
    done = await asyncio.to_thread(CliRunner().invoke, app, ["subject", *words], input=said, env=environment)
    if isinstance(done.exception, Refusal):
        return done.exception.code
    assert done.exit_code == 0, done.output
    return done.stdout


async def office(town: Town) -> UUID:
    async with town.service.pool.connection() as connection:
        rows = await connection.execute("SELECT id FROM ledger.accounts WHERE role = 'office'")
        [(person,)] = await rows.fetchall()
    found: UUID = person
    return found


async def test_two_people_erase_at_the_machine(database: Database, tmp_path: Path) -> None:
    key(tmp_path)
    async with open_town(database) as town:
        await reported(town, await town.published())
        await town.followed()
        # The runner repeats what is typed, which a terminal shows and nothing keeps.
        output = await minsheng(database, tmp_path, "find", *WHY, "--json", said=f"{NAME}\n")
        listed = json.loads(output.splitlines()[-1])
        [subject] = [one["subject"] for one in listed["found"]]
        out = tmp_path / "report.json"
        await minsheng(database, tmp_path, "report", subject, *WHY, "--out", str(out))
        assert json.loads(out.read_text())["values"][0]["value"]["name"] == NAME
        assert out.stat().st_mode & 0o077 == 0
        assert "version 1" in await minsheng(database, tmp_path, "hold", subject, *BASIS)
        mine, same = town.office.token, (await other_account(town, "office", await office(town))).token
        assert await minsheng(database, tmp_path, "erase", subject, *BASIS, token=mine) == "subject_on_hold"
        await minsheng(database, tmp_path, "release", subject, "1", *WHY)
        assert "--confirm 3" in await minsheng(database, tmp_path, "erase", subject, *BASIS, token=mine)
        confirm = ("erase", subject, "--confirm", "3")
        for token in (mine, same):
            assert await minsheng(database, tmp_path, *confirm, token=token) == "proposer_may_not_confirm"
        assert await minsheng(database, tmp_path, *confirm, token="msl_nobody") == "sign_in_needed"
        assert "version 4" in await minsheng(database, tmp_path, *confirm, said=f"{town.leaders.token}\n")
        assert await found(town, NAME) == []
        assert "0 finished" in await minsheng(database, tmp_path, "clear")
        acts = [(one["why"], one["role"]) for one in (await town.auditor.read(READS))["reads"]]
        assert acts == [("searched", "office"), ("reported", "office"), ("searched", "office")]
