"""A town whose webhooks may go to this machine, a receiver there, and a sender that goes by the town's clock."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.api.client import Caller, Town, open_town
from tests.api.webhooks.receivers import Receiver, open_receiver

from api.webhooks.addresses import Addresses
from api.webhooks.worker import Sender
from ledger.clock import utc_now
from ledger.database import Database

PATH = "/v1/webhooks"
# Longer than an answer takes on any machine.
LONG = 120.0
# Behind which the whole feed comes.
START = "beginning"


@dataclass(frozen=True)
class Post:
    """The office's side of webhooks."""

    town: Town
    sender: Sender

    async def made(self, url: str, content: str = "credit", by: Caller | None = None, **more: Any) -> dict[str, Any]:
        """The webhook, with its `secret`."""
        body = {"content": content, "url": url, "label": "示例信用系统"} | more
        found = await (by or self.town.office).done(PATH, body)
        return {**found["webhook"], "secret": found["secret"]}

    async def sent(self) -> int:
        """After one pass over all that has been recorded."""
        await self.town.followed()
        return await self.sender.step()

    async def deliveries(self, webhook: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
        found = await self.town.office.read(f"{PATH}/{webhook['id']}/deliveries", **query)
        return list(found["deliveries"])

    async def graded(self, organisation: object, grade: int = 4) -> None:
        """One change of that organisation's credit record."""
        body = {"grade": grade, "valid_from": "2010-02-01", "authority": "示例民政局", "document_number": "示例7号"}
        await self.town.office.done(f"/v1/organisations/{organisation}/grades", body)


@pytest.fixture
async def post(database: Database, anyio_backend: str) -> AsyncIterator[Post]:
    async with open_town(database, addresses=Addresses(local=True)) as town:
        # The SDK takes no signature that is older than five minutes.
        town.clock.now = utc_now()
        sender = sender_of(town)
        yield Post(town, sender)
        await sender.close()


def sender_of(town: Town, **more: Any) -> Sender:
    return Sender(town.service, clock=town.clock, chance=lambda: 0.0, **({"seconds": LONG} | more))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with open_receiver() as opened:
        yield opened
