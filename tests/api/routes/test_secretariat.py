"""Decisions of the leading group that its office records from a paper, and another person confirms (N3, N10)."""

from typing import Any

from tests.api.bodies import PROGRAMME, approval, rejection
from tests.api.client import Caller, Town, check_problem

MINUTES = "会议纪要〔2010〕3号"
RECORDS = f"/v1/programmes/{PROGRAMME}/recorded-decisions"
CONFIRMATIONS = f"/v1/programmes/{PROGRAMME}/recorded-decision-confirmations"
PAPER = {"kind": "minutes", "number": MINUTES, "dated_on": "2010-02-01", "sha256": "cd" * 32}


def approving(**changes: Any) -> dict[str, Any]:
    return {"decision": {"kind": "approval"} | approval(), "paper": PAPER} | changes


async def another_official(town: Town) -> Caller:
    return await town.account("office")


async def recorded(town: Town, project: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    receipt = await town.office.done(f"{project}/recorded-decisions", body or approving())
    return {"record": receipt["version"]}


async def test_a_decision_counts_once_another_person_confirms(town: Town) -> None:
    project = await town.reviewed()
    record = await recorded(town, project)
    assert (await town.auditor.read(project))["status"] == "under_review"
    confirmations = f"{project}/recorded-decision-confirmations"
    check_problem(await town.office.post(confirmations, record), 403, "second_person_needed")
    check_problem(await town.leaders.post(confirmations, record), 403, "role_may_not")
    second = await another_official(town)
    check_problem(await second.post(confirmations, {"record": 1}), 404, "record_unknown")
    await second.done(confirmations, record)
    check_problem(await second.post(confirmations, record), 404, "record_unknown")
    approved, confirmed = (await town.local.read(f"{project}/history"))[-2:]
    assert (approved["type"], approved["role"]) == ("Approved", "leading_group")
    assert approved["payload"]["document_number"] == "京民服发〔2010〕1号"
    assert (confirmed["type"], confirmed["role"]) == ("DecisionConfirmed", "office")
    assert confirmed["payload"]["target"] == approved["version"]
    assert confirmed["payload"]["paper_number"] == MINUTES


async def test_a_record_waits_for_another_official(town: Town) -> None:
    project = await town.reviewed()
    record = (await recorded(town, project))["record"]
    second = await another_official(town)
    await town.followed()

    async def listed(caller: Caller) -> list[tuple[str, int, str | None]]:
        items = (await caller.read("/v1/worklist"))["items"]
        return [(one["what"], one["version"], one["until"]) for one in items if one["command"] == "confirm_decision"]

    assert await listed(second) == [(MINUTES, record, "2010-03-31")]
    for caller in (town.office, town.leaders, town.district, town.local, town.auditor):
        assert await listed(caller) == []
    await second.done(f"{project}/recorded-decision-confirmations", {"record": record})
    await town.followed()
    assert await listed(second) == []


async def test_decisions_are_recorded_and_confirmed_together(town: Town) -> None:
    projects = [await town.reviewed() for _ in range(3)]
    ids = [one.rsplit("/", 1)[1] for one in projects]
    yes, no = {"kind": "approval"} | approval(), {"kind": "rejection"} | rejection()
    records = [{"project": one, "decision": said} for one, said in zip(ids, (yes, yes, no), strict=True)]
    applied = (await town.handed_in()).rsplit("/", 1)[1]
    stopped = await town.office.post(
        RECORDS, {"paper": PAPER, "records": [*records, {"project": applied, "decision": yes}]}
    )
    check_problem(stopped, 409, "batch_refused")
    assert [(one["place"], one["code"]) for one in stopped.json()["errors"]] == [(applied, "reviews_missing")]
    await town.office.done(RECORDS, {"paper": PAPER, "records": records})
    versions = [(await town.auditor.read(f"{one}/history"))[-1]["version"] for one in projects]
    parts = [{"project": one, "record": version} for one, version in zip(ids, versions, strict=True)]
    own = await town.office.post(CONFIRMATIONS, {"confirmations": parts})
    assert {one["code"] for one in own.json()["errors"]} == {"second_person_needed"}
    second = await another_official(town)
    wrong = await second.post(CONFIRMATIONS, {"confirmations": [*parts[:2], parts[2] | {"record": 1}]})
    assert [(one["place"], one["code"]) for one in wrong.json()["errors"]] == [(ids[2], "record_unknown")]
    await second.done(CONFIRMATIONS, {"confirmations": parts})
    decided = [(await town.auditor.read(f"{one}/history"))[-2] for one in projects]
    assert [(one["type"], one["role"]) for one in decided] == [
        *[("Approved", "leading_group")] * 2,
        ("Rejected", "leading_group"),
    ]
    numbers = [one["payload"]["document_number"] for one in decided]
    assert numbers == ["京民服发〔2010〕1号", "京民服发〔2010〕1号", "京民服发〔2010〕内1号"]
    documents = (await town.office.read(f"/v1/programmes/{PROGRAMME}/documents"))["documents"]
    assert sorted(len(one["projects"]) for one in documents) == [1, 2]


async def test_each_wrong_number_is_told_by_its_projects(town: Town) -> None:
    projects = [await town.reviewed() for _ in range(4)]
    colleague = await another_official(town)
    numbers = ("京民服发〔2010〕9号", "京民服发〔2010〕12号")
    parts = []
    for project, number in zip(projects, numbers * 2, strict=True):
        decision = {"kind": "approval", "document_number": number} | approval()
        record = await recorded(town, project, approving(decision=decision))
        parts.append({"project": project.rsplit("/", 1)[1]} | record)
    await colleague.done(CONFIRMATIONS, {"confirmations": parts[:2]})
    stopped = await colleague.post(CONFIRMATIONS, {"confirmations": parts[2:]})
    told = [(one["place"], one["code"], one["details"]["number"]) for one in stopped.json()["errors"]]
    assert told == [(part["project"], "document_number_taken", n) for part, n in zip(parts[2:], numbers, strict=True)]


async def test_only_the_office_records_for_the_leading_group(town: Town) -> None:
    project = await town.reviewed()
    for caller in (town.district, town.leaders, town.members[0], town.local):
        check_problem(await caller.post(f"{project}/recorded-decisions", approving()), 403, "role_may_not")
    check_problem(await town.office.post(f"{project}/approval", approval()), 403, "role_may_not")
    future = approving(paper=PAPER | {"dated_on": "2010-12-01"})
    check_problem(await town.office.post(f"{project}/recorded-decisions", future), 422, "dated_in_future")
    unpapered = {"decision": {"kind": "approval"} | approval()}
    check_problem(await town.office.post(f"{project}/recorded-decisions", unpapered), 422)


async def test_what_cannot_be_decided_is_not_recorded(town: Town) -> None:
    applied = await town.handed_in()
    check_problem(await town.office.post(f"{applied}/recorded-decisions", approving()), 409, "reviews_missing")
    project = await town.reviewed()
    record = await recorded(town, project)
    check_problem(await town.office.post(f"{project}/recorded-decisions", approving()), 409, "record_waiting")
    await town.leaders.done(f"{project}/rejection", rejection())
    second = await another_official(town)
    check_problem(await second.post(f"{project}/recorded-decision-confirmations", record), 409, "step_out_of_order")


async def test_a_wrong_record_is_voided_before_it_counts(town: Town) -> None:
    project = await town.reviewed()
    record = await recorded(town, project)
    void = {"kind": "void", "target": record["record"], "reason": "录错。"}
    await town.office.done(f"{project}/corrections", void)
    second = await another_official(town)
    check_problem(await second.post(f"{project}/recorded-decision-confirmations", record), 404, "record_unknown")
    again = await recorded(town, project, {"decision": {"kind": "rejection"} | rejection(), "paper": PAPER})
    await second.done(f"{project}/recorded-decision-confirmations", again)
    assert (await town.auditor.read(project))["status"] == "rejected"


async def test_corrections_cite_the_paper(town: Town) -> None:
    project = await town.reviewed()
    second = await another_official(town)
    await second.done(f"{project}/recorded-decision-confirmations", await recorded(town, project))
    approved = (await town.auditor.read(f"{project}/history"))[-2]
    restate = {
        "kind": "restate",
        "target": approved["version"],
        "changes": {"reason": "同意立项。"},
        "reason": "录错。",
    }
    check_problem(await town.office.post(f"{project}/corrections", restate), 403, "not_the_author")
    refused = await town.leaders.post(f"{project}/corrections", restate)
    check_problem(refused, 409, "paper_not_cited")
    assert MINUTES in refused.json()["title"]
    requested = await town.office.post(f"{project}/correction-requests", restate)
    check_problem(requested, 409, "paper_not_cited")
    cited = restate | {"reason": "据会议纪要[2010]3号更正。"}
    await town.leaders.done(f"{project}/corrections", cited)


async def test_a_waiting_record_is_nobody_elses(town: Town) -> None:
    project = await town.reviewed()
    await recorded(town, project)
    for caller, reads in ((town.local, False), (town.district, False), (town.leaders, True), (town.auditor, True)):
        types = {event["type"] for event in await caller.read(f"{project}/history")}
        assert ("DecisionRecorded" in types) == reads
