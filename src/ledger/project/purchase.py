"""Government purchase by competition (N15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import LEADING_GROUP, PARTY, Action, Scope
from ledger.core.changed import changed
from ledger.core.correctable import FREE, CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, PastDate, Role, Score
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.dates import check_signed_after
from ledger.project.application import Beneficiaries
from ledger.project.assignment import Judging, check_assigned
from ledger.project.clauses import Instalments, check_instalments, instalments_told
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.funding import check_amount, check_funding, requested_in
from ledger.project.status import Status
from ledger.refusals.general import StepOutOfOrder
from ledger.rules import Rules
from ledger.values import Digest, Document, FundingLine, Line, Money, Period, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

ENTER_COMPETITION = Action("enter_competition", PARTY, Words("参加竞争", "enter the competition"))
SCORE = Action("score", {Role.JUROR: Scope.ALL}, Words("打分", "score an entry"), judging=True)
PURCHASE = Action("purchase", LEADING_GROUP, Words("选定购买项目", "select entries for purchase"), judging=True)
FORFEIT = Action("forfeit", {**PARTY, **LEADING_GROUP}, Words("放弃入选", "give up a selection"))
SIGN_PURCHASE = Action(
    "sign_purchase", LEADING_GROUP, Words("签订购买服务合同", "sign a purchase contract"), judging=True, citing=True
)


class AlreadyEntered(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "此项目已参加竞选。", "The project has entered the competition already."


class NotEntered(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "此项目未参加竞选。", "The project has not entered the competition."


class AlreadyScored(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "本评委已为此项目打分。", "This juror has scored the project already."


class ScoresMissing(Refusal):
    kind = Kind.CONFLICT
    zh, en = "需要 {needed} 位评委打分，现有 {found} 位。", "{needed} jurors must score; {found} have."


class AlreadySelected(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此项目已中选。", "The project has been selected already."


class NotSelected(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "此项目未中选，或已放弃名额。", "The project is not selected, or gave its place up."


class PurchaseContractThere(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "购买服务合同已签订。", "The purchase contract has been signed already."


class EnteredCompetition(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=FREE,
    named=Words("参加竞争", "entry into the competition"),
    audit=Audit.OWN_ACT,
    ocds="tenderUpdate",
):
    """N15: the proposal 策划方案 with which a confirmed project enters the competition."""

    sentence: ClassVar[Words] = Words("参加政府购买服务竞选：{goals}", "Entered the competition: {goals}")

    type: Literal["EnteredCompetition"] = "EnteredCompetition"
    goals: Text
    tasks: Text
    funding: tuple[FundingLine, ...] = Field(max_length=4)
    beneficiaries: Beneficiaries

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, entry=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> EnteredCompetition:
        return enter(
            project,
            goals=self.goals,
            tasks=self.tasks,
            funding=self.funding,
            beneficiaries=self.beneficiaries,
            rules=ground.rules,
        )


class Scored(
    ProjectFact,
    audience=Audience.CONFIDENTIAL,
    correction=CorrectionRule(fixed=("juror",)),
    named=Words("打分", "juror's score"),
    credit=False,
    audit=Audit.REGULAR,
):
    """N15: one juror's score. `juror` is a pseudonym, the same for one juror in one project."""

    sentence: ClassVar[Words] = Words("评委打分 {score}：{reason}", "A juror's score, {score}: {reason}")

    type: Literal["Scored"] = "Scored"
    juror: UUID
    score: Score
    reason: Text

    def judged_by(self) -> UUID:
        return self.juror

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, scores=(*project.scores, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Scored:
        return score(project, juror=self.juror, points=self.score, reason=self.reason)


# Others have got the place since, or the money was paid again: what is void is recorded again, not brought back.
class Purchased(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(
        fixed=("place", "places", "jurors", "score", "amount", "replaces", "document_number"), again=False
    ),
    named=Words("入选", "selection"),
    ocds="award",
    audit=Audit.EXAMINED,
    consents=True,
):
    """N15: the leading group selects the project 中选. `score` is the jurors' mean, as a decimal of two places, and
    `jurors` how many scored; `replaces` names the project whose forfeited place is given on."""

    sentence: ClassVar[Words] = Words(
        "中选政府购买服务，第 {place} 个名额，金额 {amount}（{document_number}）。",
        "Selected for government purchase, place {place}, {amount} ({document_number}).",
    )

    type: Literal["Purchased"] = "Purchased"
    place: Annotated[int, Field(ge=1)]
    places: Annotated[int, Field(ge=1)]
    jurors: Annotated[int, Field(ge=0)]
    score: Line | None
    amount: Money
    document_number: Line
    reason: Text
    replaces: UUID | None

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, purchased=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Purchased:
        return select(
            project,
            place=self.place,
            places=self.places,
            amount=self.amount,
            document_number=self.document_number,
            reason=self.reason,
            replaces=self.replaces,
            rules=ground.rules,
        )


class PurchaseForfeited(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(again=False),
    named=Words("入选放弃", "forfeiture"),
    ocds="awardCancellation",
    audit=Audit.EXAMINED,
):
    """N15: the selected project gives its place up, or loses it before the purchase contract is signed."""

    sentence: ClassVar[Words] = Words("放弃中选名额：{reason}", "Gave the purchase up: {reason}")

    type: Literal["PurchaseForfeited"] = "PurchaseForfeited"
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, forfeited=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> PurchaseForfeited:
        return forfeit(project, self.reason)


class ContractRelation(StrEnum):
    SUPPLEMENTS = "supplements"
    SUPERSEDES = "supersedes"


class PurchaseContractSigned(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("amount", "relation"), again=False),
    named=Words("购买服务合同签订", "purchase contract"),
    ocds="contract",
    audit=Audit.EXAMINED,
):
    """N15: the leading group's contract 政府购买服务合同, which supplements the first one or replaces it."""

    sentence: ClassVar[Words] = Words(
        "签订购买服务合同 {number}（{relation}），金额 {amount}。",
        "Signed purchase contract {number} ({relation}) over {amount}.",
    )

    type: Literal["PurchaseContractSigned"] = "PurchaseContractSigned"
    number: Line
    signed_on: PastDate
    period: Period
    services: Text
    amount: Money
    relation: ContractRelation
    original_sha256: Digest | None
    instalments: Instalments | None

    def told(self, tell: Teller) -> str:
        return tell.joined(tell.fill(self.sentence, self), *instalments_told(tell, self.instalments))

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, purchase_contract=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> PurchaseContractSigned:
        return sign_purchase(
            project,
            number=self.number,
            signed_on=self.signed_on,
            period=self.period,
            services=self.services,
            amount=self.amount,
            relation=self.relation,
            original_sha256=self.original_sha256,
            instalments=self.instalments,
            rules=ground.rules,
        )

    def citations(self) -> tuple[Document, ...]:
        return (Document(name=self.number, sha256=self.original_sha256),) if self.original_sha256 else ()


