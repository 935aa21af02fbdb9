"""The register of organisations: `/organisations`, found by name, grade, district and status, and as files (N22)."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from api.files.bulk import BulkRoute
from api.files.lines import Line, answer_lines
from api.pages.asked import catalogue_of, service_of
from api.pages.briefing_texts import KIND
from api.pages.catalogue import Programmes
from api.pages.code_texts import CREDIT_LIST, ENDED
from api.pages.frame import Link, frame, render
from api.pages.listing_view import Choice, Select
from api.pages.organisation_texts import ORGANISATION
from api.pages.problem_pages import invalid
from api.pages.reader import CARRIED, LOOK, Reader, reader_for
from api.pages.wanted import day_of
from api.protocol.query import takes
from api.routes.organisations import (
    Ended,
    ListedOrganisation,
    OrganisationPage,
    OrganisationsWanted,
    list_organisations,
)
from api.sign_in.visits import SEEN
from ledger.core.words import Words
from ledger.organisation.registration import OrganisationKind
from ledger.rules import CreditList

PAGE_LENGTH, AT_ONCE = 25, 200
FILTERS = ("q", "district", "grade", "status")
TAKES = takes(*dict.fromkeys((*LOOK, *CARRIED, *FILTERS, "after")))
COLUMNS = tuple(ListedOrganisation.model_fields)
STATUS: dict[Ended, Words] = {
    Ended.ACTIVE: ORGANISATION["orgs_active"],
    Ended.MERGED: ORGANISATION["orgs_merged"],
    Ended.CANCELLED: ENDED["cancelled"],
    Ended.REVOKED: ENDED["revoked"],
    Ended.NOT_RECORDED: ENDED["not_recorded"],
}
router = APIRouter(include_in_schema=False, dependencies=SEEN)
files = APIRouter(include_in_schema=False, route_class=BulkRoute)


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """`tone`: how its status is to be taken."""

    href: str
    name: str
    kind: str
    district: str
    grade: str
    tone: str
    status: str
    lists: tuple[str, ...]
    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationsView:
    path: str
    q: str
    hidden: tuple[tuple[str, str], ...]
    selects: tuple[Select, ...]
    count: str
    as_of: str
    rows: tuple[OrganisationRow, ...]
    downloads: tuple[Link, ...]
    first: str
    next: str


@router.get("/organisations", openapi_extra=TAKES)
async def show_organisations(request: Request) -> Response:
    reader = reader_for(request)
    given = _given(request)
    found = await list_organisations(service_of(request), await _wanted(request, given, PAGE_LENGTH))
    programmes = await catalogue_of(request).programmes(found.known)
    view = organisations_view(reader, programmes, given, found)
    kept = {name: value for name, value in given.items() if name in FILTERS}
    asked = {"known_at": reader.known_at, "on": found.on if reader.known_at or reader.effective_on else None}
    around = frame(
        reader,
        "/organisations",
        kept,
        title=reader.say(ORGANISATION["orgs_title"]),
        machine=(
            Link(
                reader.say(ORGANISATION["json_organisations"]),
                reader.plain("/v1/organisations", **kept, **asked),
            ),
        ),
        clocks=("known_at",),
    )
    return render("organisations.html", reader, around, view)


@files.get("/organisations.csv", openapi_extra=TAKES)
async def as_csv(request: Request) -> Response:
    return await _download(request, "csv")


@files.get("/organisations.xlsx", openapi_extra=TAKES)
async def as_workbook(request: Request) -> Response:
    return await _download(request, "xlsx")


@files.get("/organisations.json", openapi_extra=TAKES)
async def as_json(request: Request) -> Response:
    return await _download(request, "json")


async def _download(request: Request, suffix: str) -> Response:
    service = service_of(request)
    wanted = (await _wanted(request, _given(request), AT_ONCE)).model_copy(update={"after": None})
    rows: list[ListedOrganisation] = []
    while True:
        # A page at a time, so that small requests come in between.
        async with service.bulk.turn:
            found = await list_organisations(service, wanted)
        rows += found.organisations
        if found.next_after is None:
            break
        wanted = wanted.model_copy(update={"after": found.next_after, "known_at": str(found.known)})
    if suffix == "json":
        organisations = [one.model_dump(mode="json") for one in rows]
        return JSONResponse({"known": found.known, "on": found.on.isoformat(), "organisations": organisations})
    return await answer_lines(service, "organisations", suffix, COLUMNS, [_line(one) for one in rows], found.known)


def _line(one: ListedOrganisation) -> Line:
    values: dict[str, Any] = one.model_dump(mode="json")
    values["identifiers"] = "; ".join(f"{known.scheme}:{known.id}" for known in one.identifiers)
    values["lists"] = "; ".join(one.lists)
    return tuple(values[name] for name in COLUMNS)


def _given(request: Request) -> dict[str, str]:
    """What was filled in; a form sends its empty fields too."""
    taken = request.query_params.items()
    return {name: value.strip() for name, value in taken if name in (*FILTERS, "after") and value.strip()}


async def _wanted(request: Request, given: dict[str, str], limit: int) -> OrganisationsWanted:
    """As of the day of the chosen moment. Raises ConditionsInvalid, PositionUnknown."""
    reader = reader_for(request)
    day = await day_of(service_of(request), reader)
    try:
        return OrganisationsWanted.model_validate(given | {"limit": limit, "known_at": reader.known_at, "on": day})
    except ValidationError as error:
        raise invalid(
            reader, error, lambda one: ORGANISATION.get(f"orgs_field_{one}") or ORGANISATION[f"orgs_{one}"]
        ) from error


def organisations_view(
    reader: Reader, programmes: Programmes, given: dict[str, str], found: OrganisationPage
) -> OrganisationsView:
    kept = {name: value for name, value in given.items() if name in FILTERS}
    districts = programmes.districts_now(None)
    states = {one.value: reader.say(words) for one, words in STATUS.items()}
    states |= {one.value: reader.say(CREDIT_LIST[one]) for one in CreditList}
    grades = {str(one): reader.say(ORGANISATION["orgs_grade_is"], grade=one) for one in range(5, 0, -1)}
    names = programmes.districts(None)
    return OrganisationsView(
        path=reader.at("/organisations"),
        q=given.get("q", ""),
        hidden=tuple(reader.carried.items()),
        selects=(
            _select(reader, "district", {code: reader.say(words) for code, words in districts.items()}, given),
            _select(reader, "grade", grades, given),
            _select(reader, "status", states, given),
        ),
        count=reader.say(ORGANISATION["orgs_count"], count=reader.number(found.total)),
        as_of=reader.say(ORGANISATION["org_as_of"], position=reader.number(found.known), day=reader.day(found.on).text),
        rows=tuple(_row(reader, names, one) for one in found.organisations),
        downloads=tuple(
            Link(text, reader.link(f"/organisations.{suffix}", **kept))
            for text, suffix in (("CSV", "csv"), ("Excel", "xlsx"), ("JSON", "json"))
        ),
        first=reader.link("/organisations", **kept) if "after" in given else "",
        next=reader.link("/organisations", **kept, after=found.next_after) if found.next_after else "",
    )


def _select(reader: Reader, name: str, options: dict[str, str], given: dict[str, str]) -> Select:
    every = {"": reader.say(ORGANISATION["orgs_any"])}
    chosen = given.get(name, "")
    choices = tuple(Choice(code, label, code == chosen) for code, label in (every | options).items())
    return Select(name, reader.say(ORGANISATION[f"orgs_{name}"]), choices)


def _row(reader: Reader, districts: dict[str, Words], one: ListedOrganisation) -> OrganisationRow:
    district = districts.get(one.district) if one.district else None
    return OrganisationRow(
        href=reader.link(f"/organisations/{one.id}"),
        name=one.name,
        kind=reader.say(KIND[OrganisationKind(one.kind)]),
        district=reader.say(district) if district else one.district or reader.say(ORGANISATION["orgs_city"]),
        grade=reader.say(ORGANISATION["orgs_grade_is"], grade=one.grade) if one.grade else "",
        tone="good" if one.status is Ended.ACTIVE else "plain",
        status=reader.say(STATUS[one.status]),
        lists=tuple(reader.say(CREDIT_LIST[entry]) for entry in one.lists),
        identifiers=tuple(known.id for known in one.identifiers),
    )
