"""What scripts of other sites may read: public data, as nobody in particular."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.protocol.headers import has
from api.protocol.proxies import route_path

_PLACES = frozenset(("/v1/feed", "/v1/feed/stream", "/feed.atom", "/feed.json", "/360giving.json", "/catalog.jsonld"))
_FOLDERS = ("/exports/", "/ocds/", "/log/")
_SENT = ("Cache-Control", "If-Modified-Since", "If-None-Match", "If-Range", "Last-Event-ID", "Range")
_READ = (
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "ETag",
    "Ledger-Position",
    "Link",
    "Retry-After",
)


def is_public_data(scope: Scope) -> bool:
    path = route_path(scope)
    return path in _PLACES or path.startswith(_FOLDERS)


class CrossOrigin:
    """Never with a token, and never where a command is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._public = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "HEAD"],
            allow_headers=_SENT,
            expose_headers=_READ,
            max_age=86_400,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        opens = scope["type"] == "http" and is_public_data(scope) and not has(scope, b"authorization")
        await (self._public if opens else self._app)(scope, receive, send)
