"""Support over HTTP (N7): open requests wait in the work list, before the contract and before the closing."""

from typing import Any

from tests.api.bodies import SUPPORT, SUPPORT_DEFERRAL, contract
from tests.api.client import Caller, Town, check_problem

WANTED = [{"kind": "funds", "reason": "示例：资金不足。"}, {"kind": "venue", "reason": "示例：需要厨房。"}]


async def waiting(caller: Caller) -> list[tuple[str, str | None, str | None]]:
    items = (await caller.read("/v1/worklist"))["items"]
    return [(one["command"], one["what"], one["until"]) for one in items if one["command"] == "arrange_support"]


async def test_open_requests_wait_until_they_are_answered(town: Town) -> None:
    approved = await town.approved(support=WANTED)
    await town.followed()
    assert await waiting(town.district) == [("arrange_support", "示例：需要厨房。", None)]
    assert await waiting(town.local) == []
    refused = await town.district.post(f"{approved}/contract", contract())
    check_problem(refused, 409, "support_unanswered")
    assert refused.json()["details"] == {"kinds": "venue", "requests": "1/1"}
    chinese = await town.district.post(f"{approved}/contract", contract(), {"Accept-Language": "zh"})
    assert "场地（版次/序号 1/1）" in chinese.json()["title"]
    deferral = SUPPORT_DEFERRAL | {"request": 1}
    check_problem(await town.local.post(f"{approved}/support-deferrals", deferral), 403, "role_may_not")
    past = deferral | {"until": "2010-01-31"}
    check_problem(await town.district.post(f"{approved}/support-deferrals", past), 422, "deadline_past")
    await town.district.done(f"{approved}/support-deferrals", deferral)
    await town.followed()
    assert await waiting(town.district) == [("arrange_support", "示例：需要厨房。", "2010-03-31")]
    await town.district.done(f"{approved}/contract", contract())
    await town.district.done(f"{approved}/support", SUPPORT | {"request": 1, "given": "社区厨房。"})
    await town.followed()
    assert await waiting(town.district) == []


async def test_what_is_asked_for_in_delivery_is_answered_before_closing(town: Town) -> None:
    project = await town.published()
    more: dict[str, Any] = {"kind": "resources", "reason": "示例：需要棉衣。"}
    check_problem(await town.neighbour.post(f"{project}/support-requests", more), 403, "out_of_scope")
    asked = await town.local.done(f"{project}/support-requests", more)
    await town.followed()
    assert await waiting(town.district) == [("arrange_support", "示例：需要棉衣。", None)]
    termination = {"document_number": "示例发〔2010〕8号", "reason": "示例：无法继续。"}
    await town.district.done(f"{project}/termination", termination)
    check_problem(await town.local.post(f"{project}/support-requests", more), 409, "step_out_of_order")
    refused = await town.district.post(f"{project}/closure", {"conclusion": "示例。"})
    check_problem(refused, 409, "support_open")
    assert refused.json()["details"] == {"kinds": "resources", "requests": f"{asked['version']}/0"}
    await town.district.done(f"{project}/support", SUPPORT | {"asked": asked["version"], "given": "棉衣。"})
    await town.followed()
    assert await waiting(town.district) == []
