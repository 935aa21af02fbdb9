"""To which addresses messages may go: https, and no machine of the operator's own network."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from ledger.errors import WebhookAddressRefused

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
RESOLVE_SECONDS = 5.0
LONGEST = 2000
# A translator hands what is sent here to the IPv4 address in the last 32 bits (RFC 6052).
_TRANSLATED = IPv6Network("64:ff9b::/96")


class Unresolved(Exception):
    """The name of the host leads to no address now."""


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
    """A URL that may be sent to, in its parts. `host` as in certificates, without brackets."""

    url: str
    scheme: str
    host: str
    port: int


@dataclass(frozen=True)
class Addresses:
    """`local`: also http, and machines of the own network; for trying out."""

    local: bool = False
    resolve: Resolve = resolved

    def target(self, url: str) -> Target:
        """Raises WebhookAddressRefused."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise _refused("地址不是 URL。", "it is no URL.") from error
        if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
            raise _refused(
                "地址须为不含空格的 ASCII 字符，至多 2000 个。",
                "it is of ASCII characters without spaces, 2000 at most.",
            )
        if parts.scheme != "https" and not (self.local and parts.scheme == "http"):
            raise _refused("地址须以 https:// 开头。", "it begins with https://.")
        if not host or port == 0:
            raise _refused("地址中没有主机名。", "it names no host.")
        if parts.username is not None or parts.fragment:
            raise _refused("地址中不得有用户名或片段。", "it holds no user and no fragment.")
        return Target(url, parts.scheme, host, port or (443 if parts.scheme == "https" else 80))

    async def of(self, target: Target) -> list[str]:
        """Where to connect to. If any of them is not public, none is: whoever owns a name chooses what it leads to.
        Raises WebhookAddressRefused, Unresolved."""
        found = await self.resolve(target.host, target.port)
        if not self.local and not all(is_public(ip_address(one)) for one in found):
            raise _refused(
                "主机名指向本机或内部网络。", "the host's name leads to this machine or into a private network."
            )
        return found

    async def check(self, url: str) -> Target:
        """As far as it can be told now: a name may lead somewhere later. Raises WebhookAddressRefused."""
        target = self.target(url)
        with suppress(Unresolved):
            await self.of(target)
        return target


PUBLIC_ONLY = Addresses()


def is_public(address: Address) -> bool:
    """Also of the IPv4 address that an IPv6 address stands for."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def _refused(zh: str, en: str) -> WebhookAddressRefused:
    return WebhookAddressRefused(why_zh=zh, why_en=en)
