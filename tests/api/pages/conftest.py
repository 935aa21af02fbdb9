"""The real application over one filled ledger for all tests of the pages, which only read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import httpx2
import psycopg
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from psycopg import sql
from tests.api.pages.world import World, build
from tests.support import MASTER, HandClock, open_ledger

from api.app import create_app
from api.service import Service, open_service
from ledger.database import Database, Role
from ledger.database.embedded import EmbeddedServer
from projections.follower import Worker


@dataclass(frozen=True)
class Site:
    """The application as a browser sees it."""

    portal: BlockingPortal
    client: httpx2.AsyncClient
    world: World
    service: Service

    def get(self, path: str, accept: str = "text/html") -> httpx2.Response:
        async def ask() -> httpx2.Response:
            return await self.client.get(path, headers={"Accept": accept})

        return self.portal.call(ask)

    @property
    def grant(self) -> str:
        """The page of an imported grant."""
        found = re.search(r'href="(/projects/[^"]*)"', self.get("/projects?q=Kitchen").text)
        assert found
        return found[1]


def in_a_thread(*, target: Callable[..., None], args: tuple[object, ...]) -> Worker:
    return Thread(target=target, args=args, daemon=True)


@pytest.fixture(scope="module")
def site(server: EmbeddedServer, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    name = sql.Identifier("pages")
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as maintenance:
        maintenance.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(template)))
        allow = sql.SQL("GRANT CREATE ON DATABASE {} TO {}, {}")
        maintenance.execute(allow.format(name, sql.Identifier(Role.OWNER), sql.Identifier(Role.PROJECTIONS)))
        try:
            yield from _open(Database(server.conninfo("pages"), server), tmp_path_factory.mktemp("grants"))
        finally:
            maintenance.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _open(database: Database, folder: Path) -> Iterator[Site]:
    clock = HandClock()

    async def fill() -> World:
        async with open_ledger(database, clock) as ledger:
            return await build(ledger, clock, folder)

    with start_blocking_portal() as portal:
        world = portal.call(fill)
        with portal.wrap_async_context_manager(open_service(database, MASTER, clock, in_a_thread)) as service:

            async def seen_all() -> None:
                await service.wait_for((await service.store.head()).size - 1)

            portal.call(seen_all)
            transport = httpx2.ASGITransport(create_app(service), raise_app_exceptions=True)
            client = httpx2.AsyncClient(transport=transport, base_url="http://ledger.test")
            with portal.wrap_async_context_manager(client):
                yield Site(portal, client, world, service)
