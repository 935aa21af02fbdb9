"""Honours over HTTP: who nominates, who learns of it, what is shown, and certificates that anyone can check."""

from base64 import b32encode
from typing import Any
from uuid import UUID

import pytest
from tests.api.bodies import ANY_ID, PROGRAMME, award, honour_proposals, nomination, person, revocation
from tests.api.client import Caller, Town, check_problem

from ledger.store import statements
from ledger.transparency.leaves import entry, leaf_hash

HERE = f"/v1/programmes/{PROGRAMME}"
ORGANISATIONS = "advanced-organisation"
PEOPLE = "advanced-individual"


async def two_nominated(town: Town, honour: str = ORGANISATIONS) -> tuple[str, str]:
    """The district's organisation with the better project, then the city's."""
    better = await town.evaluated(score=90)
    town.clock.to(2, 2)
    worse = await town.evaluated(town.city, score=60)
    town.clock.to(12, 1)
    await town.local.done(f"{HERE}/nominations", nomination(better, honour))
    await town.office.done(f"{HERE}/nominations", nomination(worse, honour))
    return better, worse


async def test_a_nomination_is_for_deciders_and_nominator(town: Town) -> None:
    await two_nominated(town)
    path = f"{HERE}/nominations"
    for reader in (town.office, town.leaders, town.auditor):
        events = await reader.read(path, honour=ORGANISATIONS)
        assert [event["role"] for event in events] == ["organisation", "office"]
        assert {event["type"] for event in events} == {"Nominated"}
    assert [event["role"] for event in await town.local.read(path, honour=ORGANISATIONS)] == ["organisation"]
    for reader in (town.district, town.city, town.neighbour):
        assert await reader.read(path, honour=ORGANISATIONS) == []
    for reader in (town.public, town.association, town.members[0]):
        check_problem(await reader.get(path, honour=ORGANISATIONS), 403, "role_may_not")
    assert await town.association.read(path, honour="top-ten") == []
    check_problem(await town.office.get(path, honour="purchase"), 422, "choice_unknown")
    check_problem(await town.office.get("/v1/programmes/none/nominations", honour=PEOPLE), 404, "programme_unknown")
    for reader in (town.public, town.local):
        for organisation in (town.local_id, town.city_id):
            assert "Nominated" not in (await reader.get(f"/v1/organisations/{organisation}/history")).text


async def test_everyone_nominates_within_their_reach(town: Town) -> None:
    local = await town.evaluated()
    town.clock.to(2, 2)
    city = await town.completed(town.city)
    town.clock.to(12, 1)
    path = f"{HERE}/nominations"
    for caller, project in ((town.city, local), (town.office, local), (town.district, city), (town.elsewhere, local)):
        check_problem(await caller.post(path, nomination(project, ORGANISATIONS)), 403, "out_of_scope")
    for caller in (town.leaders, town.auditor, town.members[0]):
        check_problem(await caller.post(path, nomination(local, ORGANISATIONS)), 403, "role_may_not")
    recommended = await town.district.post(path, nomination(local, ORGANISATIONS))
    assert recommended.status_code == 201
    assert recommended.headers["location"] == f"{path}?honour={ORGANISATIONS}"
    check_problem(await town.local.post(path, nomination(local, ORGANISATIONS)), 409, "already_nominated")
    await town.local.done(path, nomination(local, PEOPLE, person=person("李示例")))
    await town.local.done(path, nomination(local, PEOPLE, person=person("赵示例", "E00000002")))
    check_problem(
        await town.local.post(path, nomination(local, PEOPLE, person=person("李示例"))), 409, "already_nominated"
    )
    check_problem(await town.local.post(path, nomination(local, PEOPLE)), 422, "recipient_wrong")
    events = await town.office.read(path, honour=PEOPLE)
    assert [list(event["opened"].values()) for event in events] == [[{"name": "李示例"}], [{"name": "赵示例"}]]
    assert "示例" not in str([event["payload"]["recipient"]["name"] for event in events])


