"""What HTTP asks of every answer, asked of every route that the application has."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import zstandard
from starlette.routing import Mount, Route
from tests.api.protocol.walking import LIVE, Walk, ask, methods_of, open_walk, with_query

from api.protocol.query import TAKES_ANY, names_of
from ledger.database import Database

PUBLIC_DATA = re.compile(
    r"/(v1/feed(/stream)?|feed\.(atom|json)|360giving\.json|catalog\.jsonld|(exports|ocds|log)/.*)"
)
# Another answer each time.
OF_THIS_MOMENT = {"/metrics", "/healthz", "/readyz", "/sign-in"}
ETAG = re.compile(r'(W/)?"[!#-~]+"')
PROTECTION = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.fixture
async def walk(database: Database, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Walk]:
    async with open_walk(database, tmp_path) as opened:
        yield opened


async def test_head_is_get_without_a_body(walk: Walk, subtests: pytest.Subtests) -> None:
    good = 0
    for address in walk.reads():
        with subtests.test(address):
            got, head = await ask(walk, "GET", address), await ask(walk, "HEAD", address)
            assert got.status_code < 500 or address == "/readyz", got.text
            assert (head.status_code, head.content) == (got.status_code, b"")
            varies = {"content-length", "etag"} if address in OF_THIS_MOMENT else set()
            told = {name: value for name, value in head.headers.items() if name not in varies}
            assert told == {name: value for name, value in got.headers.items() if name not in varies}
            if "content-length" in got.headers:
                assert int(got.headers["content-length"]) == len(got.content)
            good += got.status_code == 200
    assert good > 50
    with subtests.test(LIVE):
        head = await ask(walk, "HEAD", LIVE)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"].startswith("text/event-stream")


async def test_other_methods_are_refused_with_those_that_are_allowed(walk: Walk, subtests: pytest.Subtests) -> None:
    for route, address in walk.routes:
        # One address may be several routes.
        taken = {method for other, there in walk.routes if there == address for method in methods_of(other)}
        taken |= {"HEAD"} if "GET" in taken else set()
        for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "LINK"} - taken:
            with subtests.test(f"{method} {address}"):
                answer = await ask(walk, method, address, Accept="text/html")
                assert answer.status_code == 405
                assert set(answer.headers["allow"].split(", ")) == taken | {"OPTIONS"}
        options = await ask(walk, "OPTIONS", address)
        assert (options.status_code, options.content) == (204, b"")
        assert set(options.headers["allow"].split(", ")) == taken | {"OPTIONS"}
        assert isinstance(route, Mount) or taken


async def test_every_answer_has_security_and_cache_headers(walk: Walk, subtests: pytest.Subtests) -> None:
    token = f"Bearer {walk.town.auditor.token}"
    addresses = [address for _, address in walk.routes if address != LIVE]
    for address in [*addresses, "/nothing", "/v1/nothing", "/log/nothing", "/static/nothing", "/projects/nothing"]:
        for method in ("GET", "POST", "PUT"):
            for signed_in in (False, True):
                with subtests.test(f"{method} {address} {signed_in}"):
                    answer = await ask(walk, method, address, **({"Authorization": token} if signed_in else {}))
                    headers = answer.headers
                    assert PROTECTION.items() <= dict(headers).items()
                    assert "strict-transport-security" not in headers
                    framed = address.startswith("/embed") and answer.status_code == 200
                    assert ("x-frame-options" in headers) != framed
                    assert ("frame-ancestors *" in headers["content-security-policy"]) == framed
                    assert "'unsafe-inline'" not in headers["content-security-policy"].partition("style-src")[0]
                    kept = headers["cache-control"].split(", ")
                    if method != "GET" or answer.status_code >= 400:
                        assert kept == ["no-store"]
                    elif signed_in:
                        assert "public" not in kept and ({"private", "no-store"} & set(kept))
                    if method == "GET":
                        assert "Authorization" in headers["vary"]


async def test_a_client_that_holds_the_answer_gets_304(walk: Walk, subtests: pytest.Subtests) -> None:
    for address in walk.reads():
        first = await ask(walk, "GET", address)
        if first.status_code != 200 or address in OF_THIS_MOMENT:
            continue
        with subtests.test(address):
            etag = first.headers["etag"]
            assert ETAG.fullmatch(etag)
            for held in (etag, f'"other", {etag}', f"W/{etag.removeprefix('W/')}", "*"):
                for method in ("GET", "HEAD"):
                    again = await ask(walk, method, address, If_None_Match=held)
                    assert (again.status_code, again.content) == (304, b""), held
                    assert again.headers["etag"].removeprefix("W/") == etag.removeprefix("W/")
                    assert again.headers["cache-control"] == first.headers["cache-control"]
                    assert not {"content-length", "content-type"} & set(again.headers)
            for other in ('"other"', etag.replace('"', ""), etag[:-2] + 'x"', ""):
                assert (await ask(walk, "GET", address, If_None_Match=other)).status_code == 200, other


async def test_each_parameter_is_known_and_given_once(walk: Walk, subtests: pytest.Subtests) -> None:
    for route, address in walk.routes:
        if not isinstance(route, Route) or getattr(route, "openapi_extra", None) == TAKES_ANY:
            continue
        for method in methods_of(route) - {"HEAD"}:
            with subtests.test(f"{method} {address}"):
                unknown = await ask(walk, method, with_query(address, "surprise=1"))
                assert unknown.status_code == 422
                assert "parameter_unknown" in unknown.text and "surprise" in unknown.text
                for name in names_of(route):
                    twice = await ask(walk, method, with_query(address, f"{name}=1&{name}=2"))
                    assert twice.status_code == 422
                    assert "parameter_repeated" in twice.text and name in twice.text
                for malformed in ("lang=%", "lang=%zz", "lang=%ff", "lang=%00", "%00=1", "=1", "\u8001=1"):
                    assert (await ask(walk, method, with_query(address, malformed))).status_code == 422


async def test_scripts_of_other_sites_read_public_data_only(walk: Walk, subtests: pytest.Subtests) -> None:
    origin = "https://elsewhere.example"
    token = f"Bearer {walk.town.auditor.token}"
    for route, address in walk.routes:
        public = PUBLIC_DATA.fullmatch(address.partition("?")[0]) is not None
        method = "GET" if isinstance(route, Mount) or "GET" in methods_of(route) else "POST"
        with subtests.test(f"{method} {address}"):
            # The live stream has no end: HEAD is the same without its body.
            answer = await ask(walk, "HEAD" if address == LIVE else method, address, Origin=origin)
            opens = public and method == "GET"
            assert answer.headers.get("access-control-allow-origin") == ("*" if opens else None)
            assert ("ETag" in answer.headers.get("access-control-expose-headers", "")) == opens
            frame = "frame-ancestors *" in answer.headers["content-security-policy"]
            isolated = answer.headers["cross-origin-resource-policy"]
            assert isolated == ("cross-origin" if public or frame else "same-origin")
            assert "access-control-allow-credentials" not in answer.headers
            if address != LIVE:
                private = await ask(walk, method, address, Origin=origin, Authorization=token)
                assert "access-control-allow-origin" not in private.headers
            preflight = await ask(
                walk,
                "OPTIONS",
                address,
                Origin=origin,
                Access_Control_Request_Method="GET",
                Access_Control_Request_Headers="last-event-id, if-none-match, range",
            )
            assert preflight.headers.get("access-control-allow-origin") == ("*" if public else None)
            if public:
                assert preflight.status_code == 200
                assert set(preflight.headers["access-control-allow-methods"].split(", ")) == {"GET", "HEAD"}
                assert "authorization" not in preflight.headers["access-control-allow-headers"].lower()


async def test_what_anybody_may_read_is_compressed(walk: Walk, subtests: pytest.Subtests) -> None:
    compressed = 0
    for address in walk.reads():
        plain = await ask(walk, "GET", address)
        if plain.status_code == 303:
            continue
        packed = plain.headers["content-type"].startswith(("application/zip", "application/pdf", "application/octet"))
        for coding in ("zstd", "br", "gzip"):
            with subtests.test(f"{coding} {address}"):
                answer = await ask(walk, "GET", address, Accept_Encoding=coding)
                if answer.headers.get("content-encoding") is None:
                    continue
                compressed += 1
                assert not packed
                assert answer.headers["content-encoding"] == coding
                assert "Accept-Encoding" in answer.headers["vary"]
                assert "accept-ranges" not in answer.headers
                if address not in OF_THIS_MOMENT:
                    content = answer.content
                    if coding == "zstd":
                        content = zstandard.ZstdDecompressor().decompressobj().decompress(content)
                    assert content == plain.content
                if answer.status_code == 200 and (etag := answer.headers.get("etag")):
                    assert etag.startswith("W/")
                    again = await ask(walk, "GET", address, Accept_Encoding=coding, If_None_Match=etag)
                    assert (again.status_code, again.headers["etag"]) == (304, etag)
                    assert "Accept-Encoding" in again.headers["vary"]
        token = f"Bearer {walk.town.auditor.token}"
        assert (
            "content-encoding"
            not in (await ask(walk, "GET", address, Authorization=token, Accept_Encoding="br")).headers
        )
    assert compressed > 60
