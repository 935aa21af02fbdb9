"""Carrying over the projects of an earlier year from a table; safe to repeat after anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.files.imports.table_file import PART, Progress, RowRefused, read_table_file
from api.files.tables.application_table import NOT_IDENTIFIER
from api.files.tables.columns import Cell, CellRefused, Column, choice, count, day, money, text
from api.pages.code_texts import STATUS
from api.problem_texts import sentence
from ledger.accounts import OPERATOR
from ledger.commands.earlier_years import EarlierProjects, EarlierRow, EarlierYear
from ledger.core.words import Language, Words
from ledger.project.earlier import EarlierResult
from ledger.project.status import Status
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext

# Tables of these years name no currency.
CURRENCY = "CNY"
_RESULTS = tuple((one.value, STATUS[Status(one.value)]) for one in EarlierResult)


def _identifier(cell: Cell) -> dict[str, str] | None:
    found = text(cell)
    if found is None:
        return None
    scheme, colon, number = found.partition(":")
    if not colon:
        raise CellRefused("not_an_identifier", NOT_IDENTIFIER)
    return {"scheme": scheme.strip(), "id": number.strip()}


def _column(key: str, zh: str, en: str, read: Any = text, *, required: bool = False) -> Column:
    return Column(key, Words(zh, en), (key,), read, required=required, optional=not required)


COLUMNS = (
    _column("number", "项目编号", "Number", required=True),
    _column("title", "项目名称", "Title", required=True),
    _column("organisation", "单位标识", "Organisation", _identifier, required=True),
    _column("organisation_name", "单位名称", "Organisation's name"),
    _column("district", "登记辖区", "District"),
    _column("category", "项目领域", "Field"),
    _column("content", "项目内容", "Content"),
    _column("place", "实施地点", "Place"),
    _column("started_on", "开始日期", "Started on", day, required=True),
    _column("ended_on", "结束日期", "Ended on", day, required=True),
    _column("result", "完成情况", "Result", choice(_RESULTS), required=True),
    _column("people_served", "服务人数", "People served", count),
    _column("granted", "批准金额", "Approved", money),
    _column("spent", "支出金额", "Spent", money),
    _column("evaluation", "评估结果", "Evaluation"),
    _column("honour", "表彰", "Honour"),
    _column("document_number", "文号", "Document number"),
)


@dataclass(frozen=True, slots=True)
class EarlierResultOfImport:
    """`unchanged`: rows that said nothing new; `refused`: in order of rows."""

    new: int
    restated: int
    unchanged: int
    refused: tuple[RowRefused, ...]


def body_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says, as `EarlierRow` takes it."""
    amounts = {key: values[key] and {"amount": values[key], "currency": CURRENCY} for key in ("granted", "spent")}
    return {**values, **amounts}


async def import_earlier(
    ledger: Ledger,
    programme: str,
    path: Path,
    year: EarlierYear | None,
    lang: Language,
    progress: Progress,
    *,
    dry_run: bool,
) -> EarlierResultOfImport:
    """Writes what is new in the rows that are right. `year`: needed for the first table of it. Raises FileRefused when
    the file is no such table."""
    file = await read_table_file(path, COLUMNS)
    rows, errors = file.understood(EarlierRow, body_of, lang)
    context = CommandContext(OPERATOR, late_reason=file.source)
    carrying = EarlierProjects(ledger, context, programme, year, file.sha256, dry_run=dry_run)
    new = restated = unchanged = 0
    for begin in range(0, len(rows), PART):
        progress(begin, len(rows))
        part = await carrying.carry_over(rows[begin : begin + PART])
        new, restated, unchanged = new + part.new, restated + part.restated, unchanged + part.unchanged
        errors += [(row, None, sentence(refusal, lang)) for row, refusal in part.refused.items()]
    progress(len(rows), len(rows))
    return EarlierResultOfImport(new, restated, unchanged, file.placed(errors, lang))
