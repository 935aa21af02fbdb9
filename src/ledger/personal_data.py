"""What the vault holds, by whose it is: finding a subject by a name or a number, and all that is held about one.

A subject is a pseudonym under which values are sealed (docs/decisions/0078). Values are found by opening them: nothing
is kept by which somebody could be looked up without the master key.
"""

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from ledger.core.refusal import Kind, Refusal
from ledger.identity import DocumentKind, IdentityDocument
from ledger.master_key import MasterKey
from ledger.vault import Purpose, opened

AT_ONCE = 1_000
# In the order of the commitments, which are random, so that what is sealed meanwhile moves nothing.
SEALED = """
SELECT v.commitment, v.subject, v.purpose, v.nonce, v.ciphertext, k.wrapped_key
FROM ledger.sealed_values v JOIN ledger.vault_keys k USING (subject, purpose)
WHERE v.commitment > %s AND k.wrapped_key IS NOT NULL ORDER BY v.commitment LIMIT %s
"""
KEYS = "SELECT purpose, created_at, erased_at FROM ledger.vault_keys WHERE subject = %s ORDER BY purpose"
THERE = "SELECT subject FROM ledger.vault_keys WHERE subject = ANY(%s)"
OF_SUBJECT = """
SELECT v.commitment, v.purpose, v.position, v.nonce, v.ciphertext, k.wrapped_key
FROM ledger.sealed_values v JOIN ledger.vault_keys k USING (subject, purpose)
WHERE v.subject = %s ORDER BY v.position NULLS FIRST, v.commitment
"""
# Of values that were sealed before their position was kept. Reads every payload.
STANDS_AT = """
SELECT found.commitment, min(p.position) FROM ledger.payloads p
JOIN unnest(%s::bytea[]) AS found (commitment) ON position(encode(found.commitment, 'hex')::bytea IN p.payload) > 0
GROUP BY found.commitment
"""
# Of each subject and purpose the last value that was sealed, by its position: the period begins with that.
LAST_SEALED = """
SELECT DISTINCT v.position, v.subject, v.purpose
FROM ledger.sealed_values v JOIN ledger.vault_keys k USING (subject, purpose)
WHERE v.position < %(before)s AND v.purpose = ANY(%(purposes)s) AND v.ciphertext <> ''
AND k.wrapped_key IS NOT NULL
AND (v.position, v.subject, v.purpose) > (%(position)s, %(subject)s, %(purpose)s)
AND NOT EXISTS (
    SELECT FROM ledger.sealed_values l
    WHERE l.subject = v.subject AND l.purpose = v.purpose AND l.position > v.position
)
ORDER BY v.position, v.subject, v.purpose LIMIT %(limit)s
"""
SHORTEST = 2
# The position of a sealed value, its subject and purpose.
SealedPlace = tuple[int, UUID, str]


class SubjectUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "没有主体 {subject}。", "Nothing is sealed of a subject {subject}."


class SearchTooShort(Refusal):
    kind = Kind.INVALID
    zh, en = "请至少输入 {least} 个字符。", "Give at least {least} characters."


