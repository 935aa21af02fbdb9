"""Review by the committee, decision by the leading group (N8, N10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import UUID

from ledger.core.action import LEADING_GROUP, Action, Scope
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Role, Score, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.project.application import ApplicationState, requested_amount
from ledger.project.assignment import Judging, check_assigned
from ledger.project.fact import NOBODY, Occurrence, ProjectFact
from ledger.project.funding import check_amount
from ledger.project.screening import check_open, check_version
from ledger.rules import Rules
from ledger.values import Frozen, Line, Money, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

REVIEW = Action("review", {Role.COMMITTEE: Scope.ALL}, Words("评审", "review an application"), judging=True)
APPROVE = Action("approve", LEADING_GROUP, Words("批准", "approve a project"), judging=True)
REJECT = Action("reject", LEADING_GROUP, Words("不予批准", "reject a project"), judging=True)


class ReviewerMayNotDecide(Refusal):
    kind = Kind.FORBIDDEN
    whatever_is_said = True
    zh, en = "评审过此项目者不得审定。", "Who reviewed the project does not decide on it."


class AlreadyReviewed(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "本委员已评审此版本。", "This member has reviewed this version already."


class ReviewsMissing(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "需要 {needed} 份评审意见，现有 {found} 份。", "{needed} reviews are needed, {found} are there."


class ReviewsUnfavourable(Refusal):
    kind = Kind.CONFLICT
    zh = "公益性与非营利性须获 {needed} 位委员认可，现为 {found} 位。"
    en = "{needed} members must find public benefit and non-profit nature; {found} did."


class FeasibilityBelowFloor(Refusal):
    kind = Kind.CONFLICT
    zh = "可行性平均分低于 {floor} 分；仍予批准的，须另行说明理由。"
    en = "The mean score for feasibility is below {floor}; to approve all the same, say why (below_floor)."


class FeasibilityNotBelowFloor(Refusal):
    kind = Kind.CONFLICT
    zh = "可行性平均分不低于 {floor} 分，无须说明低于标准的理由。"
    en = "The mean score for feasibility is not below {floor}; leave out the reason for that."


class Judgement(Frozen):
    passed: bool
    reason: Text


class ScoredJudgement(Frozen):
    score: Score
    reason: Text


class Reviewed(
    ProjectFact,
    audience=Audience.CONFIDENTIAL,
    correction=CorrectionRule(fixed=("application_version", "member")),
    named=Words("评审", "review"),
    audit=Audit.REGULAR,
    consents=True,
):
    """N8: one member's examination. `member` is a pseudonym, the same for one member in one project."""

    sentence: ClassVar[Words] = Words("评审{application_version}。", "Reviewed {application_version}.")

    type: Literal["Reviewed"] = "Reviewed"
    application_version: Version
    member: UUID
    public_benefit: Judgement
    non_profit: Judgement
    feasibility: ScoredJudgement

    def judged_by(self) -> UUID:
        return self.member

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, reviews=(*project.reviews, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Reviewed:
        return review(
            project,
            application_version=self.application_version,
            member=self.member,
            public_benefit=self.public_benefit,
            non_profit=self.non_profit,
            feasibility=self.feasibility,
            rules=ground.rules,
        )


class Approved(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("application_version", "reviews", "document_number")),
    named=Words("批准", "approval"),
    ocds="award",
    audit=Audit.EXAMINED,
    consents=True,
):
    """N10: the leading group approves the version that was reviewed. `reviews` are versions of this stream."""

    sentence: ClassVar[Words] = Words(
        "批准立项（{document_number}）：{reason}", "Approved ({document_number}): {reason}"
    )
    also: ClassVar[Mapping[str, Words]] = {"amount": Words("金额 {amount}。", "Amount: {amount}.")}

    type: Literal["Approved"] = "Approved"
    application_version: Version
    reviews: tuple[Version, ...]
    amount: Money | None
    document_number: Line
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, approved=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Approved:
        decider = ground.members.get(recorded.account, NOBODY)
        return approve(
            project,
            application_version=self.application_version,
            amount=self.amount,
            document_number=self.document_number,
            reason=self.reason,
            below_floor=ground.waived.get(recorded.version),
            decider=decider,
            rules=ground.rules,
        )


