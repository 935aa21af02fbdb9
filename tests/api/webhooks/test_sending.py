"""At least once, in order for each organisation: trying again, giving up, sending again, ending, stopping."""

import asyncio
import threading
import time
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from tests.api.client import check_problem
from tests.api.webhooks.conftest import LONG, PATH, Post, sender_of
from tests.api.webhooks.receivers import Message, Receiver, open_receiver
from tests.support import CURSORS

from api.webhooks.deliveries import MOST_ATTEMPTS, asked_pause, pause
from api.webhooks.items import VERSIONS
from projections.credit import VERSION


def grades(receiver: Receiver, organisation: object) -> list[str]:
    return [
        message.data["became"]["what"]
        for message in receiver.messages
        if message.event.get_subject() == str(organisation)
    ]


def refusing(organisation: object) -> Any:
    return lambda message: 500 if message.event.get_subject() == str(organisation) else 204


def behind(event: threading.Event) -> Callable[[Message], int]:
    def answer(_: Message) -> int:
        event.wait(LONG)
        return 204

    return answer


async def given_up(post: Post) -> None:
    """All that waits comes to be a dead letter, or is delivered."""
    for _ in range(MOST_ATTEMPTS):
        await post.sent()
        post.town.clock.forward(days=1)


def test_pauses_grow_to_a_day_over_three() -> None:
    shortest = [pause(attempts, 0.0) for attempts in range(1, MOST_ATTEMPTS)]
    assert [one.total_seconds() for one in shortest if one][:4] == [5, 15, 45, 135]
    assert max(one for one in shortest if one) == timedelta(days=1)
    longest = [pause(attempts, 1.0) for attempts in range(1, MOST_ATTEMPTS)]
    in_all = [sum((one for one in some if one), timedelta()) / timedelta(days=1) for some in (shortest, longest)]
    assert [round(days, 1) for days in in_all] == [2.6, 3.1]
    assert pause(MOST_ATTEMPTS, 0.5) is None


async def test_refused_messages_are_retried_in_time(post: Post, receiver: Receiver) -> None:
    made = await post.made(receiver.url)
    await post.graded(post.town.local_id)
    receiver.status, receiver.said = 503, "忙\0忙".encode() + b"x" * 1000
    assert [await post.sent(), await post.sent()] == [1, 0]
    [delivery] = await post.deliveries(made)
    assert (delivery["state"], len(delivery["attempts"])) == ("pending", 1)
    [attempt] = delivery["attempts"]
    assert (attempt["status"], attempt["said"][:4], len(attempt["said"].encode())) == (503, "忙 忙x", 300)
    post.town.clock.forward(seconds=4)
    assert await post.sent() == 0
    post.town.clock.forward(seconds=1)
    receiver.status = 200
    assert await post.sent() == 1
    [delivery] = await post.deliveries(made)
    assert ([one["status"] for one in delivery["attempts"]], delivery["state"]) == ([503, 200], "delivered")
    assert receiver.ids == [delivery["message"]] * 2
    assert receiver.messages[0].body == receiver.messages[1].body


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_retry_after_is_honoured_for_all_that_waits(post: Post, receiver: Receiver, form: str) -> None:
    town = post.town
    await post.made(receiver.url)
    at = town.clock.now + timedelta(hours=2)
    receiver.status, receiver.retry_after = 429, "7200" if form == "seconds" else format_datetime(at, usegmt=True)
    await post.graded(town.local_id)
    assert await post.sent() == 1
    await post.graded(town.city_id)
    town.clock.forward(minutes=118)
    assert await post.sent() == 0
    town.clock.forward(minutes=3)
    receiver.status, receiver.retry_after = 204, None
    assert await post.sent() == 2


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (None, 0), ("", 0), ("0", 0), ("-5", 0), ("1.5", 0), ("1e3", 0), ("１２", 0), ("soon", 0), ("120", 120),
        ("999999999", 86_400), ("9" * 400, 0), ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Mon, 01 Feb 2010 00:01:00 GMT", 60), ("Mon, 01 Feb 2010 00:01:00", 60),
        ("Mon, 99 Feb 2010 00:01:00 GMT", 0), ("Mon, 01 Feb 2010 00:01:00 +9999999999", 0), ("5, 6", 0),
    ],
)  # fmt: skip
def test_retry_after_is_read_within_bounds(said: str | None, seconds: int) -> None:
    assert asked_pause(said, datetime(2010, 2, 1, tzinfo=UTC)) == timedelta(seconds=seconds)


