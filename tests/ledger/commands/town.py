"""A programme, an organisation of a district, and its project before the committee, on a real ledger."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from tests.ledger.forms import review_of
from tests.ledger.project.given import form_body
from tests.support import LEADING_GROUP, MEMBERS, OFFICE, HandClock, account, open_ledger, small_programme

from ledger.accounts import Account
from ledger.commands.application import Application
from ledger.commands.organisation import Registration
from ledger.commands.programme import announce
from ledger.commands.review import Approval, Rejection
from ledger.commands.screening import HandIn, Screening
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

    async def apply(self, who: Account | None = None) -> UUID:
        body = Application(programme=CODE, organisation=self.organisation, form=form_body())
        return (await self.ledger.transact(CommandContext(who or self.own), body.decide)).id

    async def screen(
        self, project: UUID, result: ScreeningResult = ScreeningResult.PASSED, who: Account = DISTRICT
    ) -> Receipt:
        body = Screening(application_version=1, result=result, reason="示例。")
        return await self.ledger.transact(CommandContext(who), body.on(project))

    async def hand_in(self, *projects: UUID) -> Receipt:
        body = HandIn(projects=projects, notice="示例上报")
        return await self.ledger.transact(CommandContext(DISTRICT), body.on(CODE))

    async def review(self, project: UUID, who: Account) -> Receipt:
        return await self.ledger.transact(CommandContext(who), review_of(1, True).on(project))

    async def reviewed(self) -> UUID:
        project = await self.apply()
        await self.screen(project)
        await self.hand_in(project)
        for member in MEMBERS[:3]:
            await self.review(project, member)
        return project

    async def approve(self, project: UUID, who: Account = LEADING_GROUP, number: str | None = None) -> Receipt:
        body = Approval(application_version=1, document_number=number, reason="同意。")
        return await self.ledger.transact(CommandContext(who), body.on(project))

    async def reject(self, project: UUID, who: Account = LEADING_GROUP, number: str | None = None) -> Receipt:
        body = Rejection(application_version=1, document_number=number, reason="不足。")
        return await self.ledger.transact(CommandContext(who), body.on(project))


@asynccontextmanager
async def open_town(database: Database, toml: str | None = None) -> AsyncIterator[Town]:
    clock = HandClock()
    async with open_ledger(database, clock) as ledger:
        await ledger.transact(CommandContext(OFFICE), announce(toml or small_programme()))
        registration = Registration(
            identifiers=(Identifier(scheme="CN-REG", id="示例0001"),),
            name="示例助老服务中心",
            kind=OrganisationKind.ASSOCIATION,
            district="110101",
        )
        organisation = (await ledger.transact(CommandContext(OFFICE), registration.decide)).id
        yield Town(ledger, clock, organisation, account(Role.ORGANISATION, organisation))


def as_role(who: Account, role: Role, body: str | None = None) -> Account:
    """The same account in another role, which somebody may be given later."""
    return replace(who, role=role, body=body)