async def test_nominations_wait_for_work_and_phase(town: Town) -> None:
    running = await town.published()
    path = f"{HERE}/nominations"
    check_problem(await town.local.post(path, nomination(running, ORGANISATIONS)), 409, "phase_closed")
    town.clock.to(12, 1)
    check_problem(await town.local.post(path, nomination(running, ORGANISATIONS)), 409, "step_out_of_order")
    check_problem(await town.local.post(path, nomination("/" + ANY_ID, ORGANISATIONS)), 404, "project_unknown")


async def test_the_ranking_shows_components_and_events(town: Town) -> None:
    better, worse = await two_nominated(town)
    before = await town.size() - 1
    shown = await town.leaders.read(f"{HERE}/rankings/{ORGANISATIONS}")
    assert (shown["formula"], shown["known"]) == (2, before)
    assert shown["weights"] == {"completion": 30, "beneficiaries": 30, "third_party": 40}
    first, second = shown["nominees"]
    assert (first["rank"], first["project"], first["score"]) == (1, better.rsplit("/", 1)[1], "75.75")
    assert (second["rank"], second["name"], second["score"]) == (2, "示例市助老协会", "63.75")
    history = {event["version"]: event for event in await town.office.read(f"{better}/history")}
    assert [one["code"] for one in first["components"]] == ["completion", "beneficiaries", "third_party"]
    plan, counted, judged = {"Applied", "ContractSigned"}, {"BeneficiariesEvaluated"}, {"Evaluated"}
    kinds = (plan | {"MilestoneReported"}, counted | judged, judged)
    for component, kind in zip(first["components"], kinds, strict=True):
        assert component["events"]
        for cited in component["events"]:
            assert (history[cited["version"]]["position"], cited["project"]) == (cited["position"], first["project"])
        assert {history[cited["version"]]["type"] for cited in component["events"]} == kind
    # As it was known then, whatever comes later.
    void = {"kind": "void", "target": first["components"][2]["events"][0]["version"], "reason": "误录。"}
    await town.corrected(better, void)
    path = f"{HERE}/rankings/{ORGANISATIONS}"
    assert await town.leaders.read(path, known_at=before) == shown
    now = await town.leaders.read(path)
    assert [(one["project"], one["score"]) for one in now["nominees"]] == [
        (worse.rsplit("/", 1)[1], "63.75"),
        (better.rsplit("/", 1)[1], None),
    ]


async def test_a_public_proposal_becomes_an_honour(town: Town) -> None:
    better, worse = await two_nominated(town)
    awards, proposals = f"{HERE}/awards", f"{HERE}/honour-proposals"
    check_problem(await town.leaders.post(awards, award(better, ORGANISATIONS)), 409, "proposal_missing")
    town.clock.to(12, 6)
    check_problem(await town.association.post(proposals, honour_proposals(ORGANISATIONS, better)), 403, "role_may_not")
    await town.leaders.done(proposals, honour_proposals(ORGANISATIONS, better, worse))
    proposal = (await town.public.read(f"{better}/history"))[-1]
    assert proposal["type"] == "HonourProposed"
    assert proposal["payload"]["objections_until"] == "2010-12-15"
    assert (proposal["payload"]["rank"], proposal["payload"]["nominated"]) == (1, 2)
    town.clock.to(12, 15)
    check_problem(await town.leaders.post(awards, award(better, ORGANISATIONS)), 409, "proposal_still_shown")
    town.clock.to(12, 16)
    await town.leaders.done(awards, award(better, ORGANISATIONS))
    check_problem(await town.leaders.post(awards, award(better, ORGANISATIONS)), 409, "proposal_missing")


async def test_proposals_go_together_or_not(town: Town) -> None:
    _, worse = await two_nominated(town)
    town.clock.to(12, 6)
    size = await town.size()
    proposals = honour_proposals(ORGANISATIONS, worse, "/" + ANY_ID)
    proposals["proposals"][0]["nominee"] = ANY_ID
    proposals["proposals"] += honour_proposals(ORGANISATIONS, worse, worse)["proposals"]
    answer = await town.leaders.post(f"{HERE}/honour-proposals", proposals)
    check_problem(answer, 409, "batch_refused")
    number = worse.rsplit("/", 1)[1]
    assert [(one["place"], one["code"]) for one in answer.json()["errors"]] == [
        (f"proposals.0 {number}", "not_nominated"),
        (f"proposals.1 {ANY_ID}", "project_unknown"),
        (f"proposals.2 {number}", "departure_missing"),
        (f"proposals.3 {number}", "departure_missing"),
    ]
    assert answer.json()["errors"][2]["details"] == {"rank": 2, "passed_over": 1}
    assert await town.size() == size
    departure = honour_proposals(ORGANISATIONS, worse, departure="示例：第一名放弃。")
    await town.leaders.done(f"{HERE}/honour-proposals", departure)
    assert (await town.public.read(f"{worse}/history"))[-1]["payload"]["departure"] == "示例：第一名放弃。"


