"""Contract, amendment, lapse, and publication of confirmed projects (N11, N12)."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from ledger.aggregates import ORGANISATION
from ledger.commands.command import ProgrammeCommand, ProjectCommand
from ledger.commands.loading import for_each, load_programme
from ledger.commands.served import Giver, served
from ledger.core.fact import Count, Fact, Version
from ledger.programme import Programme, check_phase
from ledger.project import contract, plan
from ledger.project.clauses import MOST_INSTALMENTS, Clauses, Instalment, Instalments
from ledger.project.contract import AMEND_CONTRACT, CONTRACT, LAPSE, PUBLISH, MilestoneDue
from ledger.project.plan import LOWER_PLAN
from ledger.project.state import Project
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Digest, Frozen, Line, Money, Period, Text


class InstalmentBody(Instalment):
    """The day on which it is paid, a condition, or both."""

    due_on: CivilDate | None = None
    condition: Text | None = None


InstalmentsBody = Annotated[tuple[InstalmentBody, ...], Field(min_length=1, max_length=MOST_INSTALMENTS)]


def stored_instalments(said: InstalmentsBody | None) -> Instalments | None:
    return tuple(Instalment(**one.model_dump()) for one in said) if said else None


class ClausesBody(Clauses):
    """What else the contract agrees; each part may be left out."""

    managed_services: Text | None = None
    rights_and_duties: Text | None = None
    instalments: InstalmentsBody | None = None
    liability: Text | None = None

    @property
    def stored(self) -> Clauses:
        return Clauses(**self.model_dump())


class Terms(Frozen):
    number: Line
    signed_on: CivilDate
    period: Period
    services: Text
    amount: Money | None = None
    due: tuple[MilestoneDue, ...] = Field(min_length=1, max_length=20)
    original_sha256: Digest | None = None
    clauses: ClausesBody | None = None

    @property
    def stored_clauses(self) -> Clauses | None:
        return self.clauses.stored if self.clauses else None


class ContractTerms(Terms):
    async def sign(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        assert project.holder is not None
        rules = programme.rules
        code = project.holder.district
        district = rules.district(programme.successor_of(code)) if code else None
        organisation = await work.load(ORGANISATION, project.holder.organisation)
        return contract.sign(
            project,
            party=organisation.contract_body or organisation.name,
            number=self.number,
            signed_on=self.signed_on,
            period=self.period,
            services=self.services,
            amount=self.amount,
            due=self.due,
            original_sha256=self.original_sha256,
            clauses=self.stored_clauses,
            authority=f"{district.name.zh}民政局" if district else rules.authority.zh,
            programme=programme,
        )


@served(Giver.SELECTION, "contract", "sign_contract", "Sign the contract")
class Contract(ContractTerms, ProjectCommand, action=CONTRACT, step="contract"):
    """The contract is signed, by the district for its own organisations, by the office for the city's (N11)."""

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return await self.sign(work, project, programme)


@served(Giver.SELECTION, "contract-amendments", "amend_contract", "Amend the contract")
class ContractAmendment(Terms, ProjectCommand, action=AMEND_CONTRACT):
    """From now on the contract reads so; by the authority that signed (N11).

    All terms, also those that stay."""

    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return contract.amend(
            project,
            number=self.number,
            signed_on=self.signed_on,
            period=self.period,
            services=self.services,
            amount=self.amount,
            due=self.due,
            original_sha256=self.original_sha256,
            clauses=self.stored_clauses,
            reason=self.reason,
            programme=programme,
        )


@served(Giver.SELECTION, "smaller-plan", "lower_plan", "State that the authority caused a smaller plan")
class SmallerPlan(ProjectCommand, action=LOWER_PLAN):
    """The authority caused the contract amendment at version `amendment`; results are then measured against the smaller
    plan (N11, N21).

    `people`: how many are planned since, if fewer."""

    amendment: Version
    people: Count | None = None
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return plan.lower_plan(project, self.amendment, self.people, self.reason)


@served(Giver.SELECTION, "lapse", "lapse_approval", "Let an unsigned approval lapse")
class Lapse(ProjectCommand, action=LAPSE):
    """An approval lapses when the contract was not signed in time; by the authority that would have signed (N11)."""

    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return contract.lapse(project, self.reason, rules=programme.rules, today=work.today)


@served(Giver.SELECTION, "publications", "publish_projects", "Publish projects")
class Publication(ProgrammeCommand, action=PUBLISH):
    """Publish confirmed projects together, all or none (N12). The receipt speaks of the first."""

    projects: tuple[UUID, ...] = Field(min_length=1, max_length=1000)
    notice: Line

    async def decide(self, work: UnitOfWork, code: str) -> None:
        check_phase(await load_programme(work, code), "publish", work.today)

        async def publish_one(project: Project, _: Programme) -> None:
            work.write(project.id, contract.publish(project, self.notice))

        await for_each(work, code, self.projects, PUBLISH, publish_one)
