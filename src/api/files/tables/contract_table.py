"""Contracts as a table (N11): a row is an approved project; rows without a contract number are left out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.files.tables.application_table import project_id
from api.files.tables.columns import Column, day, money, text
from api.files.tables.versions import VERSION, Versioned
from api.files.tables.workbook import CellError, SheetRow
from ledger.commands.contract import Contract
from ledger.core.words import Words
from ledger.document_numbers import normalised
from ledger.project.status import Status
from ledger.rules import Rules

NUMBER_TWICE = Words("合同编号在表中重复", "the contract number stands twice in the table")


def columns(rules: Rules) -> tuple[Column, ...]:
    return (
        Column("project", Words("项目编号", "Project"), ("project",), project_id, 20, True),
        Column("title", Words("项目名称", "Title"), ("title",), text, 28),
        Column("organisation", Words("社会组织", "Organisation"), ("organisation",), text, 28),
        Column("approved", Words("批准金额", "Approved"), ("approved",), text, 14),
        Column("number", Words("合同编号", "Contract number"), ("number",), text, 22),
        Column("signed_on", Words("签订日期", "Signed on"), ("signed_on",), day, 12),
        Column("start", Words("开始日期", "Starts on"), ("period", "start"), day, 12),
        Column("end", Words("结束日期", "Ends on"), ("period", "end"), day, 12),
        Column("services", Words("服务内容", "Services"), ("services",), text, 40),
        Column("amount", Words("合同金额", "Amount"), ("amount", "amount"), money, 14),
        *(
            Column(f"due_{one.code}", _due(one.name.zh, one.name.en), ("due", one.code), day, 12)
            for one in rules.milestones
        ),
        VERSION,
    )


def _due(zh: str, en: str) -> Words:
    return Words(f"{zh}阶段期限", f"Due: {en}")


def contract_of(values: Mapping[str, Any], rules: Rules) -> Contract:
    due = [
        {"milestone": one.code, "due_on": values[f"due_{one.code}"]}
        for one in rules.milestones
        if values[f"due_{one.code}"] is not None
    ]
    amount = None if values["amount"] is None else {"amount": values["amount"], "currency": rules.currency}
    said = {name: values[name] for name in ("number", "signed_on", "services")}
    period = {"start": values["start"], "end": values["end"]}
    return Contract.model_validate(said | {"period": period, "amount": amount, "due": due})


def repeated_numbers(rows: Sequence[SheetRow]) -> Iterable[CellError]:
    """Each contract has its own number, in whichever spelling."""
    times = Counter(normalised(row.values["number"]) for row in rows)
    for row in rows:
        if times[normalised(row.values["number"])] > 1:
            yield CellError(row.cells["number"], "contract_number_twice", NUMBER_TWICE, {})


def rows_of(projects: Iterable[Versioned], rules: Rules) -> Iterable[list[str | int | None]]:
    """Those that are approved and have no contract yet, with what was approved and planned."""
    for project, version in projects:
        if project.status is not Status.APPROVED or project.form is None or project.holder is None:
            continue
        assert project.approved is not None
        granted = project.approved.fact.amount
        amount = None if granted is None else format(granted.amount, "f")
        yield [
            str(project.id),
            project.form.title,
            project.holder.organisation_name,
            amount,
            None,
            None,
            project.form.schedule.start.isoformat(),
            project.form.schedule.end.isoformat(),
            None,
            amount,
            *([None] * len(rules.milestones)),
            version,
        ]
