"""Sampling, feedback, evaluation, objections over HTTP: one project from its completion to a final evaluation."""

from typing import Any

import psycopg
import pytest
from tests.api.bodies import ENTRIES, PROGRAMME, SECRET, SOURCE, answer, evaluation, frame, online, report, sample
from tests.api.client import Town, check_problem

from ledger.database import Database, Role

SAMPLES = f"/v1/programmes/{PROGRAMME}/samples"
NOTICE = {"notice": "示例公示第1号"}


async def framed(town: Town) -> str:
    """Completed, with a frame of eighty of the ninety people served."""
    project = await town.completed()
    town.clock.to(12, 1)
    await town.local.done(f"{project}/sample-frame", frame())
    return project


async def drawn(town: Town) -> tuple[str, list[str]]:
    project = await framed(town)
    town.clock.to(12, 2)
    await town.office.done(SAMPLES, sample(project))
    return project, (await town.public.read(f"{project}/sample-frame"))["sample"]["drawn"]


async def evaluated(town: Town) -> str:
    project, entries = await drawn(town)
    for number, entry in enumerate(entries[:8]):
        await town.district.done(f"{project}/feedback", answer(entry, 2 if number == 0 else 5))
    await town.local.done(f"{project}/evaluations", evaluation("self"))
    await town.members[3].done(f"{project}/evaluations", evaluation("third_party"))
    await town.office.done(f"{project}/evaluations", evaluation("beneficiaries", no_identifiable=False))
    return project


async def shown(town: Town) -> tuple[str, tuple[int, ...]]:
    project = await evaluated(town)
    await town.office.done(f"{project}/evaluation-publication", NOTICE)
    last = (await town.public.read(f"{project}/history"))[-1]
    return project, tuple(last["payload"]["evaluations"])


async def test_a_frame_and_draw_are_public(town: Town) -> None:
    project = await framed(town)
    before = await town.public.read(f"{project}/sample-frame")
    assert (before["size"], before["people_served"], before["sample"]) == (80, 90, None)
    assert before["frame"]["entries"] == ENTRIES
    town.clock.to(12, 2)
    answered = await town.office.post(SAMPLES, sample(project))
    assert answered.headers["location"] == f"{project}/sample-frame"
    after = await town.public.read(f"{project}/sample-frame")
    assert set(after["sample"]["drawn"]) < set(ENTRIES) and len(after["sample"]["drawn"]) == 10
    assert await town.public.read(f"{project}/sample-frame", known_at=before["known"]) == before


async def test_a_missing_frame_is_told_from_a_hidden_project(town: Town) -> None:
    check_problem(await town.public.get(f"{await town.published()}/sample-frame"), 404, "frame_unknown")
    check_problem(await town.public.get(f"{await town.contracted()}/sample-frame"), 404, "project_unknown")


async def test_samples_are_drawn_together_or_not(town: Town) -> None:
    waiting, without = await town.published(), await town.published()
    town.clock.to(3, 15)
    await town.local.done(f"{waiting}/milestones", report("start"))
    await town.local.done(f"{waiting}/sample-frame", frame(announced_on="2010-12-09"))
    town.clock.to(2, 1)
    ready = await framed(town)
    town.clock.to(12, 2)
    size = await town.size()
    refused = await town.office.post(SAMPLES, sample(ready, waiting, without))
    check_problem(refused, 409, "batch_refused")
    reasons = {found["place"]: found["code"] for found in refused.json()["errors"]}
    assert reasons == {waiting[-36:]: "value_not_known_yet", without[-36:]: "frame_unknown"}
    assert await town.size() == size
    await town.office.done(SAMPLES, sample(ready))
    town.clock.to(12, 9)
    await town.office.done(SAMPLES, sample(waiting))
    repeated = await town.office.post(SAMPLES, sample(ready, value="another"))
    assert [found["code"] for found in repeated.json()["errors"]] == ["sample_already_drawn"]


