"""Who has read what is lost: their cursors, messages and receipts, and what the credit system is to withdraw."""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.api.bodies import GRADE, PROGRAMME
from tests.api.client import Caller, check_problem, connect
from tests.api.routes.test_credit import CHANGES, DIGESTS, digest, kept, walked
from tests.api.transparency.logs import ORIGIN, open_signed_town, signed
from tests.api.transparency.test_restart import NEW, Lost
from tests.api.webhooks.receivers import Receiver, open_receiver
from tests.ledger.transparency.backups import Backups, backups_of
from tests.support import MASTER, HandClock

from api.service import Service, Signing, open_service
from api.webhooks.addresses import Addresses
from api.webhooks.worker import Sender
from ledger.clock import utc_now
from ledger.database import Database
from ledger.database.embedded import EmbeddedServer
from ledger.transparency.keys import KeyFile
from ledger.transparency.signed_file import SignedFile


@dataclass
class Readers:
    """A ledger over an older backup; the office, and what a credit system and a reader of the feed took before."""

    lost: Lost
    office: str
    receiver: Receiver
    taken: list[dict[str, Any]] = field(default_factory=list)
    credit_cursor: str = ""
    feed_cursor: str = ""
    kept_cursor: str = ""

    @asynccontextmanager
    async def service(self) -> AsyncIterator[tuple[Service, Caller]]:
        clock = HandClock()
        clock.now = utc_now()
        keys = self.lost.keys
        opened = open_service(
            self.lost.database,
            MASTER,
            clock,
            start=threading.Thread,
            signing=Signing(KeyFile(keys / "log.key"), SignedFile(keys / "log.checkpoint")),
            addresses=Addresses(local=True),
        )
        async with opened as service, connect(service) as http:
            yield service, Caller(http, self.office)

    async def graded(self, office: Caller, grade: int) -> dict[str, Any]:
        return await office.done(f"/v1/organisations/{self.lost.organisation}/grades", GRADE | {"grade": grade})

    async def sent(self, service: Service) -> None:
        await service.wait_for((await service.store.head()).size - 1)
        sender = Sender(service, clock=service.ledger.clock, chance=lambda: 0.0, seconds=60.0)
        try:
            while await sender.step():
                pass
        finally:
            await sender.close()


@pytest.fixture
def backups(server: EmbeddedServer, database: Database) -> Iterator[Backups]:
    with backups_of(server, database) as found:
        yield found


@pytest.fixture
async def readers(database: Database, tmp_path: Path, backups: Backups, anyio_backend: str) -> AsyncIterator[Readers]:
    """One grade is kept, two are lost."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "master.key").write_text(MASTER.keys.text)
    (tmp_path / "keys" / "master.key").chmod(0o600)
    with open_receiver() as receiver:
        async with open_signed_town(database, tmp_path / "keys") as town:
            found = Lost(database, tmp_path, backups, town.office.token or "", town.local_id)
            readers = Readers(found, found.token, receiver)
            await readers.graded(town.office, 2)
            found.kept = await signed(town)
        async with readers.service() as (service, office):
            for content in ("credit", "feed"):
                body = {"content": content, "url": receiver.url, "label": content, "after": None}
                await office.done("/v1/webhooks", body | ({"after": "beginning"} if content == "feed" else {}))
            await service.wait_for((await service.store.head()).size - 1)
            readers.kept_cursor = (await office.read("/v1/feed", limit=1000))["next"]
        backups.take("older")
        async with readers.service() as (service, office):
            for grade in (3, 4):
                await readers.graded(office, grade)
            await readers.sent(service)
            readers.taken, readers.credit_cursor = await walked(office)
            readers.feed_cursor = (await office.read("/v1/feed", limit=1000))["next"]
            assert service.signer is not None
            await service.signer.sign()
        backups.restore("older")
        yield readers


async def test_the_credit_system_is_told_what_to_withdraw(readers: Readers) -> None:
    """Its cursor is refused by name; what it then has is what the ledger has."""
    lost = readers.lost
    await lost.restart()
    async with readers.service() as (service, office):
        await readers.graded(office, 1)
        await service.wait_for((await service.store.head()).size - 1)
        refused = await office.get(CHANGES, after=readers.credit_cursor)
        check_problem(refused, 410, "cursor_lost")
        details = refused.json()["details"]
        assert (details["fork"], details["origin"]) == (lost.kept, NEW)
        withdrawn = [one for one in readers.taken if one["position"] >= details["fork"]]
        assert withdrawn
        assert {one["origin"] for one in readers.taken} == {ORIGIN}
        still = kept([one for one in readers.taken if one["position"] < details["fork"]])
        following, _ = await walked(office, after=details["resume"])
        assert {one["origin"] for one in following} == {NEW}
        mine = kept(following, still)
        for told in (await office.read(DIGESTS))["organisations"]:
            assert digest(mine, told["organisation"]) == told["sha256"]


async def test_a_feed_resumes_and_names_the_loss(readers: Readers) -> None:
    await readers.lost.restart()
    async with readers.service() as (service, office):
        await readers.graded(office, 1)
        await service.wait_for((await service.store.head()).size - 1)
        refused = await office.get("/v1/feed", after=readers.feed_cursor)
        check_problem(refused, 410, "cursor_lost")
        check_problem(await office.get("/v1/feed/stream", after=readers.feed_cursor), 410, "cursor_lost")
        for cursor in (readers.kept_cursor, refused.json()["details"]["resume"]):
            entries = (await office.read("/v1/feed", after=cursor))["entries"]
            assert [entry["type"] for entry in entries] == ["LogRestarted", "Graded"]
            assert {entry["origin"] for entry in entries} == {NEW}


async def test_no_new_message_passes_for_one_that_was_lost(readers: Readers) -> None:
    before = list(readers.receiver.messages)
    await readers.lost.restart()
    async with readers.service() as (service, office):
        await readers.graded(office, 1)
        await readers.graded(office, 5)
        await readers.sent(service)
    after = readers.receiver.messages[len(before) :]
    kept_below = readers.lost.kept
    old = {message.id for message in before if message.data.get("position", 0) >= kept_below}
    new = [message for message in after if message.data.get("position", 0) >= kept_below]
    assert old
    assert not old & {message.id for message in new}
    assert {message.event.get_source() for message in new} == {f"urn:minsheng:ledger:{NEW}"}
    (restart,) = [message for message in after if message.event.get_type() == "minsheng.log.restarted"]
    told = {"origin": NEW, "previous_origin": ORIGIN, "fork": kept_below, "position": kept_below}
    assert {name: restart.data[name] for name in told} == told
    grades = [message.data["became"]["what"] for message in new if message.event.get_type().endswith("credit.changed")]
    assert len(grades) == 2


async def test_receipts_and_bases_name_the_log(readers: Readers) -> None:
    lost = readers.lost
    async with readers.service() as (_, office):
        assert (await office.get("/readyz")).status_code == 503
    await lost.restart()
    async with readers.service() as (service, office):
        assert (await readers.graded(office, 1))["origin"] == NEW
        await service.wait_for((await service.store.head()).size - 1)
        figures = f"/v1/programmes/{PROGRAMME}/statistics"
        assert (await office.read(figures))["basis"]["origin"] == NEW
        assert (await office.read(figures, known_at=lost.kept - 1))["basis"]["origin"] == ORIGIN
        origins = service.ledger.origins()
        assert (origins.name_at(lost.kept - 1), origins.name_at(lost.kept)) == (ORIGIN, NEW)
