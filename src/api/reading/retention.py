"""What of a programme's sealed data is kept longer than its rules say, so that the office proposes to erase it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from pydantic import Field

from api.reading.visible import founding_fact
from api.service import Service
from ledger.access import check_role
from ledger.accounts import Account
from ledger.aggregates import PROGRAMME, SUBJECT
from ledger.appointments import Appointed
from ledger.core.envelope import Recorded
from ledger.core.history import state
from ledger.deputies import DeputyNamed
from ledger.identifiers import programme_stream
from ledger.personal_data import SealedPlace, last_sealed
from ledger.project.application import Applied
from ledger.refusals.general import ProgrammeUnknown
from ledger.rules import Rules
from ledger.subjects import READ_SUBJECTS
from ledger.values import CivilDate, Frozen, months_after
from ledger.vault import Purpose
from ledger.veils import Veiled

AT_ONCE = 200
START: SealedPlace = (-1, UUID(int=0), "")


class DueForErasure(Frozen):
    """`sealed_on`: when the last value of the subject was sealed for this purpose. `due_on`: the day on which the
    period that the rules say is over. `project`: null for somebody appointed."""

    subject: UUID
    purpose: Purpose
    project: UUID | None
    sealed_on: CivilDate
    due_on: CivilDate
    on_hold: bool


class RetentionDue(Frozen):
    """On the day `on`, the longest kept first. `periods`: in months, by purpose; what has none is never due."""

    on: CivilDate
    periods: dict[Purpose, int]
    due: list[DueForErasure] = Field(max_length=AT_ONCE)
    next_cursor: str | None


async def retention_due(
    service: Service, who: Account, code: str, on: date | None, limit: int, after: SealedPlace
) -> tuple[Rules, date, list[DueForErasure], SealedPlace | None]:
    """As many as `limit`, behind that place; and where to go on. Raises RoleMayNot, ProgrammeUnknown."""
    check_role(who, READ_SUBJECTS)
    stream = programme_stream(code)
    programme = state(PROGRAMME, stream, (await service.store.streams([stream]))[stream])
    if not programme.announced:
        raise ProgrammeUnknown(programme=code)
    rules = programme.rules
    day = on or service.ledger.today(rules.zone)
    found: list[DueForErasure] = []
    if not rules.retention:
        return rules, day, found, None
    # A few days more, since months differ in length.
    cutoff = months_after(day, -min(rules.retention.values())) + timedelta(days=3)
    before = await _position_from(service, datetime.combine(cutoff, time.max, rules.zone))
    while True:
        async with service.pool.connection() as connection:
            rows = await last_sealed(connection, rules.retention, before, after, AT_ONCE)
        for place, item in await _due(service, rules, code, day, rows):
            found.append(item)
            if len(found) == limit:
                return rules, day, found, place
        if len(rows) < AT_ONCE:
            return rules, day, found, None
        after = rows[-1]


async def _position_from(service: Service, instant: datetime) -> int:
    """The first position that was recorded then or later, or the end."""
    last = await service.store.position_before(instant)
    return 0 if last is None else last + 1


async def _due(
    service: Service, rules: Rules, code: str, day: date, rows: Sequence[SealedPlace]
) -> list[tuple[SealedPlace, DueForErasure]]:
    """Those whose value stands in an event of the programme and whose period is over, each with its place."""
    events = {}
    for position in dict.fromkeys(row[0] for row in rows):
        [events[position]] = await service.store.range(position, position + 1)
    projects = await _projects(service, list(events.values()))
    founders = await service.store.streams(list({one for one in projects.values() if one is not None}))
    due = []
    for position, subject, purpose in rows:
        recorded, project = events[position], projects[position]
        founder = founding_fact(founders[project]) if project is not None else None
        of = founder.programme if isinstance(founder, Applied) else None
        if isinstance(recorded.fact, Appointed | DeputyNamed):
            of, project = recorded.fact.programme, None
        sealed_on = recorded.recorded_at.astimezone(rules.zone).date()
        due_on = months_after(sealed_on, rules.retention[Purpose(purpose)])
        if of != code or due_on > day:
            continue
        item = DueForErasure(
            subject=subject,
            purpose=Purpose(purpose),
            project=project,
            sealed_on=sealed_on,
            due_on=due_on,
            on_hold=await _is_on_hold(service, subject),
        )
        due.append(((position, subject, purpose), item))
    return due


async def _projects(service: Service, events: Sequence[Recorded]) -> dict[int, UUID | None]:
    """The project that each event is about, by its position."""
    found = {recorded.position: recorded.fact.project_in(recorded.stream) for recorded in events}
    others = list({recorded.stream for recorded in events if found[recorded.position] is None})
    streams = await service.store.streams(others)
    for recorded in events:
        if found[recorded.position] is None:
            founder = streams[recorded.stream][0]
            found[recorded.position] = founder.fact.project_in(founder.stream)
    return found


async def _is_on_hold(service: Service, subject: UUID) -> bool:
    stream = await service.ledger.veils.stream(Veiled.SUBJECT, subject)
    return bool(state(SUBJECT, stream, (await service.store.streams([stream]))[stream]).holds)
