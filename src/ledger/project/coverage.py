"""Whether a frame covers the people served, or the office accepts that it does not, for a public reason (N17)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING
from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Count
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.project.evaluation import people_served
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.rules import Rules
from ledger.values import Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project


class FrameTooSmall(Refusal):
    kind = Kind.CONFLICT
    zh = "抽样框有 {size} 项，服务人数为 {people_served}；至少须 {needed} 项，或由办公室接受并公布理由。"
    en = (
        "The frame has {size} entries for {people_served} people served; it needs {needed}, or the office accepts the "
        "gap for a reason that is published."
    )


class FrameWhole(Refusal):
    kind = Kind.CONFLICT
    zh = "服务人数为 {people_served}，{size} 项的抽样框已经足够，无须接受缺口。"
    en = "A frame of {size} entries is enough for {people_served} people served; there is no gap to accept."


class FrameGapAccepted(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("people_served",)),
    named=Words("抽样框缺口接受", "acceptance of an incomplete frame"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.EXAMINED,
):
    """N17: a frame of at least `size` entries is taken for as many people served."""

    sentence: ClassVar[Words] = Words(
        "实际服务{people_served}人，同意抽样框不少于{size}项：{reason}",
        "Accepted a frame of {size} entries or more for {people_served} people served: {reason}",
    )

    type: Literal["FrameGapAccepted"] = "FrameGapAccepted"
    size: Count
    people_served: Count
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, frame_gap=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> FrameGapAccepted:
        return accept_gap(project, self.size, self.reason, rules=ground.rules)


@dataclass(frozen=True)
class CoverageState(ProjectState):
    frame_gap: Occurrence[FrameGapAccepted] | None = None


def accept_gap(project: Project, size: int, reason: str, *, rules: Rules) -> FrameGapAccepted:
    """N17: by the office, for the people whom the newest report counts; when there are more, it is asked again."""
    served = people_served(project)
    if size >= _needed(served, rules):
        raise FrameWhole(size=size, people_served=served)
    return FrameGapAccepted(size=size, people_served=served, reason=reason)


def accept_nobody(project: Project, reason: str | None, *, rules: Rules) -> FrameGapAccepted | None:
    """N17: that nobody can be identified is the largest gap, and is accepted like any other: with the statement, or
    before it. None where it was accepted before, and where nobody was served. Raises FrameTooSmall."""
    if all(report.returned for report in project.reports) or _needed(people_served(project), rules) == 0:
        return None
    if reason is not None:
        return accept_gap(project, 0, reason, rules=rules)
    check_coverage(project, 0, rules=rules)
    return None


def check_coverage(project: Project, size: int, *, rules: Rules) -> None:
    """When a frame is registered, and again when it is drawn from: meanwhile more people may have been served. Raises
    FrameTooSmall."""
    served = people_served(project)
    needed = _needed(served, rules)
    gap = project.frame_gap.fact if project.frame_gap else None
    if size < needed and not (gap and size >= gap.size and served <= gap.people_served):
        raise FrameTooSmall(size=size, people_served=served, needed=needed)


def _needed(served: int, rules: Rules) -> int:
    return int((rules.sampling.coverage * served).to_integral_value(ROUND_CEILING))
