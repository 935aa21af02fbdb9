"""What holds of every page, asked of the page itself in the browser."""

from importlib.resources import files
from typing import Any

from playwright.async_api import Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
# Best practices of axe among them, not only what WCAG asks.
RUN_AXE = "axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations)"
WIDE, PHONE, ZOOMED = (1280, 900), (360, 780), (640, 450)
TOO_WIDE = """() => {
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    if (wide <= 0) return [];
    const scrolls = (e) => e && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
    return [...document.body.querySelectorAll('*')]
        .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1 && !scrolls(e.parentElement))
        .slice(0, 3).map((e) => `${wide}px: ${e.outerHTML.slice(0, 160)}`);
}"""
PRINTED = """() => [...document.querySelectorAll('nav, .bar .tools, form, .skip, button')]
    .filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 120))"""
# From the key on, Chromium shows where the focus is also when a script moves it.
UNSEEN_FOCUS = """() => {
    const found = [];
    for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
        if (e.disabled || e.tabIndex < 0 || !e.checkVisibility()) continue;
        e.focus();
        if (document.activeElement !== e) { found.push(`cannot be reached: ${e.outerHTML.slice(0, 120)}`); continue; }
        const style = getComputedStyle(e);
        const shown = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        if (!shown) found.push(`focus is not seen: ${e.outerHTML.slice(0, 120)}`);
    }
    return found.slice(0, 5);
}"""


async def violations(page: Page) -> list[str]:
    # Behind the content policy, which lets no script of a page in.
    await page.evaluate(AXE)
    found: list[dict[str, Any]] = await page.evaluate(RUN_AXE)
    return [f"axe {one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary']}" for one in found]


async def moved(page: Page) -> list[str]:
    shifts: list[float] = await page.evaluate("window.shifts")
    # Less than that also comes of a page that is painted while the rest of it still arrives, on a busy machine.
    return [f"layout moved by {sum(shifts)}"] if sum(shifts) >= 0.05 else []


async def too_wide(page: Page, size: tuple[int, int]) -> list[str]:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    found: list[str] = await page.evaluate(TOO_WIDE)
    return [f"wider than {size[0]}px: {one}" for one in found]


async def by_keyboard(page: Page) -> list[str]:
    """The first key leads to the way around the navigation; all that works can be reached, and shows that it was."""
    await page.keyboard.press("Tab")
    skips: bool = await page.evaluate("!document.querySelector('nav') || document.activeElement.matches('.skip')")
    found: list[str] = await page.evaluate(UNSEEN_FOCUS)
    return found if skips else ["the first Tab does not reach the skip link", *found]


async def printed(page: Page) -> list[str]:
    await page.emulate_media(media="print")
    found: list[str] = await page.evaluate(PRINTED)
    await page.emulate_media(media="screen")
    return [f"is printed: {one}" for one in found]
