"""Erasing what is sealed of one subject: at once with its event, resumed after a crash, and by indexes alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from obstore.store import MemoryStore
from psycopg import sql
from tests.ledger.store.appends import written
from tests.ledger.test_vault import CONTACT, READING, keep, registered
from tests.support import LEADING_GROUP, OFFICE, open_ledger, refuses

from ledger.commands.subjects import Erasure, ErasureProposal
from ledger.core.envelope import encode
from ledger.core.fact import Sealed
from ledger.database import Database
from ledger.database import Role as DatabaseRole
from ledger.erasing import CLEAR_VALUES, CLEARED, FORGET_STRANGERS, OVERWRITE_DIGESTS, TO_CLEAR, Eraser
from ledger.refusals.storage import KeyReused, SubjectErased
from ledger.store import Key, SealedRow, statements
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt
from ledger.values import Contact
from ledger.vault import Purpose

SUBJECT = UUID(int=7)
PROPOSAL = ErasureProposal(authority="个人信息保护法第四十七条", reason="示例：本人申请。")
SCANS = {"Seq Scan", "Parallel Seq Scan"}


async def erased(ledger: Ledger, subject: UUID = SUBJECT) -> Receipt:
    proposed = await ledger.transact(CommandContext(OFFICE), PROPOSAL.on(subject))
    return await ledger.transact(CommandContext(LEADING_GROUP), Erasure(proposal=proposed.version).on(subject))


async def test_a_value_sealed_before_is_not_kept_after(database: Database) -> None:
    """It was sealed while the key was there, and comes to be written when it is not."""
    async with open_ledger(database) as ledger:
        await keep(ledger.store, ledger.vault, SUBJECT)
        sealed, row = await ledger.vault.seal(CONTACT, SUBJECT, Purpose.CONTACT)
        await erased(ledger)
        with refuses(SubjectErased):
            await keep_row(ledger, sealed, row)
        with refuses(SubjectErased):
            await keep(ledger.store, ledger.vault, SUBJECT)
        other = await keep(ledger.store, ledger.vault, UUID(int=8))
        assert set(await ledger.vault.open([other], READING)) == {other}


async def keep_row(ledger: Ledger, sealed: Sealed[Contact], row: SealedRow) -> None:
    await ledger.store.append(replace(written(uuid4(), 0, encode(registered(sealed).event)), sealed=(row,)))


@dataclass(frozen=True)
class Left:
    """What the tables hold of the subject."""

    keys: int
    ciphertexts: int
    tombstones: int
    cleared: int


def left(database: Database) -> Left:
    counts = (
        "SELECT count(*) FROM ledger.vault_keys WHERE wrapped_key IS NOT NULL",
        "SELECT count(*) FROM ledger.sealed_values WHERE ciphertext <> ''",
        "SELECT count(*) FROM ledger.erasures",
        "SELECT count(*) FROM ledger.erasures WHERE cleared_at IS NOT NULL",
    )
    with psycopg.connect(database.conninfo(DatabaseRole.OWNER)) as owner:
        return Left(*(int((owner.execute(one.encode()).fetchone() or [0])[0]) for one in counts))


@pytest.mark.parametrize("dies_at", [CLEAR_VALUES, OVERWRITE_DIGESTS, CLEARED])
async def test_what_was_cut_off_is_resumed(database: Database, monkeypatch: pytest.MonkeyPatch, dies_at: str) -> None:
    async with open_ledger(database) as ledger:
        await keep(ledger.store, ledger.vault, SUBJECT)
        await erased(ledger)
        assert left(database) == Left(keys=0, ciphertexts=1, tombstones=1, cleared=0)
        eraser = Eraser(MemoryStore(), ledger.store.pool)
        [name] = [name for name in ("CLEAR_VALUES", "OVERWRITE_DIGESTS", "CLEARED") if globals()[name] == dies_at]
        with monkeypatch.context() as patch:
            patch.setattr(f"ledger.erasing.{name}", "SELECT 1 / 0 WHERE %s::text IS DISTINCT FROM %s::text")
            with pytest.raises(psycopg.errors.DivisionByZero):
                await eraser.clear()
        assert left(database).cleared == 0
        assert await eraser.clear() == 1
        assert left(database) == Left(keys=0, ciphertexts=0, tombstones=1, cleared=1)


async def test_a_repeated_request_is_refused_after_erasure(database: Database) -> None:
    """Its digest is gone, which anybody could have tried names against; done twice it is not."""
    async with open_ledger(database) as ledger:
        key, stranger = Key(OFFICE.id, "key", b"1" * 32), Key(uuid4(), f"key {(b'2' * 32).hex()}", b"2" * 32)
        for one in (key, stranger):
            sealed, row = await ledger.vault.seal(CONTACT, SUBJECT, Purpose.CONTACT)
            append = written(uuid4(), 0, encode(registered(sealed).event))
            await ledger.store.append(replace(append, sealed=(row,), key=one))
        assert await ledger.store.answered(key) is not None
        await erased(ledger)
        await Eraser(MemoryStore(), ledger.store.pool).clear()
        with refuses(KeyReused):
            await ledger.store.answered(key)
        assert await ledger.store.answered(stranger) is None


async def test_the_file_holds_nothing_of_the_subject(database: Database) -> None:
    async with open_ledger(database) as ledger:
        await keep(ledger.store, ledger.vault, SUBJECT)
        receipt = await erased(ledger)
        events = (await ledger.store.streams([receipt.id]))[receipt.id]
        said = json.dumps([event.fact.model_dump(mode="json") for event in events], ensure_ascii=False)
    assert [event.fact.type for event in events] == ["ErasureProposed", "SubjectErased"]
    assert not any(value in said for value in CONTACT.model_dump(mode="json").values() if value)


def plans(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield node["Node Type"], node.get("Relation Name", "")
    for inner in node.get("Plans", ()):
        yield from plans(inner)


async def test_erasing_reads_no_table_whole(database: Database) -> None:
    """As tables of the size are planned: by the statistics of many rows, of which the subject has few."""
    keys, key_purposes = [uuid4(), uuid4()], ["contact", "contact"]
    asked: list[tuple[str, list[Any]]] = [
        (statements.ERASED_KEYS, [keys, key_purposes]),
        (statements.DESTROY_KEYS, [SUBJECT, ["contact"]]),
        (statements.INSERT_ERASURE, [uuid4(), 1, SUBJECT, ["contact"]]),
        (TO_CLEAR, []),
        (CLEAR_VALUES, [SUBJECT, ["contact"]]),
        (FORGET_STRANGERS, [[1, 2]]),
        (OVERWRITE_DIGESTS, [b"1", [1, 2]]),
        (CLEARED, [uuid4(), 1]),
    ]
    with psycopg.connect(database.conninfo(DatabaseRole.OWNER)) as owner:
        owner.execute(
            "INSERT INTO ledger.vault_keys (subject, purpose, wrapped_key)"
            " SELECT gen_random_uuid(), 'contact', '\\x00' FROM generate_series(1, 20000)"
        )
        owner.execute(
            "INSERT INTO ledger.sealed_values (commitment, subject, purpose, nonce, ciphertext)"
            " SELECT sha256(subject::text::bytea), subject, purpose, '\\x00', sha256('x') FROM ledger.vault_keys"
        )
        owner.execute(
            "INSERT INTO ledger.events SELECT n, now() + n * interval '1 s', gen_random_uuid(), 1, sha256('x'),"
            " sha256('y') FROM generate_series(1, 20000) AS n"
        )
        owner.execute(
            "INSERT INTO ledger.idempotency_keys SELECT stream, 'key', leaf_hash, position, recorded_at"
            " FROM ledger.events"
        )
        owner.execute(
            "INSERT INTO ledger.erasures SELECT gen_random_uuid(), 1, subject, '{contact}', now()"
            " FROM ledger.vault_keys"
        )
        for table in ("vault_keys", "sealed_values", "events", "idempotency_keys", "erasures"):
            owner.execute(sql.SQL("ANALYZE ledger.{}").format(sql.Identifier(table)))
        for statement, values in asked:
            found = owner.execute(b"EXPLAIN (FORMAT JSON) " + statement.replace("%b", "%s").encode(), values).fetchone()
            assert found is not None
            nodes = list(plans(found[0][0]["Plan"]))
            assert [node for node in nodes if node[0] in SCANS and node[1]] == [], statement
