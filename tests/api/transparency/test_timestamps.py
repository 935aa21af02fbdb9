"""Timestamps of checkpoints by an authority of the tests' own, made with the openssl program."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.api.client import check_problem
from tests.api.transparency.logs import checkpoint_of, content, open_signed_town, signed
from tests.api.transparency.witnesses import running

from api.transparency.timestamps import TimestampProblem, stamp_newest, stamped
from ledger.database import Database

pytestmark = [pytest.mark.skipif(shutil.which("openssl") is None, reason="the authority is the openssl program")]
CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Example Authority
[ca]
basicConstraints = critical,CA:TRUE
[tsa]
extendedKeyUsage = critical,timeStamping
[tsa_config]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
"""


def openssl(folder: Path, *words: str) -> str:
    done = subprocess.run(["openssl", *words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def make_authority(folder: Path) -> None:
    (folder / "config").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01")
    new_key = ["-newkey", "rsa:2048", "-nodes", "-config", "config"]
    openssl(folder, "req", "-x509", *new_key, "-extensions", "ca", "-keyout", "ca.key", "-out", "ca.pem")
    openssl(folder, "req", *new_key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Example Stamps")
    sign = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "config", "-extensions", "tsa"]
    openssl(folder, "x509", "-req", "-in", "tsa.csr", *sign, "-out", "tsa.pem")


def authority(folder: Path) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        (folder / "query").write_bytes(await Request(scope, receive).body())
        given = ["-config", "config", "-section", "tsa_config", "-signer", "tsa.pem", "-inkey", "tsa.key"]
        await asyncio.to_thread(openssl, folder, "ts", "-reply", "-queryfile", "query", *given, "-out", "reply")
        await Response((folder / "reply").read_bytes(), media_type="application/timestamp-reply")(scope, receive, send)

    return app


@asynccontextmanager
async def answering(content: bytes, status: int = 200) -> AsyncIterator[str]:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        await Response(content, status)(scope, receive, send)

    async with running(app) as url:
        yield url


async def test_a_checkpoint_is_stamped_once_and_verifies(database: Database, tmp_path: Path) -> None:
    make_authority(tmp_path)
    async with open_signed_town(database, tmp_path) as town, running(authority(tmp_path)) as url:
        await town.applied()
        size = await signed(town)
        assert await stamp_newest(town.service.pool, url) == size
        reply = await content(town.public, f"/log/timestamps/{size}")
        answer = await town.public.get(f"/log/timestamps/{size}")
        assert answer.headers["content-type"] == "application/timestamp-reply"
        assert "immutable" in answer.headers["cache-control"]
        (tmp_path / "stamp").write_bytes(reply)
        (tmp_path / "text").write_text((await checkpoint_of(town.public)).text)
        verify = ("ts", "-verify", "-in", "stamp", "-data", "text", "-CAfile", "ca.pem", "-untrusted", "tsa.pem")
        assert "OK" in openssl(tmp_path, *verify)

        assert await stamp_newest(town.service.pool, url) == size
        assert await content(town.public, f"/log/timestamps/{size}") == reply
        check_problem(await town.public.get(f"/log/timestamps/{size + 1}"), 404, "timestamp_unknown")


async def test_a_reply_to_another_request_is_not_taken(tmp_path: Path) -> None:
    make_authority(tmp_path)
    async with running(authority(tmp_path)) as url:
        other = await asyncio.to_thread(stamped, b"another text", url)
    async with answering(other) as url:
        with pytest.raises(TimestampProblem, match="another request"):
            await asyncio.to_thread(stamped, b"a text", url)


@pytest.mark.parametrize(
    ("reply", "status", "why"),
    [
        (b"", 200, "cannot be read"),
        (b"nonsense", 200, "cannot be read"),
        (bytes.fromhex("30053003020102"), 200, "refuses"),
        (b"", 500, "answers 500"),
    ],
)
async def test_what_is_no_timestamp_is_told_so(reply: bytes, status: int, why: str) -> None:
    async with answering(reply, status) as url:
        with pytest.raises(TimestampProblem, match=why):
            await asyncio.to_thread(stamped, b"a text", url)


@pytest.mark.parametrize(("url", "why"), [("http://127.0.0.1:9", "cannot be reached"), ("file:///etc/passwd", "http")])
def test_an_authority_that_is_none_is_told_so(url: str, why: str) -> None:
    with pytest.raises(TimestampProblem, match=why):
        stamped(b"a text", url)
