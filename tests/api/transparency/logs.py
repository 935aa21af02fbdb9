"""A town whose log is signed, and a reader of the log who trusts nothing but what the specifications say."""

import json
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
from tests.api.client import Caller, Town, open_town

from api.service import Signing
from ledger.database import Database
from ledger.transparency.cosigning import Witnesses
from ledger.transparency.keys import KeyFile
from ledger.transparency.notes import Checkpoint, Note, Verifier
from ledger.transparency.signed_file import SignedFile

ORIGIN = "ledger.example/log"


@asynccontextmanager
async def open_signed_town(database: Database, folder: Path, witnesses: Witnesses | None = None) -> AsyncIterator[Town]:
    keys = KeyFile(folder / "log.key")
    if not keys.exists:
        keys.make(ORIGIN)
    signing = Signing(keys, SignedFile(folder / "log.checkpoint"), witnesses)
    async with open_town(database, signing) as town:
        await signed(town)
        yield town


async def signed(town: Town) -> int:
    """The size of the log when all that is there is signed."""
    assert town.service.signer is not None
    status = await town.service.signer.sign()
    assert status.refusal is None
    assert status.size == await town.size()
    # What was read a moment ago is not read again at once.
    await town.service.log.newest(0)
    return status.size


async def text(caller: Caller, path: str) -> str:
    answer = await caller.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def content(caller: Caller, path: str) -> bytes:
    answer: httpx2.Response = await caller.get(path)
    assert answer.status_code == 200, answer.text
    return answer.content


async def keys_of(caller: Caller) -> list[Verifier]:
    return [Verifier.parse(line) for line in (await text(caller, "/log/key")).splitlines()]


def checked(note: str, keys: list[Verifier]) -> Checkpoint:
    """A checkpoint whose signature verifies."""
    parsed = Note.parse(note)
    assert parsed.verified_by(keys)
    return Checkpoint.parse(parsed.text)


async def checkpoint_of(caller: Caller) -> Checkpoint:
    return checked(await text(caller, "/log/checkpoint"), await keys_of(caller))


def entries_in(bundle: bytes) -> list[bytes]:
    found = []
    while bundle:
        length = int.from_bytes(bundle[:2])
        found.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return found


def is_of(entry: bytes, payload: bytes, opening: Mapping[str, Any] | None) -> bool:
    """Whether the entry of the log is that of the payload; of a veiled stream with what opens it."""
    said, digest = json.loads(entry), sha256(payload)
    if opening is None:
        return bool(said["payload_sha256"] == digest.hexdigest())
    salt, version = b64decode(opening["salt"]), int(opening["version"]).to_bytes(8)
    event = sha256(b"minsheng/event/v1\0" + salt + version + opening["recorded_at"].encode() + digest.digest())
    tag = sha256(b"minsheng/tag/v1\0" + salt + version)
    return bool((said["event"], said["tag"]) == (event.hexdigest(), tag.hexdigest()))


def proof_in(text: str) -> tuple[bytes, int, list[bytes], str]:
    """Entry, index, path and checkpoint of a tlog-proof."""
    head, extra, index, *rest = text.split("\n")
    assert head == "c2sp.org/tlog-proof@v1"
    blank = rest.index("")
    path = [b64decode(line) for line in rest[:blank]]
    return (
        b64decode(extra.removeprefix("extra ")),
        int(index.removeprefix("index ")),
        path,
        "\n".join(rest[blank + 1 :]),
    )
