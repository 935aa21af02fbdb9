"""What receivers get: the items of the API in its order, as CloudEvents, signed by Standard Webhooks."""

from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import WebhookVerificationError
from tests.api.bodies import CONTACT, SECRET, frame, report
from tests.api.client import Caller
from tests.api.webhooks.conftest import PATH, START, Post
from tests.api.webhooks.receivers import Receiver

from api.webhooks.items import VERSIONS, Content
from ledger.clock import utc_now


async def snapshot_end(post: Post, reader: Caller) -> str:
    await post.town.followed()
    page = await reader.read("/v1/credit/changes", limit=1000)
    return str(page["next_after"])


async def test_credit_messages_keep_the_apis_order(post: Post, receiver: Receiver) -> None:
    town = post.town
    system = await town.account("credit_system")
    after = await snapshot_end(post, system)
    made = await post.made(receiver.url, by=system, after=after)
    for grade in (3, 4, 5):
        await post.graded(town.local_id, grade)
    assert await post.sent() == 3
    changes = (await system.read("/v1/credit/changes", after=after))["changes"]
    assert [message.data for message in receiver.messages] == changes
    assert [message.verified(made["secret"])["data"] for message in receiver.messages] == changes
    assert [change["became"]["what"] for change in changes] == ["3A", "4A", "5A"]
    assert await post.sent() == 0


async def test_each_message_is_a_cloud_event(post: Post, receiver: Receiver) -> None:
    await post.made(receiver.url)
    await post.graded(post.town.local_id)
    await post.sent()
    [message] = receiver.messages
    event, change = message.event, message.data
    assert message.headers["content-type"] == "application/cloudevents+json"
    assert event.get_id() == message.id == f"credit-{VERSIONS[Content.CREDIT]}-{change['position']}-{change['line']}"
    assert (event.get_specversion(), event.get_type()) == ("1.0", "minsheng.credit.changed")
    assert (event.get_source(), event.get_subject()) == ("urn:minsheng:ledger:minsheng-ledger", str(post.town.local_id))
    assert event.get_datacontenttype() == "application/json"
    history = await post.town.public.read(f"/v1/organisations/{post.town.local_id}/history")
    recorded = {one["position"]: one["recorded_at"] for one in history["events"]}
    assert f"{event.get_time():%Y-%m-%dT%H:%M:%S.%f}Z" == recorded[change["position"]]


async def test_feed_messages_keep_each_projects_order(post: Post, receiver: Receiver) -> None:
    town = post.town
    town.clock.to(2, 1)
    project = await town.published()
    await town.published(town.city)
    town.clock.now = utc_now()
    made = await post.made(receiver.url, "feed", after=START)
    await town.followed()
    entries = (await town.public.read("/v1/feed", limit=1000))["entries"]
    assert await post.sent() == len(entries) > 10
    found = [message.verified(made["secret"]) for message in receiver.messages]
    assert {one["type"] for one in found} == {"minsheng.feed.published"}
    by_cursor = {one["data"]["cursor"]: one["data"] for one in found}
    assert [by_cursor[entry["cursor"]] for entry in entries] == entries
    own = [one["data"] for one in found if one["subject"] == project.rsplit("/", 1)[1]]
    assert own == [entry for entry in entries if entry["stream"] == project.rsplit("/", 1)[1]] != []


async def test_nothing_of_beneficiaries_and_nothing_sealed_is_sent(post: Post, receiver: Receiver) -> None:
    town = post.town
    start = await snapshot_end(post, town.office)
    town.clock.to(2, 1)
    hidden = await town.approved(town.city, title="示例未公布项目")
    project = await town.published(contact=CONTACT)
    town.clock.to(3, 15)
    await town.local.done(f"{project}/milestones", report("start"))
    await town.local.done(f"{project}/sample-frame", frame())
    await town.public.done(f"{project}/public-reports", {"text": SECRET, "contact": CONTACT})
    town.clock.now = utc_now()
    await post.made(receiver.url, after=start)
    await post.made(receiver.url, "feed", after=START)
    assert await post.sent() > 10
    told = b"".join(message.body for message in receiver.messages).decode()
    for private in (*CONTACT.values(), SECRET, hidden.rsplit("/", 1)[1], "示例未公布项目"):
        assert private not in told


async def test_unsent_messages_go_out_redacted(post: Post, receiver: Receiver) -> None:
    town, name = post.town, "示例张某"
    town.clock.to(2, 1)
    project = await town.published(content=f"为{name}送午餐。")
    town.clock.now = utc_now()
    await post.made(receiver.url, "feed", after=START)
    receiver.status = 500
    await post.sent()
    waiting = [message for message in receiver.messages if name in message.body.decode()]
    assert waiting
    redaction = {"target": 1, "texts": {"form.content": [name]}, "reason": "误录。", "authority": "示例规定"}
    await town.office.done(f"{project}/redactions", redaction)
    receiver.messages.clear()
    receiver.status = 204
    town.clock.forward(minutes=1)
    await post.sent()
    assert waiting[0].id in receiver.ids
    assert name not in b"".join(message.body for message in receiver.messages).decode()


async def test_old_and_new_secrets_sign_for_a_day(post: Post, receiver: Receiver) -> None:
    made = await post.made(receiver.url)
    answer = await post.town.office.done(f"{PATH}/{made['id']}/secrets", {})
    assert answer["secret"] != made["secret"]
    await post.graded(post.town.local_id)
    await post.sent()
    for secret in (made["secret"], answer["secret"]):
        assert receiver.messages[-1].verified(secret)
    # A day later by the service's clock; the receiver's own cannot be moved, so the stamp is not asked for.
    post.town.clock.forward(hours=24, seconds=1)
    await post.graded(post.town.city_id)
    await post.sent()
    assert [len(message.headers["webhook-signature"].split()) for message in receiver.messages] == [2, 1]


async def test_what_was_changed_on_the_way_is_not_verified(post: Post, receiver: Receiver) -> None:
    made = await post.made(receiver.url)
    await post.graded(post.town.local_id)
    await post.sent()
    [message] = receiver.messages
    other: dict[str, Any] = message.headers | {"webhook-id": "credit-1-0-other"}
    for body, headers in ((message.body.replace(b"4A", b"5A"), message.headers), (message.body, other)):
        with pytest.raises(WebhookVerificationError):
            type(message)(headers, body).verified(made["secret"])
    late = message.headers | {"webhook-timestamp": str(int((utc_now() - timedelta(minutes=6)).timestamp()))}
    with pytest.raises(WebhookVerificationError):
        type(message)(late, message.body).verified(made["secret"])


async def test_a_test_message_goes_the_way_of_all_others(post: Post, receiver: Receiver) -> None:
    made = await post.made(receiver.url)
    sent = await post.town.office.done(f"{PATH}/{made['id']}/tests", {})
    assert await post.sent() == 1
    [message] = receiver.messages
    assert message.verified(made["secret"])["type"] == "minsheng.webhook.test"
    assert (message.id, message.data) == (sent["message"], {"test": True})
    [delivery] = await post.deliveries(made)
    assert (delivery["message"], delivery["state"], delivery["position"]) == (message.id, "delivered", None)
