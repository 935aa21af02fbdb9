"""Tokens for programs: what they may do, until when, and how a client gets short-lived ones."""

import re
from asyncio import gather
from typing import Any

import httpx2
import pytest
from tests.api.client import Caller, Town, check_problem
from tests.api.sign_in.browser import PASSWORD, Browser, opened, with_login

from api.door import REMEMBERED_SECONDS
from ledger.accounts import open_account
from ledger.core.fact import Role
from ledger.tokens import issue_token

TOKEN = re.compile(r"<code>(msl_[A-Za-z0-9_-]+)</code>")
READ = "/v1/audit/late-entries"


async def made(browser: Browser, kind: str = "read", label: str = "示例程序") -> str:
    await browser.get("/account")
    await browser.send("/account/tokens", {"kind": kind, "label": label, "password": PASSWORD})
    found = TOKEN.search(browser.page)
    assert found, browser.said
    return found[1]


def caller(town: Town, token: str) -> Caller:
    return Caller(town.public.http, token)


async def short(town: Town, auth: tuple[str, str] | None = None, **fields: str) -> httpx2.Response:
    """What a client is answered."""
    given = httpx2.BasicAuth(*auth) if auth else httpx2.Auth()
    return await town.public.http.post("/v1/token", data=fields, auth=given)


async def client_of(town: Town, *, reads: bool = True) -> tuple[str, str]:
    async with town.service.pool.connection() as connection:
        account = await open_account(connection, Role.CREDIT_SYSTEM, None, "示例信用系统")
        return str(account.id), await issue_token(connection, account.id, reads=reads, client=True)


async def test_a_token_acts_or_reads_alone(town: Town) -> None:
    project = await town.reviewed()
    async with opened(town) as browser:
        await with_login(town, browser)
        reads, acts = caller(town, await made(browser)), caller(town, await made(browser, "all"))
    assert (await reads.get(READ)).status_code == (await acts.get(READ)).status_code == 200
    check_problem(await reads.post(f"{project}/suspension", {"reason": "示例。"}), 403, "token_reads_only")
    check_problem(await acts.post(f"{project}/suspension", {"reason": "示例。"}), 409)
    check_problem(await reads.send("/v1/attachments", b"%PDF-1.7", **{"Content-Type": "application/pdf"}), 403)


async def test_what_is_done_with_tokens_is_on_record(town: Town) -> None:
    async with opened(town) as browser:
        await with_login(town, browser)
        await made(browser)
        await browser.get("/account")
        [token] = re.findall(r'name="token_id" value="([^"]+)"', browser.page)
        page = browser.page
        for step in ("replace-token", "revoke-token", "revoke-token"):
            browser.page = page
            await browser.send(f"/account/{step}", {"token_id": token})
    found = (await town.auditor.read("/v1/audit/role-grants"))["acts"]
    # The newest first; revoked a second time, there was nothing to revoke.
    assert [one["act"] for one in found] == ["tokens_revoked", "token_issued", "token_issued"]
    assert {one["by_role"] for one in found} == {"office"}


async def test_making_a_token_needs_the_password(town: Town) -> None:
    async with opened(town) as browser:
        await with_login(town, browser)
        await browser.get("/account")
        answer = await browser.send("/account/tokens", {"kind": "all", "label": "x", "password": "另一个密码，不对的"})
        assert answer.status_code == 401
        assert not TOKEN.search(browser.page)


async def test_tokens_are_listed_replaced_and_revoked(town: Town) -> None:
    async with opened(town) as browser, opened(town) as stranger:
        await with_login(town, browser)
        await with_login(town, stranger, "示例乙")
        first = await made(browser, "all", "示例夜间程序")
        assert (await caller(town, first).get(READ)).status_code == 200
        page = (await browser.get("/account?lang=en")).text
        assert "示例夜间程序" in page and first not in page
        assert re.search(r"Read and act.*Last used <time", page)
        [token] = re.findall(r'name="token_id" value="([^"]+)"', page)
        await stranger.get("/account")
        assert token not in stranger.page
        await stranger.send("/account/revoke-token", {"token_id": token})
        await stranger.get("/account")
        await stranger.send("/account/replace-token", {"token_id": token})
        assert not TOKEN.search(stranger.page)
        await browser.get("/account")
        await browser.send("/account/replace-token", {"token_id": token})
        found = TOKEN.search(browser.page)
        assert found
        # Both work for a day, so that a program can be changed in between.
        for one in (first, found[1]):
            assert (await caller(town, one).get(READ)).status_code == 200
        await browser.send("/account/revoke-token", {"token_id": token})
        await browser.get("/account")
        assert token not in browser.page
        async with opened(town) as fresh:
            # Another process knows nothing of what this one remembers.
            headers = {"Authorization": f"Bearer {first}"}
            assert (await fresh.http.get(READ, headers=headers)).status_code == 401
    assert REMEMBERED_SECONDS < 1


@pytest.mark.parametrize("in_body", [False, True])
async def test_a_client_gets_tokens_for_an_hour(town: Town, in_body: bool) -> None:
    name, secret = await client_of(town)
    fields = {"client_id": name, "client_secret": secret} if in_body else {}
    answer = await short(town, None if in_body else (name, secret), grant_type="client_credentials", **fields)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert (said["token_type"], said["expires_in"]) == ("Bearer", 3600)
    assert (await caller(town, said["access_token"]).get("/v1/credit/changes")).status_code == 200
    check_problem(await caller(town, said["access_token"]).post("/v1/credit/acks", {}), 403, "token_reads_only")
    # The secret itself opens nothing.
    check_problem(await caller(town, secret).get("/v1/credit/changes"), 401)


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"client_secret": "msl_wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": "00000000-0000-4000-8000-000000000000"}, 401, "invalid_client"),
    ],
    ids=str,
)
async def test_errors_are_those_of_the_standard(town: Town, change: dict[str, str], status: int, error: str) -> None:
    name, secret = await client_of(town)
    said: dict[str, Any] = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
    answer = await short(town, None, **said | change)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert ("www-authenticate" in answer.headers) is (status == 401)


async def test_a_token_of_one_account_is_no_secret_of_another(town: Town) -> None:
    name, _ = await client_of(town)
    _, secret = await client_of(town)
    ordinary = str(town.auditor.token)
    for given in (secret, ordinary):
        assert (await short(town, (name, given), grant_type="client_credentials")).status_code == 401


async def test_guessing_a_clients_secret_ends(town: Town) -> None:
    name, secret = await client_of(town)
    answers = [(await short(town, (name, f"x{n}"), grant_type="client_credentials")).status_code for n in range(6)]
    assert answers == [401] * 5 + [429]
    assert (await short(town, (name, secret), grant_type="client_credentials")).status_code == 429


async def test_guessing_a_secret_all_at_once_ends_too(town: Town) -> None:
    name, _ = await client_of(town)
    tries = (short(town, (name, f"x{n}"), grant_type="client_credentials") for n in range(20))
    told = [answer.status_code for answer in await gather(*tries)]
    assert sorted(told) == [401] * 5 + [429] * 15


async def test_it_is_the_right_account_that_reads(town: Town) -> None:
    name, secret = await client_of(town)
    token = (await short(town, (name, secret), grant_type="client_credentials")).json()["access_token"]
    check_problem(await caller(town, token).get(READ), 403, "role_may_not")
