"""Repeated pairs of who judges and who applies (N8), from the judgements that count at a position."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from projections.temporal import as_known, as_known_at_last

# One scan: the others' mean on the same application is what remains of all scores of that kind without one's own.
_PAIRS = sql.SQL(
    """
    WITH known AS (
        SELECT j.*,
            (sum(j.score) OVER everybody - sum(j.score) OVER one)
                / nullif(count(j.score) OVER everybody - count(j.score) OVER one, 0) AS others
        FROM audit.judgements j WHERE {known}
        WINDOW everybody AS (PARTITION BY j.project, j.act), one AS (PARTITION BY j.project, j.act, j.account)
    ), pairs AS (
        SELECT md5(k.account::text || k.organisation::text)::uuid AS pair, k.account, k.organisation,
            min(k.role) AS role, min(k.body) AS body, count(DISTINCT k.project) AS projects, count(*) AS judgements,
            count(k.positive) AS decided, count(*) FILTER (WHERE k.positive) AS positive,
            round(avg(k.score), 2) AS mean_score, round(avg(k.others) FILTER (WHERE k.score IS NOT NULL), 2)
                AS others_mean, round(avg(k.score - k.others), 2) AS difference,
            array_agg(k.position ORDER BY k.position) AS positions,
            array_agg(DISTINCT k.act) AS acts
        FROM known k WHERE {conditions} GROUP BY k.account, k.organisation
        HAVING count(DISTINCT k.project) >= %(least)s
    )
    SELECT pairs.*, o.name AS organisation_name, {label} AS label FROM pairs
    LEFT JOIN listing.organisations o ON o.organisation = pairs.organisation AND {organisations} {accounts}
    WHERE (-pairs.projects, -pairs.judgements, pairs.pair) > (%(projects)s, %(judgements)s, %(pair)s)
    ORDER BY pairs.projects DESC, pairs.judgements DESC, pairs.pair LIMIT %(limit)s
    """
)


@dataclass(frozen=True, slots=True)
class Pair:
    """An account and who applied. `difference`: the mean of its scores less those of the others on the same
    application; `pair` names the pair and tells nobody the account."""

    pair: UUID
    account: UUID
    organisation: UUID
    role: str
    body: str | None
    projects: int
    judgements: int
    decided: int
    positive: int
    mean_score: Decimal | None
    others_mean: Decimal | None
    difference: Decimal | None
    positions: list[int]
    acts: list[str]
    organisation_name: str | None
    label: str | None


class PairPlace(NamedTuple):
    """Where a page ended."""

    projects: int = 2**59
    judgements: int = 0
    pair: UUID = UUID(int=0)


FIRST = PairPlace()


async def repeated_pairs(
    connection: psycopg.AsyncConnection,
    known: int,
    *,
    least: int,
    programme: str | None = None,
    role: str | None = None,
    labels: bool = False,
    after: PairPlace = FIRST,
    limit: int = 50,
) -> list[Pair]:
    """Those of at least `least` applications, the most first. `labels`: with the names of the accounts."""
    conditions = [sql.SQL("true")]
    if programme is not None:
        conditions.append(sql.SQL("k.programme = %(programme)s"))
    if role is not None:
        conditions.append(sql.SQL("k.role = %(role)s"))
    statement = _PAIRS.format(
        known=as_known("j"),
        organisations=as_known_at_last("o"),
        conditions=sql.SQL(" AND ").join(conditions),
        label=sql.SQL("a.label" if labels else "NULL"),
        accounts=sql.SQL("LEFT JOIN ledger.accounts a ON a.id = pairs.account" if labels else ""),
    )
    values = {
        "known": known,
        "least": least,
        "programme": programme,
        "role": role,
        "projects": -after.projects,
        "judgements": -after.judgements,
        "pair": after.pair,
        "limit": limit,
    }
    async with connection.cursor(row_factory=class_row(Pair)) as cursor:
        await cursor.execute(statement, values)
        return await cursor.fetchall()