async def test_a_frame_of_few_waits_for_the_office(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 15)
    await town.local.done(f"{project}/milestones", report("start", people_served=10))
    nine, path = frame(entries=ENTRIES[:9]), f"{project}/sample-frame"
    await town.local.done(path, nine)
    await town.local.done(f"{project}/milestones", report("early", people_served=520))
    refused = await town.local.post(path, nine)
    check_problem(refused, 409, "frame_too_small")
    assert refused.json()["details"] == {"size": 9, "people_served": 520, "needed": 416}
    town.clock.to(12, 2)
    undrawn = await town.office.post(SAMPLES, sample(project))
    assert [found["code"] for found in undrawn.json()["errors"]] == ["frame_too_small"]
    gap = {"size": 9, "reason": "示例：讲座听众不留姓名。"}
    check_problem(await town.local.post(f"{path}-gaps", gap), 403, "role_may_not")
    check_problem(await town.office.post(f"{path}-gaps", gap | {"size": 416}), 409, "frame_whole")
    await town.office.done(f"{path}-gaps", gap)
    assert (await town.public.read(f"{project}/history"))[-1]["payload"]["reason"] == gap["reason"]
    await town.office.done(SAMPLES, sample(project))


async def test_a_frame_is_limited_to_ten_thousand(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 15)
    await town.local.done(f"{project}/milestones", report("start", people_served=10_001))
    many = [f"{number:064x}" for number in range(10_001)]
    check_problem(await town.local.post(f"{project}/sample-frame", frame(entries=many)), 422, "invalid_request")
    await town.local.done(f"{project}/sample-frame", frame(entries=many[:-1]))


async def test_answers_are_sealed_and_opened_for_those_who_may(town: Town) -> None:
    project, entries = await drawn(town)
    named = {"name": "钱示例", "identity": "示例护照0"}
    await town.district.done(f"{project}/feedback", answer(entries[0], respondent=named))
    await town.beneficiary.done(f"{project}/feedback", online("000000197001010019"))
    named_fields, asked = {"name", "identity", "guardian"}, {"satisfaction", "comment"}
    for reader, kinds in (
        (town.office, [named_fields, named_fields, asked, asked | {"helped", "charged"}]),
        (town.district, [named_fields] * 2),
        (town.leaders, []),
        (town.auditor, []),
    ):
        events = await reader.read(f"{project}/feedback")
        assert [event["payload"]["type"] for event in events] == ["FeedbackReceived", "OpenAnswered"]
        opened = [set(value) for event in events for value in event["opened"].values()]
        assert sorted(map(sorted, opened)) == sorted(map(sorted, kinds))
        assert "钱示例" not in str([event["payload"] for event in events])
    check_problem(await town.public.get(f"{project}/feedback"), 401, "sign_in_needed")
    assert "FeedbackReceived" not in (await town.public.get(f"{project}/history")).text
    for stranger in (town.local, town.elsewhere, town.members[0], town.beneficiary):
        check_problem(await stranger.get(f"{project}/feedback"), 403, "role_may_not")
        assert "FeedbackReceived" not in (await stranger.get(f"{project}/history")).text


async def test_a_drawn_person_answers_once_and_others_are_checked(town: Town) -> None:
    project, entries = await drawn(town)
    feedback = f"{project}/feedback"
    await town.office.done(feedback, answer(entries[0]))
    again = answer(entries[0], means="questionnaire")
    check_problem(await town.office.post(feedback, again), 409, "already_answered")
    not_drawn = next(entry for entry in ENTRIES if entry not in entries)
    check_problem(await town.office.post(feedback, answer(not_drawn)), 409, "entry_not_drawn")
    wrong = online("000000197001010061")
    check_problem(await town.beneficiary.post(feedback, wrong), 422, "identity_wrong")
    child = online("000000200001010013")
    check_problem(await town.beneficiary.post(feedback, child), 422, "guardian_missing")
    await town.beneficiary.done(feedback, online("000000200001010013", guardian="孙示例"))


@pytest.mark.parametrize(
    ("who", "body", "code"),
    [
        ("local", answer(ENTRIES[0]), "role_may_not"),
        ("elsewhere", answer(ENTRIES[0]), "out_of_scope"),
        ("beneficiary", answer(ENTRIES[0]), "role_may_not"),
        ("office", online("示例护照1"), "role_may_not"),
        ("local", online("示例护照1"), "role_may_not"),
    ],
)
async def test_officials_enter_drawn_answers_and_beneficiaries_theirs(
    town: Town, who: str, body: dict[str, Any], code: str
) -> None:
    project = await town.completed()
    check_problem(await getattr(town, who).post(f"{project}/feedback", body), 403, code)


async def test_counting_answers_closes_the_feedback(town: Town) -> None:
    project = await evaluated(town)
    counted = (await town.public.read(project))["state"]["beneficiaries"]["fact"]
    assert counted["sample"] == {"invited": 10, "answered": 8, "satisfied": 7, "low": "52.9", "high": "97.8"}
    assert (counted["frame"], counted["online"], counted["no_identifiable"]) == (80, None, False)
    check_problem(await town.beneficiary.post(f"{project}/feedback", online("示例护照1")), 409, "feedback_closed")


