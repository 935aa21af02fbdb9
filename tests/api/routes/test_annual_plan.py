"""An organisation's plan for the year over HTTP: all projects or none, a receipt for each."""

from typing import Any

from tests.api.bodies import CONTACT, PROGRAMME, form
from tests.api.client import Town, check_problem

PLAN = f"/v1/programmes/{PROGRAMME}/applications"


def plan(town: Town, *titles: str, **changes: Any) -> dict[str, Any]:
    return {"organisation": str(town.local_id), "applications": [{"form": form(title=one)} for one in titles]} | changes


async def test_a_plan_is_filed_with_a_receipt_each(town: Town) -> None:
    body = plan(town, "示例甲", "示例乙", "示例丙")
    body["applications"][1]["contact"] = CONTACT
    size = await town.size()
    receipts = (await town.local.done(PLAN, body))["receipts"]
    assert [one["position"] for one in receipts] == [size, size + 1, size + 2]
    for receipt, title in zip(receipts, ("示例甲", "示例乙", "示例丙"), strict=True):
        [event] = await town.local.read(f"/v1/projects/{receipt['id']}/history")
        assert (event["type"], event["payload"]["form"]["title"]) == ("Applied", title)
        assert (event["position"], event["version"]) == (receipt["position"], receipt["version"])


async def test_every_obstacle_of_a_plan_is_listed(town: Town) -> None:
    body = plan(town, "示例甲", "示例乙", "示例丙")
    body["applications"][0]["form"]["category"] = "unheard-of"
    body["applications"][2]["form"]["support"] = []
    size = await town.size()
    answer = await town.local.post(PLAN, body)
    check_problem(answer, 409, "batch_refused")
    assert {one["place"]: one["code"] for one in answer.json()["errors"]} == {
        "applications.0": "choice_unknown",
        "applications.2": "support_reason_missing",
    }
    assert await town.size() == size


async def test_a_plan_is_repeated_under_its_key(town: Town) -> None:
    key = {"Idempotency-Key": "plan-2010"}
    body = plan(town, "示例甲", "示例乙")
    first = await town.local.done(PLAN, body, key)
    size = await town.size()
    assert await town.local.done(PLAN, body, key) == first
    assert await town.size() == size
    check_problem(await town.local.post(PLAN, plan(town, "示例丁"), key), 422, "key_reused")
    assert len((await town.local.done(PLAN, body))["receipts"]) == 2


async def test_what_stands_before_the_plan_is_told_alone(town: Town) -> None:
    body = plan(town, "示例甲", "示例乙")
    check_problem(await town.city.post(PLAN, body), 403, "out_of_scope")
    check_problem(await town.treasury.post(PLAN, body), 403, "role_may_not")
    check_problem(await town.local.post(PLAN, plan(town, *["示例"] * 101)), 422, "invalid_request")
    town.clock.to(3, 2)
    check_problem(await town.local.post(PLAN, body), 409, "phase_closed")


async def test_a_plan_on_paper_keeps_its_scan(town: Town) -> None:
    scan = await town.district.uploaded()
    town.clock.to(3, 10)
    late = {"effective_on": "2010-02-20", "reason": "纸质申报表。", "scan": scan}
    receipts = (await town.district.done(PLAN, plan(town, "示例甲", "示例乙", late_entry=late)))["receipts"]
    for receipt in receipts:
        events = await town.district.read(f"/v1/projects/{receipt['id']}/history")
        assert [event["type"] for event in events] == ["Applied", "PaperReceived"]
        assert (receipt["version"], receipt["position"]) == (2, events[-1]["position"])