class FloorWaived(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(void=Words("请作废该批准。", "void the approval itself."), fixed=("approval",)),
    named=Words("低于可行性标准的批准", "approval below the feasibility floor"),
    ocds="awardUpdate",
    audit=Audit.EXAMINED,
):
    """N8, N10: why the leading group approved, by the approval at version `approval`, although the mean of the reviews'
    scores for feasibility was below the programme's floor. The scores themselves stay confidential."""

    sentence: ClassVar[Words] = Words(
        "可行性评分低于计划标准，仍予批准：{reason}",
        "Approved although the scores for feasibility were below the programme's floor: {reason}",
    )

    type: Literal["FloorWaived"] = "FloorWaived"
    approval: Version
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return project

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> FloorWaived:
        # Whether a reason is needed, the approval itself is asked.
        return FloorWaived(approval=self.approval, reason=self.reason)


class Rejected(
    ProjectFact,
    audience=Audience.NEVER,
    correction=CorrectionRule(fixed=("application_version", "reviews", "document_number")),
    named=Words("不予批准", "rejection"),
    audit=Audit.EXAMINED,
    consents=True,
):
    """N10: the leading group rejects; an unsuccessful project is never public."""

    sentence: ClassVar[Words] = Words(
        "不予立项（{document_number}）：{reason}", "Rejected ({document_number}): {reason}"
    )

    type: Literal["Rejected"] = "Rejected"
    application_version: Version
    reviews: tuple[Version, ...]
    document_number: Line
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, rejected=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Rejected:
        decider = ground.members.get(recorded.account, NOBODY)
        return reject(
            project,
            application_version=self.application_version,
            document_number=self.document_number,
            reason=self.reason,
            decider=decider,
            rules=ground.rules,
        )


@dataclass(frozen=True)
class ReviewState(ApplicationState):
    reviews: tuple[Occurrence[Reviewed], ...] = ()
    approved: Occurrence[Approved] | None = None
    rejected: Occurrence[Rejected] | None = None

    @property
    def current_reviews(self) -> tuple[Occurrence[Reviewed], ...]:
        """The reviews of the application as it reads now."""
        return tuple(one for one in self.reviews if one.fact.application_version == self.form_version)


def review(
    project: Project,
    application_version: int,
    *,
    member: UUID,
    public_benefit: Judgement,
    non_profit: Judgement,
    feasibility: ScoredJudgement,
    rules: Rules,
) -> Reviewed:
    """N8: one member's examination of the version that the member saw."""
    check_open(project, rules, "review")
    check_version(project, application_version)
    check_assigned(project, Judging.REVIEW, member)
    if any(found.fact.member == member for found in project.current_reviews):
        raise AlreadyReviewed()
    return Reviewed(
        application_version=application_version,
        member=member,
        public_benefit=public_benefit,
        non_profit=non_profit,
        feasibility=feasibility,
    )


def approve(
    project: Project,
    application_version: int,
    *,
    decider: UUID,
    amount: Money | None,
    document_number: str,
    reason: str,
    rules: Rules,
    below_floor: str | None = None,
) -> Approved:
    """N10: never without the reviews it needs, never more money than was asked for, never by one who reviewed.
    `decider`: the pseudonym that a reviewer would have. `below_floor`: why it is approved although the reviews find it
    less feasible than the programme asks for."""
    reviews = _reviews_needed(project, application_version, decider, rules, "approve")
    favourable = sum(r.fact.public_benefit.passed and r.fact.non_profit.passed for r in reviews)
    if favourable < rules.review.favourable:
        raise ReviewsUnfavourable(needed=rules.review.favourable, found=favourable)
    floor = rules.review.floor
    is_below = sum(found.fact.feasibility.score for found in reviews) < floor * len(reviews)
    if is_below and below_floor is None:
        raise FeasibilityBelowFloor(floor=floor)
    if below_floor is not None and not is_below:
        raise FeasibilityNotBelowFloor(floor=floor)
    if amount:
        assert project.form is not None
        check_amount(amount, requested_amount(project.form), rules)
    return Approved(
        application_version=application_version,
        reviews=tuple(found.version for found in reviews),
        amount=amount,
        document_number=document_number,
        reason=reason,
    )


def reject(
    project: Project, application_version: int, *, decider: UUID, document_number: str, reason: str, rules: Rules
) -> Rejected:
    reviews = _reviews_needed(project, application_version, decider, rules, "reject")
    return Rejected(
        application_version=application_version,
        reviews=tuple(found.version for found in reviews),
        document_number=document_number,
        reason=reason,
    )


def _reviews_needed(
    project: Project, application_version: int, decider: UUID, rules: Rules, command: str
) -> tuple[Occurrence[Reviewed], ...]:
    check_open(project, rules, command)
    check_version(project, application_version)
    if any(found.fact.member == decider for found in project.reviews):
        raise ReviewerMayNotDecide()
    reviews = project.current_reviews
    if len(reviews) < rules.review.needed:
        raise ReviewsMissing(needed=rules.review.needed, found=len(reviews))
    return reviews
