"""Contract and publication (N11, N12)."""

from uuid import UUID

from pydantic import Field

from ledger import access
from ledger.access import Command
from ledger.aggregates import ORGANISATION
from ledger.commands.entry import Body, for_each, load_programme, load_project
from ledger.programme import check_phase
from ledger.project import contract
from ledger.project.contract import MilestoneDue
from ledger.project.state import Project
from ledger.rules import Rules
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import CivilDate, Digest, Line, Money, Period, Text


class Terms(Body):
    number: Line
    signed_on: CivilDate
    period: Period
    services: Text
    amount: Money | None = None
    due: tuple[MilestoneDue, ...] = Field(min_length=1, max_length=20)
    original_sha256: Digest | None = None


class Contract(Terms):
    """合同文本."""


async def sign(ledger: Ledger, context: CommandContext, project_id: UUID, body: Contract) -> Receipt:
    """N11: by the district for its own organisations, by the office for those of the city."""

    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.CONTRACT, "contract")
        assert project.applied is not None and project.holder is not None
        programme = await load_programme(work, project.applied.programme)
        code = project.holder.district
        district = rules.district(programme.successor_of(code)) if code else None
        authority = f"{district.name.zh}民政局" if district else rules.authority.zh
        organisation = await work.load(ORGANISATION, project.holder.organisation)
        fact = contract.sign(
            project,
            party=organisation.contract_body or organisation.name,
            number=body.number,
            signed_on=body.signed_on,
            period=body.period,
            services=body.services,
            amount=body.amount,
            due=body.due,
            original_sha256=body.original_sha256,
            authority=authority,
            rules=rules,
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


class ContractAmendment(Terms):
    """All terms as they read from now on, also those that stay."""

    reason: Text


async def amend(ledger: Ledger, context: CommandContext, project_id: UUID, body: ContractAmendment) -> Receipt:
    """N11: by the authority that signed."""

    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.AMEND_CONTRACT, None)
        fact = contract.amend(
            project,
            number=body.number,
            signed_on=body.signed_on,
            period=body.period,
            services=body.services,
            amount=body.amount,
            due=body.due,
            original_sha256=body.original_sha256,
            reason=body.reason,
            rules=rules,
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


class Lapse(Body):
    reason: Text


async def lapse(ledger: Ledger, context: CommandContext, project_id: UUID, body: Lapse) -> Receipt:
    """N11: by the authority that would have signed."""

    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.LAPSE, None)
        work.write(project_id, contract.lapse(project, body.reason, rules=rules, today=work.today))

    return await ledger.transact(context, decide)


class Publication(Body):
    """The receipt speaks of the first project."""

    projects: tuple[UUID, ...] = Field(min_length=1, max_length=1000)
    notice: Line


async def publish(ledger: Ledger, context: CommandContext, programme_code: str, body: Publication) -> Receipt:
    """N12: confirmed projects together, all or none."""

    async def decide(work: UnitOfWork) -> None:
        access.check_role(context.who, Command.PUBLISH)
        check_phase(await load_programme(work, programme_code), "publish", work.today)

        async def publish_one(project_id: UUID, project: Project, _: Rules) -> None:
            work.write(project_id, contract.publish(project, body.notice))

        await for_each(work, programme_code, body.projects, Command.PUBLISH, publish_one)

    return await ledger.transact(context, decide)
