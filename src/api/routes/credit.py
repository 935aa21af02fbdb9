"""Credit records over HTTP: one organisation's, and the changes of all for the credit system (N22)."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from api.door import ServiceDep, SignedIn, Who
from api.problems import PROBLEM_RESPONSES
from api.reading.rules_known import rules_known
from api.reading.times import KnownAt, On
from api.reading.visible import check_in_force, known_position
from api.routes.organisations import organisation_events, read_identifier
from api.routes.statistics import Since, Until
from api.service import Service
from ledger import access
from ledger.accounts import Account
from ledger.aggregates import ORGANISATION
from ledger.core.fact import Instant, Role
from ledger.core.history import in_force, state
from ledger.credit_line import (
    CreditClass,
    CreditKind,
    CreditLine,
    CreditStatus,
    class_of,
    class_on,
    days_to_record,
    is_in_time,
    status_on,
)
from ledger.identifiers import Identifier, organisation_stream
from ledger.project.due import last_day
from ledger.refusals.general import RoleMayNot
from ledger.rules import Rules, WorkCalendar
from ledger.values import CivilDate, Frozen, Line
from projections import credit_queries
from projections.credit_queries import LAST, LineFilter, Place, Row
from projections.cursors import Codec

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
# What no programme rules over is measured by the calendar of those whose order it is.
ORDER_60_CALENDAR = WorkCalendar("china")
Cursor = Annotated[str, StringConstraints(max_length=1000)]


class LineQuery(Frozen):
    """Which lines of credit records."""

    kind: Annotated[CreditKind | None, Query(description="Only lines of this kind.")] = None
    order_60_class: Annotated[
        CreditClass | None,
        Query(alias="class", description="Only lines of this class of Order 60, as it classifies them today."),
    ] = None
    since: Since = None
    until: Until = None

    @property
    def kinds(self) -> frozenset[CreditKind] | None:
        if self.kind is None and self.order_60_class is None:
            return None
        classed = {kind for kind in CreditKind if self.order_60_class in (None, class_of(kind))}
        return frozenset(classed if self.kind is None else classed & {self.kind})

    def takes(self, line: CreditLine) -> bool:
        days = (self.since is None or self.since <= line.since) and (self.until is None or line.since <= self.until)
        return days and (self.kinds is None or line.kind in self.kinds)


class CreditLineView(CreditLine):
    """The line with its status on the day, its class under Order 60 (null before 24 January 2018), and how many working
    days after it became so it was recorded; `in_time`: within five, null for what became so before there was a term."""

    status: CreditStatus
    order_60_class: CreditClass | None
    working_days: int | None
    in_time: bool | None


class CreditRecord(Frozen):
    """As known at the position `known`, on the day `on`. `identifiers`: of the organisation, as it is on that day.
    `sha256`: the digest of all lines as known, whatever was filtered, for those who see what is disputed in them."""

    organisation: UUID
    identifiers: tuple[Identifier, ...]
    known: int
    on: CivilDate
    lines: list[CreditLineView]
    sha256: str | None


class RecordQuery(LineQuery):
    known_at: KnownAt = None
    on: On = None


@router.get("/organisations/{organisation_id}/credit")
async def show_credit(
    service: ServiceDep, who: Who, organisation_id: UUID, wanted: Annotated[RecordQuery, Query()]
) -> CreditRecord:
    """The credit record of one organisation by the two clocks (N22): what everybody may know of it and of its published
    projects, or what is asked for of it. That a line is disputed is shown, before it is decided, to the organisation,
    the credit system, the office and auditors."""
    events = await organisation_events(service, organisation_id)
    known = await known_position(service.ledger, who, wanted.known_at, events[0])
    day = wanted.on or service.ledger.today()
    check_in_force(events, known, day)
    return await credit_record(service, who, organisation_id, known, day, wanted)


async def credit_record(
    service: Service, who: Account, organisation_id: UUID, known: int, day: date, wanted: LineQuery
) -> CreditRecord:
    """The record for this reader, on a day on which the organisation was there."""
    within = [one for one in await organisation_events(service, organisation_id) if one.position <= known]
    await service.wait_for(known)
    async with service.pool.connection() as connection:
        lines = await credit_queries.record_of(connection, known, organisation_id)
    sees = access.sees_disputes(who, organisation_id)
    programmes = {line.programme for line in lines if line.programme}
    rules = {code: await rules_known(service, code, known) for code in programmes}
    shown = lines if sees else [line.model_copy(update={"disputes": ()}) for line in lines]
    digest = credit_queries.digest_of([line.model_dump(mode="json") for line in lines]) if sees else None
    return CreditRecord(
        organisation=organisation_id,
        identifiers=in_force(ORGANISATION, organisation_id, within, day).identifiers,
        known=known,
        on=day,
        lines=[
            _view(line, rules.get(line.programme or ""), day)
            for line in shown
            if line.since <= day and wanted.takes(line)
        ],
        sha256=digest,
    )


def _view(line: CreditLine, rules: Rules | None, day: date) -> CreditLineView:
    calendar = rules.work_calendar if rules else ORDER_60_CALENDAR
    taken = days_to_record(line, calendar)
    said = dict(line)
    if line.kind is CreditKind.TIMELINESS and line.due_on and line.done_on and rules:
        said["result"] = "in_time" if line.done_on <= last_day(line.due_on, rules) else "late"
    return CreditLineView(
        **said,
        status=status_on(line, day),
        order_60_class=class_on(line.kind, day),
        working_days=taken,
        in_time=is_in_time(line, taken),
    )


class CreditChange(Frozen):
    """What a line became, or null when it was withdrawn. `cursor`: give it as `after` to go on behind this change.
    `position`: that of the event by which it became so; `correction`: whether that one corrects or redacts another;
    `identifiers`: those that the organisation had then; `origin`: of the log that the position is in. After a loss,
    withdraw what you took of another origin from the position on that the refusal of your cursor, or the message
    `minsheng.log.restarted`, names as `fork`."""

    cursor: str
    position: int
    organisation: UUID
    identifiers: tuple[Identifier, ...]
    line: UUID
    became: CreditLine | None
    correction: bool
    origin: str | None


class CreditChanges(Frozen):
    """`snapshot`: these are lines as known at `known`, not changes. `more`: there may be more now; else later. Give
    `next_after` as `after` in either case; null in an empty ledger."""

    known: int
    snapshot: bool
    changes: list[CreditChange]
    more: bool
    next_after: str | None


class ChangesQuery(LineQuery):
    after: Annotated[Cursor | None, Query(description="A cursor or `next_after`; without it the snapshot.")] = None
    identifier: Annotated[
        Line | None, Query(description="Only of the organisation that has this identifier, as `CN-USCI:…`.")
    ] = None
    limit: Annotated[int, Query(ge=1, le=1000)] = 200
    known_at: KnownAt = None


async def _holder(service: Service, text: str | None) -> UUID | None:
    """The organisation that founded the identifier's stream, or that claims it; nobody's is that of no line."""
    if text is None:
        return None
    stream = organisation_stream(read_identifier(text))
    found = state(ORGANISATION, stream, (await service.store.streams([stream]))[stream])
    return found.claimed_by or stream


@router.get("/credit/changes")
async def list_changes(
    service: ServiceDep,
    who: SignedIn,
    wanted: Annotated[ChangesQuery, Query()],
) -> CreditChanges:
    """All credit records (N22): first a snapshot, then every change without gaps, in order for each organisation. From
    any cursor the same follows again, so what was lost is read twice and never missed. Filtered, a line that was asked
    for before stays so when it is withdrawn or comes to lie on another day; cursors are those of all changes.

    For the credit system, the office and auditors."""
    _check_reader(who)
    size = (await service.store.head()).size
    codec = codec_of(service)
    place = Place.decode(codec, wanted.after, size) if wanted.after is not None else None
    known, limit = await _known(service, who, wanted.known_at), wanted.limit
    lines = LineFilter(wanted.kinds, await _holder(service, wanted.identifier), wanted.since, wanted.until)
    if place is None or place.snapshot:
        at, behind = (place.position, place.line) if place else (known, None)
        async with service.pool.connection() as connection:
            rows = await credit_queries.snapshot(connection, at, behind, limit + 1, lines)
        found = [change_of(codec, row, Place(True, at, row.line)) for row in rows[:limit]]
        following = found[-1].cursor if len(rows) > limit else Place(False, at, LAST).encode(codec)
        return CreditChanges(known=at, snapshot=True, changes=found, more=True, next_after=following)
    async with service.pool.connection() as connection:
        rows = await credit_queries.changes(connection, known, place, limit + 1, lines)
    found = [change_of(codec, row, Place(False, row.position, row.line)) for row in rows[:limit]]
    following = found[-1].cursor if found else place.encode(codec)
    return CreditChanges(known=known, snapshot=False, changes=found, more=len(rows) > limit, next_after=following)


def codec_of(service: Service) -> Codec:
    """All who may read the changes read the same."""
    return service.cursors.of("credit")


def change_of(codec: Codec, row: Row, place: Place) -> CreditChange:
    """`place`: where to go on behind it."""
    return CreditChange(
        cursor=place.encode(codec),
        position=row.position,
        organisation=row.organisation,
        identifiers=tuple(Identifier.model_construct(scheme=one["scheme"], id=one["id"]) for one in row.identifiers),
        line=row.line,
        became=None if row.record is None else CreditLine.model_validate(row.record),
        correction=row.correction,
        origin=codec.origins.name_at(row.position),
    )


class CreditDigest(Frozen):
    organisation: UUID
    lines: int
    sha256: str


class CreditDigests(Frozen):
    """`next_after`: give it as `after` for the next organisations; null at the end."""

    known: int
    organisations: list[CreditDigest]
    next_after: UUID | None


@router.get("/credit/digests")
async def list_digests(
    service: ServiceDep,
    who: SignedIn,
    after: Annotated[UUID | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 200,
    known_at: KnownAt = None,
) -> CreditDigests:
    """To reconcile: for each organisation the SHA-256 of the canonical JSON (RFC 8785) of its lines, as they were in
    `became`, as one array in the order of their ids (N22). As known at a position, compare with what was taken up to
    there."""
    _check_reader(who)
    known = await _known(service, who, known_at)
    async with service.pool.connection() as connection:
        rows = await credit_queries.digests(connection, known, after, limit + 1)
    page = [CreditDigest(organisation=row.organisation, lines=row.lines, sha256=row.sha256) for row in rows[:limit]]
    return CreditDigests(
        known=known, organisations=page, next_after=page[-1].organisation if len(rows) > limit else None
    )


class CreditAck(Frozen):
    """All up to the cursor `after` has been taken and kept."""

    after: Cursor


class TakenChanges(Frozen):
    """Up to where the account has taken the changes; `label` is the account's."""

    label: str
    after: str
    acknowledged_at: Instant


