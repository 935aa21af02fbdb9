"""The right person gets in, by a name and a password, and nobody learns more than whether it worked."""

import re
from asyncio import gather
from collections import Counter
from datetime import timedelta

import pytest
from tests.api.client import Town
from tests.api.sign_in.browser import PASSWORD, Browser, invited, invited_again, opened, with_login

from api.protocol.proxies import Proxies
from api.sign_in.demonstration import OneClick, OneClicks
from ledger.core.fact import Role
from ledger.sign_in import attempts, passwords
from ledger.sign_in.logins import INVITED_FOR
from ledger.sign_in.sessions import IDLE, LONGEST


async def is_in(browser: Browser) -> bool:
    answer = await browser.get("/account")
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/sign-in")
    return answer.status_code == 200


async def test_an_invitation_makes_a_login_once(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        address = await invited(town)
        assert "示例办公室" in (await browser.get(address)).text
        await browser.send(address, {"name": "示例甲", "password": PASSWORD})
        assert await is_in(browser)
        assert (await other.get(address)).status_code == 404
        assert (await other.send(address, {"name": "示例乙", "password": PASSWORD})).status_code == 404
        assert not await is_in(other)
        assert (await other.sign_in("示例甲")).headers["location"] == "/work"
        assert await is_in(other)


async def test_an_invitation_ends_after_a_week(town: Town) -> None:
    async with opened(town) as browser:
        address = await invited(town)
        town.clock.now += INVITED_FOR
        assert (await browser.send(address, {"name": "示例甲", "password": PASSWORD})).status_code == 404


async def test_a_new_invitation_replaces_a_lost_password(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        await with_login(town, browser)
        await other.send(await invited_again(town), {"name": "示例甲", "password": PASSWORD + "新"})
        # Who knew the former password is out, and does not come in again.
        assert not await is_in(browser)
        assert (await browser.sign_in("示例甲")).status_code == 401
        assert await is_in(other)


@pytest.mark.parametrize(
    ("name", "password", "status"),
    [
        ("甲", PASSWORD, 422),
        ("示例 甲", PASSWORD, 422),
        ("示例甲", "太短", 422),
        ("示例甲", "啊" * 20, 422),
        ("example", "my name is EXAMPLE", 422),
        ("示例甲", "x1y2z3" * 40, 422),
    ],
)
async def test_a_weak_choice_is_refused(town: Town, name: str, password: str, status: int) -> None:
    async with opened(town) as browser:
        address = await invited(town)
        answer = await browser.send(address, {"name": name, "password": password})
        assert answer.status_code == status and browser.said
        assert not await is_in(browser)
        # Nothing was used up.
        await browser.send(address, {"name": "示例甲", "password": PASSWORD})
        assert await is_in(browser)


async def test_a_name_is_taken_once_in_any_spelling(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        await with_login(town, browser, "Example-A")
        answer = await other.send(await invited(town), {"name": "ｅxample-a", "password": PASSWORD})
        assert answer.status_code == 409
        assert (await other.sign_in("EXAMPLE-A")).status_code == 303


async def test_unknown_names_and_wrong_passwords_look_alike(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        await with_login(town, browser)
        wrong = await other.sign_in("示例甲", "不是这一句，是另外一句")
        wrong_page = re.sub("示例甲", "", other.page)
        unknown = await other.sign_in("示例乙", "不是这一句，是另外一句")
        assert wrong.status_code == unknown.status_code == 401
        assert wrong_page == re.sub("示例乙", "", other.page)


async def test_guessing_ends(town: Town) -> None:
    async with opened(town) as browser, opened(town) as guessing, opened(town, client="198.51.100.9") as elsewhere:
        await with_login(town, browser)
        for _ in range(attempts.PER_NAME_AND_NETWORK):
            assert (await guessing.sign_in("示例甲", "不是这一句，是另外一句")).status_code == 401
        refused = await guessing.sign_in("示例甲")
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= attempts.PERIOD.total_seconds()
        # A stranger's guessing does not lock the person out.
        assert (await elsewhere.sign_in("示例甲")).status_code == 303
        town.clock.now += attempts.PERIOD
        assert (await guessing.sign_in("示例甲")).status_code == 303


async def test_guessing_all_at_once_is_no_way_around(town: Town) -> None:
    async with opened(town) as browser, opened(town) as guessing:
        await with_login(town, browser)
        given = {"name": "示例甲", "password": "不是这一句，是另外一句"}
        headers = {"Origin": guessing.origin}
        answers = await gather(*(guessing.send("/sign-in", given, headers) for _ in range(20)))
        told = Counter(answer.status_code for answer in answers)
        assert told == {401: attempts.PER_NAME_AND_NETWORK, 429: 20 - attempts.PER_NAME_AND_NETWORK}


async def test_what_worked_does_not_count(town: Town) -> None:
    async with opened(town) as browser:
        await with_login(town, browser)
        for _ in range(attempts.PER_NAME_AND_NETWORK + 1):
            assert (await browser.sign_in("示例甲")).status_code == 303


async def test_an_unknown_name_costs_a_hash_too(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    hasher = passwords._HASHER

    class Counting:
        hash = staticmethod(hasher.hash)

        @staticmethod
        def verify(password: str, stored: str) -> bool:
            looked.append(password)
            return hasher.verify(password, stored)

    async with opened(town) as browser:
        await with_login(town, browser)
        monkeypatch.setattr(passwords, "_HASHER", Counting())
        for name in ("示例甲", "示例乙"):
            await browser.sign_in(name, "不是这一句，是另外一句")
            assert len(looked) == 1
            looked.clear()


async def test_one_network_guesses_few_names(town: Town) -> None:
    async with opened(town) as guessing:
        for number in range(attempts.PER_NETWORK):
            assert (await guessing.sign_in(f"示例{number}号", "不是这一句，是另外一句")).status_code == 401
        assert (await guessing.sign_in("示例又一号")).status_code == 429


async def test_a_session_ends_idle_and_at_last(town: Town) -> None:
    async with opened(town) as browser:
        await with_login(town, browser)
        began = town.clock.now
        while town.clock.now < began + LONGEST - timedelta(hours=1):
            town.clock.now += timedelta(hours=1)
            assert await is_in(browser)
        town.clock.now = began + LONGEST
        assert not await is_in(browser)
        await browser.sign_in("示例甲")
        town.clock.now += IDLE
        assert not await is_in(browser)


async def test_sign_in_gives_a_fresh_secret(town: Town) -> None:
    """So that a cookie which somebody planted is worth nothing."""
    async with opened(town) as browser:
        browser.http.cookies.set("minsheng", "planted" * 6, domain="ledger.local")
        await with_login(town, browser)
        first = browser.http.cookies["minsheng"]
        assert "planted" not in first
        await browser.sign_in("示例甲")
        assert browser.http.cookies["minsheng"] != first


async def test_the_cookie_is_for_this_host_alone(town: Town) -> None:
    https = Proxies.of("https://ledger.example", "")
    async with opened(town, https) as browser:
        answer = await browser.send(await invited(town), {"name": "示例甲", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-minsheng=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(re.split("; ", cookie))
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("given", "led"),
    [
        ("/projects/x?lang=en", "/projects/x?lang=en"),
        ("https://evil.example/", "/work"),
        ("//evil.example/", "/work"),
        ("/\\evil.example", "/work"),
        ("javascript:alert(1)", "/work"),
        ("/sign-in", "/work"),
        ("/\r\nSet-Cookie: a=b", "/work"),
        ("", "/work"),
    ],
)
async def test_sign_in_leads_to_pages_of_this_site(town: Town, given: str, led: str) -> None:
    async with opened(town) as browser:
        await with_login(town, browser)
        assert (await browser.sign_in("示例甲", next=given)).headers["location"] == led


async def test_the_page_asked_for_comes_after_sign_in(town: Town) -> None:
    async with opened(town) as browser:
        await with_login(town, browser)
        await browser.get("/account")
        await browser.send("/account/sign-out", {})
        sent = await browser.get("/account?lang=en")
        assert sent.headers["location"] == "/sign-in?next=%2Faccount%3Flang%3Den&lang=en"
        page = (await browser.get(sent.headers["location"])).text
        assert 'name="next" value="/account?lang=en"' in page


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_forms_of_other_sites_are_refused(town: Town, headers: dict[str, str]) -> None:
    async with opened(town) as browser, opened(town) as other:
        await with_login(town, browser)
        fields = {"name": "示例甲", "password": PASSWORD}
        assert (await other.send("/sign-in", fields, headers)).status_code == 403
        assert not await is_in(other)
        await browser.get("/account")
        assert (await browser.send("/account/end-others", {}, headers)).status_code == 403


async def test_a_form_carries_its_sessions_token(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        await with_login(town, browser)
        await with_login(town, other, "示例乙")
        await other.get("/account")
        browser.page = other.page
        assert (await browser.send("/account/sign-out", {"other": "x"})).status_code == 403
        browser.page = ""
        assert (await browser.send("/account/sign-out", {"other": "x"})).status_code == 403
        assert await is_in(browser)


async def test_a_null_character_is_bad_input(town: Town) -> None:
    async with opened(town) as browser:
        await with_login(town, browser)
        await browser.get("/account")
        fields = {"kind": "read", "label": "示例\0程序", "password": PASSWORD}
        assert (await browser.send("/account/tokens", fields)).status_code == 400


async def test_one_click_is_of_the_demonstration_at_the_machine(town: Town) -> None:
    async with town.service.pool.connection() as connection:
        row = await (await connection.execute("SELECT id FROM ledger.accounts WHERE role = 'office'")).fetchone()
    assert row
    offered = (OneClick(row[0], Role.OFFICE, "示例"),)
    chosen = {"account": str(row[0])}
    for client, clicks, status in (
        ("127.0.0.1", OneClicks(offered), 303),
        ("192.0.2.7", OneClicks(offered), 404),
        ("192.0.2.7", OneClicks(offered, public=True), 303),
        ("127.0.0.1", OneClicks(), 404),
    ):
        async with opened(town, one_clicks=clicks, client=client) as browser:
            page = (await browser.get("/sign-in")).text
            assert (str(row[0]) in page) is (status == 303)
            assert (await browser.send("/sign-in/demonstration", chosen)).status_code == status
            assert await is_in(browser) is (status == 303)


async def test_nothing_readable_is_stored(town: Town) -> None:
    async with opened(town) as browser:
        address = await invited(town)
        await browser.send(address, {"name": "示例甲甲", "password": PASSWORD})
        secret, code = browser.http.cookies["minsheng"], address.rsplit("/", 1)[1]
    tables = ("logins", "sessions", "invitations", "recovery_codes", "sign_in_attempts")
    async with town.service.pool.connection() as connection:
        for table in tables:
            rows = await (await connection.execute(f"SELECT t::text FROM ledger.{table} t".encode())).fetchall()
            for (row,) in rows:
                for private in ("示例甲甲", PASSWORD, secret, code):
                    assert private not in row, table