async def test_erased_answers_count_as_given(town: Town, database: Database) -> None:
    project, entries = await drawn(town)
    for entry in entries[:6]:
        await town.office.done(f"{project}/feedback", answer(entry, 5))
    person = (await town.office.read(f"{project}/feedback"))[0]["payload"]["person"]
    with psycopg.connect(database.conninfo(Role.OWNER)) as owner:
        owner.execute("UPDATE ledger.vault_keys SET wrapped_key = NULL, erased_at = now() WHERE subject = %s", [person])
    await town.office.done(f"{project}/evaluations", evaluation("beneficiaries", no_identifiable=False))
    counted = (await town.public.read(project))["state"]["beneficiaries"]["fact"]["sample"]
    assert (counted["answered"], counted["satisfied"]) == (6, 5)


async def test_an_upheld_objection_leads_to_a_repeated_evaluation(town: Town) -> None:
    project, (own, by_member, counted) = await shown(town)
    objections, resolutions = f"{project}/objections", f"{project}/objection-resolutions"
    first = await town.city.done(objections, {"target": by_member, "reason": SECRET})
    dismissed = await town.elsewhere.done(objections, {"target": own, "reason": "不实。"})
    for said, version in ((True, first["version"]), (False, dismissed["version"])):
        await town.leaders.done(resolutions, {"objection": version, "accepted": said, "reason": "经核实。"})
    public = await town.public.get(f"{project}/history")
    assert "ObjectionRaised" not in public.text and SECRET not in public.text
    assert [event["payload"].get("accepted") for event in public.json()[-2:]] == [True, False]
    for reader in (town.public, town.office):
        assert by_member not in [one["version"] for one in (await reader.read(project))["state"]["evaluations"]]
    assert (await town.public.read(project))["state"]["objections"] == []
    assert len((await town.local.read(project))["state"]["objections"]) == 2
    await town.members[3].done(f"{project}/evaluations", evaluation("third_party"))
    again = await town.office.done(f"{project}/evaluation-publication", NOTICE)
    for reader in (town.public, town.office):
        state = (await reader.read(project))["state"]
        standing = [found["version"] for found in state["evaluations"]]
        assert standing == [own, again["version"] - 1]
        assert state["shown"][-1]["fact"]["evaluations"] == [own, counted, again["version"] - 1]


async def test_an_objector_or_evaluator_does_not_decide(town: Town) -> None:
    project, (own, _, counted) = await shown(town)
    objections, resolutions = f"{project}/objections", f"{project}/objection-resolutions"
    mine = await town.office.done(objections, {"target": own, "reason": "不实。"})
    theirs = await town.local.done(objections, {"target": counted, "reason": "算错。"})
    check_problem(await town.local.post(objections, {"target": counted, "reason": "算错。"}), 409, "already_objected")
    for version in (mine["version"], theirs["version"]):
        answer = await town.office.post(resolutions, {"objection": version, "accepted": True, "reason": "属实。"})
        check_problem(answer, 403, "resolver_involved")
    check_problem(
        await town.leaders.post(resolutions, {"objection": own, "accepted": True, "reason": "属实。"}),
        404,
        "objection_unknown",
    )
    town.clock.to(12, 14)
    check_problem(await town.city.post(objections, {"target": own, "reason": "不实。"}), 409, "not_open_to_objection")


async def test_objections_and_computed_counts_are_not_corrected_by_hand(town: Town) -> None:
    project, (_, _, counted) = await shown(town)
    objection = await town.local.done(f"{project}/objections", {"target": counted, "reason": "算错。"})
    void = {"kind": "void", "target": objection["version"], "reason": "误录。"}
    check_problem(await town.local.post(f"{project}/corrections", void), 409, "correction_not_possible")
    flattering = {"invited": 10, "answered": 10, "satisfied": 10, "low": "72.2", "high": "100.0"}
    restate = {"kind": "restate", "target": counted, "changes": {"sample": flattering}, "reason": "更好看。"}
    check_problem(await town.office.post(f"{project}/corrections", restate), 409, "correction_not_possible")


async def test_a_source_of_another_name_is_refused(town: Town) -> None:
    project = await framed(town)
    town.clock.to(12, 2)
    refused = await town.office.post(SAMPLES, sample(project, source=f"{SOURCE}（另一期）"))
    assert refused.json()["errors"][0]["details"] == {"expected": SOURCE, "got": f"{SOURCE}（另一期）"}
