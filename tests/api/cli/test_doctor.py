"""What the doctor says of the log."""

from pathlib import Path

from tests.api.cli.test_clock import minsheng
from tests.api.transparency.logs import open_signed_town

from ledger.database import Database


async def test_it_tells_of_the_logs_key_and_history(database: Database, tmp_path: Path) -> None:
    code, said = await minsheng(database, tmp_path, "doctor")
    assert (code, "log key │ minsheng serve makes it" in said, "history │ as it was signed" in said) == (0, True, True)


async def test_a_missing_key_of_a_signed_log_is_named(database: Database, tmp_path: Path) -> None:
    async with open_signed_town(database, tmp_path / "keys") as town:
        assert town.service.signer is not None
        await town.service.signer.sign()
    _, said = await minsheng(database, tmp_path, "doctor")
    assert "log.key, for " in said and "history │ as it was signed" in said
    (tmp_path / "keys" / "log.key").unlink()
    code, said = await minsheng(database, tmp_path, "doctor")
    assert (code, "the log was signed, and its key is not at" in said) == (0, True)
