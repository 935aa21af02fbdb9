"""A browser: cookies of its own, and forms as its pages hold them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape

import httpx2
from tests.api.client import Town

from api.app import create_app
from api.protocol.proxies import DIRECT, Proxies
from api.sign_in.demonstration import NONE, OneClicks
from api.sign_in.provider import Provider
from ledger.accounts import open_account
from ledger.core.fact import Role
from ledger.sign_in.logins import invite

ORIGIN = "http://ledger"
PASSWORD = "示例：一句够长的话，十二字"
TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


class Browser:
    def __init__(self, http: httpx2.AsyncClient, origin: str = ORIGIN) -> None:
        self.http = http
        self.origin = origin
        self.page = ""

    async def get(self, path: str) -> httpx2.Response:
        answer = await self.http.get(path, headers={"Accept": "text/html"})
        self.page = answer.text
        return answer

    async def send(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> httpx2.Response:
        """A form with the token of the page that is open, if that has one."""
        found = TOKEN.search(self.page)
        token = {"token": found[1]} if found else {}
        sent = {"Origin": self.origin, "Accept": "text/html"} if headers is None else headers
        answer = await self.http.post(path, data=token | fields, headers=sent)
        if answer.status_code != 303:
            self.page = answer.text
        return answer

    async def sign_in(self, name: str, password: str = PASSWORD, **more: str) -> httpx2.Response:
        return await self.send("/sign-in", {"name": name, "password": password} | more)

    @property
    def said(self) -> str:
        """The problem on the page."""
        found = re.search(r'class="problem".*?<p>(.*?)</p>', self.page, re.DOTALL)
        return unescape(found[1]) if found else ""


@asynccontextmanager
async def opened(
    town: Town,
    proxies: Proxies = DIRECT,
    one_clicks: OneClicks = NONE,
    client: str = "192.0.2.7",
    provider: Provider | None = None,
) -> AsyncIterator[Browser]:
    """One who comes from the address `client`."""
    app = create_app(town.service, proxies, one_clicks=one_clicks, provider=provider)
    transport = httpx2.ASGITransport(app=app, client=(client, 50_000))
    origin = f"{proxies.public.scheme}://{proxies.public.authority}" if proxies.public else ORIGIN
    async with httpx2.AsyncClient(transport=transport, base_url=origin) as http:
        yield Browser(http, origin)


async def invited(town: Town, role: Role = Role.OFFICE, label: str = "示例办公室") -> str:
    """The address in an invitation to a fresh account."""
    async with town.service.pool.connection() as connection:
        account = await open_account(connection, role, None, label)
        return f"/sign-in/invitation/{await invite(connection, account.id, town.clock())}"


async def with_login(town: Town, browser: Browser, name: str = "示例甲") -> None:
    """Somebody of the office has accepted an invitation, and is signed in."""
    answer = await browser.send(await invited(town), {"name": name, "password": PASSWORD})
    assert answer.status_code == 303, answer.text


async def invited_again(town: Town) -> str:
    """The address in another invitation to the one person who accepted one."""
    async with town.service.pool.connection() as connection:
        used = "SELECT DISTINCT account FROM ledger.invitations WHERE used_at IS NOT NULL"
        [(account,)] = await (await connection.execute(used)).fetchall()
        return f"/sign-in/invitation/{await invite(connection, account, town.clock())}"


def led_to(answer: httpx2.Response) -> str:
    """Where a page that goes on by itself leads."""
    assert answer.status_code == 200, answer.text
    [address] = re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)
    assert f'href="{address}"' in answer.text
    return unescape(str(address))