@dataclass(frozen=True)
class PurchaseState(ProjectState):
    entry: Occurrence[EnteredCompetition] | None = None
    scores: tuple[Occurrence[Scored], ...] = ()
    purchased: Occurrence[Purchased] | None = None
    forfeited: Occurrence[PurchaseForfeited] | None = None
    purchase_contract: Occurrence[PurchaseContractSigned] | None = None


RUNNING = (Status.PUBLISHED, Status.IN_DELIVERY, Status.COMPLETED)
CENT = Decimal("0.01")


def enter(
    project: Project,
    *,
    goals: str,
    tasks: str,
    funding: Sequence[FundingLine],
    beneficiaries: Beneficiaries,
    rules: Rules,
) -> EnteredCompetition:
    """N15: a confirmed project with its proposal 策划方案."""
    if project.status not in (Status.PUBLISHED, Status.IN_DELIVERY):
        raise StepOutOfOrder(status=project.status, command=ENTER_COMPETITION)
    if project.entry:
        raise AlreadyEntered()
    check_funding(funding, rules)
    return EnteredCompetition(goals=goals, tasks=tasks, funding=tuple(funding), beneficiaries=beneficiaries)


def score(project: Project, *, juror: UUID, points: int, reason: str) -> Scored:
    """N15: one juror, one score, until the project is selected."""
    _check_entered(project, "score")
    if project.purchased:
        raise AlreadySelected()
    check_assigned(project, Judging.SCORE, juror)
    if any(found.fact.juror == juror for found in project.scores):
        raise AlreadyScored()
    return Scored(juror=juror, score=points, reason=reason)


def mean_score(project: Project) -> Decimal | None:
    """The jurors' mean with two decimals."""
    points = [found.fact.score for found in project.scores]
    return (Decimal(sum(points)) / len(points)).quantize(CENT, ROUND_HALF_UP) if points else None


def select(
    project: Project,
    *,
    amount: Money,
    document_number: str,
    reason: str,
    place: int,
    places: int,
    replaces: UUID | None,
    rules: Rules,
) -> Purchased:
    """N15: the leading group's decision, on an entry that enough jurors scored, for no more than it asked for. What is
    completed, suspended or terminated has nothing left to be purchased."""
    _check_entered(project, "purchase")
    if project.status is Status.COMPLETED:
        raise StepOutOfOrder(status=project.status, command=PURCHASE)
    assert project.entry
    if project.purchased:
        raise AlreadySelected()
    if len(project.scores) < rules.competition.jurors:
        raise ScoresMissing(needed=rules.competition.jurors, found=len(project.scores))
    check_amount(amount, requested_in(project.entry.fact.funding), rules)
    mean = mean_score(project)
    return Purchased(
        place=place,
        places=places,
        jurors=len(project.scores),
        score=None if mean is None else format(mean, "f"),
        amount=amount,
        document_number=document_number,
        reason=reason,
        replaces=replaces,
    )


def forfeit(project: Project, reason: str) -> PurchaseForfeited:
    """N15: before the purchase contract is signed. The place does not become free by itself."""
    if project.purchased is None or project.forfeited:
        raise NotSelected()
    if project.purchase_contract:
        raise PurchaseContractThere()
    return PurchaseForfeited(reason=reason)


def sign_purchase(
    project: Project,
    *,
    number: str,
    signed_on: date,
    period: Period,
    services: str,
    amount: Money,
    relation: ContractRelation,
    original_sha256: str | None,
    instalments: Instalments | None = None,
    rules: Rules,
) -> PurchaseContractSigned:
    """N15: 政府购买服务合同, for no more than was selected."""
    if project.status not in RUNNING:
        raise StepOutOfOrder(status=project.status, command=SIGN_PURCHASE)
    if project.purchased is None or project.forfeited:
        raise NotSelected()
    if project.purchase_contract:
        raise PurchaseContractThere()
    check_signed_after(project.purchased.on, signed_on)
    check_amount(amount, project.purchased.fact.amount.amount, rules)
    check_instalments(instalments, amount)
    return PurchaseContractSigned(
        number=number,
        signed_on=signed_on,
        period=period,
        services=services,
        amount=amount,
        relation=relation,
        original_sha256=original_sha256,
        instalments=instalments,
    )


def _check_entered(project: Project, command: str) -> None:
    if project.status not in RUNNING:
        raise StepOutOfOrder(status=project.status, command=command)
    if project.entry is None:
        raise NotEntered()
