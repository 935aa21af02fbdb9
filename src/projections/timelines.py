"""The streams that a batch of events touches, each event with the state that the ledger knew after it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import psycopg

from ledger.aggregates import BY_FOUNDER
from ledger.cache import BoundedCache
from ledger.core.envelope import Recorded
from ledger.core.history import Timeline
from ledger.store.reader import recorded
from ledger.store.statements import READ_STREAMS

# More than a batch has streams, so that none leaves the cache before its events were followed.
CACHED_STREAMS = 20_000


class Timelines:
    """Keeps the streams seen last, so that a batch reads only streams it does not know yet."""

    def __init__(self) -> None:
        self._known: BoundedCache[UUID, Timeline[Any]] = BoundedCache(CACHED_STREAMS)

    def follow(
        self, connection: psycopg.Connection, batch: Sequence[Recorded]
    ) -> Iterator[tuple[Timeline[Any] | None, Timeline[Any]]]:
        """For each event in order: its stream before (None when it founds the stream) and after it."""
        self._fetch(connection, batch)
        for event in batch:
            before = self._known.get(event.stream)
            if before is None:
                after = Timeline(BY_FOUNDER[type(event.fact)], event.stream, [event])
            else:
                after = before.extended([event])
            self._known[event.stream] = after
            yield before, after

    def forget(self) -> None:
        """After a batch that was not kept."""
        self._known.clear()

    def forget_streams(self, streams: Iterable[UUID]) -> None:
        for stream in streams:
            self._known.discard(stream)

    def _fetch(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        first: dict[UUID, int] = {}
        for event in batch:
            first.setdefault(event.stream, event.version)
        missing = [stream for stream, version in first.items() if not self._has(stream, version - 1)]
        if not missing:
            return
        start = batch[0].position
        rows: Iterable[Any] = connection.execute(READ_STREAMS, [missing, start - 1], binary=True)
        earlier: dict[UUID, list[Recorded]] = {}
        for row in rows:
            earlier.setdefault(row[0], []).append(recorded(row))
        for stream, events in earlier.items():
            self._known[stream] = Timeline(BY_FOUNDER[type(events[0].fact)], stream, events)

    def _has(self, stream: UUID, version: int) -> bool:
        timeline = self._known.get(stream)
        if timeline is None:
            return version == 0
        if timeline.version != version:
            # Another process followed in between; what is remembered is behind.
            self._known.discard(stream)
            return False
        return True
