"""What commands have in common."""

from uuid import UUID

from ledger import access
from ledger.access import Command
from ledger.aggregates import PROGRAMME, PROJECT
from ledger.errors import ProgrammeUnknown
from ledger.identifiers import programme_stream
from ledger.programme import Programme, check_phase
from ledger.project.state import Project
from ledger.rules import Rules, Step
from ledger.transaction import Work
from ledger.values import CivilDate, Frozen, Text


class LateEntry(Frozen):
    """For officials who enter late or from paper: since when it was so, and why it comes now."""

    effective_on: CivilDate
    reason: Text


class Body(Frozen):
    """What a command is told. The effective date is the day of receipt unless an official states another."""

    late_entry: LateEntry | None = None


async def load_programme(work: Work, code: str) -> Programme:
    """The programme, whose zone is from here on the one that dates are in. Raises ProgrammeUnknown."""
    programme = await work.load(PROGRAMME, programme_stream(code))
    if not programme.exists:
        raise ProgrammeUnknown(programme=code)
    work.zone = programme.rules.zone
    return programme


async def open_project(work: Work, project_id: UUID, command: Command) -> Project:
    """The project, when the asker may. Districts that its programme reorganised stand in for their predecessors."""
    project = await work.load(PROJECT, project_id)
    who = work.ask.who
    if source := project.applied or project.grant:
        who = access.within(who, await work.load(PROGRAMME, programme_stream(source.programme)))
    access.check_project(who, command, project)
    work.check_match(project_id)
    return project


async def load_project(work: Work, project_id: UUID, command: Command, step: Step | None) -> tuple[Project, Rules]:
    """The project and the rules of its programme, when the asker may and the step's phase is open."""
    project = await open_project(work, project_id, command)
    source = project.applied or project.grant
    assert source is not None
    programme = await load_programme(work, source.programme)
    if step:
        check_phase(programme, step, work.today)
    return project, programme.rules
