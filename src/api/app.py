"""The HTTP application: routers, problems, the API reference."""

import asyncio
import re
from dataclasses import asdict
from typing import Any

from fastapi import Depends, FastAPI, Response
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.access_log import RouteNoted
from api.archive import routes as archive
from api.code_sender import CodeSender
from api.door import ServiceDep, Tokens
from api.files.exports import routes as exports
from api.files.tables import routes as tables
from api.forms import routes as forms
from api.open_data import routes as open_data
from api.openapi import document, reference
from api.pages import routes as pages
from api.protocol import query
from api.protocol.application import Application
from api.protocol.proxies import DIRECT, Proxies, route_path
from api.readiness import SECONDS as READY_SECONDS
from api.routes import (
    accounts,
    appointments,
    attachments,
    audit,
    audit_clock,
    audit_money,
    audit_refusals,
    audit_sealed,
    briefing,
    competition,
    credit,
    documents,
    due,
    feed,
    feedback,
    honours,
    invitations,
    notices,
    open_answers,
    organisations,
    payments,
    photographs,
    programmes,
    projects,
    public_reports,
    redactions,
    review,
    sampling,
    statistics,
    subjects,
    tokens,
    well_known,
    worklist,
)
from api.routes.commands import commands
from api.routes.metrics import metrics
from api.security_contact import RESERVED_MAILBOX, SecurityContact
from api.service import Service
from api.sign_in.demonstration import NONE as NO_ONE_CLICKS
from api.sign_in.demonstration import OneClicks
from api.sign_in.provider import Provider
from api.transparency import routes as transparency
from api.webhooks import routes as webhooks
from ledger.refusals.attachments import AttachmentTooLarge
from ledger.transparency.history import HistoryDiffers
from projections.tracking import Standing

LARGEST_BODY = 1_000_000
UPLOADS, LARGEST_MEGABYTES = ("/v1/attachments", "/v1/photographs"), 20
# Of the pages, whose forms may hold files.
FORM = re.compile(r"(/(projects|organisations|programmes)/[^/]+)?/((do|correct)/[a-z0-9-]+|plan)|/tables/[^/]+/[a-z]+")
DESCRIPTION = """
An event-sourced ledger for public-welfare programmes. Commands answer `201` with a receipt; refusals are
`application/problem+json` with a stable `code`. Every list and figure takes `known_at`: the ledger as it was known
then. A time that cannot be asked for is refused with the nearest that can, `details.nearest`.
"""


def create_app(
    service: Service,
    proxies: Proxies = DIRECT,
    security: SecurityContact = RESERVED_MAILBOX,
    one_clicks: OneClicks = NO_ONE_CLICKS,
    provider: Provider | None = None,
    codes: CodeSender | None = None,
) -> FastAPI:
    """The application over a running service, which the caller opens and closes."""
    app = Application(
        proxies,
        title="民生账本 Minsheng Ledger",
        version="0.1.0",
        description=DESCRIPTION,
        contact={"name": "The operator of this service"},
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(LimitedBody)
    app.add_middleware(RouteNoted)
    app.state.service = service
    app.state.tokens = Tokens(service)
    app.state.one_clicks = one_clicks
    app.state.provider = provider
    app.state.codes = codes
    problems.install(app)
    areas = (attachments, public_reports, invitations, open_answers, organisations, redactions, programmes)
    audits = (audit, audit_clock, audit_money, audit_refusals, audit_sealed)
    people = (
        appointments,
        accounts,
        tokens,
        subjects,
        review,
        documents,
        payments,
        sampling,
        feedback,
        honours,
        photographs,
    )
    queries_alone = (*people, competition, due, *audits, briefing, notices)
    others = (credit, feed, statistics, worklist, forms, tables, archive, exports, transparency, open_data, webhooks)
    # Routes are tried in their order, so those that are asked for most come first.
    asked_most = (projects.router, projects.commands, commands)
    for router in (
        *asked_most,
        *(area.commands for area in areas),
        *(part.router for part in (*areas, *queries_alone, *others)),
    ):
        # The routes themselves, not the routers: a router inside is asked twice for each request.
        app.router.routes.extend(router.routes)
    app.get("/healthz", responses=problems.PROBLEM_RESPONSES, dependencies=NEVER_KEPT)(healthz)
    app.get("/readyz", responses=problems.PROBLEM_RESPONSES, dependencies=NEVER_KEPT)(readyz)
    app.get("/metrics", responses=problems.PROBLEM_RESPONSES, response_class=PlainTextResponse)(metrics)
    reference.mount(app)
    well_known.mount(app, security)
    pages.mount(app)
    query.install(app)
    document.install(app)
    return app


class LimitedBody:
    """Refuses a body that is too large by a problem document; the framework's own limit answers in plain text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        uploads = scope["type"] == "http" and ((path := route_path(scope)) in UPLOADS or FORM.fullmatch(path))
        left = LARGEST_MEGABYTES * 1_000_000 if uploads else LARGEST_BODY

        async def receive_within() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise AttachmentTooLarge(megabytes=LARGEST_MEGABYTES) if uploads else HTTPException(413)
            return message

        await self._app(scope, receive_within, send)


async def never_kept(response: Response) -> None:
    """How the service is now is no answer for later."""
    response.headers["Cache-Control"] = "no-store"


NEVER_KEPT = [Depends(never_kept)]


async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


async def readyz(service: ServiceDep, response: Response) -> dict[str, Any]:
    """Whether the service answers, asked by the ways that commands and reads take, within a few seconds. 503 and
    `unavailable` when something does not: `failing` names it (`reader`, `committer`, `pool`, `follower`) and why. A
    read model that has stopped alone has `broken`: at which event and since when; with `paused` all of them wait for
    the database, for the reason that it says. The service is then `degraded`, and answers all that is not made of
    them. `log`: how far it is signed, or why it is not. `history`: where it differs from what was signed, first at a
    position from `position` to `until`; then no command is accepted, with 503."""
    failing = await service.readiness.failing()
    found: dict[str, Any] = {}
    standings: dict[str, Standing] = {}
    try:
        async with asyncio.timeout(READY_SECONDS):
            found["size"] = (await service.store.head()).size
            standings = await service.standings()
    except Exception as error:
        failing.setdefault("pool", "timeout" if isinstance(error, TimeoutError) else type(error).__name__)
    paused = service.follower.paused
    status = "degraded" if paused or any(one.is_broken for one in standings.values()) else "ready"
    if failing:
        response.status_code, status = 503, "unavailable"
        found["failing"] = failing
    if paused:
        found["paused"] = paused
    if differs := service.history and service.history.differs:
        response.status_code, status = 503, "history_refused"
    return {
        "status": status,
        **found,
        **{name: _told(one) for name, one in standings.items()},
        "log": None if service.signer is None else asdict(service.signer.status),
        "history": _differs(differs) if differs else None,
    }


def _differs(differs: HistoryDiffers) -> dict[str, Any]:
    names = ("code", "position", "until", "signed", "why")
    return {name: getattr(differs, name) for name in names}


def _told(standing: Standing) -> dict[str, Any]:
    told: dict[str, Any] = {"position": standing.next_position - 1, "lag": standing.lag}
    if standing.is_broken:
        told["broken"] = {"position": standing.broken_position, "since": standing.broken_since}
    return told
