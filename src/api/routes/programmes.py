"""Programmes over HTTP: rules, phases, quotas, districts; an organisation's annual plan; steps across projects are with
their phase."""

from datetime import date
from typing import Any

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody, ServiceDep
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt, On
from api.reading.visible import known_position, programme_now
from api.service import Service
from ledger.accounts import ANYONE
from ledger.aggregates import QUOTA
from ledger.commands import corrections
from ledger.commands.application import AnnualPlan, file_plan
from ledger.core.history import state
from ledger.core.words import Words
from ledger.identifiers import programme_stream, quota_stream
from ledger.programme import Programme
from ledger.public_events import CeremonyHeld, RoundBroadcast
from ledger.refusals.general import ProgrammeUnknown
from ledger.values import Code, Digest, Frozen
from projections import catalogue_queries

router = APIRouter(prefix="/v1/programmes", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1/programmes", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


class ListedProgramme(Frozen):
    """`takes_commands` is false for a funder's imported grants; `synthetic` marks demonstration data."""

    code: str
    name: Words
    takes_commands: bool
    synthetic: bool


class PhaseView(Frozen):
    """`last_day` after rolling to a working day and after extensions; included. `open_today`: on the day asked for."""

    code: str
    name: Words
    start: date
    last_day: date
    extended: bool
    open_today: bool
    steps: tuple[str, ...]


class QuotaView(Frozen):
    code: str
    name: Words
    places: int
    taken: int
    left: int
    recipient: str
    decided_by: str


class ProgrammeView(Frozen):
    """`districts_now`: each district of the rules, and which one has its scope after reorganisations. `rounds`: the
    televised rounds of the competition."""

    code: str
    name: Words
    version: int
    synthetic: bool
    rules_sha256: Digest | None
    phases: list[PhaseView]
    quotas: list[QuotaView]
    districts_now: dict[str, str]
    rounds: tuple[RoundBroadcast, ...]
    ceremonies: tuple[CeremonyHeld, ...]
    rules: dict[str, Any] | None


class PlanReceipts(Frozen):
    """The receipt of each project, in the order of the request."""

    receipts: tuple[ReceiptBody, ...]


@router.get("")
async def list_programmes(service: ServiceDep, known_at: KnownAt = None) -> list[ListedProgramme]:
    """The programmes in the order in which they were announced (N1)."""
    known = await service.followed("listing")
    if known_at is not None:
        known = min(known, await known_position(service.ledger, ANYONE, known_at))
    async with service.pool.connection() as connection:
        rows = await catalogue_queries.programmes(connection, known)
    return [
        ListedProgramme(
            code=row.code,
            name=Words(row.name_zh, row.name_en),
            takes_commands=row.takes_commands,
            synthetic=row.synthetic,
        )
        for row in rows
    ]


@router.get("/{programme}")
async def show_programme(
    service: ServiceDep, programme: Code, known_at: KnownAt = None, on: On = None
) -> ProgrammeView:
    """Rules, phases with their extensions and which are open on a day, quotas and what is left of them, and which
    districts there are on that day."""
    stream = programme_stream(programme)
    events = (await service.store.streams([stream]))[stream]
    if not events:
        raise ProgrammeUnknown(programme=programme)
    known = await known_position(service.ledger, ANYONE, known_at, events[0])
    found = programme_now(service.ledger, stream, [event for event in events if event.position <= known], on)
    version = sum(1 for event in events if event.position <= known)
    if found.announced is None:
        name = Words.same(found.kept_name or programme)
        return ProgrammeView(
            code=programme, name=name, version=version, synthetic=False, rules_sha256=None, phases=[], quotas=[],
            districts_now={}, rounds=(), ceremonies=(), rules=None,
        )  # fmt: skip
    rules = found.rules
    return ProgrammeView(
        code=programme,
        name=rules.name,
        version=version,
        synthetic=rules.synthetic,
        rules_sha256=found.announced.rules_sha256,
        phases=phases_on(found, on or service.ledger.clock().astimezone(found.rules.zone).date()),
        quotas=await _quotas(service, found, known),
        districts_now=found.districts_now,
        rounds=found.rounds,
        ceremonies=found.ceremonies,
        rules=rules.model_dump(mode="json"),
    )


def phases_on(programme: Programme, day: date) -> list[PhaseView]:
    return [
        PhaseView(
            code=phase.code,
            name=phase.name,
            start=phase.start,
            last_day=programme.last_day(phase),
            extended=phase.code in programme.extended,
            open_today=phase.start <= day <= programme.last_day(phase),
            steps=phase.steps,
        )
        for phase in programme.rules.phases
    ]


async def _quotas(service: Service, programme: Programme, known: int) -> list[QuotaView]:
    streams = {quota.code: quota_stream(programme.code, quota.code) for quota in programme.rules.quotas}
    events = await service.store.streams(list(streams.values()))
    views = []
    for quota in programme.rules.quotas:
        stream = streams[quota.code]
        taken = len(state(QUOTA, stream, events[stream], known).holders)
        views.append(
            QuotaView(
                code=quota.code,
                name=quota.name,
                places=quota.places,
                taken=taken,
                left=quota.places - taken,
                recipient=quota.recipient,
                decided_by=quota.decided_by,
            )
        )
    return views


@commands.post("/{programme}/applications", status_code=201)
async def file_annual_plan(door: DoorDep, programme: Code, body: AnnualPlan) -> PlanReceipts:
    """Apply with the projects of an organisation's plan for the year, all of them or none (N6). What stands in the way
    is listed for each project; each gets its own receipt."""
    receipts = await file_plan(door.service.ledger, body.context(door.context), programme, body)
    behind = await door.service.unseen_by(max(one.position for one in receipts)) if door.wait else ()
    return PlanReceipts(receipts=tuple(ReceiptBody.of(one, behind) for one in receipts))


@commands.post("/{programme}/corrections", status_code=201)
async def correct(door: DoorDep, programme: Code, body: corrections.CorrectionBody) -> ReceiptBody:
    """Void or restate an earlier event of the programme, with a reason: the office. What counts then must follow as if
    it had been so at first, and no day that has come is taken from a phase."""
    return await door.run(corrections.correct_programme(programme, body), body, f"/v1/programmes/{programme}")
