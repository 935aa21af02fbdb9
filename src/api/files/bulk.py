"""Bulk reads: a bounded number at once, off the event loop, and abandoned as soon as nobody waits for them."""

import asyncio
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import IO, Any, ParamSpec, TypeVar

import anyio
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.files.exports.sending import Sendable
from api.protocol.proxies import client_network
from ledger.refusals.general import TooManyBulkReads

T = TypeVar("T")
P = ParamSpec("P")
Check = Callable[[], None]
# For all clients, and for one network, so that one reader with many connections leaves room for others.
MOST, PER_NETWORK = 16, 8
RETRY_SECONDS = 5
# One thread for a file that is made whole, which may take long, and one for parts of streams. More threads would only
# compete for the interpreter lock, which the event loop needs too.
THREADS = 2
# A client that reads nothing for this long has gone, or holds its seat on purpose.
STALL_SECONDS = 60.0


class Abandoned(Exception):
    """Nobody waits for the file any more."""


class _Stalled(Exception):
    """The client reads nothing."""


class BulkReads:
    """What all bulk reads of a service share. `turn`: held by work that stays on the loop, so that a small request
    waits for one piece of it and not for a piece of each reader's."""

    def __init__(self, most: int = MOST, per_network: int = PER_NETWORK, stall_seconds: float = STALL_SECONDS) -> None:
        self._most, self._per_network, self._stall_seconds = most, per_network, stall_seconds
        self._open: Counter[str] = Counter()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="bulk")
        self.turn = asyncio.Lock()
        # Each file takes a processor, and room on the disk.
        self.making = asyncio.Lock()

    @property
    def open(self) -> int:
        return self._open.total()

    @contextmanager
    def seat(self, network: str) -> Iterator[None]:
        """Held until the answer has been read. Raises TooManyBulkReads."""
        if self.open >= self._most or self._open[network] >= self._per_network:
            raise TooManyBulkReads(retry_after=RETRY_SECONDS)
        self._open[network] += 1
        try:
            yield
        finally:
            self._open[network] -= 1
            if not self._open[network]:
                del self._open[network]

    async def run(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """In a thread, for work of less than a second."""
        return await asyncio.wrap_future(self._threads.submit(work, *arguments, **named))

    async def make(self, write: Callable[[IO[bytes], Check], None]) -> Sendable:
        """A temporary file, which the answer closes. `write` calls its second argument from time to time: it raises
        Abandoned once nobody waits."""
        stop = threading.Event()

        def check() -> None:
            if stop.is_set():
                raise Abandoned()

        async with self.making:
            future = self._threads.submit(_made, write, check)
            try:
                return await asyncio.wrap_future(future)
            except asyncio.CancelledError:
                stop.set()
                future.add_done_callback(_drop)
                raise

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the application until it has answered, or the client has gone or reads nothing any more."""
        gone = anyio.Event()
        sent, failed = False, None

        async def heard() -> Message:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send_soon(message: Message) -> None:
            nonlocal sent
            sent = message["type"] == "http.response.body" and not message.get("more_body", False)
            try:
                with anyio.fail_after(self._stall_seconds):
                    await send(message)
            except TimeoutError as error:
                raise _Stalled from error

        async with anyio.create_task_group() as listening:

            async def listen() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                gone.set()
                if not sent:
                    listening.cancel_scope.cancel()

            listening.start_soon(listen)
            try:
                await app(scope, heard, send_soon)
            except _Stalled:
                # The server closes the connection of an answer that has not ended.
                pass
            except Exception as error:
                failed = error
            listening.cancel_scope.cancel()
        if failed is not None:
            raise failed


class BulkRoute(APIRoute):
    """For a GET without a body whose answer may be large."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        inner = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            bulk: BulkReads = scope["app"].state.service.bulk
            with bulk.seat(client_network(scope)):
                await bulk.serve(inner, scope, receive, send)

        self.app = app


def switch_threads_soon() -> None:
    """Each time the event loop wakes, it waits for a thread that computes: 5 ms by default, many times a request."""
    sys.setswitchinterval(0.0005)


def checked(rows: Iterable[T], check: Check) -> Iterator[T]:
    for row in rows:
        check()
        yield row


def _made(write: Callable[[IO[bytes], Check], None], check: Check) -> Sendable:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by its reader
    try:
        check()
        write(file, check)
        return Sendable.of(file)
    except BaseException:
        file.close()
        raise


def _drop(future: "Future[Sendable]") -> None:
    with suppress(BaseException):
        future.result().file.close()
