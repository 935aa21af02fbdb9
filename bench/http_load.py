"""A client that costs little: raw HTTP over keep-alive connections, bodies made before."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat


@dataclass(frozen=True)
class Load:
    """What one round measured."""

    per_second: float
    p50_ms: float
    p99_ms: float


def request(path: str, token: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def get(path: str, token: str = "") -> bytes:
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\n{authorization}\r\n".encode()


async def load(port: int, wanted: bytes | Iterator[bytes], connections: int, seconds: float, expect: bytes) -> Load:
    """As many requests as `connections` clients get through in `seconds`, or as there are; any other answer than
    `expect` fails. One at least, however long connecting takes."""
    requests = repeat(wanted) if isinstance(wanted, bytes) else wanted
    times: list[float] = []
    stop = time.perf_counter() + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            # Asked before a request is taken, so that none is taken and not sent.
            while ((start := time.perf_counter()) < stop or not times) and (one := next(requests, None)):
                writer.write(one)
                head = await reader.readuntil(b"\r\n\r\n")
                if not head.startswith(b"HTTP/1.1 " + expect):
                    raise RuntimeError(head.decode() + (await reader.read(500)).decode())
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                await reader.readexactly(length)
                times.append(time.perf_counter() - start)
        finally:
            writer.close()
            await writer.wait_closed()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(connections)))
    took = time.perf_counter() - began
    if not times:
        raise RuntimeError("no requests are left")
    times.sort()
    return Load(len(times) / took, times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000)
