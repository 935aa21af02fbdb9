"""Those who listen to the feed: told when there is something new, and when the service stops."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import psycopg
from psycopg_pool import AsyncConnectionPool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.protocol.proxies import client_network
from ledger.background import BackgroundTask, TaskState
from ledger.refusals.general import TooManyListeners
from ledger.refusals.storage import LedgerClosing

MOST = 200
MOST_PER_NETWORK = 20
LOOK_SECONDS = 0.2
RETRY_SECONDS = 30
FOLLOWED = "SELECT next_position FROM projections.tracking WHERE name = 'feed'"


class Listeners:
    """While anybody listens, one looks for all how far the feed has come."""

    def __init__(self, pool: AsyncConnectionPool, most: int = MOST, most_per_network: int = MOST_PER_NETWORK) -> None:
        self._pool = pool
        self._most = most
        self._most_per_network = most_per_network
        self._seats: Counter[str] = Counter()
        self._changed = asyncio.Event()
        self._looking: BackgroundTask | None = None
        self.followed = -1
        self.closed = False

    @property
    def count(self) -> int:
        return self._seats.total()

    @contextlib.contextmanager
    def seat(self, network: str) -> Iterator[None]:
        """Held while somebody in this network listens. Checked and taken without a pause, so that no rush can take more
        seats than there are. Raises TooManyListeners, LedgerClosing."""
        self.check(network)
        self._seats[network] += 1
        if self._looking is None or self._looking.status.state is TaskState.FINISHED:
            self._looking = BackgroundTask("listeners", self._look)
            self._looking.start()
        try:
            yield
        finally:
            self._seats[network] -= 1
            if not self._seats[network]:
                del self._seats[network]

    def check(self, network: str) -> None:
        """Whether there is a seat at this moment. Raises TooManyListeners, LedgerClosing."""
        if self.closed:
            raise LedgerClosing()
        if self.count >= self._most or self._seats[network] >= self._most_per_network:
            raise TooManyListeners(retry_after=RETRY_SECONDS)

    async def news(self, seen: int, seconds: float) -> bool:
        """Whether the feed has come further than `seen` within so many seconds; at once when the service stops."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.followed <= seen and not self.closed:
                    await self._changed.wait()
        return self.followed > seen

    def close(self) -> None:
        """Ends every stream; for when the service stops, which waits for them."""
        self.closed = True
        self._tell()

    def _tell(self) -> None:
        event, self._changed = self._changed, asyncio.Event()
        event.set()

    async def _look(self) -> None:
        while self._seats and not self.closed:
            # A server that restarts is there again later.
            with contextlib.suppress(psycopg.OperationalError):
                async with self._pool.connection() as connection:
                    row = await (await connection.execute(FOLLOWED)).fetchone()
                if row and row[0] > self.followed:
                    self.followed = row[0]
                    self._tell()
            await asyncio.sleep(LOOK_SECONDS)


class EventStream(StreamingResponse):
    """Server-sent events to one listener, who has a seat until the stream has ended, however it ends."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[bytes], listeners: Listeners) -> None:
        super().__init__(content, headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
        self._listeners = listeners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._listeners.seat(client_network(scope)):
            await super().__call__(scope, receive, send)
