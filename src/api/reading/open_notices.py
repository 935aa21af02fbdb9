"""What is shown for objection 公示 on a day, as everybody sees it: evaluations, and honours that are proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.reading.visible import VisibleHistory, founding_fact, see_project
from api.service import Service
from ledger.accounts import ANYONE
from ledger.aggregates import PROJECT
from ledger.core.envelope import Recorded
from ledger.core.history import state
from ledger.project.application import Applied
from ledger.project.objections import open_targets
from ledger.project.state import Project
from ledger.refusals.general import ProjectUnknown
from projections import notice_queries


@dataclass(frozen=True, slots=True)
class OpenNotice:
    """`event`: by which it is shown; `within`: the project's events that everybody sees; `targets`: the versions that
    can be objected to; `days`: left, the last one included."""

    project: UUID
    title: str
    programme: str
    event: Recorded
    within: Sequence[Recorded]
    targets: tuple[int, ...]
    until: date
    days: int


@dataclass(frozen=True, slots=True)
class OpenNotices:
    """`next`: where to go on; None at the end."""

    notices: tuple[OpenNotice, ...]
    next: tuple[date, int] | None


async def open_notices(
    service: Service, known: int, day: date, after: tuple[date, int] = notice_queries.START, limit: int = 25
) -> OpenNotices:
    """The first to end first. What was withdrawn, repeated or resolved meanwhile is left out, so a page may hold
    fewer."""
    async with service.pool.connection() as connection:
        rows = await notice_queries.shown(connection, known, day, after, limit + 1)
    found = []
    for row in rows[:limit]:
        # Folding takes milliseconds, and there may be many.
        async with service.bulk.turn:
            try:
                seen = await see_project(service.ledger, ANYONE, row.project)
            except ProjectUnknown:
                continue
            if notice := _notice(seen, row, known, day):
                found.append(notice)
    last = rows[limit - 1] if len(rows) > limit else None
    return OpenNotices(tuple(found), (last.objections_until, last.position) if last else None)


def _notice(seen: VisibleHistory, row: notice_queries.ShownRow, known: int, day: date) -> OpenNotice | None:
    within = [event for event in seen.visible if event.position <= known]
    event = next((one for one in within if one.position == row.position), None)
    if event is None:
        return None
    project: Project = state(PROJECT, row.project, within, effective=day)
    version = event.fact.ruled_by() or event.version
    targets = open_targets(project, version, day)
    if not targets:
        return None
    first = founding_fact(within)
    title = project.form.title if project.form else first.form.title if isinstance(first, Applied) else first.title
    days = (row.objections_until - day).days + 1
    return OpenNotice(row.project, title, first.programme, event, within, targets, row.objections_until, days)
