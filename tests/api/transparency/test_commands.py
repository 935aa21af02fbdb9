"""The commands of the log, and which keys a service starts with."""

from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr
from tests.ledger.transparency.logs import open_log
from typer.testing import CliRunner

from api.cli.main import app
from api.cli.opening import signing
from api.settings import Settings
from ledger.database import Database
from ledger.transparency.keys import LogKeyError, LogKeys

ORIGIN = "ledger.example/log"


def settings(folder: Path, **more: object) -> Settings:
    return Settings(minsheng_data=folder, **more)  # type: ignore[arg-type]


def test_a_missing_signing_key_is_not_recreated(database: Database, tmp_path: Path) -> None:
    keys = signing(settings(tmp_path, minsheng_log_origin=ORIGIN), database).keys
    assert keys.read().origin == ORIGIN
    with psycopg.connect(database.login, autocommit=True) as connection:
        connection.execute("INSERT INTO ledger.checkpoints (size, note) VALUES (1, 'signed')")
    assert signing(settings(tmp_path), database).keys.read() == keys.read()
    keys.path.unlink()
    with pytest.raises(LogKeyError, match="the log was signed"):
        signing(settings(tmp_path), database)


def test_a_key_of_another_origin_is_not_taken(database: Database, tmp_path: Path) -> None:
    signing(settings(tmp_path, minsheng_log_origin=ORIGIN), database)
    with pytest.raises(LogKeyError, match="MINSHENG_LOG_ORIGIN"):
        signing(settings(tmp_path, minsheng_log_origin="other.example/log"), database)


def test_the_environment_may_give_the_keys(database: Database, tmp_path: Path) -> None:
    given = LogKeys.made(ORIGIN)
    found = signing(settings(tmp_path, minsheng_log_key=SecretStr(given.text)), database)
    assert found.keys.read() == given
    assert not (tmp_path / "keys" / "log.key").exists()


async def test_the_check_ends_with_one_and_names_the_position(database: Database, tmp_path: Path) -> None:
    async with open_log(database, tmp_path / "keys") as log:
        await log.append(20)
        assert (await log.signer().sign()).refusal is None
        kept = tmp_path / "kept"
        kept.write_text(log.signed.path.read_text())
        environment = {"DATABASE_URL": database.login, "MINSHENG_DATA": str(tmp_path)}
        whole = CliRunner().invoke(app, ["log", "check", "--held", str(kept)], env=environment)
        assert whole.exit_code == 0, whole.output
        assert "20 events, 0 tiles, 1 checkpoints: nothing is wrong" in whole.output
        log.tamper("UPDATE ledger.events SET version = 9 WHERE position = 7")
        broken = CliRunner().invoke(app, ["log", "check"], env=environment)
        assert broken.exit_code == 1
        assert "position 7: the leaf is not that of the event's columns" in broken.output
        nonsense = CliRunner().invoke(app, ["log", "check", "--held", str(tmp_path)], env=environment)
        assert nonsense.exit_code == 2
