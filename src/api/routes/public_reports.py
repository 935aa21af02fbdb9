"""Reports by the public and their answers over HTTP (N12)."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from api.command_route import CommandRoute, OpenCommandRoute
from api.door import DoorDep, ReceiptBody, ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt
from api.reading.visible import known_of, see_project
from ledger import access
from ledger.aggregates import PROJECT, PUBLIC_REPORT
from ledger.commands import objections, public_reports
from ledger.core.envelope import Recorded
from ledger.core.history import state
from ledger.project.public_reports import PublicReport
from ledger.values import CivilDate, Contact, Frozen
from projections.cursors import LONGEST
from projections.listing_queries import public_reports_of

router = APIRouter(prefix="/v1/projects", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1/projects", responses=PROBLEM_RESPONSES, route_class=CommandRoute)
open_commands = APIRouter(prefix="/v1/projects", responses=PROBLEM_RESPONSES, route_class=OpenCommandRoute)
ADDRESS = "/v1/projects/{project_id}/public-reports"


class PublicReportView(Frozen):
    """`text` and `contact` are for those who look into reports; everybody else sees the answered ones without them."""

    id: UUID
    received_on: CivilDate
    text: str | None
    contact: Contact | None
    subject: str | None
    answer: str | None
    answered_on: CivilDate | None


class PublicReportPage(Frozen):
    """The newest first; give `next_after` as `after` to go on, null at the end."""

    project: UUID
    known: int
    reports: list[PublicReportView]
    next_after: str | None


@router.get("/{project_id}/public-reports")
async def list_public_reports(
    service: ServiceDep,
    who: Who,
    project_id: UUID,
    known_at: KnownAt = None,
    after: Annotated[str | None, Query(max_length=LONGEST, description="`next_after` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> PublicReportPage:
    """What the public reported about a project (N12): all of it for the office, auditors and the own district; for
    everybody the answers."""
    seen = await see_project(service.ledger, who, project_id)
    known = await known_of(service.ledger, seen, known_at)
    # The read model names the reports, so it must have seen what the answer claims to know.
    await service.wait_for(known, of=["listing"])
    inside = access.reads_public_reports(seen.who, state(PROJECT, project_id, seen.events))
    codec, place = service.cursors.of("public reports", who, project_id), None
    if after is not None:
        day, report = codec.read(after, date.fromisoformat, UUID, field="after")
        place = day, report
    async with service.pool.connection() as connection:
        found = await public_reports_of(
            connection, project_id, known, only_answered=not inside, after=place, limit=limit + 1
        )
    shown = [report for _, report in found[:limit]]
    streams = await service.store.streams(shown)
    reports = [_known(report, streams[report], known) for report in shown]
    contacts = [one.received.contact.commitment for one in reports if one.received and one.received.contact]
    opened = await service.ledger.vault.open(contacts if inside else [], service.ledger.shown_to(who))
    return PublicReportPage(
        project=project_id,
        known=known,
        reports=[_view(report, opened, inside=inside) for report in reports],
        next_after=codec.sealed(*found[limit - 1]) if len(found) > limit else None,
    )


def _known(report: UUID, events: list[Recorded], known: int) -> PublicReport:
    return state(PUBLIC_REPORT, report, events, known)


def _view(report: PublicReport, opened: dict[str, Any], *, inside: bool) -> PublicReportView:
    received, answered = report.received, report.answered
    assert received is not None and report.received_on is not None
    contact = opened.get(received.contact.commitment) if received.contact else None
    return PublicReportView(
        id=report.id,
        received_on=report.received_on,
        text=received.text if inside else None,
        contact=Contact.model_validate(contact) if contact else None,
        subject=answered.subject if answered else None,
        answer=answered.answer if answered else None,
        answered_on=report.answered_on,
    )


@open_commands.post("/{project_id}/public-reports", status_code=201)
async def report_publicly(door: DoorDep, project_id: UUID, body: public_reports.PublicReportBody) -> ReceiptBody:
    """Anybody reports about a published project, without an account (N12). Too many from one network, or about one
    project from networks that have reported about it already, get 429 with `Retry-After`."""
    # Nothing is written for who asks again for an answer that was lost.
    if not await door.is_repeated():
        await door.service.report_limits.take(door.client, project_id, door.service.ledger.clock())
    return await door.run(body.on(project_id), body, ADDRESS.format(project_id=project_id))


@open_commands.post("/{project_id}/public-objections", status_code=201)
async def object_publicly(door: DoorDep, project_id: UUID, body: objections.PublicObjectionBody) -> ReceiptBody:
    """Anybody objects to an evaluation or a proposed honour while it is shown 公示, without an account (N19, N20):
    with real name and contact, or as a report by the public. Objections and reports share their limits: too many from
    one network, or about one project from networks that have been heard already, get 429 with `Retry-After`."""
    if not await door.is_repeated():
        await door.service.report_limits.take(door.client, project_id, door.service.ledger.clock())
    return await door.run(body.on(project_id), body, f"/v1/projects/{project_id}/history")


commands.routes.extend(open_commands.routes)
