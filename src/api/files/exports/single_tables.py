"""The tables of the registry one by one, as CSV, Excel and Parquet, of what is public as known at a position."""

import csv
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from typing import IO, TYPE_CHECKING, Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api.door import ServiceDep
from api.files.bulk import BulkRoute, Check, checked
from api.files.exports.writers import Format, cell, check_installed, write_parquet
from api.open_data.public import AsOf, as_of
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt
from api.service import Service
from ledger.database import Role, connect_as
from projections.registry import TABLES, Cut, Kind, Row, Table, batches, rows

router = APIRouter(prefix="/exports", responses=PROBLEM_RESPONSES, route_class=BulkRoute)
if TYPE_CHECKING:

    class Name(StrEnum): ...

else:
    Name = StrEnum("Name", {table.name: table.name for table in TABLES})
BY_NAME = {table.name: table for table in TABLES}
BOM = "\ufeff"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET = "application/vnd.apache.parquet"
CSV_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}
XLSX_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}}}}
PARQUET_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {PARQUET: {}}}}
# A sheet ends with row 1,048,576; a number of Excel has 15 digits.
SHEET_ROWS, DIGITS = 1_048_000, 15
NUMBER_FORMATS = {Kind.DAY: "yyyy-mm-dd", Kind.AMOUNT: "#,##0.00##", Kind.NUMBER: "0"}
WIDTHS = {Kind.DAY: 12, Kind.AMOUNT: 18}


def _headers(cut: AsOf, name: str) -> dict[str, str]:
    stem, _, suffix = name.partition(".")
    return cut.position | {"Content-Disposition": f'attachment; filename="{stem}-{cut.known}.{suffix}"'}


@router.get("/{table}.csv", response_class=StreamingResponse, responses=CSV_ANSWER)
async def table_as_csv(service: ServiceDep, table: Name, known_at: KnownAt = None) -> StreamingResponse:
    """A table of the registry as CSV in UTF-8 with a byte order mark, in one stream. The position stands in the header
    `Ledger-Position` and in the name of the file."""
    cut, wanted = await as_of(service, known_at), BY_NAME[table.value]

    async def lines() -> AsyncIterator[str]:
        yield BOM + _lines([[name for name, _ in wanted.columns]])
        async for batch in batches(service.pool, wanted, Cut(cut.known, public=True)):
            yield await service.bulk.run(_lines, batch)

    return StreamingResponse(lines(), media_type=CSV, headers=cut.headers() | _headers(cut, f"{wanted.name}.csv"))


def _lines(found: list[Any]) -> str:
    out = StringIO(newline="")
    csv.writer(out).writerows([cell(value) for value in row] for row in found)
    return out.getvalue()


@router.get("/{table}.xlsx", response_class=StreamingResponse, responses=XLSX_ANSWER)
async def table_as_xlsx(service: ServiceDep, table: Name, known_at: KnownAt = None) -> StreamingResponse:
    """A table of the registry as an Excel workbook, with the position on a sheet of its own."""
    cut, wanted = await as_of(service, known_at), BY_NAME[table.value]
    return await _whole(service, wanted, cut, "xlsx", XLSX, _workbook)


@router.get("/{table}.parquet", response_class=StreamingResponse, responses=PARQUET_ANSWER)
async def table_as_parquet(service: ServiceDep, table: Name, known_at: KnownAt = None) -> StreamingResponse:
    """A table of the registry as Parquet, with its types; the position also stands in the metadata of its schema. Where
    the service runs without pyarrow: 404 `parquet_missing`."""
    check_installed(Format.PARQUET)
    cut, wanted = await as_of(service, known_at), BY_NAME[table.value]
    return await _whole(service, wanted, cut, "parquet", PARQUET, _columns)


async def _whole(
    service: Service,
    table: Table,
    cut: AsOf,
    suffix: str,
    media: str,
    write: Callable[[IO[bytes], Table, AsOf, Iterator[Row]], None],
) -> StreamingResponse:
    """A file that is whole only at its end, so it is made before it is sent."""
    conninfo = service.pool.conninfo
    assert isinstance(conninfo, str)

    def written(file: IO[bytes], check: Check) -> None:
        with connect_as(conninfo, Role.SERVICE) as connection:
            write(file, table, cut, checked(rows(connection, table, Cut(cut.known, public=True)), check))

    made = await service.bulk.make(written)
    return made.answer(media, _headers(cut, f"{table.name}.{suffix}"))


def _basis(cut: AsOf) -> dict[str, str]:
    return {"known": str(cut.known), "recorded_at": cut.published}


def _columns(file: IO[bytes], table: Table, cut: AsOf, found: Iterator[Row]) -> None:
    write_parquet(file, table, found, _basis(cut))


def _workbook(file: IO[bytes], table: Table, cut: AsOf, found: Iterator[Row]) -> None:
    # With constant_memory each row goes to the disk when the next one comes.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        if cut.at:
            # The time of the export would make the bytes differ.
            book.set_properties({"created": cut.at.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        _sheets(book, table, found, bold)
        basis = book.add_worksheet("basis")
        basis.freeze_panes(1, 0)
        basis.set_column(0, 1, 28)
        for number, (name, value) in enumerate((("name", "value"), *_basis(cut).items())):
            basis.write_string(number, 0, name, bold if number == 0 else None)
            basis.write_string(number, 1, value, bold if number == 0 else None)


def _sheets(book: Any, table: Table, found: Iterator[Row], bold: Any) -> None:
    formats = {kind: book.add_format({"num_format": form}) for kind, form in NUMBER_FORMATS.items()}
    sheet, line = None, SHEET_ROWS
    for row in _or_none(found):
        if line == SHEET_ROWS:
            number = len(book.worksheets())
            sheet, line = book.add_worksheet(f"{table.name}{number + 1 if number else ''}"), 0
            sheet.freeze_panes(1, 0)
            for place, (name, kind) in enumerate(table.columns):
                # Wide enough for a day or an amount, which would be shown as ##### otherwise.
                sheet.set_column(place, place, WIDTHS.get(kind, 12), formats.get(kind))
                sheet.write_string(0, place, name, bold)
        if row is None:
            return
        line += 1
        assert sheet
        for place, (value, (_, kind)) in enumerate(zip(row, table.columns, strict=True)):
            _write(sheet, line, place, value, formats.get(kind))


def _or_none(found: Iterator[Row]) -> Iterator[Row | None]:
    """Something also where there is nothing, so that there is a sheet."""
    first = next(found, None)
    yield first
    if first is not None:
        yield from found


def _write(sheet: Any, line: int, place: int, value: Any, form: Any) -> None:
    match value:
        case None:
            pass
        case bool():
            sheet.write_boolean(line, place, value)
        case int():
            sheet.write_number(line, place, value, form)
        case date():
            sheet.write_datetime(line, place, value, form)
        case Decimal() if len(value.as_tuple().digits) <= DIGITS:
            sheet.write_number(line, place, float(value), form)
        case str():
            # What begins like a formula stays text in a workbook.
            sheet.write_string(line, place, value)
        case _:
            sheet.write_string(line, place, cell(value))
