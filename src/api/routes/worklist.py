"""What waits for the caller, and until when: the next commands of each project that are the caller's (N5, N14, N23)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import StringConstraints, WithJsonSchema

from api.door import ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt, On
from api.reading.visible import known_position
from api.service import Service
from ledger import access
from ledger.access import SEES_ALL
from ledger.accounts import Account
from ledger.aggregates import INTERESTS, PROGRAMME, PROJECT
from ledger.appointments import Appointment
from ledger.authors import Author
from ledger.core.action import ACTIONS
from ledger.core.envelope import Recorded
from ledger.core.history import Timeline, state
from ledger.core.refusal import Refusal
from ledger.core.words import Words
from ledger.identifiers import programme_stream
from ledger.programme import Programme
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.refusals.general import ProgrammeUnknown
from ledger.values import CivilDate, Code, Frozen
from ledger.veils import Veiled
from ledger.waiting import Waiting, waiting
from projections import catalogue_queries
from projections.cursors import Codec, day_or_none
from projections.worklist_queries import Stretch, projects_to_look_at

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
# A question reads at most so many projects; further ones are behind its cursor.
STRETCH, MOST_READ = 50, 1000
NOTHING_WAITS = (Status.UNKNOWN, Status.GRANTED, Status.CARRIED_OVER, Status.WITHDRAWN, Status.LAPSED)

ActionCode = Annotated[str, WithJsonSchema({"type": "string", "enum": sorted(ACTIONS)})]


class WaitingItem(Frozen):
    """`command`: what is to be done, by its name in the table of rights. `version` and `position`: the event that made
    it wait, effective `since`. `what` tells those of one command apart: a milestone, what was ordered, an honour.
    `until`: the last day in time, null where none is set; `overdue`: it is past."""

    project: UUID
    title: str
    organisation_name: str
    district: str | None
    status: Status
    command: ActionCode
    what: str | None
    version: int
    position: int
    since: CivilDate
    until: CivilDate | None
    overdue: bool


class OpenStep(Frozen):
    """A command of the caller's that a phase of a programme allows on the day, whether or not a project waits for it,
    such as to apply or to nominate."""

    programme: Code
    phase: Code
    phase_name: Words
    command: ActionCode
    until: CivilDate


class Worklist(Frozen):
    """Projects stand in the order of their ids and keep together; within a page the earliest is first. A page looks
    through at most 1000 projects, and may hold few or none. `known` and `on` are kept by later pages; `on` null: each
    programme's today."""

    role: str
    on: CivilDate | None
    known: int
    open: list[OpenStep]
    items: list[WaitingItem]
    next_cursor: str | None


class WorklistWanted(Frozen):
    programme: Code | None = None
    on: On = None
    known_at: KnownAt = None
    cursor: Annotated[str, StringConstraints(max_length=1000)] | None = None
    limit: Annotated[int, Query(ge=1, le=200)] = 50


@dataclass(frozen=True, slots=True)
class WorklistCursor:
    """Behind which project a page ended, and what its later pages keep."""

    known: int
    on: date | None
    project: UUID

    def encode(self, codec: Codec) -> str:
        return codec.sealed(self.known, self.on, self.project)

    @classmethod
    def decode(cls, codec: Codec, cursor: str) -> "WorklistCursor":
        return cls(*codec.read(cursor, int, day_or_none, UUID))


@router.get("/worklist")
async def show_worklist(service: ServiceDep, who: SignedIn, wanted: Annotated[WorklistWanted, Query()]) -> Worklist:
    """What waits for the caller, until when, on a day and as known then; for any signed-in account (N5, N14, N23)."""
    codec = service.cursors.of("worklist", who, wanted)
    after = WorklistCursor.decode(codec, wanted.cursor) if wanted.cursor is not None else None
    if after:
        known, day = after.known, after.on
        await service.check_place("cursor", known)
    else:
        known, day = await service.followed(), wanted.on
        if wanted.known_at is not None:
            known = min(known, await known_position(service.ledger, who, wanted.known_at))
    looking = _Looking(service, who, known, day, await service.ledger.appointments_of(who))
    programmes = await looking.programmes(wanted.programme)
    stretch = Stretch(
        known=known,
        without=[status.value for status in NOTHING_WAITS],
        # What was to do on an earlier day follows from what was effective by then.
        role=who.role.value if day is None or day >= service.ledger.today() else None,
        programme=wanted.programme,
        sees_all=who.role in SEES_ALL,
        own_organisation=who.organisation,
        own_district=who.district,
        today=service.ledger.today(),
        after=after.project if after else None,
        limit=STRETCH,
    )
    # All that some roles may do is what no project waits for.
    has_work = any(who.role in action.may for action in ACTIONS.values() if not action.unasked)
    items, last = await looking.through(stretch, wanted.limit) if has_work else ([], None)
    return Worklist(
        role=who.role,
        on=day,
        known=known,
        open=looking.open_steps(programmes),
        items=sorted(items, key=lambda one: (one.until or date.max, one.project, one.version, one.command)),
        next_cursor=WorklistCursor(known, day, last).encode(codec) if last else None,
    )


async def waiting_of(service: Service, who: Account, project_id: UUID) -> list[WaitingItem]:
    """What waits for the caller of one project, today."""
    looking = _Looking(service, who, await service.followed(), None, await service.ledger.appointments_of(who))
    return await looking.of(project_id)


