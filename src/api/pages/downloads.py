"""The list of projects as it is shown, as CSV and Excel: the same filters in the same order, all pages of it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.files.bulk import BulkRoute
from api.files.lines import Line, answer_lines
from api.pages.reader import CARRIED
from api.pages.wanted import NOT_ASKED, asked_listing
from api.protocol.query import takes
from api.reading.listing import ListingQuery, list_page
from api.routes.projects import ListedProject, listed
from api.service import Service
from ledger.accounts import ANYONE
from ledger.project.money import Sum

router = APIRouter(include_in_schema=False, route_class=BulkRoute)
TAKES = takes(*CARRIED, *(name for name in ListingQuery.model_fields if name not in ("cursor", *NOT_ASKED, *CARRIED)))
AMOUNTS = tuple(name.value for name in Sum)
# One currency a project, next to its amounts.
COLUMNS = (*(name for name in ListedProject.model_fields if name != "published"), "currency")
AT_ONCE = 200


@router.get("/projects.csv", openapi_extra=TAKES)
async def as_csv(request: Request) -> Response:
    return await _answer(request, "csv")


@router.get("/projects.xlsx", openapi_extra=TAKES)
async def as_workbook(request: Request) -> Response:
    return await _answer(request, "xlsx")


async def _answer(request: Request, suffix: str) -> Response:
    service: Service = request.app.state.service
    known, lines = await _lines(service, await asked_listing(request))
    return await answer_lines(service, "projects", suffix, COLUMNS, lines, known)


async def _lines(service: Service, wanted: ListingQuery) -> tuple[int, list[Line]]:
    wanted = wanted.model_copy(update={"limit": AT_ONCE, "cursor": None})
    lines: list[Line] = []
    while True:
        # A page at a time, so that small requests come in between.
        async with service.bulk.turn:
            found = await list_page(service, ANYONE, wanted)
        lines += (_line(listed(row)) for row in found.rows)
        if found.next_cursor is None:
            return found.known, lines
        wanted = wanted.model_copy(update={"cursor": found.next_cursor})


def _line(project: ListedProject) -> Line:
    values = dict(project)
    money = [values[name] for name in AMOUNTS if values[name]]
    values |= {name: values[name] and values[name].amount for name in AMOUNTS}
    values["currency"] = money[0].currency if money else None
    values["districts_served"] = "; ".join(project.districts_served or ())
    return tuple(values[name] for name in COLUMNS)
