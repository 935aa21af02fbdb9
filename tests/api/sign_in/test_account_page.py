"""A person's own account: roles, sessions, the second factor, the password."""

import re
from datetime import datetime, timedelta

import pyotp
from tests.api.client import Town
from tests.api.sign_in.browser import PASSWORD, Browser, opened, with_login
from tests.api.sign_in.test_sign_in import is_in

from ledger.accounts import open_account
from ledger.core.fact import Role
from ledger.sign_in.attempts import PER_NAME_AND_NETWORK
from ledger.sign_in.sessions import AWAITED

NEW = "示例：另外一句更长的话，也行"
RECOVERY_CODE = re.compile(r"<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>")


def code_at(secret: str, moment: datetime) -> str:
    return pyotp.TOTP(secret).at(moment)


async def set_up_app(town: Town, browser: Browser) -> tuple[str, list[str]]:
    """What the app knows, and the recovery codes."""
    await browser.get("/account")
    await browser.send("/account/authenticator", {})
    await browser.get("/account")
    assert "<svg" in browser.page
    found = re.search(r"<code>([A-Z2-7 ]{30,})</code>", browser.page)
    assert found
    secret = found[1].replace(" ", "")
    await browser.send("/account/confirm-authenticator", {"code": code_at(secret, town.clock.now)})
    codes = RECOVERY_CODE.findall(browser.page)
    assert len(codes) == 10
    town.clock.now += timedelta(seconds=30)
    return secret, codes


async def test_the_app_is_asked_for_at_sign_in(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        await with_login(town, browser)
        secret, _ = await set_up_app(town, browser)
        sent = await other.sign_in("示例甲", next="/account?lang=en")
        assert sent.headers["location"].startswith("/sign-in/code")
        # The password alone opens nothing.
        assert not await is_in(other)
        assert (await other.send("/account/end-others", {})).headers["location"].startswith("/sign-in")
        await other.get(sent.headers["location"])
        assert (await other.send("/sign-in/code", {"code": "000000"})).status_code == 401
        waiting = other.http.cookies["minsheng"]
        led = await other.send("/sign-in/code", {"code": code_at(secret, town.clock.now), "next": "/account?lang=en"})
        assert led.headers["location"] == "/account?lang=en"
        assert await is_in(other)
        assert other.http.cookies["minsheng"] != waiting


async def test_a_code_counts_once(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other, opened(town) as shoulder:
        await with_login(town, browser)
        secret, codes = await set_up_app(town, browser)
        for code in (code_at(secret, town.clock.now), codes[0]):
            for one, status in ((other, 303), (shoulder, 401)):
                await one.sign_in("示例甲")
                await one.get("/sign-in/code")
                assert (await one.send("/sign-in/code", {"code": code})).status_code == status
            assert not await is_in(shoulder)
            town.clock.now += timedelta(seconds=30)
        await browser.get("/account?lang=en")
        assert "Unused recovery codes: 9" in browser.page


async def test_guessing_codes_ends(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        await with_login(town, browser)
        secret, _ = await set_up_app(town, browser)
        await other.sign_in("示例甲")
        await other.get("/sign-in/code")
        for _ in range(PER_NAME_AND_NETWORK):
            assert (await other.send("/sign-in/code", {"code": "000000"})).status_code == 401
        # Not by signing in again either.
        await other.sign_in("示例甲")
        await other.get("/sign-in/code")
        assert (await other.send("/sign-in/code", {"code": code_at(secret, town.clock.now)})).status_code == 429


async def test_the_second_step_is_not_open_for_long(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        await with_login(town, browser)
        secret, _ = await set_up_app(town, browser)
        await other.sign_in("示例甲")
        await other.get("/sign-in/code")
        town.clock.now += AWAITED
        answer = await other.send("/sign-in/code", {"code": code_at(secret, town.clock.now)})
        assert answer.headers["location"] == "/sign-in"


async def test_the_app_goes_with_the_password_alone(town: Town) -> None:
    """Who sits down at an open session cannot take it over."""
    async with opened(town) as browser, opened(town) as other:
        await with_login(town, browser)
        await set_up_app(town, browser)
        for action in ("remove-authenticator", "recovery-codes", "password"):
            await browser.get("/account")
            fields = {"password": "不是这一句，是另外一句", "new_password": NEW}
            assert (await browser.send(f"/account/{action}", fields)).status_code == 401
        await browser.get("/account")
        await browser.send("/account/remove-authenticator", {"password": PASSWORD})
        await other.sign_in("示例甲")
        assert await is_in(other)


async def test_an_app_is_in_use_once_confirmed(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        await with_login(town, browser)
        await browser.get("/account")
        assert (await browser.send("/account/confirm-authenticator", {"code": "123456"})).status_code == 409
        await browser.send("/account/authenticator", {})
        assert (await browser.send("/account/confirm-authenticator", {"code": "000000"})).status_code == 401
        await other.sign_in("示例甲")
        assert await is_in(other)


async def test_a_new_password_ends_other_sessions(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        await with_login(town, browser)
        await other.sign_in("示例甲")
        await browser.get("/account")
        fields = {"password": PASSWORD, "new_password": "短"}
        assert (await browser.send("/account/password", fields)).status_code == 422
        assert await is_in(other)
        await browser.send("/account/password", fields | {"new_password": NEW})
        assert await is_in(browser)
        assert not await is_in(other)
        assert (await other.sign_in("示例甲")).status_code == 401
        assert (await other.sign_in("示例甲", NEW)).status_code == 303


async def test_sessions_are_listed_and_ended(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other, opened(town) as stranger:
        await with_login(town, browser)
        await with_login(town, stranger, "示例乙")
        other.http.headers["user-agent"] = "Example/1.0 <script>"
        await other.sign_in("示例甲")
        await browser.get("/account")
        assert "Example/1.0 &lt;script&gt;" in browser.page
        [session] = re.findall(r'name="session" value="([^"]+)"', browser.page)
        await stranger.get("/account")
        assert session not in stranger.page
        await stranger.send("/account/end-session", {"session": session})
        assert await is_in(other)
        await browser.send("/account/end-session", {"session": session})
        assert not await is_in(other)
        await other.sign_in("示例甲")
        await browser.get("/account")
        await browser.send("/account/end-others", {})
        assert not await is_in(other)
        assert await is_in(browser)


async def test_a_person_chooses_in_which_role_to_act(town: Town) -> None:
    async with opened(town) as browser:
        await with_login(town, browser)
        async with town.service.pool.connection() as connection:
            row = await (await connection.execute("SELECT person FROM ledger.logins")).fetchone()
            assert row
            other = await open_account(connection, Role.COMMITTEE, None, "示例委员", row[0])
            strange = await open_account(connection, Role.AUDITOR, None, "示例审计")
        page = (await browser.get("/account")).text
        assert "示例委员" in page and "示例审计" not in page
        assert (await browser.send("/account/acting", {"account": str(strange.id)})).status_code == 404
        await browser.get("/account")
        await browser.send("/account/acting", {"account": str(other.id)})
        page = (await browser.get("/account?lang=en")).text
        assert re.search(r"You act as</h2>\s*<p><strong>Member of the evaluation committee", page)


async def test_signing_out_ends_the_session(town: Town) -> None:
    async with opened(town) as browser:
        await with_login(town, browser)
        secret = browser.http.cookies["minsheng"]
        await browser.get("/account")
        await browser.send("/account/sign-out", {})
        assert "minsheng" not in browser.http.cookies
        browser.http.cookies.set("minsheng", secret, domain="ledger.local")
        assert not await is_in(browser)
