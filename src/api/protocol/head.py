"""HEAD wherever there is GET: the same answer, without its body."""

from anyio import CancelScope
from anyio.lowlevel import checkpoint
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.protocol.headers import without

# Range is defined for GET alone.
_RANGES = {b"range", b"if-range"}


class BodilessHead:
    """A stream is ended at its first piece: nobody waits for the rest, and some have no end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        ended = False
        with CancelScope() as rest:

            async def send_head(message: Message) -> None:
                nonlocal ended
                if message["type"] == "http.response.start":
                    await send(message)
                elif not ended:
                    ended = True
                    await send({"type": "http.response.body", "body": b""})
                    if message.get("more_body", False):
                        rest.cancel()
                        await checkpoint()

            as_get = {**scope, "method": "GET", "headers": without(scope["headers"], _RANGES)}
            await self._app(as_get, receive, send_head)
