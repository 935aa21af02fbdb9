"""One reminder, and how it reads in a log, in a letter and as JSON (N23)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from ledger.core.words import Words
from ledger.project.due import DueKind


class ReminderKind(StrEnum):
    SOON = "due soon"
    OVERDUE = "overdue"


KINDS: dict[ReminderKind, Words] = {
    ReminderKind.SOON: Words("即将到期", "Due soon"),
    ReminderKind.OVERDUE: Words("已逾期", "Overdue"),
}
OWED: dict[DueKind, Words] = {
    DueKind.MILESTONE: Words("项目进度表", "Progress report"),
    DueKind.REPORT_AGAIN: Words("重报项目进度表", "Progress report, to be made again"),
    DueKind.RECTIFICATION: Words("整改", "Rectification"),
    DueKind.AMENDMENT: Words("修改申报材料", "Amendment of the application"),
    DueKind.SIGNATURE: Words("签订合同", "Signature of the contract"),
}
SUBJECT = "[民生账本] {kind}：{title}"
LETTER = Words(
    "{organisation}：\n\n贵单位项目《{title}》有一项{kind}：\n\n{owed}：{what}\n"
    "应于 {due_on} 完成，{last_day}（含）之前不算逾期。\n项目编号 {project}",
    "{organisation},\n\nin your project {title}: {kind}.\n\n{owed}: {what}\n"
    "Due on {due_on}; in time until the end of {last_day}.\nProject {project}",
)


@dataclass(frozen=True, slots=True)
class Reminder:
    """`email`: of the organisation's contact. `what` may be an authority's own words, so it goes to the organisation
    alone."""

    kind: ReminderKind
    project: UUID
    item: UUID
    owed: DueKind
    what: Words
    due_on: date
    last_day: date
    programme: str
    title: str
    organisation: UUID
    organisation_name: str
    email: str | None = None

    @property
    def id(self) -> UUID:
        """The same whenever it is sent, so that who gets it twice can tell."""
        return uuid5(self.item, f"{self.due_on}/{self.kind}")

    def line(self) -> str:
        return f"reminder {self.id}: {self.kind}: {self.owed} by {self.due_on} of project {self.project}"

    def subject(self) -> str:
        return SUBJECT.format(kind=KINDS[self.kind].zh, title=self.title)

    def letter(self) -> str:
        values = {
            "organisation": self.organisation_name,
            "title": self.title,
            "due_on": self.due_on,
            "last_day": self.last_day,
            "project": self.project,
        }
        zh = LETTER.in_("zh", kind=KINDS[self.kind].zh, owed=OWED[self.owed].zh, what=self.what.zh, **values)
        en = LETTER.in_("en", kind=KINDS[self.kind].en.lower(), owed=OWED[self.owed].en, what=self.what.en, **values)
        return f"{zh}\n\n{en}\n"

    def message(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "kind": self.kind.value,
            "owed": self.owed.value,
            "due_on": self.due_on.isoformat(),
            "last_day": self.last_day.isoformat(),
            "programme": self.programme,
            "project": str(self.project),
            "title": self.title,
            "organisation": str(self.organisation),
            "organisation_name": self.organisation_name,
        }
