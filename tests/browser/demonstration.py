"""The demonstration on a port, its log signed, with a session for each who acts in it."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.chromium import serving
from tests.support import LONG, MASTER

from api.app import create_app
from api.demo import load_demonstration
from api.demo.sign_in import DemoSignIn, demo_accounts
from api.service import Service, Signing, open_service
from api.sign_in.demonstration import OneClick, OneClicks
from ledger.accounts import person_of
from ledger.database import Database
from ledger.sign_in.sessions import open_session
from ledger.transparency.keys import KeyFile
from ledger.transparency.signed_file import SignedFile


@dataclass(frozen=True)
class Demonstration:
    base: str
    service: Service
    people: list[DemoSignIn]

    async def secret(self, someone: DemoSignIn) -> str:
        """Of a session."""
        async with self.service.pool.connection() as connection:
            person = await person_of(connection, someone.account)
            now = self.service.ledger.clock()
            return await open_session(connection, person, someone.account, "", now, awaits=False)


@asynccontextmanager
async def open_demonstration(database: Database, folder: Path) -> AsyncIterator[Demonstration]:
    await load_demonstration(database, MASTER, lambda *_: None)
    people = await demo_accounts(database)
    keys = KeyFile(folder / "log.key")
    keys.make("ledger.example/log")
    signing = Signing(keys, SignedFile(folder / "log.checkpoint"))
    one_clicks = OneClicks(tuple(OneClick(one.account, one.role, one.body) for one in people))
    async with open_service(database, MASTER, start=threading.Thread, signing=signing) as service:
        await service.wait_for((await service.store.head()).size - 1, LONG)
        assert service.signer
        await service.signer.sign()
        async with serving(create_app(service, one_clicks=one_clicks)) as base:
            yield Demonstration(base, service, people)
