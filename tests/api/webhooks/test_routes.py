"""Webhooks over HTTP: who may, what is shown, and every wrong question a coded refusal."""

from typing import Any
from uuid import uuid4

import pytest
from tests.api.client import Caller, Town, check_problem
from tests.api.webhooks.conftest import PATH, START, Post
from tests.api.webhooks.receivers import Receiver
from tests.support import CURSORS

from api.webhooks.subscriptions import MOST
from projections.credit import VERSION

URL = "https://192.0.2.1/hook"
LOCAL = "http://127.0.0.1:9/hook"
BODY: dict[str, Any] = {"content": "credit", "url": LOCAL, "label": "示例信用系统"}
READINGS = ("", "/{id}", "/{id}/deliveries")
WRITINGS = ("/{id}/end", "/{id}/secrets", "/{id}/tests", "/{id}/replays")

CREDIT = CURSORS.of("credit")


async def test_the_office_manages_and_auditors_look(post: Post) -> None:
    town = post.town
    system, other = await town.account("credit_system"), await town.account("credit_system")
    of_office, of_system = await post.made(LOCAL), await post.made(LOCAL, by=system)

    async def seen(by: Caller) -> set[str]:
        return {one["id"] for one in (await by.read(PATH))["webhooks"]}

    assert await seen(town.office) == await seen(town.auditor) == {of_office["id"], of_system["id"]}
    assert await seen(system) == {of_system["id"]}
    assert await seen(other) == set()
    for path in (*READINGS[1:], *WRITINGS):
        address = PATH + path.format(id=of_office["id"])
        ask = system.get(address) if path in READINGS else system.post(address, {})
        check_problem(await ask, 404, "webhook_unknown")
    for path in WRITINGS:
        check_problem(await town.auditor.post(PATH + path.format(id=of_office["id"]), {}), 403, "role_may_not")
        assert (await town.office.post(PATH + path.format(id=of_system["id"]), {})).status_code in (200, 201, 409)


async def test_nobody_else_may_or_sees(post: Post) -> None:
    town = post.town
    made = await post.made(LOCAL)
    others = (town.local, town.district, town.members[0], town.jurors[0], town.leaders, town.association)
    for caller in (*others, town.treasury, town.beneficiary, await town.account("administrator"), town.public):
        status, code = (401, "sign_in_needed") if caller is town.public else (403, "role_may_not")
        for path in READINGS:
            check_problem(await caller.get(PATH + path.format(id=made["id"])), status, code)
        check_problem(await caller.post(PATH, BODY), status, code)
        for path in WRITINGS:
            check_problem(await caller.post(PATH + path.format(id=made["id"]), {}), status, code)


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"content": "everything"}, 422, "invalid_request"),
        ({"label": ""}, 422, "invalid_request"),
        ({"label": "a\x00"}, 422, "invalid_request"),
        ({"url": 7}, 422, "invalid_request"),
        ({"url": "https://example.org/" + "a" * 2000}, 422, "invalid_request"),
        ({"secret": "whsec_"}, 422, "invalid_request"),
        ({"after": "x"}, 422, "cursor_invalid"),
        ({"after": "\x00"}, 422, "cursor_invalid"),
        ({"after": "a" * 1001}, 422, "invalid_request"),
        ({"after": START}, 422, "cursor_invalid"),
        ({"after": CREDIT.sealed(VERSION, True, 1, str(uuid4()))}, 422, "choice_unknown"),
        ({"after": CREDIT.sealed(VERSION + 1, False, 1, str(uuid4()))}, 410, "credit_cursor_gone"),
        ({"after": CREDIT.sealed(VERSION, False, 10**6, str(uuid4()))}, 410, "credit_cursor_gone"),
        ({"content": "feed", "after": "1.1"}, 422, "cursor_invalid"),
        ({"content": "feed", "after": CREDIT.sealed(1, 1)}, 422, "cursor_invalid"),
        ({"content": "feed", "after": CURSORS.of("feed").sealed(10**6, 1)}, 422, "cursor_invalid"),
    ],
)
async def test_what_cannot_be_set_up_is_refused(post: Post, changed: dict[str, Any], status: int, code: str) -> None:
    check_problem(await post.town.office.post(PATH, BODY | changed), status, code)
    assert (await post.town.office.read(PATH))["webhooks"] == []


