"""What every answer carries: headers that protect readers, and how long and by whom it may be kept."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import http_problem
from api.protocol.cross_origin import is_public_data
from api.protocol.headers import Fields, has, value, vary_by, without

# A page has a policy of its own. What a browser shows of all else asks for nothing.
_POLICY = b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_PROTECTION: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_HTTPS_ALONE = (b"strict-transport-security", b"max-age=31536000")
# The parser of the server sets no limit of its own; a cursor of the listing may be long.
LONGEST_HEAD = 1 << 17


class Envelope:
    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._protection = (*_PROTECTION, *([_HTTPS_ALONE] if https else []))
        # Of a command's answer, which has none of these: put together once, because commands are what has to be fast.
        self._of_commands = (
            *self._protection,
            (b"content-security-policy", _POLICY),
            (b"x-frame-options", b"DENY"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"cache-control", b"no-store"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                fields = message["headers"] = list(message["headers"])
                # The receipt on a page has a policy of its own.
                is_page = any(name == b"content-security-policy" for name, _ in fields)
                if scope["method"] == "POST" and message["status"] == 201 and not is_page:
                    fields.extend(self._of_commands)
                else:
                    self._protect(scope, fields)
                    _keep(scope, message["status"], fields)
            await send(message)

        if _size_of_head(scope) > LONGEST_HEAD:
            await http_problem(Request(scope), 431)(scope, receive, send_complete)
        else:
            await self._app(scope, receive, send_complete)

    def _protect(self, scope: Scope, fields: Fields) -> None:
        there = {name for name, _ in fields}
        fields.extend(one for one in self._protection if one[0] not in there)
        if b"content-security-policy" not in there:
            fields.append((b"content-security-policy", _POLICY))
        # The one page that others may frame says so in its policy.
        frameable = b"frame-ancestors *" in (value(fields, b"content-security-policy") or b"")
        if not frameable:
            fields.append((b"x-frame-options", b"DENY"))
        opens = frameable or is_public_data(scope)
        fields.append((b"cross-origin-resource-policy", b"cross-origin" if opens else b"same-origin"))


def _keep(scope: Scope, status: int, fields: Fields) -> None:
    """Caching: a route may say more, but an answer to a bearer is for nobody else, whatever the route says."""
    said = value(fields, b"cache-control")
    reads = scope["method"] in ("GET", "HEAD")
    if said is None:
        said = b"no-cache" if reads and status < 400 else b"no-store"
    if not reads:
        fields[:] = [*without(fields, {b"cache-control"}), (b"cache-control", said)]
        return
    if has(scope, b"authorization") and b"no-store" not in said:
        parts = [part for part in (one.strip() for one in said.split(b",")) if part not in (b"public", b"private")]
        said = b", ".join([b"private", *parts])
    fields[:] = [*without(fields, {b"cache-control"}), (b"cache-control", said)]
    vary_by(fields, b"Authorization", *((b"Accept", b"Accept-Language") if status >= 400 else ()))


def _size_of_head(scope: Scope) -> int:
    size = len(scope["path"]) + len(scope["query_string"])
    for name, given in scope["headers"]:
        size += len(name) + len(given)
    return size
