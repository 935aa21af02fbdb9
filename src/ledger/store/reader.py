"""Reads of streams, gathered: loads that wait at the same moment share one query."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from ledger.background import BackgroundTask
from ledger.core.envelope import Recorded
from ledger.core.refusal import Refusal
from ledger.refusals.storage import LedgerClosing, LedgerUnavailable, PayloadDiffers, PayloadUnreadable
from ledger.store import failures, statements
from ledger.store.append import AppendResult, Key
from ledger.store.batch import KnownKey, answer_for_key
from ledger.store.committer import Connect
from ledger.store.mapper import MAPPER
from ledger.store.stored import FactNotification, notification

log = logging.getLogger(__name__)
# A server that has stalled answers neither yes nor no.
PATIENCE_SECONDS = 20.0
# What makes an event unreadable for everybody, as opposed to what passes.
UNREADABLE = (PayloadDiffers, PayloadUnreadable)
# Everything is looked up by its key, so that a plan made once is right for every table, grown or not.
PLAN_ONCE = """
SET plan_cache_mode = force_generic_plan;
SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off
"""

Row = tuple[UUID, int, int, datetime, bytes | None, UUID | None, int | None, bytes | None]


def recorded(row: Sequence[Any]) -> Recorded:
    """An event of a row of READ_STREAMS or READ_POSITIONS. Raises PayloadDiffers, PayloadUnreadable or ShapeUnknown."""
    return MAPPER.to_domain_event(notification(row))


@dataclass(frozen=True, slots=True)
class SealingKey:
    """The key of a subject's sealed values, wrapped; None when it was destroyed."""

    wrapped: bytes | None


@dataclass(frozen=True, slots=True)
class _Found:
    streams: dict[UUID, list[Row]]
    known: KnownKey | None
    sealing: SealingKey | None


@dataclass(slots=True)
class _Load:
    promise: "asyncio.Future[_Found]"
    streams: tuple[UUID, ...] = ()
    known: int = statements.EVER
    key: Key | None = None
    sealing: tuple[UUID, str] | None = None


class Reader:
    """One connection that serves all loads of a process, a group at a time."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._loads: list[_Load] = []
        self._serving: Sequence[_Load] = ()
        self._wake = asyncio.Event()
        self._connection: psycopg.AsyncConnection | None = None
        self._closing = False
        self.task = BackgroundTask("reader", self._run, on_failure=lambda _: self._fail_all(LedgerUnavailable()))

    def start(self) -> None:
        self.task.start()

    async def close(self) -> None:
        self._closing = True
        await self.task.close()
        self._fail_all(LedgerClosing())
        await self._drop_connection()

    async def streams(self, streams: Sequence[UUID], known: int = statements.EVER) -> dict[UUID, list[Recorded]]:
        """The events of each stream in order of version, as far as they were known at that position; an unknown stream
        has none."""
        found = await self.stored(streams, known)
        return {stream: [MAPPER.to_domain_event(event) for event in events] for stream, events in found.items()}

    async def stored(self, streams: Sequence[UUID], known: int = statements.EVER) -> dict[UUID, list[FactNotification]]:
        """As `streams`, before their states are decoded."""
        found = await self._load(streams=tuple(streams), known=known)
        return {stream: [notification(row) for row in rows] for stream, rows in found.streams.items()}

    async def answered(self, key: Key) -> AppendResult | None:
        """What this key was answered with, if it was; raises KeyReused when the request was another."""
        known = (await self._load(key=key)).known
        if known is None:
            return None
        answer = answer_for_key(key, known)
        if isinstance(answer, AppendResult):
            return answer
        raise answer

    async def all_answered(self, keys: Sequence[Key]) -> dict[Key, AppendResult]:
        """As `answered`, for many keys in one query; those without an answer are left out."""
        found = await asyncio.gather(*map(self.answered, keys))
        return {key: answer for key, answer in zip(keys, found, strict=True) if answer is not None}

    async def sealing_key(self, subject: UUID, purpose: str) -> SealingKey | None:
        """The key that this subject's values are sealed with for this purpose, if there was ever one."""
        return (await self._load(sealing=(subject, purpose))).sealing

    async def _load(
        self,
        streams: tuple[UUID, ...] = (),
        known: int = statements.EVER,
        key: Key | None = None,
        sealing: tuple[UUID, str] | None = None,
    ) -> _Found:
        if self._closing:
            raise LedgerClosing()
        load = _Load(asyncio.get_running_loop().create_future(), streams, known, key, sealing)
        self._loads.append(load)
        self._wake.set()
        return await load.promise

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            self._serving, self._loads = self._loads, []
            await self._answer(self._serving)

    async def _answer(self, loads: Sequence[_Load]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                try:
                    await self._serve(loads)
                except psycopg.OperationalError:
                    # Reading again is harmless, and the server may just have restarted.
                    await self._drop_connection()
                    await self._serve(loads)
        except Exception as error:
            await self._drop_connection()
            refusal = failures.refusal(error)
            if refusal is None and len(loads) > 1:
                # One of them is at fault; the others are not to suffer for it.
                for load in loads:
                    await self._answer([load])
                return
            log.warning("a read failed: %s", type(error).__name__)
            _fail(loads, refusal or LedgerUnavailable())

    def _fail_all(self, refusal: Refusal) -> None:
        loads, self._serving, self._loads = [*self._serving, *self._loads], (), []
        _fail(loads, refusal)

    async def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _serve(self, loads: Sequence[_Load]) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = connection = await self._connect()
            await connection.set_autocommit(True)
            await connection.execute(PLAN_ONCE, prepare=False)
        streams: dict[int, dict[UUID, list[Row]]] = {}
        for load in loads:
            streams.setdefault(load.known, {}).update((stream, []) for stream in load.streams)
        keys = [load.key for load in loads if load.key]
        known: dict[tuple[UUID, str], KnownKey] = {}
        sealing = {load.sealing: None for load in loads if load.sealing}
        sealing_keys: dict[tuple[UUID, str], SealingKey] = {}
        for at, found in streams.items():
            if found:
                cursor = await self._connection.execute(statements.READ_STREAMS, [list(found), at], binary=True)
                for row in await cursor.fetchall():
                    found[row[0]].append(row)
        if keys:
            cursor = await self._connection.execute(
                statements.KEYS,
                [[key.account for key in keys], [key.key for key in keys], datetime.now(UTC)],
                binary=True,
            )
            for account, key, digest, position, at, stream, version in await cursor.fetchall():
                again = AppendResult(stream, version, position, at, range(position, position + 1), repeated=True)
                known[account, key] = KnownKey(digest, again)
        if sealing:
            wanted = [[subject for subject, _ in sealing], [purpose for _, purpose in sealing]]
            cursor = await self._connection.execute(statements.SEALING_KEYS, wanted, binary=True)
            for subject, purpose, wrapped in await cursor.fetchall():
                sealing_keys[subject, purpose] = SealingKey(wrapped)
        for load in loads:
            if not load.promise.done():
                load.promise.set_result(
                    _Found(
                        {stream: streams[load.known][stream] for stream in load.streams},
                        known.get((load.key.account, load.key.key)) if load.key else None,
                        sealing_keys.get(load.sealing) if load.sealing else None,
                    )
                )


def _fail(loads: Sequence[_Load], refusal: Refusal) -> None:
    for load in loads:
        if not load.promise.done():
            load.promise.set_exception(refusal)
