"""Questions to the credit records: an organisation's lines, a snapshot and the changes after it, digests, receipts."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
import rfc8785
from psycopg import sql
from psycopg.rows import class_row

from ledger.credit_line import CreditKind, CreditLine
from ledger.refusals.credit import CreditCursorGone
from projections.credit import VERSION
from projections.cursors import Codec
from projections.temporal import as_known, own_sql

LAST = UUID(int=2**128 - 1)
_LINES = sql.SQL("credit.lines l WHERE l.record IS NOT NULL AND {}").format(as_known("l"))
# The identifiers that the organisation had when the line became so, announced ones included.
_IDENTIFIERS = (
    "coalesce((SELECT o.identifiers FROM listing.organisations o WHERE o.organisation = l.organisation"
    " AND o.from_position <= l.from_position AND (o.to_position IS NULL OR o.to_position > l.from_position)"
    " AND o.ends = '9999-12-31'), '[]') AS identifiers"
)
_SHOWN = own_sql(f"l.line, l.from_position AS position, l.organisation, l.correction, l.record, {_IDENTIFIERS}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader stands: in the snapshot as known at `position`, behind `line`; or behind the change of `line` at
    `position`."""

    snapshot: bool
    position: int
    line: UUID

    def encode(self, codec: Codec) -> str:
        return codec.sealed(VERSION, self.snapshot, self.position, self.line)

    @classmethod
    def decode(cls, codec: Codec, cursor: str, size: int) -> "Place":
        """`size`: of the ledger. Raises CursorInvalid, CursorLost; CreditCursorGone for one of other rows."""

        def resume(last: int) -> str:
            return cls(False, last, LAST).encode(codec)

        version, snapshot, position, line = codec.read(cursor, int, bool, int, UUID, field="after", at=2, resume=resume)
        if version != VERSION or position >= size:
            raise CreditCursorGone()
        return cls(snapshot, position, line)


@dataclass(frozen=True, slots=True)
class Row:
    line: UUID
    position: int
    organisation: UUID
    correction: bool
    record: dict[str, Any] | None
    identifiers: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines are wanted; None: whichever. `since`, `until`: the days since when they are so, both included."""

    kinds: frozenset[CreditKind] | None = None
    organisation: UUID | None = None
    since: date | None = None
    until: date | None = None

    def condition(self, alias: str) -> tuple[sql.Composable, dict[str, Any]]:
        """Of one version of a line."""
        found, values = ["true"], dict[str, Any]()
        if self.kinds is not None:
            found.append(f"{alias}.record->>'kind' = ANY(%(kinds)s)")
            values["kinds"] = [kind.value for kind in self.kinds]
        if self.organisation is not None:
            found.append(f"{alias}.organisation = %(wanted_organisation)s")
            values["wanted_organisation"] = self.organisation
        for name, compared, day in (("since", ">=", self.since), ("until", "<=", self.until)):
            if day is not None:
                found.append(f"({alias}.record->>'since')::date {compared} %(line_{name})s")
                values[f"line_{name}"] = day
        return own_sql(" AND ".join(found)), values


EVERY_LINE = LineFilter()


async def record_of(connection: psycopg.AsyncConnection, known: int, organisation: UUID) -> list[CreditLine]:
    """The lines of one organisation, the earliest first."""
    statement = sql.SQL("SELECT l.record FROM {} AND l.organisation = %(organisation)s").format(_LINES)
    cursor = await connection.execute(statement, {"known": known, "organisation": organisation})
    lines = [CreditLine.model_validate(record) for (record,) in await cursor.fetchall()]
    return sorted(lines, key=lambda line: (line.since, line.positions, line.line))


async def snapshot(
    connection: psycopg.AsyncConnection, known: int, after: UUID | None, limit: int, wanted: LineFilter = EVERY_LINE
) -> list[Row]:
    """The lines as known, by their ids."""
    behind = sql.SQL("" if after is None else "AND l.line > %(after)s")
    condition, values = wanted.condition("l")
    statement = sql.SQL("SELECT {} FROM {} AND {} {} ORDER BY l.line LIMIT %(limit)s").format(
        _SHOWN, _LINES, condition, behind
    )
    return await _rows(connection, statement, values | {"known": known, "after": after, "limit": limit})


async def changes(
    connection: psycopg.AsyncConnection, known: int, after: Place, limit: int, wanted: LineFilter = EVERY_LINE
) -> list[Row]:
    """What lines became behind that place, in the order in which it was recorded. A line that was wanted before stays
    so: who took it learns that it was withdrawn, or lies on another day."""
    condition, filtered = wanted.condition("w")
    chosen = (
        sql.SQL("true")
        if wanted == EVERY_LINE
        else sql.SQL(
            "EXISTS (SELECT FROM credit.lines w WHERE w.line = l.line AND w.from_position <= l.from_position AND {})"
        ).format(condition)
    )
    statement = sql.SQL(
        "SELECT {} FROM credit.lines l WHERE (l.from_position, l.line) > (%(position)s, %(line)s)"
        " AND l.from_position <= %(known)s AND {} ORDER BY l.from_position, l.line LIMIT %(limit)s"
    ).format(_SHOWN, chosen)
    values = filtered | {"known": known, "position": after.position, "line": after.line, "limit": limit}
    return await _rows(connection, statement, values)


async def change_at(connection: psycopg.AsyncConnection, position: int, line: UUID) -> tuple[Row, datetime] | None:
    """What a line became at a position, and when that was recorded; None when there is no such change any more."""
    statement = sql.SQL(
        "SELECT {}, e.recorded_at FROM credit.lines l JOIN ledger.events e ON e.position = l.from_position"
        " WHERE l.from_position = %s AND l.line = %s"
    ).format(_SHOWN)
    found = await (await connection.execute(statement, [position, line])).fetchone()
    return (Row(*found[:-1]), found[-1]) if found else None


async def _rows(connection: psycopg.AsyncConnection, statement: sql.Composed, values: dict[str, Any]) -> list[Row]:
    async with connection.cursor(row_factory=class_row(Row)) as cursor:
        await cursor.execute(statement, values)
        return await cursor.fetchall()


@dataclass(frozen=True, slots=True)
class Digest:
    organisation: UUID
    lines: int
    sha256: str


def digest_of(records: list[dict[str, Any]]) -> str:
    """SHA-256 of the canonical JSON (RFC 8785) of an organisation's lines in the order of their ids."""
    ordered: list[Any] = sorted(records, key=lambda record: str(record["line"]))
    return sha256(rfc8785.dumps(ordered)).hexdigest()


