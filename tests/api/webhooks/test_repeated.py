"""Setting up a webhook under an Idempotency-Key: a lost answer is repeated, and no second webhook is made."""

import asyncio
from typing import Any

import httpx2
from tests.api.client import Caller, check_problem
from tests.api.webhooks.conftest import PATH, Post
from tests.api.webhooks.receivers import Receiver

BODY = {"content": "credit", "url": "http://127.0.0.1:9/hook", "label": "示例信用系统"}


async def set_up(by: Caller, key: str, **changed: Any) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {by.token}", "Idempotency-Key": key}
    return await by.http.post(PATH, json=BODY | changed, headers=headers)


async def count(post: Post) -> int:
    return len((await post.town.office.read(PATH))["webhooks"])


async def test_a_repeated_request_gets_the_first_answer(post: Post, receiver: Receiver) -> None:
    office = post.town.office
    first = await set_up(office, "a", url=receiver.url)
    assert first.status_code == 201
    # What was sent meanwhile moves the place of the webhook, not the answer.
    await post.graded(post.town.local_id)
    await post.sent()
    again = await set_up(office, "a", url=receiver.url)
    assert (again.status_code, again.json()) == (201, first.json())
    receiver.messages[0].verified(again.json()["secret"])
    assert await count(post) == 1


async def test_requests_at_once_make_one_webhook(post: Post) -> None:
    answers = await asyncio.gather(*(set_up(post.town.office, "a") for _ in range(5)))
    assert len({answer.text for answer in answers}) == 1
    assert await count(post) == 1


async def test_a_key_belongs_to_one_request_of_one_account(post: Post) -> None:
    office = post.town.office
    await set_up(office, "a")
    for changed in ({"label": "另一个"}, {"content": "feed"}, {"url": "http://127.0.0.1:9/other"}):
        check_problem(await set_up(office, "a", **changed), 422, "key_reused")
    other = await post.town.account("credit_system")
    assert (await set_up(other, "a")).status_code == 201
    assert await count(post) == 2
    for key in ("", "a b", "é" * 3, "x" * 201):
        headers = {b"Authorization": f"Bearer {office.token}".encode(), b"Idempotency-Key": key.encode()}
        answer = await office.http.post(PATH, json=BODY, headers=headers)
        check_problem(answer, 422, "header_invalid")


async def test_the_secret_is_repeated_for_a_day_unless_replaced(post: Post) -> None:
    office, clock = post.town.office, post.town.clock
    made = (await set_up(office, "a")).json()["webhook"]["id"]
    clock.forward(hours=23)
    assert (await set_up(office, "a")).status_code == 201
    clock.forward(hours=2)
    check_problem(await set_up(office, "a"), 409, "webhook_secret_not_repeated")

    made = (await set_up(office, "b")).json()["webhook"]["id"]
    for _ in range(2):
        await office.done(f"{PATH}/{made}/secrets", {})
        check_problem(await set_up(office, "b"), 409, "webhook_secret_not_repeated")
    assert (await office.post(f"{PATH}/{made}/end", {})).status_code == 200
    check_problem(await set_up(office, "b"), 409, "webhook_ended")


async def test_a_key_is_free_again_after_thirty_days(post: Post) -> None:
    office = post.town.office
    await set_up(office, "a")
    post.town.clock.forward(days=31)
    await post.sent()
    assert (await set_up(office, "a")).status_code == 201
    assert await count(post) == 2
