"""A sender killed while a message is on its way: sent again by the next process, and none is lost."""

import asyncio
import subprocess
import sys
from itertools import groupby

import psycopg
from tests.api.webhooks.conftest import Post
from tests.api.webhooks.receivers import Message, Receiver
from tests.docs.documents import ROOT

from ledger.database import Database

SECONDS = 120
CHANGES = 5
KILLED_AT = {1, 3}
LEASE_ENDS = "UPDATE ledger.webhook_sender SET held_until = '1970-01-01T00:00:00Z'"


async def test_messages_survive_a_killed_sender(post: Post, receiver: Receiver, database: Database) -> None:
    made = await post.made(receiver.url)
    for number in range(CHANGES):
        await post.graded(post.town.local_id, number % 5 + 1)
    await post.town.followed()
    victims: list[subprocess.Popen[bytes]] = []

    def answer(message: Message) -> int:
        """Taken, but the sender does not live to note it."""
        if len(set(receiver.ids)) in KILLED_AT and receiver.ids.count(message.id) == 1:
            victims[-1].kill()
            victims[-1].wait()
        return 204

    receiver.answer = answer
    try:
        async with asyncio.timeout(SECONDS):
            while not await all_delivered(post, made):
                if not victims or victims[-1].poll() is not None:
                    with psycopg.connect(database.login) as connection:
                        connection.execute(LEASE_ENDS)
                    command = [sys.executable, "-m", "tests.api.webhooks.victim", database.login]
                    victims.append(subprocess.Popen(command, cwd=ROOT))
                await asyncio.sleep(0.1)
    finally:
        for victim in victims:
            victim.kill()
            victim.wait()
    assert [len(list(same)) for _, same in groupby(receiver.ids)] == [2, 1, 2, 1, 1]
    assert len(set(receiver.ids)) == CHANGES and len(victims) == len(KILLED_AT) + 1


async def all_delivered(post: Post, made: dict[str, object]) -> bool:
    found = await post.deliveries(made)
    return len(found) == CHANGES and {one["state"] for one in found} == {"delivered"}
