"""A text that has to go is read by nobody any more, whatever is asked, and everybody is told that it went."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.api.bodies import application, form, screening
from tests.api.client import Caller, Town, check_problem

from ledger.database import Database, Role
from ledger.redaction import MARK
from ledger.store.redactions import erase

NAME = "示例张某"
CONTENT = f"为{NAME}等老人送午餐。"


def redaction(target: int, texts: dict[str, list[str]], **more: Any) -> dict[str, Any]:
    return {"target": target, "texts": texts, "reason": "误录了姓名。", "authority": "示例规定第3条"} | more


async def redacted(town: Town, project: str, target: int, path: str, *passages: str) -> dict[str, Any]:
    return await town.office.done(f"{project}/redactions", redaction(target, {path: list(passages)}))


async def test_redacted_text_is_gone_at_every_date(town: Town) -> None:
    project = await town.published(title=f"探访{NAME}", content=CONTENT)
    known = await town.followed()
    before = {
        position: await town.public.read(f"{project}/state", known_at=position)
        for position in range(known + 1)
        if (await town.public.get(f"{project}/state", known_at=position)).status_code == 200
    }
    leaf = await town.service.store.leaf_hash(next(iter(before)))
    assert (await town.public.read("/v1/projects", q=NAME))["total"] == 1
    await redacted(town, project, 1, "form.title", NAME)
    receipt = await redacted(town, project, 1, "form.content", NAME)
    await town.followed()
    for caller in (town.public, town.local, town.office, town.auditor):
        for known_at in (None, known):
            query: dict[str, Any] = {} if known_at is None else {"known_at": known_at}
            history = await caller.read(f"{project}/history", **query)
            state = await caller.read(f"{project}/state", **query)
            assert NAME not in str(history) + str(state)
            first = history[0]
            assert first["payload"]["form"]["content"] == CONTENT.replace(NAME, MARK)
            assert first["redacted"] == {
                "by": receipt["position"],
                "reason": "误录了姓名。",
                "authority": "示例规定第3条",
            }
            assert state["basis"]["redacted"] == [{"position": first["position"], "by": receipt["position"]}]
            assert (await caller.read("/v1/projects", q=NAME, **query))["total"] == 0
            assert NAME not in str(await caller.read("/v1/projects", **query))
            assert NAME not in (await caller.get(project.removeprefix("/v1"), **query)).text
    for position, old in before.items():
        new = await town.public.read(f"{project}/state", known_at=position)
        assert new["basis"].pop("redacted") != old["basis"].pop("redacted")
        old["state"]["applied"]["form"] |= {"title": f"探访{MARK}", "content": CONTENT.replace(NAME, MARK)}
        old["state"]["form"] |= {"title": f"探访{MARK}", "content": CONTENT.replace(NAME, MARK)}
        assert new == old
    assert await town.service.store.leaf_hash(next(iter(before))) == leaf


async def test_the_page_states_the_redaction(town: Town) -> None:
    project = await town.published(content=CONTENT)
    await redacted(town, project, 1, "form.content", NAME)
    page = (await town.public.get(project.removeprefix("/v1"), lang="en")).text
    assert "Words were taken out (see position" in page
    assert "Took words out of the application (draft 1) (示例规定第3条): 误录了姓名。" in page


async def test_commands_work_on_redacted_text(town: Town) -> None:
    project = await town.applied(content=CONTENT)
    await town.district.done(f"{project}/screening", screening() | {"result": "returned", "amend_by": "2010-02-20"})
    receipt = await redacted(town, project, 1, "form.content", NAME)
    restated = await town.local.done(
        f"{project}/corrections", {"kind": "restate", "target": 1, "changes": {}, "reason": "更正。"}
    )
    assert restated["version"] == receipt["version"] + 1
    history = await town.local.read(f"{project}/history")
    assert NAME not in str(history)
    await town.local.done(f"{project}/amendment", {"form": form(), "reason": "按要求修改。"})


async def test_what_the_service_remembers_holds_it_no_more(town: Town) -> None:
    project = await town.published(content=CONTENT)
    ledger, stream = town.service.ledger, UUID(project.rpartition("/")[2])
    await town.district.done(f"{project}/self-checks", {"findings": "示例：台账齐全。"})
    assert NAME in str(ledger.cached(stream).events)  # type: ignore[union-attr]  # it was used
    await redacted(town, project, 1, "form.content", NAME)
    assert ledger.cached(stream) is None
    await town.district.done(f"{project}/self-checks", {"findings": "示例：台账齐全。"})
    assert NAME not in str(ledger.cached(stream).events)  # type: ignore[union-attr]


async def test_only_the_office_redacts_and_only_texts(town: Town) -> None:
    project = await town.published(content=CONTENT)
    size = await town.size()
    body = redaction(1, {"form.content": [NAME]})
    for caller in (town.local, town.district, town.auditor, town.leaders, town.treasury):
        check_problem(await caller.post(f"{project}/redactions", body), 403, "role_may_not")
    check_problem(await town.public.post(f"{project}/redactions", body), 401, "sign_in_needed")
    for wrong, status, code in (
        (redaction(1, {"form.budget.0.money.amount": []}), 409, "redaction_not_possible"),
        (redaction(1, {"form.content": ["没有这句"]}), 409, "redaction_not_possible"),
        (redaction(99, {"form.content": []}), 404, "correction_target_unknown"),
        (redaction(1, {}), 422, "invalid_request"),
        (redaction(1, {"form.content": [""]}), 422, "invalid_request"),
        (
            redaction(1, {"form.content": []}, late_entry={"effective_on": "2010-01-01", "reason": "补。"}),
            422,
            "invalid_request",
        ),
    ):
        check_problem(await town.office.post(f"{project}/redactions", wrong), status, code)
    stale = await town.office.post(f"{project}/redactions", body, {"If-Match": '"1"'})
    check_problem(stale, 412, "version_stale")
    assert await town.size() == size


async def test_what_was_redacted_is_not_voided_back(town: Town) -> None:
    project = await town.published(content=CONTENT)
    receipt = await redacted(town, project, 1, "form.content", NAME)
    void = {"kind": "void", "target": receipt["version"], "reason": "恢复。"}
    check_problem(await town.office.post(f"{project}/corrections", void), 409, "correction_not_possible")


async def test_a_redaction_is_read_by_who_reads_its_target(town: Town) -> None:
    project = await town.published()
    history = await town.office.read(f"{project}/history")
    review = next(event["version"] for event in history if event["type"] == "Reviewed")
    await redacted(town, project, review, "public_benefit.reason")
    assert "Redacted" not in str(await town.public.read(f"{project}/history"))
    assert "Redacted" not in str(await town.local.read(f"{project}/history"))
    assert (await town.auditor.read(f"{project}/history"))[-1]["type"] == "Redacted"
    assert (await town.public.read(f"{project}/state"))["basis"]["redacted"] == []


async def test_a_redacted_contact_opens_as_its_target(town: Town) -> None:
    contact = {"name": "示例联系人", "telephone": "010-00000000"}
    body = application(town.local_id, content=CONTENT) | {"contact": contact}
    project = f"/v1/projects/{(await town.local.done('/v1/projects', body))['id']}"
    await redacted(town, project, 1, "form.content", NAME)
    for caller in (town.local, town.district, town.office, town.auditor, town.members[0]):
        first, last = await caller.read(f"{project}/history")
        assert last["type"] == "Redacted"
        assert first["opened"] == last["opened"]


async def test_reports_by_the_public_and_organisations_are_redacted_too(town: Town) -> None:
    project = await town.published()
    report = await town.public.done(f"{project}/public-reports", {"text": f"{NAME}没有收到午餐。"})
    body = redaction(0, {"text": [NAME]}) | {"position": report["position"]}
    del body["target"]
    await town.office.done("/v1/redactions", body)
    organisation = f"/v1/organisations/{town.local_id}"
    await town.office.done(f"{organisation}/redactions", redaction(1, {"name": []}))
    await town.followed()
    [one] = (await town.district.read(f"{project}/public-reports"))["reports"]
    assert one["text"] == f"{MARK}没有收到午餐。"
    assert (await town.public.read(organisation))["name"] == MARK
    check_problem(await town.office.post("/v1/redactions", body | {"position": 10**6}), 404, "position_unknown")
    unknown = f"/v1/organisations/{UUID(int=1)}/redactions"
    check_problem(await town.office.post(unknown, redaction(1, {"name": []})), 404, "organisation_unknown")


async def test_auditors_see_redactions_and_erased_bytes(town: Town, database: Database) -> None:
    project = await town.published(content=CONTENT)
    receipt = await redacted(town, project, 1, "form.content", NAME)
    first = (await town.office.read(f"{project}/history"))[0]["position"]
    [listed] = await town.auditor.read("/v1/redactions")
    assert (listed["position"], listed["by"], listed["type"]) == (first, receipt["position"], "Applied")
    assert (listed["reason"], listed["erased"]) == ("误录了姓名。", False)
    history = await town.public.read(f"{project}/history")
    with psycopg.connect(database.conninfo(Role.OWNER), autocommit=True) as owner:
        assert erase(owner, first)
    assert (await town.auditor.read("/v1/redactions"))[0]["erased"] is True
    assert await town.public.read(f"{project}/history") == history
    check_problem(await town.public.get("/v1/redactions"), 401, "sign_in_needed")
    for caller in (town.local, town.district):
        check_problem(await caller.get("/v1/redactions"), 403, "role_may_not")


@pytest.mark.parametrize("who", ["district", "office", "local"])
async def test_officials_say_for_whom_they_act(old_town: Town, who: str) -> None:
    caller: Caller = getattr(old_town, who)
    receipt = await caller.done("/v1/projects", application(old_town.local_id))
    project = f"/v1/projects/{receipt['id']}"
    if who == "district":
        await old_town.district.done(f"{project}/screening", screening())
    await caller.done(f"{project}/withdrawal", {"reason": "人手不足。"})
    history = await old_town.local.read(f"{project}/history")
    for_whom = {event["type"]: event["on_behalf_of"] for event in history}
    expected = None if who == "local" else str(old_town.local_id)
    assert for_whom == {"Applied": expected, "Withdrawn": expected} | ({"Screened": None} if who == "district" else {})


async def test_the_page_says_for_whom_an_official_acted(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 15)
    await town.district.done(f"{project}/self-checks", {"findings": "示例：台账齐全。"})
    page = (await town.public.get(project.removeprefix("/v1"), lang="en")).text
    assert "on behalf of 示例朝阳助老服务中心" in page
