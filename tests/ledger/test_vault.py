"""Sealed values: a commitment in the log, the value under a key that can be destroyed, and nothing in the clear."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from subprocess import PIPE
from uuid import UUID, uuid4

import psycopg
import pytest
import rfc8785
from psycopg import sql
from tests.ledger.project.given import recorded
from tests.ledger.store.appends import written
from tests.support import MASTER

import ledger
from ledger.core.envelope import Recorded, encode
from ledger.core.fact import Role, Sealed
from ledger.database import Database
from ledger.database import Role as DatabaseRole
from ledger.identifiers import Identifier
from ledger.master_key import MasterKey, MasterKeyError
from ledger.organisation.registration import OrganisationKind, OrganisationRegistered
from ledger.refusals.storage import SubjectErased
from ledger.sealed_reads import Reading, Why, sealed_reads
from ledger.store import Store, open_store
from ledger.values import Contact, PersonName
from ledger.vault import OPENERS, Purpose, Vault, commitment

CONTACT = Contact(name="示例联系人甲", telephone="010-00000000", email="someone@example.invalid")
SUBJECT = UUID(int=7)
READING = Reading(UUID(int=70), Role.OFFICE, Why.SHOWN, datetime(2010, 6, 1, tzinfo=UTC))
MAKE_KEYS = """
import sys
from pathlib import Path
from ledger.master_key import MasterKey

print("ready", flush=True)
sys.stdin.readline()
for number in range(50):
    print(MasterKey.of_file(Path(sys.argv[1]) / str(number)).keys.text)
