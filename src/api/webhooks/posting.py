"""One message to one address, and what was answered."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2

from api.webhooks.addresses import Addresses, Target, Unresolved
from ledger.refusals.webhooks import WebhookAddressRefused

# For all of it, from the name to the last byte that is read: a receiver that answers drop by drop holds nobody up.
SECONDS = 15.0
KEPT_BYTES = 300
GONE = 410


@dataclass(frozen=True, slots=True)
class Answer:
    """`status`: of HTTP; None when none came. `said`: the beginning of the body, or why none came. `retry_after`: the
    header of that name."""

    status: int | None
    said: str
    milliseconds: int
    retry_after: str | None = None

    @property
    def took(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        return self.status == GONE


@dataclass(frozen=True)
class Post:
    """To one receiver: connections are kept, so a client is never shared between receivers."""

    client: httpx2.AsyncClient
    addresses: Addresses
    seconds: float

    async def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Never raises for what the receiver does. Redirects are not followed: they would lead past the check."""
        started = time.monotonic()
        retry_after: str | None = None
        try:
            async with asyncio.timeout(self.seconds):
                status, said, retry_after = await self._send(url, body, headers)
        except TimeoutError:
            status, said = None, f"no answer within {self.seconds:g} seconds"
        except Unresolved:
            status, said = None, "the host's name leads to no address"
        except WebhookAddressRefused as refused:
            status, said = None, str(refused)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            # The words of an error may repeat the URL, and that a secret.
            status, said = None, type(error).__name__
        return Answer(status, said, int((time.monotonic() - started) * 1000), retry_after)

    async def _send(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, str | None]:
        target = self.addresses.target(url)
        addresses = await self.addresses.of(target)
        for address in addresses[:-1]:
            try:
                return await self._send_to(address, target, body, headers)
            except httpx2.ConnectError:
                continue
        return await self._send_to(addresses[-1], target, body, headers)

    async def _send_to(
        self, address: str, target: Target, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str, str | None]:
        """To the very address that was checked, by the name that the certificate bears."""
        # Put together from the parts that were checked, so that no second parser reads the URL otherwise.
        url = httpx2.URL(scheme=target.scheme, host=address, port=target.port, raw_path=target.path.encode())
        asked = self.client.stream(
            "POST",
            url,
            content=body,
            headers={**headers, "Host": target.authority},
            extensions={"sni_hostname": target.host},
        )
        async with asked as response:
            found = b""
            async for part in response.aiter_raw(KEPT_BYTES):
                found += part
                if len(found) >= KEPT_BYTES:
                    break
            return response.status_code, _readable(found[:KEPT_BYTES]), response.headers.get("Retry-After")


def _readable(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return "".join(one if one.isprintable() else " " for one in text).strip()


@asynccontextmanager
async def posting(addresses: Addresses, tls: ssl.SSLContext, seconds: float = SECONDS) -> AsyncIterator[Post]:
    """No proxy and no credentials of the environment: what is checked is where it goes."""
    headers = {"User-Agent": "minsheng-ledger", "Accept-Encoding": "identity"}
    async with httpx2.AsyncClient(
        verify=tls, trust_env=False, follow_redirects=False, timeout=seconds, headers=headers
    ) as client:
        yield Post(client, addresses, seconds)
