"""待追缴: public money that should have come back before the closing and could not be had (N15)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.core.action import CONTRACTOR, Action
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.project.evaluation import AT_THE_END
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.payments import owed, returned_in_all
from ledger.refusals.general import StepOutOfOrder
from ledger.rules import Rules
from ledger.values import Money, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

RECORD_RECOVERY = Action(
    "record_recovery", CONTRACTOR, Words("列入待追缴", "record money as still to be recovered"), judging=True
)


class NothingOwed(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "没有应退而未退的资金。", "Nothing is left to be given back."


class RecoveryRecordedAlready(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "{amount} 已列入待追缴。", "{amount} are recorded as still to be recovered already."


class RefundMissing(Refusal):
    kind = Kind.CONFLICT
    zh = "应退 {refund}，已退 {refunded}；请先退回，确实无法收回的列入待追缴。"
    en = (
        "{refunded} of the {refund} to be given back are there; record a refund first, or what cannot be had as still "
        "to be recovered."
    )


class RecoveryRecorded(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("amount",)),
    named=Words("待追缴", "money to be recovered"),
    ocds="implementationUpdate",
    audit=Audit.EXAMINED,
):
    """N15: `amount` should have been given back and could not be had; it stays on the credit record until it comes."""

    sentence: ClassVar[Words] = Words("{amount} 列入待追缴：{reason}", "Still to be recovered, {amount}: {reason}")

    type: Literal["RecoveryRecorded"] = "RecoveryRecorded"
    amount: Money
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, recovery=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> RecoveryRecorded:
        return record(project, self.reason, rules=ground.rules)


@dataclass(frozen=True)
class RecoveryState(ProjectState):
    recovery: Occurrence[RecoveryRecorded] | None = None


def record(project: Project, reason: str, *, rules: Rules) -> RecoveryRecorded:
    """N15: by the authority that contracted, at the end, of all that is owed then; again when more is."""
    if project.status not in AT_THE_END:
        raise StepOutOfOrder(status=project.status, command=RECORD_RECOVERY)
    left = owed(project)
    if not left:
        raise NothingOwed()
    if is_recorded(project):
        raise RecoveryRecordedAlready(amount=format(left, "f"))
    return RecoveryRecorded(amount=Money(amount=left, currency=rules.currency), reason=reason)


def check_given_back(project: Project) -> None:
    """Before closing."""
    if not is_recorded(project):
        back = returned_in_all(project)
        raise RefundMissing(refund=format(owed(project) + back, "f"), refunded=format(back, "f"))


def is_recorded(project: Project) -> bool:
    """Whether all that is owed is recorded as still to be recovered."""
    recorded = project.recovery.fact.amount.amount if project.recovery else Decimal(0)
    return owed(project) <= recorded