async def test_a_failure_delays_its_own_organisation_only(post: Post, receiver: Receiver) -> None:
    town = post.town
    await post.made(receiver.url)
    receiver.answer = refusing(town.local_id)
    for grade in (3, 4):
        await post.graded(town.local_id, grade)
        await post.graded(town.city_id, grade)
    await post.sent()
    assert grades(receiver, town.local_id) == ["3A"]
    assert grades(receiver, town.city_id) == ["3A", "4A"]
    receiver.answer = None
    town.clock.forward(seconds=5)
    await post.sent()
    assert grades(receiver, town.local_id) == ["3A", "3A", "4A"]


async def test_the_last_failure_makes_a_dead_letter(post: Post, receiver: Receiver) -> None:
    town = post.town
    made = await post.made(receiver.url)
    receiver.answer = lambda message: 500 if message.data["became"]["what"] == "3A" else 204
    for grade in (3, 4):
        await post.graded(town.local_id, grade)
    await given_up(post)
    assert grades(receiver, town.local_id) == ["3A"] * MOST_ATTEMPTS + ["4A"]
    [dead] = await post.deliveries(made, state="dead")
    assert len(dead["attempts"]) == MOST_ATTEMPTS and dead["next_at"] is None
    metrics = (await town.public.get("/metrics")).text
    assert "minsheng_webhook_dead 1.0" in metrics and "minsheng_webhook_pending 0.0" in metrics


async def test_dead_letters_are_resent_under_their_ids(post: Post, receiver: Receiver) -> None:
    town = post.town
    made = await post.made(receiver.url)
    receiver.status = 500
    for organisation in (town.local_id, town.city_id, town.local_id):
        await post.graded(organisation)
    await given_up(post)
    await given_up(post)
    dead = [one["message"] for one in await post.deliveries(made, state="dead")]
    assert len(dead) == 3
    receiver.status = 204
    receiver.messages.clear()
    replays = f"{PATH}/{made['id']}/replays"
    assert await town.office.done(replays, {"message": dead[0]}) == {"replayed": 1}
    await post.sent()
    assert receiver.ids == [dead[0]]
    assert await town.office.done(replays, {}) == {"replayed": 2}
    await post.sent()
    assert sorted(receiver.ids) == sorted(dead)
    check_problem(await town.office.post(replays, {"message": dead[0]}), 409, "delivery_not_dead")
    check_problem(await town.office.post(replays, {"message": "credit-1-0-none"}), 404, "delivery_unknown")
    assert await town.office.done(replays, {}) == {"replayed": 0}


