"""Addresses that are the same on every site: for robots, browsers, and those who found a weakness."""

from html import escape

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse

from api.door import ServiceDep
from api.pages.hashed_files import STATIC
from api.security_contact import SecurityContact
from projections import catalogue_queries, listing_queries

router = APIRouter(include_in_schema=False)
KEPT = {"Cache-Control": "public, max-age=86400"}
# Readers are found by pages; the same facts as data would only cost both sides.
ROBOTS = """User-agent: *
Disallow: /v1/
Disallow: /exports/
Disallow: /ocds/
Disallow: /360giving.json
Disallow: /log/
Disallow: /embed
"""
# Of 50,000 addresses, with room for those of programmes.
MOST_OF_SITEMAP = 49_000
SITEMAP = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


def mount(app: FastAPI, security: SecurityContact) -> None:
    app.state.security = security
    app.router.routes.extend(router.routes)


@router.get("/robots.txt")
async def show_robots(request: Request) -> Response:
    return PlainTextResponse(f"{ROBOTS}\nSitemap: {base_of(request)}/sitemap.xml\n", headers=KEPT)


@router.get("/sitemap.xml")
async def show_sitemap(request: Request, service: ServiceDep) -> Response:
    """The pages of programmes and projects, as many as a sitemap may hold."""
    base = base_of(request)
    async with service.pool.connection() as connection:
        programmes = await catalogue_queries.programmes(connection, await service.followed("listing"))
        projects = await listing_queries.published_now(connection, MOST_OF_SITEMAP)
    paths = ["/", "/projects", *(f"/programmes/{one.code}/briefing" for one in programmes)]
    paths += [f"/projects/{project}" for project in projects]
    places = "".join(f"<url><loc>{escape(base + path)}</loc></url>\n" for path in paths)
    return Response(f"{SITEMAP}{places}</urlset>\n", media_type="application/xml", headers=KEPT)


def base_of(request: Request) -> str:
    return str(request.base_url).rstrip("/")


@router.get("/favicon.ico")
async def show_icon() -> Response:
    return FileResponse(STATIC / "favicon.ico", media_type="image/vnd.microsoft.icon", headers=KEPT)


@router.get("/.well-known/security.txt")
async def show_security(request: Request, service: ServiceDep) -> Response:
    base, host = base_of(request), request.url.hostname or "localhost"
    security: SecurityContact = request.app.state.security
    return PlainTextResponse(security.text(base, host, service.ledger.today()), headers=KEPT)
