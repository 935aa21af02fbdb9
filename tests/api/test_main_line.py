"""One project from the application to the honour, by one account for each who acts (N6 to N21)."""

from typing import Any

from tests.api import bodies
from tests.api.client import Caller, Town


async def test_each_step_has_a_receipt_until_publication(town: Town) -> None:
    first = await town.local.post("/v1/projects", bodies.application(town.local_id))
    project = first.headers["location"]
    id, position, version = first.json()["id"], first.json()["position"], 1
    assert project == f"/v1/projects/{id}"

    async def step(caller: Caller, path: str, body: dict[str, Any], versions: int = 1) -> None:
        nonlocal position, version
        answer = await caller.post(path, body, wait=1)
        receipt = answer.json()
        version += 1
        assert answer.status_code == 201, answer.text
        assert receipt == {
            "id": id,
            "version": version,
            "position": position + 1,
            "recorded_at": receipt["recorded_at"],
            "origin": None,
        }
        assert answer.headers["etag"] == f'"{version}"'
        assert answer.headers["location"] == project
        assert answer.headers["content-type"] == "application/json"
        position += versions

    await step(town.district, f"{project}/screening", bodies.screening())
    await step(town.district, f"/v1/programmes/{bodies.PROGRAMME}/hand-ins", bodies.hand_in(project))
    for member in town.members[:3]:
        await step(member, f"{project}/reviews", bodies.review())
    await step(town.leaders, f"{project}/approval", bodies.approval())
    await step(town.district, f"{project}/contract", bodies.contract())
    await _is_hidden_from(town.public, town, project)
    await step(town.office, f"/v1/programmes/{bodies.PROGRAMME}/publications", bodies.publication(project))
    await _is_shown_to(town.public, town, project)
    town.clock.to(3, 15)
    for milestone in bodies.MILESTONES:
        await step(town.local, f"{project}/milestones", bodies.report(milestone))
    await step(town.local, f"{project}/evaluations", bodies.evaluation("self"))
    await step(town.office, f"{project}/sample-frame-gaps", {"size": 0, "reason": "听众不留姓名。"})
    await step(town.office, f"{project}/evaluations", bodies.evaluation("beneficiaries", reason=None))
    await step(town.members[3], f"{project}/evaluations", bodies.evaluation("third_party"))
    await step(town.office, f"{project}/evaluation-publication", {"notice": "示例公示第1号"})
    programme = f"/v1/programmes/{bodies.PROGRAMME}"
    town.clock.to(12, 6)
    for honour, chair in (("advanced-organisation", town.leaders), ("top-ten", town.association)):
        await town.local.done(f"{programme}/nominations", bodies.nomination(project, honour))
        position += 1
        await step(chair, f"{programme}/honour-proposals", bodies.honour_proposals(honour, project))
    town.clock.to(12, 16)
    awards = f"{programme}/awards"
    await step(town.leaders, awards, bodies.award(project, "advanced-organisation"), versions=2)
    await step(town.association, awards, bodies.award(project, "top-ten"), versions=2)

    shown = await town.public.get(project)
    assert shown.headers["etag"].removeprefix("W/").startswith(f'"{version}-')
    assert shown.json()["version"] == version == 23
    assert shown.json()["status"] == "completed"
    assert [found["fact"]["honour"] for found in shown.json()["state"]["honours"]] == [
        "advanced-organisation",
        "top-ten",
    ]
    listed = (await town.public.read("/v1/projects"))["projects"]
    assert [(found["id"], found["milestones"], found["honours"], found["people_served"]) for found in listed] == [
        (id, 5, 2, 90)
    ]


async def _is_hidden_from(reader: Caller, town: Town, project: str) -> None:
    await town.followed()
    for path in (project, f"{project}/history", f"{project}/state"):
        answer = await reader.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "project_unknown")
    assert (await reader.read("/v1/projects"))["total"] == 0
    events = (await reader.read(f"/v1/organisations/{town.local_id}/history"))["events"]
    assert [event["type"] for event in events] == ["OrganisationRegistered"]


async def _is_shown_to(reader: Caller, town: Town, project: str) -> None:
    types = ["Applied", "Screened", "HandedIn", "Approved", "ContractSigned", "Published"]
    assert [event["type"] for event in await reader.read(f"{project}/history")] == types
    assert (await reader.read(f"{project}/state"))["status"] == "published"
    assert (await reader.read(project))["state"]["contract"]["party"] == "示例朝阳助老服务中心"
    assert (await reader.read("/v1/projects"))["total"] == 1
    events = (await reader.read(f"/v1/organisations/{town.local_id}/history"))["events"]
    assert [event["type"] for event in events] == ["OrganisationRegistered", *types]
    assert [event["position"] for event in events] == sorted(event["position"] for event in events)


