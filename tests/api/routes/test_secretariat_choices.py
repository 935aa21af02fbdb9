"""Purchases and honours that the office records for the leading group, and another person confirms (N3, N15, N20)."""

from typing import Any

from tests.api.bodies import PROGRAMME, person, purchase_contract
from tests.api.client import Caller, Town, check_problem
from tests.api.routes.test_purchase import fill_places, taken
from tests.api.routes.test_secretariat import CONFIRMATIONS, MINUTES, PAPER, RECORDS

ORGANISATIONS, PEOPLE = "advanced-organisation", "advanced-individual"
SELECTION = {"kind": "selection", "amount": {"amount": "50000.00", "currency": "CNY"}, "reason": "评分靠前。"}


async def record(town: Town, project: str, decision: dict[str, Any]) -> dict[str, Any]:
    body = {"decision": decision, "paper": PAPER}
    return {"record": (await town.office.done(f"{project}/recorded-decisions", body))["version"]}


async def decide(town: Town, second: Caller, project: str, decision: dict[str, Any]) -> dict[str, Any]:
    """Recorded and confirmed: the event of the decision."""
    await second.done(f"{project}/recorded-decision-confirmations", await record(town, project, decision))
    decided, confirmed = (await town.auditor.read(f"{project}/history"))[-2:]
    assert (confirmed["type"], confirmed["payload"]["target"]) == ("DecisionConfirmed", decided["version"])
    found: dict[str, Any] = decided
    return found


async def test_a_purchase_is_decided_from_minutes(town: Town) -> None:
    project, second = await town.entered(), await town.account("office")
    waiting = await record(town, project, SELECTION)
    assert await taken(town) == 0
    check_problem(await town.office.post(f"{project}/recorded-decision-confirmations", waiting), 403)
    await second.done(f"{project}/recorded-decision-confirmations", waiting)
    assert await taken(town) == 1
    selected = (await town.public.read(f"{project}/history"))[-2]
    assert (selected["type"], selected["role"]) == ("Purchased", "leading_group")
    assert selected["payload"]["document_number"] == "京民服发〔2010〕2号"
    paper = await town.office.uploaded()
    contract = {"kind": "purchase_contract", "original_sha256": paper["sha256"]} | purchase_contract()
    future = contract | {"signed_on": "2010-03-02"}
    body = {"decision": future, "paper": PAPER}
    check_problem(await town.office.post(f"{project}/recorded-decisions", body), 422, "dated_in_future")
    signed = await decide(town, second, project, contract)
    assert (signed["type"], signed["payload"]["original_sha256"]) == ("PurchaseContractSigned", paper["sha256"])
    void = {"kind": "void", "target": signed["version"], "reason": "录错。"}
    check_problem(await town.leaders.post(f"{project}/corrections", void), 409, "paper_not_cited")
    await town.leaders.done(f"{project}/corrections", void | {"reason": f"与{MINUTES}不一致。"})


async def test_recorded_selections_share_the_last_place(town: Town) -> None:
    projects = [await town.entered(title=f"示例：第{number}项目") for number in range(2)]
    ids = [one.rsplit("/", 1)[1] for one in projects]
    await fill_places(town.service.ledger, 99)
    both = [{"project": one, "decision": SELECTION} for one in ids]
    stopped = await town.office.post(RECORDS, {"paper": PAPER, "records": both})
    assert [(one["place"], one["code"]) for one in stopped.json()["errors"]] == [(ids[1], "quota_full")]
    parts = [{"project": id} | await record(town, one, SELECTION) for id, one in zip(ids, projects, strict=True)]
    second = await town.account("office")
    stopped = await second.post(CONFIRMATIONS, {"confirmations": parts})
    assert [(one["place"], one["code"]) for one in stopped.json()["errors"]] == [(ids[1], "quota_full")]
    await second.done(CONFIRMATIONS, {"confirmations": parts[1:]})
    assert await taken(town) == 100
    left = {"record": parts[0]["record"]}
    refused = await second.post(f"{projects[0]}/recorded-decision-confirmations", left)
    check_problem(refused, 409, "quota_full")


async def test_a_person_is_honoured_from_minutes(town: Town) -> None:
    project, second = await town.evaluated(), await town.account("office")
    nominee = await town.proposed(project, PEOPLE, town.leaders, person=person("李示例"))
    award = {"kind": "award", "honour": PEOPLE, "deed": "服务周到。"} | nominee
    body = {"decision": award, "paper": PAPER}
    check_problem(await town.office.post(f"{project}/recorded-decisions", body), 409, "proposal_still_shown")
    town.clock.to(12, 20)
    waiting = await record(town, project, award)
    for caller in (town.public, town.local, town.district):
        assert "HonourDecisionRecorded" not in (await caller.get(f"{project}/history")).text
    await second.done(f"{project}/recorded-decision-confirmations", waiting)
    payloads = {one["type"]: one["payload"] for one in await town.auditor.read(f"{project}/history")}
    said = (payloads["HonourProposed"], payloads["HonourDecisionRecorded"]["decision"], payloads["Awarded"])
    names = [one["recipient"]["name"]["commitment"] for one in said]
    assert len(set(names)) == 3
    shown = next(one for one in await town.public.read(f"{project}/history") if one["type"] == "Awarded")
    assert list(shown["opened"].values()) == [{"name": "李示例"}]
    assert shown["role"] == "leading_group"


async def test_only_the_leading_groups_honours_are_recorded(town: Town) -> None:
    project = await town.evaluated()
    await town.proposed(project, "top-ten", town.association)
    town.clock.to(12, 20)
    award = {"kind": "award", "honour": "top-ten", "deed": "服务周到。"}
    refused = await town.office.post(f"{project}/recorded-decisions", {"decision": award, "paper": PAPER})
    check_problem(refused, 403, "role_may_not")


async def test_a_recorded_revocation_frees_the_place(town: Town) -> None:
    project, second = await town.evaluated(), await town.account("office")
    await town.proposed(project, ORGANISATIONS, town.leaders)
    town.clock.to(12, 20)
    awarded = await decide(town, second, project, {"kind": "award", "honour": ORGANISATIONS, "deed": "服务周到。"})

    async def places() -> int:
        programme = await town.public.read(f"/v1/programmes/{PROGRAMME}")
        return next(int(quota["taken"]) for quota in programme["quotas"] if quota["code"] == ORGANISATIONS)

    assert await places() == 1
    revocation = {"kind": "revocation", "award": awarded["version"], "reason": "材料不实。"}
    kept = await record(town, project, revocation)
    await town.followed()
    items = (await second.read("/v1/worklist"))["items"]
    found = [(one["what"], one["version"], one["until"]) for one in items if one["command"] == "confirm_decision"]
    assert found == [(MINUTES, kept["record"], None)]
    void = {"kind": "void", "target": kept["record"], "reason": "漏录名额去向。"}
    await town.office.done(f"{project}/corrections", void)
    revoked = await decide(town, second, project, revocation | {"place_freed_because": "领导小组决定递补。"})
    assert (revoked["type"], revoked["role"], await places()) == ("HonourRevoked", "leading_group", 0)
