"""Another reader of other people's code: Go's own sumdb packages verify what is published, and reject flipped bits."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from tests.docs.test_guides import served as served_by_the_service
from tests.support import open_folder
from tests.verify.gobuild import NoGo, gocheck
from tests.verify.grants import grants
from tests.verify.producer import LOG, Made, Signer, events
from tests.verify.serving import served
from tests.verify.test_tree import flipped

from ledger.database import Database

SERVED = 600
MADE = Made(events(70_000), (LOG, Signer("witness.example/w", 4)))


@pytest.fixture(scope="module")
def program() -> Path:
    try:
        return gocheck()
    except NoGo as reason:
        pytest.skip(f"no cross-check by Go: {reason}")


@pytest.fixture
def of_a_folder(tmp_path: Path) -> Iterator[str]:
    MADE.write(tmp_path / "log")
    with served(tmp_path) as address:
        yield f"{address}/log"


@pytest.fixture
def of_the_service(database: Database, tmp_path: Path) -> Iterator[str]:
    """Signed by it while it serves."""
    file = tmp_path / "grants.json"
    file.write_text(json.dumps(grants(SERVED)))
    with open_folder() as data:
        environment = os.environ | {"DATABASE_URL": database.login, "MINSHENG_DATA": str(data)}
        minsheng = Path(sys.executable).with_name("minsheng")
        subprocess.run([minsheng, "import", "360giving", file], env=environment, check=True, capture_output=True)
        with served_by_the_service(database, data) as address:
            deadline = time.monotonic() + 60
            while not _signed(f"http://{address}/log/checkpoint", SERVED) and time.monotonic() < deadline:
                time.sleep(0.2)
            yield f"http://{address}/log"


def _signed(checkpoint: str, size: int) -> bool:
    try:
        with urlopen(checkpoint) as answer:
            return int(answer.read().split(b"\n")[1]) > size
    except HTTPError:
        return False


@pytest.fixture(params=["of_a_folder", "of_the_service"])
def base(request: pytest.FixtureRequest) -> str:
    address: str = request.getfixturevalue(request.param)
    return address


def check(program: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=300)


def test_go_agrees_and_rejects_flipped_bits(program: Path, base: str) -> None:
    done = check(program, base)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["inclusion"], told["consistency"], told["size"] > 0) == (200, 50, True)
    assert told["bundles"] == -(-told["size"] // 256)
    assert told["rejected"] > 1000


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 65_536])
def test_go_agrees_on_logs_of_every_shape(program: Path, tmp_path: Path, size: int) -> None:
    made = Made(MADE.events[:size])
    done = check(program, "-key", LOG.key, "-positions", 20, "-sizes", 20, made.write(tmp_path))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["origin"], told["size"]) == (made.origin, size)
    assert told["root"] == made.text().split("\n")[2]


@pytest.mark.parametrize(
    "path", ["checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"]
)
def test_go_refuses_a_log_that_was_tampered_with(program: Path, tmp_path: Path, path: str) -> None:
    made = Made(MADE.events[:300])
    made.write(tmp_path, lambda files: files.update({path: flipped(files[path], 203)}))
    done = check(program, "-key", LOG.key, tmp_path)
    assert done.returncode == 1
    assert path.partition("/")[0] in done.stderr
