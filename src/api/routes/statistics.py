"""Figures of a programme (N24): by category, district of registration or served, phase, kind of organisation, month."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BeforeValidator

from api.door import ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt, On, civil_day
from api.reading.visible import Basis, known_position, programme_now
from api.routes.audit_money import MoneyFigure, SignedMoney, money_figures
from api.service import Service
from ledger.access import SEES_ALL, SEES_ALL_MONEY
from ledger.accounts import Account
from ledger.clock import LEDGER_ZONE
from ledger.core.history import FOLD_VERSION
from ledger.core.words import Words
from ledger.identifiers import programme_stream
from ledger.programme import Programme
from ledger.project.money import Sum, named
from ledger.refusals.clocks import BasesReversed
from ledger.refusals.general import ProgrammeUnknown
from ledger.rules import Rules
from ledger.transparency.origins import Origins
from ledger.values import CivilDate, Code, Frozen
from projections.figures import By, Figures, Grouped, StatisticsFilter
from projections.listing_queries import DistrictName, Filter
from projections.statistics import Step
from projections.statistics_queries import figures

router = APIRouter(prefix="/v1/programmes", responses=PROBLEM_RESPONSES)
_DAY = "What happened {} this day, included; none: whenever."
Since = Annotated[
    date | None,
    BeforeValidator(partial(civil_day, "from")),
    Query(alias="from", description=_DAY.format("since")),
]
Until = Annotated[
    date | None, BeforeValidator(partial(civil_day, "to")), Query(alias="to", description=_DAY.format("until"))
]


class StepCount(Frozen):
    """`number`: null for what this reader cannot count, as projects are withheld from it: rejected ones are never
    published."""

    step: Step
    number: int | None


class SumFigure(Frozen):
    figure: Sum
    amount: SignedMoney


class Reports(Frozen):
    """Of the milestones due within the days: reported in time, late, and not reported and overdue on the day `on`."""

    in_time: int
    late: int
    overdue: int


class Satisfaction(Frozen):
    """Beneficiaries that were drawn, and how many answered. `rated`: who did in projects where at least the programme's
    smallest group did; `satisfied`: of these, null when there are none."""

    asked: int
    answered: int
    rated: int
    satisfied: int | None


class FiguresView(Frozen):
    """`projects` and `planned`, the people they are for, as the listing shows them, of what was applied for within the
    days. All else is what happened within the days: `served` people by the reports, `amounts` by the names of the
    listing, money by stage, source and currency as the audit has it."""

    projects: int
    planned: int
    served: int
    steps: tuple[StepCount, ...]
    amounts: tuple[SumFigure, ...]
    money: tuple[MoneyFigure, ...]
    reports: Reports
    satisfaction: Satisfaction


class Group(Frozen):
    """`key`: null for what has none, such as the city's projects, which have no district. `name`: of a category or
    district."""

    key: str | None
    name: Words | None
    figures: FiguresView


class StatisticsAnswer(Frozen):
    """The groups add up to the total, except by districts served. `since` and `until` as asked for."""

    basis: Basis
    programme: str
    by: By
    on: CivilDate
    since: CivilDate | None
    until: CivilDate | None
    groups: tuple[Group, ...]
    total: FiguresView


class PeriodQuery(Frozen):
    """`since` and `until` are `from` and `to` in an address."""

    known_at: KnownAt = None
    on: On = None
    since: Since = None
    until: Until = None


class StatisticsQuery(PeriodQuery):
    by: By = By.CATEGORY
    district: Annotated[Code | None, Query(description="As the projects name it.")] = None
    served_district: Code | None = None
    served_district_now: Code | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeAtMoment:
    """The programme as in force on the day that is asked about, and the position that answers are as of."""

    code: str
    programme: Programme
    known: int
    on: date
    asked: PeriodQuery
    origins: Origins

    @property
    def rules(self) -> Rules | None:
        return self.programme.rules if self.programme.announced else None

    @property
    def district_names(self) -> tuple[DistrictName, ...]:
        return tuple(
            DistrictName(self.code, one.code, one.name.zh) for one in (self.rules.districts if self.rules else ())
        )

    @property
    def basis(self) -> Basis:
        return Basis(
            known=self.known,
            size=self.known + 1,
            effective_on=None,
            time_zone=str(LEDGER_ZONE),
            fold_version=FOLD_VERSION,
            origin=self.origins.name_at(self.known),
        )

    def sees_all(self, who: Account, district: str | None) -> bool:
        """Whether the reader lists all projects, published or not, of the district that is asked about, or of the
        whole programme where none is."""
        if who.role in SEES_ALL:
            return True
        now = self.programme.districts_now.get(district) if district and self.programme.announced else None
        return now is not None and now == who.district

    def wanted(
        self,
        service: Service,
        who: Account,
        *,
        district: str | None = None,
        district_now: str | None = None,
        days: tuple[date | None, date | None],
    ) -> StatisticsFilter:
        """The question of this reader: the projects that the listing shows, the money that the audit does."""
        rows = Filter(
            known=self.known,
            programme=self.code,
            district=district,
            sees_all=who.role in SEES_ALL,
            own_organisation=who.organisation,
            own_district=who.district,
            today=service.ledger.today(),
        )
        return StatisticsFilter(rows, self.on, self.rules, *days, district_now, who.role in SEES_ALL_MONEY)


async def open_programme(service: Service, who: Account, code: str, asked: PeriodQuery) -> ProgrammeAtMoment:
    """Raises ProgrammeUnknown, BasesReversed for days the wrong way round, and what a wrong time raises."""
    if asked.since and asked.until and asked.since > asked.until:
        raise BasesReversed(nearest=urlencode({"from": asked.until.isoformat(), "to": asked.since.isoformat()}))
    stream = programme_stream(code)
    events = (await service.store.streams([stream]))[stream]
    if not events:
        raise ProgrammeUnknown(programme=code)
    if asked.known_at is None:
        known = await service.followed()
    else:
        known = await known_position(service.ledger, who, asked.known_at, events[0])
        await service.wait_for(known)
    within = [event for event in events if event.position <= known] or events
    now = programme_now(service.ledger, stream, within)
    zone = now.rules.zone if now.announced else LEDGER_ZONE
    on = asked.on or service.ledger.clock().astimezone(zone).date()
    return ProgrammeAtMoment(
        code, programme_now(service.ledger, stream, within, on), known, on, asked, service.ledger.origins()
    )


@router.get("/{programme}/statistics")
async def show_statistics(
    service: ServiceDep, who: Who, programme: Code, wanted: Annotated[StatisticsQuery, Query()]
) -> StatisticsAnswer:
    """The figures of a programme by one grouping, and their total (N24).

    The public has those of published projects; who sees more in the listing, or of the money, has figures of that.
    Districts are as the projects name them, or with `district_now` those that have their scope on the day `on`; so are
    those served, with `district_served` and `district_served_now`. A project counts in each district that it serves, by
    its codes or else by what its place names, so these groups may add up to more than the total."""
    opened = await open_programme(service, who, programme, wanted)
    asked = opened.wanted(service, who, district=wanted.district, days=(wanted.since, wanted.until))
    served = replace(
        asked.rows,
        served_district=wanted.served_district,
        served_district_now=wanted.served_district_now,
        district_names=opened.district_names,
    )
    asked = replace(asked, rows=served)
    sees_all = opened.sees_all(who, wanted.district)
    async with service.pool.connection() as connection:
        grouped = await figures(connection, asked, [wanted.by])
    return StatisticsAnswer(
        basis=opened.basis,
        programme=programme,
        by=wanted.by,
        on=opened.on,
        since=wanted.since,
        until=wanted.until,
        groups=groups_of(wanted.by, grouped, opened.rules, sees_all=sees_all),
        total=view(grouped.total, sees_all=sees_all),
    )


def groups_of(by: By, grouped: Grouped, rules: Rules | None, *, sees_all: bool) -> tuple[Group, ...]:
    """In the order of the programme's rules, of a project's life, or of months; what has no key comes last."""
    names = _names(by, rules)
    order = {key: place for place, key in enumerate(names)}
    found = sorted(grouped.groups[by].items(), key=lambda one: (not one[0], order.get(one[0], len(order)), one[0]))
    return tuple(
        Group(key=key or None, name=names.get(key), figures=view(figures, sees_all=sees_all)) for key, figures in found
    )


def _names(by: By, rules: Rules | None) -> Mapping[str, Words]:
    if rules is None:
        return {}
    match by:
        case By.CATEGORY:
            return {one.code: one.name for one in rules.categories}
        case By.DISTRICT | By.DISTRICT_NOW | By.DISTRICT_SERVED | By.DISTRICT_SERVED_NOW:
            return {one.code: one.name for one in rules.districts}
        case By.PHASE | By.KIND | By.MONTH:
            return {}


def view(found: Figures, *, sees_all: bool) -> FiguresView:
    """`sees_all`: whether the reader lists every project that there may be."""
    return FiguresView(
        projects=found.projects,
        planned=found.planned,
        served=found.steps.get(Step.SERVED, 0),
        steps=tuple(_steps(found.steps, sees_all=sees_all)),
        amounts=tuple(
            SumFigure(figure=name, amount=SignedMoney(amount=amount, currency=currency))
            for (name, currency), amount in named(found.money).items()
        ),
        money=tuple(money_figures(found.money)),
        reports=Reports(in_time=found.in_time, late=found.late, overdue=found.overdue),
        satisfaction=Satisfaction(
            asked=found.asked,
            answered=found.answered,
            rated=found.rated,
            satisfied=found.satisfied if found.rated else None,
        ),
    )


def _steps(counted: Mapping[Step, int], *, sees_all: bool) -> Iterator[StepCount]:
    for step in Step:
        if step is not Step.SERVED:
            withheld = step is Step.REJECTED and not sees_all
            yield StepCount(step=step, number=None if withheld else counted.get(step, 0))