async def digests(connection: psycopg.AsyncConnection, known: int, after: UUID | None, limit: int) -> list[Digest]:
    """Of organisations that have lines, by their ids."""
    behind = sql.SQL("" if after is None else "AND l.organisation > %(after)s")
    statement = sql.SQL(
        "SELECT l.organisation, jsonb_agg(l.record) FROM {} {}"
        " GROUP BY l.organisation ORDER BY l.organisation LIMIT %(limit)s"
    ).format(_LINES, behind)
    cursor = await connection.execute(statement, {"known": known, "after": after, "limit": limit})
    return [Digest(organisation, len(records), digest_of(records)) for organisation, records in await cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Ack:
    """`label`: of the account that acknowledged."""

    label: str
    after: str
    acknowledged_at: datetime


async def acknowledge(connection: psycopg.AsyncConnection, account: UUID, place: Place, after: str) -> None:
    """`after`: the place as a cursor. Never back: of two receipts the later place stays."""
    await connection.execute(
        "INSERT INTO ledger.credit_acks AS a (account, place, is_change, line, after) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (account) DO UPDATE SET place = excluded.place, is_change = excluded.is_change,"
        " line = excluded.line, after = excluded.after, acknowledged_at = now()"
        " WHERE (a.place, a.is_change, a.line) <= (excluded.place, excluded.is_change, excluded.line)",
        [account, place.position, not place.snapshot, place.line, after],
    )


async def acks(connection: psycopg.AsyncConnection, account: UUID | None) -> list[Ack]:
    """Of one account, or of all."""
    statement = (
        "SELECT o.label, a.after, a.acknowledged_at"
        " FROM ledger.credit_acks a JOIN ledger.accounts o ON o.id = a.account"
        " WHERE %(account)s::uuid IS NULL OR a.account = %(account)s ORDER BY a.acknowledged_at, a.account"
    )
    async with connection.cursor(row_factory=class_row(Ack)) as cursor:
        await cursor.execute(statement, {"account": account})
        return await cursor.fetchall()
