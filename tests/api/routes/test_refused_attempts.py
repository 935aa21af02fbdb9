"""Who was refused what is there for auditors, and tells nobody anything else."""

from datetime import timedelta

import pytest
from tests.api.bodies import ANY_ID, approval
from tests.api.client import Caller, Town, check_problem
from tests.api.sign_in.browser import opened, with_login

from ledger import refused_attempts

PATH = "/v1/audit/refusals"


async def test_acts_beyond_ones_rights_are_noted(town: Town) -> None:
    project = await town.applied()
    for _ in range(3):
        check_problem(await town.local.post(f"{project}/approval", approval()), 403, "role_may_not")
    check_problem(await town.public.post(f"{project}/approval", approval()), 401, "sign_in_needed")
    check_problem(await Caller(town.public.http, "msl_no_such_token").get("/v1/worklist"), 401, "sign_in_needed")
    found = (await town.auditor.read(PATH))["attempts"]
    assert [(one["attempt"], one["code"], one["role"], one["times"]) for one in found] == [
        ("GET /v1/worklist", "sign_in_needed", "public", 1),
        ("POST /v1/projects/{project_id}/approval", "sign_in_needed", "public", 1),
        ("POST /v1/projects/{project_id}/approval", "role_may_not", "organisation", 3),
    ]
    assert [one["person"] is None for one in found] == [True, True, False]
    assert found[2]["body"] == str(town.local_id)
    assert len({one["origin"] for one in found}) == 1
    person = found[2]["person"]
    assert (await town.auditor.read(PATH, person=person))["attempts"] == [found[2]]
    assert (await town.auditor.read(PATH, code="sign_in_needed"))["attempts"] == found[:2]


async def test_what_is_only_wrong_is_not_noted(town: Town) -> None:
    project = await town.applied()
    check_problem(await town.leaders.post(f"{project}/approval", approval()), 409)
    check_problem(await town.leaders.post(f"/v1/projects/{ANY_ID}/approval", approval()), 404)
    assert (await town.auditor.read(PATH))["attempts"] == []


async def test_failed_sign_ins_are_noted_without_names(town: Town) -> None:
    async with opened(town) as browser, opened(town) as other:
        await with_login(town, browser)
        for name in ("示例甲", "示例乙"):
            await other.sign_in(name, "不是这一句，是另外一句")
        await other.send("/sign-in", {"name": "示例甲", "password": "x"}, {"Origin": "https://evil.example"})
    answer = await town.auditor.get(PATH)
    assert "示例" not in answer.text
    found = answer.json()["attempts"]
    assert [(one["attempt"], one["code"], one["times"]) for one in found] == [
        ("POST /sign-in", "form_foreign", 1),
        ("POST /sign-in", "sign_in_failed", 2),
    ]


async def test_auditors_and_administrators_read_it(town: Town) -> None:
    administrator = await town.account("administrator")
    for caller in (town.auditor, administrator):
        assert (await caller.get(PATH)).status_code == 200
    for caller in (town.office, town.leaders, town.local, town.district):
        check_problem(await caller.get(PATH), 403, "role_may_not")
    check_problem(await town.public.get(PATH), 401)


async def test_pages_go_back_in_time(town: Town) -> None:
    for hour in range(5):
        town.clock.now += timedelta(hours=1)
        for _ in range(hour + 1):
            await town.public.get("/v1/worklist")
    times: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = await town.auditor.read(PATH, limit=2, **cursor)
        times += [one["times"] for one in page["attempts"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert times == [5, 4, 3, 2, 1]
    check_problem(await town.auditor.get(PATH, cursor=cursor["cursor"], code="x"), 422, "cursor_invalid")


async def test_rows_are_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused_attempts, "MOST_ROWS", 4)
    monkeypatch.setattr(refused_attempts, "PRUNED_EACH", 1)
    for _ in range(7):
        town.clock.now += timedelta(hours=1)
        await town.public.get("/v1/worklist")
    assert len((await town.auditor.read(PATH))["attempts"]) == 4
    town.clock.now += refused_attempts.KEPT
    await town.public.get("/v1/worklist")
    assert len((await town.auditor.read(PATH))["attempts"]) == 1
