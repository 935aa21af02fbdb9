"""PG variables of the environment lead no connection of the ledger astray."""

import os
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import pq
from tests.support import open_folder

from ledger.database import Database, Role, migrate, open_database
from ledger.database.embedded import EmbeddedServer
from ledger.store import open_store

ASTRAY = {
    "PGHOST": "203.0.113.1",
    "PGHOSTADDR": "203.0.113.1",
    "PGPORT": "1",
    "PGUSER": "nobody",
    "PGDATABASE": "nothing",
    "PGPASSWORD": "wrong",
    "PGPASSFILE": "/nowhere/pgpass",
    "PGSERVICE": "nothing",
    "PGSERVICEFILE": "/nowhere/services",
    "PGSYSCONFDIR": "/nowhere",
    "PGOPTIONS": "-c default_transaction_read_only=on -c timezone=Asia/Tokyo",
    "PGAPPNAME": "other",
    "PGSSLMODE": "require",
    "PGSSLROOTCERT": "/nowhere/root.crt",
    "PGSSLNEGOTIATION": "direct",
    "PGGSSENCMODE": "require",
    "PGREQUIREAUTH": "scram-sha-256",
    "PGREQUIREPEER": "somebody",
    "PGCHANNELBINDING": "require",
    "PGCLIENTENCODING": "LATIN1",
    "PGTARGETSESSIONATTRS": "standby",
    "PGLOADBALANCEHOSTS": "random",
    "PGCONNECT_TIMEOUT": "nonsense",
    "PGMAXPROTOCOLVERSION": "nonsense",
    "PGDATESTYLE": "SQL, DMY",
    "PGTZ": "Asia/Tokyo",
    "PGGEQO": "nonsense",
    "PGDATA": "/nowhere",
}
SESSION = "SELECT current_user, current_setting('timezone'), current_setting('datestyle')"


def set_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ASTRAY.items():
        monkeypatch.setenv(name, value)


def test_the_list_holds_what_libpq_knows() -> None:
    known = {one.envvar.decode() for one in pq.Conninfo.get_defaults() if one.envvar}
    assert {"PGHOSTADDR", "PGSERVICE", "PGGSSENCMODE"} <= known & set(ASTRAY)


async def test_the_embedded_server_ignores_every_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch)
    with open_folder() as folder, open_database(None, folder) as database:
        migrate(database)
        set_all(monkeypatch)
        with database.connect(Role.SERVICE) as connection:
            assert connection.info.encoding == "utf-8"
            assert connection.execute(SESSION).fetchone() == (Role.SERVICE, "UTC", "ISO, MDY")
        async with open_store(database) as store:
            assert (await store.head()).size == 0
        set_all(monkeypatch)
        database.ensure_running()


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize("name", sorted(set(ASTRAY) - {"PGSERVICE"}))
def test_a_variable_set_later_changes_nothing(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, ASTRAY[name])
    with Database(server.conninfo("postgres"), server).connect(Role.OWNER) as connection:
        row = connection.execute(SESSION).fetchone()
    assert row == (Role.OWNER, "UTC", "ISO, MDY")


@pytest.mark.usefixtures("template")
def test_at_an_address_times_and_text_stay_ours(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGTZ", "PGDATESTYLE", "PGGEQO", "PGCLIENTENCODING", "PGOPTIONS"):
        monkeypatch.setenv(name, ASTRAY[name])
    host = psycopg.conninfo.conninfo_to_dict(server.conninfo())["host"]
    address = f"host={host} user=minsheng dbname=postgres"
    with open_database(address, Path()) as database, database.connect(Role.OWNER) as connection:
        assert connection.info.encoding == "utf-8"
        assert connection.execute(SESSION).fetchone() == (Role.OWNER, "UTC", "ISO, MDY")


@pytest.mark.parametrize("blank", ["", " ", "\n"])
def test_a_blank_address_means_embedded(server: EmbeddedServer, blank: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(Exception, match="set DATABASE_URL"), open_database(blank, Path(os.devnull)):
        pass