async def test_an_honoured_persons_name_is_outside_the_payload(town: Town) -> None:
    project = await town.evaluated()
    nominee = await town.proposed(project, "advanced-individual", town.leaders, person=bodies.person("李示例"))
    town.clock.to(12, 16)
    honour = bodies.award(project, "advanced-individual", **nominee)
    await town.leaders.done(f"/v1/programmes/{bodies.PROGRAMME}/awards", honour)
    event = (await town.public.read(f"{project}/history"))[-1]
    assert event["opened"] == {event["payload"]["recipient"]["name"]["commitment"]: {"name": "李示例"}}
    assert "李示例" not in str(event["payload"])
    assert "李示例" not in (await town.public.get(project)).text


async def test_a_contact_opens_for_its_readers_only(town: Town) -> None:
    project = await town.published(contact=bodies.CONTACT)
    for reader in (town.local, town.district, town.office):
        applied = (await reader.read(f"{project}/history"))[0]
        assert list(applied["opened"].values()) == [bodies.CONTACT]
        assert bodies.CONTACT["name"] not in str(applied["payload"])
    others = (town.public, town.city, town.neighbour, town.elsewhere, town.members[0], town.leaders, town.auditor)
    for reader in others:
        for path in (f"{project}/history", f"/v1/organisations/{town.local_id}/history", project):
            answer = await reader.get(path)
            assert answer.status_code == 200
            assert bodies.CONTACT["name"] not in answer.text
            assert bodies.CONTACT["telephone"] not in answer.text


async def test_an_amendments_contact_and_account_open_for_their_readers(town: Town) -> None:
    project = await town.amended_and_published(contact=bodies.CONTACT, account=bodies.ACCOUNT)
    for reader in (town.local, town.district, town.office):
        amended = (await reader.read(f"{project}/history"))[1]
        opened = list(amended["opened"].values())
        assert len(opened) == 2 and bodies.CONTACT in opened and bodies.ACCOUNT in opened
    assert list((await town.treasury.read(f"{project}/history"))[1]["opened"].values()) == [bodies.ACCOUNT]
    others = (town.public, town.city, town.neighbour, town.elsewhere, town.members[0], town.leaders, town.auditor)
    for reader in others:
        for path in (f"{project}/history", f"/v1/organisations/{town.local_id}/history", project):
            text = (await reader.get(path)).text
            assert [value for value in (*bodies.CONTACT.values(), bodies.ACCOUNT["number"]) if value in text] == []


async def test_a_registration_contact_opens_for_its_own(town: Town) -> None:
    registration = {
        "identifiers": [{"scheme": "CN-REG", "id": "示例京朝民证字第0009号"}],
        "name": "示例晚晴会",
        "kind": "community",
        "district": "110105",
        "contact": bodies.CONTACT,
    }
    registered = await town.district.post("/v1/organisations", registration, wait=1)
    assert registered.headers["location"] == f"/v1/organisations/{registered.json()['id']}"
    history = f"{registered.headers['location']}/history"
    for reader in (town.district, town.office):
        assert list((await reader.read(history))["events"][0]["opened"].values()) == [bodies.CONTACT]
    for reader in (town.public, town.city, town.elsewhere, town.auditor):
        assert bodies.CONTACT["telephone"] not in (await reader.get(history)).text


async def test_reviews_are_shown_to_deciders_and_auditors(town: Town) -> None:
    project = await town.published()
    for reader in (town.office, town.leaders, town.auditor):
        assert [event["type"] for event in await reader.read(f"{project}/history")].count("Reviewed") == 3
        assert len((await reader.read(project))["state"]["reviews"]) == 3
    for reader in (town.public, town.local, town.district, *town.members):
        assert "Reviewed" not in (await reader.get(f"{project}/history")).text
        assert (await reader.read(project))["state"]["reviews"] == []
        assert "人手充足" not in (await reader.get(f"/v1/organisations/{town.local_id}/history")).text


async def test_a_rejected_project_stays_with_its_organisation(town: Town) -> None:
    project = await town.reviewed()
    await town.leaders.done(f"{project}/rejection", bodies.rejection())
    for reader in (town.public, town.city, town.elsewhere):
        await _is_hidden_from(reader, town, project)
    for reader in (town.local, town.district, town.office):
        assert (await reader.read(project))["status"] == "rejected"
        assert (await reader.read(f"{project}/history"))[-1]["payload"]["reason"] == "条件不足。"
    answer = await town.office.post(f"/v1/programmes/{bodies.PROGRAMME}/publications", bodies.publication(project))
    assert (answer.status_code, answer.json()["code"]) == (409, "batch_refused")
    assert [reason["code"] for reason in answer.json()["errors"]] == ["step_out_of_order"]
