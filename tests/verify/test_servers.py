"""The verifier over HTTP: an honest server verifies; one that lies, stalls, cuts off or redirects is named."""

import gzip
import time
import zlib
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from tests.verify.producer import LOG, Made, Signer, events
from tests.verify.running import accepted, refused, run
from tests.verify.serving import Lie, served, unused_address

MADE = Made(events(600))
Handler = BaseHTTPRequestHandler


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "memory.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    MADE.write(tmp_path / "site" / "log")
    return tmp_path / "site"


def answers(status: int, body: bytes = b"", **headers: str) -> Lie:
    def lie(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return lie


def stalls(handler: Handler) -> None:
    time.sleep(3)
    handler.close_connection = True


def drips(handler: Handler) -> None:
    """A byte now and then, each within any time limit of a socket."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(60):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def drips_its_headers(handler: Handler) -> None:
    for _ in range(60):
        handler.wfile.write(b"H")
        handler.wfile.flush()
        time.sleep(0.05)


def raw(data: bytes) -> Lie:
    def lie(handler: Handler) -> None:
        handler.wfile.write(data)
        handler.close_connection = True

    return lie


def goes_on_for_ever(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        handler.wfile.write(bytes(1 << 16))


def test_an_honest_server_verifies(folder: Path, memory: Path) -> None:
    with served(folder) as address:
        told = accepted("all", address, "--memory", memory, "--json").json
        assert (told["size"], told["events"]["shown"] > 400) == (600, True)
        for spelled in (f"{address}/", f"{address}/log", f"{address}/log/"):
            accepted("inclusion", spelled, 599, "--memory", memory)
        accepted("consistency", folder, address, "--memory", memory)


def test_compressed_answers_are_read(folder: Path, memory: Path) -> None:
    bundle = gzip.compress((folder / "log" / "tile" / "entries" / "001").read_bytes())
    with served(folder, {"tile/entries/001": answers(200, bundle, Content_Encoding="gzip")}) as address:
        accepted("all", address, "--memory", memory)


BOMB = zlib.compressobj(9, zlib.DEFLATED, 31)
GZIP_BOMB = BOMB.compress(bytes(64 << 20)) + BOMB.flush()


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        (answers(404), "is missing (404)"),
        (answers(500), "the server answers 500"),
        (answers(403, b"no", Content_Type="text/html"), "the server answers 403"),
        (answers(302, Location="http://elsewhere.example/"), "sends elsewhere, to http://elsewhere.example/"),
        (answers(301), "sends elsewhere, to nowhere"),
        (answers(304), "sends elsewhere"),
        (answers(200, bytes(64 << 20)), "is longer than it can be"),
        (goes_on_for_ever, "is longer than it can be"),
        (answers(200, GZIP_BOMB, Content_Encoding="gzip"), "is longer than it can be"),
        (answers(200, b"no gzip", Content_Encoding="gzip"), "is said to be gzip and is not"),
        (answers(200, gzip.compress(b"x" * 1000)[:-9], Content_Encoding="gzip"), "is cut off"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc"), "is cut off"),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), "is cut off"),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab"), "cannot be had"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: much\r\n\r\n"), ""),
        (raw(b""), "cannot be had"),
        (raw(b"220 mail ready\r\n"), "cannot be had"),
        (raw(b"HTTP/1.1 " + b"9" * 70_000), "cannot be had"),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n"), "cannot be had"),
        (raw(bytes(range(256)) * 10), "cannot be had"),
        (stalls, "no whole answer within 1.5 seconds"),
        (drips, "no whole answer within 1.5 seconds"),
        (drips_its_headers, "no whole answer within 1.5 seconds"),
    ],
)
@pytest.mark.parametrize("path", ["checkpoint", "tile/0/002.p/88", "tile/entries/001"])
def test_a_bad_answer_is_named_with_its_file(folder: Path, memory: Path, path: str, lie: Lie, said: str) -> None:
    began = time.monotonic()
    # Only those that never end are to run into it: a busy machine is slow with the others too.
    timeout = 1.5 if "1.5 seconds" in said else 30
    with served(folder, {path: lie}) as address:
        ran = run("all", address, "--key", LOG.key, "--timeout", timeout, "--memory", memory, "--json")
        waited = time.monotonic() - began
    assert ran.code == 1, ran
    assert said in ran.json["fault"] or (path == "tile/0/002.p/88" and "is missing" in ran.json["fault"])
    assert ran.json["file"] == path
    assert waited < 60  # far below the hours that dripping would take


def test_a_closed_kept_alive_connection_is_reopened(folder: Path, memory: Path) -> None:
    seen = set[int]()

    def ends_every_kept_connection(handler: Handler) -> None:
        port = handler.client_address[1]
        if port in seen:
            handler.close_connection = True
            return
        seen.add(port)
        answers(200, (folder / handler.path.lstrip("/")).read_bytes())(handler)

    with served(folder, {"": ends_every_kept_connection}) as address:
        accepted("all", address, "--memory", memory)
    assert len(seen) > 5


def test_nobody_listening_is_said(memory: Path) -> None:
    refused("checkpoint cannot be had: Connection refused", "checkpoint", unused_address(), "--memory", memory)


def test_an_address_that_becomes_another_log_is_refused(folder: Path, memory: Path) -> None:
    other = Signer("other.example/log", seed=b"other")
    with served(folder) as address:
        accepted("checkpoint", address, "--memory", memory)
        Made(events(700), (other,), other.name, (other.key,)).write(folder / "log")
        said = "/log was the log ledger.example/log and now calls itself other.example/log"
        refused(said, "checkpoint", address, "--memory", memory)
        accepted("checkpoint", address, "--key", other.key, "--memory", memory)
        accepted("checkpoint", address, "--memory", memory)


def test_comparing_reveals_a_split_view(tmp_path: Path, folder: Path, memory: Path) -> None:
    split = Made([*MADE.events[:599], *events(600, streams=3)[599:]])
    split.write(tmp_path / "other" / "log")
    with served(folder) as one, served(tmp_path / "other") as two:
        accepted("all", one, "--memory", memory)
        refused("changed within its first 600 entries", "checkpoint", two, "--memory", memory)
        refused("changed within its first 600 entries", "consistency", one, two, "--memory", tmp_path / "fresh.json")
