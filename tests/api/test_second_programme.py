"""Another city and another year, from application to honours over HTTP, by one account for each role, without a line
of code for it: all that differs stands in its file."""

from tests.api.city import (
    MILESTONES,
    NUMBER,
    PROGRAMME,
    RULES,
    City,
    application,
    apply,
    confirm,
    deliver,
    evaluate,
    honour,
    money,
)
from tests.api.client import check_problem

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
    for named in ("community-star", "volunteer-of-the-year"):
        ranking = await city.public.read(f"/v1/programmes/{PROGRAMME}/rankings/{named}")
        assert ranking["weights"] == {"completion": 20, "beneficiaries": 60, "third_party": 20}
        [one] = ranking["nominees"]
        assert (one["standing"], one["proposal"]) == ("awarded", None)
    assert row["approved"] == money("7500.00")
    history = await city.public.read(f"{project}/history")
    assert [event["type"] for event in history] == [
        *("Applied", "Approved", "ContractSigned", "Published"),
        *["MilestoneReported"] * 3,
        *("Evaluated", "FrameGapAccepted", "BeneficiariesEvaluated", "Evaluated"),
        *("Awarded", "PreparationConfirmed") * 2,
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
        f"/v1/programmes/{PROGRAMME}/tables/contracts.xlsx",
        f"/v1/programmes/{PROGRAMME}/tables/acceptances.xlsx",
    ):
        assert (await city.organisation.get(path)).status_code == 200, path


def test_every_rule_differs_from_the_first() -> None:
    assert (RULES.synthetic, RULES.districts, RULES.screening) == (True, (), False)
    assert (RULES.currency, str(RULES.zone), RULES.calendar) == ("NZD", "Pacific/Auckland", "weekdays")
    assert RULES.milestone_order == tuple(MILESTONES)