async def honoured(town: Town, **person: Any) -> tuple[str, int]:
    """A project with an honour, and the version at which that stands."""
    honour = PEOPLE if person else ORGANISATIONS
    project = await town.evaluated()
    nominee = await town.proposed(project, honour, town.leaders, **person)
    town.clock.to(12, 16)
    receipt = await town.leaders.done(f"{HERE}/awards", award(project, honour, **nominee))
    return project, receipt["version"]


async def taken(town: Town) -> int:
    quotas = (await town.public.read(HERE))["quotas"]
    return int(next(quota["taken"] for quota in quotas if quota["code"] == ORGANISATIONS))


async def test_a_revoked_honour_keeps_its_place(town: Town) -> None:
    project, version = await honoured(town)
    path = f"{HERE}/revocations"
    for caller, status in ((town.public, 401), (town.office, 403), (town.association, 403)):
        check_problem(await caller.post(path, revocation(project, version)), status)
    check_problem(await town.leaders.post(path, revocation(project, 1)), 404, "award_unknown")
    await town.leaders.done(path, revocation(project, version))
    check_problem(await town.leaders.post(path, revocation(project, version)), 409, "already_revoked")
    assert await taken(town) == 1
    await town.followed()
    (listed,) = (await town.public.read("/v1/projects"))["projects"]
    assert listed["honours"] == 0
    revoked = (await town.public.read(f"{project}/history"))[-1]
    void = {"kind": "void", "target": revoked["version"], "reason": "误录。"}
    await town.corrected(project, void)
    await town.leaders.done(path, revocation(project, version, place_freed_because="依名次递补。"))
    assert await taken(town) == 0
    # When the revocation was the mistake, the honour takes a place again.
    void["target"] = (await town.public.read(f"{project}/history"))[-1]["version"]
    await town.corrected(project, void)
    assert await taken(town) == 1


async def test_a_certificate_carries_its_log_code(town: Town) -> None:
    project, version = await honoured(town, person=person())
    shown = await town.public.read(f"{project}/certificates/{version}")
    (event,) = await town.service.store.range(shown["position"], shown["position"] + 1)
    async with town.service.pool.connection() as connection:
        digest = await (await connection.execute(statements.DIGEST_AT, [event.position], binary=True)).fetchone()
        salt = await (
            await connection.execute("SELECT salt FROM ledger.veils WHERE stream = %s", [project.split("/")[-1]])
        ).fetchone()
    assert digest is not None
    assert salt is not None
    leaf = leaf_hash(entry(event.position, event.stream, event.version, event.recorded_at, bytes(digest[0]), salt[0]))
    assert (shown["leaf_hash"], shown["code"]) == (leaf.hex(), b32encode(leaf).decode()[:10])
    assert (shown["standing"], shown["withdrawal"], shown["name"]) == ("valid", None, "李示例")
    assert (shown["honour"], shown["awarded_on"], shown["decided_by"]) == (PEOPLE, "2010-12-16", "leading_group")
    for path in (f"{project}/certificates/1", f"{project}/certificates/99", f"{project}/certificates/-1"):
        check_problem(await town.public.get(path), 404, "certificate_unknown")
    check_problem(await town.public.get(f"/v1/projects/{ANY_ID}/certificates/1"), 404, "project_unknown")
    check_problem(await town.public.get(f"{project}/certificates/one"), 422, "invalid_request")


