"""What anybody may take part in, over HTTP: what is shown for objection 公示, and what became of one's own report."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from api.door import ServiceDep
from api.problems import PROBLEM_RESPONSES
from api.reading.open_notices import open_notices
from api.reading.times import KnownAt, On
from api.reading.visible import known_position
from ledger.accounts import ANYONE
from ledger.aggregates import PUBLIC_REPORT
from ledger.core.history import state
from ledger.project.evaluation import EvaluationPublished
from ledger.project.public_reports import PublicReport, PublicReportReceived, PublicReportUnknown
from ledger.values import CivilDate, Code, Frozen
from projections.cursors import LONGEST
from projections.notice_queries import START

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)


class NoticeView(Frozen):
    """`position`, `version`: of the event by which it is shown; `targets`: the versions that can be objected to;
    `days_left`: the last one, `objections_until`, included."""

    project: UUID
    title: str
    programme: Code
    kind: Literal["evaluation", "honour"]
    position: int
    version: int
    targets: tuple[int, ...]
    shown_on: CivilDate
    objections_until: CivilDate
    days_left: int


class NoticePage(Frozen):
    """The first to end first. What was withdrawn or repeated meanwhile is left out, so a page may hold fewer; give
    `next_after` as `after` to go on, null at the end."""

    known: int
    on: CivilDate
    notices: list[NoticeView]
    next_after: str | None


@router.get("/notices")
async def list_notices(
    service: ServiceDep,
    known_at: KnownAt = None,
    on: On = None,
    after: Annotated[str | None, Query(max_length=LONGEST, description="`next_after` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> NoticePage:
    """Evaluations and proposed honours that are shown on a day, with how long anybody may object (N19, N20)."""
    known = await service.followed("feed")
    if known_at is not None:
        known = min(known, await known_position(service.ledger, ANYONE, known_at))
    codec, place = service.cursors.of("notices", ANYONE, on), START
    if after is not None:
        until, position = codec.read(after, date.fromisoformat, int, field="after")
        place = until, position
    day = on or service.ledger.today()
    found = await open_notices(service, known, day, place, limit)
    return NoticePage(
        known=known,
        on=day,
        notices=[
            NoticeView(
                project=one.project,
                title=one.title,
                programme=one.programme,
                kind="evaluation" if isinstance(one.event.fact, EvaluationPublished) else "honour",
                position=one.event.position,
                version=one.event.version,
                targets=one.targets,
                shown_on=one.event.event.effective_on,
                objections_until=one.until,
                days_left=one.days,
            )
            for one in found.notices
        ],
        next_after=codec.sealed(*found.next) if found.next else None,
    )


class OwnReport(Frozen):
    """What became of a report, without what it says: whether it was answered, and how."""

    report: UUID
    project: UUID
    received_on: CivilDate
    subject: str | None
    answer: str | None
    answered_on: CivilDate | None


@router.get("/public-reports/{report_id}")
async def show_public_report(service: ServiceDep, report_id: UUID) -> OwnReport:
    """For those who know the id that the receipt of the report names: 122 random bits, which nobody guesses (N12). It
    holds nothing of what was reported or by whom."""
    events = (await service.store.streams([report_id]))[report_id]
    if not events or not isinstance(events[0].fact, PublicReportReceived):
        raise PublicReportUnknown(report=report_id)
    found: PublicReport = state(PUBLIC_REPORT, report_id, events)
    assert found.received is not None and found.received_on is not None
    answered = found.answered
    return OwnReport(
        report=report_id,
        project=found.received.project,
        received_on=found.received_on,
        subject=answered.subject if answered else None,
        answer=answered.answer if answered else None,
        answered_on=found.answered_on,
    )
