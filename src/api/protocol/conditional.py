"""Validators and ranges (RFC 9110, sections 13 and 14): every whole answer to GET has an ETag, a client that holds it
gets 304, and an export gives a part of itself."""

import re
from hashlib import sha256
from tempfile import SpooledTemporaryFile

from anyio import CancelScope
from anyio.lowlevel import checkpoint
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import http_problem
from api.protocol.conditions import NAMES, Conditions, Span
from api.protocol.headers import Fields, value, without

_OF_CONTENT = frozenset(
    (b"accept-ranges", b"content-disposition", b"content-language", b"content-length", b"content-type", b"etag")
)
_VERSION = re.compile(rb'"([0-9]{1,9})"')
IN_MEMORY, PIECE = 1 << 20, 1 << 16


class Conditional:
    """The routes see none of the conditions, so that none answers them by a rule of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        asked = Conditions.of(scope["headers"])
        if asked is None:
            await self._app(scope, receive, Validated(send))
            return
        inner = {**scope, "headers": without(scope["headers"], NAMES)}
        with CancelScope() as rest, SpooledTemporaryFile(IN_MEMORY) as spool:
            await self._app(inner, receive, Selected(scope, receive, send, asked, rest, spool))


class Validated:
    """Sends an answer on, with a digest of its bytes as ETag where it is whole and has none."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._held: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            # Nothing to compare in what is no success, and a live stream must not wait for its first event.
            if message["status"] == 200 and not _is_live(message["headers"]):
                self._held = {**message, "headers": list(message["headers"])}
            else:
                await self._send(message)
            return
        if self._held is not None:
            start, self._held = self._held, None
            fields: Fields = start["headers"]
            body, more = message.get("body", b""), message.get("more_body", False)
            kept = value(fields, b"cache-control") or b""
            if not more and b"no-store" not in kept:
                _validate(fields, body)
            if not await self._begun(start, body, more):
                return
        await self._piece(message)

    async def _begun(self, start: Message, body: bytes, more: bool) -> bool:
        """Whether what follows is wanted."""
        await self._send(start)
        return True

    async def _piece(self, message: Message) -> None:
        await self._send(message)


class Selected(Validated):
    """As the conditions say: nothing but that the client holds it, a part, or the whole."""

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        asked: Conditions,
        rest: CancelScope,
        spool: "SpooledTemporaryFile[bytes]",
    ) -> None:
        super().__init__(send)
        self._scope, self._receive = scope, receive
        self._asked = asked
        self._rest = rest
        self._spool = spool
        self._spooling: Message | None = None
        # Of a part: how many bytes come before it, and how many are still to be sent.
        self._before, self._left = 0, -1

    async def _begun(self, start: Message, body: bytes, more: bool) -> bool:
        fields: Fields = start["headers"]
        etag, modified = value(fields, b"etag"), value(fields, b"last-modified")
        if (tag := self._asked.held(etag, modified)) is not None:
            kept = [*without(fields, _OF_CONTENT), *([(b"etag", tag)] if tag else [])]
            await self._send({**start, "status": 304, "headers": kept})
            await self._send({"type": "http.response.body", "body": b""})
            await self._stop(more)
            return False
        if value(fields, b"accept-ranges") == b"bytes" and self._asked.wants_part(etag, modified):
            length = value(fields, b"content-length")
            if length is None and more:
                self._spooling = start
                return True
            return await self._part(start, len(body) if length is None else int(length), more)
        return await super()._begun(start, body, more)

    async def _piece(self, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._spooling is not None:
            await run_sync(self._spool.write, body)
            if not more:
                await self._send_spooled(self._spooling)
        elif self._left < 0:
            await self._send(message)
        elif self._left:
            wanted = body[self._before : self._before + self._left]
            self._before = max(0, self._before - len(body))
            self._left -= len(wanted)
            await self._send({"type": "http.response.body", "body": wanted, "more_body": self._left > 0})
            if not self._left:
                await self._stop(more)

    async def _part(self, start: Message, length: int, more: bool) -> bool:
        span = await self._part_begun(start, length)
        if span is None:
            await self._stop(more)
            return False
        self._before, self._left = span.first, span.last - span.first + 1
        return True

    async def _part_begun(self, start: Message, length: int) -> Span | None:
        """Answers 416 and None for a part that lies outside."""
        span = self._asked.span(length)
        if span is None:
            refusal = http_problem(Request(self._scope), 416)
            refusal.headers["Content-Range"] = f"bytes */{length}"
            await refusal(self._scope, self._receive, self._send)
            return None
        fields = [
            *without(start["headers"], {b"content-length"}),
            (b"content-length", str(span.last - span.first + 1).encode()),
            (b"content-range", f"bytes {span.first}-{span.last}/{length}".encode()),
        ]
        await self._send({**start, "status": 206, "headers": fields})
        return span

    async def _send_spooled(self, start: Message) -> None:
        span = await self._part_begun(start, self._spool.tell())
        if span is None:
            return
        left = span.last - span.first + 1
        await run_sync(self._spool.seek, span.first)
        while left:
            piece = await run_sync(self._spool.read, min(left, PIECE))
            left -= len(piece)
            await self._send({"type": "http.response.body", "body": piece, "more_body": left > 0})

    async def _stop(self, more: bool) -> None:
        """Ends what makes the rest of the answer."""
        if more:
            self._rest.cancel()
            await checkpoint()


def _validate(fields: Fields, body: bytes) -> None:
    """A route's own tag stays, unless it is a version: that names no bytes, which may differ at the same version."""
    etag = value(fields, b"etag")
    if etag is None:
        fields.append((b"etag", f'"{sha256(body).hexdigest()[:32]}"'.encode()))
    elif found := _VERSION.fullmatch(etag):
        whole = f'"{found[1].decode()}-{sha256(body).hexdigest()[:16]}"'.encode()
        fields[:] = [*without(fields, {b"etag"}), (b"etag", whole)]


def _is_live(fields: Fields) -> bool:
    return (value(fields, b"content-type") or b"").startswith(b"text/event-stream")
