"""Every link of every page works behind a proxy that publishes the service under a path."""

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from tests.api.pages.conftest import Site
from tests.api.transparency.witnesses import running

from api.app import create_app
from api.protocol.proxies import Proxies

PREFIX = "/ledger"
PUBLIC = f"https://example.org{PREFIX}"
# Where a form is sent to is no place to go.
POSTED = re.compile(r'method="post" action="[^"]*"|formaction="[^"]*"')
ATTRIBUTES = re.compile(r'(?:href|src|action)="([^"#][^"]*)"')
SCRIPTED = re.compile(r"(?:url|openapi_url): '([^']*)'")
STARTS = ("/", "/?lang=en", "/embed", "/docs", "/feed.atom", "/feed.json", "/catalog.jsonld", "/nothing-here")


class StrippingProxy:
    """As nginx with `location /ledger/ { proxy_pass http://…/; }`: it knows nothing outside the prefix."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = scope["path"]
        if not path.startswith(f"{PREFIX}/"):
            await Response("outside", 502)(scope, receive, send)
            return
        query = f"?{request.url.query}" if request.url.query else ""
        headers = {name: value for name, value in request.headers.items() if name not in ("host", "connection")}
        chain = [request.headers.get("x-forwarded-for"), scope["client"][0]]
        headers["x-forwarded-for"] = ", ".join(filter(None, chain))
        asked = self._http.build_request(request.method, path.removeprefix(PREFIX) + query, headers=headers)
        answer = await self._http.send(asked)
        # The content has been decompressed here.
        changed = ("transfer-encoding", "content-encoding", "content-length")
        kept = {name: value for name, value in answer.headers.items() if name not in changed}
        await Response(answer.content, answer.status_code, kept)(scope, receive, send)


@pytest.fixture(scope="module")
def proxied(site: Site) -> Iterator[httpx2.AsyncClient]:
    app = create_app(site.service, Proxies.of(PUBLIC, "127.0.0.1"))
    with (
        site.portal.wrap_async_context_manager(running(app)) as inner,
        site.portal.wrap_async_context_manager(httpx2.AsyncClient(base_url=inner, timeout=60)) as http,
        site.portal.wrap_async_context_manager(running(StrippingProxy(http))) as outer,
        site.portal.wrap_async_context_manager(httpx2.AsyncClient(base_url=outer, timeout=60)) as client,
    ):
        yield client


def links(address: str, answer: httpx2.Response) -> set[str]:
    """All that the answer leads to, as absolute addresses."""
    kind = answer.headers["content-type"].partition(";")[0]
    found: set[str] = set()
    if kind in ("text/html", "application/atom+xml"):
        found = {*ATTRIBUTES.findall(POSTED.sub("", answer.text)), *SCRIPTED.findall(answer.text)}
    elif kind.endswith("json"):
        found = set(_addresses(json.loads(answer.text)))
    return {urljoin(address, unescape(one)).partition("#")[0] for one in found}


def _addresses(value: object) -> Iterator[str]:
    match value:
        case dict():
            for key, one in value.items():
                if key != "sourceUrl":
                    yield from _addresses(one)
        case list():
            for one in value:
                yield from _addresses(one)
        case str() if "://example.org" in value and " " not in value:
            yield value


def shape(address: str) -> str:
    """Addresses that differ in ids and numbers alone are of one shape."""
    parts = urlsplit(address)
    names = sorted(one.partition("=")[0] for one in parts.query.split("&"))
    return re.sub(r"[0-9a-f-]{36}|(?<=/)\d+(?=/|$)", "*", parts.path) + "?" + "&".join(names)


def test_all_links_of_all_pages_work(site: Site, proxied: httpx2.AsyncClient) -> None:
    waiting = [f"{PUBLIC}{path}" for path in STARTS]
    shapes: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        # Filters can be combined at will; one at a time shows how they are linked.
        if shape(address) in shapes or ("/projects?" in address and address.count("=") > 1):
            continue
        shapes.add(shape(address))
        # This one goes on for as long as somebody listens.
        if address.endswith("/feed/stream"):
            continue
        asked = address.removeprefix("https://example.org")
        answer = site.portal.call(proxied.get, asked)
        if answer.status_code == 303:
            waiting.append(urljoin(address, answer.headers["location"]))
            continue
        # Nothing signs here, which an archive, the checkpoint and the key ask for.
        there = not any(one in address for one in ("nothing-here", "/archive", "/log/checkpoint", "/log/key"))
        assert answer.status_code == (200 if there else 404), (address, answer.text)
        for found in links(address, answer):
            if found.startswith(("https://example.org", "http://127", "http://ledger")):
                assert found.startswith(f"{PUBLIC}/"), (address, found)
                waiting.append(found)
    paths = {one.partition("?")[0] for one in shapes}
    for page in ("/", "/docs", "/projects/*", "/certificates/*/*", "/static/style.css", "/v1/projects", "/feed.atom"):
        assert f"{PREFIX}{page}" in paths, sorted(shapes)
    assert len(paths) > 30


def test_redirects_and_the_reference_keep_the_prefix(site: Site, proxied: httpx2.AsyncClient) -> None:
    redirected = site.portal.call(proxied.get, f"{PREFIX}/v1/projects/")
    assert redirected.headers["location"] == f"{PUBLIC}/v1/projects"
    described = site.portal.call(proxied.get, f"{PREFIX}/openapi.json").json()
    assert [server["url"] for server in described["servers"]] == [PREFIX, "."]


def test_pages_of_problems_keep_the_prefix(site: Site, proxied: httpx2.AsyncClient) -> None:
    page = site.portal.call(proxied.get, f"{PREFIX}/projects/none?lang=en")
    assert page.headers["content-type"].startswith("text/html")
    assert f'href="{PREFIX}/?lang=en"' in page.text
    assert f'href="{PREFIX}/projects/none"' in page.text
