"""To which addresses messages may go: https on a listed port, and no machine of the operator's own network."""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from api.webhooks.special_purpose import is_public
from ledger.operator_problem import OperatorProblem
from ledger.refusals.webhooks import WebhookAddressRefused

Resolve = Callable[[str, int], Awaitable[list[str]]]
RESOLVE_SECONDS = 5.0
LONGEST = 2000
HTTPS = 443
# As URLs hold it: no spaces, and none of what parsers disagree about.
_URL = re.compile(r"[!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]+")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?")
# A resolver reads a last label like these as an IPv4 address, in ways that differ from system to system.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class Unresolved(Exception):
    """The name of the host leads to no address now."""


class PortsWrong(OperatorProblem, ValueError):
    """The setting is no list of ports."""


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name, by the system's resolver. Raises Unresolved."""
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise Unresolved(host) from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True)
class Target:
    """A URL that may be sent to, and its parts. `host`: in lower case, an IPv6 address without brackets; `path`: with
    the query."""

    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the header Host says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _default(self.scheme) else f"{host}:{self.port}"


@dataclass(frozen=True)
class Addresses:
    """`local`: also http, any port, and machines of the own network; for trying out."""

    local: bool = False
    resolve: Resolve = resolved
    ports: frozenset[int] = frozenset({HTTPS})

    def target(self, url: str) -> Target:
        """Raises WebhookAddressRefused."""
        if len(url) > LONGEST or not _URL.fullmatch(url):
            raise _refused(
                "地址须由 URL 允许的 ASCII 字符组成，不含空格，至多2000个字符。",
                "it is of the ASCII characters that URLs allow, 2000 at most.",
            )
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise _refused("地址不是 URL。", "it is no URL.") from error
        if parts.scheme != "https" and not (self.local and parts.scheme == "http"):
            raise _refused("地址须以 https:// 开头。", "it begins with https://.")
        if "@" in parts.netloc or "#" in url:
            raise _refused("地址中不得有用户名或片段。", "it holds no user and no fragment.")
        bracketed = "[" in parts.netloc
        if not host or port == 0 or bracketed != (":" in host) or not (self.local or _is_name(host)):
            raise _refused(
                "主机须为完整域名或标准写法的 IP 地址。", "the host is a full domain name, or an IP address as usual."
            )
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        target = Target(url, parts.scheme, host, port or _default(parts.scheme), path)
        if not self.local and target.port not in self.ports:
            allowed = ", ".join(map(str, sorted(self.ports)))
            raise _refused(f"端口须为 {allowed}。", f"the port is one of {allowed}.")
        return target

    async def of(self, target: Target) -> list[str]:
        """Where to connect to. If any of them is not public, none is: the owner of a name chooses its addresses.
        Raises WebhookAddressRefused, Unresolved."""
        found = await self.resolve(target.host, target.port)
        if not found:
            raise Unresolved(target.host)
        if not self.local and not all(is_public(ip_address(one)) for one in found):
            raise _refused(
                "主机名指向本机、内部网络或特殊用途地址。",
                "the host's name leads to this machine, a private network or a special-purpose address.",
            )
        return found

    async def check(self, url: str) -> Target:
        """As far as it can be told now: a name may lead somewhere later. Raises WebhookAddressRefused."""
        target = self.target(url)
        with suppress(Unresolved):
            await self.of(target)
        return target


PUBLIC_ONLY = Addresses()


def ports_of(text: str) -> frozenset[int]:
    """From a list with spaces or commas. Raises PortsWrong."""
    words = text.replace(",", " ").split()
    if not words or not all(re.fullmatch("[0-9]{1,5}", word) and 0 < int(word) < 65_536 for word in words):
        raise PortsWrong(f"MINSHENG_WEBHOOK_PORTS lists ports from 1 to 65535, such as 443 8443, not {text!r}")
    return frozenset(map(int, words))


def _default(scheme: str) -> int:
    return HTTPS if scheme == "https" else 80


def _is_name(host: str) -> bool:
    """A domain name of at least two labels, or an address in its usual notation."""
    if ":" in host:
        with suppress(AddressValueError):
            return IPv6Address(host).scope_id is None
        return False
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        with suppress(AddressValueError):
            return IPv4Address(host).compressed == host
        return False
    return len(labels) > 1 and len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)


def _refused(zh: str, en: str) -> WebhookAddressRefused:
    return WebhookAddressRefused(why_zh=zh, why_en=en)
