"""Where the service is reached and from where: its public address, and the client's behind trusted proxies."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from ledger.operator_problem import OperatorProblem
from ledger.values import Frozen

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
FORWARDED_FOR = b"x-forwarded-for"
FORWARDING = (b"x-forwarded", b"x-original", b"x-rewrite")
FORWARDING_NAMES = frozenset(
    (b"forwarded", b"x-real-ip", b"x-client-ip", b"x-cluster-client-ip", b"true-client-ip", b"x-host")
)
DEFAULT_PORTS = {"http": 80, "https": 443}


class ProxySettingsWrong(OperatorProblem):
    """MINSHENG_PUBLIC_URL or MINSHENG_TRUSTED_PROXIES cannot be used."""


class PublicUrl(Frozen):
    """`prefix`: the path in front of every address, without a slash at its end; empty for most."""

    scheme: str
    authority: str
    prefix: str = ""

    @classmethod
    def parse(cls, text: str) -> "PublicUrl":
        """Raises ProxySettingsWrong."""
        try:
            parts = urlsplit(text)
            usable = parts.scheme in DEFAULT_PORTS and parts.hostname and parts.port != 0 and text.isascii()
        except ValueError:
            parts, usable = urlsplit(""), False
        if not usable or parts.query or parts.fragment or "@" in parts.netloc or not text.isprintable() or " " in text:
            raise ProxySettingsWrong(
                f"MINSHENG_PUBLIC_URL is {text!r} and not an address such as https://example.org/ledger"
            )
        prefix = parts.path.rstrip("/")
        if "//" in prefix or "%" in prefix or {".", ".."} & set(prefix.split("/")):
            raise ProxySettingsWrong(f"MINSHENG_PUBLIC_URL has the path {parts.path!r}, which proxies would rewrite")
        return cls(scheme=parts.scheme, authority=parts.netloc.lower(), prefix=prefix)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.prefix}"


@dataclass(frozen=True, slots=True)
class Proxies:
    """Without `public`, absolute addresses are those of the socket that was connected to."""

    public: PublicUrl | None = None
    trusted: tuple[Network, ...] = ()

    @classmethod
    def of(cls, public_url: str | None, trusted: str) -> "Proxies":
        """`trusted`: addresses and networks, with commas or spaces between them. Raises ProxySettingsWrong."""
        try:
            networks = tuple(map(ip_network, trusted.replace(",", " ").split()))
        except ValueError as error:
            raise ProxySettingsWrong(f"MINSHENG_TRUSTED_PROXIES: {error}") from error
        if any(network.prefixlen == 0 for network in networks):
            raise ProxySettingsWrong("MINSHENG_TRUSTED_PROXIES: a network of all addresses would trust everybody")
        return cls(PublicUrl.parse(public_url) if public_url else None, networks)


DIRECT = Proxies()


class Forwarded:
    """The outermost layer: rewrites a request to say who really sent it and where the service publicly is. Everything
    inside may use `request.client`, `request.base_url` and `root_path`; forwarding headers and Host do not get through.

    The proxy strips the prefix; here it is put back, as ASGI wants it, so that redirects and mounts carry it."""

    def __init__(self, app: ASGIApp, proxies: Proxies) -> None:
        self._app, self._proxies = app, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            scope = self._rewritten(scope)
        await self._app(scope, receive, send)

    def _rewritten(self, scope: Scope) -> Scope:
        public = self._proxies.public or _of_socket(scope)
        headers = [(name, value) for name, value in scope["headers"] if name != b"host" and not _forwards(name)]
        chain = [value for name, value in scope["headers"] if name == FORWARDED_FOR]
        peer = scope.get("client")
        rewritten: Scope = {
            **scope,
            "headers": [(b"host", public.authority.encode("ascii")), *headers],
            "scheme": public.scheme,
            "client": peer and (self._client(peer[0], b",".join(chain)), peer[1]),
        }
        if public.prefix:
            prefix = public.prefix
            rewritten.update(root_path=prefix, path=prefix + scope["path"])
            if raw := scope.get("raw_path"):
                rewritten["raw_path"] = prefix.encode("ascii") + raw
        return rewritten

    def _client(self, peer: str, chain: bytes) -> str:
        """The rightmost address that is not a trusted proxy's. Anything to the left of it, or of something that is no
        address, may be the client's invention."""
        nearest = _address(peer)
        if nearest is None:
            return peer
        entries = chain.decode("latin-1").split(",") if chain else []
        while entries and self._trusts(nearest) and (further := _address(entries.pop())):
            nearest = further
        return str(nearest)

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._proxies.trusted)


def has_clear_host(scope: Scope) -> bool:
    """Whether the request names one host, as HTTP/1.1 requires; older requests may name none. To be asked of a request
    as it came, before `Forwarded` rewrites it."""
    hosts = sum(name == b"host" for name, _ in scope["headers"])
    return hosts in ((0, 1) if scope["http_version"] == "1.0" else (1,))


def network_of(client: str) -> str:
    """What counts as one client for limits: an IPv4 address, or an IPv6 /64, since one line has all addresses in it."""
    address = _address(client)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address) if address else client


def client_network(scope: Scope) -> str:
    """The client's network, for limits. The one way to ask who sent a request."""
    client = scope.get("client")
    return network_of(client[0]) if client else ""


def route_path(scope: Scope) -> str:
    """The path without the public prefix: what routes, pages and idempotency keys go by."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("app_root_path", scope.get("root_path", "")))


def _forwards(name: bytes) -> bool:
    return name.startswith(FORWARDING) or name in FORWARDING_NAMES


def _address(text: str) -> Address | None:
    """Some proxies write a port, and brackets around IPv6. An IPv4 address in an IPv6 socket is the IPv4 address."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    if "%" in text:
        return None
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def _of_socket(scope: Scope) -> PublicUrl:
    scheme = scope.get("scheme", "http")
    host, port = scope.get("server") or ("localhost", None)
    if host.startswith("/"):
        # A UNIX socket.
        host, port = "localhost", None
    host = f"[{host}]" if ":" in host else host
    shown = host if port in (None, DEFAULT_PORTS.get(scheme)) else f"{host}:{port}"
    return PublicUrl.model_construct(scheme=scheme, authority=shown, prefix="")
