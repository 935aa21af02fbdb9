"""Payments and refunds, and the money of one project (N15) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt
from api.reading.visible import see_as_known
from ledger.aggregates import PROGRAMME, PROJECT
from ledger.core.history import state
from ledger.identifiers import programme_stream
from ledger.project.money import Stage, figures, parts
from ledger.values import Frozen, Money

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


class FigureView(Frozen):
    """`versions`: the events of the project's history that the amount follows from."""

    stage: Stage
    amount: Money
    versions: list[int]


class MoneyAnswer(Frozen):
    project: UUID
    known: int
    figures: list[FigureView]


@router.get("/projects/{project_id}/money")
async def show_money(service: ServiceDep, who: Who, project_id: UUID, known_at: KnownAt = None) -> MoneyAnswer:
    """The project's money from the request to what came back, each figure with its events (N15)."""
    seen, known = await see_as_known(service.ledger, who, project_id, known_at)
    project = state(PROJECT, project_id, seen.visible, known)
    currency = next((one.amount.currency for one in parts(project)), None)
    if project.applied:
        stream = programme_stream(project.applied.programme)
        currency = state(PROGRAMME, stream, (await service.store.streams([stream]))[stream]).rules.currency
    found = figures(project, currency) if currency else ()
    return MoneyAnswer(
        project=project_id,
        known=known,
        figures=[FigureView(stage=one.stage, amount=one.amount, versions=list(one.versions)) for one in found],
    )
