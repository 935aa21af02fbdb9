"""The command `minsheng webhooks`, while the service runs."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.webhooks.conftest import PATH, Post
from tests.api.webhooks.receivers import Receiver
from tests.api.webhooks.test_sending import given_up
from tests.support import open_folder

from ledger.database import Database


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


async def minsheng(database: Database, folder: Path, *words: str) -> tuple[int | None, str, str]:
    environment = os.environ | {"DATABASE_URL": database.login, "MINSHENG_DATA": str(folder)}
    command = [str(Path(sys.executable).with_name("minsheng")), "webhooks", *words]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE, stderr=PIPE)
    out, errors = await process.communicate()
    return process.returncode, out.decode(), errors.decode()


async def test_the_machine_lists_webhooks_and_sends_dead_letters_again(
    post: Post, receiver: Receiver, database: Database, folder: Path
) -> None:
    made = await post.made(receiver.url)
    receiver.status = 500
    await post.graded(post.town.local_id)
    await given_up(post)
    code, out, _ = await minsheng(database, folder, "list")
    assert (code, made["id"] in out, f"http://127.0.0.1:{receiver.port} " in out) == (0, True, True)
    _, as_json, _ = await minsheng(database, folder, "list", "--json")
    assert json.loads(as_json)[0]["label"] == "示例信用系统"
    assert "receiver-secret" not in out + as_json
    code, out, _ = await minsheng(database, folder, "deliveries", made["id"], "--state", "dead")
    assert (code, out.split()) == (0, [receiver.ids[0], "dead", "12", "attempts", "500"])
    assert await minsheng(database, folder, "replay", made["id"]) == (0, "1 to be sent again\n", "")
    receiver.status = 204
    await post.sent()
    _, out, _ = await minsheng(database, folder, "deliveries", made["id"], "--json")
    assert json.loads(out)[0]["state"] == "delivered"
    await post.town.office.post(f"{PATH}/{made['id']}/end", {})
    code, out, errors = await minsheng(database, folder, "replay", made["id"])
    assert (code, out, errors.startswith("minsheng: webhook_ended: ")) == (1, "", True)
