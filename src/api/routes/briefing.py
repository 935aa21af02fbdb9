"""The briefing 简报 to the leading group (N24): the figures of a period by all groupings, of the city or a district."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.door import ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.reading.visible import Basis
from api.routes.statistics import FiguresView, Group, PeriodQuery, groups_of, open_programme, view
from api.service import Service
from ledger.accounts import Account
from ledger.core.fact import Instant
from ledger.core.words import Words
from ledger.programme import DistrictNotInForce, Programme
from ledger.values import CivilDate, Code, Frozen
from projections.figures import By
from projections.statistics_queries import figures

router = APIRouter(prefix="/v1/programmes", responses=PROBLEM_RESPONSES)
SECTIONS = (By.CATEGORY, By.DISTRICT_NOW, By.DISTRICT, By.PHASE, By.KIND, By.MONTH)


class BriefingWanted(PeriodQuery):
    district: Annotated[
        Code | None,
        Query(description="One that there is on the day `on`, with what it succeeded; none: the whole city."),
    ] = None


class Section(Frozen):
    by: By
    groups: tuple[Group, ...]


class District(Frozen):
    code: Code
    name: Words


class Briefing(Frozen):
    """`period`: what happened within the days, which the groups of each section add up to; `whole`: on all days.
    `recorded_at`: when the position was, null before the first. `districts`: those that there are on the day."""

    basis: Basis
    recorded_at: Instant | None
    programme: str
    name: Words
    synthetic: bool
    district: Words | None
    districts: tuple[District, ...]
    on: CivilDate
    since: CivilDate | None
    until: CivilDate | None
    minimum_group: int | None
    period: FiguresView
    whole: FiguresView
    sections: tuple[Section, ...]


@router.get("/{programme}/briefing")
async def show_briefing(
    service: ServiceDep, who: Who, programme: Code, wanted: Annotated[BriefingWanted, Query()]
) -> Briefing:
    """The briefing 简报 of a period, of the city or a district, with the figures that the reader sees (N24). As a page
    at `/programmes/{programme}/briefing`, as PDF at `/v1/programmes/{programme}/forms/briefing.pdf`."""
    return await briefing(service, who, programme, wanted)


async def briefing(service: Service, who: Account, programme: str, wanted: BriefingWanted) -> Briefing:
    opened = await open_programme(service, who, programme, wanted)
    districts = _districts(opened.programme)
    district = _district(districts, wanted.district)
    asked = opened.wanted(service, who, district_now=wanted.district, days=(wanted.since, wanted.until))
    ever = opened.wanted(service, who, district_now=wanted.district, days=(None, None))
    async with service.pool.connection() as connection:
        found = await figures(connection, asked, SECTIONS)
        whole = found if asked == ever else await figures(connection, ever, ())
    known, sees_all = opened.known, opened.sees_all(who, wanted.district)
    rules = opened.rules
    return Briefing(
        basis=opened.basis,
        recorded_at=await service.store.told_at(known) if known >= 0 else None,
        programme=programme,
        name=rules.name if rules else Words.same(opened.programme.kept_name or programme),
        synthetic=rules.synthetic if rules else False,
        district=district,
        districts=districts,
        on=opened.on,
        since=wanted.since,
        until=wanted.until,
        minimum_group=rules.evaluation.minimum_group if rules else None,
        period=view(found.total, sees_all=sees_all),
        whole=view(whole.total, sees_all=sees_all),
        sections=tuple(Section(by=by, groups=groups_of(by, found, rules, sees_all=sees_all)) for by in SECTIONS),
    )


def _districts(programme: Programme) -> tuple[District, ...]:
    if not programme.announced:
        return ()
    now = set(programme.districts_now.values())
    return tuple(District(code=one.code, name=one.name) for one in programme.rules.districts if one.code in now)


def _district(there: tuple[District, ...], code: str | None) -> Words | None:
    """Raises DistrictNotInForce for one that there is not on the day."""
    if code is None:
        return None
    found = next((one.name for one in there if one.code == code), None)
    if found is None:
        raise DistrictNotInForce(district=code, choices=", ".join(one.code for one in there))
    return found
