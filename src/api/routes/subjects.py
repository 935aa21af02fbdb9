"""Personal data over HTTP, for the office: whose is sealed, all of one subject, and who looked; holds and erasure are
commands."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.door import ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from api.reading.retention import START, RetentionDue, retention_due
from api.reading.subjects import (
    FoundSubjects,
    SubjectReport,
    SubjectView,
    find_subjects,
    report_subject,
    show_subject,
)
from api.reading.times import On
from api.routes.audit import Cursor, Limit
from ledger.values import Code, Frozen, Line, Text

router = APIRouter(responses=PROBLEM_RESPONSES)


class SubjectSearch(Frozen):
    """`text`: a name, or the number of a document, a telephone or an account. `reason`: on whose request, or for what;
    it is kept, so it names nobody."""

    text: Line
    reason: Text


class SubjectReportRequest(Frozen):
    """`reason` is kept, and names nobody."""

    reason: Text


class RetentionWanted(Frozen):
    on: On = None
    cursor: Cursor | None = None
    limit: Limit = 50


@router.post("/v1/subject-searches")
async def search_subjects(service: ServiceDep, who: SignedIn, body: SubjectSearch, response: Response) -> FoundSubjects:
    """Find whose sealed data holds a name or a number, or who is told apart by it (PIPL 44). The search is on record
    without what was looked for. For the office."""
    response.headers["Cache-Control"] = "no-store"
    return await find_subjects(service.ledger, who, body.text, body.reason)


@router.get("/v1/subjects/{subject_id}")
async def get_subject(service: ServiceDep, who: SignedIn, subject_id: UUID) -> SubjectView:
    """For what data of a subject is kept, its legal holds, and the erasure that waits to be confirmed. For the office
    and the leading group."""
    return await show_subject(service.ledger, who, subject_id)


@router.post("/v1/subjects/{subject_id}/reports")
async def make_subject_report(
    service: ServiceDep, who: SignedIn, subject_id: UUID, body: SubjectReportRequest, response: Response
) -> SubjectReport:
    """All that is held about a subject, as one JSON file to hand over (PIPL 45). The report is on record. For the
    office."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = f'attachment; filename="subject-{subject_id}.json"'
    return await report_subject(service.ledger, who, subject_id, body.reason)


@router.get("/v1/programmes/{programme}/retention")
async def list_retention_due(
    service: ServiceDep, who: SignedIn, programme: Code, wanted: Annotated[RetentionWanted, Query()]
) -> RetentionDue:
    """What of the programme's personal data is kept for longer than its rules say (PIPL 19), the longest kept first:
    what the office proposes to erase. For the office."""
    codec = service.cursors.of("retention", who, programme, wanted)
    after = START
    if wanted.cursor is not None:
        position, subject, purpose = codec.read(wanted.cursor, int, UUID, str)
        after = (position, subject, purpose)
    rules, day, due, place = await retention_due(service, who, programme, wanted.on, wanted.limit, after)
    return RetentionDue(
        on=day,
        periods=dict(rules.retention),
        due=due,
        next_cursor=codec.sealed(*place) if place else None,
    )
