"""What was done with accounts, and who was refused what."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.admin.views import Cell, Desk, Field, Part, Sending, Sheet, desk_of, page
from api.pages.reader import LOOK
from api.protocol.query import takes
from api.routes.accounts import GrantsWanted, list_role_grants
from api.routes.audit_refusals import RefusedWanted, list_refusals
from api.sign_in.visits import service_in
from ledger.authors import ROLE
from ledger.core.fact import Role

router = APIRouter(include_in_schema=False)
LISTED = takes("cursor", *LOOK)


@router.get("/admin/acts", openapi_extra=LISTED)
async def show_acts(request: Request) -> Response:
    desk = await desk_of(request)
    wanted = GrantsWanted(cursor=request.query_params.get("cursor"))
    found = await list_role_grants(service_in(request), desk.who, wanted)
    rows = tuple(
        (
            Cell(desk.reader.instant(one.at).text),
            Cell(desk.say(f"act_{one.act}")),
            Cell(_role(desk, one.role, one.body)),
            Cell(str(one.account)),
            Cell(f"{_role(desk, one.by_role, None)} {str(one.by)[:8]}"),
        )
        for one in found.acts
    )
    header = ("at", "act", "account_of", "account_id", "done_by")
    return await _list(desk, "/admin/acts", "acts", header, rows, found.next_cursor)


@router.get("/admin/refusals", openapi_extra=takes("code", "cursor", *LOOK))
async def show_refusals(request: Request) -> Response:
    desk = await desk_of(request)
    code = request.query_params.get("code", "").strip()[:60]
    wanted = RefusedWanted(code=code or None, cursor=request.query_params.get("cursor"))
    found = await list_refusals(service_in(request), desk.who, wanted)
    rows = tuple(
        (
            Cell(desk.reader.instant(one.last_at).text),
            Cell(one.code),
            Cell(one.attempt),
            Cell(_role(desk, one.role, one.body)),
            Cell(str(one.person)[:8] if one.person else desk.say("not_signed_in")),
            Cell(str(one.origin)[:8]),
            Cell(desk.reader.number(one.times)),
        )
        for one in found.attempts
    )
    header = ("at", "refusal_code", "attempt", "role", "person", "origin", "times")
    asking = Field("code", desk.say("refusal_code"), value=code, required=False)
    form = Sending(desk.reader.at("/admin/refusals"), desk.say("choose"), (asking,), asks=True)
    return await _list(desk, "/admin/refusals", "refused", header, rows, found.next_cursor, form, code=code)


def _role(desk: Desk, role: Role, body: str | None) -> str:
    return f"{desk.reader.say(ROLE[role])} {body or ''}".strip()


async def _list(
    desk: Desk,
    path: str,
    key: str,
    header: tuple[str, ...],
    rows: tuple[tuple[Cell, ...], ...],
    cursor: str | None,
    *forms: Sending,
    **asked: str,
) -> Response:
    more = desk.link(path, cursor=cursor, **asked) if cursor else ""
    sheet = Sheet(tuple(desk.say(one) for one in header), rows, more)
    return await page(desk, path, desk.say(key), [Part("", desk.say(f"{key}_lead"), sheet, forms)])
