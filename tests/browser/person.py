"""Somebody who does their part by hand: opens what waits, fills in what stands on the page, and sends it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Page
from tests.api.client import Caller, Town
from tests.browser.chromium import window

from ledger.sign_in.sessions import open_session
from ledger.tokens import find_account


@dataclass(frozen=True)
class Person:
    page: Page
    base: str
    language: str = ""

    async def opens_work(self) -> None:
        answer = await self.page.goto(f"{self.base}/work{self.language}")
        assert answer is not None and answer.ok

    async def opens(self, *links: str) -> None:
        """From what waits, by links whose addresses hold this."""
        await self.opens_work()
        for link in links:
            await self.page.locator(f'main a[href*="{link}"]').first.click()

    async def fills(self, values: dict[str, str]) -> None:
        """Fields by their names, which are the same in every language."""
        for name, value in values.items():
            fields = self.page.locator(f'main [name="{name}"]:not([type=hidden])')
            kind = await fields.first.get_attribute("type")
            if kind in ("radio", "checkbox"):
                await self.page.locator(f'main [name="{name}"][value="{value}"]').check()
            elif await fields.first.evaluate("(e) => e.tagName") == "SELECT":
                await fields.select_option(value)
            else:
                await fields.fill(value)

    async def presses(self, step: str) -> None:
        await self.page.locator(f'button[value="{step}"]:not(.enter)').click()

    async def sends(self, values: dict[str, str] | None = None) -> None:
        """Reads it through, sends it, and gets a receipt."""
        await self.fills(values or {})
        await self.presses("check")
        problems = await self.page.locator("main .problem").all_inner_texts()
        assert problems == [], problems
        await self.presses("send")
        assert await self.page.locator(".receipt").count() == 1, await self.page.inner_text("main")


async def session_of(town: Town, caller: Caller) -> str:
    """The secret of a session of the caller."""
    assert caller.token
    async with town.service.pool.connection() as connection:
        account = await find_account(connection, caller.token)
        assert account
        return await open_session(connection, account.id, account.id, "", town.clock(), awaits=False)


@asynccontextmanager
async def seated(
    browser: Browser, town: Town, base: str, caller: Caller, *, language: str = "", **settings: Any
) -> AsyncIterator[Person]:
    """The caller, signed in, in a window of their own."""
    async with window(browser, base, await session_of(town, caller), **settings) as opened:
        yield Person(opened.page, base, language)
