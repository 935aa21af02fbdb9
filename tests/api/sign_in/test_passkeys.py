"""Passkeys open the account of who has the device, and what anybody makes up opens nothing."""

import json
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from tests.api.client import Town
from tests.api.sign_in.browser import ORIGIN, PASSWORD, Browser, invited_again, opened, with_login
from tests.api.sign_in.devices import Device
from tests.api.sign_in.test_sign_in import is_in

from api.protocol.proxies import Proxies
from ledger.sign_in.passkeys import ANSWERED_WITHIN


def device(**changes: Any) -> Device:
    return Device(**{"origin": ORIGIN, "host": "ledger"} | changes)


async def options(browser: Browser, path: str) -> dict[str, Any]:
    answer = await browser.send(path, {})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def add(browser: Browser, own: Device, **changes: str) -> httpx2.Response:
    await browser.get("/account")
    page = browser.page
    asked = await options(browser, "/account/passkey-options")
    browser.page = page
    fields = {"credential": own.create(asked), "label": "示例手机", "password": PASSWORD} | changes
    return await browser.send("/account/passkeys", fields)


async def use(browser: Browser, own: Device, **fields: str) -> httpx2.Response:
    browser.page = ""
    asked = await options(browser, "/sign-in/passkey/options")
    browser.page = ""
    return await browser.send("/sign-in/passkey", {"credential": own.get(asked)} | fields)


async def with_passkey(town: Town, browser: Browser, own: Device) -> None:
    await with_login(town, browser)
    assert (await add(browser, own)).status_code == 303, browser.said
    await browser.get("/account")
    assert "示例手机" in browser.page
    await browser.send("/account/sign-out", {})


async def test_a_passkey_opens_its_owners_account(town: Town) -> None:
    async with opened(town) as browser:
        own = device()
        await with_passkey(town, browser, own)
        for _ in range(2):
            answer = await use(browser, own, next="/account?lang=en")
            assert answer.headers["location"] == "/account?lang=en", browser.said
            assert await is_in(browser)
            await browser.get("/account")
            await browser.send("/account/sign-out", {})


async def test_a_stolen_one_ends_with_a_new_invitation(town: Town) -> None:
    async with opened(town) as thief, opened(town) as owner:
        own = device()
        await with_passkey(town, thief, own)
        await owner.send(await invited_again(town), {"name": "示例甲", "password": PASSWORD})
        assert (await use(thief, own)).status_code == 401
        assert await is_in(owner)


async def test_one_that_was_removed_opens_nothing(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        own = device()
        await with_passkey(town, browser, own)
        await browser.sign_in("示例甲")
        page = (await browser.get("/account")).text
        passkey = page.split('name="passkey" value="', 1)[1].split('"', 1)[0]
        await with_login(town, other, "示例乙")
        await other.get("/account")
        await other.send("/account/remove-passkey", {"passkey": passkey})
        assert passkey in (await browser.get("/account")).text
        await browser.send("/account/remove-passkey", {"passkey": passkey})
        assert (await use(other, own)).status_code == 401


@pytest.mark.parametrize(
    "changes", [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"verifies": False}], ids=str
)
async def test_an_answer_for_another_site_is_refused(town: Town, changes: dict[str, Any]) -> None:
    async with opened(town) as browser:
        own = device()
        await with_passkey(town, browser, own)
        bent = device(key=own.key, credential=own.credential, **changes)
        assert (await use(browser, bent)).status_code == 401
        assert not await is_in(browser)
        await browser.sign_in("示例甲")
        assert (await add(browser, device(**changes))).status_code == 401


async def test_an_answer_counts_once_and_soon(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        own = device()
        await with_passkey(town, browser, own)
        asked = await options(browser, "/sign-in/passkey/options")
        await options(other, "/sign-in/passkey/options")
        said = own.get(asked)
        other.page = browser.page = ""
        # To another browser's challenge, after the time, a second time.
        assert (await other.send("/sign-in/passkey", {"credential": said})).status_code == 401
        town.clock.now += ANSWERED_WITHIN
        assert (await browser.send("/sign-in/passkey", {"credential": said})).status_code == 401
        town.clock.now -= timedelta(seconds=1)
        asked = await options(browser, "/sign-in/passkey/options")
        said, cookies = own.get(asked), dict(browser.http.cookies)
        browser.page = ""
        assert (await browser.send("/sign-in/passkey", {"credential": said})).status_code == 303
        await browser.get("/account")
        await browser.send("/account/sign-out", {})
        browser.http.cookies.update(cookies)
        browser.page = ""
        assert (await browser.send("/sign-in/passkey", {"credential": said})).status_code == 401


async def test_a_copied_passkey_is_noticed(town: Town) -> None:
    async with opened(town) as browser:
        own = device()
        await with_passkey(town, browser, own)
        copied = device(key=own.key, credential=own.credential)
        assert (await use(browser, own)).status_code == 303
        assert (await use(browser, copied)).status_code == 401


async def test_a_strangers_key_is_refused(town: Town) -> None:
    async with opened(town) as browser:
        own = device()
        await with_passkey(town, browser, own)
        assert (await use(browser, device(credential=own.credential))).status_code == 401
        assert (await use(browser, device())).status_code == 401
        for made_up in ("", "{}", "[]", "null", json.dumps({"id": "x"}), "x" * 30_000):
            browser.page = ""
            await options(browser, "/sign-in/passkey/options")
            browser.page = ""
            assert (await browser.send("/sign-in/passkey", {"credential": made_up})).status_code == 401, made_up[:9]


async def test_adding_one_needs_the_password(town: Town) -> None:
    async with opened(town) as browser:
        await with_login(town, browser)
        own = device()
        assert (await add(browser, own, password="另一个密码，不对的")).status_code == 401
        await browser.get("/account")
        await browser.send("/account/sign-out", {})
        assert (await use(browser, own)).status_code == 401


async def test_a_credential_has_one_owner(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        own = device()
        await with_passkey(town, browser, own)
        await with_login(town, other, "示例乙")
        assert (await add(other, own)).status_code == 401


async def test_no_passkey_for_an_address_in_numbers(town: Town) -> None:
    async with opened(town, Proxies.of("https://192.0.2.1", "")) as browser:
        assert "passkey" not in (await browser.get("/sign-in")).text
    async with opened(town, Proxies.of("https://ledger.example", "")) as browser:
        assert 'data-passkey="get"' in (await browser.get("/sign-in")).text
