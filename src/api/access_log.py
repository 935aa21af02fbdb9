"""One line of JSON for each request, and the id under which an answer and what was logged about it belong together.

Nothing personal: neither network nor account, and the pattern of the path instead of the path, which may hold codes and
ids."""

import json
import logging
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import WatchedFileHandler

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.clock import Clock, utc_now
from ledger.core.fact import instant_text
from ledger.operator_problem import OperatorProblem

STANDARD_OUTPUT = "-"
ROUTE = "minsheng.route"
failures = logging.getLogger(__name__)


class AccessLogWrong(OperatorProblem):
    """MINSHENG_ACCESS_LOG cannot be written."""


@contextmanager
def access_log(place: str) -> Iterator[logging.Logger | None]:
    """The place is a file or "-"; nothing is logged without one. Raises AccessLogWrong."""
    if not place:
        yield None
        return
    to_file = place != STANDARD_OUTPUT
    try:
        # It opens the file again after a rotation by others.
        handler = WatchedFileHandler(place, "a", "utf-8") if to_file else logging.StreamHandler(sys.stdout)
    except OSError as error:
        raise AccessLogWrong(f"MINSHENG_ACCESS_LOG={place}: {error.strerror}") from error
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.Logger("minsheng.access")
    log.addHandler(handler)
    try:
        yield log
    finally:
        handler.close()


class AccessLog:
    """Around the whole application."""

    def __init__(self, app: ASGIApp, log: logging.Logger | None = None, clock: Clock = utc_now) -> None:
        self._app, self._log, self._clock = app, log, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, started, status = secrets.token_hex(8), time.perf_counter(), 0
        state = scope.setdefault("state", {})

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_named)
        except Exception as error:
            failures.error("request %s failed: %s", request, type(error).__name__)
            raise
        finally:
            if self._log:
                line = {
                    "at": instant_text(self._clock()),
                    "request": request,
                    "method": scope["method"],
                    "route": state.get(ROUTE, "-"),
                    "status": status,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                }
                self._log.info(json.dumps(line))


class RouteNoted:
    """Directly around the router, which is where a request learns its route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            route: BaseRoute | None = scope.get("route")
            if isinstance(route, Route) and "state" in scope:
                scope["state"][ROUTE] = route.path
