"""A programme, an organisation of a district, and its project before the committee, on a real ledger."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from tests.ledger.forms import review_of
from tests.ledger.project.given import form
from tests.support import LEADING_GROUP, MEMBERS, OFFICE, HandClock, account, open_ledger, small_programme

from ledger.accounts import Account
from ledger.commands import applications, organisations, programmes, reviews, screening
from ledger.core.fact import Role
from ledger.database import Database
from ledger.identifiers import Identifier
from ledger.organisation.registration import OrganisationKind
from ledger.project.screening import ScreeningResult
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt

CODE = "beijing-2010"
DISTRICT = account(Role.DISTRICT, "110101")


@dataclass(frozen=True)
class Town:
    ledger: Ledger
    clock: HandClock
    organisation: UUID
    own: Account

    async def apply(self) -> UUID:
        body = applications.Application(programme=CODE, organisation=self.organisation, form=form())
        return (await applications.apply(self.ledger, CommandContext(self.own), body)).id

    async def screen(
        self, project: UUID, result: ScreeningResult = ScreeningResult.PASSED, who: Account = DISTRICT
    ) -> Receipt:
        body = screening.Screening(application_version=1, result=result, reason="示例。")
        return await screening.screen(self.ledger, CommandContext(who), project, body)

    async def hand_in(self, *projects: UUID) -> Receipt:
        body = screening.HandIn(projects=projects, notice="示例上报")
        return await screening.hand_in(self.ledger, CommandContext(DISTRICT), CODE, body)

    async def review(self, project: UUID, who: Account) -> Receipt:
        return await reviews.review(self.ledger, CommandContext(who), project, review_of(1, True))

    async def reviewed(self) -> UUID:
        project = await self.apply()
        await self.screen(project)
        await self.hand_in(project)
        for member in MEMBERS[:3]:
            await self.review(project, member)
        return project

    async def approve(self, project: UUID, who: Account = LEADING_GROUP, number: str | None = None) -> Receipt:
        body = reviews.Approval(application_version=1, document_number=number, reason="同意。")
        return await reviews.approve(self.ledger, CommandContext(who), project, body)

    async def reject(self, project: UUID, who: Account = LEADING_GROUP, number: str | None = None) -> Receipt:
        body = reviews.Rejection(application_version=1, document_number=number, reason="不足。")
        return await reviews.reject(self.ledger, CommandContext(who), project, body)


@asynccontextmanager
async def open_town(database: Database, toml: str | None = None) -> AsyncIterator[Town]:
    clock = HandClock()
    async with open_ledger(database, clock) as ledger:
        await programmes.announce(ledger, CommandContext(OFFICE), toml or small_programme())
        registration = organisations.Registration(
            identifiers=(Identifier(scheme="CN-REG", id="示例0001"),),
            name="示例助老服务中心",
            kind=OrganisationKind.ASSOCIATION,
            district="110101",
        )
        organisation = (await organisations.register(ledger, CommandContext(OFFICE), registration)).id
        yield Town(ledger, clock, organisation, account(Role.ORGANISATION, organisation))


def as_role(who: Account, role: Role, body: str | None = None) -> Account:
    """The same account in another role, which somebody may be given later."""
    return replace(who, role=role, body=body)
