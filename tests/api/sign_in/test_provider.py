"""Signing in through an identity provider; what a provider or a stranger makes up opens nothing."""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from tests.api.cli.test_appointments import key, minsheng
from tests.api.client import Town
from tests.api.sign_in.browser import PASSWORD, Browser, invited, invited_again, led_to, opened, with_login
from tests.api.sign_in.providers import CLIENT, SECRET, LyingProvider, basic, mock_provider
from tests.api.sign_in.test_sign_in import is_in
from tests.api.transparency.witnesses import running

from api.settings import Settings
from api.sign_in import provider as providers
from api.sign_in.provider import Provider, ProviderSettings, ProviderSettingsWrong, asking
from ledger.accounts import open_account
from ledger.core.fact import Role
from ledger.database import Database

BACK = "/sign-in/provider/back"


def settings(issuer: str, secret: str | None = SECRET) -> ProviderSettings:
    return ProviderSettings.of(issuer, CLIENT, SecretStr(secret) if secret else None, "sub", "示例统一认证")


@asynccontextmanager
async def lying(town: Town, secret: str | None = SECRET) -> AsyncIterator[tuple[LyingProvider, Provider]]:
    """The town's clock is the real one, by which the provider signs."""
    town.clock.now = datetime.now(UTC)
    made = LyingProvider()
    async with running(made.app()) as issuer, asking() as http:
        made.issuer = issuer
        yield made, Provider(settings(issuer, secret), http)


async def sent_away(browser: Browser, **fields: str) -> str:
    return led_to(await browser.send("/sign-in/provider", fields))


async def come_back(browser: Browser, **parameters: str) -> httpx2.Response:
    answer = await browser.http.get(BACK, params=parameters, headers={"Accept": "text/html"})
    browser.page = answer.text
    return answer


async def linked(town: Town, browser: Browser, made: LyingProvider, subject: str) -> None:
    """Somebody has accepted an invitation by what the provider says, and has signed out."""
    code = (await invited(town)).rsplit("/", 1)[1]
    came = made.login(await sent_away(browser, invitation=code), subject)
    assert (await come_back(browser, **came)).headers["location"] == "/work"
    await browser.get("/account")
    await browser.send("/account/sign-out", {})


async def test_a_real_provider_vouches_for_who_was_invited(town: Town) -> None:
    town.clock.now = datetime.now(UTC)
    with mock_provider() as issuer:
        async with (
            asking() as http,
            httpx2.AsyncClient(follow_redirects=False) as there,
            opened(town, provider=Provider(settings(issuer), http)) as browser,
        ):
            address = await invited(town)
            await browser.get(address)
            assert "示例统一认证" in browser.page
            code = address.rsplit("/", 1)[1]
            for fields, led in (
                ({"invitation": code}, "/work"),
                ({"next": "/account?lang=en"}, "/account?lang=en"),
            ):
                consent = await sent_away(browser, **fields)
                assert "code_challenge_method=S256" in consent
                answered = await there.post(consent, data={"sub": "example-1"})
                back = await browser.get(answered.headers["location"].removeprefix("http://ledger"))
                assert back.headers["location"] == led, browser.said
                assert await is_in(browser)
                await browser.get("/account")
                await browser.send("/account/sign-out", {})
            # The invitation is used up, and nobody else came in by it.
            assert (await browser.get(address)).status_code == 404
            answered = await there.post(await sent_away(browser), data={"sub": "example-2"})
            back = await browser.get(answered.headers["location"].removeprefix("http://ledger"))
            assert back.status_code == 403
            assert "没有账号" in browser.said


async def test_a_new_invitation_ends_every_other_way_in(town: Town) -> None:
    async with (
        lying(town) as (made, provider),
        opened(town, provider=provider) as former,
        opened(town, provider=provider) as owner,
    ):
        await linked(town, former, made, "example-1")
        await owner.send(await invited_again(town), {"name": "示例甲", "password": PASSWORD})
        await come_back(former, **made.login(await sent_away(former), "example-1"))
        assert not await is_in(former)
        code = (await invited_again(town)).rsplit("/", 1)[1]
        came = made.login(await sent_away(former, invitation=code), "example-2")
        assert (await come_back(former, **came)).headers["location"] == "/work"
        assert not await is_in(owner)
        assert (await owner.sign_in("示例甲")).status_code == 401


