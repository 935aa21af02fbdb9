"""Section 5: many readers, listeners and senders at once, of whom some are slow on purpose or go away."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from tests.attack.frame import Target, attack
from tests.attack.strangers import Line, called, p99, request, status, visitor, waits

SMALL = ("/v1/programmes", "/v1/projects?limit=5", "/healthz")
LARGE = (
    "/ocds/releases.json", "/ocds/records.json", "/360giving.json", "/exports/registry.zip", "/exports/projects.csv",
    "/exports/money.xlsx", "/exports/projects.parquet",
)  # fmt: skip
# 0.1 s are promised on a machine with nothing else to do. Here others run tests meanwhile, so this bound is generous,
# and grows with what a request takes before the crowd comes.
LONGEST_P99, TIMES_AS_LONG = 3.0, 20
LISTENERS, SEATS, SEATS_OF_ONE = 600, 200, 20
SLOW_SENDERS = 80
FREED_SECONDS = 30.0


async def _others_wait_little(target: Target, crowd: Callable[[], Coroutine[Any, Any, str | None]]) -> str | None:
    """What a crowd found, or that small requests of others had to wait for it."""
    ended = threading.Event()
    ended.set()
    urls = [str(service.base_url) for service in target.services]
    quiet = max([p99(await asyncio.to_thread(waits, url, SMALL, ended)) for url in urls])
    ended.clear()
    measured = [asyncio.create_task(asyncio.to_thread(waits, url, SMALL, ended)) for url in urls]
    try:
        finding = await crowd()
    finally:
        ended.set()
        times = await asyncio.gather(*measured)
    slowest, longest = max(map(p99, times)), max(LONGEST_P99, TIMES_AS_LONG * quiet)
    return finding or (f"others waited {slowest:.2f} s (p99), {quiet:.2f} s before" if slowest > longest else None)


async def _read_whole(target: Target, address: str, path: str, service: int) -> str | None:
    async with visitor(target, address, service) as client:
        answer = await client.get(path)
    if answer.status_code == 200:
        return None
    if answer.status_code not in (429, 503):
        return f"{path}: {answer.status_code} {answer.text[:160]}"
    return None if "Retry-After" in answer.headers else f"{path}: {answer.status_code} without Retry-After"


async def _seats_come_free(target: Target, path: str, address: str) -> str | None:
    """For each service: that somebody else is served again soon."""
    for service in range(len(target.services)):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FREED_SECONDS):
                while status(await _head(target, path, address, service)) != 200:
                    await asyncio.sleep(0.2)
                continue
        return f"{path} is still refused after {FREED_SECONDS:.0f} s"
    return None


async def _head(target: Target, path: str, address: str, service: int) -> bytes:
    line = await called(target, request(path), address, service)
    try:
        return await line.head()
    finally:
        await line.close()


@attack(5)
async def many_readers_of_everything(target: Target) -> str | None:
    """Some read to the end, some never read, some go away at the first bytes, some before."""
    _ = target.own

    async def crowd() -> str | None:
        count = len(target.services)
        silent = [await called(target, request(LARGE[n % 4]), f"127.0.0.{50 + n % 2}", n % count) for n in range(6)]
        whole = [_read_whole(target, f"127.0.0.{60 + n % 6}", LARGE[n % len(LARGE)], n // 6 % count) for n in range(40)]
        leaving = [_leaves(target, LARGE[n % len(LARGE)], f"127.0.0.{70 + n % 6}", n, n % count) for n in range(40)]
        found = await asyncio.gather(*whole, *leaving)
        for line in silent:
            await line.close()
        return next((one for one in found if one), None)

    return await _others_wait_little(target, crowd) or await _seats_come_free(
        target, "/exports/projects.csv", "127.0.0.80"
    )


async def _leaves(target: Target, path: str, address: str, number: int, service: int) -> str | None:
    line = await called(target, request(path), address, service)
    if number % 2:
        await line.head()
    # As when a process is killed: no orderly end.
    line.writer.transport.abort()
    return None


@attack(5)
async def a_rush_of_listeners(target: Target) -> str | None:
    """600 at once from thirty addresses, then a hundred from one."""
    _ = target.own
    # How long others may wait for so many connections in one moment, the frame checks.
    for addresses in ([f"127.0.0.{100 + n}" for n in range(30)], ["127.0.0.130"]):
        if wrong := await _rush(target, addresses, LISTENERS if len(addresses) > 1 else 5 * SEATS_OF_ONE):
            return wrong
        if wrong := await _seats_come_free(target, "/v1/feed/stream", addresses[0]):
            return wrong
    return None


async def _rush(target: Target, addresses: list[str], count: int) -> str | None:
    calls = (called(target, request("/v1/feed/stream"), addresses[n % len(addresses)]) for n in range(count))
    lines = await asyncio.gather(*calls)
    try:
        return _seated(addresses, await asyncio.gather(*(line.head() for line in lines)))
    finally:
        await asyncio.gather(*(line.close() for line in lines))


def _seated(addresses: list[str], heads: list[bytes]) -> str | None:
    found = [status(head) for head in heads]
    if strange := set(found) - {200, 429, 503}:
        return f"listeners got {sorted(strange)}"
    if any(one != 200 and b"retry-after" not in head.lower() for one, head in zip(found, heads, strict=True)):
        return "refused without Retry-After"
    if (seats := found.count(200)) > SEATS:
        return f"{seats} listen"
    for number in range(len(addresses)):
        if (of_one := found[number :: len(addresses)].count(200)) > SEATS_OF_ONE:
            return f"{of_one} listen from one address"
    return None if seats else "nobody may listen"


@attack(5)
async def bodies_that_come_byte_by_byte(target: Target) -> str | None:
    """And headers that never end, to commands, uploads and tables, by those who may send them and by strangers."""

    async def crowd() -> str | None:
        token = f"Authorization: Bearer {target.tokens['organisation']}"
        json, pdf = "Content-Type: application/json", "Content-Type: application/pdf"
        length = "Content-Length: 900000"
        table = f"/v1/programmes/{target.programme}/tables/applications"
        report = "/v1/projects/00000000-0000-4000-8000-000000000000/public-reports"
        kinds = (
            request("/v1/projects", token, json, length, method="POST"),
            request("/v1/attachments", token, pdf, length, method="POST"),
            request("/v1/attachments", token, pdf, "Transfer-Encoding: chunked", method="POST"),
            request(table, token, length, method="POST"),
            request(report, json, length, method="POST"),
            request(report, json, length, "Idempotency-Key: slow", "Expect: 100-continue", method="POST"),
            request("/v1/projects", json, length, method="POST"),
            request("/v1/projects")[:-2] + b"X-Slow: ",
        )
        count = len(target.services)
        lines = [await called(target, kinds[n % len(kinds)], service=n % count) for n in range(SLOW_SENDERS)]
        try:
            for _beat in range(20):
                await asyncio.gather(*(line.say(b"1\r\n1\r\n" if n % 8 == 2 else b"1") for n, line in enumerate(lines)))
                await asyncio.sleep(0.1)
            return _refused_early(await asyncio.gather(*(_answered(line) for line in lines[6::8])))
        finally:
            await asyncio.gather(*(line.close() for line in lines))

    return await _others_wait_little(target, crowd)


async def _answered(line: Line) -> int:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(5):
            return status(await line.head())
    return 0


def _refused_early(found: list[int]) -> str | None:
    """A stranger is not waited for where only accounts may send."""
    return None if set(found) <= {401} else f"strangers' bodies are waited for: {sorted(set(found))}"
