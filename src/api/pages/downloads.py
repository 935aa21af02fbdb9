"""The list of projects as it is shown, as CSV and Excel: the same filters in the same order, all pages of it."""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from io import TextIOWrapper
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.files.bulk import BulkRoute, Check, checked
from api.files.exports.single_tables import CSV, XLSX
from api.files.exports.writers import cell
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
Line = tuple[Any, ...]


@router.get("/projects.csv", openapi_extra=TAKES)
async def as_csv(request: Request) -> Response:
    return await _answer(request, "csv")


@router.get("/projects.xlsx", openapi_extra=TAKES)
async def as_workbook(request: Request) -> Response:
    return await _answer(request, "xlsx")


async def _answer(request: Request, suffix: str) -> Response:
    service: Service = request.app.state.service
    known, lines = await _lines(service, await asked_listing(request))
    at = await service.store.told_at(known) if known >= 0 else None

    def written(file: IO[bytes], check: Check) -> None:
        found = checked(iter(lines), check)
        if suffix == "csv":
            _csv(file, found)
        else:
            _workbook(file, found, at)

    made = await service.bulk.make(written)
    headers = {
        "Ledger-Position": str(known),
        "Content-Disposition": f'attachment; filename="projects-{known}.{suffix}"',
    }
    return made.answer(CSV if suffix == "csv" else XLSX, headers)


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


def _csv(file: IO[bytes], lines: Iterator[Line]) -> None:
    # Excel reads UTF-8 where a byte order mark says so.
    text = TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([cell(value) for value in line] for line in lines)
    text.flush()
    text.detach()


def _workbook(file: IO[bytes], lines: Iterator[Line], at: datetime | None) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        if at:
            # The time of the download would make the bytes differ.
            book.set_properties({"created": at.replace(tzinfo=None)})
        sheet, bold = book.add_worksheet("projects"), book.add_format({"bold": True})
        formats: Mapping[type, Any] = {Decimal: book.add_format({"num_format": "#,##0.00##"})}
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(COLUMNS):
            sheet.write_string(0, place, name, bold)
        for number, line in enumerate(lines, 1):
            for place, value in enumerate(line):
                if isinstance(value, bool) or value is None:
                    sheet.write(number, place, value)
                elif isinstance(value, int | Decimal):
                    sheet.write_number(number, place, float(value), formats.get(type(value)))
                else:
                    sheet.write_string(number, place, str(value))
