"""A programme of any size for measuring figures: the projects of the demonstration's, again and again under other ids,
of other organisations, districts and categories. Copied as rows, past the store and the folds."""

import json
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import psycopg

from bench.many_projects import copy_rows
from ledger.database import Database
from projections.counted import Counted
from projections.read_models import READ_MODELS
from projections.runner import Runner, connect
from projections.sums import COLUMNS, RunningSums

PROGRAMME = "beijing-2010"
BATCH = 2_000
_POSITION = "{} + k * %(size)s"
_STREAM = "md5({}::text || k)::uuid"
# The next in the order of names for each copy, so that each group has projects of every kind of life.
_ROTATED = (
    "CASE WHEN {{0}} = ANY(%({0})s::text[]) THEN (%({0})s::text[])"
    "[(array_position(%({0})s::text[], {{0}}) + k) %% cardinality(%({0})s::text[]) + 1] ELSE {{0}} END"
)
_OWN = {"from_position": _POSITION, "to_position": _POSITION, "project": _STREAM}
_WHOSE = {"organisation": _STREAM, "district": _ROTATED.format("districts")}
_OF_PROGRAMME = f"programme = '{PROGRAMME}'"
_OF_PROJECTS = f"project IN (SELECT project FROM listing.rows WHERE {_OF_PROGRAMME})"
_EVENTS = f"stream IN (SELECT project FROM listing.rows WHERE {_OF_PROGRAMME})"
_CATEGORY = {"category": _ROTATED.format("categories")}
_ROWS: dict[str, tuple[dict[str, str], str]] = {
    "ledger.payloads": (
        {"position": _POSITION},
        f"position IN (SELECT position FROM ledger.events WHERE {_EVENTS})",
    ),
    "ledger.events": (
        {"position": _POSITION, "stream": _STREAM, "recorded_at": "{} + k * interval '1 millisecond'"},
        _EVENTS,
    ),
    "due.items": (_OWN | _WHOSE | {"item": _STREAM}, _OF_PROGRAMME),
    "money.movements": (
        _OWN | _WHOSE | _CATEGORY | {"movement": _STREAM} | dict.fromkeys(("position", "corrected_at"), _POSITION),
        _OF_PROGRAMME,
    ),
    "statistics.steps": (_OWN | {"step": _STREAM}, _OF_PROJECTS),
    "statistics.answers": (_OWN, _OF_PROJECTS),
    "statistics.counted": (_OWN | _WHOSE | _CATEGORY, _OF_PROGRAMME),
    "competition.entries": (_OWN | {"organisation": _STREAM}, _OF_PROGRAMME),
    "worklist.awaited": (_OWN | _WHOSE | {"item": _STREAM}, _OF_PROGRAMME),
    "statistics.kinds": ({"organisation": _STREAM}, "differs_from IS NULL"),
    "listing.organisations": (
        _OWN | {"organisation": _STREAM},
        f"organisation IN (SELECT organisation FROM listing.rows WHERE {_OF_PROGRAMME})",
    ),
    "listing.rows": (_OWN | _WHOSE | _CATEGORY, _OF_PROGRAMME),
}


def fill(database: Database, projects: int) -> tuple[int, int]:
    """Copies the programme's projects until there are so many; their number, and a position when there were three
    fifths of all events."""
    runner = Runner(database, *(model() for model in READ_MODELS))
    runner.prepare()
    runner.catch_up()
    runner.close()
    with psycopg.connect(database.login) as connection:
        connection.execute("SET work_mem = '256MB'")
        row = connection.execute(
            "SELECT size, (SELECT count(DISTINCT project) FROM listing.rows WHERE programme = %s),"
            " (SELECT array_agg(DISTINCT district) FROM listing.rows WHERE programme = %s),"
            " (SELECT array_agg(DISTINCT category) FROM listing.rows WHERE programme = %s) FROM ledger.head",
            [PROGRAMME] * 3,
        ).fetchone()
        assert row
        size, there, districts, categories = row
        copies = -(-projects // there)
        values = {
            "size": size,
            "copies": copies,
            "districts": [one for one in districts if one],
            "categories": [one for one in categories if one],
        }
        for table, (changed, which) in _ROWS.items():
            copy_rows(connection, table, changed, which, values)
        # Other programmes' positions are not copied.
        row = connection.execute("SELECT max(position) + 1 FROM ledger.events").fetchone()
        assert row
        connection.execute(
            "UPDATE ledger.head SET size = %s, last_recorded_at = (SELECT max(recorded_at) FROM ledger.events)", row
        )
        connection.execute("UPDATE projections.tracking SET next_position = %s", row)
        earlier = connection.execute("SELECT max(position) FROM ledger.events WHERE position <= %s * 3 / 5", row)
        [(known,)] = earlier.fetchall()
    if copies > 1:
        _sum_up(database, size)
    with psycopg.connect(database.login, autocommit=True) as connection:
        for table in (*_ROWS, "statistics.sums"):
            connection.execute(f"VACUUM ANALYZE {table}".encode())
    return there * copies, known


def _sum_up(database: Database, start: int) -> None:
    """The sums of the copies, as the fold would have written them."""
    sums, columns = RunningSums(), ", ".join(COLUMNS)
    with psycopg.connect(database.login) as reading, connect(database) as writing:
        writing.execute("SET search_path = statistics")
        with reading.cursor("changes") as cursor:
            cursor.itersize = BATCH
            cursor.execute(
                f"SELECT position, project, began, {columns} FROM ("
                " SELECT from_position AS position, true AS began, * FROM statistics.counted"
                " UNION ALL SELECT to_position, false, * FROM statistics.counted WHERE to_position IS NOT NULL"
                ") changes WHERE position >= %s AND programme = %s ORDER BY position".encode(),
                [start, PROGRAMME],
            )
            for number, (position, rows) in enumerate(groupby(cursor, key=itemgetter(0)), 1):
                sides = {began: _counted(columns) for _, _, began, *columns in rows}
                sums.see(position)
                sums.change(position, sides.get(False), sides.get(True))
                if not number % BATCH:
                    sums.write(writing)
        sums.write(writing)


def _counted(columns: Sequence[Any]) -> Counted:
    programme, published, category, district, status, served, organisation, cells = columns
    return Counted(programme, published, category, district, status, served, organisation, json.loads(cells))