class _Looking:
    """One question: the programmes read once. `appointments`: what the caller is appointed to, if it has to be."""

    def __init__(
        self,
        service: Service,
        who: Account,
        known: int,
        on: date | None,
        appointments: tuple[Appointment, ...] | None,
    ) -> None:
        self._service, self._who, self._known, self._on = service, who, known, on
        self._appointments = appointments
        self._programmes: dict[str, Programme] = {}

    async def programme(self, code: str) -> Programme:
        """As known, and in force on the day asked for."""
        if code not in self._programmes:
            stream = programme_stream(code)
            events = (await self._service.store.streams([stream]))[stream]
            timeline = Timeline(PROGRAMME, stream, [one for one in events if one.position <= self._known])
            found = timeline.state
            self._programmes[code] = timeline.in_force(self._day(found)) if found.announced else found
        return self._programmes[code]

    async def programmes(self, code: str | None) -> list[Programme]:
        """The one asked for, or all. Raises ProgrammeUnknown."""
        if code is not None:
            found = await self.programme(code)
            if not found.exists:
                raise ProgrammeUnknown(programme=code)
            return [found]
        async with self._service.pool.connection() as connection:
            rows = await catalogue_queries.programmes(connection, self._known)
        return [await self.programme(row.code) for row in rows if row.takes_commands]

    def _acts_in(self, programme: str) -> bool:
        return self._appointments is None or any(one.holds_in(programme) for one in self._appointments)

    def _day(self, programme: Programme) -> date:
        return self._on or self._service.ledger.clock().astimezone(programme.rules.zone).date()

    async def through(self, stretch: Stretch, limit: int) -> tuple[list[WaitingItem], UUID | None]:
        """Items until there are enough, and the last project looked at if there are more."""
        items: list[WaitingItem] = []
        last = stretch.after
        read = 0
        while read < MOST_READ:
            async with self._service.pool.connection() as connection:
                found = await projects_to_look_at(connection, replace(stretch, after=last))
            interests = {one: await self._service.ledger.veils.stream(Veiled.INTERESTS, one) for one in found}
            projects = await self._service.ledger.read(PROJECT, found)
            declared = await self._service.store.streams([*interests.values()])
            for project in found:
                items += await self._of(projects[project], declared[interests[project]])
                last = project
                if len(items) >= limit:
                    return items, last
            read += len(found)
            if len(found) < stretch.limit:
                return items, None
        return items, last

    async def of(self, project_id: UUID) -> list[WaitingItem]:
        interests = await self._service.ledger.veils.stream(Veiled.INTERESTS, project_id)
        projects = await self._service.ledger.read(PROJECT, [project_id])
        declared = await self._service.store.streams([interests])
        return await self._of(projects[project_id], declared[interests])

    async def _of(self, timeline: Timeline[Project], declared: Sequence[Recorded]) -> list[WaitingItem]:
        project_id = timeline.stream
        if timeline.events[-1].position > self._known:
            within = [event for event in timeline.events if event.position <= self._known]
            timeline = Timeline(PROJECT, project_id, within)
        applied = timeline.state.applied
        if applied is None:
            return []
        if not self._acts_in(applied.programme):
            return []
        programme = await self.programme(applied.programme)
        day = self._day(programme)
        project = timeline.as_effective(day)
        person = self._service.ledger.vault.pseudonym("member", self._who.id, project_id)
        interested = person in state(INTERESTS, project_id, declared, self._known).persons
        return [
            self._item(project, one, timeline.events[one.version - 1], day)
            for one in waiting(project, timeline.events, programme, day)
            if self._is_the_callers(project, programme, one, person, interested=interested)
        ]

    def _is_the_callers(
        self, project: Project, programme: Programme, one: Waiting, person: UUID, *, interested: bool
    ) -> bool:
        if one.role not in (None, self._who.role) or person in one.done_by:
            return False
        if one.only is not None and person not in one.only:
            return False
        if one.not_by == self._who.id:
            return False
        if one.author and one.author != Author.reading(self._who, person):
            return False
        if interested and one.command.judging:
            return False
        # What is the organisation's to do waits for it, though officials may enter it.
        if access.is_for_the_party(self._who, one.command):
            return False
        try:
            access.check_project(access.within(self._who, programme), one.command, project)
        except Refusal:
            return False
        return True

    def _item(self, project: Project, one: Waiting, made: Recorded, day: date) -> WaitingItem:
        assert project.form is not None and project.holder is not None
        return WaitingItem(
            project=project.id,
            title=project.form.title,
            organisation_name=project.holder.organisation_name,
            district=project.holder.district,
            status=project.status,
            command=one.command,
            what=one.what,
            version=one.version,
            position=made.position,
            since=made.event.effective_on,
            until=one.until,
            overdue=one.until is not None and one.until < day,
        )

    def open_steps(self, programmes: Sequence[Programme]) -> list[OpenStep]:
        own = {code for code, action in ACTIONS.items() if self._who.role in action.may}
        steps = {"propose": "propose_honour"}
        return [
            OpenStep(
                programme=programme.code,
                phase=phase.code,
                phase_name=phase.name,
                command=steps.get(step, step),
                until=programme.last_day(phase),
            )
            for programme in programmes
            if programme.announced and self._acts_in(programme.code)
            for phase in programme.open_phases(self._day(programme))
            for step in phase.steps
            if steps.get(step, step) in own
        ]
