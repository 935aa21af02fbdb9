"""The money of one project, of a group of them, or of all, from the request to what came back (N15, D7)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import PlainSerializer, StringConstraints

from api.door import ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.reading.times import CivilDay, KnownAt
from api.reading.visible import Basis, known_position, see_project
from api.service import Service
from ledger.access import SEES_ALL_MONEY
from ledger.accounts import Account
from ledger.clock import LEDGER_ZONE
from ledger.core.history import FOLD_VERSION
from ledger.project.money import Key, Movement, Source, Stage, Step, movements, steps
from ledger.refusals.general import ChoiceUnknown, ProjectUnknown
from ledger.values import CivilDate, Code, Currency, Frozen
from projections.money_queries import GroupBy, MoneyQuery, names_of, sums, sums_by

router = APIRouter(prefix="/v1/audit", responses=PROBLEM_RESPONSES)

SignedAmount = Annotated[Decimal, PlainSerializer(lambda value: format(value, "f"), return_type=str)]


class SignedMoney(Frozen):
    """As money, but below zero where something was taken back."""

    amount: SignedAmount
    currency: Currency


class MovementView(Frozen):
    """What an event adds to the figure. `dated_on`: the day that its paper names, of signature, payment or award;
    `corrected_at`: the position of the restatement by which it reads so."""

    position: int
    version: int
    type: str
    effective_on: CivilDate
    dated_on: CivilDate | None
    corrected_at: int | None
    source: Source
    amount: SignedMoney


class SourceSum(Frozen):
    source: Source
    amount: SignedMoney


class MoneyFigure(Frozen):
    """`events`: of one project, all that make the amount; null where many projects are added up."""

    stage: Stage
    amount: SignedMoney
    by_source: list[SourceSum]
    events: list[MovementView] | None


class StepSum(Frozen):
    step: Step
    amount: SignedMoney


class MoneyGroup(Frozen):
    """`key`: the programme, category, district, organisation or project; null for what has none, and for the whole.
    `name`: of an organisation or a project.
    One figure for each stage and currency of which there is something. `steps`: what lies between the stages of public
    money, without imported grants."""

    key: str | None
    figures: list[MoneyFigure]
    steps: list[StepSum]
    name: str | None = None


class AuditedMoney(Frozen):
    """`next_after`: give it as `after` for the next groups; null at the end."""

    basis: Basis
    groups: list[MoneyGroup]
    next_after: str | None


class MoneyWanted(Frozen):
    programme: Code | None = None
    district: Annotated[Code | None, Query(description="As the projects name it, as known then.")] = None
    organisation: UUID | None = None
    project: Annotated[UUID | None, Query(description="One project with all events; stands alone.")] = None
    group_by: GroupBy | None = None
    after: Annotated[str, StringConstraints(max_length=200, pattern="^[^\0]*$")] | None = None
    limit: Annotated[int, Query(ge=1, le=200, description="Of groups.")] = 200
    known_at: KnownAt = None
    effective_on: CivilDay = None


@router.get("/money")
async def audit_money(service: ServiceDep, who: Who, wanted: Annotated[MoneyWanted, Query()]) -> AuditedMoney:
    """Money requested, granted, contracted, paid, spent and returned, by both clocks (N15, D7).

    Office, leading group, treasury and auditors see every project; everybody else, what is public of those published.
    One project's events are those that the reader sees in its history. Currencies are never added up."""
    if wanted.project is not None:
        return await _of_project(service, who, wanted, wanted.project)
    known = await _known(service, who, wanted.known_at)
    asked = MoneyQuery(
        known=known,
        effective_on=wanted.effective_on,
        programme=wanted.programme,
        district=wanted.district,
        organisation=wanted.organisation,
        sees_all=who.role in SEES_ALL_MONEY,
    )
    async with service.pool.connection() as connection:
        if wanted.group_by is None:
            found, more = {"": await sums(connection, asked)}, False
        else:
            found = await sums_by(connection, asked, wanted.group_by, wanted.after, wanted.limit + 1)
            more = len(found) > wanted.limit
        names = await names_of(connection, known, wanted.group_by, list(found)[: wanted.limit])
    groups = [
        MoneyGroup(key=key or None, figures=money_figures(by_key), steps=_steps(by_key), name=names.get(key))
        for key, by_key in list(found.items())[: wanted.limit]
    ]
    last = list(found)[wanted.limit - 1] if more else None
    return AuditedMoney(basis=_basis(service, known, wanted), groups=groups, next_after=last)


async def _known(service: Service, who: Account, known_at: str | None) -> int:
    """What the read models have seen; of a position that was asked for, not less than that."""
    if known_at is None:
        return await service.followed("money", "listing")
    known = await known_position(service.ledger, who, known_at)
    await service.wait_for(known, of=("money", "listing"))
    return known


async def _of_project(service: Service, who: Account, wanted: MoneyWanted, project: UUID) -> AuditedMoney:
    for name in ("programme", "district", "organisation", "group_by", "after"):
        if getattr(wanted, name) is not None:
            raise ChoiceUnknown(field=name, value=getattr(wanted, name), choices="project")
    seen = await see_project(service.ledger, who, project)
    known = await known_position(service.ledger, who, wanted.known_at)
    within = [event for event in seen.visible if event.position <= known]
    if not within:
        raise ProjectUnknown(project=project)
    day = wanted.effective_on
    found = [one for one in movements(project, within) if day is None or one.effective_on <= day]
    by_key: dict[Key, Decimal] = {}
    for one in found:
        by_key[one.key] = by_key.get(one.key, Decimal(0)) + one.amount
    group = MoneyGroup(key=str(project), figures=money_figures(by_key, found), steps=_steps(by_key))
    return AuditedMoney(basis=_basis(service, known, wanted), groups=[group], next_after=None)


def _basis(service: Service, known: int, wanted: MoneyWanted) -> Basis:
    return Basis(
        known=known,
        size=known + 1,
        effective_on=wanted.effective_on,
        time_zone=str(LEDGER_ZONE),
        fold_version=FOLD_VERSION,
        origin=service.ledger.origins().name_at(known),
    )


def money_figures(by_key: Mapping[Key, Decimal], events: Iterable[Movement] | None = None) -> list[MoneyFigure]:
    known = None if events is None else list(events)
    return [
        MoneyFigure(
            stage=stage,
            amount=SignedMoney(amount=sum((amount for _, amount in within), Decimal(0)), currency=currency),
            by_source=[
                SourceSum(source=source, amount=SignedMoney(amount=amount, currency=currency))
                for source, amount in within
            ],
            events=None if known is None else [_event(one) for one in known if one.key[::2] == (stage, currency)],
        )
        for stage in Stage
        for currency in sorted({key[2] for key in by_key if key[0] is stage})
        for within in [
            [(source, by_key[stage, source, currency]) for source in Source if (stage, source, currency) in by_key]
        ]
    ]


def _event(one: Movement) -> MovementView:
    return MovementView(
        position=one.position,
        version=one.version,
        type=one.type,
        effective_on=one.effective_on,
        dated_on=one.dated_on,
        corrected_at=one.corrected_at,
        source=one.source,
        amount=SignedMoney(amount=one.amount, currency=one.currency),
    )


def _steps(by_key: Mapping[Key, Decimal]) -> list[StepSum]:
    return [
        StepSum(step=step, amount=SignedMoney(amount=amount, currency=currency))
        for (step, currency), amount in steps(by_key).items()
    ]
