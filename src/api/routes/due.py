"""What is due and overdue as of any date (N14, N23), from one project and over a programme."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from api.door import ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt, On
from api.reading.visible import founding_fact, known_position, see_as_known
from api.service import Service
from ledger.access import SEES_ALL
from ledger.aggregates import PROGRAMME, PROJECT
from ledger.clock import LEDGER_ZONE
from ledger.core.history import state
from ledger.identifiers import programme_stream
from ledger.programme import Programme
from ledger.project.due import Debtor, DueKind, due, is_overdue, last_day, overdue_before
from ledger.project.timeliness import Timeliness, milestone_times
from ledger.refusals.general import ProgrammeUnknown
from ledger.values import CivilDate, Code, Frozen
from projections.due import DueCursor, DueQuery, open_items

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)


class DueItem(Frozen):
    """`what`: the milestone, or what was asked for. `last_day`: when what is due on `due_on` is still in time, which
    is the next working day when that is none."""

    kind: DueKind
    what: str
    by: Debtor
    since: CivilDate
    due_on: CivilDate
    last_day: CivilDate
    overdue: bool


class MilestoneTimeView(Frozen):
    """A milestone of the programme: whether its report, by the first submission, came in time on the day `on`.
    `not_due`: not reported, and nothing is owed, as the project is suspended or has ended."""

    milestone: str
    timeliness: Timeliness
    due_on: CivilDate | None
    last_day: CivilDate | None
    reported_on: CivilDate | None
    days_late: int | None


class ProjectDue(Frozen):
    """`items`: what is open; `milestones`: all of them, done or not."""

    project: UUID
    on: CivilDate
    known: int
    items: list[DueItem]
    milestones: list[MilestoneTimeView]


@router.get("/projects/{project_id}/due")
async def show_due(
    service: ServiceDep, who: Who, project_id: UUID, on: On = None, known_at: KnownAt = None
) -> ProjectDue:
    """What is due and overdue from a project on a day, by both clocks, as far as the reader may see (N14, N23)."""
    seen, known = await see_as_known(service.ledger, who, project_id, known_at)
    within = [event for event in seen.visible if event.position <= known]
    programme = await _programme(service, founding_fact(within).programme)
    day = on or _today(service, programme)
    items: list[DueItem] = []
    times: list[MilestoneTimeView] = []
    if programme.announced:
        rules, project = programme.rules, state(PROJECT, project_id, within, effective=day)
        times = [MilestoneTimeView(**asdict(one)) for one in milestone_times(project, rules, day)]
        for item in due(project, rules, day):
            items.append(
                DueItem(
                    kind=item.kind,
                    what=item.what,
                    by=item.by,
                    since=item.since,
                    due_on=item.due_on,
                    last_day=last_day(item.due_on, rules),
                    overdue=is_overdue(item, rules, day),
                )
            )
    return ProjectDue(project=project_id, on=day, known=known, items=items, milestones=times)


class ListedDue(Frozen):
    project: UUID
    title: str
    organisation: UUID
    organisation_name: str
    district: str | None
    item: DueItem


class DuePage(Frozen):
    """`known` and `on` are kept by later pages."""

    programme: str
    on: CivilDate
    known: int
    items: list[ListedDue]
    next_cursor: str | None


class DueWanted(Frozen):
    on: On = None
    overdue: Annotated[bool, Query(description="Only what is overdue.")] = False
    district: Code | None = None
    cursor: Annotated[str, StringConstraints(max_length=1000)] | None = None
    known_at: KnownAt = None
    limit: Annotated[int, Query(ge=1, le=200)] = 50


@router.get("/programmes/{programme}/due")
async def list_due(service: ServiceDep, who: Who, programme: Code, wanted: Annotated[DueWanted, Query()]) -> DuePage:
    """What is due and overdue in a programme on a day, the earliest first (N14, N23). The public sees the milestones
    of published projects; who takes part in a project sees all of it. The term to sign a contract stands with the
    project."""
    found = await _programme(service, programme)
    codec = service.cursors.of("due", who, programme, wanted)
    after = DueCursor.decode(codec, wanted.cursor) if wanted.cursor is not None else None
    if after:
        known, day = after.known, after.on
        await service.check_place("cursor", known)
    else:
        known, day = await service.followed("due"), wanted.on or _today(service, found)
        if wanted.known_at is not None:
            known = min(known, await known_position(service.ledger, who, wanted.known_at))
    if found.announced is None:
        return DuePage(programme=programme, on=day, known=known, items=[], next_cursor=None)
    rules, overdue_until = found.rules, overdue_before(day, found.rules)
    asked = DueQuery(
        known=known,
        on=day,
        programme=programme,
        due_before=overdue_until if wanted.overdue else None,
        district=wanted.district,
        sees_all=who.role in SEES_ALL,
        own_organisation=who.organisation,
        own_district=who.district,
        today=service.ledger.today(),
    )
    async with service.pool.connection() as connection:
        rows = await open_items(connection, asked, after, wanted.limit + 1)
    items = [
        ListedDue(
            project=row.project,
            title=row.title,
            organisation=row.organisation,
            organisation_name=row.organisation_name,
            district=row.district,
            item=DueItem(
                kind=DueKind(row.kind),
                what=row.what,
                by=Debtor.ORGANISATION,
                since=row.since,
                due_on=row.due_on,
                last_day=last_day(row.due_on, rules),
                overdue=row.due_on < overdue_until,
            ),
        )
        for row in rows[: wanted.limit]
    ]
    more = len(rows) > wanted.limit
    last = rows[wanted.limit - 1] if more else None
    cursor = DueCursor(known, day, last.due_on, last.item).encode(codec) if last else None
    return DuePage(programme=programme, on=day, known=known, items=items, next_cursor=cursor)


async def _programme(service: Service, code: str) -> Programme:
    stream = programme_stream(code)
    found = state(PROGRAMME, stream, (await service.store.streams([stream]))[stream])
    if not found.exists:
        raise ProgrammeUnknown(programme=code)
    return found


def _today(service: Service, programme: Programme) -> date:
    zone = programme.rules.zone if programme.announced else LEDGER_ZONE
    return service.ledger.clock().astimezone(zone).date()
