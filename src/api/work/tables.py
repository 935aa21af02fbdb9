"""The tables that the page takes in, and a table that was read as a grid with what is wrong in its cells."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from api.files.tables import exchange
from api.files.tables.incoming import Manner, RowError, TableDone
from api.files.tables.isolation import ReadTable
from api.files.tables.xlsx.sheet import cell_name
from api.service import Service
from ledger.accounts import Account
from ledger.core.action import Action
from ledger.core.words import Language, Words
from ledger.project.application import APPLY
from ledger.project.contract import CONTRACT
from ledger.project.delivery import DECIDE_MILESTONE, REPORT
from ledger.project.review import APPROVE
from ledger.unit_of_work import CommandContext

MOST_SHOWN = 50
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Table:
    """`together`: its rows are written all or none, by one document."""

    name: str
    action: Action
    title: Words
    lead: Words
    out: Callable[[Service, Account, str, Language], Awaitable[bytes]]
    into: Callable[[Service, CommandContext, str, bytes, Manner], Awaitable[TableDone]]
    together: bool = False


TABLES: dict[str, Table] = {
    one.name: one
    for one in (
        Table(
            "applications",
            APPLY,
            Words("申报表", "Applications"),
            Words(
                "一行一个项目，可以一次申报年度计划中的多个项目；改动已申报的项目，须在该行写明理由。",
                "One project a row, so all projects of a year's plan at once; a row of a project that was filed before "
                "amends it and says why.",
            ),
            exchange.applications_out,
            exchange.applications_in,
        ),
        Table(
            "progress",
            REPORT,
            Words("进度表", "Progress reports"),
            Words("每个在办项目的下一期进度，一行一个项目。", "The next report of each project under way, one a row."),
            exchange.progress_out,
            exchange.progress_in,
        ),
        Table(
            "decisions",
            APPROVE,
            Words("审定表", "Decisions"),
            Words(
                "待审定的项目，一行一个；全部行用同一文号，一并办理。",
                "The projects under review, one a row; all rows by one document, all or none.",
            ),
            exchange.decisions_out,
            exchange.decisions_in,
            together=True,
        ),
        Table(
            "contracts",
            CONTRACT,
            Words("合同表", "Contracts"),
            Words(
                "已批准、尚未签约的项目，一行一个合同。",
                "The approved projects without a contract, one contract a row.",
            ),
            exchange.contracts_out,
            exchange.contracts_in,
        ),
        Table(
            "acceptances",
            DECIDE_MILESTONE,
            Words("验收表", "Acceptances"),
            Words("待验收的进度表，一行一份。", "The reports that wait for acceptance, one a row."),
            exchange.acceptances_out,
            exchange.acceptances_in,
        ),
    )
}


def tables_of(who: Account) -> list[Table]:
    return [one for one in TABLES.values() if who.role in one.action.may]


@dataclass(frozen=True, slots=True)
class GridCell:
    """`place`: its name, such as B7."""

    place: str
    text: str
    errors: Sequence[str]


@dataclass(frozen=True, slots=True)
class GridRow:
    number: int
    errors: Sequence[str]
    cells: Sequence[GridCell]


@dataclass(frozen=True, slots=True)
class Grid:
    """The heading row and the rows in which something is wrong, of which at most MOST_SHOWN."""

    sheet: str
    headings: Sequence[str]
    rows: Sequence[GridRow]


def grid_of(table: ReadTable, errors: Sequence[RowError]) -> Grid:
    by_row: dict[int, dict[int, str]] = {}
    for row, column, _, value in table.cells:
        by_row.setdefault(row, {})[column] = value
    said: dict[str, list[str]] = {}
    for one in errors:
        said.setdefault(one.place, []).append(one.message)
    wrong = {row_of(place) for place in said} - {1}
    headings = by_row.get(1, {})
    columns = range(1, max(headings, default=0) + 1)
    rows = [
        GridRow(
            number,
            said.get(f"row {number}", []),
            [
                GridCell(place, _shortened(cells.get(column, "")), said.get(place, []))
                for column in columns
                for place in (cell_name(number, column),)
            ],
        )
        for number, cells in sorted(by_row.items())
        if number in wrong
    ]
    return Grid(table.sheet, [headings.get(column, "") for column in columns], rows[:MOST_SHOWN])


def row_of(place: str) -> int:
    """Of a cell such as B7, or of `row 7`."""
    digits = "".join(one for one in place if one.isdigit())
    return int(digits) if digits else 1


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
