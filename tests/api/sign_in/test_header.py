"""The header of every page: who is signed in, and what goes no further than them."""

import re

from tests.api.client import Town
from tests.api.sign_in.browser import PASSWORD, Browser, opened, with_login

PUBLIC = ("/", "/projects?q=x", "/participate", "/components")


def _tools(browser: Browser) -> str:
    found = re.search(r'<nav class="tools".*?</nav>', browser.page, re.DOTALL)
    assert found
    return found[0]


async def test_public_pages_name_who_is_signed_in(town: Town) -> None:
    async with opened(town) as browser:
        await with_login(town, browser)
        for path in PUBLIC:
            await browser.get(path)
            assert "<strong>领导小组办公室</strong> 示例办公室" in _tools(browser)
            assert 'href="/work"' in _tools(browser) and "/sign-in" not in _tools(browser)


async def test_page_with_a_name_is_kept_nowhere(town: Town) -> None:
    async with opened(town) as browser, opened(town) as stranger:
        await with_login(town, browser)
        for path in PUBLIC:
            mine = await browser.get(path)
            assert mine.headers["cache-control"] == "no-store"
            # A compressed length would tell of the token next to what the address repeats.
            assert "content-encoding" not in mine.headers
            open_to_all = await stranger.get(path)
            assert open_to_all.headers["cache-control"] == "no-cache"
            assert 'href="/sign-in"' in _tools(stranger) and "示例办公室" not in stranger.page
            for answer in (mine, open_to_all):
                assert "Cookie" in answer.headers["vary"]
        # What others show in a frame, and may keep, names nobody.
        assert (await browser.get("/embed")).content == (await stranger.get("/embed")).content


async def test_sign_out_stands_on_every_page(town: Town) -> None:
    async with opened(town) as browser:
        await with_login(town, browser)
        await browser.get("/projects?lang=en")
        assert 'action="/account/sign-out?lang=en"' in _tools(browser)
        await browser.send("/account/sign-out?lang=en", {})
        await browser.get("/projects")
        assert 'href="/sign-in"' in _tools(browser)


async def test_half_a_sign_in_names_nobody(town: Town) -> None:
    async with opened(town) as browser:
        await with_login(town, browser)
        await browser.get("/account")
        async with town.service.pool.connection() as connection:
            await connection.execute("UPDATE ledger.sessions SET awaits = true")
        await browser.get("/")
        assert 'href="/sign-in"' in _tools(browser) and "示例办公室" not in browser.page
        assert (await browser.sign_in("示例甲", PASSWORD)).status_code == 303
