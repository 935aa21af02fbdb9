"""What no client library sends, over a socket: malformed requests, and clients that go away."""

import asyncio
import logging

import pytest
from tests.api.client import Town, listening

PARSER_REFUSES = {400}


async def exchanged(port: int, request: bytes) -> bytes:
    """The answer to a request that asks for the connection to be closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    async with asyncio.timeout(30):
        answer = await reader.read()
    writer.close()
    return answer


def get(target: bytes, *fields: bytes) -> bytes:
    return b"\r\n".join([b"GET " + target + b" HTTP/1.1", b"Host: a", b"Connection: close", *fields, b"", b""])


MALFORMED = {
    "bad escape in a query": get(b"/v1/projects?q=%zz"),
    "half an escape": get(b"/v1/projects?q=%"),
    "bad escape in a path": get(b"/v1/projects/%zz"),
    "null in a query": get(b"/v1/projects?q=%00"),
    "null in a path": get(b"/projects/%00"),
    "null in a file": get(b"/static/%00"),
    "null in the log": get(b"/log/tile/%00"),
    "no UTF-8 in a query": get(b"/v1/projects?q=%ff%fe"),
    "no UTF-8 in a path": get(b"/v1/programmes/%ff%fe"),
    "raw bytes in a query": get(b"/v1/projects?q=\xe8\x80\x81"),
    "raw bytes in a path": get(b"/v1/programmes/\xe8\x80\x81"),
    "raw null": get(b"/v1/\0"),
    "a surrogate": get(b"/v1/programmes/%ed%a0%80"),
    "up and away": get(b"/static/..%2f..%2f..%2fetc%2fpasswd"),
    "a long name": get(b"/static/" + b"a" * 5000),
    "absolute": get(b"http://elsewhere.example/v1/programmes"),
    "absolute without a path": get(b"http://elsewhere.example"),
    "absolute with a port that is none": get(b"http://elsewhere.example:99999/"),
    "an asterisk": b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "an authority": b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "no target": b"GET  HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "a long header": get(b"/v1/programmes", b"X: " + b"a" * 200_000),
    "many headers": get(b"/v1/programmes", *(b"X-%d: %s" % (n, b"a" * 90) for n in range(2000))),
    "no ASCII in headers": get(b"/v1/programmes", b"Accept-Language: \xff", b"If-None-Match: \xff", b"Accept: \xff"),
    "no ASCII in a token": get(b"/v1/programmes", b"Authorization: Bearer \xff"),
    "conditions that are none": get(b"/v1/programmes", b'If-None-Match: "', b"If-Modified-Since: \xff", b"Range: \xff"),
    "two lengths": b"POST /v1/projects HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    "a length and chunks": b"POST /v1/projects HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length that is none": b"POST /v1/projects HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: x\r\n\r\n",
    "no host": b"GET /v1/programmes HTTP/1.1\r\nConnection: close\r\n\r\n",
    "two hosts": get(b"/v1/programmes", b"Host: b"),
    "two tokens": get(b"/v1/programmes", b"Authorization: Bearer a", b"Authorization: Bearer b"),
    "an unknown method": b"BREW /v1/projects HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x00\x00\r\n\r\n",
}


async def test_malformed_requests_are_no_failure_of_the_service(
    town: Town, subtests: pytest.Subtests, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(town) as (port, _):
        for name, request in MALFORMED.items():
            with subtests.test(name):
                answer = await exchanged(port, request)
                status = int(answer.split(b" ", 2)[1])
                assert status < 500, answer
                if status not in PARSER_REFUSES:
                    assert b"x-content-type-options: nosniff" in answer
        long = await exchanged(port, MALFORMED["a long header"])
        assert b" 431 " in long and b"head_too_large" in long
        assert b" 200 " in await exchanged(port, get(b"/v1/programmes"))
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


async def test_http_1_1_requires_exactly_one_host(town: Town) -> None:
    async with listening(town) as (port, _):
        for name in ("no host", "two hosts"):
            answer = await exchanged(port, MALFORMED[name])
            assert b" 400 " in answer.split(b"\r\n")[0]
            assert b"application/problem+json" in answer and b'"host_unclear"' in answer
            assert b"x-content-type-options: nosniff" in answer
        assert b" 200 " in await exchanged(port, b"GET /v1/programmes HTTP/1.0\r\n\r\n")


async def test_a_client_that_goes_away_leaves_no_traceback(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    heads = [
        b"POST /v1/projects HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
        b"POST /v1/attachments HTTP/1.1\r\nHost: a\r\nContent-Type: application/pdf\r\n",
        b"POST /v1/credit/acks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
        b"POST /v1/programmes/beijing-2010/tables/applications HTTP/1.1\r\nHost: a\r\n",
        b"POST /projects/1 HTTP/1.1\r\nHost: a\r\n",
    ]
    token = f"Authorization: Bearer {town.local.token}\r\n".encode()
    lengths = [(b"Content-Length: 100000\r\n\r\n", b'{"a'), (b"Transfer-Encoding: chunked\r\n\r\n", b"ff\r\n{")]
    async with listening(town) as (port, _):
        for head in heads:
            for length, some in lengths:
                for key in (b"", b"Idempotency-Key: one\r\n"):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.write(head + token + key + length + some)
                    await writer.drain()
                    await asyncio.sleep(0.05)
                    writer.transport.abort()
        # And one that does not wait for a large answer.
        for target in (b"/openapi.json", b"/exports/registry.zip", b"/ocds/records.json", b"/v1/feed/stream"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(get(target))
            await reader.read(10)
            writer.transport.abort()
        assert b" 200 " in await exchanged(port, get(b"/v1/programmes"))
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING and one.exc_info]
    assert "Traceback" not in caplog.text and "ERROR" not in caplog.text


async def test_head_of_the_stream_leaves_no_listener(town: Town) -> None:
    await town.followed()
    async with listening(town) as (port, _):
        for _ in range(3):
            answer = await exchanged(port, get(b"/v1/feed/stream").replace(b"GET", b"HEAD", 1))
            head, _, body = answer.partition(b"\r\n\r\n")
            assert b" 200 " in head and b"text/event-stream" in head and not body
        async with asyncio.timeout(30):
            while town.service.listeners.count:
                await asyncio.sleep(0.01)


async def test_the_live_stream_is_sent_event_by_event(town: Town) -> None:
    await town.published()
    await town.followed()
    async with listening(town) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(get(b"/v1/feed/stream?after=beginning", b"Accept-Encoding: zstd, br, gzip"))
        async with asyncio.timeout(30):
            head = await reader.readuntil(b"\r\n\r\n")
            assert b"content-encoding" not in head.lower()
            await reader.readuntil(b"data: {")
        writer.close()


async def test_a_websocket_is_answered_as_any_other_request(town: Town) -> None:
    key, version = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", b"Sec-WebSocket-Version: 13"
    wanted = b"\r\n".join([b"Host: a", b"Upgrade: websocket", b"Connection: Upgrade, close", key, version, b"", b""])
    async with listening(town) as (port, _):
        for path, status in ((b"/healthz", b"200"), (b"/nothing", b"404")):
            answer = await exchanged(port, b"GET " + path + b" HTTP/1.1\r\n" + wanted)
            assert answer.startswith(b"HTTP/1.1 " + status)
            assert b"x-content-type-options: nosniff" in answer
