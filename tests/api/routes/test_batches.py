"""Decisions across projects over HTTP: all or none under one document, and all that stands in the way."""

from typing import Any
from uuid import UUID

from tests.api.bodies import PROGRAMME, approval, contract, rejection, report, selection
from tests.api.bodies import person as individual
from tests.api.client import Caller, Town, check_problem

STEPS = f"/v1/programmes/{PROGRAMME}"
NUMBER = "京民服发〔2010〕5号"


def of(project: str, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"project": project.rsplit("/", 1)[1]}


async def last(town: Town, project: str) -> dict[str, Any]:
    events: list[dict[str, Any]] = await town.auditor.read(f"{project}/history")
    return events[-1]


async def obstacles(caller: Caller, path: str, body: Any) -> dict[str, str]:
    answer = await caller.post(path, body)
    check_problem(answer, 409, "batch_refused")
    return {one["place"]: one["code"] for one in answer.json()["errors"]}


async def test_approvals_go_together_under_one_number(town: Town) -> None:
    first, second, applied = await town.reviewed(), await town.reviewed(), await town.handed_in()
    parts = [of(one, approval()) for one in (first, second, applied)]
    size = await town.size()
    found = await obstacles(town.leaders, f"{STEPS}/approvals", {"approvals": parts, "document_number": "随便1号"})
    assert found == {"document_number": "document_number_form", applied.rsplit("/", 1)[1]: "reviews_missing"}
    assert await town.size() == size
    await town.leaders.done(f"{STEPS}/approvals", {"approvals": parts[:2], "document_number": NUMBER})
    for project in (first, second):
        event = await last(town, project)
        assert (event["type"], event["payload"]["document_number"]) == ("Approved", NUMBER)
    third = await town.reviewed()
    alone = {"approvals": [of(third, approval())], "document_number": "京民服发(2010)5号"}
    assert await obstacles(town.leaders, f"{STEPS}/approvals", alone) == {"document_number": "document_number_taken"}
    check_problem(await town.office.post(f"{STEPS}/approvals", alone), 403, "role_may_not")


async def test_obstacles_are_told_in_both_languages(town: Town) -> None:
    applied = await town.handed_in()
    body = {"approvals": [of(applied, approval())], "document_number": "随便1号"}
    for language, words in (("en", "reviews are needed"), ("zh", "评审意见")):
        answer = await town.leaders.post(f"{STEPS}/approvals", body, {"Accept-Language": language})
        assert words in str(answer.json()["errors"])


async def test_rejections_and_their_notice_go_together(town: Town) -> None:
    projects = [await town.reviewed() for _ in range(2)]
    parts = [of(one, rejection()) for one in projects]
    await town.leaders.done(f"{STEPS}/rejections", {"rejections": parts})
    versions = [(await last(town, one))["version"] for one in projects]
    assert {(await last(town, one))["payload"]["document_number"] for one in projects} == {"京民服发〔2010〕内1号"}
    notices = [
        of(one, {"target": version, "served_on": "2010-02-01", "means": "邮寄送达"})
        for one, version in zip(projects, versions, strict=True)
    ]
    twice = {"notifications": [*notices, notices[0]]}
    key = projects[0].rsplit("/", 1)[1]
    assert await obstacles(town.office, f"{STEPS}/notifications", twice) == {key: "written_twice"}
    await town.office.done(f"{STEPS}/notifications", {"notifications": notices})
    assert (await last(town, projects[1]))["type"] == "DecisionServed"
    documents = (await town.office.read(f"{STEPS}/documents"))["documents"]
    assert {one["document_number"]: len(one["projects"]) for one in documents} == {
        "京民服发〔2010〕内1号": 2,
        "京民服办发〔2010〕内1号": 2,
    }


async def test_contracts_keep_their_own_numbers(town: Town) -> None:
    first, second, reviewed = await town.approved(), await town.approved(), await town.reviewed()
    parts = [of(one, contract(signed_on=town.today)) for one in (first, second, reviewed)]
    keys = [one.rsplit("/", 1)[1] for one in (first, second, reviewed)]
    found = await obstacles(town.district, f"{STEPS}/contracts", {"contracts": parts})
    assert found == dict.fromkeys(keys, "contract_number_twice")
    numbered = [part | {"number": f"示例合〔2010〕{nth}号"} for nth, part in enumerate(parts)]
    assert await obstacles(town.district, f"{STEPS}/contracts", {"contracts": numbered}) == {
        keys[2]: "step_out_of_order"
    }
    await town.district.done(f"{STEPS}/contracts", {"contracts": numbered[:2]})
    assert [(await last(town, one))["payload"]["number"] for one in (first, second)] == [
        "示例合〔2010〕0号",
        "示例合〔2010〕1号",
    ]


async def test_reports_are_accepted_together_without_a_number(town: Town) -> None:
    projects = [await town.published(), await town.published()]
    town.clock.to(3, 15)
    versions = [(await town.local.done(f"{one}/milestones", report("start")))["version"] for one in projects]
    parts = [of(one, {"report": version}) for one, version in zip(projects, versions, strict=True)]
    wrong = [parts[0], parts[1] | {"report": 1}]
    assert await obstacles(town.district, f"{STEPS}/acceptances", {"acceptances": wrong}) == {
        projects[1].rsplit("/", 1)[1]: "report_unknown"
    }
    await town.district.done(f"{STEPS}/acceptances", {"acceptances": parts})
    assert [(await last(town, one))["type"] for one in projects] == ["MilestoneAccepted"] * 2
    check_problem(await town.district.post(f"{STEPS}/acceptances", {"acceptances": []}), 422)


async def test_honours_are_granted_together(town: Town) -> None:
    project = await town.evaluated()
    await town.proposed(project, "advanced-organisation", town.leaders)
    nominee = await town.proposed(project, "advanced-individual", town.leaders, person=individual("示例甲"))
    town.clock.to(12, 25)
    one = of(project, {"honour": "advanced-organisation", "deed": "服务周到。"})
    person = of(project, {"honour": "advanced-individual", "deed": "服务周到。"} | nominee)
    unproposed = person | {"nominee": str(UUID(int=1))}
    found = await obstacles(town.leaders, f"{STEPS}/awards", {"awards": [one, one, person, unproposed]})
    key = project.rsplit("/", 1)[1]
    assert found == {f"awards.1 {key}": "already_honoured", f"awards.3 {key}": "proposal_missing"}
    await town.leaders.done(f"{STEPS}/awards", {"awards": [one, person], "document_number": NUMBER})
    events = (await town.auditor.read(f"{project}/history"))[-2:]
    assert [event["type"] for event in events] == ["Awarded"] * 2
    assert {event["payload"]["document_number"] for event in events} == {NUMBER}
    check_problem(await town.leaders.post(f"{STEPS}/awards", {"awards": [one | {"honour": "?"}]}), 422)


async def test_what_is_over_is_not_purchased(town: Town) -> None:
    completed, suspended, ended = [await town.entered() for _ in range(3)]
    town.clock.to(3, 15)
    for milestone in ("start", "early", "middle", "late", "completion"):
        await town.local.done(f"{completed}/milestones", report(milestone))
    await town.district.done(f"{suspended}/suspension", {"reason": "示例。"})
    await town.district.done(f"{ended}/termination", {"reason": "示例。", "document_number": "示例1号"})
    found = await obstacles(town.leaders, f"{STEPS}/purchases", selection(completed, suspended, ended))
    assert found == {one.rsplit("/", 1)[1]: "step_out_of_order" for one in (completed, suspended, ended)}
