"""Every route of the application with an address that it answers, so that a new route is tested without being named."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
from starlette.routing import BaseRoute, Mount, Route
from tests.api.bodies import ANY_ID, PROGRAMME
from tests.api.client import Town
from tests.api.transparency.logs import open_signed_town, signed

from api.app import create_app
from ledger.database import Database

LIVE = "/v1/feed/stream"
# What stands for a parameter of a path; that of a file in the log differs by what it is a file of.
IN_LOG = {"/log/tile/entries/": "000.p/1", "/log/tile/": "0/000.p/1", "/log/payloads/": "000.p/1"}
# A parameter that the route cannot do without.
REQUIRED = {
    "/v1/projects/{project_id}/diff": "from=1",
    "/v1/programmes/{programme}/statistics": "by=month",
    "/v1/projects/{project_id}/forms/certificate.pdf": "award=1",
    "/v1/attachments/{sha256}": f"project={ANY_ID}",
}


@dataclass(frozen=True)
class Walk:
    """`route` is as it is declared; `address` leads to it."""

    town: Town
    routes: list[tuple[BaseRoute, str]]

    def reads(self) -> Iterator[str]:
        """Addresses that take GET, but the live stream, which has no end."""
        for route, address in self.routes:
            if (isinstance(route, Mount) or "GET" in methods_of(route)) and address != LIVE:
                yield address


def methods_of(route: BaseRoute) -> set[str]:
    return set(route.methods or ()) if isinstance(route, Route) else {"GET"}


@asynccontextmanager
async def open_walk(database: Database, folder: Path) -> AsyncIterator[Walk]:
    """A town with something to read at most addresses. Its client takes answers as they are, not compressed."""
    async with open_signed_town(database, folder) as town:
        town.public.http.headers["Accept-Encoding"] = "identity"
        project = (await town.published()).rsplit("/", 1)[1]
        await town.followed()
        await signed(town)
        values = {
            "project_id": project,
            "organisation_id": str(town.local_id),
            "programme": PROGRAMME,
            "honour": "top-ten",
            "version": "1",
            "position": "0",
            "size": "1",
            "table": "projects",
            "schema": "release-schema.json",
            "codelist": "nothing.csv",
            "sha256": "0" * 64,
            "webhook_id": ANY_ID,
            "subject_id": ANY_ID,
        }
        routes = [(route, _address(route, values)) for route in create_app(town.service).routes]
        yield Walk(replace(town, public=town.public), routes)


def _address(route: BaseRoute, values: dict[str, str]) -> str:
    if isinstance(route, Mount):
        return f"{route.path}/{'style.css' if route.path == '/static' else 'swagger-ui.css'}"
    assert isinstance(route, Route)
    folder = next((folder for folder in IN_LOG if route.path.startswith(folder)), None)
    # A name that is not foreseen gets a number, which most routes take for something that is not there.
    found = defaultdict(lambda: "1", values, path=IN_LOG[folder] if folder else "000.p/1")
    path = route.path_format.format_map(found)
    return f"{path}?{REQUIRED[route.path]}" if route.path in REQUIRED else path


def with_query(address: str, more: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{more}"


async def ask(walk: Walk, method: str, address: str, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await walk.town.public.http.request(method, address, headers=named)
