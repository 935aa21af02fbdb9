"""Acceptances as a table (N13): a row is a report that waits; rows without a decision are left out."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.files.tables.application_table import project_id
from api.files.tables.columns import Column, choice, count, day, text
from api.files.tables.versions import VERSION, Versioned
from ledger.commands.delivery import MilestoneDecision
from ledger.core.words import Words
from ledger.project.status import Status
from ledger.rules import Rules

ACCEPTED, RETURNED = "accepted", "returned"
_DECISIONS = ((ACCEPTED, Words("通过", "accepted")), (RETURNED, Words("退回", "returned")))
COLUMNS = (
    Column("project", Words("项目编号", "Project"), ("project",), project_id, 20, True),
    Column("title", Words("项目名称", "Title"), ("title",), text, 28),
    Column("organisation", Words("社会组织", "Organisation"), ("organisation",), text, 28),
    Column("milestone", Words("进度阶段", "Milestone"), ("milestone",), text, 14),
    Column("work_done", Words("工作进展", "Work done"), ("work_done",), text, 40),
    Column("report", Words("进度表序号", "Report"), ("report",), count, 10, True),
    Column("decision", Words("验收意见", "Decision"), ("decision",), choice(_DECISIONS), 12, choices=_DECISIONS),
    Column("note", Words("说明", "Note"), ("reason",), text, 40),
    Column("again_by", Words("重报期限", "Report again by"), ("again_by",), day, 12),
    VERSION,
)


def decision_of(values: Mapping[str, Any]) -> MilestoneDecision:
    """The note of an acceptance, or why the report is returned."""
    accepted = values["decision"] == ACCEPTED
    return MilestoneDecision.model_validate(
        {
            "report": values["report"],
            "accepted": accepted,
            "note" if accepted else "reason": values["note"],
            "again_by": values["again_by"],
        }
    )


def rows_of(projects: Iterable[Versioned], rules: Rules) -> Iterable[list[str | int | None]]:
    """The first report of each project that waits: two rows may not write to one project."""
    names = {one.code: one.name.zh for one in rules.milestones}
    for project, version in projects:
        if project.status not in (Status.IN_DELIVERY, Status.COMPLETED) or project.form is None:
            continue
        waiting = [one for one in project.standing_reports if not one.accepted and not one.returned]
        if project.holder is None or not waiting:
            continue
        first = waiting[0]
        yield [
            str(project.id),
            project.form.title,
            project.holder.organisation_name,
            names.get(first.fact.milestone, first.fact.milestone),
            first.fact.work_done,
            first.version,
            None,
            None,
            None,
            version,
        ]
