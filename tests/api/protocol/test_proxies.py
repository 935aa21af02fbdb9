"""Who a request comes from, and where the service says that it is."""

from collections.abc import Sequence

import pytest
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send
from tests.api.bodies import application
from tests.api.client import Town, connect

from api.protocol.proxies import DIRECT, Forwarded, Proxies, ProxySettingsWrong, PublicUrl, client_network, network_of

PROXY, CLIENT, INVENTED = "10.0.0.7", "198.51.100.4", "203.0.113.9"
BEHIND = Proxies.of("https://example.org/ledger", "10.0.0.0/8, 2001:db8:ffff::/48")
SPOOFED = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Prefix": "/evil.example",
    "X-Forwarded-For": INVENTED,
    "X-Real-IP": INVENTED,
    "X-Original-URL": "/evil.example",
    "X-Rewrite-URL": "/evil.example",
    "X-Host": "evil.example",
    "True-Client-IP": INVENTED,
    "Forwarded": f"for={INVENTED};host=evil.example;proto=gopher",
}


async def seen(proxies: Proxies, headers: Sequence[tuple[str, str]] = (), peer: str = PROXY) -> Scope:
    """The request as the application sees it."""
    scopes: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        raise AssertionError

    scope = {
        "type": "http",
        "path": "/projects",
        "raw_path": b"/projects",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "client": (peer, 5000),
        "server": ("192.0.2.80", 8000),
        "scheme": "http",
    }
    await Forwarded(app, proxies)(scope, receive, send)
    return scopes[0]


async def client(*forwarded: str, peer: str = PROXY, proxies: Proxies = BEHIND) -> str:
    host: str = (await seen(proxies, [("X-Forwarded-For", one) for one in forwarded], peer))["client"][0]
    return host


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ((), PROXY),
        ((CLIENT,), CLIENT),
        ((f"{INVENTED}, {CLIENT}",), CLIENT),
        ((INVENTED, CLIENT), CLIENT),
        ((f"{INVENTED}, {CLIENT}, 10.3.2.1",), CLIENT),
        ((INVENTED, CLIENT, "10.3.2.1, 2001:db8:ffff::1"), CLIENT),
        ((f"10.9.9.9, {CLIENT}",), CLIENT),
        (("10.1.1.1, 10.2.2.2",), "10.1.1.1"),
        ((f"{CLIENT}:4711",), CLIENT),
        (("[2001:db8::5]:4711",), "2001:db8::5"),
        ((f"::ffff:{CLIENT}",), CLIENT),
        ((f"{INVENTED}, garbage",), PROXY),
        ((f"{INVENTED}, garbage, 10.3.2.1",), "10.3.2.1"),
        ((f"{INVENTED},,",), PROXY),
        ((f"{INVENTED}, unknown",), PROXY),
        ((f"{INVENTED}, fe80::1%eth0",), PROXY),
        ((f"{INVENTED}, ÿ",), PROXY),
        ((f"{INVENTED}, ",), PROXY),
        (("garbage, " * 3000 + CLIENT,), CLIENT),
    ],
)
async def test_client_is_the_rightmost_untrusted_address(forwarded: tuple[str, ...], expected: str) -> None:
    assert await client(*forwarded) == expected


async def test_strangers_cannot_forward() -> None:
    assert await client(INVENTED, peer=CLIENT) == CLIENT
    assert await client(INVENTED, peer="127.0.0.1") == "127.0.0.1"
    assert await client(INVENTED, proxies=DIRECT) == PROXY
    assert await client(CLIENT, peer=f"::ffff:{PROXY}") == CLIENT


async def test_forwarding_headers_never_reach_the_application() -> None:
    for proxies, base in ((DIRECT, "http://192.0.2.80:8000/"), (BEHIND, "https://example.org/ledger/")):
        scope = await seen(proxies, [*SPOOFED.items(), ("Host", "second.example"), ("Accept", "a/b")])
        assert [name for name, _ in scope["headers"]] == [b"host", b"accept"]
        assert str(Request(scope).base_url) == base
        assert str(Request(scope).url) == f"{base}projects"


async def test_addresses_of_one_line_count_as_one_client() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") != network_of("2001:db8:0:1::1")
    assert network_of("192.0.2.1") == network_of("::ffff:192.0.2.1") != network_of("192.0.2.2")
    assert network_of("testclient") == "testclient"
    assert client_network(await seen(BEHIND, [("X-Forwarded-For", "2001:db8::9")])) == "2001:db8::/64"
    assert client_network({"type": "http", "client": None}) == ""


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("example.org", ""),
        ("ftp://example.org", ""),
        ("https://", ""),
        ("https://user@example.org", ""),
        ("https://example.org/?a=b", ""),
        ("https://example.org/#a", ""),
        ("https://example.org/a//b", ""),
        ("https://example.org/a/../b", ""),
        ("https://example.org/%2e", ""),
        ("https://example.org:99999", ""),
        ("https://exa mple.org", ""),
        ("https://例.org", ""),
        ("https://[::1", ""),
        (None, "10.0.0.1/8"),
        (None, "localhost"),
        (None, "*"),
        (None, "0.0.0.0/0"),
        (None, "::/0"),
    ],
)
def test_unusable_settings_are_refused_by_name(url: str | None, trusted: str) -> None:
    with pytest.raises(ProxySettingsWrong, match="MINSHENG_PUBLIC_URL" if url else "MINSHENG_TRUSTED_PROXIES"):
        Proxies.of(url, trusted)


def test_empty_settings_mean_none() -> None:
    assert Proxies.of("", "") == Proxies.of(None, " , ") == DIRECT
    assert str(PublicUrl.parse("https://Example.org/")) == "https://example.org"
    assert str(PublicUrl.parse("http://example.org:8080/a/b/")) == "http://example.org:8080/a/b"


async def test_spoofed_headers_change_no_answer(town: Town) -> None:
    await town.published()
    await town.service.settled(await town.size() - 1)
    paths = (
        "/", "/feed.atom", "/feed.json", "/catalog.jsonld", "/exports/datapackage.json", "/ocds/releases.json",
        "/ocds/records.json", "/360giving.json", "/openapi.json", "/docs", "/v1/projects", "/v1/projects/",
    )  # fmt: skip
    for path in paths:
        plain = await town.public.http.get(path)
        spoofed = await town.public.http.get(path, headers=SPOOFED)
        assert "evil.example" not in spoofed.text
        assert (spoofed.status_code, spoofed.content) == (plain.status_code, plain.content), path
        assert spoofed.headers == plain.headers, path


async def test_receipts_lead_to_the_public_address(town: Town) -> None:
    async with connect(town.service, BEHIND) as http:
        headers = {"Authorization": f"Bearer {town.local.token}", "Idempotency-Key": "moved"}
        body = application(town.local_id)
        answer = await http.post("/v1/projects", json=body, headers=headers)
        assert answer.headers["Location"] == f"/ledger/v1/projects/{answer.json()['id']}"
        repeated = await town.local.http.post("/v1/projects", json=body, headers=headers)
        assert repeated.json() == answer.json()
