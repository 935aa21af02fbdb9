"""What commands load before they decide, and check of it."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date
from uuid import UUID

from ledger import access
from ledger.aggregates import FEEDBACK, INTERESTS, ORGANISATION, PROGRAMME, PROJECT
from ledger.appointments import check_here
from ledger.core.action import Action
from ledger.core.envelope import Recorded
from ledger.core.history import corrected
from ledger.core.refusal import Kind, Refusal
from ledger.identifiers import programme_stream
from ledger.organisation.state import Organisation, check_eligible
from ledger.programme import Programme, check_phase
from ledger.project import interests
from ledger.project.evaluation import check_feedback_open
from ledger.project.feedback import Feedback
from ledger.project.state import Project
from ledger.refusals.general import (
    BatchRefused,
    EffectiveTooEarly,
    OrganisationUnknown,
    ProgrammeTakesNoCommands,
    ProgrammeUnknown,
    ProjectUnknown,
)
from ledger.rules import Step
from ledger.unit_of_work import UnitOfWork
from ledger.veils import Veiled


async def load_programme(work: UnitOfWork, code: str) -> Programme:
    """As `programme_of`, when it takes commands. Raises ProgrammeUnknown, ProgrammeTakesNoCommands,
    NotAppointedHere."""
    programme = await programme_of(work, code)
    if not programme.exists:
        raise ProgrammeUnknown(programme=code)
    if programme.announced is None:
        raise ProgrammeTakesNoCommands(programme=code)
    if work.appointments is not None:
        check_here(work.appointments, work.context.who.role, code)
    return programme


async def programme_of(work: UnitOfWork, code: str) -> Programme:
    """The programme as in force today, if there is one. Its zone is from here on the one that dates are in."""
    timeline = await work.timeline(PROGRAMME, programme_stream(code))
    if timeline.state.announced:
        work.zone = timeline.state.rules.zone
    return timeline.in_force(work.today)


async def open_project(work: UnitOfWork, project_id: UUID, action: Action) -> Project:
    """The project, when the caller may. Districts that its programme reorganised stand in for their predecessors; who
    declared an interest does not judge; an official who enters what is the organisation's to do, does so for it."""
    project = await work.load(PROJECT, project_id)
    who = work.context.who
    if source := project.founded_by:
        who = access.within(who, await programme_of(work, source.programme))
    access.check_project(who, action, project)
    work.check_match(project_id)
    check_founded(work, project_id)
    if action.judging:
        declared = await work.load(INTERESTS, await work.ledger.veils.stream(Veiled.INTERESTS, project_id))
        interests.check_none(declared, member_pseudonym(work, project_id))
    if project.holder and access.is_for_the_party(who, action):
        work.on_behalf_of = project.holder.organisation
    return project


def member_pseudonym(work: UnitOfWork, project_id: UUID) -> UUID:
    """The caller's name within one project, which nobody can follow to another project."""
    return work.ledger.vault.pseudonym("member", work.context.who.id, project_id)


async def load_project(
    work: UnitOfWork, project_id: UUID, action: Action, step: Step | None
) -> tuple[Project, Programme]:
    """The project and its programme, when the caller may and the step's phase is open."""
    project = await open_project(work, project_id, action)
    source = project.founded_by
    assert source is not None
    programme = await load_programme(work, source.programme)
    check_phase(programme, step, work.judged_on)
    return project, programme


async def load_of_programme(
    work: UnitOfWork, programme: str, project_id: UUID, action: Action, step: Step | None
) -> tuple[Project, Programme]:
    """As load_project, for a project of this programme."""
    await load_programme(work, programme)
    project, found = await load_project(work, project_id, action, step)
    if project.applied is None or project.applied.programme != programme:
        raise ProjectUnknown(project=project_id)
    return project, found


