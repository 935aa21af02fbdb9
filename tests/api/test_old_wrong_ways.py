"""What the year once let anybody do, refused by name in a programme other than the first: the rules are the notice's,
not Beijing's. For the first programme each is tried in `routes/`."""

from typing import Any

from tests.api.bodies import payment
from tests.api.city import (
    APPROVAL,
    MILESTONES,
    NUMBER,
    PROGRAMME,
    REVIEW,
    SCORES,
    City,
    application,
    apply,
    confirm,
    contract,
    deliver,
    money,
)
from tests.api.client import Caller, check_problem

HERE = f"/v1/programmes/{PROGRAMME}"
FUNDS = {"kind": "funds", "reason": "No funds of our own."}
AWARD = {"deed": "For the bay.", "document_number": NUMBER, "honour": "community-star"}


def due(**days: str) -> dict[str, Any]:
    changed = {code.replace("_", "-"): day for code, day in days.items()}
    return {"due": [{"milestone": code, "due_on": day} for code, day in (MILESTONES | changed).items()]}


async def refused(caller: Caller, path: str, body: dict[str, Any], status: int, code: str, **details: object) -> None:
    answer = await caller.post(path, body)
    check_problem(answer, status, code)
    given = answer.json()["details"]
    assert {name: given[name] for name in details} == details, given


async def newest(city: City, project: str, kind: str) -> int:
    events: list[dict[str, Any]] = await city.office.read(f"{project}/history")
    return max(int(event["version"]) for event in events if event["type"] == kind)


async def judged(city: City, **changes: Any) -> str:
    """A project with its two reviews."""
    city.on(2027, 4, 1)
    body = application(city.organisation_id, **changes)
    project = f"/v1/projects/{(await city.organisation.done('/v1/projects', body))['id']}"
    for member in (city.member, city.second_member):
        await member.done(f"{project}/reviews", REVIEW)
    return project


async def test_nobody_rewrites_another_actors_decision(city: City) -> None:
    project = await judged(city)
    await city.leaders.done(f"{project}/approval", APPROVAL)
    changes: dict[str, dict[str, Any]] = {
        "Reviewed": {"feasibility": {"score": 1, "reason": "Example."}},
        "Approved": {"amount": money("1.00")},
    }
    authors = {"Reviewed": "the member of the committee", "Approved": "the leading group"}
    for kind, changed in changes.items():
        target = await newest(city, project, kind)
        for body in ({"kind": "restate", "changes": changed}, {"kind": "void"}):
            said = body | {"target": target, "reason": "Example."}
            await refused(city.office, f"{project}/corrections", said, 403, "not_the_author", author_en=authors[kind])


async def test_the_authority_does_not_make_a_report_late(city: City) -> None:
    city.on(2027, 4, 1)
    project = await apply(city)
    await confirm(city, project)
    await deliver(city, project)
    target = await newest(city, project, "MilestoneReported")
    earlier = {"kind": "restate", "target": target, "changes": {"due_on": "2027-11-01"}, "reason": "Example."}
    await refused(city.office, f"{project}/corrections", earlier, 403, "not_the_author", author_en="the organisation")
    await refused(city.organisation, f"{project}/corrections", earlier, 409, "correction_not_possible")


async def test_the_contract_keeps_the_order_of_days(city: City) -> None:
    project = await judged(city)
    await city.leaders.done(f"{project}/approval", APPROVAL)
    path = f"{project}/contract"
    city.on(2027, 5, 3)
    for changes, code, details in (
        ({"signed_on": "2027-03-01"}, "signed_too_early", {"signed_on": "2027-03-01"}),
        ({"signed_on": "2027-05-29"}, "dated_in_future", {"day": "2027-05-29"}),
        (due(wrap_up="2027-12-24"), "due_date_outside_period", {"due": "2027-12-24"}),
        (due(kick_off="2027-04-20"), "due_date_outside_period", {"due": "2027-04-20"}),
        (
            {"period": {"start": "2027-04-01", "end": "2027-12-20"}} | due(kick_off="2027-04-20"),
            "due_date_outside_phase",
            {"due": "2027-04-20"},
        ),
    ):
        await refused(city.office, path, contract(**changes), 422, code, **details)
    await city.office.done(path, contract())
    paid = payment("100.00", "EX-1", under="support", paid_on="2027-05-02") | {"amount": money("100.00")}
    await refused(city.treasury, f"{project}/disbursements", paid, 422, "payment_day_wrong", day="2027-05-02")


async def test_support_is_answered_before_the_contract(city: City) -> None:
    project = await judged(city, support=[FUNDS, {"kind": "venue", "reason": "No pool of our own."}])
    await city.leaders.done(f"{project}/approval", APPROVAL)
    city.on(2027, 5, 3)
    await refused(city.office, f"{project}/contract", contract(), 409, "support_unanswered", kinds="venue")


async def test_progress_never_decreases(city: City) -> None:
    city.on(2027, 4, 1)
    project = await apply(city)
    await confirm(city, project)
    report = {"work_done": "As planned.", "spent": [{"source": "requested", "money": money("2500.00")}]}
    city.on(2027, 6, 1)
    await city.organisation.done(f"{project}/milestones", report | {"milestone": "kick-off", "people_served": 55})
    city.on(2027, 9, 1)
    fewer = report | {"milestone": "half-way", "people_served": 54}
    await refused(city.organisation, f"{project}/milestones", fewer, 409, "people_served_fallen")
    less = [{"source": "requested", "money": money("2499.99")}]
    smaller = report | {"milestone": "half-way", "people_served": 55, "spent": less}
    await refused(city.organisation, f"{project}/milestones", smaller, 409, "spending_fallen")


async def test_nothing_ends_unevaluated_or_unsettled(city: City) -> None:
    city.on(2027, 4, 1)
    project = await apply(city)
    await confirm(city, project)
    await deliver(city, project)
    city.on(2028, 2, 10)
    closure = {"conclusion": "All done."}
    await refused(city.office, f"{project}/closure", closure, 409, "not_evaluated")
    award = AWARD | {"project": project.rsplit("/", 1)[1]}
    await refused(city.leaders, f"{HERE}/awards", award, 409, "not_evaluated")
    await city.organisation.done(
        f"{project}/evaluations", {"evaluation": {"by": "self", "scores": SCORES, "conclusion": "Well done."}}
    )
    await refused(city.office, f"{project}/closure", closure, 409, "not_evaluated")


async def test_nobody_to_ask_needs_a_public_reason(city: City) -> None:
    city.on(2027, 4, 1)
    project = await apply(city)
    await confirm(city, project)
    await deliver(city, project)
    nobody = {"evaluation": {"by": "beneficiaries", "no_identifiable": True, "conclusion": "Nobody was asked."}}
    await refused(city.office, f"{project}/evaluations", nobody, 409, "frame_too_small", size=0, people_served=55)


async def test_a_document_number_names_one_document(city: City) -> None:
    first = await judged(city)
    await city.leaders.done(f"{first}/approval", APPROVAL)
    second = await judged(city, title="Example: boats for the bay")
    await refused(city.leaders, f"{second}/approval", APPROVAL, 409, "document_number_taken", number=NUMBER)
