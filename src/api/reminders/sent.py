"""Which reminders the channels took last."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

LIST = "SELECT project, due_on, channel, kind, sent_at FROM ledger.reminders ORDER BY sent_at DESC, item LIMIT %s"


@dataclass(frozen=True, slots=True)
class SentReminder:
    project: UUID
    due_on: date
    channel: str
    kind: str
    sent_at: datetime


async def sent_reminders(connection: AsyncConnection, limit: int) -> list[SentReminder]:
    """The newest first."""
    async with connection.cursor(row_factory=class_row(SentReminder)) as cursor:
        return await (await cursor.execute(LIST, [limit])).fetchall()
