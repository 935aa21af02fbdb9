"""Addresses that are the same on every site: for robots, browsers, and those who found a weakness."""

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse

from api.door import ServiceDep
from api.pages.hashed_files import STATIC
from api.security_contact import SecurityContact

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


def mount(app: FastAPI, security: SecurityContact) -> None:
    app.state.security = security
    app.router.routes.extend(router.routes)


@router.get("/robots.txt")
async def show_robots() -> Response:
    return PlainTextResponse(ROBOTS, headers=KEPT)


@router.get("/favicon.ico")
async def show_icon() -> Response:
    return FileResponse(STATIC / "favicon.ico", media_type="image/vnd.microsoft.icon", headers=KEPT)


@router.get("/.well-known/security.txt")
async def show_security(request: Request, service: ServiceDep) -> Response:
    base, host = str(request.base_url).rstrip("/"), request.url.hostname or "localhost"
    security: SecurityContact = request.app.state.security
    return PlainTextResponse(security.text(base, host, service.ledger.today()), headers=KEPT)
