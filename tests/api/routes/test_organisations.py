"""The life of an organisation over HTTP (N6, N22): what is kept of it, by whom, and what it means for its projects."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from tests.api.bodies import (
    COMMANDS,
    GRADE,
    LISTING,
    PAPER,
    PENALTY_END,
    PROGRAMME,
    REGISTRATION,
    application,
    hand_in,
    screening,
)
from tests.api.client import Caller, Town, check_problem
from tests.support import small_programme

from api.routes import organisations
from ledger.accounts import ANYONE, OPERATOR, Account
from ledger.commands.programme import announce
from ledger.core.fact import Role
from ledger.unit_of_work import CommandContext

CODE = {"scheme": "CN-ORGCODE", "id": "DEMA00013"}
USCI = {"scheme": "CN-USCI", "id": "52110000DEMA000136"}
USCI_OF_ANOTHER = {"scheme": "CN-USCI", "id": "52110000DEMA000211"}
NUMBER = "示例发〔2010〕7号"


async def founded(town: Town, **changes: Any) -> str:
    receipt = await town.office.done("/v1/organisations", REGISTRATION | changes)
    return f"/v1/organisations/{receipt['id']}"


async def test_an_organisations_life_shows_by_both_clocks(town: Town) -> None:
    number = {"scheme": "CN-REG", "id": "示例9号"}
    early = {"late_entry": {"effective_on": "2010-01-05", "reason": "补录。"}}
    one = await founded(town, identifiers=[number, CODE], district="110101", **early)
    heir = (await founded(town, identifiers=[{"scheme": "CN-REG", "id": "示例10号"}])).rsplit("/", 1)[1]
    first = (await town.size()) - 1
    late = {"late_entry": {"effective_on": "2010-01-10", "reason": "补录。"}}
    for path, body in (
        ("renaming", {"name": "示例联合社", "document_number": NUMBER} | late),
        ("identifiers", {"identifier": USCI, "replaces": CODE}),
        ("supervisor", {"authority": "示例教委"}),
        ("relocation", {"district": None, "reason": "升为市级。"}),
        ("grades", GRADE | {"valid_from": "2010-01-20"}),
        ("lists", LISTING),
        ("merger", {"into": heir, "document_number": NUMBER}),
    ):
        await town.office.done(f"{one}/{path}", body)
    shown = await town.public.read(one)
    assert (shown["name"], shown["former_names"], shown["district"]) == ("示例联合社", ["示例社"], None)
    assert (shown["supervisor"], shown["active"], shown["version"]) == ("示例教委", False, 8)
    assert shown["merged"] == {
        "into": heir, "into_name": "示例社", "since": "2010-02-01", "document_number": NUMBER,
    }  # fmt: skip
    assert [(found["id"], found["replaced_by"]) for found in shown["identifiers"]] == [
        ("示例9号", None), ("DEMA00013", USCI), (USCI["id"], None),
    ]  # fmt: skip
    assert shown["grade"]["valid_until"] == "2015-01-19"
    assert [entry["list"] for entry in shown["lists"]] == ["serious"]
    before = await town.public.read(one, known_at=str(first))
    assert (before["name"], before["district"], before["version"], before["grade"]) == ("示例社", "110101", 1, None)
    # The day on which it was renamed lies before the one on which it became known.
    assert (await town.public.read(one, on="2010-01-09"))["name"] == "示例社"
    assert (await town.public.read(one, on="2010-01-10"))["name"] == "示例联合社"
    check_problem(await town.public.get(one, on="2010-01-04"), 404, "nothing_in_force_yet")
    lost = {"name": "示例", "document_number": NUMBER, "late_entry": {"effective_on": "2010-01-04", "reason": "补录。"}}
    check_problem(await town.office.post(f"{one}/renaming", lost), 422, "effective_too_early")
    expired = await town.public.read(one, on="2015-01-20")
    assert (expired["grade"], len(expired["lists"])) == (None, 1)


async def test_an_organisation_is_found_by_former_identifiers(town: Town) -> None:
    one = await founded(town, identifiers=[{"scheme": "CN-REG", "id": "示例:9号"}, CODE])
    await town.office.done(f"{one}/identifiers", {"identifier": USCI, "replaces": CODE})
    await town.followed()
    for identifier in ("CN-REG:示例:9号", f"CN-ORGCODE:{CODE['id']}", f"CN-USCI:{USCI['id']}"):
        found = await town.public.read("/v1/organisations", identifier=identifier)
        assert [row["id"] for row in found["organisations"]] == [one.rsplit("/", 1)[1]], identifier
    assert (await town.public.read("/v1/organisations", identifier="CN-REG:示例"))["organisations"] == []
    for wrong in ("", ":", "示例9号", "CN-USCI:1", "CN-REG:"):
        answer = await town.public.get("/v1/organisations", identifier=wrong)
        if wrong:
            check_problem(answer, 422, "identifier_form")


async def test_an_identifier_race_has_one_winner(town: Town) -> None:
    one = await founded(town, identifiers=[{"scheme": "CN-REG", "id": "示例9号"}, CODE])
    others = [await founded(town, identifiers=[{"scheme": "CN-REG", "id": f"示例{n}号"}]) for n in (10, 11, 12)]
    taken = await town.office.post(f"{others[0]}/identifiers", {"identifier": CODE})
    check_problem(taken, 409, "identifier_taken")
    assert taken.json()["details"]["organisation"] == one.rsplit("/", 1)[1]
    check_problem(
        await town.office.post("/v1/organisations", REGISTRATION | {"identifiers": [CODE]}),
        409,
        "organisation_already_registered",
    )
    answers = await asyncio.gather(
        *(town.office.post(f"{other}/identifiers", {"identifier": USCI_OF_ANOTHER}) for other in others)
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_a_void_identifier_is_free_until_restored(town: Town) -> None:
    one, other = [await founded(town, identifiers=[{"scheme": "CN-REG", "id": f"示例{n}号"}]) for n in (9, 10)]
    await town.office.done(f"{one}/identifiers", {"identifier": CODE})
    await town.office.done(f"{one}/corrections", {"kind": "void", "target": 2, "reason": "误录。"})
    await town.office.done(f"{other}/identifiers", {"identifier": CODE})
    again = await town.office.post(f"{one}/corrections", {"kind": "void", "target": 3, "reason": "误录。"})
    check_problem(again, 409, "identifier_taken")
    assert [found["id"] for found in (await town.public.read(one))["identifiers"]] == ["示例9号"]
    await town.office.done(f"{other}/corrections", {"kind": "void", "target": 2, "reason": "误录。"})
    await town.office.done(f"{one}/corrections", {"kind": "void", "target": 3, "reason": "误录。"})
    assert [found["id"] for found in (await town.public.read(one))["identifiers"]] == ["示例9号", CODE["id"]]
    check_problem(await town.office.post(f"{other}/identifiers", {"identifier": CODE}), 409, "identifier_taken")
    await town.office.done(f"{one}/corrections", {"kind": "void", "target": 2, "reason": "误录。"})
    await town.office.done(f"{other}/identifiers", {"identifier": CODE})


EIGHT = [
    "京社证字第0900001号",
    "京社证字第０９０００01号",
    "京社证字第 0900001 号",
    "京社证字第0900001号\u200b",
    "\ufeff京社证字第0900001号",
    "京社證字第0900001號",
    "京社証字第0900001號",
    "京社证字第0900001号。",
]


async def test_one_number_in_eight_spellings_founds_once(town: Town) -> None:
    await founded(town, identifiers=[{"scheme": "CN-REG", "id": EIGHT[3]}])
    for number in EIGHT:
        again = await town.office.post(
            "/v1/organisations", REGISTRATION | {"identifiers": [{"scheme": "CN-REG", "id": number}]}
        )
        check_problem(again, 409, "organisation_already_registered")
        await town.followed()
        found = (await town.public.read("/v1/organisations", identifier=f"CN-REG:{number}"))["organisations"]
        assert [one["identifiers"] for one in found] == [[{"scheme": "CN-REG", "id": EIGHT[0]}]]


async def test_a_unified_code_holds_its_inner_code(town: Town) -> None:
    written = USCI | {"id": "52 110000 ｄｅｍａ00013 6"}
    one = await founded(town, identifiers=[{"scheme": "CN-REG", "id": "示例9号"}, written])
    other = await founded(town, identifiers=[{"scheme": "CN-REG", "id": "示例10号"}])
    check_problem(await town.office.post(f"{other}/identifiers", {"identifier": CODE}), 409, "identifier_taken")
    check_problem(
        await town.office.post("/v1/organisations", REGISTRATION | {"identifiers": [CODE | {"id": "DEMA0001-3"}]}),
        409,
        "organisation_already_registered",
    )
    await town.office.done(f"{one}/identifiers", {"identifier": CODE})
    await town.office.done(f"{one}/corrections", {"kind": "void", "target": 2, "reason": "误录。"})
    check_problem(await town.office.post(f"{other}/identifiers", {"identifier": CODE}), 409, "identifier_taken")


async def test_a_void_unified_code_frees_its_inner_code(town: Town) -> None:
    one, other = [await founded(town, identifiers=[{"scheme": "CN-REG", "id": f"示例{n}号"}]) for n in (9, 10)]
    await town.office.done(f"{one}/identifiers", {"identifier": USCI})
    check_problem(await town.office.post(f"{other}/identifiers", {"identifier": CODE}), 409, "identifier_taken")
    await town.office.done(f"{one}/corrections", {"kind": "void", "target": 2, "reason": "误录。"})
    await town.office.done(f"{other}/identifiers", {"identifier": CODE})
    again = await town.office.post(f"{one}/corrections", {"kind": "void", "target": 3, "reason": "误录。"})
    check_problem(again, 409, "identifier_taken")


@pytest.mark.parametrize("name", ["\u200b", "合成\u202e会协", "\ufeff示例社"])
async def test_a_name_nobody_reads_is_refused(town: Town, name: str) -> None:
    refused = await town.office.post("/v1/organisations", REGISTRATION | {"name": name})
    check_problem(refused, 422, "invalid_request")
    assert refused.json()["errors"][0]["code"] == "invisible_character"


async def test_organisation_facts_are_corrected_by_their_recorder(town: Town) -> None:
    one = f"/v1/organisations/{town.local_id}"
    await town.office.done(f"{one}/grades", GRADE)
    await town.district.done(f"{one}/lists", LISTING)
    await town.district.done(f"{one}/renaming", {"name": "示例误名", "document_number": NUMBER})
    fix = {"kind": "restate", "target": 4, "changes": {"name": "示例正名"}, "reason": "错字。"}
    await town.district.done(f"{one}/corrections", fix)
    await town.district.done(f"{one}/corrections", {"kind": "void", "target": 3, "reason": "误列。"})
    for body, who, status, code in (
        ({"kind": "void", "target": 2, "reason": "误录。"}, town.district, 403, "not_the_author"),
        ({"kind": "void", "target": 1, "reason": "误录。"}, town.office, 409, "correction_not_possible"),
        (fix | {"target": 1, "changes": {"identifiers": [CODE]}}, town.office, 409, "correction_not_possible"),
        (fix | {"target": 2, "changes": {"valid_until": "2010-01-01"}}, town.office, 422, "grade_validity_wrong"),
        (fix | {"effective_on": "2009-12-31"}, town.district, 422, "effective_too_early"),
        (fix | {"target": 9}, town.office, 404, "correction_target_unknown"),
        (fix, town.elsewhere, 403, "not_the_author"),
        (fix, town.local, 403, "not_the_author"),
    ):
        check_problem(await who.post(f"{one}/corrections", body), status, code)
    shown = await town.public.read(one)
    assert (shown["name"], shown["lists"], shown["grade"]["grade"]) == ("示例正名", [], 4)


async def test_reports_and_penalties_are_checked_when_corrected(town: Town) -> None:
    one = f"/v1/organisations/{town.local_id}"
    report = COMMANDS["record_annual_report"][2]
    await town.district.done(f"{one}/annual-reports", report)
    check_problem(await town.district.post(f"{one}/annual-reports", report), 409, "annual_report_twice")
    future = report | {"year": 2007, "filed_on": "2199-01-01"}
    check_problem(await town.district.post(f"{one}/annual-reports", future), 422, "dated_in_future")
    await town.district.done(f"{one}/penalties", COMMANDS["record_penalty"][2])
    for body, status, code in (
        ({"target": 2, "changes": {"filed_on": "2008-03-20"}}, 422, "annual_report_too_early"),
        ({"target": 2, "changes": {"year": 2007}}, 409, "correction_not_possible"),
        ({"target": 3, "changes": {"ends_on": "2011-01-01"}}, 422, "penalty_end_wrong"),
    ):
        asked = {"kind": "restate", "reason": "错字。"} | body
        check_problem(await town.district.post(f"{one}/corrections", asked), status, code)
    await town.district.done(f"{one}/corrections", {"kind": "void", "target": 2, "reason": "误录。"})
    await town.district.done(f"{one}/annual-reports", report)
    again = await town.district.post(f"{one}/corrections", {"kind": "void", "target": 4, "reason": "误废。"})
    check_problem(again, 409, "annual_report_twice")
    await town.followed()
    kinds = {line["kind"]: line for line in (await town.public.read(f"{one}/credit"))["lines"]}
    assert (kinds["annual_report"]["what"], kinds["penalty"]["what"]) == ("2008", "warning")


async def test_a_penalty_has_its_end_on_the_record(town: Town) -> None:
    one = f"/v1/organisations/{town.local_id}"
    imposed = await town.district.done(f"{one}/penalties", COMMANDS["record_penalty"][2])
    end = PENALTY_END | {"penalty": imposed["version"]}
    check_problem(await town.district.post(f"{one}/penalty-endings", end | {"penalty": 1}), 404, "penalty_unknown")
    early = end | {"late_entry": {"effective_on": "2009-01-01", "reason": "补录。"}}
    check_problem(await town.district.post(f"{one}/penalty-endings", early), 422, "effective_too_early")
    for who, code in ((town.elsewhere, "out_of_scope"), (town.local, "role_may_not"), (town.leaders, "role_may_not")):
        check_problem(await who.post(f"{one}/penalty-endings", end), 403, code)
    await town.district.done(f"{one}/penalty-endings", end)
    check_problem(await town.district.post(f"{one}/penalty-endings", end), 404, "penalty_unknown")
    await town.followed()
    [line] = [one for one in (await town.public.read(f"{one}/credit"))["lines"] if one["kind"] == "penalty"]
    assert (line["result"], line["status"], line["repaired_on"]) == ("served", "repaired", town.today)


@pytest.mark.parametrize(
    ("kind", "said", "other"),
    [("cancelled", "deregistered (", "revoked"), ("revoked", "struck off (", "cancelled")],
)
async def test_how_a_registration_ended_is_shown(town: Town, kind: str, said: str, other: str) -> None:
    one = f"/v1/organisations/{town.local_id}"
    await town.district.done(f"{one}/deregistration", PAPER | {"kind": kind})
    shown = await town.public.read(one)
    assert (shown["active"], shown["deregistered"]["kind"]) == (False, kind)
    refused = await town.district.post(f"{one}/renaming", {"name": "示例社", "document_number": NUMBER})
    check_problem(refused, 409, "organisation_deregistered")
    assert said in refused.json()["title"]
    fix = {"kind": "restate", "target": 2, "changes": {"kind": other}, "reason": "误录。"}
    check_problem(await town.district.post(f"{one}/corrections", fix), 409, "correction_not_possible")


KEEPING = (
    "rename",
    "identify",
    "supervise",
    "relocate",
    "merge",
    "deregister",
    "grade",
    "list",
    "record_annual_report",
    "record_penalty",
)


@pytest.mark.parametrize("command", KEEPING)
async def test_an_organisation_is_kept_by_where_it_is_registered(town: Town, command: str) -> None:
    _, path, body = COMMANDS[command]
    address = f"/v1/organisations/{town.local_id}/{path.rsplit('/', 1)[1]}"
    body = body | ({"into": str(town.city_id)} if command == "merge" else {})
    size = await town.size()
    for who, code in ((town.elsewhere, "out_of_scope"), (town.local, "role_may_not"), (town.leaders, "role_may_not")):
        expected = "role_may_not" if command == "grade" else code
        check_problem(await who.post(address, body), 403, expected)
    check_problem(await town.office.post(address, body, {"If-Match": '"7"'}), 412, "version_stale")
    unknown = COMMANDS[command][1]
    check_problem(await town.office.post(unknown, body), 404, "organisation_unknown")
    assert await town.size() == size
    await (town.office if command == "grade" else town.district).done(address, body, {"If-Match": '"1"'})


async def test_an_identifiers_stream_takes_no_command(town: Town) -> None:
    one = await founded(town, identifiers=[{"scheme": "CN-REG", "id": "示例9号"}])
    await town.office.done(f"{one}/identifiers", {"identifier": CODE})
    await town.followed()
    [claimed] = [event.stream for event in await town.service.store.range(await town.size() - 1, await town.size())]
    address = f"/v1/organisations/{claimed}"
    check_problem(await town.public.get(address), 404, "organisation_unknown")
    check_problem(await town.public.get(f"{address}/history"), 404, "organisation_unknown")
    check_problem(await town.office.post(f"{address}/supervisor", {"authority": "示例"}), 404, "organisation_unknown")
    check_problem(await town.office.post("/v1/projects", application(claimed)), 404, "organisation_unknown")


async def test_a_project_is_not_read_as_an_organisation(town: Town) -> None:
    project = (await town.applied()).rsplit("/", 1)[1]
    for caller in (town.public, town.office):
        for path in ("", "/history"):
            answer = await caller.get(f"/v1/organisations/{project}{path}")
            check_problem(answer, 404, "organisation_unknown")


async def test_projects_keep_the_name_applied_with(town: Town) -> None:
    project = await town.applied()
    one = f"/v1/organisations/{town.local_id}"
    before = await town.followed()
    await town.district.done(f"{one}/renaming", {"name": "示例新名", "document_number": NUMBER})
    await town.district.done(f"{one}/relocation", {"district": "110106", "reason": "迁址。"})
    await town.followed()
    found = await town.public.read("/v1/organisations", district="110106", q="新名")
    assert [row["id"] for row in found["organisations"]] == [str(town.local_id)]
    assert (await town.public.read("/v1/organisations", q="新名", known_at=str(before)))["organisations"] == []
    [row] = (await town.office.read("/v1/projects"))["projects"]
    assert (row["organisation_name"], row["district"]) == ("示例朝阳助老服务中心", "110105")
    assert (await town.district.get(project)).status_code == 200
    assert (await town.elsewhere.get(project)).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("merger", {"document_number": NUMBER}, "organisation_merged"),
        ("deregistration", PAPER, "organisation_deregistered"),
        ("lists", LISTING, "organisation_barred"),
        ("identifiers", {"identifier": CODE}, "organisation_excluded"),
    ],
)
async def test_ineligible_organisations_cannot_apply(town: Town, path: str, body: dict[str, Any], code: str) -> None:
    strict = small_programme("strict-2010") + (
        '\n[eligibility]\nbarred_lists = ["serious"]\nexcluded = [{ scheme = "CN-ORGCODE", id = "DEMA00013" }]\n'
    )
    await town.service.ledger.transact(CommandContext(OPERATOR), announce(strict))
    apply = application(town.local_id) | {"programme": "strict-2010"}
    await town.local.done("/v1/projects", apply)
    into = {"into": str(town.city_id)} if path == "merger" else {}
    await town.office.done(f"/v1/organisations/{town.local_id}/{path}", body | into)
    check_problem(await town.local.post("/v1/projects", apply), 409, code)
    # Where the rules name no list and nobody, only the end of an organisation counts.
    answer = await town.local.post("/v1/projects", application(town.local_id))
    assert answer.status_code == (409 if path in ("merger", "deregistration") else 201)


OLD, NEW = "110103", "110101"


async def reorganised(town: Town) -> tuple[str, Caller, Caller]:
    """A project of 崇文, the account of 崇文 and that of 东城; then 崇文 is no more."""
    old, new = await town.account("district", OLD), await town.account("district", NEW)
    one = await founded(town, district=OLD)
    body = application(one.rsplit("/", 1)[1], contact={"name": "王示例", "telephone": "010-55550199"})
    project = f"/v1/projects/{(await town.office.done('/v1/projects', body))['id']}"
    await town.followed()
    assert [(await who.get(project)).status_code for who in (old, new)] == [200, 404]
    _, path, decree = COMMANDS["reorganise"]
    await town.office.done(path, decree)
    await town.followed()
    return project, old, new


async def test_a_successor_district_takes_over_projects(town: Town) -> None:
    before = await town.followed()
    project, old, new = await reorganised(town)
    assert [(await who.get(project)).status_code for who in (old, new)] == [404, 200]
    history = await new.read(f"{project}/history")
    assert [event["type"] for event in history] == ["Applied"]
    assert [value["name"] for value in history[0]["opened"].values()] == ["王示例"]
    assert await listed(old) == []
    assert await listed(new) == [(project, OLD)]
    assert await listed(town.office, district=OLD) == await listed(town.office, district_now=NEW) == [(project, OLD)]
    assert await listed(town.office, district=NEW) == await listed(town.office, district_now=OLD) == []
    # It serves 朝阳区, wherever it is registered.
    for served in ({"served_district": "110105"}, {"served_district_now": "110105"}):
        assert await listed(town.office, **served) == [(project, OLD)]
    assert await listed(town.office, served_district=NEW) == []
    withdrawal = {"reason": "不再需要。"}
    check_problem(await old.post(f"{project}/withdrawal", withdrawal), 404, "project_unknown")
    await new.done(f"{project}/withdrawal", withdrawal)
    shown = await town.public.read(f"/v1/programmes/{PROGRAMME}")
    assert (shown["districts_now"][OLD], shown["districts_now"]["110105"]) == (NEW, "110105")
    assert (await town.public.read(f"/v1/programmes/{PROGRAMME}", known_at=str(before)))["districts_now"][OLD] == OLD


async def listed(who: Caller, **query: Any) -> list[tuple[str, str]]:
    return [
        (f"/v1/projects/{row['id']}", row["district"]) for row in (await who.read("/v1/projects", **query))["projects"]
    ]


async def test_new_applications_count_for_the_successor(town: Town) -> None:
    project, old, new = await reorganised(town)
    organisation = (await town.office.read(project))["state"]["applied"]["organisation"]
    check_problem(await old.post("/v1/projects", application(organisation)), 403, "out_of_scope")
    receipt = await new.done("/v1/projects", application(organisation, title="示例：新区项目"))
    found = (await new.read(f"/v1/projects/{receipt['id']}"))["state"]["applied"]
    assert found["district"] == NEW


async def test_the_successor_signs_in_its_own_name(town: Town) -> None:
    project, _, new = await reorganised(town)
    await new.done(f"{project}/screening", screening())
    await new.done(f"/v1/programmes/{PROGRAMME}/hand-ins", hand_in(project))
    for member in town.members[:3]:
        await member.done(f"{project}/reviews", COMMANDS["review"][2])
    await town.leaders.done(f"{project}/approval", COMMANDS["approve"][2])
    await new.done(f"{project}/contract", COMMANDS["contract"][2])
    assert (await new.read(project))["state"]["contract"]["authority"] == "东城区民政局"


@pytest.mark.parametrize(
    ("successions", "code"),
    [
        ([{"former": OLD, "to": "999999"}], "district_not_in_force"),
        ([{"former": OLD, "to": NEW}] * 2, "district_repeated"),
        ([], "invalid_request"),
    ],
)
async def test_a_decree_that_cannot_be_is_refused(town: Town, successions: list[Any], code: str) -> None:
    size = await town.size()
    _, path, decree = COMMANDS["reorganise"]
    check_problem(await town.office.post(path, decree | {"successions": successions}), 422, code)
    check_problem(await town.district.post(path, decree), 403, "role_may_not")
    assert await town.size() == size


async def test_history_never_reads_hidden_projects(town: Town) -> None:
    await town.applied()
    shown = await town.published()
    known = await town.followed()
    own = await organisations.organisation_events(town.service, town.local_id)
    for caller, number in ((ANYONE, 1), (Account(UUID(int=1), Role.ORGANISATION, str(town.local_id)), 2)):
        found = await organisations.projects_of(town.service, caller, town.local_id, own, known)
        assert len(found) == number
        assert UUID(shown.rsplit("/", 1)[1]) in found
