"""The first appointment, and accounts that hang on appointments, at the machine itself."""

import asyncio
import json
from pathlib import Path

from tests.api.appointing import NAME, appoint
from tests.api.client import open_town
from tests.support import MASTER
from typer.testing import CliRunner

from api.cli.main import app
from ledger.core.refusal import Refusal
from ledger.database import Database

FIRST = ("appointment", "first", NAME, "--document", "示例任〔2010〕1号", "--reason", "成立领导小组。", "--json")


async def minsheng(database: Database, folder: Path, *words: str) -> str:
    """The output; raises the refusal that the command would end with."""
    environment = {"DATABASE_URL": database.login, "MINSHENG_DATA": str(folder), "COLUMNS": "200"}
    done = await asyncio.to_thread(CliRunner().invoke, app, list(words), env=environment)
    if isinstance(done.exception, Refusal):
        return done.exception.code
    assert done.exit_code == 0, done.output
    return done.output


def key(folder: Path) -> None:
    """That of the town."""
    path = folder / "keys" / "master.key"
    path.parent.mkdir(mode=0o700)
    path.write_text(MASTER.keys.text)
    path.chmod(0o600)


async def test_accounts_hang_on_appointments_from_the_first_on(database: Database, tmp_path: Path) -> None:
    key(tmp_path)
    async with open_town(database) as town:
        old = json.loads(await minsheng(database, tmp_path, "account", "open", "committee", "--json"))
        position = json.loads(await minsheng(database, tmp_path, *FIRST))["position"]
        assert await minsheng(database, tmp_path, *FIRST) == "first_appointment_made"
        assert await minsheng(database, tmp_path, "account", "open", "committee") == "appointment_needed"
        for role, at, said in (("committee", position, "person_differs"), ("leading_group", 0, "appointment_unknown")):
            assert await minsheng(database, tmp_path, "account", "open", role, "--appointment", str(at)) == said
        opened = await minsheng(database, tmp_path, "account", "open", "leading_group", "--appointment", str(position))
        assert "msl_" in opened
        listed = json.loads(await minsheng(database, tmp_path, "appointment", "list", "--json"))
        assert [(one["position"], one["name"]) for one in listed["appointments"]] == [(position, NAME)]
        assert NAME in await minsheng(database, tmp_path, "appointment", "list", "--role", "leading_group")
        other, own = await appoint(town), await appoint(town, same_as=old["account"])
        bind = ("account", "bind", old["account"])
        assert await minsheng(database, tmp_path, *bind, str(other)) == "person_differs"
        assert "acts by the appointment" in await minsheng(database, tmp_path, *bind, str(own))
