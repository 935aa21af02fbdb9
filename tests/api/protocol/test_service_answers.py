"""What the service says of itself at addresses that are the same everywhere, and when it fails."""

from datetime import date, timedelta

import httpx2
import pytest
from tests.api.client import Town, connect

from api.app import create_app
from api.protocol.proxies import Proxies
from api.security_contact import SecurityContact, SecurityContactWrong


async def test_an_unforeseen_error_is_a_problem_that_tells_nothing(town: Town) -> None:
    app = create_app(town.service)

    async def fail() -> None:
        raise ArithmeticError("示例：内部细节")

    app.get("/v1/fails")(fail)
    app.get("/projects/fails/now")(fail)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://ledger") as http:
        answer = await http.get("/v1/fails")
        assert (answer.status_code, answer.json()["code"]) == (500, "service_failed")
        assert answer.headers["content-type"] == "application/problem+json"
        page = await http.get("/projects/fails/now")
        assert page.status_code == 500 and "service_failed" in page.text
        for one in (answer, page, await http.head("/v1/fails")):
            assert one.headers["x-content-type-options"] == "nosniff"
            assert one.headers["cache-control"] == "no-store"
            assert "内部细节" not in one.text


async def test_only_a_public_https_address_is_announced_as_such(town: Town) -> None:
    for public, expected in (("https://example.org", True), ("http://example.org", False)):
        async with connect(town.service, Proxies.of(public, "")) as http:
            for path in ("/", "/v1/nothing", "/log/checkpoint"):
                assert ("strict-transport-security" in (await http.get(path)).headers) == expected
    forged = await town.public.http.get("/", headers={"X-Forwarded-Proto": "https"})
    assert "strict-transport-security" not in forged.headers


async def test_security_contact_is_told_as_rfc_9116_wants_it(town: Town) -> None:
    async with connect(town.service, Proxies.of("https://example.org/ledger", "")) as http:
        answer = await http.get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Canonical"] == "https://example.org/ledger/.well-known/security.txt"
    until = date.fromisoformat(fields["Expires"][:10])
    assert timedelta(30) < until - town.clock().date() < timedelta(365)


def test_security_contact_is_set_or_refused() -> None:
    text = SecurityContact.of("https://example.org/report", "2027-06-30").text(
        "https://e.org", "e.org", date(2027, 1, 1)
    )
    assert "Contact: https://example.org/report\nExpires: 2027-06-30T23:59:59Z\n" in text
    for contact, expires in (
        ("someone@example.org", ""),
        ("http://example.org", ""),
        ("mailto:a\nb", ""),
        ("", "soon"),
    ):
        with pytest.raises(SecurityContactWrong):
            SecurityContact.of(contact, expires)


async def test_robots_and_browsers_find_what_they_look_for(town: Town) -> None:
    robots = await town.public.get("/robots.txt")
    assert "User-agent: *" in robots.text and "Disallow: /v1/" in robots.text
    icon = await town.public.get("/favicon.ico")
    assert icon.headers["content-type"] == "image/vnd.microsoft.icon"
    assert icon.content[:4] == b"\0\0\1\0"


async def test_the_reference_runs_its_own_script_only(town: Town) -> None:
    page = await town.public.get("/docs")
    policy = page.headers["content-security-policy"]
    assert "'sha256-" in policy and "script-src 'self' 'sha256-" in policy
    assert "unsafe" not in policy.partition("style-src")[0]
