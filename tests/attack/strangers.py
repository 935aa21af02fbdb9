"""Clients from other addresses of this machine, and connections that say exactly what an attack wants said."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import httpx2
from tests.attack.frame import Target

# The services that an attack starts trust what comes from here; every other loopback address is a stranger's.
PROXY = "127.0.0.9"
PATIENCE = httpx2.Timeout(60.0)


@contextlib.asynccontextmanager
async def visitor(target: Target, address: str, service: int = 0) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.AsyncHTTPTransport(local_address=address)
    base = target.services[service].base_url
    async with httpx2.AsyncClient(transport=transport, base_url=base, timeout=PATIENCE) as client:
        yield client


@dataclass
class Line:
    """One TCP connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def head(self) -> bytes:
        """What is answered, up to the body; nothing when the service hangs up."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            return await self.reader.readuntil(b"\r\n\r\n")
        return b""

    async def say(self, content: bytes) -> bool:
        """Whether anybody still listens."""
        try:
            self.writer.write(content)
            await self.writer.drain()
        except ConnectionError:
            return False
        return True

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


async def called(target: Target, request: bytes, address: str = "127.0.0.1", service: int = 0) -> Line:
    """A connection on which the request has been sent."""
    base = target.services[service].base_url
    reader, writer = await asyncio.open_connection(base.host, base.port, local_addr=(address, 0))
    line = Line(reader, writer)
    await line.say(request)
    return line


async def whole_answer(target: Target, request: bytes, service: int = 0) -> bytes:
    line = await called(target, request, service=service)
    try:
        with contextlib.suppress(ConnectionError):
            return await line.reader.read()
        return b""
    finally:
        await line.close()


def request(path: str, *fields: str, method: str = "GET", host: str = "ledger.example") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *fields, "", ""]
    return "\r\n".join(lines).encode()


def status(head: bytes) -> int:
    return int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/") else 0


def waits(url: str, paths: Sequence[str], ended: threading.Event) -> list[float]:
    """How long each small request took until then, at least twenty of them, the shortest first. In a thread of its own,
    which does not wait for the attackers' event loop."""
    found: list[float] = []
    with httpx2.Client(base_url=url, timeout=PATIENCE) as client:
        while not ended.is_set() or len(found) < 20:
            began = time.monotonic()
            client.get(paths[len(found) % len(paths)]).raise_for_status()
            found.append(time.monotonic() - began)
            time.sleep(0.02)
    return sorted(found)


def p99(times: Sequence[float]) -> float:
    return times[min(len(times) - 1, int(len(times) * 0.99))]
