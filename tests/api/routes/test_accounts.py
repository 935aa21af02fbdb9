"""Administrators manage accounts, nobody else, and all of it is on record."""

from typing import Any

import pytest
from tests.api.appointing import appoint, first
from tests.api.bodies import ANY_ID
from tests.api.client import Caller, Town, check_problem
from tests.api.sign_in.browser import PASSWORD, Browser, opened
from tests.api.sign_in.test_sign_in import is_in

PATH, GRANTS = "/v1/accounts", "/v1/audit/role-grants"


async def administrator(town: Town) -> Caller:
    return await town.account("administrator")


async def let_in(who: Caller, account: str, browser: Browser) -> None:
    invitation = await who.done(f"{PATH}/{account}/invitations", {})
    path = invitation["address"].removeprefix("http://ledger")
    assert (await browser.send(path, {"name": f"示例{account[:6]}", "password": PASSWORD})).status_code == 303


async def acts(town: Town) -> list[tuple[str, str]]:
    found: list[dict[str, Any]] = (await town.auditor.read(GRANTS))["acts"]
    return [(one["act"], one["by_role"]) for one in found]


async def test_an_account_is_opened_and_its_holder_let_in(town: Town) -> None:
    who = await administrator(town)
    account = (await who.done(PATH, {"role": "committee", "label": "示例委员"}))["id"]
    [shown] = (await who.read(PATH, role="committee", limit=200))["accounts"][-1:]
    assert {one["id"] for one in (await who.read(PATH, role="committee"))["accounts"]} >= {account}
    assert shown["signs_in"] is False
    async with opened(town) as browser:
        await let_in(who, account, browser)
        assert "示例委员" in (await browser.get("/account")).text
    listed = {one["id"]: one for one in (await who.read(PATH, limit=200))["accounts"]}
    assert (listed[account]["signs_in"], listed[account]["tokens"]) == (True, 0)
    assert await acts(town) == [("invited", "administrator"), ("opened", "administrator")]


async def test_a_closed_account_acts_no_more(town: Town) -> None:
    who = await administrator(town)
    listed = (await who.read(PATH, role="treasury"))["accounts"]
    account = listed[0]["id"]
    async with opened(town) as browser, opened(town) as other:
        await let_in(who, account, browser)
        assert (await town.treasury.get("/v1/worklist")).status_code == 200
        assert (await who.post(f"{PATH}/{account}/closure", {})).status_code == 204
        assert not await is_in(browser)
        answer = await browser.http.get("/v1/worklist", headers={"Authorization": f"Bearer {town.treasury.token}"})
        assert answer.status_code == 401
        assert (await other.sign_in(f"示例{account[:6]}")).status_code == 403
        # A second time changes nothing.
        assert (await who.post(f"{PATH}/{account}/closure", {})).status_code == 204
    check_problem(await who.post(f"{PATH}/{account}/invitations", {}), 409, "account_closed")
    assert await acts(town) == [("closed", "administrator"), ("invited", "administrator")]


async def test_accounts_are_opened_for_appointments(town: Town) -> None:
    who = await administrator(town)
    old = (await who.done(PATH, {"role": "committee"}))["id"]
    await first(town)
    check_problem(await who.post(PATH, {"role": "committee"}), 409, "appointment_needed")
    position = await appoint(town)
    check_problem(await who.post(PATH, {"role": "juror", "appointment": position}), 409, "person_differs")
    check_problem(await who.post(PATH, {"role": "committee", "appointment": 0}), 404, "appointment_unknown")
    await who.done(PATH, {"role": "committee", "appointment": position})
    check_problem(await who.post(f"{PATH}/{old}/binding", {"appointment": position}), 409, "person_differs")
    own = await appoint(town, same_as=old)
    assert (await who.post(f"{PATH}/{old}/binding", {"appointment": own})).status_code == 204
    assert [act for act, _ in await acts(town)] == ["bound", "opened", "opened"]


@pytest.mark.parametrize("path", ["", f"/{ANY_ID}/invitations", f"/{ANY_ID}/closure", f"/{ANY_ID}/binding"])
async def test_nobody_else_manages_accounts(town: Town, path: str) -> None:
    bodies: dict[str, dict[str, Any]] = {"": {"role": "auditor"}, f"/{ANY_ID}/binding": {"appointment": 0}}
    body = bodies.get(path, {})
    for caller in (town.office, town.leaders, town.auditor, town.district, town.local):
        check_problem(await caller.post(PATH + path, body), 403, "role_may_not")
        if not path:
            check_problem(await caller.get(PATH), 403, "role_may_not")
    check_problem(await town.public.post(PATH + path, body), 401)


async def test_a_label_is_a_line_of_text(town: Town) -> None:
    who = await administrator(town)
    for label in ("示例\0", "示例\n委员", "", "长" * 121):
        check_problem(await who.post(PATH, {"role": "auditor", "label": label}), 422, "invalid_request")


async def test_an_account_that_is_not_there_is_said_so(town: Town) -> None:
    who = await administrator(town)
    for step in ("invitations", "closure"):
        check_problem(await who.post(f"{PATH}/{ANY_ID}/{step}", {}), 404, "account_unknown")


async def test_accounts_are_listed_in_pages(town: Town) -> None:
    who = await administrator(town)
    everything = (await who.read(PATH, limit=200))["accounts"]
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await who.read(PATH, limit=7, **cursor)
        found += page["accounts"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == everything
    assert len(found) > 7
    [one] = (await who.read(PATH, role="district", body="110106"))["accounts"]
    assert (one["role"], one["body"]) == ("district", "110106")


async def test_role_grants_are_for_auditors(town: Town) -> None:
    for caller in (town.office, town.leaders, town.local):
        check_problem(await caller.get(GRANTS), 403, "role_may_not")
    check_problem(await town.public.get(GRANTS), 401)
