"""The tracking rows: how far each read model is, and where it stopped. One changes together with its model's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg

from projections.projection import ProjectionBroken

# Behind by the time for which the oldest event that it has not seen has been there.
STANDING = """
SELECT t.name, t.next_position, h.size - t.next_position AS lag,
    coalesce(greatest(extract(epoch FROM clock_timestamp() - e.recorded_at), 0), 0)::float8 AS lag_seconds,
    t.broken_position, t.broken_error, t.broken_since
FROM projections.tracking t CROSS JOIN ledger.head h LEFT JOIN ledger.events e ON e.position = t.next_position
ORDER BY t.name
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """`lag`: events not seen yet; `lag_seconds`: since the oldest of them was recorded. `broken_position`: of the event
    that it could not fold, None where it goes on."""

    name: str
    next_position: int
    lag: int
    lag_seconds: float
    broken_position: int | None
    broken_error: str | None
    broken_since: datetime | None

    @property
    def is_broken(self) -> bool:
        return self.broken_position is not None


def enter(connection: psycopg.Connection, name: str) -> tuple[int, int]:
    """Locks the row, which is made when it is missing: fold version and next position, both 0 where nothing is yet."""
    connection.execute(
        "INSERT INTO projections.tracking (name, fold_version, next_position) VALUES (%s, 0, 0) ON CONFLICT DO NOTHING",
        [name],
    )
    row = connection.execute(
        "SELECT fold_version, next_position FROM projections.tracking WHERE name = %s FOR UPDATE", [name]
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def positions(connection: psycopg.Connection, versions: Mapping[str, int]) -> dict[str, int]:
    """By name, of those whose tables are of the version: the next position."""
    rows = connection.execute(
        "SELECT name, fold_version, next_position FROM projections.tracking WHERE name = ANY(%s)", [list(versions)]
    )
    return {name: position for name, version, position in rows if version == versions[name]}


def lock(connection: psycopg.Connection, versions: Mapping[str, int], start: int) -> list[str]:
    """Of these, those that stand at the position with tables of the version, until the transaction ends."""
    rows = connection.execute(
        "SELECT name, fold_version FROM projections.tracking WHERE name = ANY(%s) AND next_position = %s"
        " ORDER BY name FOR UPDATE",
        [list(versions), start],
    )
    return [name for name, version in rows if version == versions[name]]


def move(connection: psycopg.Connection, names: Sequence[str], position: int) -> None:
    """They have seen all before the position and go on from there."""
    connection.execute(
        "UPDATE projections.tracking SET next_position = %s, updated_at = now(),"
        " broken_position = NULL, broken_error = NULL, broken_since = NULL WHERE name = ANY(%s)",
        [position, list(names)],
    )


def mark(connection: psycopg.Connection, name: str, broken: ProjectionBroken, position: int | None = None) -> None:
    """It cannot go on; it has seen all before the position, None: no more than before. Since when is kept while it is
    the same event."""
    connection.execute(
        "UPDATE projections.tracking SET next_position = coalesce(%(next)s, next_position), updated_at = now(),"
        " broken_position = %(position)s, broken_error = %(error)s,"
        " broken_since = CASE WHEN broken_position = %(position)s THEN broken_since ELSE now() END"
        " WHERE name = %(name)s",
        {"next": position, "position": broken.position, "error": broken.error, "name": name},
    )


def switched(connection: psycopg.Connection, name: str, version: int, position: int) -> None:
    """Its tables are now those of the version, folded up to the position."""
    connection.execute("UPDATE projections.tracking SET fold_version = %s WHERE name = %s", [version, name])
    move(connection, [name], position)
