"""Screening and hand-in by the district, return by the office (N9)."""

from uuid import UUID

from pydantic import Field

from ledger.aggregates import ORGANISATION
from ledger.commands.command import ProgrammeCommand, ProjectCommand
from ledger.commands.loading import for_each, load_programme
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact, Version
from ledger.programme import Programme, check_phase
from ledger.project import screening
from ledger.project.screening import HAND_IN, RETURN, SCREEN, ScreeningResult
from ledger.project.state import Project
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Line, Text


@served(Giver.SELECTION, "screening", "screen_application", "Screen an application")
class Screening(ProjectCommand, action=SCREEN, step="screen"):
    """A district screens one of its organisations' applications: passed, returned, refused (N9).

    `amend_by` only for one that is returned; without it the programme's term holds."""

    application_version: Version
    result: ScreeningResult
    reason: Text
    amend_by: CivilDate | None = None

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        assert project.holder is not None
        organisation = await work.load(ORGANISATION, project.holder.organisation)
        return screening.screen(
            project,
            self.application_version,
            result=self.result,
            reason=self.reason,
            amend_by=self.amend_by,
            registration=organisation.registration,
            rules=programme.rules,
            today=work.today,
        )


@served(Giver.SELECTION, "hand-ins", "hand_in_projects", "Hand in screened projects")
class HandIn(ProgrammeCommand, action=HAND_IN):
    """A district hands in what passed its screening, all or none (N9). The receipt speaks of the first."""

    projects: tuple[UUID, ...] = Field(min_length=1, max_length=1000)
    notice: Line

    async def decide(self, work: UnitOfWork, code: str) -> None:
        check_phase(await load_programme(work, code), "hand_in", work.today)

        async def hand_in_one(project: Project, programme: Programme) -> None:
            work.write(project.id, screening.hand_in(project, self.notice, rules=programme.rules))

        await for_each(work, code, self.projects, HAND_IN, hand_in_one)


@served(Giver.SELECTION, "return", "return_application", "Return an application")
class Return(ProjectCommand, action=RETURN):
    """The office gives an application under review back for amendment, with a deadline of its own (N6).

    Without `amend_by` the programme's term holds."""

    application_version: Version
    reason: Text
    amend_by: CivilDate | None = None

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return screening.give_back(
            project,
            self.application_version,
            reason=self.reason,
            amend_by=self.amend_by,
            rules=programme.rules,
            today=work.today,
        )
