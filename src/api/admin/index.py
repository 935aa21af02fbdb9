"""The page that leads to all others of administration."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.admin.places import places_of
from api.admin.views import Cell, Part, Sheet, desk_of, page
from api.pages.frame import Link
from api.pages.reader import LOOK
from api.protocol.query import takes
from ledger.refusals.general import RoleMayNot

router = APIRouter(include_in_schema=False)


@router.get("/admin", openapi_extra=takes(*LOOK))
async def show_index(request: Request) -> Response:
    desk = await desk_of(request)
    there = places_of(desk.who)
    if not there:
        raise RoleMayNot(role=desk.who.role, command="read pages of administration")
    rows = tuple((Cell(desk.say(one.key), desk.link(one.path)), Cell(desk.say(f"{one.key}_lead"))) for one in there)
    part = Part("", sheet=Sheet((desk.say("page"), desk.say("what_for")), rows))
    back = Link(desk.say("to_work"), desk.link("/work"))
    return await page(desk, "/admin", desk.say("administration"), [part], back=back)
