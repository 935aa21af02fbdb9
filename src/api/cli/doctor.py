"""What is set up and what is wrong; bringing the tables up to date."""

import sys

from psycopg.rows import class_row
from rich.console import Console
from rich.table import Table

from api.cli import checks
from api.cli.clock import clock_state, told
from api.cli.opening import SIGNED, master_key, opened_database, opened_server
from api.service import NAMES
from api.settings import Settings
from ledger import stopping
from ledger.clock import utc_now
from ledger.database import Database, Role, migrate
from ledger.store import connector
from ledger.store.statements import HEAD
from ledger.transparency.history import HistoryDiffers
from ledger.transparency.keys import LogKeyError
from projections.tracking import STANDING, Standing

console = Console()


def migrate_command() -> None:
    """Bring the tables up to date. Example: DATABASE_URL=postgresql://owner@host/ledger minsheng migrate"""
    settings = Settings()
    with opened_server(settings) as database:
        applied = migrate(database)
    console.print(f"applied: {', '.join(applied)}" if applied else "up to date", highlight=False)


def doctor() -> None:
    """Say what is set up, what is wrong, and what to do. Example: minsheng doctor"""
    settings = Settings()
    table = Table(show_header=False)
    table.add_row("Python", sys.version.split()[0])
    table.add_row("data folder", str(settings.minsheng_data))
    table.add_row("files", str(settings.files))
    table.add_row("database", "DATABASE_URL" if settings.database_url else "embedded PostgreSQL")
    with opened_database() as (_, database):
        master_key(settings, database)
        table.add_row("master key", str(settings.master_key_file))
        size, standings = _standings(database)
        table.add_row("events", str(size))
        table.add_row("clock", told(clock_state(database)))
        table.add_row("disk", checks.disk(settings))
        table.add_row("roles", checks.roles(database))
        # Opening the database refuses one that a pooler stands before.
        table.add_row("pooler", "none in between")
        for name in NAMES:
            table.add_row(name, _told(standings.get(name)))
        table.add_row("log key", _log_key(settings, database))
        table.add_row("witnesses", checks.witnesses(settings, database))
        table.add_row("backup", checks.backups(settings, size, utc_now()))
        table.add_row("history", stopping.run(_history(settings, database)))
    console.print(table)


def _log_key(settings: Settings, database: Database) -> str:
    keys = settings.log_keys
    if keys.exists:
        try:
            return f"{keys.path}, for {keys.read().origin}"
        except LogKeyError as error:
            return str(error)
    with database.connect(Role.SERVICE) as connection:
        was_signed = connection.execute(SIGNED).fetchone()
    return f"the log was signed, and its key is not at {keys.path}" if was_signed else "minsheng serve makes it"


async def _history(settings: Settings, database: Database) -> str:
    connection = await connector(database)()
    async with connection:
        await connection.set_autocommit(True)
        try:
            await settings.history.look(connection, leaves=False)
        except LogKeyError as error:
            return f"not compared: {error}"
        except HistoryDiffers as differs:
            return f"not what was signed, {differs}; restore the newest backup, or minsheng log restart --reason …"
    return "as it was signed"


def _standings(database: Database) -> tuple[int, dict[str, Standing]]:
    with database.connect(Role.SERVICE) as connection:
        (size, _) = connection.execute(HEAD).fetchone() or (0, None)
        found = connection.cursor(row_factory=class_row(Standing)).execute(STANDING).fetchall()
        return size, {one.name: one for one in found}


def _told(standing: Standing | None) -> str:
    if standing is None:
        return "not made yet; minsheng serve makes it"
    if standing.is_broken:
        return f"stopped at position {standing.broken_position}; minsheng projections status says why"
    return f"{standing.next_position} events seen"
