"""`/audit`: the lists of auditors as pages and as files, and each record that they name."""

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import ValidationError

from api.audit.event import event_page
from api.audit.lists import ASKED, AuditList, Found, Wanted, after, ask, columns_of, lists_of, records_of
from api.audit.view import Told, audit_view
from api.files.lines import answer_lines
from api.pages.audit_texts import AUDIT
from api.pages.catalogue import Programmes
from api.pages.frame import frame, render
from api.pages.problem_pages import invalid
from api.pages.reader import CARRIED, LOOK, Reader, reader_for
from api.protocol.query import takes
from api.service import Service
from api.sign_in.visits import Visit, service_in, signed_in
from api.work.pages import private
from ledger.access import SEES_CONFIDENTIAL
from ledger.refusals.general import RoleMayNot
from ledger.refusals.log import LogEventUnknown
from projections.money_queries import GroupBy

router = APIRouter(include_in_schema=False)
ON_A_PAGE, AT_ONCE = 50, 200
POSITION = re.compile(r"0|[1-9][0-9]{0,14}")


@router.get("/audit", openapi_extra=takes(*CARRIED))
async def show_first(request: Request) -> Response:
    visit = await _auditor(request)
    [first, *_] = lists_of(visit.account)
    return RedirectResponse(reader_for(request).link(f"/audit/{first}"), 303)


def _routes(name: AuditList) -> None:
    taken = takes(*dict.fromkeys((*LOOK, *CARRIED, *ASKED[name].model.model_fields)))

    async def show(request: Request) -> Response:
        return await _show(request, name)

    async def as_csv(request: Request) -> Response:
        return await _download(request, name, "csv")

    async def as_workbook(request: Request) -> Response:
        return await _download(request, name, "xlsx")

    async def as_json(request: Request) -> Response:
        return await _download(request, name, "json")

    for suffix, endpoint in (("", show), (".csv", as_csv), (".xlsx", as_workbook), (".json", as_json)):
        router.get(f"/audit/{name}{suffix}", openapi_extra=taken)(endpoint)


for one in AuditList:
    _routes(one)


@router.get("/audit/events/{position}", openapi_extra=takes(*CARRIED))
async def show_event(request: Request, position: str) -> Response:
    visit = await _auditor(request)
    if not POSITION.fullmatch(position):
        raise LogEventUnknown(position=position[:20])
    return private(await event_page(request, visit, int(position)))


async def _auditor(request: Request) -> Visit:
    """Raises SignInFirst, RoleMayNot."""
    visit = await signed_in(request)
    if visit.account.role not in SEES_CONFIDENTIAL:
        raise RoleMayNot(role=visit.account.role, command="read audit lists")
    return visit


async def _show(request: Request, name: AuditList) -> Response:
    visit, reader, service = await _auditor(request), reader_for(request), service_in(request)
    given = _given(request, name)
    wanted = _wanted(reader, name, given, ON_A_PAGE)
    found = await ask(service, visit.account, wanted)
    told = Told(reader, await _programmes(request, service, found), getattr(wanted, "group_by", None))
    view = audit_view(told, name, lists_of(visit.account), wanted, given, found)
    clocks = {one: value for one, value in given.items() if one not in ("known_at", "effective_on")}
    around = frame(reader, f"/audit/{name}", clocks, title=view.title, clocks=ASKED[name].clocks)
    return private(render("audit.html", reader, around, view))


async def _programmes(request: Request, service: Service, found: Found) -> Programmes:
    known = await service.followed("listing") if found.known is None else found.known
    programmes: Programmes = await request.app.state.catalogue.programmes(known)
    return programmes


def _given(request: Request, name: AuditList) -> dict[str, str]:
    """What was filled in; a form sends its empty fields too."""
    fields = set(ASKED[name].model.model_fields) - {"limit", "corrections"}
    return {one: value.strip() for one, value in request.query_params.items() if one in fields and value.strip()}


def _wanted(reader: Reader, name: AuditList, given: dict[str, str], limit: int) -> Wanted:
    """Raises ConditionsInvalid."""
    asked: dict[str, Any] = given | {"limit": limit}
    if name is AuditList.CORRECTIONS:
        asked["corrections"] = True
    if name is AuditList.MONEY and not {"group_by", "project"} & given.keys():
        asked["group_by"] = GroupBy.PROJECT
    try:
        return ASKED[name].model.model_validate(asked)
    except ValidationError as error:
        raise invalid(reader, error, lambda one: AUDIT.get(f"audit_{one}", AUDIT["audit_cursor"])) from error


async def _download(request: Request, name: AuditList, suffix: str) -> Response:
    visit, reader, service = await _auditor(request), reader_for(request), service_in(request)
    given = {one: value for one, value in _given(request, name).items() if one not in ("cursor", "after")}
    wanted = _wanted(reader, name, given, AT_ONCE)
    records: list[dict[str, Any]] = []
    while True:
        # A page at a time, so that small requests come in between.
        async with service.bulk.turn:
            found = await ask(service, visit.account, wanted)
        records += records_of(found)
        if found.next is None:
            break
        wanted = after(wanted, found.next)
    if suffix == "json":
        return private(JSONResponse({"known": found.known, "rows": records}))
    columns = columns_of(name)
    lines = [tuple(_cell(record.get(column)) for column in columns) for record in records]
    known = await service.followed("listing") if found.known is None else found.known
    return private(await answer_lines(service, name, suffix, columns, lines, known))


def _cell(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else value
