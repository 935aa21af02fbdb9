"""Whether the service answers: by the very ways that commands and reads take."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import uuid4

from ledger.core.refusal import Refusal
from ledger.store import Append, Store, StoredFact, VersionConflict, Write
from projections.follower import Follower

SECONDS = 3.0
# A follower says something each second, but not within a long batch.
SILENT_SECONDS = 60.0
# The bound while read models are behind the ledger: the follower hangs, or its batch takes too long.
BEHIND_SECONDS = 15.0


class Readiness:
    """Those who ask at the same time share one round, so that asking often costs nobody anything."""

    def __init__(self, store: Store, follower: Follower, seen: Callable[[], Awaitable[int]]) -> None:
        """`seen`: the last position that all read models have seen."""
        self._store = store
        self._follower = follower
        self._seen = seen
        self._round: asyncio.Task[dict[str, str]] | None = None

    async def failing(self) -> dict[str, str]:
        """What does not answer, and why: `timeout`, the code of a refusal, or the kind of error."""
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._ask(), name="readiness")
        return dict(await asyncio.shield(self._round))

    async def _ask(self) -> dict[str, str]:
        parts = {"reader": self._read, "committer": self._commit, "pool": self._connect}
        answers = await asyncio.gather(*map(_answer, parts.values()))
        found = {name: answer for name, answer in zip(parts, answers, strict=True) if answer}
        if not self._follower.is_alive:
            found["follower"] = self._follower.status.state.value
        elif stale := await _answer(self._hear):
            found["follower"] = stale
        return found

    async def _read(self) -> None:
        await self._store.streams([uuid4()])

    async def _commit(self) -> None:
        """Under the lock it turns out that the stream is not at this version, so that nothing is written."""
        with suppress(VersionConflict):
            await self._store.append(Append((Write((StoredFact(uuid4(), 2, "", b"{}"),)),)))

    async def _hear(self) -> None:
        """Raises TimeoutError when the follower has been silent for too long."""
        silent = self._follower.silent_seconds
        if silent <= BEHIND_SECONDS:
            return
        if silent > SILENT_SECONDS or await self._seen() < (await self._store.head()).size - 1:
            raise TimeoutError

    async def _connect(self) -> None:
        await self._store.head()


async def _answer(ask: Callable[[], Awaitable[None]]) -> str | None:
    try:
        async with asyncio.timeout(SECONDS):
            await ask()
    except TimeoutError:
        return "timeout"
    except Refusal as refusal:
        return refusal.code
    except Exception as error:
        return type(error).__name__
    return None