async def test_an_unwritable_message_is_given_up(
    post: Post, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await post.made(receiver.url)
    other = await post.made(receiver.url, "feed")
    await post.graded(post.town.local_id)
    monkeypatch.setattr("api.webhooks.items.change_of", lambda *_: 1 // 0)
    await given_up(post)
    [dead] = await post.deliveries(made)
    assert dead["state"] == "dead"
    assert {one["said"] for one in dead["attempts"]} == {"it cannot be written: ZeroDivisionError"}
    assert [one["state"] for one in await post.deliveries(other)] == ["delivered"]


async def test_what_is_public_no_more_is_not_sent(post: Post, receiver: Receiver) -> None:
    made = await post.made(receiver.url)
    receiver.status = 500
    await post.graded(post.town.local_id)
    await post.sent()
    post.town.clock.forward(seconds=5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.credit_queries.change_at", nothing)
        await post.sent()
    assert len(receiver.messages) == 1
    assert [one["state"] for one in await post.deliveries(made)] == ["withdrawn"]


async def nothing(*_: object) -> None:
    return None


async def test_a_receiver_that_answers_410_is_sent_nothing_more(post: Post, receiver: Receiver) -> None:
    town = post.town
    made = await post.made(receiver.url)
    receiver.status = 410
    await post.graded(town.local_id)
    await post.sent()
    shown = await town.office.read(f"{PATH}/{made['id']}")
    assert (shown["ended_by"], shown["ended_at"] is None) == ("receiver", False)
    await post.graded(town.local_id)
    town.clock.forward(days=1)
    assert (await post.sent(), len(receiver.messages)) == (0, 1)
    assert [one["state"] for one in await post.deliveries(made)] == ["withdrawn"]


@pytest.mark.parametrize(("status", "taken"), [(200, True), (299, True), (302, False), (308, False), (400, False)])
async def test_redirects_and_errors_do_not_count(post: Post, receiver: Receiver, status: int, taken: bool) -> None:
    made = await post.made(receiver.url)
    with open_receiver() as elsewhere:
        receiver.status, receiver.location = status, elsewhere.url
        await post.graded(post.town.local_id)
        await post.sent()
        assert (len(receiver.messages), elsewhere.messages) == (1, [])
    [delivery] = await post.deliveries(made)
    assert (delivery["state"] == "delivered") is taken


async def test_a_slow_receiver_has_not_accepted(post: Post, receiver: Receiver) -> None:
    given_up_on = threading.Event()
    receiver.answer = behind(given_up_on)
    made = await post.made(receiver.url)
    await post.graded(post.town.local_id)
    await post.sender.close()
    await post.town.followed()
    impatient = sender_of(post.town, seconds=0.5)
    assert await impatient.step() == 1
    given_up_on.set()
    await impatient.close()
    [attempt] = (await post.deliveries(made))[0]["attempts"]
    assert (attempt["status"], attempt["said"]) == (None, "no answer within 0.5 seconds")


async def test_a_silent_or_absent_receiver_fails(post: Post) -> None:
    async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"SSH-2.0-example\r\n")
        writer.close()

    server = await asyncio.start_server(garbage, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        urls = ("http://127.0.0.1:1/", f"http://127.0.0.1:{port}/", "http://nowhere.invalid/")
        made = [await post.made(url) for url in urls]
        await post.graded(post.town.local_id)
        assert await post.sent() == 3
    said = [(await post.deliveries(one))[0]["attempts"][0] for one in made]
    assert [one["status"] for one in said] == [None] * 3
    assert [one["said"] for one in said] == [
        "ConnectError", "RemoteProtocolError", "the host's name leads to no address",
    ]  # fmt: skip


async def test_a_slow_receiver_keeps_no_other_waiting(post: Post, receiver: Receiver) -> None:
    with open_receiver() as slow:
        others_have_theirs = threading.Event()
        slow.answer = behind(others_have_theirs)
        await post.made(slow.url)
        await post.made(receiver.url)
        for organisation in (post.town.local_id, post.town.city_id):
            await post.graded(organisation)
        passing = asyncio.create_task(post.sent())
        while len(receiver.messages) < 2:
            await asyncio.sleep(0.01)
        assert not passing.done()
        others_have_theirs.set()
        assert await passing == 4


async def test_a_stopped_sender_resends(post: Post, receiver: Receiver) -> None:
    made = await post.made(receiver.url)
    await post.graded(post.town.local_id)
    await post.town.followed()
    loop = asyncio.get_running_loop()
    first = sender_of(post.town)
    step = asyncio.create_task(first.step())

    def stop(message: Message) -> int:
        loop.call_soon_threadsafe(step.cancel)
        time.sleep(0.2)
        return 204

    receiver.answer = stop
    with suppress(asyncio.CancelledError):
        await step
    receiver.answer = None
    await first.close()
    [delivery] = await post.deliveries(made)
    assert (delivery["state"], delivery["attempts"]) == ("pending", [])
    assert await post.sent() == 1
    assert receiver.ids == [delivery["message"]] * 2
    assert receiver.messages[0].body == receiver.messages[1].body


async def test_a_restart_neither_loses_nor_repeats_deliveries(post: Post, receiver: Receiver) -> None:
    await post.made(receiver.url)
    for number in range(6):
        await post.graded(post.town.local_id, number % 5 + 1)
        await post.town.followed()
        sender = sender_of(post.town)
        await sender.step()
        await sender.close()
    assert grades(receiver, post.town.local_id) == ["1A", "2A", "3A", "4A", "5A", "1A"]
    assert len(set(receiver.ids)) == 6


async def test_senders_take_turns(post: Post, receiver: Receiver) -> None:
    await post.made(receiver.url)
    other = sender_of(post.town)
    await post.graded(post.town.local_id)
    await post.town.followed()
    assert [await post.sender.step(), await other.step()] == [1, 0]
    await post.graded(post.town.city_id)
    await post.town.followed()
    assert await other.step() == 0
    await post.sender.close()
    assert await other.step() == 1
    assert len(receiver.messages) == len(set(receiver.ids)) == 2
    await other.close()


async def test_a_running_sender_sends_by_itself(post: Post, receiver: Receiver) -> None:
    await post.made(receiver.url)
    sender = sender_of(post.town)
    sender.start()
    await post.graded(post.town.local_id)
    async with asyncio.timeout(120):
        while not receiver.messages:
            await asyncio.sleep(0.05)
    await sender.close()


async def test_a_place_of_another_version_restarts_without_gaps(post: Post, receiver: Receiver) -> None:
    town = post.town
    made = await post.made(receiver.url)
    await post.graded(town.local_id)
    await post.sent()
    old, line = CURSORS.of("credit"), str(town.local_id)
    for place in (old.sealed(99, False, 1, line), old.sealed(VERSION, False, 9999, line), "of another key"):
        receiver.messages.clear()
        async with town.service.pool.connection() as connection:
            await connection.execute("UPDATE ledger.webhooks SET place = %s WHERE id = %s", [place, made["id"]])
        await post.sent()
        await post.sent()
        # Three registrations, and the grade.
        assert len(set(receiver.ids)) == len(receiver.messages) == 4
        changes = (await town.office.read("/v1/credit/changes"))["changes"]
        assert {message.data["line"] for message in receiver.messages} == {change["line"] for change in changes}


async def test_nothing_is_taken_during_a_rebuild_by_another_version(post: Post, receiver: Receiver) -> None:
    await post.made(receiver.url)
    await post.graded(post.town.local_id)
    await post.town.followed()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.webhooks.items.VERSIONS", {name: version + 1 for name, version in VERSIONS.items()})
        assert await post.sender.step() == 0
    assert await post.sender.step() == 1


async def test_old_deliveries_are_deleted_after_thirty_days(post: Post, receiver: Receiver) -> None:
    town = post.town
    made = await post.made(receiver.url)
    receiver.answer = refusing(town.local_id)
    for organisation in (town.local_id, town.city_id):
        await post.graded(organisation)
    await given_up(post)
    assert {one["state"] for one in await post.deliveries(made)} == {"dead", "delivered"}
    town.clock.forward(days=31)
    await post.sent()
    assert [one["state"] for one in await post.deliveries(made)] == ["dead"]
    await town.office.post(f"{PATH}/{made['id']}/end", {})
    town.clock.forward(days=31)
    await post.sent()
    assert await post.deliveries(made) == []


async def test_secrets_are_stored_and_logged_nowhere(
    post: Post, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    made = await post.made(receiver.url)
    receiver.status = 500
    await post.graded(post.town.local_id)
    await post.sent()
    secret = b64decode(made["secret"].removeprefix("whsec_"))
    assert len(secret) == 32
    async with post.town.service.pool.connection() as connection:
        rows = await (await connection.execute("SELECT wrapped FROM ledger.webhook_secrets")).fetchall()
    assert rows and all(secret not in row[0] for row in rows)
    listed = (await post.town.office.get(PATH)).text + str(await post.deliveries(made))
    for hidden in (made["secret"], secret.hex()):
        assert hidden not in listed + caplog.text
    assert "receiver-secret" not in caplog.text
