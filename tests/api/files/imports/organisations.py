"""Tables of organisations, and what an import made of them."""

import csv
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from api.files.imports.registry import RegistryResult, import_registry
from ledger.aggregates import ORGANISATION
from ledger.core.envelope import Recorded
from ledger.core.history import state
from ledger.core.words import Language
from ledger.identifiers import Identifier, organisation_stream
from ledger.organisation.state import Organisation
from ledger.transaction import Ledger

Row = dict[str, str]
NUMBER = "京社证字第0900001号"
ROW: Row = {
    "名称": "示例读书会",
    "登记证号": NUMBER,
    "类别": "社会团体",
    "登记辖区": "110105",
    "业务主管单位": "示例区文化委员会",
    "登记日期": "2005-03-01",
}


def _headings(rows: tuple[Row, ...]) -> list[str]:
    return list(dict.fromkeys(heading for row in (ROW, *rows) for heading in row))


def as_csv(*rows: Row) -> bytes:
    out = StringIO(newline="")
    table = csv.DictWriter(out, _headings(rows))
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_workbook(*rows: Row) -> bytes:
    out, headings = BytesIO(), _headings(rows)
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("登记表")
        for number, row in enumerate([dict(zip(headings, headings, strict=True)), *rows]):
            for column, heading in enumerate(headings):
                sheet.write_string(number, column, row.get(heading, ""))
    return out.getvalue()


async def load(ledger: Ledger, path: Path, *, dry_run: bool = False, lang: Language = "zh") -> RegistryResult:
    return await import_registry(ledger, path, lang, lambda done, total: None, dry_run=dry_run)


def written(result: RegistryResult) -> dict[str, int]:
    return {fact.__name__: number for fact, number in result.written.items()}


def places(result: RegistryResult) -> list[str]:
    return [refused.place for refused in result.refused]


async def events(ledger: Ledger, number: str = NUMBER, scheme: str = "CN-REG") -> list[Recorded]:
    stream = organisation_stream(Identifier(scheme=scheme, id=number))
    return list((await ledger.store.streams([stream]))[stream])


async def organisation(ledger: Ledger, number: str = NUMBER, on: date | None = None) -> Organisation:
    """As known now, on a day; by default at the head."""
    found = await events(ledger, number)
    return state(ORGANISATION, found[0].stream, found, effective=on)
