"""What a command is: what somebody sends, whose right it is, and how it is decided and written.

`on` gives what `Ledger.transact` runs: `await ledger.transact(context, Termination(...).on(project_id))`.
"""

from abc import abstractmethod
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from ledger.access import check_role
from ledger.aggregates import SUBJECT
from ledger.commands.loading import load_organisation, load_project
from ledger.core.action import Action
from ledger.core.fact import Fact
from ledger.organisation.state import Organisation
from ledger.personal_data import keys_of
from ledger.programme import Programme
from ledger.project.application import PaperReceived
from ledger.project.state import Project
from ledger.rules import Step
from ledger.subjects import SubjectFact, SubjectFile
from ledger.transaction import Decide
from ledger.unit_of_work import CommandContext, UnitOfWork
from ledger.values import CivilDate, Document, Frozen, Text
from ledger.vault import Purpose
from ledger.veils import Veiled


class LateEntry(Frozen):
    """For officials: since when it was so and why it comes late; or from which day it will be so, where that may be
    announced ahead, and by what."""

    effective_on: CivilDate
    reason: Text

    def of(self, context: CommandContext) -> CommandContext:
        return replace(context, effective_on=self.effective_on, late_reason=self.reason)


class FormEntry(LateEntry):
    """With a scan it is a paper form that came on that day, by which phases and deadlines are then judged."""

    scan: Document | None = None

    def of(self, context: CommandContext) -> CommandContext:
        return replace(super().of(context), scan=self.scan)


class Command(Frozen):
    """The body of a request. The effective date is the day of receipt unless an official states another: an earlier
    one, or for an organisation's name, supervisor, district and end and for districts a later one.

    Its class states whose right it is, its `action`, and which phase of the programme has to be open for it, its
    `step`, if one has to."""

    action: ClassVar[Action]
    step: ClassVar[Step | None] = None
    late_entry: LateEntry | None = None

    def __init_subclass__(cls, *, action: Action | None = None, step: Step | None = None, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        if action is not None:
            cls.action = action
        if step is not None:
            cls.step = step

    def context(self, context: CommandContext) -> CommandContext:
        """With the other day and the paper that it states."""
        return self.late_entry.of(context) if self.late_entry else context


class Founding(Command):
    """A command about nothing that is there yet."""

    @abstractmethod
    async def decide(self, work: UnitOfWork) -> None:
        """Writes, or refuses."""


class ProjectCommand(Command):
    """One more fact of a project."""

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            project, programme = await load_project(work, project_id, self.action, self.step)
            self.write(work, project_id, await self.decide(work, project, programme))

        return decide

    def write(self, work: UnitOfWork, project_id: UUID, fact: Fact) -> None:
        work.write(project_id, fact)

    @abstractmethod
    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        """The fact, or a refusal. Reads further streams through `work`; the project's events are loaded there."""


class FormCommand(ProjectCommand):
    """What an organisation hands in, itself or on paper."""

    late_entry: FormEntry | None = None

    def write(self, work: UnitOfWork, project_id: UUID, fact: Fact) -> None:
        write_form(work, project_id, fact)


class ProgrammeCommand(Command):
    """For a programme, or across its projects: all or none."""

    def on(self, programme: str) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            check_role(work.context.who, self.action)
            await self.decide(work, programme)

        return decide

    @abstractmethod
    async def decide(self, work: UnitOfWork, code: str) -> None:
        """Writes, or refuses."""


class OfProject(Frozen):
    """The part of one project in a command across projects."""

    project: UUID

    def write(self, work: UnitOfWork, project_id: UUID, fact: Fact) -> None:
        work.write(project_id, fact)


class OrganisationCommand(Command):
    """One more fact of an organisation, by the authority that it is registered with today. It is decided on what is in
    force on the day on which it takes effect, when that is still to come."""

    def on(self, organisation_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            state = await load_organisation(work, organisation_id, self.action)
            work.write(organisation_id, await self.decide(work, state))

        return decide

    @abstractmethod
    async def decide(self, work: UnitOfWork, organisation: Organisation) -> Fact:
        """The fact, or a refusal."""


class SubjectCommand(Command):
    """One more fact of a subject whose data is sealed, in its file."""

    late_entry: None = None

    def on(self, subject_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            check_role(work.context.who, self.action)
            async with work.ledger.store.pool.connection() as connection:
                keys = await keys_of(connection, subject_id)
            stream = work.veiled(await work.ledger.veils.of(Veiled.SUBJECT, subject_id))
            file = await work.load(SUBJECT, stream)
            work.check_match(stream)
            kept = tuple(Purpose(key.purpose) for key in keys if key.erased_at is None)
            work.write(stream, await self.decide(work, subject_id, file, kept))

        return decide

    @abstractmethod
    async def decide(
        self, work: UnitOfWork, subject: UUID, file: SubjectFile, kept: tuple[Purpose, ...]
    ) -> SubjectFact:
        """The fact, or a refusal. `kept`: for what something of the subject is kept."""


def write_form(work: UnitOfWork, project_id: UUID, fact: Fact) -> None:
    """The fact and, when it came on paper, behind it the paper that it was entered from (N6)."""
    work.write(project_id, fact)
    context = work.context
    if context.scan and context.effective_on and context.late_reason:
        paper = PaperReceived(
            version=work.last_version(project_id),
            received_on=context.effective_on,
            scan=context.scan,
            reason=context.late_reason,
        )
        work.write(project_id, paper)
