"""Opening a database, embedded or at an address, and connecting as a role."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from ledger.database import Database, Role, connect, data_folder, open_database
from ledger.database.embedded import EmbeddedServer
from ledger.database.errors import EmbeddedServerProblem, PostgresTooOld


def test_a_connection_starts_in_its_role(database: Database) -> None:
    for role in Role:
        with psycopg.connect(database.conninfo(role)) as connection:
            row = connection.execute("SELECT current_user, current_setting('application_name')").fetchone()
            assert row == (role, role)


def test_options_and_name_that_the_address_gives_are_kept() -> None:
    address = "postgresql://someone@host/db?options=-c%20statement_timeout%3D5s&application_name=mine"
    parts = conninfo_to_dict(Database(address).conninfo(Role.SERVICE))
    assert parts["options"] == "-c statement_timeout=5s -c role=minsheng_service -c timezone=UTC"
    assert parts["application_name"] == "mine"


def test_a_password_in_the_address_is_not_shown() -> None:
    assert "secret" not in repr(Database("postgresql://someone:secret@host/db"))


def test_the_embedded_database_is_created_once(parent: Path) -> None:
    def use(_: int) -> object:
        with open_database(None, parent) as database:
            database.ensure_running()
            with psycopg.connect(database.login) as connection:
                return connection.execute("SELECT current_database()").fetchone()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(use, range(4))) == [("minsheng",)] * 4


def test_an_address_is_used_as_it_is(server: EmbeddedServer, parent: Path) -> None:
    with open_database(server.conninfo("postgres"), parent) as database:
        assert database.login == server.conninfo("postgres")
        database.ensure_running()
    assert not list(parent.iterdir())


def test_an_old_postgresql_is_refused(server: EmbeddedServer, parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "OLDEST_POSTGRES", 99)
    with pytest.raises(PostgresTooOld, match="needs 99"), open_database(server.conninfo("postgres"), parent):
        pass


def test_windows_is_told_of_database_url(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(EmbeddedServerProblem, match="DATABASE_URL"), open_database(None, parent):
        pass


def test_the_data_folder_is_chosen_or_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINSHENG_DATA", "/somewhere")
    assert data_folder() == Path("/somewhere")
    monkeypatch.delenv("MINSHENG_DATA")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert data_folder() == Path("/var/lib/minsheng-ledger")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert data_folder().name == "minsheng-ledger"
