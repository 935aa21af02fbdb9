"""Checkpoints with witnesses: what enough of them cosigned is published, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.api.transparency.logs import open_signed_town, signed
from tests.api.transparency.witnesses import running, running_witness
from tests.ledger.transparency.logs import Log, open_log
from tests.ledger.transparency.test_signer import LEASE_ENDS

from api.cli.witness import open_witness
from api.transparency.witness import create_witness
from api.transparency.witnesses import HttpWitnesses, witnesses_of
from ledger.database import Database
from ledger.transparency.keys import LogKeyError
from ledger.transparency.notes import Note, Signer, Verifier
from ledger.transparency.witness_policy import Policy, PolicyWrong

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
async def log(database: Database, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Log]:
    async with open_log(database, tmp_path) as opened:
        yield opened


def policy(*witnesses: tuple[Verifier, str], least: int) -> Policy:
    lines = [f"witness w{number} {key.vkey} {url}" for number, (key, url) in enumerate(witnesses)]
    names = " ".join(f"w{number}" for number in range(len(witnesses)))
    return Policy.parse("\n".join([*lines, f"group all-of-them {least} {names}", "quorum all-of-them"]))


def stranger(name: str, kind: int = 4) -> Verifier:
    return Signer.make(name, kind).verifier


@asynccontextmanager
async def both(key: Verifier, folder: Path) -> AsyncIterator[tuple[tuple[Verifier, str], tuple[Verifier, str]]]:
    async with running_witness("w.example/1", key, folder) as one, running_witness("w.example/2", key, folder) as two:
        yield one, two


async def test_the_checkpoint_carries_all_cosignatures(log: Log, tmp_path: Path) -> None:
    key = log.keys.read().verifiers[0]
    async with (
        running_witness("w.example/1", key, tmp_path) as one,
        running_witness("w.example/2", key, tmp_path) as two,
    ):
        signer = log.signer(HttpWitnesses(policy(one, two, least=2)))
        for events in (1, 5, 300):
            await log.append(events)
            assert (await signer.sign()).refusal is None
        notes = [Note.parse(str(row[0])) for row in log.ask("SELECT note FROM ledger.checkpoints ORDER BY size")]
        assert len(notes) == 3
        for note in notes:
            assert set(note.verified_by([key, one[0], two[0]])) == {key, one[0], two[0]}


async def test_two_of_three_are_enough_and_one_is_not(log: Log, tmp_path: Path) -> None:
    key = log.keys.read().verifiers[0]
    gone = (stranger("w.example/3"), NOBODY)
    async with (
        running_witness("w.example/1", key, tmp_path) as one,
        running_witness("w.example/2", key, tmp_path) as two,
    ):
        await log.append(5)
        signer = log.signer(HttpWitnesses(policy(one, two, gone, least=2)))
        assert (await signer.sign()).refusal is None
        await log.append(5)
        assert (await signer.sign()).refusal is None
        assert log.sizes() == [5, 10]

        await log.append(5)
        log.tamper(LEASE_ENDS)
        status = await log.signer(HttpWitnesses(policy(one, gone, least=2))).sign()
        assert (status.code, status.position) == ("witnesses_missing", None)
        assert log.sizes() == [5, 10]

        log.tamper(LEASE_ENDS)
        assert (await log.signer(HttpWitnesses(policy(one, two, gone, least=2))).sign()).refusal is None
        assert log.sizes() == [5, 10, 15]


async def test_a_witness_with_another_key_is_ignored(log: Log, tmp_path: Path) -> None:
    key = log.keys.read().verifiers[0]
    async with running_witness("w.example/1", key, tmp_path) as (_, url):
        await log.append(5)
        status = await log.signer(HttpWitnesses(policy((stranger("w.example/1"), url), least=1))).sign()
        assert status.code == "witnesses_missing"
        assert log.sizes() == []


async def test_a_witness_holds_the_ledger_to_its_word(log: Log, tmp_path: Path) -> None:
    """An older backup of everything, key and file included; only the witness knows better."""
    key = log.keys.read().verifiers[0]
    async with running_witness("w.example/1", key, tmp_path) as one:
        witnesses = policy(one, least=1)
        signer = log.signer(HttpWitnesses(witnesses))
        await log.append(300)
        await signer.sign()
        older = log.signed.path.read_text()
        await log.append(20)
        await signer.sign()
        for table in ("events", "payloads"):
            log.tamper(f"DELETE FROM ledger.{table} WHERE position >= 300")
        log.tamper("UPDATE ledger.head SET size = 300")
        log.tamper("DELETE FROM ledger.checkpoints WHERE size > 300")
        log.signed.path.write_text(older)
        log.tamper(LEASE_ENDS)
        signer = log.signer(HttpWitnesses(witnesses))
        status = await signer.sign()
        assert (status.code, status.position) == ("history_shorter", 300)
        # As many are written again, and more: the witness does not take them for the ones it has seen.
        await log.append(40)
        status = await signer.sign()
        assert status.code == "history_changed"
        assert "w0 has seen another history" in (status.refusal or "")
        assert log.sizes() == [300]


async def test_what_a_witness_answers_is_not_trusted(log: Log) -> None:
    """Statuses, sizes and bodies of all kinds."""
    from starlette.requests import Request
    from starlette.responses import Response

    answers: list[Response] = []

    async def app(scope, receive, send):  # type: ignore[no-untyped-def]
        await Request(scope, receive).body()
        await answers[0](scope, receive, send)

    await log.append(5)
    async with running(app) as url:
        for answer in (
            Response("", 200),
            Response("— w.example/1 AAAA\n", 200),
            Response(b"\xff\xfe", 200),
            Response("x" * 300_000, 200),
            Response("3\n", 409),
            Response("-3\n", 409),
            Response("many\n", 409),
            Response("", 500),
            Response("", 302, {"Location": f"{url}/elsewhere"}),
        ):
            answers[:] = [answer]
            log.tamper(LEASE_ENDS)
            status = await log.signer(HttpWitnesses(policy((stranger("w.example/1"), url), least=1))).sign()
            assert status.code == "witnesses_missing", answer.body
    assert log.sizes() == []


async def test_a_signed_service_publishes_with_cosignatures(database: Database, tmp_path: Path) -> None:
    from tests.api.transparency.logs import keys_of, text

    from ledger.transparency.keys import KeyFile

    key = KeyFile(tmp_path / "log.key").make("ledger.example/log").verifiers[0]
    async with (
        running_witness("w.example/1", key, tmp_path) as one,
        open_signed_town(database, tmp_path, HttpWitnesses(policy(one, least=1))) as town,
    ):
        await town.applied()
        await signed(town)
        note = Note.parse(await text(town.public, "/log/checkpoint"))
        assert note.verified_by([*await keys_of(town.public), one[0]]) == [key, one[0]]


def test_a_witness_is_opened_again_with_its_key(tmp_path: Path) -> None:
    log = Signer.make("ledger.example/log").verifier
    first = open_witness("w.example/1", [log.vkey], tmp_path)
    assert open_witness("w.example/1", [log.vkey], tmp_path).signer == first.signer
    with pytest.raises(LogKeyError, match=r"is the key of w\.example/1"):
        open_witness("w.example/2", [log.vkey], tmp_path)
    with pytest.raises(LogKeyError, match="--log"):
        open_witness("w.example/1", ["nonsense"], tmp_path)
    with pytest.raises(LogKeyError, match="--log"):
        open_witness("w.example/1", [first.signer.verifier.vkey], tmp_path)
    assert create_witness(first).routes


def test_a_bad_policy_file_is_reported_by_line(tmp_path: Path) -> None:
    file = tmp_path / "policy"
    assert witnesses_of(None) is None
    with pytest.raises(PolicyWrong, match="cannot be read"):
        witnesses_of(file)
    file.write_text(f"witness a {stranger('w.example/1').vkey}\nquorum a\n")
    with pytest.raises(PolicyWrong, match="too few"):
        witnesses_of(file)
    file.write_text("nonsense\n")
    with pytest.raises(PolicyWrong, match="line 1"):
        witnesses_of(file)
