"""Invitations are made at the machine itself; the demonstration is offered there alone."""

import json
from pathlib import Path

import pytest
from tests.api.cli.test_appointments import key, minsheng
from tests.api.client import open_town
from tests.api.sign_in.browser import PASSWORD, opened
from typer.testing import CliRunner

from api.cli.main import app
from ledger.database import Database


async def test_an_invitation_leads_to_a_login(database: Database, tmp_path: Path) -> None:
    key(tmp_path)
    async with open_town(database) as town, opened(town) as browser:
        account = json.loads(await minsheng(database, tmp_path, "account", "open", "treasury", "--json"))["account"]
        printed = (await minsheng(database, tmp_path, "account", "invite", account)).strip()
        base, _, path = printed.partition("/sign-in/")
        assert base == "http://127.0.0.1:8000"
        # The town has a clock of its own, on which this invitation is still to come.
        sent = await browser.send(f"/sign-in/{path}", {"name": "示例甲", "password": PASSWORD})
        assert sent.headers["location"] == "/account"
        nobody = "00000000-0000-4000-8000-000000000000"
        assert await minsheng(database, tmp_path, "account", "invite", nobody) == "account_unknown"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org"])
def test_the_demonstration_is_not_offered_to_others(host: str) -> None:
    done = CliRunner().invoke(app, ["serve", "--demo", "--host", host])
    assert done.exit_code == 2
    assert "--demo-public" in done.output
