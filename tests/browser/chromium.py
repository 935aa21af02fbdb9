"""Chromium, started in the way that a closed network and a machine without a screen ask for, and pages that remember
what it complains of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from api.cli.stopping import StoppingServer

# Without these it looks for updates, and for hosts that nobody asked for.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What moves on a page by itself, without anything that its reader did.
SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => {
        for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push(one.value);
    }).observe({ type: 'layout-shift', buffered: true });
"""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """The application on a port; its address."""
    server = StoppingServer(app, "127.0.0.1", 0, app.state.service.listeners.close)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


@dataclass
class Window:
    """A window of somebody's own. `complaints`: what the browser wrote to its console, errors of scripts and of the
    content policy among it."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)


@asynccontextmanager
async def window(browser: Browser, base: str, secret: str = "", **settings: Any) -> AsyncIterator[Window]:
    """`secret`: of the session of who sits before it. Fails on any complaint."""
    context: BrowserContext = await browser.new_context(**settings)
    if secret:
        await context.add_cookies([{"name": "minsheng", "value": secret, "url": base}])
    await context.add_init_script(SHIFTS)
    opened = Window(await context.new_page(), base)
    opened.page.on("console", lambda said: opened.complaints.append(f"{said.location['url']}: {said.text}"))
    opened.page.on("pageerror", lambda error: opened.complaints.append(f"{opened.page.url}: {error}"))
    yield opened
    await context.close()
    assert opened.complaints == [], opened.complaints
