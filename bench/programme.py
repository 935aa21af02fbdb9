"""A programme with one organisation, and projects of it as far as they are needed."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from tests.support import LEADING_GROUP, MEMBERS, OFFICE

from bench.http import application
from ledger.accounts import Account
from ledger.commands.application import Application
from ledger.commands.contract import Contract, ContractTerms, Publication
from ledger.commands.organisation import Registration
from ledger.commands.programme import announce
from ledger.commands.review import Approval, ReviewBody
from ledger.identifiers import Identifier
from ledger.organisation.registration import OrganisationKind
from ledger.project.contract import MilestoneDue
from ledger.project.delivery import Milestone
from ledger.project.review import Judgement, ScoredJudgement
from ledger.rules import beijing_2010
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext
from ledger.values import Money, Period

DAY = date(2010, 3, 1)
GRANTED = Money(amount=Decimal(50000), currency="CNY")


async def review_one(ledger: Ledger, organisation: Account) -> UUID:
    """A project that may be approved."""
    body = Application.model_validate_json(application(str(organisation.body), contact=False))
    project = (await ledger.transact(CommandContext(organisation), body.decide)).id
    passed = Judgement(passed=True, reason="示例")
    for member in MEMBERS[:3]:
        opinion = ReviewBody(
            application_version=1,
            public_benefit=passed,
            non_profit=passed,
            feasibility=ScoredJudgement(score=80, reason="示例"),
        )
        await ledger.transact(CommandContext(member), opinion.on(project))
    return project


def terms(number: str) -> ContractTerms:
    return ContractTerms(
        number=number,
        signed_on=DAY,
        period=Period(start=DAY, end=date(2010, 11, 30)),
        services="示例",
        amount=GRANTED,
        due=tuple(MilestoneDue(milestone=milestone, due_on=DAY) for milestone in Milestone),
    )


async def contract_one(ledger: Ledger, organisation: Account) -> UUID:
    """A project that may be published."""
    project = await review_one(ledger, organisation)
    approval = Approval(application_version=1, reason="示例", amount=GRANTED)
    await ledger.transact(CommandContext(LEADING_GROUP), approval.on(project))
    signed = Contract.model_validate(terms("示例1号").model_dump())
    await ledger.transact(CommandContext(OFFICE), signed.on(project))
    return project


async def publish_one(ledger: Ledger, organisation: Account) -> UUID:
    """A project that may report."""
    project = await contract_one(ledger, organisation)
    publication = Publication(projects=(project,), notice="示例公告")
    await ledger.transact(CommandContext(OFFICE), publication.on("beijing-2010"))
    return project


async def open_programme(ledger: Ledger) -> UUID:
    """Beijing 2010 with one organisation of the city."""
    await ledger.transact(CommandContext(OFFICE), announce(beijing_2010()))
    registration = Registration(
        identifiers=(Identifier(scheme="CN-REG", id="bench"),),
        name="示例协会",
        kind=OrganisationKind.ASSOCIATION,
    )
    return (await ledger.transact(CommandContext(OFFICE), registration.decide)).id
