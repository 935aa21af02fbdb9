"""结算: what a project received, spent and gave back of public money, before it is closed (N15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.core.action import CONTRACTOR, PARTY, Action
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.project.evaluation import AT_THE_END
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.payments import PaidUnder, paid, returned_in_all, spent_of_public
from ledger.refusals.general import StepOutOfOrder
from ledger.rules import Rules
from ledger.values import Money, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

STATE_SETTLEMENT = Action("state_settlement", PARTY, Words("提交结算", "state the settlement"))
CONFIRM_SETTLEMENT = Action("confirm_settlement", CONTRACTOR, Words("确认结算", "confirm the settlement"), judging=True)


class DifferenceUnexplained(Refusal):
    kind = Kind.INVALID
    zh = "收到 {received}，支出 {spent}，退回 {returned}，差额须作说明。"
    en = "{received} were received, {spent} spent and {returned} given back; explain the difference."


class SettlementMissing(Refusal):
    kind = Kind.CONFLICT
    zh, en = "尚未提交结算。", "The organisation has not stated the settlement."


class SettlementOutdated(Refusal):
    kind = Kind.CONFLICT
    zh = "该结算（版本 {statement}）提交后款项有变：现收到 {received}，支出 {spent}，退回 {returned}；请重新提交。"
    en = (
        "Since the settlement at version {statement} the figures have changed: {received} received, {spent} spent, "
        "{returned} given back; state it again."
    )


class SettlementUnconfirmed(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "结算（版本 {statement}）尚未经签约机关确认。",
        "The settlement at version {statement} was not confirmed by the authority.",
    )


class SettlementUnknown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "所指记录（版本 {statement}）不是现行结算。", "The settlement that stands is not at version {statement}."


class SettlementAlreadyConfirmed(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "该结算（版本 {statement}）已经确认。", "The settlement at version {statement} was confirmed already."


class SettlementStated(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("received", "spent", "returned")),
    named=Words("结算提交", "statement of settlement"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.OWN_ACT,
):
    """N15: public money by the ledger's own facts; the organisation explains what does not come out even."""

    sentence: ClassVar[Words] = Words(
        "结算：收到 {received}，支出 {spent}，退回 {returned}。",
        "Settlement: {received} received, {spent} spent, {returned} given back.",
    )
    cited: ClassVar[Words] = Words("{day}的结算", "the settlement of {day}")
    also: ClassVar[Mapping[str, Words]] = {"explanation": Words("差额：{explanation}", "Difference: {explanation}")}

    type: Literal["SettlementStated"] = "SettlementStated"
    received: Money
    spent: Money
    returned: Money
    explanation: Text | None

    @property
    def difference(self) -> Decimal:
        return self.received.amount - self.spent.amount - self.returned.amount

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, settlement=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> SettlementStated:
        return state(project, self.explanation, rules=ground.rules)


class Settled(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("statement",)),
    named=Words("结算确认", "settlement"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.EXAMINED,
):
    """N15: the authority that contracted confirms the settlement at version `statement`."""

    sentence: ClassVar[Words] = Words("确认{statement}。", "Confirmed {statement}.")
    also: ClassVar[Mapping[str, Words]] = {"note": Words("说明：{note}", "Note: {note}")}

    type: Literal["Settled"] = "Settled"
    statement: Version
    note: Text | None

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, settled=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Settled:
        return confirm(project, self.statement, self.note, rules=ground.rules)


@dataclass(frozen=True)
class SettlementState(ProjectState):
    settlement: Occurrence[SettlementStated] | None = None
    settled: Occurrence[Settled] | None = None


def state(project: Project, explanation: str | None, *, rules: Rules) -> SettlementStated:
    """N15: at the end, and again when the figures have changed; then it is confirmed again."""
    if project.status not in AT_THE_END:
        raise StepOutOfOrder(status=project.status, command=STATE_SETTLEMENT)
    stated = _figures(project, explanation, rules)
    if stated.difference and explanation is None:
        received, spent, back = _said(stated)
        raise DifferenceUnexplained(received=received, spent=spent, returned=back)
    return stated


def confirm(project: Project, statement: int, note: str | None, *, rules: Rules) -> Settled:
    """N15: the statement that stands, while its figures do."""
    if project.status not in AT_THE_END:
        raise StepOutOfOrder(status=project.status, command=CONFIRM_SETTLEMENT)
    if project.settlement is None or project.settlement.version != statement:
        raise SettlementUnknown(statement=statement)
    _check_current(project, project.settlement, rules)
    if is_confirmed(project):
        raise SettlementAlreadyConfirmed(statement=statement)
    return Settled(statement=statement, note=note)


def check_settled(project: Project, rules: Rules) -> None:
    """Before closing. Where no public money was paid, the statement is enough."""
    if project.settlement is None:
        raise SettlementMissing()
    _check_current(project, project.settlement, rules)
    if project.settlement.fact.received.amount and not is_confirmed(project):
        raise SettlementUnconfirmed(statement=project.settlement.version)


def is_confirmed(project: Project) -> bool:
    stated, settled = project.settlement, project.settled
    return stated is not None and settled is not None and settled.fact.statement == stated.version


def _check_current(project: Project, stated: Occurrence[SettlementStated], rules: Rules) -> None:
    now = _figures(project, stated.fact.explanation, rules)
    if now != stated.fact:
        received, spent, back = _said(now)
        raise SettlementOutdated(statement=stated.version, received=received, spent=spent, returned=back)


def _figures(project: Project, explanation: str | None, rules: Rules) -> SettlementStated:
    """`spent` is public money by the newest report, as everywhere (ledger/project/money.py)."""

    def money(amount: Decimal) -> Money:
        return Money(amount=amount, currency=rules.currency)

    return SettlementStated(
        received=money(sum((paid(project, under) for under in PaidUnder), Decimal(0))),
        spent=money(spent_of_public(project)),
        returned=money(returned_in_all(project)),
        explanation=explanation,
    )


def _said(stated: SettlementStated) -> tuple[str, str, str]:
    received, spent, back = (format(one.amount, "f") for one in (stated.received, stated.spent, stated.returned))
    return received, spent, back
