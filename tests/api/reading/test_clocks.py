"""The two clocks over HTTP: entered late, put right later, and asked for as it was known (D7)."""

from typing import Any

import httpx2
import pytest
from tests.api.bodies import application, form, report, review
from tests.api.client import Caller, Town

LATE = {"effective_on": "2010-01-28", "reason": "纸质申报表1月28日收到，今日补录。"}


def code_of(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_late_entry_needs_paper_day_and_reason(old_town: Town) -> None:
    receipt = await old_town.district.done("/v1/projects", application(old_town.local_id) | {"late_entry": LATE})
    project = f"/v1/projects/{receipt['id']}"
    (event,) = await old_town.local.read(f"{project}/history")
    assert (event["effective_on"], event["late_reason"]) == ("2010-01-28", LATE["reason"])
    assert event["recorded_at"] == receipt["recorded_at"] > event["received_at"][:10] == "2010-02-01"
    assert (event["role"], event["body"]) == ("district", "110105")
    assert (await old_town.local.read(f"{project}/state", effective_on="2010-01-27"))["status"] == "unknown"
    assert (await old_town.local.read(f"{project}/state", effective_on="2010-01-28"))["status"] == "applied"


@pytest.mark.parametrize(
    ("who", "late", "refused"),
    [
        ("local", LATE, (403, "other_day_not_allowed")),
        ("district", LATE | {"effective_on": "2010-02-02"}, (422, "effective_in_future")),
        ("district", {"effective_on": "2010-01-28"}, (422, "invalid_request")),
        ("district", LATE | {"reason": " "}, (422, "invalid_request")),
    ],
)
async def test_backdating_is_for_officials_with_a_reason(
    old_town: Town, who: str, late: dict[str, str], refused: tuple[int, str]
) -> None:
    before = await old_town.size()
    caller: Caller = getattr(old_town, who)
    answer = await caller.post("/v1/projects", application(old_town.local_id) | {"late_entry": late})
    assert code_of(answer) == refused
    assert await old_town.size() == before


async def test_an_earlier_day_does_not_reopen_a_phase(old_town: Town) -> None:
    old_town.clock.to(3, 2)
    answer = await old_town.district.post("/v1/projects", application(old_town.local_id) | {"late_entry": LATE})
    assert code_of(answer) == (409, "phase_closed")


async def test_voiding_a_void_restores_the_report(old_town: Town) -> None:
    project = await old_town.published()
    old_town.clock.to(3, 15)
    reported = await old_town.local.done(f"{project}/milestones", report("start"))
    first = await correct(old_town, project, "void", reported["version"])
    assert await reports(old_town, project) == []
    second = await correct(old_town, project, "void", first["version"])
    assert await reports(old_town, project) == ["start"]
    assert await reports(old_town, project, known_at=first["position"]) == []
    assert await reports(old_town, project, known_at=reported["position"]) == ["start"]
    again = await old_town.local.post(
        f"{project}/corrections", {"kind": "void", "target": first["version"], "reason": "再次。"}
    )
    assert code_of(again) == (409, "correction_not_possible")
    assert second["version"] == first["version"] + 1 == reported["version"] + 2


async def test_a_restated_report_moves_in_time(old_town: Town) -> None:
    project = await old_town.published()
    old_town.clock.to(3, 15)
    reported = await old_town.district.done(f"{project}/milestones", report("start"))
    changes = {"people_served": 70}
    restated = await correct(
        old_town, project, "restate", reported["version"], changes=changes, effective_on="2010-03-10"
    )
    state = f"{project}/state"
    now = await old_town.public.read(state)
    [standing] = now["state"]["reports"]
    assert (standing["fact"]["people_served"], standing["on"]) == (70, "2010-03-10")
    before = await old_town.public.read(state, known_at=reported["position"])
    assert (before["state"]["reports"][0]["fact"]["people_served"], before["state"]["reports"][0]["on"]) == (
        90,
        "2010-03-15",
    )
    assert (await old_town.public.read(state, effective_on="2010-03-09"))["state"]["reports"] == []
    assert (await old_town.public.read(f"{project}/history"))[-1]["payload"]["fact"]["people_served"] == 70
    await correct(old_town, project, "void", restated["version"])
    assert (await old_town.public.read(state))["state"]["reports"][0]["fact"]["people_served"] == 90


async def test_only_the_author_corrects(old_town: Town) -> None:
    project = await old_town.published()
    void = {"kind": "void", "target": 7, "reason": "误录。"}
    restate = {"kind": "restate", "target": 1, "reason": "误录。"}
    other = {"organisation": str(old_town.city_id)}
    tries: list[tuple[Caller, dict[str, Any], tuple[int, str]]] = [
        (old_town.auditor, void, (403, "role_may_not")),
        (old_town.elsewhere, void, (403, "not_the_author")),
        # What the leading group decided is not the district's to set aside, nor the office's.
        (old_town.district, void, (403, "not_the_author")),
        (old_town.office, void, (403, "not_the_author")),
        (old_town.local, void | {"target": 99}, (404, "correction_target_unknown")),
        (old_town.local, void | {"target": 1}, (409, "correction_not_possible")),
        (old_town.local, restate | {"changes": other}, (409, "correction_not_possible")),
        (old_town.local, restate | {"changes": {"no_field": 1}}, (409, "correction_not_possible")),
        (old_town.local, restate | {"changes": {"form": form(category="sport")}}, (422, "choice_unknown")),
        (old_town.district, restate | {"target": 8, "effective_on": "2010-02-02"}, (422, "effective_in_future")),
    ]
    before = await old_town.size()
    for caller, body, refused in tries:
        assert code_of(await caller.post(f"{project}/corrections", body)) == refused, body
    assert await old_town.size() == before


async def test_a_known_day_ends_at_midnight_in_shanghai(old_town: Town) -> None:
    project = await old_town.applied(old_town.city)
    old_town.clock.to(2, 3, 15)
    old_town.clock.forward(minutes=59, seconds=59)
    last = await old_town.members[0].done(f"{project}/reviews", review())
    old_town.clock.forward(seconds=1)
    first = await old_town.members[1].done(f"{project}/reviews", review())
    assert last["recorded_at"] == "2010-02-03T15:59:59.000000Z"
    assert first["recorded_at"] == "2010-02-03T16:00:00.000000Z"
    for known_at, seen in [
        ("2010-02-03", 1),
        ("2010-02-04", 2),
        (str(last["position"]), 1),
        (str(first["position"]), 2),
        ("2010-02-03T15:59:59Z", 1),
        ("2010-02-03T23:59:59.999999+08:00", 1),
        ("2010-02-04T00:00+08:00", 2),
        ("2010-02-03T15:59:58.999999Z", 0),
    ]:
        answer = await old_town.office.read(f"{project}/state", known_at=known_at)
        assert len(answer["state"]["reviews"]) == seen, known_at
        assert answer["version"] == seen + 1
        assert answer["basis"]["known"] == last["position"] - 1 + seen
        assert answer["basis"]["size"] == answer["basis"]["known"] + 1
        assert len(await old_town.office.read(f"{project}/history", known_at=known_at)) == seen + 1


async def test_the_same_basis_gives_the_same_bytes(old_town: Town) -> None:
    project = await old_town.published()
    head = await old_town.size() - 1
    old_town.clock.to(3, 15)
    bases: list[dict[str, Any]] = [
        {"known_at": "2010-02-01"},
        {"known_at": head, "effective_on": "2010-01-31"},
        {"known_at": head},
        {"known_at": head - 2, "effective_on": "2010-06-30"},
    ]
    readers = (old_town.public, old_town.local, old_town.office)
    questions = [(who, path, basis) for who in readers for path in ("state", "history") for basis in bases]
    questions = [one for one in questions if one[1] == "state" or set(one[2]) == {"known_at"}]
    first = [(await who.get(f"{project}/{path}", **basis)).content for who, path, basis in questions]
    await old_town.local.done(f"{project}/milestones", report("start"))
    await correct(old_town, project, "void", 5)
    await correct(old_town, project, "restate", 1, changes={"form": form(title="示例：改名")})
    again = [(await who.get(f"{project}/{path}", **basis)).content for who, path, basis in questions]
    assert again == first
    assert len(set(first)) > len(bases)


async def test_a_restatement_keeps_what_it_leaves_out(town: Town) -> None:
    project = await town.applied()
    said = form(title="示例：改名")
    del said["place"], said["schedule"]
    await correct(town, project, "restate", 1, changes={"form": said})
    now = (await town.local.read(f"{project}/state"))["state"]["form"]
    assert (now["title"], now["place"]) == ("示例：改名", form()["place"])
    assert now["schedule"] == form()["schedule"]


async def correct(town: Town, project: str, kind: str, target: int, **more: Any) -> dict[str, Any]:
    body = {"kind": kind, "target": target, "reason": "误录，予以更正。"} | more
    return await town.corrected(project, body)


async def reports(town: Town, project: str, **basis: Any) -> list[str]:
    answer = await town.public.read(f"{project}/state", **basis)
    return [found["fact"]["milestone"] for found in answer["state"]["reports"]]


async def test_outsiders_do_not_learn_hidden_instants(town: Town) -> None:
    receipt = await town.local.done("/v1/projects", application(town.local_id))
    instant = receipt["recorded_at"]

    async def known(caller: Caller) -> int:
        answer = await caller.read("/v1/audit/money", known_at=instant)
        return int(answer["basis"]["known"])

    assert await known(town.office) == receipt["position"]
    assert await known(town.public) < receipt["position"]
    project = await town.published()
    public = (await town.public.read(f"{project}/history"))[-1]
    instant = public["recorded_at"]
    assert await known(town.public) == public["position"]
