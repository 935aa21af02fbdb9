"""Whose decision it is (N3): over HTTP nobody corrects what another entered, and is told whose it is."""

from typing import Any

from tests.api.bodies import PROGRAMME, payment, purchase_contract, selection
from tests.api.client import Caller, Town, check_problem

PURCHASES = f"/v1/programmes/{PROGRAMME}/purchases"


def restate(target: int, **changes: Any) -> dict[str, Any]:
    return {"kind": "restate", "target": target, "changes": changes, "reason": "示例。"}


def void(target: int) -> dict[str, Any]:
    return {"kind": "void", "target": target, "reason": "示例。"}


async def version_of(town: Town, project: str, kind: str, nth: int = 0) -> int:
    events: list[dict[str, Any]] = await town.auditor.read(f"{project}/history")
    versions: list[int] = [event["version"] for event in events if event["type"] == kind]
    return versions[nth]


async def refused(caller: Caller, project: str, *bodies: dict[str, Any], author: str, reader: str) -> None:
    for body in bodies:
        answer = await caller.post(f"{project}/corrections", body)
        check_problem(answer, 403, "not_the_author")
        details = answer.json()["details"]
        assert (details["author_en"], details["reader_en"]) == (author, reader)


async def test_a_review_is_its_members_alone(town: Town) -> None:
    project = await town.reviewed()
    first = await version_of(town, project, "Reviewed")
    lower = restate(first, feasibility={"score": 1, "reason": "示例。"})
    member = "the member of the committee"
    await refused(town.office, project, lower, void(first), author=member, reader="the leading group's office")
    await refused(town.leaders, project, lower, void(first), author=member, reader="the leading group")
    # Who may not read it does not learn whose it is.
    for caller in (town.members[1], town.local, town.district):
        check_problem(await caller.post(f"{project}/corrections", lower), 404, "correction_target_unknown")
    await town.members[0].done(f"{project}/corrections", lower)


async def test_a_jurors_score_is_the_jurors_also_after_selection(town: Town) -> None:
    project = await town.entered()
    await town.leaders.done(PURCHASES, selection(project))
    first = await version_of(town, project, "Scored")
    lower = restate(first, score=1)
    await refused(town.office, project, lower, void(first), author="the juror", reader="the leading group's office")
    await refused(town.leaders, project, lower, void(first), author="the juror", reader="the leading group")
    check_problem(await town.jurors[1].post(f"{project}/corrections", lower), 404, "correction_target_unknown")


async def test_an_approved_amount_is_the_leading_groups(town: Town) -> None:
    project = await town.approved()
    approved = await version_of(town, project, "Approved")
    less = restate(approved, amount={"amount": "1.00", "currency": "CNY"})
    group = "the leading group"
    await refused(town.office, project, less, void(approved), author=group, reader="the leading group's office")
    await refused(town.district, project, less, void(approved), author=group, reader="the district 110105")
    await refused(town.local, project, less, void(approved), author=group, reader="the organisation")
    await town.leaders.done(f"{project}/corrections", restate(approved, reason="示例：改。"))


async def test_a_report_is_the_organisations(town: Town) -> None:
    project = await town.completed()
    report = await version_of(town, project, "MilestoneReported")
    earlier = restate(report, due_on="2010-01-01")
    author = "the organisation"
    await refused(town.district, project, earlier, void(report), author=author, reader="the district 110105")
    await refused(town.office, project, earlier, void(report), author=author, reader="the leading group's office")
    await town.local.done(f"{project}/corrections", restate(report, work_done="示例：改。"))
    # Not even its author moves the day that was copied from the contract: the credit record would say "late".
    check_problem(await town.local.post(f"{project}/corrections", earlier), 409, "correction_not_possible")
    check_problem(
        await town.local.post(f"{project}/corrections", restate(report) | {"effective_on": "2010-03-01"}),
        403,
        "other_day_not_allowed",
    )


async def test_an_official_corrects_what_it_entered_for_others(town: Town) -> None:
    project = await town.published()
    body = {"findings": "示例。", "improved": None}
    entered = (await town.district.done(f"{project}/self-checks", body))["version"]
    better = restate(entered, findings="示例：改。")
    await refused(town.local, project, better, author="the district 110105", reader="the organisation")
    await refused(town.office, project, better, author="the district 110105", reader="the leading group's office")
    await town.district.done(f"{project}/corrections", better)


async def test_payments_are_the_treasurys(town: Town) -> None:
    project = await town.entered()
    await town.leaders.done(PURCHASES, selection(project))
    await town.leaders.done(f"{project}/purchase-contract", purchase_contract())
    paid = (await town.treasury.done(f"{project}/disbursements", payment("10000.00", "示例凭证1")))["version"]
    for caller, reader in ((town.office, "the leading group's office"), (town.leaders, "the leading group")):
        await refused(caller, project, void(paid), author="the treasury", reader=reader)
    await town.treasury.done(f"{project}/corrections", void(paid))


async def test_organisations_and_programmes_are_their_authors(town: Town) -> None:
    path = f"/v1/organisations/{town.local_id}"
    graded = {"grade": 4, "valid_from": "2010-02-01", "authority": "示例民政局", "document_number": "示例1号"}
    version = (await town.office.done(f"{path}/grades", graded))["version"]
    for caller, reader in ((town.district, "the district 110105"), (town.local, "the organisation")):
        await refused(caller, path, void(version), author="the leading group's office", reader=reader)
    await town.office.done(f"{path}/corrections", void(version))
    programme = f"/v1/programmes/{PROGRAMME}"
    extension = {"phase": "application", "last_day": "2010-03-15", "reason": "示例。"}
    version = (await town.office.done(f"{programme}/phase-extensions", extension))["version"]
    await refused(
        town.leaders, programme, void(version), author="the leading group's office", reader="the leading group"
    )
    await town.office.done(f"{programme}/corrections", void(version))


async def test_the_refusal_is_in_words_in_both_languages(town: Town) -> None:
    project = await town.approved()
    approved = await version_of(town, project, "Approved")
    said = await town.office.post(f"{project}/corrections", void(approved), {"Accept-Language": "zh"})
    assert said.json()["title"] == "此事实由领导小组作出，只能由其更正；您的身份是领导小组办公室。"
    said = await town.office.post(f"{project}/corrections", void(approved))
    assert said.json()["title"] == (
        "It was entered by the leading group, who alone corrects it; you act as the leading group's office."
    )
