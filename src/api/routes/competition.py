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
from ledger.aggregates import PROGRAMME, PROJECT
from ledger.core.history import state
from ledger.identifiers import programme_stream
from ledger.project.application import requested_in
from ledger.project.purchase import mean_score
from ledger.project.state import Project
from ledger.refusals.general import RoleMayNot
from ledger.values import Code, Document, Frozen
from projections import listing_queries

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
    await service.wait_for(known, of=["listing"])
    async with service.pool.connection() as connection:
        published = await listing_queries.published_in(connection, programme, known)
    stream = programme_stream(programme)
    async with service.bulk.turn:
        streams = await service.store.streams([stream, *published])
        held = state(PROGRAMME, stream, streams.pop(stream), known).rounds
        projects = [state(PROJECT, project, events, known) for project, events in streams.items()]
    rounds: dict[UUID, list[str]] = {}
    for one in held:
        for project in one.entries:
            rounds.setdefault(project, []).append(one.round)
    entered = sorted((one for one in projects if one.entry), key=_order)
    scores = [mean_score(one) for one in entered]
    return CompetitionTable(
        programme=programme,
        known=known,
        jurors_needed=rules.competition.jurors,
        entries=[
            _row(one, score, None if score is None else scores.index(score) + 1, rounds)
            for one, score in zip(entered, scores, strict=True)
        ],
    )


def _order(project: Project) -> tuple[bool, Decimal, str, UUID]:
    score = mean_score(project)
    return score is None, -(score or Decimal()), project.form.title if project.form else "", project.id


def _row(project: Project, score: Decimal | None, rank: int | None, rounds: Mapping[UUID, list[str]]) -> CompetitionRow:
    entry, holder, form = project.entry, project.holder, project.form
    assert entry and holder and form
    file = project.proposal_document.fact.file if project.proposal_document else None
    return CompetitionRow(
        rank=rank,
        project=project.id,
        title=form.title,
        organisation=holder.organisation,
        organisation_name=holder.organisation_name,
        score=None if score is None else format(score, "f"),
        jurors=len(project.scores),
        requested=format(requested_in(entry.fact.funding), "f"),
        people=entry.fact.beneficiaries.count,
        place=project.purchased.fact.place if project.purchased else None,
        forfeited=project.forfeited is not None,
        rounds=rounds.get(project.id, []),
        document=Document(name=file.name, sha256=file.sha256) if file else None,
    )