@dataclass(slots=True)
class Found:
    """A subject of whom something matches, and in which fields of the values of which purposes."""

    subject: UUID
    fields: dict[Purpose, set[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeldKey:
    """For what a subject's values are kept, and since when they are erased."""

    purpose: str
    created_at: datetime
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldValue:
    """`value`: None once it is erased. `position`: of the event that it stands in."""

    commitment: str
    purpose: Purpose
    position: int | None
    value: dict[str, Any] | None


def plain(text: str) -> str:
    """As names and numbers are compared: in one width and case, without spaces and hyphens."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text).casefold())


async def find(pool: AsyncConnectionPool, master: MasterKey, text: str, programmes: Iterable[str]) -> list[Found]:
    """Subjects of whom a field holds the text, and those told apart by it as the number of a document, which is stored
    nowhere. Raises SearchTooShort."""
    wanted = plain(text)
    if len(wanted) < SHORTEST:
        raise SearchTooShort(least=SHORTEST)
    found: dict[UUID, Found] = {}
    async with pool.connection() as connection:
        for subject in await _by_document(connection, master, text, programmes):
            found.setdefault(subject, Found(subject)).fields.setdefault(Purpose.HONOUR, set()).add("identity_document")
        async for rows in _all_sealed(connection):
            for subject, purpose, path in await asyncio.to_thread(_matching, master, rows, wanted):
                found.setdefault(subject, Found(subject)).fields.setdefault(Purpose(purpose), set()).add(path)
    return sorted(found.values(), key=lambda one: one.subject)


async def _all_sealed(connection: AsyncConnection) -> AsyncIterator[Sequence[Any]]:
    place = b""
    while rows := await (await connection.execute(SEALED, [place, AT_ONCE])).fetchall():
        yield rows
        place = rows[-1][0]


async def _by_document(
    connection: AsyncConnection, master: MasterKey, text: str, programmes: Iterable[str]
) -> list[UUID]:
    """People told apart by a document: see commands/honours.py."""
    possible = []
    for kind in DocumentKind:
        try:
            number = IdentityDocument(kind=kind, number=text).checked()
        except (Refusal, ValueError):
            continue
        possible += [master.pseudonym("individual", code, kind, number) for code in programmes]
    rows = await (await connection.execute(THERE, [possible])).fetchall()
    return sorted({row[0] for row in rows})


def _matching(master: MasterKey, rows: Sequence[Any], wanted: str) -> list[tuple[UUID, str, str]]:
    found = []
    for digest, subject, purpose, nonce, ciphertext, wrapped in rows:
        for path, text in _texts(opened(master, digest, nonce, ciphertext, wrapped), ""):
            if wanted in plain(text):
                found.append((subject, purpose, path))
    return found


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield path, value
        case dict():
            for name, inner in value.items():
                yield from _texts(inner, f"{path}.{name}" if path else name)
        case list():
            for number, inner in enumerate(value):
                yield from _texts(inner, f"{path}.{number}")


async def keys_of(connection: AsyncConnection, subject: UUID) -> list[HeldKey]:
    """Raises SubjectUnknown."""
    async with connection.cursor(row_factory=class_row(HeldKey)) as cursor:
        found = await (await cursor.execute(KEYS, [subject])).fetchall()
    if not found:
        raise SubjectUnknown(subject=subject)
    return found


async def held(connection: AsyncConnection, master: MasterKey, subject: UUID) -> list[HeldValue]:
    """All values of a subject, with where they stand."""
    rows = await (await connection.execute(OF_SUBJECT, [subject])).fetchall()
    places = await _positions(connection, [row[0] for row in rows if row[2] is None])
    return [
        HeldValue(
            digest.hex(),
            Purpose(purpose),
            places.get(digest, position),
            opened(master, digest, nonce, ciphertext, wrapped) if wrapped is not None and ciphertext else None,
        )
        for digest, purpose, position, nonce, ciphertext, wrapped in rows
    ]


async def _positions(connection: AsyncConnection, commitments: Sequence[bytes]) -> dict[bytes, int]:
    if not commitments:
        return {}
    rows = await (await connection.execute(STANDS_AT, [list(commitments)])).fetchall()
    return {row[0]: row[1] for row in rows}


async def last_sealed(
    connection: AsyncConnection, purposes: Iterable[Purpose], before: int, after: SealedPlace, limit: int
) -> list[SealedPlace]:
    """For these purposes, sealed before a position, behind that place; of what can still be opened."""
    position, subject, purpose = after
    asked = {
        "before": before,
        "purposes": [one.value for one in purposes],
        "position": position,
        "subject": subject,
        "purpose": purpose,
        "limit": limit,
    }
    return await (await connection.execute(LAST_SEALED, asked)).fetchall()
