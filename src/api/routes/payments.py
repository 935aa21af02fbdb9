"""Payments and refunds, and the money of one project (N15) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt, On
from api.reading.visible import see_as_known
from ledger.aggregates import PROGRAMME, PROJECT
from ledger.core.history import state
from ledger.identifiers import programme_stream
from ledger.project.instalments import Standing, standing
from ledger.project.money import Stage, figures, parts
from ledger.project.payments import PaidUnder
from ledger.values import CivilDate, Frozen, Money

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


class FigureView(Frozen):
    """`versions`: the events of the project's history that the amount follows from."""

    stage: Stage
    amount: Money
    versions: list[int]


class InstalmentView(Frozen):
    """An instalment 拨付方式 of a contract, by its number from 1. `paid`: by the payments that name it; `left`: what
    is not paid of it; `due`: what of that should be paid by the day, null where it waits for a condition alone."""

    number: int
    amount: Money
    due_on: CivilDate | None
    condition: str | None
    paid: Money
    left: Money
    due: Money | None
    under: PaidUnder


class MoneyAnswer(Frozen):
    """`on`: the day by which instalments are due."""

    project: UUID
    known: int
    on: CivilDate
    figures: list[FigureView]
    instalments: list[InstalmentView]


@router.get("/projects/{project_id}/money")
async def show_money(
    service: ServiceDep, who: Who, project_id: UUID, on: On = None, known_at: KnownAt = None
) -> MoneyAnswer:
    """The project's money from the request to what came back, each figure with its events, and what is paid and due of
    each instalment of its contracts (N15)."""
    seen, known = await see_as_known(service.ledger, who, project_id, known_at)
    project = state(PROJECT, project_id, seen.visible, known)
    currency, day = next((one.amount.currency for one in parts(project)), None), on or service.ledger.today()
    if project.applied:
        stream = programme_stream(project.applied.programme)
        rules = state(PROGRAMME, stream, (await service.store.streams([stream]))[stream]).rules
        currency, day = rules.currency, on or service.ledger.today(rules.zone)
    found = figures(project, currency) if currency else ()
    return MoneyAnswer(
        project=project_id,
        known=known,
        on=day,
        figures=[FigureView(stage=one.stage, amount=one.amount, versions=list(one.versions)) for one in found],
        instalments=[_instalment(one) for one in standing(project, day)],
    )


def _instalment(one: Standing) -> InstalmentView:
    currency = one.agreed.money.currency
    return InstalmentView(
        number=one.number,
        amount=one.agreed.money,
        due_on=one.agreed.due_on,
        condition=one.agreed.condition,
        paid=Money(amount=one.paid, currency=currency),
        left=Money(amount=one.left, currency=currency),
        due=None if one.due is None else Money(amount=one.due, currency=currency),
        under=one.under,
    )
