"""A programme with one organisation, and projects of it as far as they are needed."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from tests.support import LEADING_GROUP, MEMBERS, OFFICE

from bench.http import application
from ledger.accounts import Account
from ledger.commands import applications, contracts, organisations, programmes, reviews
from ledger.commands.organisations import Registration
from ledger.identifiers import Identifier
from ledger.organisation.registration import OrganisationKind
from ledger.project.contract import MilestoneDue
from ledger.project.delivery import Milestone
from ledger.project.review import Judgement, ScoredJudgement
from ledger.rules import beijing_2010
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext
from ledger.values import Money, Period

GRANTED = Money(amount=Decimal(50000), currency="CNY")


async def contract_one(ledger: Ledger, organisation: Account) -> UUID:
    """A project that may be published."""
    body = applications.Application.model_validate_json(application(str(organisation.body), contact=False))
    project = (await applications.apply(ledger, CommandContext(organisation), body)).id
    passed = Judgement(passed=True, reason="示例")
    for member in MEMBERS[:3]:
        opinion = reviews.ReviewBody(
            application_version=1,
            public_benefit=passed,
            non_profit=passed,
            feasibility=ScoredJudgement(score=80, reason="示例"),
        )
        await reviews.review(ledger, CommandContext(member), project, opinion)
    approval = reviews.Approval(application_version=1, document_number="示例1号", reason="示例", amount=GRANTED)
    await reviews.approve(ledger, CommandContext(LEADING_GROUP), project, approval)
    day = date(2010, 3, 1)
    signed = contracts.Contract(
        number="示例1号",
        signed_on=day,
        period=Period(start=day, end=date(2010, 11, 30)),
        services="示例",
        amount=GRANTED,
        due=tuple(MilestoneDue(milestone=milestone, due_on=day) for milestone in Milestone),
    )
    await contracts.sign(ledger, CommandContext(OFFICE), project, signed)
    return project


async def publish_one(ledger: Ledger, organisation: Account) -> UUID:
    """A project that may report."""
    project = await contract_one(ledger, organisation)
    publication = contracts.Publication(projects=(project,), notice="示例公告")
    await contracts.publish(ledger, CommandContext(OFFICE), "beijing-2010", publication)
    return project


async def open_programme(ledger: Ledger) -> UUID:
    """Beijing 2010 with one organisation of the city."""
    await programmes.announce(ledger, CommandContext(OFFICE), beijing_2010())
    registration = Registration(
        identifiers=(Identifier(scheme="CN-REG", id="bench"),),
        name="示例协会",
        kind=OrganisationKind.ASSOCIATION,
    )
    return (await organisations.register(ledger, CommandContext(OFFICE), registration)).id
