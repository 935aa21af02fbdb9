"""The command `minsheng remind`, as a timer starts it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.client import Town
from tests.api.reminders.servers import open_web_server
from tests.support import MASTER, open_folder

from ledger.database import Database


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as folder:
        key = folder / "keys" / "master.key"
        key.parent.mkdir(mode=0o700)
        key.write_text(MASTER.keys.text)
        key.chmod(0o600)
        yield folder


async def start(database: Database, folder: Path, channels: str) -> Process:
    environment = os.environ | {
        "DATABASE_URL": database.login,
        "MINSHENG_DATA": str(folder),
        "MINSHENG_REMIND": channels,
    }
    command = [str(Path(sys.executable).with_name("minsheng")), "remind", "--on", "2010-03-15"]
    return await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE, stderr=PIPE)


async def ended(process: Process) -> tuple[int | None, str, str]:
    out, errors = await process.communicate()
    return process.returncode, out.decode(), errors.decode()


async def test_a_killed_worker_resends_the_unrecorded(town: Town, database: Database, folder: Path) -> None:
    await town.published()
    with open_web_server() as web:
        process = await start(database, folder, web.url)
        web.on_message = lambda: process.send_signal(signal.SIGKILL)
        assert (await ended(process))[0] == -signal.SIGKILL
        web.on_message = lambda: None
        code, out, _ = await ended(await start(database, folder, web.url))
        assert (code, "1 sent, 0 failed" in out) == (0, True)
        code, out, _ = await ended(await start(database, folder, web.url))
        assert (code, out) == (0, "1 due soon or overdue\n")
        assert len(web.messages) == 2 and web.messages[0] == web.messages[1]


async def test_unsent_reminders_are_counted_with_exit_1(town: Town, database: Database, folder: Path) -> None:
    await town.published()
    code, out, errors = await ended(await start(database, folder, "log: http://127.0.0.1:1/"))
    assert code == 1
    assert "log:  1 sent, 0 failed" in out and "  0 sent, 1 failed" in out
    assert errors.startswith("reminder ")


async def test_a_wrong_setting_is_said_in_one_line(database: Database, folder: Path) -> None:
    code, out, errors = await ended(await start(database, folder, "log: smtp://user:s3cret@mail.example.org"))
    assert (code, out) == (1, "")
    assert errors == "minsheng: MINSHENG_REMIND, channel 2: smtp:// needs ?from= with one address\n"