"""


@asynccontextmanager
async def vault_of(database: Database, master: MasterKey = MASTER) -> AsyncIterator[tuple[Store, Vault]]:
    async with open_store(database) as store:
        yield store, Vault(master, store)


async def keep(store: Store, vault: Vault, subject: UUID = SUBJECT, contact: Contact = CONTACT) -> str:
    """An organisation registered with a sealed contact, in one append; the commitment."""
    sealed, row = await vault.seal(contact, subject, Purpose.CONTACT)
    await store.append(replace(written(uuid4(), 0, encode(registered(sealed).event)), sealed=(row,)))
    return sealed.commitment


def registered(contact: Sealed[Contact]) -> Recorded:
    fact = OrganisationRegistered(
        identifiers=(Identifier(scheme="CN-REG", id="示例0001"),),
        name="示例助老服务中心",
        kind=OrganisationKind.ASSOCIATION,
        district=None,
        contract_body=None,
        contact=contact,
    )
    return recorded(fact, 1)


def destroy_key(database: Database, subject: UUID) -> None:
    with psycopg.connect(database.conninfo(DatabaseRole.OWNER)) as owner:
        owner.execute(
            "UPDATE ledger.vault_keys SET wrapped_key = NULL, erased_at = now() WHERE subject = %s", [subject]
        )


async def test_a_sealed_value_is_opened_by_its_commitment(database: Database) -> None:
    async with vault_of(database) as (store, vault):
        first = await keep(store, vault)
        second = await keep(store, vault, UUID(int=8), Contact(name="示例联系人乙", telephone="1"))
        opened = await vault.open([first, second, "0" * 64], READING)
        assert opened == {
            first: CONTACT.model_dump(mode="json"),
            second: {"name": "示例联系人乙", "telephone": "1", "email": None},
        }
        assert await vault.open([], READING) == {}


async def test_a_value_opens_only_for_its_readers(database: Database) -> None:
    async with vault_of(database) as (store, vault):
        contact = await keep(store, vault)
        name, row = await vault.seal(PersonName(name="示例人物"), UUID(int=9), Purpose.HONOUR)
        again = written(uuid4(), 0, encode(registered(Sealed(commitment=contact)).event))
        await store.append(replace(again, sealed=(row,)))
        sees = {role: set(await vault.open([contact, name.commitment], replace(READING, role=role))) for role in Role}
    officials = {Role.ORGANISATION, Role.DISTRICT, Role.OFFICE}
    assert sees == {role: {name.commitment} | ({contact} if role in officials else set()) for role in sees}
    assert set(OPENERS) == set(Purpose)


async def test_sealing_twice_gives_unlinkable_values(database: Database) -> None:
    async with vault_of(database) as (_, vault):
        one, row = await vault.seal(CONTACT, SUBJECT, Purpose.CONTACT)
        other, other_row = await vault.seal(CONTACT, SUBJECT, Purpose.CONTACT)
    assert one != other
    assert {row.ciphertext, row.nonce}.isdisjoint({other_row.ciphertext, other_row.nonce})


async def test_concurrent_seals_of_one_subject_open_alike(database: Database) -> None:
    async with vault_of(database) as (store, vault):
        kept = await asyncio.gather(*(keep(store, vault) for _ in range(8)))
        assert set(await vault.open(kept, READING)) == set(kept)


async def test_subjects_sealed_together_have_own_keys(database: Database) -> None:
    async with vault_of(database) as (store, vault):
        subjects = [UUID(int=number) for number in range(100, 120)]
        kept = await asyncio.gather(*(keep(store, vault, subject) for subject in subjects))
        assert set(await vault.open(kept, READING)) == set(kept)
        with psycopg.connect(database.login, autocommit=True) as owner:
            owner.execute(
                "UPDATE ledger.vault_keys SET wrapped_key = NULL, erased_at = now() WHERE subject = %s", [subjects[3]]
            )
        assert set(await vault.open(kept, READING)) == set(kept) - {kept[3]}
        again = await asyncio.gather(*(keep(store, vault, subject) for subject in subjects), return_exceptions=True)
        assert [number for number, one in enumerate(again) if isinstance(one, SubjectErased)] == [3]


def test_a_commitment_is_the_digest_that_its_definition_says() -> None:
    data = {"name": "示例", "telephone": "1", "email": None}
    salt = bytes(range(32))
    written = b"minsheng/sealed/v1\x00contact\x00" + salt + rfc8785.dumps(dict(data))
    assert commitment(Purpose.CONTACT, salt, data) == sha256(written).digest()
    others = [(Purpose.HONOUR, salt, data), (Purpose.CONTACT, bytes(32), data), (Purpose.CONTACT, salt, {})]
    assert len({commitment(*parts) for parts in others} | {sha256(written).digest()}) == 4


async def test_a_destroyed_key_opens_nothing_ever(database: Database) -> None:
    async with vault_of(database) as (store, vault):
        kept = await keep(store, vault)
        of_another = await keep(store, vault, UUID(int=8))
        before = await store.range(0, 10)
        destroy_key(database, SUBJECT)
        assert set(await vault.open([kept, of_another], READING)) == {of_another}
        with pytest.raises(SubjectErased):
            await vault.seal(CONTACT, SUBJECT, Purpose.CONTACT)
        assert await store.range(0, 10) == before
        assert [event.said(OrganisationRegistered).contact for event in before] == [
            Sealed(commitment=kept),
            Sealed(commitment=of_another),
        ]


async def test_erasing_one_purpose_leaves_the_other(database: Database) -> None:
    async with vault_of(database) as (_, vault):
        await vault.seal(CONTACT, SUBJECT, Purpose.CONTACT)
        destroy_key(database, SUBJECT)
        await vault.seal(PersonName(name="示例人物"), SUBJECT, Purpose.HONOUR)
        with pytest.raises(SubjectErased):
            await vault.seal(CONTACT, SUBJECT, Purpose.CONTACT)


async def test_another_master_key_is_told_apart(database: Database) -> None:
    async with vault_of(database) as (store, vault):
        kept = await keep(store, vault)
        stranger = Vault(MasterKey(bytes(32)), store)
        with pytest.raises(MasterKeyError, match="not the one that sealed"):
            await stranger.open([kept], READING)
        with pytest.raises(MasterKeyError, match="not the one that sealed"):
            await stranger.seal(CONTACT, SUBJECT, Purpose.CONTACT)


async def test_sealed_values_never_lie_in_the_clear(database: Database) -> None:
    async with vault_of(database) as (store, vault):
        await keep(store, vault)
    everything = dump(database)
    assert is_in(everything, "示例助老服务中心")
    for secret in (CONTACT.name, CONTACT.telephone, str(CONTACT.email), "example.invalid"):
        assert not is_in(everything, secret)
    assert not is_in(everything, MASTER.keys.text.strip())


def dump(database: Database) -> str:
    """Every row of every table of the ledger, as text; bytes in hexadecimal digits."""
    with psycopg.connect(database.conninfo(DatabaseRole.OWNER)) as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'ledger'").fetchall()
        rows = []
        for (table,) in tables:
            rows += owner.execute(sql.SQL("SELECT t::text FROM ledger.{} t").format(sql.Identifier(table))).fetchall()
    return "\n".join(row[0] for row in rows)


def is_in(everything: str, text: str) -> bool:
    """Also as bytes, and as a JSON encoder writes it that knows ASCII alone."""
    return any(form in everything for form in (text, text.encode().hex(), json.dumps(text)[1:-1].encode().hex()))


def test_the_key_file_is_created_private(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    made = MasterKey.of_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert len(made.keys.keys[0]) == 32
    assert MasterKey.of_file(path).keys == made.keys
    assert [file.name for file in path.parent.iterdir()] == ["master.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_readable_key_file_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    MasterKey.of_file(path)
    path.chmod(mode)
    with pytest.raises(MasterKeyError, match="chmod 600"):
        MasterKey.of_file(path)


@pytest.mark.parametrize("content", ["", "no key", "00" * 31, "00" * 33, "g0" * 32])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "master.key"
    path.touch(mode=0o600)
    path.write_text(content)
    with pytest.raises(MasterKeyError, match="holds no key of 64 hexadecimal digits"):
        MasterKey.of_file(path)
    assert path.read_text() == content


def test_concurrent_starts_share_one_key(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(Path(ledger.__file__).parents[1])}
    command = [sys.executable, "-W", "error", "-c", MAKE_KEYS, str(tmp_path)]
    both = [subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, env=environment) for _ in range(2)]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    one, other = (process.communicate(timeout=120)[0].split() for process in both)
    assert one == other
    assert len(set(one)) == 50
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(str(number) for number in range(50))


def test_a_key_is_never_printed() -> None:
    assert not any(
        key in str(MASTER) + repr(MASTER) for key in (MASTER.keys.text.strip(), str(MASTER.keys.keys[0])[2:-1])
    )


def test_a_pseudonym_is_stable_and_different_for_different_parts() -> None:
    stable = MASTER.pseudonym("member", SUBJECT, 1)
    assert MasterKey(bytes(range(32))).pseudonym("member", str(SUBJECT), "1") == stable
    others = [
        MASTER.pseudonym("member", SUBJECT, 2),
        MASTER.pseudonym("contact", SUBJECT, 1),
        MASTER.pseudonym("member", UUID(int=8), 1),
        MASTER.pseudonym("member", SUBJECT),
        MASTER.pseudonym("member", f"{SUBJECT}1"),
        MasterKey(bytes(32)).pseudonym("member", SUBJECT, 1),
    ]
    assert len({stable, *others}) == 1 + len(others)


def test_a_secret_that_signs_messages_is_no_subjects_key() -> None:
    secret = bytes(range(32, 64))
    wrapped = MASTER.wrap_secret(secret)
    assert MASTER.unwrap_secret(wrapped) == secret and secret not in wrapped
    for wrong in (MASTER.unwrap, MasterKey(bytes(32)).unwrap_secret):
        with pytest.raises(MasterKeyError):
            wrong(wrapped)
    with pytest.raises(MasterKeyError):
        MASTER.unwrap_secret(MASTER.wrap(secret))


async def test_a_read_is_on_record_before_anything_opens(database: Database) -> None:
    async with vault_of(database) as (store, vault):
        kept = [await keep(store, vault), await keep(store, vault, UUID(int=8))]
        await vault.open(kept, replace(READING, role=Role.PUBLIC))
        # Under another master key nothing opens, and the attempt is on record all the same.
        with pytest.raises(MasterKeyError):
            await Vault(MasterKey(bytes(32)), store).open(kept, READING)
        await vault.open_one(kept[1], replace(READING, role=Role.AUDITOR, why=Why.STATED, reason="复查。"))
        async with store.pool.connection() as connection:
            everything = await sealed_reads(connection, 10)
            of_one = await sealed_reads(connection, 10, commitment=bytes.fromhex(kept[0]))
    assert [(one.role, one.why, one.reason, set(one.commitments)) for one in everything] == [
        ("auditor", "stated", "复查。", {kept[1]}),
        ("office", "shown", None, set(kept)),
    ]
    assert {tuple(one.purposes) for one in everything} == {("contact",)}
    assert [one.number for one in of_one] == [everything[1].number]


async def test_what_everybody_may_read_leaves_no_record(database: Database) -> None:
    async with vault_of(database) as (store, vault):
        name, row = await vault.seal(PersonName(name="示例人物"), UUID(int=9), Purpose.HONOUR)
        again = written(uuid4(), 0, encode(registered(Sealed(commitment=name.commitment)).event))
        await store.append(replace(again, sealed=(row,)))
        assert await vault.open([name.commitment], READING)
        async with store.pool.connection() as connection:
            assert await sealed_reads(connection, 10) == []
