"""Progress as a table (N13): a row is the next report of a project; rows whose work is empty are left out."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.files.tables.application_table import project_id
from api.files.tables.columns import Column, choice, count, money, text
from api.files.tables.versions import VERSION, Versioned
from api.pages.code_texts import SOURCE
from ledger.core.words import Words
from ledger.project.delivery import AllMilestonesReported, next_milestone, returned_milestones
from ledger.project.status import Status
from ledger.rules import Rules
from ledger.values import FundingSource


def columns(rules: Rules) -> tuple[Column, ...]:
    milestones = tuple((one.code, Words(one.name.zh, one.name.en)) for one in rules.milestones)
    return (
        Column("project", Words("项目编号", "Project"), ("project",), project_id, 20, True),
        Column("title", Words("项目名称", "Title"), ("title",), text, 28),
        Column(
            "milestone",
            Words("进度阶段", "Milestone"),
            ("milestone",),
            choice(milestones),
            14,
            True,
            choices=milestones,
        ),
        Column("work_done", Words("工作进展", "Work done"), ("work_done",), text, 40),
        Column("people_served", Words("累计服务人数", "People served"), ("people_served",), count, 10),
        *(
            Column(source, Words(f"累计支出：{words.zh}", f"Spent: {words.en}"), ("spent", source), money)
            for source, words in SOURCE.items()
        ),
        Column("summary", Words("活动总结", "Summary"), ("summary",), text, 40),
        VERSION,
    )


def report_of(values: Mapping[str, Any], currency: str) -> dict[str, Any]:
    spent = [
        {"source": source, "money": {"amount": values[source], "currency": currency}}
        for source in FundingSource
        if values[source] is not None
    ]
    return {
        "milestone": values["milestone"],
        "work_done": values["work_done"],
        "spent": spent,
        "people_served": values["people_served"],
        "summary": values["summary"],
    }


def rows_of(projects: Iterable[Versioned], rules: Rules) -> Iterable[list[str | int | None]]:
    """The report that comes next for each project under way; what is given back comes first."""
    names = {one.code: one.name.zh for one in rules.milestones}
    for project, version in projects:
        if project.terms is None or project.form is None:
            continue
        if returned := returned_milestones(project):
            code = returned[0]
        elif project.status in (Status.PUBLISHED, Status.IN_DELIVERY):
            try:
                code = next_milestone(project)
            except AllMilestonesReported:
                continue
        else:
            continue
        yield [str(project.id), project.form.title, names.get(code, code), *([None] * (3 + len(SOURCE))), version]
