"""Personal data for the office: whose it is, all that is held, holds, and erasure by two people (PIPL 44 to 47)."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from api.admin.places import check_place
from api.admin.views import Cell, Desk, Field, FieldsWrong, Part, Sending, Sheet, desk_of, page, sent_to, wrong
from api.pages.asked import id_of
from api.pages.frame import Link
from api.pages.reader import LOOK
from api.protocol.query import takes
from api.reading.retention import RetentionDue
from api.reading.subjects import FoundSubjects, SubjectView
from api.routes.subjects import (
    RetentionWanted,
    SubjectReportRequest,
    SubjectSearch,
    get_subject,
    list_retention_due,
    make_subject_report,
    search_subjects,
)
from api.sign_in.visits import service_in
from ledger.commands.command import SubjectCommand
from ledger.commands.subjects import Erasure, ErasureProposal, HoldRelease, LegalHold
from ledger.core.refusal import Refusal
from ledger.personal_data import SubjectUnknown
from ledger.subjects import ERASE, PLACE_HOLD, PROPOSE_ERASURE, PURPOSE, READ_SUBJECTS, RELEASE_HOLD
from ledger.unit_of_work import CommandContext
from ledger.vault import Purpose

router = APIRouter(include_in_schema=False)
AT, OPENING, RETENTION = "/admin/subjects", "/admin/subject", "/admin/retention"
HOLD, RELEASE, PROPOSE, CONFIRM = "hold", "release", "propose", "confirm"


@router.get(AT, openapi_extra=takes(*LOOK))
async def show_search(request: Request) -> Response:
    desk = await desk_of(request)
    check_place(desk.who, AT)
    return await _search(desk, None)


@router.post(AT, openapi_extra=takes(*LOOK))
async def search(request: Request) -> Response:
    """What is looked for is sent in the body, so that no log and no history of a browser holds it."""
    desk, fields = await sent_to(request)
    try:
        wanted = SubjectSearch.model_validate({"text": fields.get("text", ""), "reason": fields.get("reason", "")})
        found = await search_subjects(service_in(request), desk.who, wanted, Response())
    except ValidationError as error:
        return await _search(replace(desk, error=wrong(error)), None)
    except Refusal as refusal:
        return await _search(replace(desk, error=refusal), None)
    return await _search(desk, found)


async def _search(desk: Desk, found: FoundSubjects | None) -> Response:
    parts = []
    labels = {"text": desk.say("search_text"), "reason": desk.say("reason_kept"), "subject": desk.say("subject")}
    if desk.who.role in READ_SUBJECTS.may:
        fields = Field("text", labels["text"]), Field("reason", labels["reason"], "area")
        form = Sending(desk.link(AT), desk.say("find_subject"), fields)
        parts.append(Part(desk.say("find_subject"), desk.say("find_subject_lead"), forms=(form,)))
    if found is not None:
        rows = []
        for one in found.found:
            purposes = desk.reader.listed(desk.reader.say(PURPOSE[match.purpose]) for match in one.matches)
            hold = desk.say("on_hold" if one.on_hold else "no_hold")
            rows.append((Cell(str(one.subject), desk.link(f"{AT}/{one.subject}")), Cell(purposes), Cell(hold)))
        header = desk.say("subject"), desk.say("purposes"), desk.say("hold")
        parts.append(Part(desk.say("found_subjects"), sheet=Sheet(header, tuple(rows))))
    opening = Sending(desk.reader.at(OPENING), desk.say("open_file"), (Field("subject", labels["subject"]),), asks=True)
    parts.append(Part(desk.say("open_file"), desk.say("open_file_lead"), forms=(opening,)))
    return await page(desk, AT, desk.say("subjects"), parts, labels=labels)


@router.get(OPENING, openapi_extra=takes("subject", *LOOK))
async def open_file(request: Request) -> Response:
    return await _file(await desk_of(request), _uuid(request.query_params.get("subject", "").strip()))


@router.get(AT + "/{subject}", openapi_extra=takes(*LOOK))
async def show_file(request: Request, subject: str) -> Response:
    return await _file(await desk_of(request), _uuid(subject))


@router.post(AT + "/{subject}/report", openapi_extra=takes(*LOOK))
async def take_report(request: Request, subject: str) -> Response:
    """The file to hand over, as the API makes it."""
    desk, fields = await sent_to(request)
    id = _uuid(subject)
    try:
        wanted = SubjectReportRequest.model_validate({"reason": fields.get("reason", "")})
        headers = Response()
        report = await make_subject_report(service_in(request), desk.who, id, wanted, headers)
    except ValidationError as error:
        return await _file(replace(desk, error=wrong(error)), id)
    except Refusal as refusal:
        return await _file(replace(desk, error=refusal), id)
    kept = {name: headers.headers[name] for name in ("Cache-Control", "Content-Disposition")}
    return Response(report.model_dump_json(indent=2), media_type="application/json", headers=kept)


@router.post(AT + "/{subject}", openapi_extra=takes(*LOOK))
async def act(request: Request, subject: str) -> Response:
    desk, fields = await sent_to(request)
    id, ledger = _uuid(subject), service_in(request).ledger
    try:
        command = _command(fields)
        await ledger.transact(CommandContext(desk.who), command.on(id))
    except ValidationError as error:
        return await _file(replace(desk, error=wrong(error)), id)
    except FieldsWrong as error:
        return await _file(replace(desk, error=error), id)
    except Refusal as refusal:
        return await _file(replace(desk, error=refusal), id)
    return await _file(replace(desk, notice=(desk.say(f"done_{fields['act']}"), "")), id)


def _command(fields: dict[str, str]) -> SubjectCommand:
    """Raises ValidationError, FieldsWrong."""
    said = {name: fields.get(name, "") for name in ("authority", "reason")}
    match fields.get("act"):
        case "hold":
            return LegalHold.model_validate(said)
        case "release":
            return HoldRelease.model_validate({"hold": _number(fields, "hold"), "reason": said["reason"]})
        case "propose":
            purposes = [purpose for purpose in Purpose if f"purpose.{purpose}" in fields]
            return ErasureProposal.model_validate(
                said | {"purposes": purposes, "files": _files(fields.get("files", ""))}
            )
        case "confirm":
            return Erasure.model_validate({"proposal": _number(fields, "proposal")})
        case _:
            raise FieldsWrong(("act",))


def _number(fields: dict[str, str], name: str) -> int:
    """Raises FieldsWrong."""
    text = fields.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise FieldsWrong((name,))
    return int(text)


def _files(text: str) -> list[dict[str, object]]:
    """A line each: the digest, and the projects that are to show the file no more."""
    return [{"sha256": words[0], "projects": words[1:]} for line in text.splitlines() if (words := line.split())]


async def _file(desk: Desk, subject: UUID) -> Response:
    view = await get_subject(service_in(desk.request), desk.who, subject)
    path, role = f"{AT}/{subject}", desk.who.role
    labels = {key: desk.say(key) for key in ("authority", "reason", "files", "purposes", "hold", "proposal")}
    authority, reason = Field("authority", labels["authority"]), Field("reason", labels["reason"], "area")

    def act(code: str, *fields: Field) -> Sending:
        return Sending(desk.link(path), desk.say(f"do_{code}"), (Field("act", "", "hidden", code), *fields))

    parts = [Part(desk.say("kept"), desk.say("kept_lead"), _kept(desk, view))]
    if role in READ_SUBJECTS.may:
        report = Sending(
            desk.link(f"{path}/report"), desk.say("take_report"), (Field("reason", desk.say("reason_kept"), "area"),)
        )
        parts.append(Part(desk.say("take_report"), desk.say("take_report_lead"), forms=(report,)))
    if view.proposal:
        waits = view.proposal
        purposes = desk.reader.listed(desk.reader.say(PURPOSE[one]) for one in waits.purposes)
        rows = [
            (Cell(desk.say("purposes")), Cell(purposes)),
            (Cell(labels["authority"]), Cell(waits.authority)),
            (Cell(labels["reason"]), Cell(waits.reason)),
            (Cell(desk.say("at")), Cell(desk.reader.instant(waits.proposed_at).text)),
            *((Cell(labels["files"]), Cell(f"{one.sha256} · {len(one.projects)}")) for one in waits.files),
        ]
        may = role in ERASE.may and not waits.yours
        version = Field("proposal", "", "hidden", str(waits.version))
        lead = desk.say("proposal_yours" if waits.yours else "proposal_lead")
        forms = (act(CONFIRM, version),) if may else ()
        parts.append(Part(labels["proposal"], lead, Sheet((desk.say("what"), desk.say("value")), tuple(rows)), forms))
    if role in RELEASE_HOLD.may and view.holds:
        choices = tuple((str(one.version), one.authority) for one in view.holds)
        hold = Field("hold", labels["hold"], "select", options=choices)
        parts.append(Part(desk.say("release_hold"), forms=(act(RELEASE, hold, reason),)))
    if role in PLACE_HOLD.may:
        parts.append(Part(desk.say("place_hold"), desk.say("place_hold_lead"), forms=(act(HOLD, authority, reason),)))
    if role in PROPOSE_ERASURE.may:
        there = [one.purpose for one in view.purposes if one.erased_at is None]
        boxes = [Field(f"purpose.{one}", desk.reader.say(PURPOSE[one]), "checkbox", "on") for one in there]
        files = Field("files", labels["files"], "area", required=False)
        form = act(PROPOSE, *boxes, files, authority, reason)
        parts.append(Part(desk.say("propose_erasure"), desk.say("propose_erasure_lead"), forms=(form,)))
    back = Link(desk.say("subjects"), desk.link(AT))
    return await page(desk, path, desk.say("subject_file"), parts, back=back, labels=labels)


def _kept(desk: Desk, view: SubjectView) -> Sheet:
    rows = [
        (
            Cell(desk.reader.say(PURPOSE[one.purpose])),
            Cell(desk.reader.instant(one.since).text),
            Cell(
                desk.say("erased_at", at=desk.reader.instant(one.erased_at).text)
                if one.erased_at
                else desk.say("there")
            ),
        )
        for one in view.purposes
    ]
    rows += [
        (Cell(desk.say("hold")), Cell(desk.reader.instant(one.since).text), Cell(f"{one.authority}：{one.reason}"))
        for one in view.holds
    ]
    return Sheet((desk.say("purposes"), desk.say("since"), desk.say("state")), tuple(rows))


@router.get(RETENTION, openapi_extra=takes("programme", "on", "cursor", *LOOK))
async def show_retention(request: Request) -> Response:
    desk = await desk_of(request)
    check_place(desk.who, RETENTION)
    service, asked = service_in(request), request.query_params
    catalogue = await request.app.state.catalogue.programmes(await service.followed())
    names = tuple((one.code, desk.reader.say(one.name)) for one in catalogue.listed if one.rules)
    programme = asked.get("programme") or next((code for code, _ in names), "")
    part = Part("", desk.say("no_periods"))
    try:
        day = date.fromisoformat(asked["on"]) if asked.get("on") else None
        if programme:
            wanted = RetentionWanted(on=day, cursor=asked.get("cursor"))
            part = _due(desk, programme, wanted, await list_retention_due(service, desk.who, programme, wanted))
    except ValueError:
        desk = replace(desk, error=FieldsWrong(("on",)))
    except Refusal as refusal:
        desk = replace(desk, error=refusal)
    choosing = (
        Field("programme", desk.say("programme"), "select", programme, names),
        Field("on", desk.say("on_day"), "date", asked.get("on", ""), required=False),
    )
    forms = (Sending(desk.reader.at(RETENTION), desk.say("choose"), choosing, asks=True),)
    parts = [replace(part, forms=forms)]
    return await page(desk, RETENTION, desk.say("retention"), parts, labels={"on": desk.say("on_day")})


def _due(desk: Desk, programme: str, wanted: RetentionWanted, found: RetentionDue) -> Part:
    """What is kept too long, under the periods of the programme."""
    rows = tuple(
        (
            Cell(str(one.subject), desk.link(f"{AT}/{one.subject}")),
            Cell(desk.reader.say(PURPOSE[one.purpose])),
            Cell(str(one.project), desk.link(f"/projects/{one.project}/decide")) if one.project else Cell("—"),
            Cell(desk.reader.day(one.due_on).text),
            Cell(desk.say("on_hold" if one.on_hold else "no_hold")),
        )
        for one in found.due
    )
    periods = [
        desk.say("period", purpose=desk.reader.say(PURPOSE[key]), months=months)
        for key, months in found.periods.items()
    ]
    more = found.next_cursor and desk.link(RETENTION, programme=programme, on=wanted.on, cursor=found.next_cursor)
    header = tuple(desk.say(key) for key in ("subject", "purposes", "project_id", "due_day", "hold"))
    lead = desk.reader.listed(periods) or desk.say("no_periods")
    return Part("", lead, Sheet(header, rows, more or ""))


def _uuid(text: str) -> UUID:
    """Raises SubjectUnknown."""
    return id_of(text, SubjectUnknown(subject=text[:40]))
