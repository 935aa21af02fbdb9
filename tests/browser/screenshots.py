"""Takes the pictures of pages in docs/images again: `make screenshots`."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import psycopg
from PIL import Image
from playwright.async_api import Browser, ViewportSize
from tests.browser.chromium import chromium, window
from tests.browser.demonstration import open_demonstration
from tests.support import open_folder

from ledger.database import Database, migrate
from ledger.database.embedded import EmbeddedServer

IMAGES = Path(__file__).parents[2] / "docs/images"
SIZE: ViewportSize = {"width": 1200, "height": 1500}
COLOURS = 64
# By an honoured project's name, because ids are drawn again for each demonstration.
PAGES: Mapping[str, str] = {"home-zh.png": "/", "project-zh.png": "/projects?marked=honoured&sort=amount&figure=paid"}


async def take(database: Database, folder: Path) -> None:
    async with open_demonstration(database, folder) as shown, chromium() as browser:
        await photograph(browser, shown.base)


async def photograph(browser: Browser, base: str) -> None:
    async with window(browser, base, viewport=SIZE, color_scheme="light") as seat:
        for name, path in PAGES.items():
            await seat.page.goto(base + path, wait_until="networkidle")
            if name.startswith("project"):
                await seat.page.locator('main h2 a[href^="/projects/"]').first.click()
                await seat.page.wait_for_load_state("networkidle")
            write(IMAGES / name, await seat.page.screenshot())


def write(path: Path, png: bytes) -> None:
    """In as few colours as a page has, which makes the file a fraction."""
    with Image.open(BytesIO(png)) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(path, optimize=True)


def main() -> None:
    fonts = (
        subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout
        if shutil.which("fc-list")
        else b""
    )
    if not fonts:
        sys.exit("There is no Chinese font: apt-get install fonts-noto-cjk")
    with open_folder("minsheng-screenshots-") as folder, EmbeddedServer.open(folder) as server:
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as maintenance:
            maintenance.execute("CREATE DATABASE pictures")
        database = Database(server.conninfo("pictures"), server)
        migrate(database)
        asyncio.run(take(database, folder))


if __name__ == "__main__":
    main()
