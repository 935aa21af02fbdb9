"""What the doctor says of the log."""

import re
from pathlib import Path

from tests.api.cli.test_clock import minsheng
from tests.api.transparency.logs import open_signed_town

from ledger.database import Database


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


async def doctor(database: Database, folder: Path) -> str:
    """Without the lines of its table, which break words where it is narrow."""
    code, said = await minsheng(database, folder, "doctor")
    assert code == 0
    return " ".join(re.sub(r"[│─┌┐└┘]", " ", said).split())
