"""Money over HTTP by both clocks: who sees what of it, the steps, groups, and one project with its events."""

from decimal import Decimal
from typing import Any

from tests.api.bodies import ANY_ID, DISTRICT, PROGRAMME, payment, purchase_contract, refund, report, selection
from tests.api.client import Caller, Town, check_problem

MONEY = "/v1/audit/money"
SPENT = [
    {"source": "own", "money": {"amount": "200.00", "currency": "CNY"}},
    {"source": "requested", "money": {"amount": "1200.50", "currency": "CNY"}},
]


async def bought(town: Town) -> str:
    """A published project of the district's organisation, bought, paid, reported on; it gave something back."""
    project = await town.entered()
    await town.leaders.done(f"/v1/programmes/{PROGRAMME}/purchases", selection(project))
    await town.leaders.done(f"{project}/purchase-contract", purchase_contract())
    await town.treasury.done(f"{project}/disbursements", payment("30000.00", "示例凭证1"))
    town.clock.to(3, 15)
    await town.local.done(f"{project}/milestones", report("start", spent=SPENT))
    await town.treasury.done(f"{project}/refunds", refund("400.00", "示例凭证3"))
    await town.followed()
    return project


def amounts(group: dict[str, Any]) -> dict[str, str]:
    return {one["stage"]: one["amount"]["amount"] for one in group["figures"]}


async def whole(who: Caller, **query: Any) -> dict[str, Any]:
    [group] = (await who.read(MONEY, **query))["groups"]
    assert group["key"] is None
    return dict(group)


async def test_a_projects_figures_name_every_event_that_makes_them(town: Town) -> None:
    project = await bought(town)
    answer = await town.public.read(MONEY, project=project.rsplit("/", 1)[1])
    [group] = answer["groups"]
    history = {event["position"]: event for event in await town.public.read(f"{project}/history")}
    named = {figure["stage"]: [event["type"] for event in figure["events"]] for figure in group["figures"]}
    assert named == {
        "requested": ["Applied", "EnteredCompetition"],
        "granted": ["Approved", "Purchased"],
        "contracted": ["ContractSigned", "PurchaseContractSigned"],
        "paid": ["Disbursed"],
        "spent": ["MilestoneReported", "MilestoneReported"],
        "returned": ["Refunded"],
    }
    for figure in group["figures"]:
        for event in figure["events"]:
            told = history[event["position"]]
            assert (told["version"], told["type"]) == (event["version"], event["type"])
            assert told["effective_on"] == event["effective_on"]
    spent = next(figure for figure in group["figures"] if figure["stage"] == "spent")
    assert [(one["source"], one["amount"]["amount"]) for one in spent["by_source"]] == [
        ("own", "200.00"),
        ("requested", "1200.50"),
    ]
    assert next(one for one in group["figures"] if one["stage"] == "paid")["events"][0]["dated_on"] == "2010-03-01"
    assert {one["step"]: one["amount"]["amount"] for one in group["steps"]} == {
        "requested_not_granted": "0.00",
        "granted_not_contracted": "0.00",
        "contracted_not_paid": "50000.00",
        "paid_not_spent": "28799.50",
        "unspent_not_returned": "28399.50",
    }


async def test_one_project_is_the_whole_of_itself(town: Town) -> None:
    project = await bought(town)
    [alone] = (await town.auditor.read(MONEY, project=project.rsplit("/", 1)[1]))["groups"]
    total = await whole(town.auditor, programme=PROGRAMME)
    assert amounts(total) == amounts(alone)
    assert total["steps"] == alone["steps"]
    shown = {one["stage"]: one["amount"]["amount"] for one in (await town.public.read(f"{project}/money"))["figures"]}
    assert shown == amounts(alone)


