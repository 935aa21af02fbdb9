"""Steps across projects, all or none, with everything that stands in the way; decisions under one document number."""

from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypeVar
from uuid import UUID

from pydantic import Discriminator, Field, Tag

from ledger.aggregates import ORGANISATION, PROJECT
from ledger.commands.command import OfProject, ProgrammeCommand, ProjectCommand
from ledger.commands.contract import ContractTerms
from ledger.commands.delivery import AcceptanceTerms
from ledger.commands.document_numbers import document_number
from ledger.commands.honours import Award, AwardTerms
from ledger.commands.loading import for_each, load_of_programme, load_programme
from ledger.commands.places import Places
from ledger.commands.reconsideration import ServiceTerms
from ledger.commands.review import ApprovalTerms, RejectionTerms
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact
from ledger.core.refusal import Kind, Refusal
from ledger.document_numbers import normalised
from ledger.programme import Programme, check_phase
from ledger.project.contract import CONTRACT, ContractNumberTwice
from ledger.project.delivery import DECIDE_MILESTONE
from ledger.project.honours import AWARD
from ledger.project.reconsideration import SERVE
from ledger.project.review import APPROVE, REJECT
from ledger.project.state import Project
from ledger.refusals.general import BatchRefused
from ledger.refusals.tables import WrittenTwice
from ledger.register import DocumentDetails
from ledger.rules import Rules
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import Line

MOST = 1000
# Stands for a number that was refused while the projects are asked what else is in the way; nothing is written.
_REFUSED = "-"


class ApprovalOf(ApprovalTerms, OfProject):
    """One project's part."""


class RejectionOf(RejectionTerms, OfProject):
    """One project's part."""


class ContractOf(ContractTerms, OfProject):
    """One project's contract, with a number of its own."""


class AcceptanceOf(AcceptanceTerms, OfProject):
    """One project's report."""


class ServiceOf(ServiceTerms, OfProject):
    """One project's decision."""


S = TypeVar("S", bound=OfProject)
Step = Callable[[S, Project, Programme], Coroutine[Any, Any, Fact]]
Several = Annotated[tuple[S, ...], Field(min_length=1, max_length=MOST)]


class Batch(ProgrammeCommand):
    async def write_each(
        self,
        work: UnitOfWork,
        code: str,
        parts: Sequence[S],
        step: Step[S],
        found: Mapping[object, Refusal] | None = None,
    ) -> None:
        """`found`: what stands in the way already. Raises BatchRefused with all of it."""
        by_project = {part.project: part for part in parts}
        reasons = dict(found or {})
        if len(by_project) < len(parts):
            named = Counter(part.project for part in parts)
            reasons |= {project: WrittenTwice() for project, times in named.items() if times > 1}

        async def write(project: Project, programme: Programme) -> None:
            part = by_project[project.id]
            part.write(work, project.id, await step(part, project, programme))

        try:
            await for_each(work, code, by_project, self.action, write)
        except BatchRefused as refused:
            reasons |= {one: reason for one, reason in refused.reasons.items() if one not in reasons}
        if reasons:
            raise BatchRefused(reasons)


class NumberedBatch(Batch):
    """`document_number`: of the document that covers all of them; by default the next of the decider's register."""

    never_public: ClassVar[bool] = False
    document_number: Line | None = None
    document: DocumentDetails | None = None

    async def numbered(
        self, work: UnitOfWork, rules: Rules, parts: Sequence[OfProject]
    ) -> tuple[str, dict[object, Refusal]]:
        """The number, or what stands in the way of it."""
        projects = tuple(dict.fromkeys(part.project for part in parts))
        try:
            number = await document_number(
                work,
                rules,
                self.document_number,
                projects,
                self.document,
                never_public=self.never_public,
                registered=True,
            )
        except Refusal as refusal:
            if refusal.kind is Kind.UNAVAILABLE:
                raise
            return _REFUSED, {"document_number": refusal}
        return number, {}


@served(Giver.DECISIONS, "approvals", "approve_projects", "Approve projects")
class Approvals(NumberedBatch, action=APPROVE, step="approve"):
    """The leading group approves projects together, all or none, by one document (N10)."""

    approvals: Several[ApprovalOf]

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        check_phase(programme, "approve", work.today)
        number, refused = await self.numbered(work, programme.rules, self.approvals)

        async def approve(part: ApprovalOf, project: Project, programme: Programme) -> Fact:
            return part.approve(work, project, programme, number)

        await self.write_each(work, code, self.approvals, approve, refused)


@served(Giver.DECISIONS, "rejections", "reject_projects", "Reject projects")
class Rejections(NumberedBatch, action=REJECT, step="reject"):
    """The leading group rejects projects together, all or none, by one document (N10)."""

    never_public = True
    rejections: Several[RejectionOf]

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        check_phase(programme, "reject", work.today)
        number, refused = await self.numbered(work, programme.rules, self.rejections)

        async def reject(part: RejectionOf, project: Project, programme: Programme) -> Fact:
            return part.reject(work, project, programme, number)

        await self.write_each(work, code, self.rejections, reject, refused)


