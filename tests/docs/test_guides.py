"""The commands in the guides do what the guides say they do.

A block of shell that is marked `tested` is run; the block `answer` behind it holds lines of its output in their
order, with `…` for whatever differs. Blocks marked `loss` are run with a data folder of their own.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from tests.docs.documents import DOCS, ROOT, Block, blocks
from tests.support import free_port, open_folder

from ledger.database import Database
from ledger.database.embedded import EmbeddedServer

BETWEEN = "@@ next block @@"
DEFAULT_ADDRESS = "127.0.0.1:8000"
NOTHING = Block((), "")
SECONDS = 1200


def run(names: list[str], marks: tuple[str, ...], folder: Path, **settings: str) -> None:
    """Runs the blocks of the documents in one shell and compares what each of them prints."""
    found = [block for name in names for block in blocks(DOCS / name)]
    tested = [
        (block.text.replace(DEFAULT_ADDRESS, settings.get("ADDRESS", DEFAULT_ADDRESS)), after)
        for block, after in pairwise([*found, NOTHING])
        if block.words == ("sh", *marks)
    ]
    printed = shell(f"\necho '{BETWEEN}'\n".join(commands for commands, _ in tested), folder, settings)
    for text, (_, after) in zip(printed.split(f"{BETWEEN}\n"), tested, strict=True):
        answer = after.text if after.words == ("text", "answer") else ""
        assert says(text, answer), f"{answer}\n--- is not in ---\n{text}"


def says(text: str, answer: str) -> bool:
    """Whether the lines of the answer stand in the text in this order."""
    parts = [part for line in answer.splitlines() for part in line.split("…")]
    return re.search(".*?".join(map(re.escape, parts)), text, re.DOTALL) is not None


def shell(script: str, folder: Path, settings: dict[str, str]) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    known = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PORT")}
    environment = known | settings | {"PATH": path, "COLUMNS": "200"}
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def work_folder(folder: Path) -> Path:
    """Where the commands are run: as in the project's folder, but what they write goes with the test."""
    work = folder / "work"
    work.mkdir(mode=0o755)
    (work / "src").symlink_to(ROOT / "src")
    return work


@contextmanager
def served(database: Database, data: Path, **settings: str) -> Iterator[str]:
    """The service as a command, on a port of its own."""
    address = f"127.0.0.1:{free_port()}"
    environment = os.environ | {"DATABASE_URL": database.login, "MINSHENG_DATA": str(data)} | settings
    minsheng = Path(sys.executable).with_name("minsheng")
    process = subprocess.Popen([minsheng, "serve", "--port", address.split(":")[1]], env=environment)
    try:
        wait_for(f"http://{address}/healthz")
        yield address
    finally:
        process.terminate()
        process.wait()


def wait_for(url: str) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(url):
                return
        except URLError:
            time.sleep(0.1)
    raise TimeoutError(url)


def test_running_it() -> None:
    with open_folder() as folder:
        work, data = work_folder(folder), folder / "data"
        # Held open, so that not each command has to start the server.
        with EmbeddedServer.open(data):
            run(["operator.md"], ("tested",), work, MINSHENG_DATA=str(data))


def test_losing_signed_events() -> None:
    with open_folder() as folder:
        run(["operator.md"], ("tested", "loss"), work_folder(folder), XDG_DATA_HOME=str(folder))


@pytest.mark.skipif(shutil.which("curl") is None, reason="the guides ask by curl")
def test_the_two_clocks_and_the_data(database: Database) -> None:
    with open_folder() as folder, served(database, folder) as address:
        settings = {"DATABASE_URL": database.login, "MINSHENG_DATA": str(folder), "ADDRESS": address}
        guides = ["time.md", "data.md", "audit.md", "credit.md", "open-data.md"]
        run(guides, ("tested",), work_folder(folder), **settings)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the guides ask by curl")
def test_webhooks(database: Database) -> None:
    with open_folder() as folder, served(database, folder, MINSHENG_WEBHOOKS_LOCAL="1") as address:
        settings = {"DATABASE_URL": database.login, "MINSHENG_DATA": str(folder), "ADDRESS": address}
        run(["webhooks.md"], ("tested",), work_folder(folder), RECEIVE=str(free_port()), **settings)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the guides ask by curl")
def test_the_archive(database: Database) -> None:
    with open_folder() as folder, served(database, folder) as address:
        settings = {"DATABASE_URL": database.login, "MINSHENG_DATA": str(folder), "ADDRESS": address}
        run(["archive.md"], ("tested",), work_folder(folder), XDG_DATA_HOME=str(folder), **settings)


def test_the_forms(database: Database) -> None:
    with open_folder() as folder:
        run(["forms.md"], ("tested",), work_folder(folder), DATABASE_URL=database.login, MINSHENG_DATA=str(folder))


def test_money_and_the_registry(database: Database) -> None:
    with open_folder() as folder:
        run(["export.md"], ("tested",), work_folder(folder), DATABASE_URL=database.login, MINSHENG_DATA=str(folder))


def test_an_answer_is_compared_line_by_line_in_order() -> None:
    assert says("one 17 two\nthree", "one … two\nthree")
    assert not says("three\none", "one\nthree")