async def load_feedback(work: UnitOfWork, project_id: UUID, action: Action, step: Step | None) -> tuple[UUID, Feedback]:
    """The stream of the answers about a project that takes some, and what was answered, when the caller may. Many
    answer at once, and each must see the one before."""
    veil = await work.ledger.veils.of(Veiled.FEEDBACK, project_id)
    await work.lock_stream(veil.stream)
    project, _ = await load_project(work, project_id, action, step)
    check_feedback_open(project)
    stream = work.veiled(veil)
    return stream, await work.load(FEEDBACK, stream)


async def find_organisation(work: UnitOfWork, organisation_id: UUID, action: Action) -> Organisation:
    """As in force today, when the caller may."""
    access.check_role(work.context.who, action)
    now = await work.load(ORGANISATION, organisation_id)
    if not now.exists:
        raise OrganisationUnknown(organisation=organisation_id)
    access.check(work.context.who, action, organisation=organisation_id, district=now.district)
    work.check_match(organisation_id)
    check_founded(work, organisation_id)
    return now


async def load_organisation(work: UnitOfWork, organisation_id: UUID, action: Action) -> Organisation:
    """As in force on the day by which an announcement is judged, when the caller may."""
    await find_organisation(work, organisation_id, action)
    return await work.load(ORGANISATION, organisation_id, work.stated_on)


def check_since(work: UnitOfWork, day: date | None) -> None:
    """What follows a fact does not hold before the day since when that fact does, or folding would lose it.
    Raises EffectiveTooEarly."""
    given = work.context.effective_on
    if given and day and given < day:
        raise EffectiveTooEarly(effective_on=given.isoformat(), earliest=day.isoformat())


def founding(events: Sequence[Recorded]) -> Recorded:
    """The fact that founds the stream, as it counts now: it cannot be voided."""
    return next(found for found in corrected(events) if found.version == 1)


def founded_on(work: UnitOfWork, *streams: UUID) -> date:
    """Since when all of these are there, of streams that are loaded."""
    return max(founding(work.loaded[one].events).event.effective_on for one in streams)


def check_founded(work: UnitOfWork, *streams: UUID) -> None:
    """Nothing that is entered late is dated before what it is said of was there: it would be folded before it, and
    lost. Raises EffectiveTooEarly with the first day that is possible."""
    if work.context.effective_on:
        check_since(work, founded_on(work, *streams))


async def for_each(
    work: UnitOfWork,
    programme: str,
    projects: Iterable[UUID],
    action: Action,
    step: Callable[[Project, Programme], Awaitable[None]],
) -> None:
    """A step across projects of a programme, all or none. Raises BatchRefused with the reason of each project that
    stands in the way. Whether the phase is open is for the caller to ask, once."""
    projects = list(dict.fromkeys(projects))
    await work.load_all(PROJECT, projects)
    if action.judging:
        streams = [await work.ledger.veils.stream(Veiled.INTERESTS, project_id) for project_id in projects]
        await work.load_all(INTERESTS, streams)
    reasons: dict[UUID, Refusal] = {}
    for project_id in projects:
        try:
            await step(*await load_of_programme(work, programme, project_id, action, None))
        except Refusal as refusal:
            if refusal.kind in (Kind.UNAVAILABLE, Kind.STALE):
                raise
            reasons[project_id] = refusal
    if reasons:
        raise BatchRefused(reasons)


async def check_holder_eligible(work: UnitOfWork, project: Project, programme: Programme) -> None:
    """Whether the organisation that has the project may compete and be nominated now."""
    assert project.holder
    check_eligible(await work.load(ORGANISATION, project.holder.organisation), programme.rules, work.today)


def check_not_before(work: UnitOfWork, earlier: Recorded | None) -> None:
    """What is said of a fact does not hold before the fact does: history is folded by the day since when it is so.
    Raises EffectiveTooEarly."""
    day = work.context.effective_on
    if day and earlier and day < earlier.event.effective_on:
        raise EffectiveTooEarly(effective_on=day.isoformat(), earliest=earlier.event.effective_on.isoformat())