class CreditAcks(Frozen):
    acks: list[TakenChanges]


@router.post("/credit/acks", status_code=201)
async def acknowledge(service: ServiceDep, who: SignedIn, body: CreditAck) -> CreditAcks:
    """The credit system has kept all up to a cursor (N22). Answers with what counts: never less than before."""
    if who.role is not Role.CREDIT_SYSTEM:
        raise RoleMayNot(role=who.role, command="acknowledge_credit_changes")
    codec = codec_of(service)
    place = Place.decode(codec, body.after, (await service.store.head()).size)
    async with service.pool.connection() as connection:
        await credit_queries.acknowledge(connection, who.id, place, place.encode(codec))
        return _acks(await credit_queries.acks(connection, who.id))


@router.get("/credit/acks")
async def list_acks(service: ServiceDep, who: SignedIn) -> CreditAcks:
    """Up to where changes have been acknowledged: by the credit system that asks, or by all for office and auditors."""
    _check_reader(who)
    async with service.pool.connection() as connection:
        own = who.id if who.role is Role.CREDIT_SYSTEM else None
        return _acks(await credit_queries.acks(connection, own))


def _acks(found: Iterable[credit_queries.Ack]) -> CreditAcks:
    return CreditAcks(
        acks=[TakenChanges(label=one.label, after=one.after, acknowledged_at=one.acknowledged_at) for one in found]
    )


def _check_reader(who: Account) -> None:
    if who.role not in access.SEES_CREDIT_CHANGES:
        raise RoleMayNot(role=who.role, command="read_credit_changes")


async def _known(service: Service, who: Account, known_at: str | None) -> int:
    """What the read models have seen; of a position that was asked for, not less than that."""
    if known_at is None:
        return await service.followed()
    known = await known_position(service.ledger, who, known_at)
    await service.wait_for(known)
    return known
