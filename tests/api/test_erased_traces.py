"""After an erasure and the documented step nothing of the erased values is found anywhere, and every proof holds."""

import logging
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from obstore.store import LocalStore
from psycopg import sql
from tests.api.archive.packages import asked
from tests.api.client import Town
from tests.api.routes.test_subjects import NAME, TELEPHONE, clear, erased, found, subject_of
from tests.api.transparency.logs import content, open_signed_town, signed
from tests.api.transparency.test_export import exported
from tests.verify.running import accepted

from ledger.attachments import Attachments
from ledger.database import Database
from ledger.overwriting import write_over

SCAN = f"%PDF-1.7 scan of {NAME}".encode()
SECRETS = "SELECT wrapped_key FROM ledger.vault_keys WHERE subject = %s"
SEALED = "SELECT nonce, ciphertext FROM ledger.sealed_values WHERE subject = %s"
DIGESTS = "SELECT request_sha256 FROM ledger.idempotency_keys"
TABLES = """
SELECT table_schema, table_name FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
"""


def dumped(database: Database) -> Iterator[tuple[str, bytes]]:
    """Every row of every table, as COPY writes it."""
    with psycopg.connect(database.login) as connection:
        for schema, table in connection.execute(TABLES).fetchall():
            statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(schema, table))
            with connection.cursor().copy(statement) as rows:
                yield f"{schema}.{table}", b"".join(bytes(part) for part in rows)


def data_folder(database: Database) -> Path:
    with psycopg.connect(database.login) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    return Path(row[0])


def traces(database: Database, folder: Path, values: dict[str, bytes]) -> set[tuple[str, str]]:
    """Which value lies where: in a dump, in the server's files with its logs, or in the service's own."""
    left = set()
    for table, rows in dumped(database):
        for name, value in values.items():
            # Bytes are written as hexadecimal digits.
            if value in rows or value.hex().encode() in rows:
                left.add((name, table))
    for place in (data_folder(database), folder):
        for path in place.rglob("*"):
            if path.is_file():
                whole = path.read_bytes()
                part = path.relative_to(place).parts[0]
                left |= {(name, part) for name, value in values.items() if value in whole}
    return left


def kept(database: Database, subject: UUID) -> dict[str, bytes]:
    """What stands for the subject's value in the database, encrypted as it is."""
    with psycopg.connect(database.login) as connection:
        [(key,)] = connection.execute(SECRETS, [subject]).fetchall()
        [(nonce, ciphertext)] = connection.execute(SEALED, [subject]).fetchall()
        digests = connection.execute(DIGESTS).fetchall()
    assert digests
    return {"key": key, "nonce": nonce, "ciphertext": ciphertext} | {
        f"request {number}": digest for number, (digest,) in enumerate(digests)
    }


async def reports(town: Town, project: str) -> None:
    body = {"text": "示例：活动未按计划开展。", "contact": {"name": NAME, "telephone": TELEPHONE}}
    await town.public.done(f"{project}/public-reports", body, {"Idempotency-Key": "示例".encode().hex()})


async def test_nothing_of_erased_data_is_left(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    files, log, memory = tmp_path / "files", tmp_path / "log", tmp_path / "memory.json"
    files.mkdir()
    async with open_signed_town(database, tmp_path) as town:
        store = LocalStore(files)
        object.__setattr__(town.service, "attachments", Attachments(store, town.service.pool))
        project = await town.published()
        file = await town.local.uploaded("示例扫描件.pdf", SCAN)
        await town.local.done(f"{project}/attachments", {"subject": "示例材料", "files": [file]})
        await reports(town, project)
        await signed(town)
        await exported(town, log)
        accepted("all", log, "--memory", memory)
        proofs = {}
        for position in range(await town.size()):
            proofs[position] = tmp_path / f"proof-{position}"
            proofs[position].write_bytes(await content(town.public, f"/log/proof/{position}"))
        subject = await subject_of(town)
        number = UUID(subject.rpartition("/")[2])
        values = {"name": NAME.encode(), "telephone": TELEPHONE.encode(), "file": SCAN} | kept(database, number)
        with database.administer() as connection:
            # So that the log's segment with the values is one that was kept for reuse.
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("CHECKPOINT")
        before = traces(database, tmp_path, values)
        assert {"key", "nonce", "ciphertext", "request 0", "file"} <= {name for name, _ in before}
        assert ("ciphertext", "pg_wal") in before
        going = [{"sha256": file["sha256"], "projects": [project.rpartition("/")[2]]}]
        await erased(town, subject, files=going)
        await clear(town)
        assert write_over(database)
        archive = await asked(town, town.office)
        assert not [name for name, packed in archive.items() if any(value in packed for value in values.values())]
        assert await found(town, NAME) == []
        # What was kept of the log holds in the log as it is now, and all of that verifies.
        await signed(town)
        await exported(town, log)
        accepted("all", log, "--memory", memory)
        for proof in proofs.values():
            accepted("proof", proof, "--key", log / "key")
        assert traces(database, tmp_path, values) == set()
    said = capfd.readouterr()
    assert not any(value in said.out + said.err + caplog.text for value in (NAME, TELEPHONE))
