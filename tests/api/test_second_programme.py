"""Another city and another year, from application to honours over HTTP, by one account for each role, without a line
of code for it: all that differs stands in its file."""

import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest
from tests.api.bodies import person
from tests.api.client import Caller, check_problem, connect
from tests.support import MASTER, HandClock

from api.service import Service, open_service
from ledger.accounts import OPERATOR, issue_token, open_account
from ledger.commands.programme import announce
from ledger.core.fact import Role
from ledger.database import Database
from ledger.rules import read_rules
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

    def on(self, year: int, month: int, day: int, hour: int = 0) -> None:
        """At that hour of that day in UTC, which is noon or later in Auckland."""
        self.clock.now = datetime(year, month, day, hour, tzinfo=UTC)


@pytest.fixture
async def city(database: Database, anyio_backend: str) -> AsyncIterator[City]:
    clock = HandClock(datetime(2027, 1, 20, tzinfo=UTC))
    async with open_service(database, MASTER, clock, start=threading.Thread) as service, connect(service) as http:
        await service.ledger.transact(CommandContext(OPERATOR), announce(TOML))

        async def caller(role: Role, body: str | None = None) -> Caller:
            async with service.pool.connection() as connection:
                account = await open_account(connection, role, body, role.value)
                return Caller(http, await issue_token(connection, account.id))

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


async def confirm(city: City, project: str) -> None:
    """Two reviews, approval, contract, publication."""
    passed = {"passed": True, "reason": "Open to all."}
    review = {
        "application_version": 1,
        "public_benefit": passed,
        "non_profit": passed,
        "feasibility": {"score": 80, "reason": "Two teachers."},
    }
    approval = {
        "application_version": 1, "amount": money("7500.00"), "document_number": NUMBER, "reason": "Agreed.",
    }  # fmt: skip
    await city.member.done(f"{project}/reviews", review)
    check_problem(await city.leaders.post(f"{project}/approval", approval), 409, "reviews_missing")
    await city.second_member.done(f"{project}/reviews", review)
    await city.leaders.done(f"{project}/approval", approval)
    contract = {
        "number": NUMBER,
        "signed_on": "2027-05-03",
        "period": {"start": "2027-05-10", "end": "2027-12-20"},
        "services": "Swimming lessons.",
        "amount": money("7500.00"),
        "due": [{"milestone": code, "due_on": day} for code, day in MILESTONES.items()],
    }
    # The phase has rolled from a Sunday to this Monday, which has not come yet in Beijing and in London.
    city.on(2027, 5, 30, hour=13)
    await city.office.done(f"{project}/contract", contract)
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
        (city.office, {"by": "beneficiaries", "no_identifiable": True}),
        (city.evaluator, {"by": "third_party", "scores": SCORES}),
    ):
        await who.done(f"{project}/evaluations", {"evaluation": evaluation | {"conclusion": "Well done."}})


async def honour(city: City, project: str) -> None:
    city.on(2028, 2, 10)
    awards = f"/v1/programmes/{PROGRAMME}/awards"
    award = {"project": project.rsplit("/", 1)[1], "deed": "For the bay.", "document_number": NUMBER}
    await city.leaders.done(awards, award | {"honour": "community-star"})
    volunteer = award | {"honour": "volunteer-of-the-year", "person": person("Example Person")}
    await city.association.done(awards, volunteer)


# What a year consists of, in its order; a further step stands where it comes.
STEPS = (confirm, deliver, evaluate, honour)


async def test_another_citys_year_runs_by_its_file(city: City) -> None:
    city.on(2027, 4, 1)
    project = await apply(city)
    for step in STEPS:
        await step(city, project)
    head = await city.service.store.head()
    await city.service.wait_for(head.size - 1)
    [row] = (await city.public.read("/v1/projects", programme=PROGRAMME))["projects"]
    assert (row["status"], row["district"], row["honours"], row["milestones"]) == ("completed", None, 2, 3)
    # Without nominations too the honoured are ranked, by this programme's weights.
    for honour in ("community-star", "volunteer-of-the-year"):
        ranking = await city.public.read(f"/v1/programmes/{PROGRAMME}/rankings/{honour}")
        assert ranking["weights"] == {"completion": 20, "beneficiaries": 60, "third_party": 20}
        [one] = ranking["nominees"]
        assert (one["standing"], one["proposal"]) == ("awarded", None)
    assert row["approved"] == money("7500.00")
    history = await city.public.read(f"{project}/history")
    assert [event["type"] for event in history] == [
        *("Applied", "Approved", "ContractSigned", "Published"),
        *["MilestoneReported"] * 3,
        *("Evaluated", "BeneficiariesEvaluated", "Evaluated"),
        *["Awarded"] * 2,
    ]
    assert [event["effective_on"] for event in history][2:4] == ["2027-05-31"] * 2
    shown = await city.public.read(f"/v1/programmes/{PROGRAMME}")
    assert {quota["code"]: quota["left"] for quota in shown["quotas"]} == {
        "community-star": 0, "volunteer-of-the-year": 2,
    }  # fmt: skip
    page = (await city.public.get(project.replace("/v1", ""), lang="en")).text
    for said in ("Half-way", "NZ$7,500.00", "Auckland Community Programme 2027", "Community Star"):
        assert said in page, said


async def test_its_own_rules_refuse(city: City) -> None:
    # It is 1 February there, and still January in Beijing and in London.
    city.on(2027, 1, 31, hour=10)
    early = await city.organisation.post("/v1/projects", application(city.organisation_id))
    check_problem(early, 409, "phase_closed")
    city.on(2027, 1, 31, hour=11)
    await apply(city)
    for changes, code in (
        ({"category": "elderly-disabled"}, "choice_unknown"),
        ({"budget": [{"source": "own", "money": money("1.00", "CNY")}]}, "currency_wrong"),
    ):
        body = application(city.organisation_id, **changes)
        check_problem(await city.organisation.post("/v1/projects", body), 422, code)
    listing = {
        "kind": "enter", "list": "serious", "reason": "Example.", "authority": "Example", "document_number": NUMBER,
    }  # fmt: skip
    await city.office.done(f"/v1/organisations/{city.organisation_id}/lists", listing)
    barred = await city.organisation.post("/v1/projects", application(city.organisation_id))
    check_problem(barred, 409, "organisation_barred")


async def test_its_forms_and_tables_are_its_own(city: City) -> None:
    city.on(2027, 4, 1)
    project = await apply(city)
    for path in (
        f"/v1/programmes/{PROGRAMME}/forms/application.pdf",
        f"{project}/forms/application.pdf",
        f"/v1/programmes/{PROGRAMME}/tables/applications.xlsx",
        f"/v1/programmes/{PROGRAMME}/tables/progress.xlsx",
    ):
        assert (await city.organisation.get(path)).status_code == 200, path


def test_every_rule_differs_from_the_first() -> None:
    assert (RULES.synthetic, RULES.districts, RULES.screening) == (True, (), False)
    assert (RULES.currency, str(RULES.zone), RULES.calendar) == ("NZD", "Pacific/Auckland", "weekdays")
    assert RULES.milestone_order == tuple(MILESTONES)