async def test_unpublished_money_needs_the_right(town: Town) -> None:
    hidden = await town.approved(town.city)
    published = await bought(town)
    await town.followed()
    everything = {"requested": "110000.00", "granted": "110000.00"}
    for reader in (town.office, town.leaders, town.treasury, town.auditor):
        assert amounts(await whole(reader)).items() >= everything.items()
    public = {"requested": "80000.00", "granted": "80000.00"}
    others = (town.public, town.city, town.local, town.district, town.members[0], town.jurors[0], town.association)
    for reader in (*others, town.beneficiary, await town.account("credit_system"), await town.account("administrator")):
        assert amounts(await whole(reader)).items() >= public.items()
        groups = (await reader.read(MONEY, group_by="project"))["groups"]
        assert [group["key"] for group in groups] == [published.rsplit("/", 1)[1]]
    one = {"project": hidden.rsplit("/", 1)[1]}
    check_problem(await town.public.get(MONEY, **one), 404, "project_unknown")
    check_problem(await town.local.get(MONEY, **one), 404, "project_unknown")
    [own] = (await town.city.read(MONEY, **one))["groups"]
    assert amounts(own) == {"requested": "30000.00", "granted": "30000.00"}


async def test_both_clocks_cut_the_whole_and_the_project_alike(town: Town) -> None:
    project = await bought(town)
    last = await town.followed()
    one = {"project": project.rsplit("/", 1)[1]}
    for cut in ({"known_at": last - 1}, {"known_at": last - 3}, {"effective_on": "2010-02-28"}):
        [alone] = (await town.auditor.read(MONEY, **one, **cut))["groups"]
        assert amounts(await whole(town.auditor, **cut)) == amounts(alone) != {}
    check_problem(await town.auditor.get(MONEY, **one, known_at=2), 404, "project_unknown")
    assert amounts(await whole(town.auditor, known_at=2)) == {}
    assert "returned" not in amounts(await whole(town.auditor, known_at=last - 1))
    assert set(amounts(await whole(town.auditor, effective_on="2010-02-28"))) == {"requested", "granted", "contracted"}
    basis = (await town.auditor.read(MONEY, known_at=last - 1, effective_on="2010-02-28"))["basis"]
    assert (basis["known"], basis["size"], basis["effective_on"]) == (last - 1, last, "2010-02-28")


async def test_a_correction_keeps_the_figures_known_before(town: Town) -> None:
    project = await bought(town)
    before = await town.followed()
    history = await town.public.read(f"{project}/history")
    back = next(event for event in history if event["type"] == "Refunded")
    await town.corrected(project, {"kind": "void", "target": back["version"], "reason": "示例：误录。"})
    await town.followed()
    assert "returned" not in amounts(await whole(town.auditor))
    assert amounts(await whole(town.auditor, known_at=before))["returned"] == "400.00"


async def test_groups_add_up_to_the_whole_in_pages(town: Town) -> None:
    await town.approved(town.city, category="environment")
    await bought(town)
    total = amounts(await whole(town.auditor))["requested"]
    for by, keys in (
        ("programme", [PROGRAMME]),
        ("district", [None, DISTRICT]),
        ("category", ["elderly-disabled", "environment"]),
        ("organisation", sorted([str(town.city_id), str(town.local_id)])),
    ):
        groups: list[dict[str, Any]] = []
        after: dict[str, str] = {}
        while True:
            page = await town.auditor.read(MONEY, group_by=by, limit=1, **after)
            groups += page["groups"]
            if page["next_after"] is None:
                break
            after = {"after": page["next_after"]}
        assert [group["key"] for group in groups] == keys
        assert sum(Decimal(amounts(group)["requested"]) for group in groups) == Decimal(total)
    narrowed = await whole(town.auditor, district=DISTRICT, organisation=str(town.local_id))
    assert amounts(narrowed)["requested"] == "80000.00"
    assert (await whole(town.auditor, district="110101"))["figures"] == []


async def test_a_project_stands_alone_and_wrong_questions_are_refused(town: Town) -> None:
    project = await town.published()
    one = project.rsplit("/", 1)[1]
    check_problem(await town.auditor.get(MONEY, project=one, district="110101"), 422, "choice_unknown")
    check_problem(await town.auditor.get(MONEY, project=one, group_by="district"), 422, "choice_unknown")
    check_problem(await town.auditor.get(MONEY, project=ANY_ID), 404, "project_unknown")
    check_problem(await town.auditor.get(MONEY, project=str(town.local_id)), 404, "project_unknown")
    for wrong in ({"group_by": "title"}, {"limit": "0"}, {"after": "\0"}, {"effective_on": "1"}, {"surprise": "1"}):
        check_problem(await town.auditor.get(MONEY, **wrong), 422)
    check_problem(await town.auditor.get(MONEY, known_at="99999"), 404, "position_unknown")
