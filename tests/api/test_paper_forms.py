"""Paper forms: an official enters what came on paper, and its day of receipt counts (N6)."""

from typing import Any

import pytest
from tests.api.bodies import SELF, application, contract, form, report
from tests.api.client import Caller, Town, check_problem

# The call ended on 1 March; reports and evaluations go on until December.
LAST_DAY, TOO_LATE = "2010-03-01", "2010-03-02"
AMENDMENT = {"form": form(title="示例：改"), "reason": "补充。"}


async def on_paper(official: Caller, received_on: str = LAST_DAY) -> dict[str, Any]:
    entry = {"effective_on": received_on, "reason": "纸质申报表，系统外收件。", "scan": await official.uploaded()}
    return {"late_entry": entry}


async def test_a_timely_paper_form_passes_after_the_phase(town: Town) -> None:
    town.clock.to(3, 5)
    body = application(town.local_id)
    check_problem(await town.district.post("/v1/projects", body), 409, "phase_closed")
    paper = await on_paper(town.district)
    receipt = await town.district.done("/v1/projects", body | paper)
    assert receipt["version"] == 2
    applied, received = await town.local.read(f"/v1/projects/{receipt['id']}/history")
    assert (applied["type"], applied["effective_on"], received["type"]) == ("Applied", LAST_DAY, "PaperReceived")
    assert received["payload"] == {
        "type": "PaperReceived",
        "version": 1,
        "received_on": LAST_DAY,
        "scan": paper["late_entry"]["scan"],
        "reason": paper["late_entry"]["reason"],
    }
    assert received["position"] == applied["position"] + 1


async def test_a_late_entry_without_scan_is_late(town: Town) -> None:
    town.clock.to(3, 5)
    entry = {"late_entry": {"effective_on": LAST_DAY, "reason": "补录。"}}
    check_problem(await town.district.post("/v1/projects", application(town.local_id) | entry), 409, "phase_closed")


@pytest.mark.parametrize(
    ("who", "received_on", "refusal"),
    [
        ("district", TOO_LATE, (409, "phase_closed")),
        ("district", "2010-03-06", (422, "effective_in_future")),
        ("local", LAST_DAY, (403, "other_day_not_allowed")),
        ("elsewhere", LAST_DAY, (403, "out_of_scope")),
    ],
)
async def test_a_paper_form_is_refused(town: Town, who: str, received_on: str, refusal: tuple[int, str]) -> None:
    town.clock.to(3, 5)
    official: Caller = getattr(town, who)
    size = await town.size()
    body = application(town.local_id) | await on_paper(official, received_on)
    check_problem(await official.post("/v1/projects", body), *refusal)
    assert await town.size() == size


async def test_the_scan_must_have_been_uploaded(town: Town) -> None:
    paper = await on_paper(town.district)
    paper["late_entry"]["scan"]["sha256"] = "0" * 64
    paper["late_entry"]["effective_on"] = "2010-02-01"
    answer = await town.district.post("/v1/projects", application(town.local_id) | paper)
    check_problem(answer, 422, "attachment_not_uploaded")


async def test_all_forms_of_organisations_come_on_paper(town: Town) -> None:
    amended, withdrawn = await town.applied(), await town.applied(title="示例：退出")
    running = await town.published(title="示例：在办")
    town.clock.to(3, 20)
    steps: list[tuple[str, dict[str, Any], str]] = [
        (f"{amended}/amendment", AMENDMENT, "Amended"),
        (f"{withdrawn}/withdrawal", {"reason": "不再需要。"}, "Withdrawn"),
        (f"{running}/milestones", report("start"), "MilestoneReported"),
        (f"{running}/evaluations", SELF, "Evaluated"),
    ]
    for path, body, carried in steps:
        receipt = await town.office.done(path, body | await on_paper(town.office))
        history = await town.office.read(path.rsplit("/", 1)[0] + "/history")
        fact, paper = history[-2:]
        assert (fact["type"], fact["effective_on"], paper["type"]) == (carried, LAST_DAY, "PaperReceived")
        assert paper["payload"]["version"] == fact["version"] == receipt["version"] - 1
    check_problem(await town.office.post(f"{amended}/amendment", AMENDMENT), 409, "phase_closed")


async def test_other_commands_take_no_scan(town: Town) -> None:
    project = await town.approved()
    body = contract() | await on_paper(town.district, "2010-02-01")
    check_problem(await town.district.post(f"{project}/contract", body), 422, "invalid_request")


async def test_the_scan_is_for_participants_only(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 20)
    paper = await on_paper(town.district)
    await town.district.done(f"{project}/milestones", report("start") | paper)
    digest = paper["late_entry"]["scan"]["sha256"]

    async def status(caller: Caller) -> int:
        return (await caller.get(f"/v1/attachments/{digest}", project=project.rsplit("/", 1)[1])).status_code

    assert {await status(caller) for caller in (town.local, town.district, town.auditor)} == {200}
    assert {await status(caller) for caller in (town.public, town.neighbour)} == {404}
    told = await town.public.read(f"{project}/history")
    assert "PaperReceived" not in {event["type"] for event in told}
    disclosed = {"subject": "示例", "files": [paper["late_entry"]["scan"]]}
    check_problem(await town.local.post(f"{project}/disclosures", disclosed), 409, "attachment_not_cited")
