"""The competition for government purchase 政府购买服务竞选: its entries as a ranked table (N15)."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter

from api.door import ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from api.reading.ranking import rules_of
from api.reading.times import KnownAt
from api.reading.visible import known_position
from ledger.access import SEES_CONFIDENTIAL
from ledger.aggregates import PROGRAMME
from ledger.core.history import state
from ledger.identifiers import programme_stream
from ledger.refusals.general import RoleMayNot
from ledger.values import Code, Document, Frozen
from projections import competition

router = APIRouter(prefix="/v1/programmes", responses=PROBLEM_RESPONSES)


class CompetitionRow(Frozen):
    """`rank` and `score`, the jurors' mean of two decimals, are null until somebody scored; equal scores have one rank.
    `place` is that of the selection; `rounds`, the televised rounds that the entry was in; `document`, its proposal
    document 策划方案."""

    rank: int | None
    project: UUID
    title: str
    organisation: UUID
    organisation_name: str
    score: str | None
    jurors: int
    requested: str
    people: int
    place: int | None
    forfeited: bool
    rounds: list[str]
    document: Document | None


class CompetitionTable(Frozen):
    """The highest score first; entries without one last, by title."""

    programme: Code
    known: int
    jurors_needed: int
    entries: list[CompetitionRow]


@router.get("/{programme}/competition")
async def show_competition(
    service: ServiceDep, who: SignedIn, programme: Code, known_at: KnownAt = None
) -> CompetitionTable:
    """All entries, ranked by the jurors' scores (N15): for the leading group, the office and auditors."""
    if who.role not in SEES_CONFIDENTIAL:
        raise RoleMayNot(role=who.role, command="read competition entries")
    _, rules = await rules_of(service, programme)
    known = await known_position(service.ledger, who, known_at)
    await service.wait_for(known, of=["competition"])
    async with service.pool.connection() as connection:
        entries = await competition.entries(connection, programme, known)
    stream = programme_stream(programme)
    held = state(PROGRAMME, stream, (await service.store.streams([stream]))[stream], known).rounds
    rounds: dict[UUID, list[str]] = {}
    for one in held:
        for project in one.entries:
            rounds.setdefault(project, []).append(one.round)
    ranks: dict[Decimal | None, int] = {}
    for place, entry in enumerate(entries, 1):
        ranks.setdefault(entry.score, place)
    return CompetitionTable(
        programme=programme,
        known=known,
        jurors_needed=rules.competition.jurors,
        entries=[_row(one, ranks[one.score], rounds) for one in entries],
    )


def _row(entry: competition.Entry, rank: int, rounds: Mapping[UUID, list[str]]) -> CompetitionRow:
    name, sha256 = entry.document_name, entry.document_sha256
    return CompetitionRow(
        rank=None if entry.score is None else rank,
        project=entry.project,
        title=entry.title,
        organisation=entry.organisation,
        organisation_name=entry.organisation_name,
        score=None if entry.score is None else format(entry.score, "f"),
        jurors=entry.jurors,
        requested=format(entry.requested, "f"),
        people=entry.people,
        place=entry.place,
        forfeited=entry.forfeited,
        rounds=rounds.get(entry.project, []),
        document=Document(name=name, sha256=sha256) if name and sha256 else None,
    )
