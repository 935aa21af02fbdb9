"""A project of an earlier year, carried over from the papers of that year, which no rules of ours decided on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import UUID

from ledger.core.action import OFFICE, Action
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Count, PastDate
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.programme import Programme
from ledger.project.fact import ProjectFact, ProjectState
from ledger.values import Code, Digest, Label, Line, Money, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

CARRY_OVER = Action("carry_over", OFFICE, Words("补录以往年度项目", "carry over projects of earlier years"))


class EarlierResult(StrEnum):
    COMPLETED = "completed"
    TERMINATED = "terminated"


class NoEarlierYear(Refusal):
    kind = Kind.CONFLICT
    zh = "计划 {programme} 有自己的规则，其项目由各步骤办理，不能补录。"
    en = "The programme {programme} has rules of its own; its projects come by their steps and are not carried over."


class NotOfThatYear(Refusal):
    kind = Kind.INVALID
    zh = "项目自 {started_on} 至 {ended_on}，不属于 {year} 年度。"
    en = "The project ran from {started_on} to {ended_on}, which is not in {year}."


class EarlierProjectRecorded(
    ProjectFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(
        void=Words(zh="项目由它成立，请改用重述。", en="it founds the project; restate it instead."),
        fixed=("programme", "number"),
    ),
    named=Words("以往年度项目补录", "project carried over"),
    ocds="award",
    audit=Audit.REGULAR,
):
    """A project of an earlier year with its results, as a table of that year has it; absent fields are null."""

    sentence: ClassVar[Words] = Words(
        "补录{organisation_name}的以往年度项目“{title}”（{number}），{started_on}至{ended_on}。",
        "Carried over a project of {organisation_name} from an earlier year, “{title}” ({number}), {started_on} to "
        "{ended_on}.",
    )
    also: ClassVar[Mapping[str, Words]] = {
        "granted": Words("批准金额{granted}。", "Approved: {granted}."),
        "people_served": Words("服务{people_served}人。", "People served: {people_served}."),
        "evaluation": Words("评估结果：{evaluation}。", "Evaluation: {evaluation}."),
        "honour": Words("表彰：{honour}。", "Honour: {honour}."),
    }

    type: Literal["EarlierProjectRecorded"] = "EarlierProjectRecorded"
    programme: Code
    number: Line
    title: Text
    organisation: UUID
    organisation_name: Label
    district: Code | None
    category: Label | None
    content: Text | None
    place: Label | None
    started_on: PastDate
    ended_on: PastDate
    result: EarlierResult
    people_served: Count | None
    granted: Money | None
    spent: Money | None
    evaluation: Label | None
    honour: Label | None
    document_number: Line | None
    source_sha256: Digest

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, earlier=self)

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> EarlierProjectRecorded:
        return carried_over(ground.programme, self)

    def project_in(self, stream: UUID) -> UUID:
        return stream


@dataclass(frozen=True)
class EarlierState(ProjectState):
    earlier: EarlierProjectRecorded | None = None


def carried_over(programme: Programme, fact: EarlierProjectRecorded) -> EarlierProjectRecorded:
    """Raises NoEarlierYear, NotOfThatYear."""
    if programme.earlier is None:
        raise NoEarlierYear(programme=fact.programme)
    year = programme.earlier.year
    if fact.ended_on < fact.started_on or not fact.started_on.year <= year <= fact.ended_on.year:
        raise NotOfThatYear(started_on=fact.started_on.isoformat(), ended_on=fact.ended_on.isoformat(), year=year)
    return fact
