"""Given some facts, a project. The example facts are those of one project's life, in its order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from ledger.commands.application import FormBody
from ledger.core.envelope import Actor, Event, Recorded
from ledger.core.fact import Fact, Role
from ledger.identifiers import Identifier, programme_stream
from ledger.organisation.ending import Merged
from ledger.organisation.registration import OrganisationKind
from ledger.organisation.state import Organisation, Since
from ledger.programme import Programme, ProgrammeAnnounced
from ledger.project.application import Amended, ApplicationForm, Applied, Beneficiaries, SupportKind, SupportRequest
from ledger.project.contract import ContractSigned, MilestoneDue, Published
from ledger.project.delivery import Milestone, MilestoneReported
from ledger.project.earlier import EarlierProjectRecorded, EarlierResult
from ledger.project.evaluation import CriterionScore
from ledger.project.grant import GrantImported
from ledger.project.review import Approved, Judgement, Reviewed, ScoredJudgement
from ledger.project.state import Project, evolve
from ledger.rules import beijing_2010, read_rules
from ledger.values import FundingLine, FundingSource, Money, Period

Facts = tuple[Fact, ...]

PROJECT = UUID("00000000-0000-4000-8000-000000000001")
ORGANISATION = UUID("00000000-0000-4000-8000-000000000002")
MEMBERS = tuple(UUID(int=number) for number in range(101, 106))
DAY = date(2010, 2, 1)
RULES = read_rules(beijing_2010())
ANNOUNCED = ProgrammeAnnounced(code="beijing-2010", rules_toml=beijing_2010(), rules_sha256="0" * 64)
PROGRAMME = Programme(programme_stream("beijing-2010"), announced=ANNOUNCED)
# A programme that was announced before districts screened.
UNSCREENED = beijing_2010().replace("screening = true", "screening = false")
OLD_PROGRAMME = Programme(PROGRAMME.id, announced=ANNOUNCED.model_copy(update={"rules_toml": UNSCREENED}))
REGISTERED = Organisation(ORGANISATION, "示例助老服务中心", OrganisationKind.PRIVATE_NON_ENTERPRISE, "110101")
SUCCESSOR = Organisation(UUID(int=9), "示例接续中心", REGISTERED.kind, "110101")
MERGED = replace(
    REGISTERED,
    merged=Since(Merged(into=SUCCESSOR.id, into_name=SUCCESSOR.name, document_number="示例变更2号"), date(2010, 2, 1)),
)
CRITERIA = ("goals", "benefit", "funds")


def recorded(fact: Fact, version: int, on: date = DAY, position: int | None = None) -> Recorded:
    """A fact in its place; the position follows from the version unless it is given."""
    place = version * 10 if position is None else position
    at = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(hours=place)
    actor = Actor(role=Role.OFFICE, body=None, account="a" * 64, on_behalf_of=None)
    event = Event(fact=fact, effective_on=on, received_at=at, late_reason=None, actor=actor, nonce="0" * 32)
    return Recorded(position=place, stream=PROJECT, version=version, recorded_at=at, event=event)


def history(*facts: Fact) -> list[Recorded]:
    return [recorded(fact, version) for version, fact in enumerate(facts, 1)]


def given(*facts: Fact) -> Project:
    project = Project(PROJECT)
    for event in history(*facts):
        project = evolve(project, event)
    return project


def yuan(amount: str, currency: str = "CNY") -> Money:
    return Money(amount=Decimal(amount), currency=currency)


def funds(source: FundingSource, amount: str, currency: str = "CNY") -> FundingLine:
    return FundingLine(source=source, money=yuan(amount, currency))


FORM = ApplicationForm(
    title="示例：为独居老人送餐",
    category="elderly-disabled",
    content="每天为一百位独居老人送午餐。",
    plan="三月启动，十一月完成。",
    budget=(funds(FundingSource.OWN, "20000.00"), funds(FundingSource.REQUESTED, "30000.00")),
    beneficiaries=Beneficiaries(count=100, group="独居老人"),
    schedule=Period(start=date(2010, 3, 15), end=date(2010, 11, 15)),
    place="东城区",
    districts_served=None,
    legal_representative=None,
    supervising_unit=None,
    fit=None,
    support=(SupportRequest(kind=SupportKind.FUNDS, reason="自有资金不足。"),),
)
APPLIED = Applied(
    programme="beijing-2010",
    rules_sha256="0" * 64,
    organisation=ORGANISATION,
    organisation_name="示例助老服务中心",
    district="110101",
    form=FORM,
    contact=None,
    account=None,
)


# An organisation of the city, which no district screens.
OF_THE_CITY = APPLIED.model_copy(update={"district": None})


def form(**changes: Any) -> ApplicationForm:
    return FORM.model_copy(update=changes)


def form_body(**changes: Any) -> FormBody:
    return FormBody(**dict(form(**changes)))


def amendment(form: ApplicationForm, reason: str = "示例。") -> Amended:
    return Amended(form=form, contact=None, account=None, organisation=ORGANISATION, district="110101", reason=reason)


def reviewed(member: int = 0, version: int = 1, passed: bool = True, non_profit: bool = True) -> Reviewed:
    return Reviewed(
        application_version=version,
        member=MEMBERS[member],
        public_benefit=Judgement(passed=passed, reason="面向老人。"),
        non_profit=Judgement(passed=non_profit, reason="不收费。"),
        feasibility=ScoredJudgement(score=85, reason="人手充足。"),
    )


APPROVED = Approved(
    application_version=1,
    reviews=(2, 3, 4),
    amount=yuan("30000.00"),
    document_number="示例发〔2010〕1号",
    reason="符合条件。",
)
PERIOD = Period(start=date(2010, 3, 15), end=date(2010, 11, 15))
DUE = tuple(
    MilestoneDue(milestone=milestone, due_on=date(2010, month, 15))
    for milestone, month in zip(Milestone, (3, 5, 7, 9, 11), strict=True)
)
SIGNED = ContractSigned(
    number="示例合同2010-1",
    authority="示例民政局",
    party="示例助老服务中心",
    signed_on=date(2010, 3, 10),
    period=PERIOD,
    services="送餐服务。",
    amount=yuan("30000.00"),
    due=DUE,
    original_sha256=None,
    clauses=None,
)
PUBLISHED = Published(notice="示例公告第1号")


def reported(milestone: Milestone) -> MilestoneReported:
    return MilestoneReported(
        milestone=milestone,
        due_on=next(item.due_on for item in DUE if item.milestone == milestone),
        work_done="按计划进行。",
        spent=(),
        people_served=10,
        documents=(),
        summary="全部完成。" if milestone == Milestone.COMPLETION else None,
    )


def scores(*numbers: int) -> tuple[CriterionScore, ...]:
    return tuple(
        CriterionScore(criterion=criterion, score=number) for criterion, number in zip(CRITERIA, numbers, strict=True)
    )


GRANT = GrantImported(
    programme="360g-gb-chc-0000000",
    grant="360G-Example-1",
    title="Example grant",
    description=None,
    amount=yuan("25000", "GBP"),
    awarded_on=date(2009, 11, 30),
    planned=None,
    recipient=None,
    recipient_name="Example Charity",
    funder=Identifier(scheme="GB-CHC", id="0000000"),
    funder_name="Example Foundation",
    grant_programme=None,
    source_sha256="0" * 64,
)


EARLIER = EarlierProjectRecorded(
    programme="shili-2009",
    number="2009-017",
    title="示例：社区老人送餐",
    organisation=ORGANISATION,
    organisation_name="示例朝阳助老服务中心",
    district="110105",
    category="扶老助残",
    content=None,
    place=None,
    started_on=date(2009, 3, 1),
    ended_on=date(2009, 11, 30),
    result=EarlierResult.COMPLETED,
    people_served=120,
    granted=yuan("30000.00"),
    spent=None,
    evaluation=None,
    honour=None,
    document_number=None,
    source_sha256="0" * 64,
)


class AT:
    """A project's life: each stage with all that comes before it."""

    REVIEW: Facts = (APPLIED, reviewed(0), reviewed(1), reviewed(2))
    APPROVAL: Facts = (*REVIEW, APPROVED)
    CONTRACT: Facts = (*APPROVAL, SIGNED)
    PUBLICATION: Facts = (*CONTRACT, PUBLISHED)
    DELIVERY: Facts = (*PUBLICATION, reported(Milestone.START))
    COMPLETION: Facts = (*PUBLICATION, *map(reported, Milestone))