@served(Giver.SELECTION, "notifications", "record_services", "Record the service of decisions")
class Notifications(NumberedBatch, action=SERVE):
    """Decisions reached the organisations 送达 by one notice, all recorded or none."""

    never_public = True
    notifications: Several[ServiceOf]

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        _, refused = await self.numbered(work, programme.rules, self.notifications)

        async def serve(part: ServiceOf, project: Project, _: Programme) -> Fact:
            return part.serve(project)

        await self.write_each(work, code, self.notifications, serve, refused)


@served(Giver.SELECTION, "contracts", "sign_contracts", "Sign contracts")
class Contracts(Batch, action=CONTRACT, step="contract"):
    """Contracts are signed together, all or none, each with its own number (N11)."""

    contracts: Several[ContractOf]

    async def decide(self, work: UnitOfWork, code: str) -> None:
        check_phase(await load_programme(work, code), "contract", work.today)
        projects = [part.project for part in self.contracts]
        await work.load_all(PROJECT, projects)
        holders = {found.holder.organisation for one in projects if (found := await work.load(PROJECT, one)).holder}
        await work.load_all(ORGANISATION, list(holders))
        numbers = Counter(normalised(part.number) for part in self.contracts)
        twice: dict[object, Refusal] = {
            part.project: ContractNumberTwice(number=part.number)
            for part in self.contracts
            if numbers[normalised(part.number)] > 1
        }

        async def sign(part: ContractOf, project: Project, programme: Programme) -> Fact:
            return await part.sign(work, project, programme)

        await self.write_each(work, code, self.contracts, sign, twice)


@served(Giver.SUPERVISION, "acceptances", "accept_reports", "Accept reports")
class Acceptances(Batch, action=DECIDE_MILESTONE):
    """Reports are accepted together, all or none; no number is needed (N13)."""

    acceptances: Several[AcceptanceOf]

    async def decide(self, work: UnitOfWork, code: str) -> None:
        async def accept(part: AcceptanceOf, project: Project, programme: Programme) -> Fact:
            return part.accept(work, project, programme)

        await self.write_each(work, code, self.acceptances, accept)


class Awards(NumberedBatch, action=AWARD, step="award"):
    """Honours are granted together, all or none, by one document (N20, N21). One project may bring several."""

    awards: Several[AwardTerms]

    async def decide(self, work: UnitOfWork, code: str) -> None:
        places = Places(work, code)
        await places.lock(part.honour for part in self.awards)
        programme = await load_programme(work, code)
        check_phase(programme, "award", work.today)
        number, reasons = await self.numbered(work, programme.rules, self.awards)
        await work.load_all(PROJECT, [part.project for part in self.awards])
        for place, part in enumerate(self.awards):
            try:
                project, programme = await load_of_programme(work, code, part.project, AWARD, None)
                await part.write_granted(work, project, programme, places, number)
            except Refusal as refusal:
                if refusal.kind in (Kind.UNAVAILABLE, Kind.STALE):
                    raise
                reasons[f"awards.{place} {part.project}"] = refusal
        if reasons:
            raise BatchRefused(reasons)


@dataclass(slots=True)
class OneNumber:
    """The document of several decisions that come one by one within one run of a command."""

    given: str | None
    projects: tuple[UUID, ...]
    never_public: bool
    _of: tuple[UnitOfWork, str] | None = None

    async def number(self, work: UnitOfWork, rules: Rules) -> str:
        """What is wrong with it is told once."""
        if self._of is None or self._of[0] is not work:
            self._of = work, _REFUSED
            number = await document_number(work, rules, self.given, self.projects, never_public=self.never_public)
            self._of = work, number
        return self._of[1]


def decided(code: str, project_id: UUID, terms: ApprovalTerms | RejectionTerms, one: OneNumber) -> Decide:
    """A row of a table of decisions: on the application as it reads in the version of the project that the row was made
    from, which the caller guards by If-Match."""

    async def decide(work: UnitOfWork) -> None:
        if isinstance(terms, ApprovalTerms):
            project, programme = await load_of_programme(work, code, project_id, APPROVE, "approve")
        else:
            project, programme = await load_of_programme(work, code, project_id, REJECT, "reject")
        seen = terms.model_copy(update={"application_version": project.form_version})
        number = await one.number(work, programme.rules)
        if isinstance(seen, ApprovalTerms):
            fact = seen.approve(work, project, programme, number)
        else:
            fact = seen.reject(work, project, programme, number)
        seen.write(work, project_id, fact)

    return decide


def of_programme(code: str, project_id: UUID, command: ProjectCommand) -> Decide:
    """A row of a table of a programme: the command, on a project of it."""

    async def decide(work: UnitOfWork) -> None:
        project, programme = await load_of_programme(work, code, project_id, command.action, command.step)
        command.write(work, project_id, await command.decide(work, project, programme))

    return decide


def _which(said: object) -> str:
    return "several" if isinstance(said, Awards) or (isinstance(said, dict) and "awards" in said) else "one"


AwardBody = Annotated[
    Annotated[Award, Tag("one")] | Annotated[Awards, Tag("several")],
    Discriminator(_which),
]
