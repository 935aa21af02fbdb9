"""A ledger of many public projects with whole lives: those of the demonstration, again and again under other ids.
Events and rows of the read models are copied as they are, past the store and the folds."""

from typing import Any

import psycopg

from ledger.database import Database
from projections.read_models import READ_MODELS
from projections.runner import Runner

# Each copy lies behind the one before, in positions and in time.
_POSITION = "{} + k * %(size)s"
_STREAM = "md5({}::text || k)::uuid"
_INSTANT = "{} + k * %(span)s::interval"
_COPIED = "CROSS JOIN generate_series(1, %(copies)s - 1) AS k"
# By table: the columns that differ from copy to copy, and which rows are copied.
_OF_PROJECTS = "project IN (SELECT project FROM feed.projects WHERE public_at IS NOT NULL)"
_EVENTS = "position IN (SELECT position FROM ledger.events WHERE stream IN (SELECT project FROM feed.publications))"
_LEDGER: dict[str, tuple[dict[str, str], str]] = {
    "ledger.payloads": ({"position": _POSITION}, _EVENTS),
    "ledger.events": ({"position": _POSITION, "stream": _STREAM, "recorded_at": _INSTANT}, _EVENTS),
}
_ROWS: dict[str, tuple[dict[str, str], str]] = {
    "listing.rows": ({"project": _STREAM, "from_position": _POSITION, "to_position": _POSITION}, _OF_PROJECTS),
    "money.movements": (
        {"movement": _STREAM, "project": _STREAM}
        | dict.fromkeys(("from_position", "to_position", "position", "corrected_at"), _POSITION),
        _OF_PROJECTS,
    ),
    "feed.entries": (
        {"stream": _STREAM, "project": _STREAM, "position": _POSITION, "public_at": _POSITION}
        | dict.fromkeys(("public_since", "recorded_at"), _INSTANT),
        f"stream = project AND {_OF_PROJECTS}",
    ),
    "feed.publications": ({"project": _STREAM, "from_position": _POSITION, "to_position": _POSITION}, _OF_PROJECTS),
    "feed.projects": ({"project": _STREAM, "public_at": _POSITION, "public_since": _INSTANT}, _OF_PROJECTS),
}


def fill(database: Database, projects: int) -> tuple[int, int]:
    """Copies the projects of a ledger until there are so many public ones; their number, and that of their events."""
    runner = Runner(database, *(model() for model in READ_MODELS))
    runner.prepare()
    runner.catch_up()
    runner.close()
    with psycopg.connect(database.login) as connection:
        connection.execute("SET work_mem = '256MB'")
        row = connection.execute(
            "SELECT size, (SELECT max(recorded_at) - min(recorded_at) + interval '1 second' FROM ledger.events),"
            " (SELECT count(*) FROM feed.projects WHERE public_at IS NOT NULL),"
            f" (SELECT count(*) FROM ledger.events WHERE {_EVENTS}) FROM ledger.head"
        ).fetchone()
        assert row
        size, span, public, events = row
        copies = -(-projects // public)
        values = {"size": size, "span": span, "copies": copies}
        for table, (changed, which) in (_LEDGER | _ROWS).items():
            copy_rows(connection, table, changed, which, values)
        connection.execute(
            "UPDATE ledger.head SET size = size * %s, last_recorded_at = (SELECT max(recorded_at) FROM ledger.events)",
            [copies],
        )
        connection.execute("UPDATE projections.tracking SET next_position = next_position * %s", [copies])
    with psycopg.connect(database.login, autocommit=True) as connection:
        for table in (*_LEDGER, *_ROWS):
            connection.execute(f"VACUUM ANALYZE {table}".encode())
    return public * copies, events * copies


def copy_rows(
    connection: psycopg.Connection, table: str, changed: dict[str, str], which: str, values: dict[str, Any]
) -> None:
    """As often as `copies` says; `changed`: by column, with k for the number of the copy."""
    schema, name = table.split(".")
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
        " ORDER BY ordinal_position",
        [schema, name],
    )
    columns = [row[0] for row in found]
    told = ", ".join(changed[column].format(column) if column in changed else column for column in columns)
    # Nothing but names of this file and of the tables.
    statement = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {told} FROM {table} {_COPIED} WHERE {which}"
    connection.execute(statement.encode(), values)