async def test_keys_are_changed_without_us(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async with lying(town) as (made, provider), opened(town, provider=provider) as browser:
        await linked(town, browser, made, "a")
        made.rotate()
        came = made.login(await sent_away(browser), "a")
        # Tokens by unknown keys do not make us ask again at each.
        assert (await come_back(browser, **came)).status_code == 401
        monkeypatch.setattr(providers, "KEYS_AGAIN_SECONDS", 0.0)
        came = made.login(await sent_away(browser), "a")
        assert (await come_back(browser, **came)).status_code == 303
        assert basic(made.asked[-1]["authorization"]) == (CLIENT, SECRET)


async def test_without_a_secret_the_verifier_is_enough(town: Town) -> None:
    async with lying(town, secret=None) as (made, provider), opened(town, provider=provider) as browser:
        await linked(town, browser, made, "a")
        assert made.asked[-1]["authorization"] == ""
        assert len(made.asked[-1]["code_verifier"]) >= 43


NOW = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": NOW - 3600},
        {"exp": None},
        {"sub": None},
        {"sub": 7},
        {"iat": NOW + 3600},
    ],
)
async def test_a_token_made_for_another_purpose_is_refused(town: Town, claims: dict[str, Any]) -> None:
    async with lying(town) as (made, provider), opened(town, provider=provider) as browser:
        await linked(town, browser, made, "a")
        made.claims = claims
        came = made.login(await sent_away(browser), "a")
        assert (await come_back(browser, **came)).status_code == 401
        assert not await is_in(browser)


async def test_a_signature_by_anybody_else_is_refused(town: Town) -> None:
    async with lying(town) as (made, provider), opened(town, provider=provider) as browser:
        await linked(town, browser, made, "a")
        for algorithm, key in (("none", None), ("HS256", None), ("RS256", RSAKey.generate_key(2048))):
            made.algorithm, made.signs_with = algorithm, key
            came = made.login(await sent_away(browser), "a")
            assert (await come_back(browser, **came)).status_code == 401, algorithm
        assert not await is_in(browser)


async def test_what_comes_back_belongs_to_the_browser_sent_away(town: Town) -> None:
    async with (
        lying(town) as (made, provider),
        opened(town, provider=provider) as browser,
        opened(town, provider=provider) as other,
    ):
        await linked(town, browser, made, "a")
        came = made.login(await sent_away(browser), "a")
        # Planted in another browser, which was not sent away, or for another purpose.
        assert (await come_back(other, **came)).status_code == 401
        await sent_away(other)
        assert (await come_back(other, **came)).status_code == 401
        assert not await is_in(other)
        for changed in ({"state": "another"}, {"iss": "https://evil.example"}, {"code": "another"}):
            come = made.login(await sent_away(browser), "a")
            assert (await come_back(browser, **come | changed)).status_code == 401, changed
        come = made.login(await sent_away(browser), "a")
        cookies = dict(browser.http.cookies)
        assert (await come_back(browser, **come)).status_code == 303
        await browser.get("/account")
        await browser.send("/account/sign-out", {})
        browser.http.cookies.update(cookies)
        assert (await come_back(browser, **come)).status_code == 401
        assert not await is_in(browser)


async def test_a_turn_ends_after_ten_minutes(town: Town) -> None:
    async with lying(town) as (made, provider), opened(town, provider=provider) as browser:
        await linked(town, browser, made, "a")
        came = made.login(await sent_away(browser), "a")
        town.clock.now += timedelta(minutes=10)
        assert (await come_back(browser, **came)).status_code == 401


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://192.0.2.1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
    ],
    ids=str,
)
async def test_a_provider_that_describes_another_is_refused(town: Town, described: dict[str, Any]) -> None:
    async with lying(town) as (made, provider), opened(town, provider=provider) as browser:
        made.described = described
        answer = await browser.send("/sign-in/provider", {})
        assert answer.status_code == 401 and browser.said


