"""Somebody who administers on pages: opens them, and sends what their forms take."""

import re
from dataclasses import dataclass, field
from html import unescape
from uuid import UUID

import httpx2
from tests.api.client import Caller, Town
from tests.api.work.clerk import ORIGIN

from ledger.sign_in.sessions import open_session
from ledger.tokens import find_account

TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


@dataclass
class Desk:
    http: httpx2.AsyncClient
    cookie: str
    account: UUID
    page: str = ""
    status: int = 0
    token: str = ""
    headers: httpx2.Headers = field(default_factory=httpx2.Headers)

    async def open(self, path: str) -> str:
        return self._took(await self.http.get(path, headers={"Cookie": self.cookie, "Accept": "text/html"}))

    async def send(self, path: str, **fields: str) -> str:
        headers = {"Cookie": self.cookie, "Origin": ORIGIN, "Accept": "text/html"}
        return self._took(await self.http.post(path, data={"token": self.token} | fields, headers=headers))

    @property
    def problem(self) -> str:
        found = re.search(r'class="problem".*?<p>(.*?)</p>', self.page, re.DOTALL)
        return unescape(found[1]) if found else ""

    def _took(self, answer: httpx2.Response) -> str:
        self.page, self.status, self.headers = answer.text, answer.status_code, answer.headers
        if found := TOKEN.search(self.page):
            self.token = found[1]
        return self.page


async def at_desk(town: Town, caller: Caller) -> Desk:
    """The caller, signed in on pages."""
    assert caller.token
    async with town.service.pool.connection() as connection:
        account = await find_account(connection, caller.token)
        assert account
        secret = await open_session(connection, account.id, account.id, "", town.clock(), awaits=False)
    return Desk(caller.http, f"minsheng={secret}", account.id)