async def test_http_is_only_for_trying_out(town: Town) -> None:
    check_problem(await town.office.post(PATH, BODY), 422, "webhook_address_refused")
    # Documentation addresses are nobody's.
    check_problem(await town.office.post(PATH, BODY | {"url": URL}), 422, "webhook_address_refused")
    chinese = await town.office.http.post(
        PATH, json=BODY, headers={"Authorization": f"Bearer {town.office.token}", "Accept-Language": "zh"}
    )
    assert chinese.json()["title"] == "不能向此地址推送：地址须以 https:// 开头。"


async def test_unknown_ended_and_malformed_requests_are_refused(post: Post) -> None:
    office = post.town.office
    made = await post.made(LOCAL)
    for path in READINGS[1:]:
        check_problem(await office.get(PATH + path.format(id=uuid4())), 404, "webhook_unknown")
        check_problem(await office.get(PATH + path.format(id="1")), 422, "invalid_request")
    for path in WRITINGS:
        check_problem(await office.post(PATH + path.format(id=uuid4()), {}), 404, "webhook_unknown")
    deliveries = f"{PATH}/{made['id']}/deliveries"
    for query, code in (
        ({"state": "lost"}, "invalid_request"),
        ({"limit": 0}, "invalid_request"),
        ({"cursor": "x"}, "cursor_invalid"),
        ({"cursor": CREDIT.sealed(1)}, "cursor_invalid"),
    ):
        check_problem(await office.get(deliveries, **query), 422, code)
    replays = f"{PATH}/{made['id']}/replays"
    wrong: list[Any] = [{"message": ""}, {"message": 7}, {"all": True}, []]
    for body in wrong:
        check_problem(await office.post(replays, body), 422, "invalid_request")
    for _ in range(2):
        ended = (await office.post(f"{PATH}/{made['id']}/end", {})).json()
        assert ended["ended_by"] == "request"
    for path in WRITINGS[1:]:
        check_problem(await office.post(PATH + path.format(id=made["id"]), {}), 409, "webhook_ended")


async def test_webhooks_are_limited_and_ended_ones_free(post: Post) -> None:
    made = [await post.made(LOCAL) for _ in range(MOST)]
    check_problem(await post.town.office.post(PATH, BODY), 409, "too_many_webhooks")
    await post.made(LOCAL, by=await post.town.account("credit_system"))
    await post.town.office.post(f"{PATH}/{made[0]['id']}/end", {})
    await post.made(LOCAL)


async def test_deliveries_are_read_in_pages_the_newest_first(post: Post, receiver: Receiver) -> None:
    made = await post.made(receiver.url, "feed", after=START)
    sent = await post.sent()
    found: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = await post.town.office.read(f"{PATH}/{made['id']}/deliveries", limit=2, **cursor)
        found += [one["message"] for one in page["deliveries"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert len(found) == len(set(found)) == sent
    assert sorted(found) == sorted(receiver.ids)
    assert await post.deliveries(made, state="dead") == []


async def test_a_successor_webhook_resumes_the_place(post: Post, receiver: Receiver) -> None:
    made = await post.made(receiver.url)
    await post.graded(post.town.local_id, 3)
    await post.sent()
    ended = (await post.town.office.post(f"{PATH}/{made['id']}/end", {})).json()
    await post.graded(post.town.local_id, 4)
    await post.made(receiver.url, after=ended["place"])
    await post.sent()
    assert [message.data["became"]["what"] for message in receiver.messages] == ["3A", "4A"]


async def test_what_waits_is_in_the_metrics(post: Post, receiver: Receiver) -> None:
    await post.made(receiver.url)
    receiver.status = 500
    await post.graded(post.town.local_id)
    await post.sent()
    post.town.clock.forward(seconds=100)
    told = (await post.town.public.get("/metrics")).text
    assert "minsheng_webhook_pending 1.0" in told
    assert "minsheng_webhook_oldest_pending_seconds 100.0" in told
