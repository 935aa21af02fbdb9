"""One faulty or lying witness never stops a log whose quorum is met; one that shows another history does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from tests.api.transparency.test_witnesses import policy
from tests.api.transparency.witnesses import running_witness
from tests.ledger.transparency.logs import ORIGIN, Log, open_log
from tests.ledger.transparency.test_signer import LEASE_ENDS

from api.transparency.witnesses import HttpWitnesses
from ledger.database import Database
from ledger.transparency.notes import COSIGNATURE, ED25519, Checkpoint, Signer

# How long a witness has: a busy machine's honest ones need more than those of an idle one.
SECONDS = 3.0
EVENTS = (5, 1, 300)
LIAR = Signer.make("w.example/liar", COSIGNATURE)
MONITORED = f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint"

# Gets the request's first line and all of its bytes.
Behaviour = Callable[[str, bytes, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def log(database: Database, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Log]:
    async with open_log(database, tmp_path) as opened:
        yield opened


@asynccontextmanager
async def liar(behave: Behaviour) -> AsyncIterator[str]:
    """A witness that behaves so towards any request; its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"), 0
            )
            await behave(head.decode().split("\r\n")[0], await reader.readexactly(length), writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def answer(status: int, body: bytes = b"", headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status} Said\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{headers}\r\n"
    return head.encode() + body


def always(said: bytes) -> Behaviour:
    async def behave(_: str, __: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()

    return behave


def refusing(status: int, body: bytes, shown: bytes) -> Behaviour:
    """Refuses to cosign, and shows monitors this."""

    async def behave(line: str, _: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, shown) if line.startswith(f"GET {MONITORED} ") else answer(status, body))
        await writer.drain()

    return behave


async def cosigning_something_else(_: str, body: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(answer(200, LIAR.signature("another text\n").encode()))
    await writer.drain()


async def dripping(_: str, __: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def dripping_headers(_: str, __: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"X-More: x\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def endless(_: str, __: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        await writer.drain()


async def silent(_: str, __: bytes, writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        await asyncio.sleep(0.05)


async def resetting(_: str, __: bytes, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


STRANGER = Signer.make(ORIGIN, ED25519)
FORGED = Checkpoint(ORIGIN, 3, bytes(32)).signed([STRANGER]).encode()
FORGED_AHEAD = Checkpoint(ORIGIN, 10**6, bytes(32)).signed([STRANGER]).encode()
LIES: dict[str, Behaviour] = {
    "409 larger": always(answer(409, b"99999999\n")),
    "409 largest": always(answer(409, b"999999999999999999\n")),
    "409 smaller": always(answer(409, b"3\n")),
    "409 zero": always(answer(409, b"0\n")),
    "409 negative": always(answer(409, b"-1\n")),
    "409 garbage": always(answer(409, b"\xff\xfe")),
    "409 nothing": always(answer(409)),
    "409 forged checkpoint": refusing(409, b"1000000\n", FORGED_AHEAD),
    "422": always(answer(422)),
    "422 garbage shown": refusing(422, b"", b"\xff\n\n\xff"),
    "422 forged checkpoint": refusing(422, b"", FORGED),
    "422 other origin": refusing(422, b"", Checkpoint("other.example", 3, bytes(32)).signed([STRANGER]).encode()),
    "200 nothing": always(answer(200)),
    "200 wrong signature": cosigning_something_else,
    "200 garbage": always(answer(200, b"\x00\xff" * 100)),
    "gzip": always(answer(200, b"\x1f\x8b" + bytes(100), "Content-Encoding: gzip\r\n")),
    "500": always(answer(500)),
    "no HTTP": always(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "cut off": always(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nx"),
    "redirect": always(answer(302, b"", "Location: /elsewhere\r\n")),
    "redirect of the body": always(answer(307, b"", "Location: http://127.0.0.1:9/\r\n")),
    "drips": dripping,
    "drips headers": dripping_headers,
    "endless": endless,
    "silent": silent,
    "reset": resetting,
}


@pytest.mark.parametrize("behave", LIES.values(), ids=LIES)
async def test_one_bad_witness_never_stops_a_log(
    log: Log, tmp_path: Path, behave: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.transparency.witnesses.LEFT_ALONE_SECONDS", 0.0)
    key = log.keys.read().verifiers[0]
    async with (
        running_witness("w.example/1", key, tmp_path) as one,
        running_witness("w.example/2", key, tmp_path) as two,
        liar(behave) as url,
    ):
        witnesses = HttpWitnesses(policy((LIAR.verifier, url), one, two, least=2), seconds=SECONDS)
        signer = log.signer(witnesses)
        for events in EVENTS:
            await log.append(events)
            async with asyncio.timeout(60):
                status = await signer.sign()
            assert (status.code, status.refusal) == (None, None)
    assert log.sizes() == [5, 6, 306]


async def test_a_checkpoint_of_this_history_is_no_evidence(log: Log, tmp_path: Path) -> None:
    """It claims another history, and shows what we have signed ourselves."""
    await log.append(5)
    await log.signer().sign()
    key = log.keys.read().verifiers[0]
    shown = str(log.ask("SELECT note FROM ledger.checkpoints")[0][0]).encode()
    for status, body in ((422, b""), (409, b"77\n")):
        async with running_witness("w.example/1", key, tmp_path) as one, liar(refusing(status, body, shown)) as url:
            await log.append(1)
            log.tamper(LEASE_ENDS)
            witnesses = HttpWitnesses(policy((LIAR.verifier, url), one, least=1), seconds=SECONDS)
            assert (await log.signer(witnesses).sign()).refusal is None
    assert log.sizes() == [5, 6, 7]


@pytest.mark.parametrize("status, body", [(422, b""), (409, b"3\n"), (409, b"900\n")])
async def test_a_signature_on_another_history_stops_the_log(log: Log, tmp_path: Path, status: int, body: bytes) -> None:
    keys = log.keys.read()
    size = 900 if body == b"900\n" else 3
    # 409 with 3: it is asked by what it says, and refuses that too.
    shown = Checkpoint(ORIGIN, size, bytes(32)).signed(keys.signers).encode()
    async with (
        running_witness("w.example/1", keys.verifiers[0], tmp_path) as one,
        running_witness("w.example/2", keys.verifiers[0], tmp_path) as two,
        liar(refusing(status, body, shown)) as url,
    ):
        await log.append(5)
        signer = log.signer(HttpWitnesses(policy(one, two, (LIAR.verifier, url), least=2)))
        found = await signer.sign()
        assert found.code == ("history_shorter" if size > 5 else "history_changed")
        assert "w2" in (found.refusal or "")
    assert log.sizes() == []
