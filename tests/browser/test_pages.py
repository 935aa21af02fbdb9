"""Every page in a browser: what holds of all of them, asked in two visits each."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import httpx2
from playwright.async_api import Browser
from tests.api import bodies
from tests.api.client import Town
from tests.api.transparency.logs import open_signed_town, signed
from tests.browser import checks
from tests.browser.chromium import Window, serving, window
from tests.browser.html_checker import invalid
from tests.browser.person import session_of
from tests.support import LONG

from api.app import create_app
from api.audit.lists import AuditList
from ledger.database import Database

PROGRAMME, HONOUR = f"/programmes/{bodies.PROGRAMME}", "advanced-organisation"
TERMINATION = {"document_number": "示例发〔2010〕8号", "reason": "组织无力继续。"}
HREF = re.compile(r'(?:href|src)="(/[^"#]*)')
# Of links that differ in a name alone, so many are asked.
SAMPLE = 2
View = tuple[str, Literal["light", "dark"], tuple[int, int]]


@dataclass
class Walk:
    """`texts`: pages as they were sent, by address; `linked`: what they link to within the site, by shape; `followed`:
    shapes that were asked; `problems`: what was found."""

    town: Town
    client: httpx2.AsyncClient
    texts: dict[str, str] = field(default_factory=dict)
    linked: dict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    followed: set[tuple[str, ...]] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    async def link(self, page: str, pattern: str) -> str:
        """The first link on a page that is like this."""
        found = re.search(f'href="({pattern})"', (await self.client.get(page)).text)
        assert found, (page, pattern)
        return unescape(found[1])

    async def visit(self, seat: Window, path: str, *, status: int = 200) -> None:
        """In Chinese on a wide screen in light colours, in English on a phone in dark ones."""
        page, found = seat.page, list[str]()
        views: tuple[View, ...] = (("zh", "light", checks.WIDE), ("en", "dark", checks.PHONE))
        for language, scheme, size in views:
            address = path if language == "zh" else f"{path}{'&' if '?' in path else '?'}lang=en"
            await page.set_viewport_size({"width": size[0], "height": size[1]})
            await page.emulate_media(color_scheme=scheme)
            answer = await page.goto(seat.base + address)
            assert answer is not None and answer.status == status, (address, answer)
            text = self.texts[address] = await answer.text()
            if "<script" in text:
                # What a script still fetches changes the page.
                await page.wait_for_load_state("networkidle")
            for link in map(unescape, HREF.findall(text) if status == 200 else ()):
                parts = urlsplit(link)
                # This one goes on for as long as somebody listens.
                if parts.path == "/v1/feed/stream":
                    continue
                shape = re.sub(r"[0-9a-f-]{36}|\d+", "*", parts.path)
                self.linked[shape, *sorted(parse_qs(parts.query))].add(link)
            found += await checks.moved(page)
            found += await checks.violations(page)
            if language == "zh":
                found += await checks.by_keyboard(page)
                found += await checks.printed(page)
            for narrow in (checks.PHONE, checks.ZOOMED):
                found += await checks.too_wide(page, narrow)
            # The browser says of a page that is not there that it is not there.
            found += [one for one in seat.complaints if status == 200 or "status of" not in one]
            self.problems += [f"{address}: {one}" for one in found]
            found.clear()
            seat.complaints.clear()

    async def follow(self) -> None:
        """Links that lead nowhere for who sees them; of those that are alike, some."""
        for shape in self.linked.keys() - self.followed:
            for address in sorted(self.linked[shape])[:SAMPLE]:
                answer = await self.client.get(address, follow_redirects=True)
                if answer.status_code >= 400:
                    self.problems.append(f"{address}: {answer.status_code}")
        self.followed |= self.linked.keys()


async def test_every_page_is_sound_in_a_browser(browser: Browser, database: Database, tmp_path: Path) -> None:
    async with open_signed_town(database, tmp_path) as town:
        await walks(browser, town, tmp_path)


async def walks(browser: Browser, town: Town, tmp_path: Path) -> None:
    terminated, honoured = await lived(town)
    async with (
        serving(create_app(town.service)) as base,
        httpx2.AsyncClient(base_url=base, headers={"Accept": "text/html"}, timeout=LONG) as client,
    ):
        walk = Walk(town, client)
        async with window(browser, base) as seat:
            for path in await public_pages(walk, terminated, honoured):
                await walk.visit(seat, path)
            await walk.visit(seat, "/projects/nothing-here", status=404)
            await walk.follow()
        await walk_roles(walk, browser, base, honoured)
    assert walk.problems == [], "\n".join(walk.problems)
    # Last, since it is skipped where the checker is not installed.
    problems = invalid(walk.texts, tmp_path)
    assert problems == [], "\n".join(problems)


async def lived(town: Town) -> tuple[str, str]:
    """A project that ended early, one that was honoured, and one that waits; the paths of the first two."""
    await town.applied(title="示例：等待初审")
    terminated = await town.published(title="示例：中途终止")
    honoured = await town.evaluated()
    await town.local.done(f"{honoured}/stories", bodies.STORY)
    await town.district.done(f"{terminated}/termination", TERMINATION)
    await town.proposed(honoured, HONOUR, town.leaders)
    town.clock.to(12, 17)
    await town.leaders.done(f"/v1{PROGRAMME}/awards", bodies.award(honoured, HONOUR))
    await town.followed()
    await signed(town)
    return terminated.removeprefix("/v1"), honoured.removeprefix("/v1")


async def public_pages(walk: Walk, terminated: str, honoured: str) -> list[str]:
    return [
        "/",
        "/projects",
        "/projects?view=cards&text=large",
        "/projects?q=没有这样的项目",
        honoured,
        terminated,
        f"{honoured}/time",
        await walk.link(honoured, "/events/[0-9]+"),
        "/organisations",
        "/organisations?q=没有这样的组织",
        await walk.link(honoured, "/organisations/[0-9a-f-]{36}"),
        await walk.link(honoured, "/certificates/[0-9a-f-]{36}/[0-9]+"),
        PROGRAMME,
        f"{PROGRAMME}/briefing",
        f"{PROGRAMME}/honours",
        "/participate",
        "/participate/status",
        await walk.link(honoured, '/participate/report[^"]*'),
        "/f",
        "/sign-in",
        "/components",
        "/embed",
        "/data",
    ]


async def walk_roles(walk: Walk, browser: Browser, base: str, honoured: str) -> None:
    town = walk.town
    organisation = f"/organisations/{town.local_id}/decide"
    walk.client.cookies.set("minsheng", await session_of(town, town.local))
    correct = await walk.link(f"{honoured}/decide", f"{honoured}/correct/[0-9]+")
    pages = (
        (town.local, ("/do/apply", "/account", "/", f"{honoured}/decide", correct, "/tables")),
        (town.district, (f"{honoured}/do/inspections", organisation)),
        (
            town.office,
            (
                "/work/projects",
                f"{PROGRAMME}/decide",
                f"{PROGRAMME}/do/publications",
                f"{PROGRAMME}/batches",
                "/admin",
                "/admin/subjects",
                "/admin/retention",
                "/admin/health",
            ),
        ),
        (town.members[0], (f"{honoured}/decide",)),
        (town.leaders, (f"{PROGRAMME}/do/awards",)),
        (town.association, ()),
        (town.jurors[0], ()),
        (town.treasury, (f"{honoured}/do/disbursements",)),
        (
            town.auditor,
            (*(f"/audit/{one}" for one in AuditList), "/admin/refusals", "/admin/acts", "/admin/appointments"),
        ),
    )
    for caller, paths in pages:
        secret = await session_of(town, caller)
        walk.client.cookies.set("minsheng", secret)
        async with window(browser, base, secret) as seat:
            for path in ("/work?text=large", *paths):
                await walk.visit(seat, path)
