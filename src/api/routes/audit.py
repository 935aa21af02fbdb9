"""What auditors ask (N3, N8, D7): late entries, exceptions, and who judges whom again and again."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from api.door import ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from api.reading.visible import known_position
from api.service import Service
from ledger.access import SEES_ACCOUNTS, SEES_CONFIDENTIAL
from ledger.accounts import Account
from ledger.core.fact import Role
from ledger.refusals.general import RoleMayNot
from ledger.values import CivilDate, Code, Frozen
from projections.audit_questions import About, Filter, exceptions, late_entries, late_sums
from projections.exception_kinds import CORRECTIONS, ExceptionKind
from projections.pairs import PairPlace, repeated_pairs

router = APIRouter(prefix="/v1/audit", responses=PROBLEM_RESPONSES)


class Subject(Frozen):
    """What an event is about, as the ledger knew it at `known`, and who entered it."""

    position: int
    type: str
    programme: str | None
    district: str | None
    project: UUID | None
    title: str | None
    organisation: UUID | None
    organisation_name: str | None
    role: Role
    body: str | None
    effective_on: CivilDate
    reason: str | None


class LateItem(Subject):
    """`days` from `effective_on` to the day of receipt, negative where it was announced ahead; `working_days` of these
    by the programme's calendar. A correction names the event whose day it moved, the day that stood before, and how
    many days that stood."""

    received_on: CivilDate
    days: int
    working_days: int | None
    corrects: int | None
    was_effective_on: CivilDate | None
    stood_days: int | None


class LateTotal(Frozen):
    """Of all entries that the filter leaves, on whichever page."""

    role: Role
    district: str | None
    entries: int
    corrections: int
    days: int
    most_days: int


class LatePage(Frozen):
    known: int
    sums: list[LateTotal]
    entries: list[LateItem]
    next_cursor: str | None


class ExceptionItem(Subject):
    """`positions`: the events that together make it one, its own the last. `passed_over`: who stood above a selection
    that departs from the ranking, the best first. `correction`: whether the event was voided or restated since."""

    kind: ExceptionKind
    positions: list[int]
    passed_over: list[UUID] | None
    correction: str | None


class ExceptionPage(Frozen):
    known: int
    exceptions: list[ExceptionItem]
    next_cursor: str | None


class PairItem(Frozen):
    """Who judged and who applied. `account` and its `label` are for auditors alone. `positive` of `decided` judgements
    went for the applicant, `share` of them in percent. `difference`: the mean of the account's scores less those of
    the others on the same application."""

    pair: UUID
    account: UUID | None
    label: str | None
    role: Role
    body: str | None
    organisation: UUID
    organisation_name: str | None
    projects: int
    judgements: int
    acts: list[str]
    decided: int
    positive: int
    share: str | None
    mean_score: str | None
    others_mean: str | None
    difference: str | None
    positions: list[int]


class PairPage(Frozen):
    known: int
    pairs: list[PairItem]
    next_cursor: str | None


Cursor = Annotated[str, StringConstraints(max_length=1000)]
Known = Annotated[str, StringConstraints(max_length=200), Query(description="As known then.")]
Limit = Annotated[int, Query(ge=1, le=200)]


class LateWanted(Frozen):
    programme: Code | None = None
    district: Code | None = None
    role: Role | None = None
    min_days: Annotated[int | None, Query(ge=1, le=100_000, description="At least so many days, either way.")] = None
    known_at: Known | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class ExceptionsWanted(Frozen):
    kind: ExceptionKind | None = None
    corrections: Annotated[bool, Query(description="Only corrections, of whatever kind.")] = False
    programme: Code | None = None
    district: Code | None = None
    role: Role | None = None
    known_at: Known | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class PairsWanted(Frozen):
    programme: Code | None = None
    role: Role | None = None
    min: Annotated[int, Query(ge=1, le=10_000, description="At least so many applications.")] = 2
    known_at: Known | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


@router.get("/late-entries")
async def list_late_entries(service: ServiceDep, who: SignedIn, wanted: Annotated[LateWanted, Query()]) -> LatePage:
    """What was entered after the day since when it was so, or before it: by whom, why, how many days; and corrections
    that moved a day (N3, D7). For the office, the leading group and auditors."""
    return await late_page(service, who, wanted)


@router.get("/exceptions")
async def list_exceptions(
    service: ServiceDep, who: SignedIn, wanted: Annotated[ExceptionsWanted, Query()]
) -> ExceptionPage:
    """What departs from the regular course, each kind by its name: from rankings, reviews and screenings (N8 to N10,
    N15, N20, N21), acts in another's stead and extended terms (N5, N6), changed decisions and contracts (N10, N11),
    money before its time (N15), corrections. For the office, the leading group and auditors."""
    return await exception_page(service, who, wanted)


@router.get("/pairs")
async def list_pairs(service: ServiceDep, who: SignedIn, wanted: Annotated[PairsWanted, Query()]) -> PairPage:
    """Where the same account judged several applications of one organisation (N8, N10, N13, N15, N19), the most first.
    For the office, the leading group and auditors; which account, for auditors alone."""
    return await pair_page(service, who, wanted)


async def late_page(service: Service, who: Account, wanted: LateWanted) -> LatePage:
    check_reader(who)
    codec, after = service.cursors.of("late entries", who, wanted), -1
    if wanted.cursor is not None:
        known, after = codec.read(wanted.cursor, int, int)
        await service.check_place("cursor", known)
    else:
        known = await _known(service, who, wanted.known_at)
    asked = Filter(known, wanted.programme, wanted.district, wanted.role, least=wanted.min_days)
    async with service.pool.connection() as connection:
        rows = await late_entries(connection, asked, after, wanted.limit + 1)
        sums = await late_sums(connection, asked)
    entries = [
        LateItem(
            **_subject(row),
            received_on=row.received_on,
            days=row.days,
            working_days=row.working_days,
            corrects=row.corrects,
            was_effective_on=row.was_effective_on,
            stood_days=row.stood_days,
        )
        for row in rows[: wanted.limit]
    ]
    return LatePage(
        known=known,
        sums=[
            LateTotal(
                role=Role(one.role),
                district=one.district,
                entries=one.entries,
                corrections=one.corrections,
                days=one.days,
                most_days=one.most_days,
            )
            for one in sums
        ],
        entries=entries,
        next_cursor=codec.sealed(known, entries[-1].position) if len(rows) > wanted.limit else None,
    )


async def exception_page(service: Service, who: Account, wanted: ExceptionsWanted) -> ExceptionPage:
    check_reader(who)
    codec, after = service.cursors.of("exceptions", who, wanted), (-1, "")
    if wanted.cursor is not None:
        known, *place = codec.read(wanted.cursor, int, int, str)
        after = (place[0], place[1])
        await service.check_place("cursor", known)
    else:
        known = await _known(service, who, wanted.known_at)
    asked = Filter(known, wanted.programme, wanted.district, wanted.role, kinds=_kinds(wanted))
    async with service.pool.connection() as connection:
        rows = await exceptions(connection, asked, after, wanted.limit + 1)
    found = [
        ExceptionItem(
            **_subject(row),
            kind=ExceptionKind(row.kind),
            positions=row.positions,
            passed_over=row.projects,
            correction=row.correction,
        )
        for row in rows[: wanted.limit]
    ]
    more = len(rows) > wanted.limit
    cursor = codec.sealed(known, found[-1].position, found[-1].kind.value) if more else None
    return ExceptionPage(known=known, exceptions=found, next_cursor=cursor)


async def pair_page(service: Service, who: Account, wanted: PairsWanted) -> PairPage:
    check_reader(who)
    codec, after = service.cursors.of("pairs", who, wanted), PairPlace()
    if wanted.cursor is not None:
        known, *place = codec.read(wanted.cursor, int, int, int, UUID)
        after = PairPlace(*place)
        await service.check_place("cursor", known)
    else:
        known = await _known(service, who, wanted.known_at)
    shown = who.role in SEES_ACCOUNTS
    async with service.pool.connection() as connection:
        rows = await repeated_pairs(
            connection,
            known,
            least=wanted.min,
            programme=wanted.programme,
            role=wanted.role,
            labels=shown,
            after=after,
            limit=wanted.limit + 1,
        )
    pairs = [
        PairItem(
            pair=row.pair,
            account=row.account if shown else None,
            label=row.label,
            role=Role(row.role),
            body=row.body,
            organisation=row.organisation,
            organisation_name=row.organisation_name,
            projects=row.projects,
            judgements=row.judgements,
            acts=row.acts,
            decided=row.decided,
            positive=row.positive,
            share=_text(Decimal(row.positive * 100) / row.decided) if row.decided else None,
            mean_score=_text(row.mean_score),
            others_mean=_text(row.others_mean),
            difference=_text(row.difference),
            positions=row.positions,
        )
        for row in rows[: wanted.limit]
    ]
    last = pairs[-1] if len(rows) > wanted.limit else None
    cursor = codec.sealed(known, last.projects, last.judgements, last.pair) if last else None
    return PairPage(known=known, pairs=pairs, next_cursor=cursor)


def check_reader(who: Account) -> None:
    """Raises RoleMayNot unless the reader sees what is confidential."""
    if who.role not in SEES_CONFIDENTIAL:
        raise RoleMayNot(role=who.role, command="read audit lists")


async def _known(service: Service, who: Account, known_at: str | None) -> int:
    followed = await service.followed("audit", "listing")
    return min(followed, await known_position(service.ledger, who, known_at)) if known_at is not None else followed


def _kinds(wanted: ExceptionsWanted) -> tuple[str, ...] | None:
    if not wanted.corrections:
        return (wanted.kind,) if wanted.kind else None
    return tuple(sorted(one for one in CORRECTIONS if wanted.kind in (None, one)))


def _subject(row: About) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Subject.model_fields}


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number.quantize(Decimal("0.01")), "f")
