"""OCDS over HTTP: packages of what everybody may read, page by page, as of a position."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import ocdsmerge  # type: ignore[import-untyped]  # ships no types
from tests.api.bodies import PROGRAMME, award, publication
from tests.api.client import Town, check_problem
from tests.api.open_data.standards import OCDS, check_ocds, needs, ocds_schemas
from tests.api.routes.test_audit_money import bought
from tests.api.routes.test_organisations import USCI

RELEASES, RECORDS = "/ocds/releases.json", "/ocds/records.json"


async def pages(town: Town, path: str, **query: Any) -> list[dict[str, Any]]:
    """The packages from the first to the last, by their links."""
    found = [await town.public.read(path, **query)]
    while following := found[-1].get("links", {}).get("next"):
        parts = urlsplit(following)
        found.append(await town.public.read(parts.path, **dict(parse_qsl(parts.query))))
        assert len(found) < 100
    return found


async def told(town: Town, **query: Any) -> list[dict[str, Any]]:
    return [release for page in await pages(town, RELEASES, **query) for release in page["releases"]]


async def a_year(town: Town) -> str:
    """A project bought, evaluated, honoured and corrected; another one that nobody may know of."""
    await town.approved(town.city, title="示例：未公布的项目")
    project = await town.evaluated()
    town.clock.to(3, 16)
    await town.proposed(project, "top-ten", town.association)
    town.clock.to(12, 27)
    honour = await town.association.done(f"/v1/programmes/{PROGRAMME}/awards", award(project, "top-ten"))
    void = {"kind": "void", "target": honour["version"], "reason": "示例：误录。"}
    await town.corrected(project, void)
    await town.followed()
    return project


@needs(OCDS)
async def test_public_events_are_releases_merging_to_the_record(town: Town) -> None:
    project = await a_year(town)
    await bought_in_february(town)
    packages = await pages(town, RELEASES, limit=7)
    assert len(packages) > 3
    for package in packages:
        check_ocds(package, "release-package-schema.json")
    recorded = await town.public.read(RECORDS)
    check_ocds(recorded, "record-package-schema.json")
    merger = ocdsmerge.Merger(ocds_schemas()["release-schema.json"])
    releases = [release for package in packages for release in package["releases"]]
    assert len({release["id"] for release in releases}) == len(releases)
    assert {record["ocid"] for record in recorded["records"]} == {release["ocid"] for release in releases}
    for record in recorded["records"]:
        own = sorted((one for one in releases if one["ocid"] == record["ocid"]), key=lambda one: one["date"])
        assert merger.create_compiled_release(own) == record["compiledRelease"]
        assert [one["date"] for one in record["releases"]] == [one["date"] for one in own]
        history = await town.public.read(f"/v1/projects/{record['ocid'].removeprefix('ocds-000000-')}/history")
        assert [one["ledgerEvent"]["position"] for one in own] == [event["position"] for event in history]
    assert project.rsplit("/", 1)[1] in {one["ocid"].removeprefix("ocds-000000-") for one in recorded["records"]}


async def bought_in_february(town: Town) -> str:
    town.clock.to(2, 1)
    return await bought(town)


@needs(OCDS)
async def test_earlier_releases_merge_to_the_state_then(town: Town) -> None:
    project = await bought(town)
    merger = ocdsmerge.Merger(ocds_schemas()["release-schema.json"])
    history = await town.public.read(f"{project}/history")
    published = next(event["position"] for event in history if event["type"] == "Published")
    for event in history:
        if event["position"] < published:
            continue
        known = event["position"]
        merged = merger.create_compiled_release(await told(town, known_at=known))
        state = await town.public.read(f"{project}/state", known_at=known)
        [record] = (await town.public.read(RECORDS, known_at=known))["records"]
        assert merged == record["compiledRelease"]
        said = state["state"]
        assert merged["welfare"]["status"] == state["status"]
        assert merged["tender"]["title"] == said["form"]["title"]
        assert merged["contracts"][0]["title"] == said["contract"]["number"]
        paid = [
            one
            for contract in merged["contracts"]
            for one in contract.get("implementation", {}).get("transactions", [])
        ]
        assert len(paid) == len(said["disbursed"]) + len(said["refunded"])
        amounts = {f"{one['value']['amount']:.2f}" for one in paid}
        assert amounts == {one["fact"]["amount"]["amount"] for one in (*said["disbursed"], *said["refunded"])}


async def test_what_nobody_may_know_is_in_none(town: Town) -> None:
    await a_year(town)
    for path in (RELEASES, RECORDS):
        text = json.dumps(await pages(town, path), ensure_ascii=False)
        assert "未公布" not in text
        for secret in ("Reviewed", "Scored", "ObjectionRaised", "CONFIDENTIAL"):
            assert secret not in text
    assert (await town.auditor.get(RELEASES)).content == (await town.public.get(RELEASES)).content


async def test_honours_and_evaluations_are_not_ocds_awards(town: Town) -> None:
    project = await town.evaluated()
    await town.proposed(project, "top-ten", town.association)
    town.clock.to(12, 27)
    await town.association.done(f"/v1/programmes/{PROGRAMME}/awards", award(project, "top-ten"))
    await town.followed()
    [record] = (await town.public.read(RECORDS))["records"]
    compiled = record["compiledRelease"]
    assert [one["id"].rsplit("-", 1)[1] for one in compiled["awards"]] == ["approval"]
    assert [(one["honour"], one["status"]) for one in compiled["welfare"]["honours"]] == [("top-ten", "granted")]
    types = {one["documentType"] for one in compiled["contracts"][0]["implementation"]["documents"]}
    assert {"x_selfEvaluation", "x_beneficiaryEvaluation", "x_thirdPartyEvaluation"} < types
    assert "evaluationReports" not in types


async def test_pages_continue_from_a_position(town: Town) -> None:
    project = await town.published()
    await town.followed()
    first = await told(town, limit=2)
    assert first == await told(town)
    last = (await pages(town, RELEASES, limit=2))[-1]
    assert "links" not in last
    await town.office.done(f"{project}/suspension", {"reason": "示例。"})
    await town.followed()
    assert [one["ledgerEvent"]["type"] for one in await told(town, after=last["basis"]["known"])] == ["Suspended"]
    # A project that becomes public later comes with its history, though its events are older.
    other = await town.contracted(town.city)
    known = await town.followed()
    await town.office.done(f"/v1/programmes/{PROGRAMME}/publications", publication(other))
    await town.followed()
    came = await told(town, after=known)
    assert came[0]["ledgerEvent"]["type"] == "Applied"
    assert came[-1]["ledgerEvent"]["type"] == "Published"


async def test_a_link_of_a_record_leads_to_the_release(town: Town) -> None:
    await town.published()
    await town.followed()
    [record] = (await town.public.read(RECORDS))["records"]
    for linked in record["releases"]:
        parts = urlsplit(linked["url"])
        package = await town.public.read(parts.path, **dict(parse_qsl(parts.query)))
        [found] = [one for one in package["releases"] if one["id"] == parts.fragment]
        assert (found["date"], found["tag"]) == (linked["date"], linked["tag"])


async def test_a_position_always_gives_the_same_bytes(town: Town) -> None:
    project = await town.published()
    known = await town.followed()
    before = [(await town.public.get(path, known_at=known)) for path in (RELEASES, RECORDS)]
    await town.office.done(f"{project}/suspension", {"reason": "示例。"})
    await town.followed()
    for path, answer in zip((RELEASES, RECORDS), before, strict=True):
        assert (await town.public.get(path, known_at=known)).content == answer.content
        assert answer.headers["ledger-position"] == str(answer.json()["basis"]["known"]) == str(known)
        assert (await town.public.get(path)).content != answer.content
        check_problem(await town.public.get(path, known_at="99999"), 404, "position_unknown")
        check_problem(await town.public.get(path, known_at="yesterday"), 422, "known_at_invalid")
        check_problem(await town.public.get(path, limit="0"), 422, "invalid_request")


async def test_records_come_in_parts_and_together_they_are_all(town: Town) -> None:
    for caller in (town.local, town.city, town.local):
        await town.published(caller)
    await town.followed()
    whole = (await town.public.read(RECORDS))["records"]
    parts = await pages(town, RECORDS, limit=1)
    assert [[one["ocid"] for one in part["records"]] for part in parts] == [[one["ocid"]] for one in whole]
    assert len(whole) == 3


async def test_parties_have_the_identifiers_that_were_known_then(town: Town) -> None:
    project = await town.published()
    path = f"/v1/organisations/{town.local_id}/identifiers"
    await town.office.done(path, {"identifier": USCI})
    await town.office.done(f"{project}/suspension", {"reason": "示例。"})
    await town.followed()
    first, *_, last = await told(town)
    [party] = [one for one in first["parties"] if one["id"] == str(town.local_id)]
    assert party["identifier"]["scheme"] == "CN-REG"
    [party] = [one for one in last["parties"] if one["id"] == str(town.local_id)]
    assert party["identifier"] == USCI
    assert [one["scheme"] for one in party["additionalIdentifiers"]] == ["CN-REG"]


async def test_the_extension_is_served_where_the_packages_say(town: Town) -> None:
    package = await town.public.read(RELEASES)
    [address] = package["extensions"]
    extension = await town.public.read(urlsplit(address).path)
    base = urlsplit(address).path.rsplit("/", 1)[0]
    for schema in extension["schemas"]:
        assert (await town.public.read(f"{base}/{schema}"))["properties"]
    for codelist in extension["codelists"]:
        text = (await town.public.get(f"{base}/codelists/{codelist}")).text
        assert text.startswith("Code,Title,Description\n")
    check_problem(await town.public.get(f"{base}/other.json"), 404, "not_found")
    check_problem(await town.public.get(f"{base}/codelists/other.csv"), 404, "not_found")


async def test_an_empty_ledger_has_packages_without_anything(town: Town) -> None:
    # The town's programme and organisations are there, and no project.
    for path, name in ((RELEASES, "releases"), (RECORDS, "records")):
        package = await town.public.read(path)
        assert package[name] == []
        assert package["basis"]["ocidPrefixRegistered"] is False
