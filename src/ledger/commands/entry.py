"""What commands have in common."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from ledger import access
from ledger.access import Command
from ledger.aggregates import INTERESTS, ORGANISATION, PROGRAMME, PROJECT
from ledger.core.envelope import Recorded
from ledger.core.fact import Fact
from ledger.core.history import corrected
from ledger.core.refusal import Kind, Refusal
from ledger.identifiers import programme_stream
from ledger.organisation.state import check_eligible
from ledger.programme import Programme, check_phase
from ledger.project import interests
from ledger.project.application import PaperReceived
from ledger.project.state import Project
from ledger.refusals.general import (
    BatchRefused,
    EffectiveTooEarly,
    ProgrammeTakesNoCommands,
    ProgrammeUnknown,
    ProjectUnknown,
)
from ledger.rules import Rules, Step
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, UnitOfWork
from ledger.values import CivilDate, Document, Frozen, Text
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


class Body(Frozen):
    """What a command is told. The effective date is the day of receipt unless an official states another: an earlier
    one, or for an organisation's name, supervisor, district and end and for districts a later one."""

    late_entry: LateEntry | None = None


class Form(Body):
    """What an organisation hands in, itself or on paper."""

    late_entry: FormEntry | None = None


async def load_programme(work: UnitOfWork, code: str) -> Programme:
    """As `programme_of`, when it takes commands. Raises ProgrammeUnknown, ProgrammeTakesNoCommands."""
    programme = await programme_of(work, code)
    if not programme.exists:
        raise ProgrammeUnknown(programme=code)
    if programme.announced is None:
        raise ProgrammeTakesNoCommands(programme=code)
    return programme


async def programme_of(work: UnitOfWork, code: str) -> Programme:
    """The programme as in force today, if there is one. Its zone is from here on the one that dates are in."""
    timeline = await work.timeline(PROGRAMME, programme_stream(code))
    if timeline.state.announced:
        work.zone = timeline.state.rules.zone
    return timeline.in_force(work.today)


async def open_project(work: UnitOfWork, project_id: UUID, command: Command) -> Project:
    """The project, when the asker may. Districts that its programme reorganised stand in for their predecessors; who
    declared an interest does not judge; an official who enters what is the organisation's to do, does so for it."""
    project = await work.load(PROJECT, project_id)
    who = work.context.who
    if source := project.applied or project.grant:
        who = access.within(who, await programme_of(work, source.programme))
    access.check_project(who, command, project)
    work.check_match(project_id)
    check_founded(work, project_id)
    if command in access.JUDGING:
        declared = await work.load(INTERESTS, await work.ledger.veils.stream(Veiled.INTERESTS, project_id))
        interests.check_none(declared, member_pseudonym(work.ledger, work.context, project_id))
    if project.holder and access.is_for_the_party(who, command):
        work.on_behalf_of = project.holder.organisation
    return project


def member_pseudonym(ledger: Ledger, context: CommandContext, project_id: UUID) -> UUID:
    """One person's name within one project, which nobody can follow to another project."""
    return ledger.vault.pseudonym("member", context.who.id, project_id)


async def load_project(
    work: UnitOfWork, project_id: UUID, command: Command, step: Step | None
) -> tuple[Project, Rules]:
    """The project and the rules of its programme, when the asker may and the step's phase is open."""
    project = await open_project(work, project_id, command)
    source = project.applied or project.grant
    assert source is not None
    programme = await load_programme(work, source.programme)
    if step:
        check_phase(programme, step, work.judged_on)
    return project, programme.rules


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


def write_form(work: UnitOfWork, project_id: UUID, fact: Fact) -> None:
    """The fact and, when it came on paper, behind it the paper that it was entered from (N6)."""
    work.write(project_id, fact)
    context = work.context
    if context.scan and context.effective_on and context.late_reason:
        version = work.loaded[project_id].version + work.writes_to(project_id)
        paper = PaperReceived(
            version=version, received_on=context.effective_on, scan=context.scan, reason=context.late_reason
        )
        work.write(project_id, paper)


async def for_each(
    work: UnitOfWork,
    programme_code: str,
    projects: Sequence[UUID],
    command: Command,
    step: Callable[[UUID, Project, Rules], Awaitable[None]],
) -> None:
    """A step across projects of a programme, all or none. Raises BatchRefused with the reason of each project that
    stands in the way. Whether the phase is open is for the caller to ask, once."""
    projects = list(dict.fromkeys(projects))
    await work.load_all(PROJECT, projects)
    reasons: dict[UUID, Refusal] = {}
    for project_id in projects:
        try:
            project, rules = await load_project(work, project_id, command, None)
            if project.applied is None or project.applied.programme != programme_code:
                raise ProjectUnknown(project=project_id)
            await step(project_id, project, rules)
        except Refusal as refusal:
            if refusal.kind in (Kind.UNAVAILABLE, Kind.STALE):
                raise
            reasons[project_id] = refusal
    if reasons:
        raise BatchRefused(reasons)


async def check_holder_eligible(work: UnitOfWork, project: Project, rules: Rules) -> None:
    """Whether the organisation that has the project may compete and be nominated now."""
    assert project.holder
    check_eligible(await work.load(ORGANISATION, project.holder.organisation), rules, work.today)


def check_not_before(work: UnitOfWork, earlier: Recorded | None) -> None:
    """What is said of a fact does not hold before the fact does: history is folded by the day since when it is so.
    Raises EffectiveTooEarly."""
    day = work.context.effective_on
    if day and earlier and day < earlier.event.effective_on:
        raise EffectiveTooEarly(effective_on=day.isoformat(), earliest=earlier.event.effective_on.isoformat())
