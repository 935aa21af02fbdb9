"""The lines of a list as it is shown, as CSV or as a workbook."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import TextIOWrapper
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from fastapi.responses import Response

from api.files.bulk import Check, checked
from api.files.exports.single_tables import CSV, XLSX
from api.files.exports.writers import cell
from api.service import Service

Line = tuple[Any, ...]


async def answer_lines(
    service: Service, name: str, suffix: str, columns: Sequence[str], lines: Sequence[Line], known: int
) -> Response:
    """`name` is that of the file, with the position `known` behind it; `suffix`: csv or xlsx."""
    at = await service.store.told_at(known) if known >= 0 else None

    def written(file: IO[bytes], check: Check) -> None:
        found = checked(iter(lines), check)
        if suffix == "csv":
            _csv(file, columns, found)
        else:
            _workbook(file, name, columns, found, at)

    made = await service.bulk.make(written)
    headers = {
        "Ledger-Position": str(known),
        "Content-Disposition": f'attachment; filename="{name}-{known}.{suffix}"',
    }
    return made.answer(CSV if suffix == "csv" else XLSX, headers)


def _csv(file: IO[bytes], columns: Sequence[str], lines: Iterator[Line]) -> None:
    # Excel reads UTF-8 where a byte order mark says so.
    text = TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([cell(value) for value in line] for line in lines)
    text.flush()
    text.detach()


def _workbook(file: IO[bytes], name: str, columns: Sequence[str], lines: Iterator[Line], at: datetime | None) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        if at:
            # The time of the download would make the bytes differ.
            book.set_properties({"created": at.replace(tzinfo=None)})
        sheet, bold = book.add_worksheet(name), book.add_format({"bold": True})
        formats: Mapping[type, Any] = {Decimal: book.add_format({"num_format": "#,##0.00##"})}
        sheet.freeze_panes(1, 0)
        for place, title in enumerate(columns):
            sheet.write_string(0, place, title, bold)
        for number, line in enumerate(lines, 1):
            for place, value in enumerate(line):
                if isinstance(value, bool) or value is None:
                    sheet.write(number, place, value)
                elif isinstance(value, int | Decimal):
                    sheet.write_number(number, place, float(value), formats.get(type(value)))
                else:
                    sheet.write_string(number, place, str(value))
