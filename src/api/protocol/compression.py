"""Compression of what anybody may read: zstd, else br, else gzip, as the reader takes it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type, remove_compress_type

from api.protocol.headers import has, value, vary_by, without

for _media_type in (
    "application/feed+json",
    "application/jsonl",
    "application/problem+json",
    "text/csv",
):
    add_compress_type(_media_type)
for _media_type in ("image/vnd.microsoft.icon", "image/x-icon"):
    remove_compress_type(_media_type)
# A compressor holds up to some megabytes, which each of the listeners would need for as long as it listens.
remove_compress_type("text/event-stream")


class Compressed:
    """Answers to a bearer or to a session stay as they are: they may hold sealed values, or the token of the session's
    forms, next to what the request repeats, whose compressed length tells of both (BREACH). Tiles, files and archives
    are not of the types that are compressed."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._compressing = CompressMiddleware(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = scope["type"] == "http" and scope["method"] == "GET"
        if not is_open or has(scope, b"authorization") or has(scope, b"cookie"):
            await self._plain(scope, receive, send)
            return

        async def send_weakened(message: Message) -> None:
            if message["type"] == "http.response.start":
                fields = message["headers"] = list(message["headers"])
                if message["status"] == 304:
                    vary_by(fields, b"Accept-Encoding")
                etag = value(fields, b"etag")
                if etag is not None and value(fields, b"content-encoding") is not None:
                    # Other bytes than those that the strong tag names, and no part of them can be asked for.
                    weak = etag if etag.startswith(b"W/") else b"W/" + etag
                    fields[:] = [*without(fields, {b"etag", b"accept-ranges"}), (b"etag", weak)]
            await send(message)

        await self._compressing(scope, receive, send_weakened)
