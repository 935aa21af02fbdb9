"""Veiled streams: what outsiders must not link, count or date while it is not public (docs/decisions/0042).

Projects and public reports get a random salt. Where only one stream may exist, its salt is derived from what makes it
the same thing, with a key: nobody else can compute the id.
"""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from ledger.identifiers import stream_id
from ledger.master_key import MasterKey
from ledger.store import Store
from ledger.transparency.leaves import SALT_BYTES, veiled_stream

VEILED_FROM = "SELECT veiled_from FROM ledger.log_format"
EXISTS = "SELECT EXISTS (SELECT FROM ledger.events WHERE stream = %s)"


class Veiled(StrEnum):
    """The kinds of stream of which only one may exist for a project, an honour of a programme, an authority's
    register of a year, or a subject whose data is sealed."""

    FRAME = "frame"
    FEEDBACK = "feedback"
    INTERESTS = "interests"
    NOMINATIONS = "nominations"
    DOCUMENTS = "documents"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Veil:
    """`salt`: None for a stream that an earlier version began, which is open."""

    salt: bytes | None
    stream: UUID = field(init=False)

    def __post_init__(self) -> None:
        if self.salt is not None:
            object.__setattr__(self, "stream", veiled_stream(self.salt))

    @classmethod
    def random(cls) -> "Veil":
        return cls(secrets.token_bytes(SALT_BYTES))

    @classmethod
    def none(cls, stream: UUID) -> "Veil":
        veil = cls(None)
        object.__setattr__(veil, "stream", stream)
        return veil


class Veils:
    """Finds the streams of which only one may exist."""

    def __init__(self, master: MasterKey, store: Store) -> None:
        self._master = master
        self._store = store
        self._veiled_from: int | None = None

    async def of(self, kind: Veiled, *parts: object) -> Veil:
        """`parts`: the project, or the programme and the honour, or the register."""
        former = stream_id(kind, *map(str, parts))
        if await self._may_have_former() and await self._exists(former):
            return Veil.none(former)
        return Veil(self._master.stream_salt(kind, *parts))

    async def stream(self, kind: Veiled, *parts: object) -> UUID:
        return (await self.of(kind, *parts)).stream

    async def _may_have_former(self) -> bool:
        if self._veiled_from is None:
            async with self._store.pool.connection() as connection:
                row = await (await connection.execute(VEILED_FROM)).fetchone()
            assert row is not None
            self._veiled_from = int(row[0])
        return self._veiled_from > 0

    async def _exists(self, stream: UUID) -> bool:
        async with self._store.pool.connection() as connection:
            row = await (await connection.execute(EXISTS, [stream])).fetchone()
        return row is not None and bool(row[0])
