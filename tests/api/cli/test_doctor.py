"""What the doctor says."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from tests.api.cli.test_clock import minsheng
from tests.api.transparency.logs import open_signed_town

from api.cli import checks
from ledger.backup.last import LastBackup, note_backup
from ledger.database import Database
from ledger.transparency.notes import COSIGNATURE, Signer


async def test_it_tells_of_the_logs_key_and_history(database: Database, tmp_path: Path) -> None:
    said = await doctor(database, tmp_path)
    assert "log key minsheng serve makes it" in said and "history as it was signed" in said


async def test_a_missing_key_of_a_signed_log_is_named(database: Database, tmp_path: Path) -> None:
    async with open_signed_town(database, tmp_path / "keys") as town:
        assert town.service.signer is not None
        await town.service.signer.sign()
    said = await doctor(database, tmp_path)
    assert "serve makes it" not in said and "history as it was signed" in said
    (tmp_path / "keys" / "log.key").unlink()
    assert "the log was signed, and its key is not at" in await doctor(database, tmp_path)


async def test_it_looks_at_disk_roles_witnesses_and_backups(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await doctor(database, tmp_path)
    assert "GiB free" in said and "owner, service, projections: each as it should be" in said
    assert "pooler none in between" in said and "witnesses none; name them" in said
    assert "backup none from here" in said
    note_backup(tmp_path / "keys" / "backup.json", LastBackup(datetime.now(UTC) - timedelta(days=3, hours=1), 0))
    said = await doctor(database, tmp_path)
    assert "3 days and 1 hours old, without the last 0 events; it is time for" in said
    monkeypatch.setattr(checks, "LITTLE", 1 << 60)
    assert "which is little" in await doctor(database, tmp_path)


async def test_it_names_witnesses_that_did_not_cosign(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_signed_town(database, tmp_path / "keys") as town:
        assert town.service.signer is not None
        await town.service.signer.sign()
    witness = Signer.make("witness.example/w1", COSIGNATURE).verifier.vkey
    policy = tmp_path / "policy"
    monkeypatch.setenv("MINSHENG_WITNESSES", str(policy))
    policy.write_text(f"witness one {witness} https://witness.example\nquorum none\n")
    assert "0 of 1 cosigned the newest checkpoint; not witness.example/w1" in await doctor(database, tmp_path)
    policy.write_text("witness one\n")
    assert f"{policy}, " in await doctor(database, tmp_path)


async def test_a_role_that_may_do_too_much_is_named(database: Database) -> None:
    with psycopg.connect(database.login, autocommit=True) as owner:
        owner.execute("GRANT DELETE ON ledger.payloads TO minsheng_projections")
    assert "may change or delete history in ledger.payloads" in checks.roles(database)


async def doctor(database: Database, folder: Path) -> str:
    """Without the lines of its table, which break words where it is narrow."""
    code, said = await minsheng(database, folder, "doctor")
    assert code == 0
    return " ".join(re.sub(r"[│─┌┐└┘]", " ", said).split())