async def test_a_provider_that_is_down_is_said_so(town: Town) -> None:
    async with lying(town) as (made, provider), opened(town, provider=provider) as browser:
        made.status = 500
        assert (await browser.send("/sign-in/provider", {})).status_code == 401
    async with opened(town) as browser:
        assert (await browser.send("/sign-in/provider", {})).status_code == 401


async def test_an_issuer_that_names_itself_must_do_so(town: Town) -> None:
    async with lying(town) as (made, provider), opened(town, provider=provider) as browser:
        made.described = {"authorization_response_iss_parameter_supported": True}
        await linked(town, browser, made, "a")
        came = made.login(await sent_away(browser), "a")
        del came["iss"]
        assert (await come_back(browser, **came)).status_code == 401


async def test_parameters_nobody_knows_are_ignored(town: Town) -> None:
    async with lying(town) as (made, provider), opened(town, provider=provider) as browser:
        await linked(town, browser, made, "a")
        came = made.login(await sent_away(browser), "a")
        assert (await come_back(browser, **came, session_state="x", other="y")).status_code == 303


async def test_a_used_invitation_links_nobody(town: Town) -> None:
    async with (
        lying(town) as (made, provider),
        opened(town, provider=provider) as browser,
        opened(town, provider=provider) as other,
    ):
        code = (await invited(town)).rsplit("/", 1)[1]
        one = made.login(await sent_away(browser, invitation=code), "a")
        two = made.login(await sent_away(other, invitation=code), "b")
        assert (await come_back(browser, **one)).status_code == 303
        assert (await come_back(other, **two)).status_code == 404
        assert not await is_in(other)
        answer = await other.send("/sign-in/provider", {"invitation": code})
        assert answer.status_code == 404


async def test_an_operator_links_a_person(town: Town, tmp_path: Path, database: Database) -> None:
    async with lying(town) as (made, provider), opened(town, provider=provider) as browser:
        async with town.service.pool.connection() as connection:
            account = await open_account(connection, Role.AUDITOR, None, "示例审计")
        key(tmp_path)
        words = ("account", "link", str(account.id), "a")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MINSHENG_OIDC_ISSUER", made.issuer)
            patch.setenv("MINSHENG_OIDC_CLIENT_ID", CLIENT)
            assert "is linked" in await minsheng(database, tmp_path, *words)
        came = made.login(await sent_away(browser), "a")
        assert (await come_back(browser, **came)).status_code == 303
        assert "示例审计" in (await browser.get("/account")).text


@pytest.mark.parametrize("issuer", ["http://example.org", "ftp://example.org", "example.org", "https://"])
def test_an_issuer_in_the_clear_is_refused(issuer: str) -> None:
    with pytest.raises(ProviderSettingsWrong):
        settings(issuer)


def test_settings_name_the_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().provider is None
    monkeypatch.setenv("MINSHENG_OIDC_ISSUER", "https://id.example.org")
    with pytest.raises(ProviderSettingsWrong):
        _ = Settings().provider
    monkeypatch.setenv("MINSHENG_OIDC_CLIENT_ID", "minsheng")
    monkeypatch.setenv("MINSHENG_OIDC_CLIENT_SECRET", SECRET)
    found = Settings().provider
    assert found is not None and found.claim == "sub"
    assert SECRET not in repr(found)


async def test_a_login_of_ones_own_goes_on_next_to_it(town: Town) -> None:
    async with lying(town) as (_, provider), opened(town, provider=provider) as browser:
        await with_login(town, browser)
        await browser.get("/account")
        assert "示例统一认证" not in browser.page
        await browser.send("/account/sign-out", {})
        page = (await browser.get("/sign-in")).text
        assert "示例统一认证" in unescape(page)
        assert re.search(r'action="/sign-in/provider"', page)
        assert (await browser.sign_in("示例甲")).status_code == 303
