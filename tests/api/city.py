"""Another city and another year, by its file alone: one account for each role, and the steps of a project's life."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from httpx2 import AsyncClient
from tests.api.bodies import person
from tests.api.client import Caller, check_problem, connect
from tests.support import MASTER, HandClock

from api.service import Service, open_service
from ledger.accounts import OPERATOR, open_account
from ledger.commands.programme import announce
from ledger.core.fact import Role
from ledger.database import Database
from ledger.rules import read_rules
from ledger.tokens import issue_token
from ledger.unit_of_work import CommandContext

TOML = files("ledger").joinpath("programmes/auckland-2027.toml").read_text("utf-8")
RULES = read_rules(TOML)
PROGRAMME = "auckland-2027"
MILESTONES = {"kick-off": "2027-06-01", "half-way": "2027-09-01", "wrap-up": "2027-12-10"}
SCORES = [{"criterion": code, "score": 9} for code in ("reach", "care")]
NUMBER = "EX 2027/1"


@dataclass(frozen=True)
class City:
    """One account for each role, and for the committee one for each who may not be another."""

    service: Service
    clock: HandClock
    organisation_id: str
    public: Caller
    office: Caller
    organisation: Caller
    member: Caller
    second_member: Caller
    evaluator: Caller
    leaders: Caller
    association: Caller
    treasury: Caller

    async def account(self, role: Role) -> Caller:
        """One more who acts."""
        return await _account(self.service, self.public.http, role, None)

    def on(self, year: int, month: int, day: int, hour: int = 0) -> None:
        """At that hour of that day in UTC, which is noon or later in Auckland."""
        self.clock.now = datetime(year, month, day, hour, tzinfo=UTC)


async def _account(service: Service, http: AsyncClient, role: Role, body: str | None) -> Caller:
    async with service.pool.connection() as connection:
        account = await open_account(connection, role, body, role.value)
        return Caller(http, await issue_token(connection, account.id))


@asynccontextmanager
async def open_city(database: Database) -> AsyncIterator[City]:
    clock = HandClock(datetime(2027, 1, 20, tzinfo=UTC))
    async with open_service(database, MASTER, clock, start=threading.Thread) as service, connect(service) as http:
        await service.ledger.transact(CommandContext(OPERATOR), announce(TOML))

        async def caller(role: Role, body: str | None = None) -> Caller:
            return await _account(service, http, role, body)

        office = await caller(Role.OFFICE)
        registration = {
            "identifiers": [{"scheme": "NZ-NZBN", "id": "synthetic-1"}],
            "name": "Example Harbour Society",
            "kind": "association",
        }
        organisation = (await office.done("/v1/organisations", registration))["id"]
        yield City(
            service=service,
            clock=clock,
            organisation_id=organisation,
            public=Caller(http),
            office=office,
            organisation=await caller(Role.ORGANISATION, organisation),
            member=await caller(Role.COMMITTEE),
            second_member=await caller(Role.COMMITTEE),
            evaluator=await caller(Role.COMMITTEE),
            leaders=await caller(Role.LEADING_GROUP),
            association=await caller(Role.PROMOTION_ASSOCIATION),
            treasury=await caller(Role.TREASURY),
        )


def money(amount: str, currency: str = "NZD") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


def application(organisation: str, **changes: Any) -> dict[str, Any]:
    form = {
        "title": "Example: swimming lessons in the bay",
        "category": "harbour",
        "content": "Lessons for sixty children.",
        "plan": "June to December.",
        "budget": [{"source": "requested", "money": money("8000.50")}],
        "beneficiaries": {"count": 60, "group": "children"},
        "schedule": {"start": "2027-06-01", "end": "2027-12-15"},
        "place": "Auckland",
        "fit": None,
        "support": [{"kind": "funds", "reason": "No funds of our own."}],
    }
    return {"programme": PROGRAMME, "organisation": organisation, "form": form | changes}


async def apply(city: City) -> str:
    receipt = await city.organisation.done("/v1/projects", application(city.organisation_id))
    return f"/v1/projects/{receipt['id']}"


PASSED = {"passed": True, "reason": "Open to all."}
REVIEW = {
    "application_version": 1,
    "public_benefit": PASSED,
    "non_profit": PASSED,
    "feasibility": {"score": 80, "reason": "Two teachers."},
}
APPROVAL = {"application_version": 1, "amount": money("7500.00"), "document_number": NUMBER, "reason": "Agreed."}


def contract(**changes: Any) -> dict[str, Any]:
    return {
        "number": NUMBER,
        "signed_on": "2027-05-03",
        "period": {"start": "2027-05-10", "end": "2027-12-20"},
        "services": "Swimming lessons.",
        "amount": money("7500.00"),
        "due": [{"milestone": code, "due_on": day} for code, day in MILESTONES.items()],
    } | changes


async def confirm(city: City, project: str) -> None:
    """Two reviews, approval, contract, publication."""
    await city.member.done(f"{project}/reviews", REVIEW)
    check_problem(await city.leaders.post(f"{project}/approval", APPROVAL), 409, "reviews_missing")
    await city.second_member.done(f"{project}/reviews", REVIEW)
    await city.leaders.done(f"{project}/approval", APPROVAL)
    # The phase has rolled from a Sunday to this Monday, which has not come yet in Beijing and in London.
    city.on(2027, 5, 30, hour=13)
    await city.office.done(f"{project}/contract", contract())
    publication = {"projects": [project.rsplit("/", 1)[1]], "notice": "Example list no. 1"}
    await city.office.done(f"/v1/programmes/{PROGRAMME}/publications", publication)


async def deliver(city: City, project: str) -> None:
    for code, day in MILESTONES.items():
        year, month, date = map(int, day.split("-"))
        city.on(year, month, date)
        report = {
            "milestone": code,
            "work_done": "As planned.",
            "spent": [{"source": "requested", "money": money("2500.00")}],
            "people_served": 55,
            "summary": "All children swim." if code == "wrap-up" else None,
        }
        await city.organisation.done(f"{project}/milestones", report)


async def evaluate(city: City, project: str) -> None:
    city.on(2028, 1, 20)
    for who, evaluation in (
        (city.organisation, {"by": "self", "scores": SCORES}),
        (city.office, {"by": "beneficiaries", "no_identifiable": True, "reason": "Open to all."}),
        (city.evaluator, {"by": "third_party", "scores": SCORES}),
    ):
        await who.done(f"{project}/evaluations", {"evaluation": evaluation | {"conclusion": "Well done."}})


async def honour(city: City, project: str) -> None:
    city.on(2028, 2, 10)
    awards = f"/v1/programmes/{PROGRAMME}/awards"
    award = {"project": project.rsplit("/", 1)[1], "deed": "For the bay.", "document_number": NUMBER}
    volunteer = award | {"honour": "volunteer-of-the-year", "person": person("Example Person")}
    for who, role, said in (
        (city.leaders, Role.LEADING_GROUP, award | {"honour": "community-star"}),
        (city.association, Role.PROMOTION_ASSOCIATION, volunteer),
    ):
        record = {"record": (await who.done(awards, said))["version"]}
        await (await city.account(role)).done(f"{project}/confirmations", record)
