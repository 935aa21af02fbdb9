"""A server that stops by the signals of the whole program: it takes no more connections, lets running requests finish
for a while, and returns."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from ledger import stopping

REQUEST_SECONDS = 10


class StoppingServer(uvicorn.Server):
    """`before`: ends what would keep requests running, such as streams."""

    def __init__(self, app: ASGIApp, host: str, port: int, before: Callable[[], None] = lambda: None) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_level="warning",
                access_log=False,
                # Which server it is helps nobody but an attacker.
                server_header=False,
                # By itself uvicorn would trust X-Forwarded-For from this machine, no matter who runs there.
                proxy_headers=False,
                # Nothing here speaks WebSocket; uvicorn would answer for itself, without a problem document.
                ws="none",
                timeout_graceful_shutdown=REQUEST_SECONDS,
            )
        )
        self._before = before

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn would send itself the signal again afterwards, which ends the process before anything is closed.
        with stopping.calls(self._stop):
            yield

    def _stop(self) -> None:
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._before()
        await super().shutdown(sockets)