@pytest.mark.parametrize("how", ["revoked", "void"])
async def test_a_certificate_says_when_the_honour_counts_no_more(town: Town, how: str) -> None:
    project, version = await honoured(town)
    first = await town.public.read(f"{project}/certificates/{version}")
    if how == "revoked":
        await town.leaders.done(f"{HERE}/revocations", revocation(project, version))
    else:
        void = {"kind": "void", "target": version, "reason": "授予有误。"}
        await town.corrected(project, void)
    shown = await town.public.read(f"{project}/certificates/{version}")
    assert (shown["standing"], shown["code"]) == (how, first["code"])
    assert await town.public.read(f"{project}/certificates/{version}", known_at=first["known"]) == first
    assert shown["withdrawal"]["version"] == version + 1
    page = (await town.public.get(f"/certificates/{UUID(first['project'])}/{version}")).text
    assert ("已撤销" if how == "revoked" else "已作废") in page
    assert shown["withdrawal"]["reason"] in page
    assert first["code"] in page
    assert f"/projects/{first['project']}#v{version}" in page
    assert "示例朝阳助老服务中心" in page
    english = (await town.public.get(f"/certificates/{first['project']}/{version}", lang="en")).text
    assert ("Revoked" if how == "revoked" else "Void") in english
    for unknown in (f"/certificates/{first['project']}/1", "/certificates/none/1", f"/certificates/{ANY_ID}/x"):
        answer = await town.public.get(unknown)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


async def test_documents_tell_people_apart(town: Town) -> None:
    local = await town.evaluated()
    town.clock.to(2, 2)
    city = await town.evaluated(town.city)
    town.clock.to(12, 1)
    path = f"{HERE}/nominations"
    one, namesake = person("李示例", "E00000001"), person("李示例", "E00000002")
    await town.local.done(path, nomination(local, PEOPLE, person=one))
    await town.local.done(path, nomination(local, PEOPLE, person=namesake))
    # The same person in another organisation, whose clerk types the number in another way.
    elsewhere = nomination(city, PEOPLE, person=person("李 示例", "ｅ 0000-0001"))
    check_problem(await town.city.post(path, elsewhere), 409, "already_nominated")
    check_problem(
        await town.city.post(path, nomination(city, PEOPLE, person=person(number="E00000003"), consent=False)),
        422,
        "consent_missing",
    )
    wrong = nomination(city, PEOPLE, person=person(number="110105194912310021", kind="resident_id"))
    check_problem(await town.city.post(path, wrong), 422, "identity_wrong")
    events = await town.office.read(path, honour=PEOPLE)
    assert len({event["payload"]["recipient"]["person"] for event in events}) == 2
    async with town.service.pool.connection() as connection:
        rows = await (await connection.execute("SELECT payload FROM ledger.payloads")).fetchall()
    assert not any(b"E0000000" in payload for (payload,) in rows)


async def test_names_of_the_unsuccessful_are_closed_again(town: Town) -> None:
    project = await town.evaluated()
    first = await town.proposed(project, PEOPLE, town.leaders, person=person("李示例", "E00000001"))
    await town.local.done(f"{HERE}/nominations", nomination(project, PEOPLE, person=person("赵示例", "E00000002")))
    second = await town.nominee(PEOPLE)
    await town.leaders.done(f"{HERE}/honour-proposals", honour_proposals(PEOPLE, project, **second))

    async def names(reader: Caller) -> tuple[list[str | None], list[str]]:
        ranking = (await reader.read(f"{HERE}/rankings/{PEOPLE}"))["nominees"]
        proposals = [one for one in await reader.read(f"{project}/history") if one["type"] == "HonourProposed"]
        opened = [value["name"] for one in proposals for value in one["opened"].values()]
        return sorted((one["name"] for one in ranking), key=str), opened

    both = ["李示例", "赵示例"]
    assert await names(town.public) == (both, both)
    town.clock.to(12, 16)
    receipt = await town.leaders.done(f"{HERE}/awards", award(project, PEOPLE, **first))
    # The list shows both positions, and the name of the one who was honoured.
    assert await names(town.public) == ([None, "李示例"], [])
    history = await town.public.read(f"{project}/history")
    awarded = next(event for event in history if event["version"] == receipt["version"])
    assert [*awarded["opened"].values()] == [{"name": "李示例"}]
    for reader in (town.office, town.leaders, town.auditor, town.local):
        assert (await names(reader))[1] == both
    assert "赵示例" not in (await town.public.get(f"{project}/history")).text
