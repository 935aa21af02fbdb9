"""What is shown for objection 公示, by its last day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import psycopg
from psycopg.rows import class_row

# A project's own events alone are shown so; what became public later was not shown at `known`.
_OPEN = """
FROM feed.entries
WHERE objections_until >= %(day)s AND stream = project AND public_at <= %(known)s
"""
PAGE = f"""
SELECT position, project, objections_until {_OPEN} AND (objections_until, position) > (%(until)s, %(position)s)
ORDER BY objections_until, position LIMIT %(limit)s
"""
START = date.min, -1


@dataclass(frozen=True, slots=True)
class ShownRow:
    position: int
    project: UUID
    objections_until: date


async def shown(
    connection: psycopg.AsyncConnection, known: int, day: date, after: tuple[date, int], limit: int
) -> list[ShownRow]:
    """What was shown until the day or longer, the first to end first."""
    values = {"day": day, "known": known, "until": after[0], "position": after[1], "limit": limit}
    cursor = connection.cursor(row_factory=class_row(ShownRow))
    return await (await cursor.execute(PAGE, values)).fetchall()
