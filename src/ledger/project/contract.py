"""Contract and publication (N11, N12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.core.action import CONTRACTOR, OFFICE, Action
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, PastDate
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.dates import check_signed_after
from ledger.programme import Programme
from ledger.project.clauses import Clauses, check_instalments
from ledger.project.due import last_day
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.funding import check_amount
from ledger.project.payments import PaidUnder, paid
from ledger.project.status import Status
from ledger.project.support import check_answered_or_deferred
from ledger.refusals.general import StepOutOfOrder
from ledger.rules import Rules
from ledger.values import CivilDate, Code, Digest, Document, Frozen, Label, Line, Money, Period, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

CONTRACT = Action("contract", CONTRACTOR, Words("签订合同", "sign a contract"), citing=True)
AMEND_CONTRACT = Action("amend_contract", CONTRACTOR, Words("变更合同", "amend a contract"), citing=True)
LAPSE = Action("lapse", CONTRACTOR, Words("认定逾期未签约", "let an unsigned approval lapse"))
PUBLISH = Action("publish", OFFICE, Words("公布项目", "publish projects"))


class ReportedDueChanged(Refusal):
    kind = Kind.CONFLICT
    zh = "进度阶段 {milestone} 已报送，期限 {due} 不能再改。"
    en = "The milestone {milestone} has been reported; its due date {due} can no longer change."


class AmountUnderPaid(Refusal):
    kind = Kind.CONFLICT
    zh, en = "已付款 {paid}，合同金额不能降为 {amount}。", "{paid} was paid; the contract cannot come down to {amount}."


class SigningStillPossible(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh = "签约期限为 {sign_by}，尚未过期。"
    en = "The contract may be signed until {sign_by}; nothing has lapsed yet."


class MilestonesIncomplete(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "合同须为每个进度阶段各定一个不早于前一阶段的日期：{milestones}。",
        "A contract gives each milestone one due date, none before the last one's: {milestones}.",
    )


class ContractNumberTwice(Refusal):
    kind = Kind.CONFLICT
    zh, en = "合同编号 {number} 不能用于两份合同。", "The contract number {number} stands for two contracts."


class DueDateOutsidePeriod(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "报送期限 {due} 不在合同期 {start} 至 {end} 内。",
        "The due date {due} is outside the contract's period {start} to {end}.",
    )


class DueDateOutsidePhase(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "报送期限 {due} 不在本计划的实施阶段（{phase}，{start} 至 {end}）内。",
        "The due date {due} is outside the programme's phase {phase}, in which projects are carried out "
        "({start} to {end}).",
    )


class MilestoneDue(Frozen):
    milestone: Code
    due_on: CivilDate


class ContractSigned(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("due", "authority", "party")),
    named=Words("合同签订", "contract"),
    ocds="contract",
    audit=Audit.EXAMINED,
):
    """N11: the contract between the authority and the organisation. `original_sha256` is of the sealed paper."""

    sentence: ClassVar[Words] = Words(
        "{authority}与{party}签订合同 {number}，期限 {period}。",
        "{authority} and {party} signed contract {number} for {period}.",
    )
    also: ClassVar[Mapping[str, Words]] = {"amount": Words("金额 {amount}。", "Amount: {amount}.")}

    type: Literal["ContractSigned"] = "ContractSigned"
    number: Line
    authority: Label
    party: Label
    signed_on: PastDate
    period: Period
    services: Text
    amount: Money | None
    due: tuple[MilestoneDue, ...]
    original_sha256: Digest | None
    clauses: Clauses | None

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, contract=self, contract_version=recorded.version)

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> ContractSigned:
        return sign(
            project,
            number=self.number,
            authority=self.authority,
            party=self.party,
            signed_on=self.signed_on,
            period=self.period,
            services=self.services,
            amount=self.amount,
            due=self.due,
            original_sha256=self.original_sha256,
            clauses=self.clauses,
            programme=ground.programme,
        )

    def citations(self) -> tuple[Document, ...]:
        # The paper has no name of its own, but the contract's number.
        return (Document(name=self.number, sha256=self.original_sha256),) if self.original_sha256 else ()


class Published(
    ProjectFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(void=Words("已公布的不能收回。", "what was published cannot be unpublished.")),
    named=Words("公布", "publication"),
    ocds="contractUpdate",
    audit=Audit.REGULAR,
):
    """N12: the confirmed project is made public, together with its history."""

    sentence: ClassVar[Words] = Words("公布项目：{notice}", "Published: {notice}")

    type: Literal["Published"] = "Published"
    notice: Label

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, published=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Published:
        return publish(project, self.notice)


class ContractAmended(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("due",)),
    named=Words("合同变更", "contract amendment"),
    ocds="contractAmendment",
    audit=Audit.EXAMINED,
):
    """N11: from now on the contract reads so; all of its terms, also those that stay."""

    sentence: ClassVar[Words] = Words(
        "变更合同 {number}，期限 {period}：{reason}", "Amended contract {number}, now for {period}: {reason}"
    )
    also: ClassVar[Mapping[str, Words]] = {"amount": Words("金额 {amount}。", "Amount: {amount}.")}

    type: Literal["ContractAmended"] = "ContractAmended"
    number: Line
    signed_on: PastDate
    period: Period
    services: Text
    amount: Money | None
    due: tuple[MilestoneDue, ...]
    original_sha256: Digest | None
    clauses: Clauses | None
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, amendments=(*project.amendments, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> ContractAmended:
        return amend(
            project,
            number=self.number,
            signed_on=self.signed_on,
            period=self.period,
            services=self.services,
            amount=self.amount,
            due=self.due,
            original_sha256=self.original_sha256,
            clauses=self.clauses,
            reason=self.reason,
            programme=ground.programme,
        )

    def citations(self) -> tuple[Document, ...]:
        # The paper has no name of its own, but the contract's number.
        return (Document(name=self.number, sha256=self.original_sha256),) if self.original_sha256 else ()


class Lapsed(
    ProjectFact,
    audience=Audience.NEVER,
    correction=CorrectionRule(fixed=("sign_by",)),
    named=Words("逾期未签约", "lapse"),
    audit=Audit.EXAMINED,
):
    """Approved, but the contract was not signed by `sign_by`."""

    sentence: ClassVar[Words] = Words(
        "{sign_by} 前未签约，批准失效：{reason}", "Not signed by {sign_by}; the approval lapsed: {reason}"
    )

    type: Literal["Lapsed"] = "Lapsed"
    sign_by: CivilDate
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, lapsed=self)

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Lapsed:
        return lapse(project, self.reason, rules=ground.rules, today=ground.day(recorded))


@dataclass(frozen=True)
class ContractState(ProjectState):
    lapsed: Lapsed | None = None
    contract: ContractSigned | None = None
    contract_version: int | None = None
    amendments: tuple[Occurrence[ContractAmended], ...] = ()
    published: Occurrence[Published] | None = None

    @property
    def terms(self) -> ContractSigned | ContractAmended | None:
        """The contract as it reads now."""
        return self.amendments[-1].fact if self.amendments and self.contract else self.contract

    @property
    def terms_version(self) -> int | None:
        return self.amendments[-1].version if self.amendments and self.contract else self.contract_version


UNDER_CONTRACT = frozenset(
    {Status.CONTRACTED, Status.PUBLISHED, Status.IN_DELIVERY, Status.SUSPENDED, Status.COMPLETED}
)


def sign(
    project: Project,
    *,
    number: str,
    signed_on: date,
    period: Period,
    services: str,
    amount: Money | None,
    due: Sequence[MilestoneDue],
    original_sha256: str | None,
    clauses: Clauses | None = None,
    authority: str,
    party: str,
    programme: Programme,
) -> ContractSigned:
    """N11: after the approval, when all support that was asked for is answered or being arranged; the authority and
    the party, services, money, and a due date for each milestone, in order, within the period and the phase of
    delivery. `party` is the organisation, or the body that contracts for one without legal personality."""
    if project.status is not Status.APPROVED:
        raise StepOutOfOrder(status=project.status, command=CONTRACT)
    assert project.approved
    check_answered_or_deferred(project)
    check_signed_after(project.approved.on, signed_on)
    _check_terms(project, period, amount, due, programme)
    check_instalments(clauses.instalments if clauses else None, amount)
    return ContractSigned(
        number=number,
        authority=authority,
        party=party,
        signed_on=signed_on,
        period=period,
        services=services,
        amount=amount,
        due=tuple(due),
        original_sha256=original_sha256,
        clauses=clauses,
    )


def amend(
    project: Project,
    *,
    number: str,
    signed_on: date,
    period: Period,
    services: str,
    amount: Money | None,
    due: Sequence[MilestoneDue],
    original_sha256: str | None,
    clauses: Clauses | None = None,
    reason: str,
    programme: Programme,
) -> ContractAmended:
    """N11: replaces all terms, from the signing until the project ends. Past reports keep their due dates."""
    # A correction may have voided the contract of a project that goes on.
    if project.status not in UNDER_CONTRACT or project.terms is None:
        raise StepOutOfOrder(status=project.status, command=AMEND_CONTRACT)
    check_signed_after(project.terms.signed_on, signed_on)
    _check_terms(project, period, amount, due, programme)
    check_instalments(clauses.instalments if clauses else None, amount)
    given, so_far = amount.amount if amount else Decimal(0), paid(project, PaidUnder.SUPPORT)
    if given < so_far:
        raise AmountUnderPaid(paid=format(so_far, "f"), amount=format(given, "f"))
    reported = {report.fact.milestone for report in project.reports}
    now = {item.milestone: item.due_on for item in due}
    for item in project.terms.due:
        if item.milestone in reported and now.get(item.milestone) != item.due_on:
            raise ReportedDueChanged(milestone=item.milestone, due=item.due_on.isoformat())
    return ContractAmended(
        number=number,
        signed_on=signed_on,
        period=period,
        services=services,
        amount=amount,
        due=tuple(due),
        original_sha256=original_sha256,
        clauses=clauses,
        reason=reason,
    )


def _check_terms(
    project: Project, period: Period, amount: Money | None, due: Sequence[MilestoneDue], programme: Programme
) -> None:
    rules = programme.rules
    if amount:
        granted = project.approved.fact.amount if project.approved else None
        check_amount(amount, granted.amount if granted else Decimal(0), rules)
    days = [item.due_on for item in due]
    if tuple(item.milestone for item in due) != rules.milestone_order or days != sorted(days):
        raise MilestonesIncomplete(milestones=", ".join(rules.milestone_order))
    for day in days:
        if not period.start <= day <= period.end:
            raise DueDateOutsidePeriod(due=day.isoformat(), start=period.start.isoformat(), end=period.end.isoformat())
    if phase := rules.phase_of("report"):
        end = programme.last_day(phase)
        for day in days:
            if not phase.start <= day <= end:
                raise DueDateOutsidePhase(
                    due=day.isoformat(), phase=phase.code, start=phase.start.isoformat(), end=end.isoformat()
                )


def sign_by(project: Project, rules: Rules) -> date:
    """The last day to sign the contract of an approved project."""
    assert project.approved
    return last_day(project.approved.on + timedelta(days=rules.deadlines.signing), rules)


def lapse(project: Project, reason: str, *, rules: Rules, today: date) -> Lapsed:
    """N11: approved, and not signed in time. Until this is recorded, a signature is still possible."""
    if project.status is not Status.APPROVED:
        raise StepOutOfOrder(status=project.status, command=LAPSE)
    day = sign_by(project, rules)
    if today <= day:
        raise SigningStillPossible(sign_by=day.isoformat())
    return Lapsed(sign_by=day, reason=reason)


def publish(project: Project, notice: str) -> Published:
    """N12: confirmed projects, that is those with a contract."""
    if project.status is not Status.CONTRACTED:
        raise StepOutOfOrder(status=project.status, command=PUBLISH)
    return Published(notice=notice)
