"""Decisions of the leading group as a table (N10): a row is a project under review; rows without a decision are left
out."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.files.tables.application_table import project_id
from api.files.tables.columns import Column, choice, money, text
from api.files.tables.versions import VERSION, Versioned
from ledger.commands.review import ApprovalTerms, RejectionTerms
from ledger.core.words import Words
from ledger.project.application import requested_amount
from ledger.project.status import Status

APPROVED, REJECTED = "approved", "rejected"
_DECISIONS = ((APPROVED, Words("批准", "approved")), (REJECTED, Words("不予批准", "rejected")))
COLUMNS = (
    Column("project", Words("项目编号", "Project"), ("project",), project_id, 20, True),
    Column("title", Words("项目名称", "Title"), ("title",), text, 28),
    Column("organisation", Words("社会组织", "Organisation"), ("organisation",), text, 28),
    Column("requested", Words("申请资金", "Requested"), ("requested",), text, 14),
    Column("decision", Words("审定意见", "Decision"), ("decision",), choice(_DECISIONS), 12, choices=_DECISIONS),
    Column("amount", Words("批准金额", "Amount"), ("amount", "amount"), money, 14),
    Column("reason", Words("理由", "Reason"), ("reason",), text, 40),
    VERSION,
)


def decision_of(values: Mapping[str, Any], currency: str) -> ApprovalTerms | RejectionTerms:
    """As of the application in the version that the row was made from, which the row's own version stands for."""
    amount = None if values["amount"] is None else {"amount": values["amount"], "currency": currency}
    said = {"application_version": values["version"], "reason": values["reason"]}
    if values["decision"] == APPROVED:
        return ApprovalTerms.model_validate(said | {"amount": amount})
    return RejectionTerms.model_validate(said if amount is None else said | {"amount": amount})


def rows_of(projects: Iterable[Versioned]) -> Iterable[list[str | int | None]]:
    """Those that are under review, in the order of their titles."""
    for project, version in projects:
        if project.status is not Status.UNDER_REVIEW or project.form is None or project.holder is None:
            continue
        asked = format(requested_amount(project.form), "f")
        yield [str(project.id), project.form.title, project.holder.organisation_name, asked, None, None, None, version]
