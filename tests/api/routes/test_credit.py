"""Credit records over HTTP: who sees what, by both clocks; snapshot, changes, receipts and digests for the system."""

from hashlib import sha256
from typing import Any

import rfc8785
from tests.api.bodies import CONTACT, GRADE, LISTING, PROGRAMME, SECRET, award, frame, report
from tests.api.client import Caller, Town, check_problem
from tests.support import CURSORS

from projections.credit_queries import LAST, Place

CHANGES, ACKS, DIGESTS = "/v1/credit/changes", "/v1/credit/acks", "/v1/credit/digests"


def credit(town: Town) -> str:
    return f"/v1/organisations/{town.local_id}/credit"


def lines(record: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [line for line in record["lines"] if line["kind"] == kind]


async def lived(town: Town) -> str:
    """An evaluated project of the district's organisation, which has a grade and is on a list."""
    register = f"/v1/organisations/{town.local_id}"
    await town.office.done(f"{register}/grades", GRADE)
    project = await town.evaluated(contact=CONTACT)
    await town.office.done(f"{register}/lists", LISTING)
    await town.followed()
    return project


async def walked(caller: Caller, limit: int = 3, after: str | None = None) -> tuple[list[dict[str, Any]], str]:
    """Everything from there on, and the cursor at its end."""
    found: list[dict[str, Any]] = []
    while True:
        page = await caller.read(CHANGES, limit=limit, **({"after": after} if after else {}))
        found += page["changes"]
        after = page["next_after"]
        assert after is not None
        if not page["more"]:
            return found, after


def kept(found: list[dict[str, Any]], before: dict[str, Any] | None = None) -> dict[str, Any]:
    result = dict(before or {})
    for change in found:
        if change["became"] is None:
            result.pop(change["line"], None)
        else:
            result[change["line"]] = change["became"]
    return result


def digest(found: dict[str, Any], organisation: object) -> str:
    own = [line for _, line in sorted(found.items()) if line["organisation"] == str(organisation)]
    return sha256(rfc8785.dumps(own)).hexdigest()


async def test_a_credit_record_is_public(town: Town) -> None:
    hidden = await town.approved(town.city)
    project = await lived(town)
    town.clock.to(12, 1)
    record = await town.public.read(credit(town))
    assert [line["kind"] for line in record["lines"]].count("timeliness") == 5
    assert {line["kind"] for line in record["lines"]} == {
        "registration", "grade", "list", "participation", "contract", "timeliness", "evaluation",
    }  # fmt: skip
    [grade] = lines(record, "grade")
    assert (grade["what"], grade["status"], grade["expires_on"]) == ("4A", "active", "2015-02-01")
    assert (grade["authority"], grade["document_number"]) == (GRADE["authority"], GRADE["document_number"])
    [contract] = lines(record, "contract")
    assert (contract["what"], contract["result"], contract["programme"]) == ("示例合同2010-1", "running", PROGRAMME)
    history = {event["position"]: event["type"] for event in await town.public.read(f"{project}/history")}
    assert [history[position] for position in contract["positions"]] == ["ContractSigned", "Published"]
    # 20 March 2010 was a Saturday; all five were reported on 15 March.
    assert {line["result"] for line in lines(record, "timeliness")} == {"in_time"}
    [evaluation] = lines(record, "evaluation")
    assert {one["by"]: one["score"] for one in evaluation["scores"]} == {"self": "85.00", "third_party": "85.00"}
    assert {line["order_60_class"] for line in record["lines"]} == {None}
    later = await town.public.read(credit(town), on="2018-01-24")
    assert {line["kind"]: line["order_60_class"] for line in later["lines"]}.items() >= {
        "registration": "basic",
        "grade": "other",
        "list": "other",
        "contract": "other",
    }.items()
    assert lines(later, "grade")[0]["status"] == "expired"
    assert hidden.rsplit("/", 1)[1] not in str(await town.public.read(f"/v1/organisations/{town.city_id}/credit"))


async def test_a_report_is_in_time_until_the_working_day(town: Town) -> None:
    project = await town.published()
    for (month, day), milestone in (((3, 22), "start"), ((5, 21), "early")):
        town.clock.to(month, day)
        await town.local.done(f"{project}/milestones", report(milestone))
    await town.followed()
    found = lines(await town.public.read(credit(town)), "timeliness")
    assert {line["what"]: (line["due_on"], line["done_on"], line["result"]) for line in found} == {
        "start": ("2010-03-20", "2010-03-22", "in_time"),
        "early": ("2010-05-20", "2010-05-21", "late"),
    }


async def test_both_clocks_are_asked_for(town: Town) -> None:
    await town.published()
    known = await town.followed()
    town.clock.to(2, 5)
    await town.office.done(f"/v1/organisations/{town.local_id}/lists", LISTING)
    town.clock.to(2, 8)
    await town.office.done(f"/v1/organisations/{town.local_id}/lists", LISTING | {"kind": "leave"})
    await town.followed()
    assert lines(await town.public.read(credit(town), known_at=known), "list") == []
    assert lines(await town.public.read(credit(town), on="2010-02-04"), "list") == []
    states = [
        lines(await town.public.read(credit(town), on=day), "list")[0]["status"] for day in ("2010-02-07", "2010-02-08")
    ]
    assert states == ["active", "repaired"]
    check_problem(await town.public.get(credit(town), on="2009-12-31"), 404, "nothing_in_force_yet")
    other = f"/v1/organisations/{'0' * 8}-0000-4000-8000-000000000000/credit"
    check_problem(await town.public.get(other), 404, "organisation_unknown")


async def test_recording_delay_is_in_working_days(town: Town) -> None:
    register = f"/v1/organisations/{town.local_id}"
    town.clock.now = town.clock.now.replace(year=2018, month=2, day=26)
    for name, day in (("abnormal", "2018-02-12"), ("serious", "2018-02-22")):
        late = {"late_entry": {"effective_on": day, "reason": "补录。"}}
        await town.office.done(f"{register}/lists", LISTING | {"list": name} | late)
    await town.followed()
    found = lines(await town.public.read(credit(town)), "list")
    # The spring festival lies between, and Saturday the 24th was worked.
    assert {line["what"]: (line["working_days"], line["in_time"]) for line in found} == {
        "abnormal": (6, False),
        "serious": (3, True),
    }
    [registration] = lines(await town.public.read(credit(town)), "registration")
    # From 1 January to 1 February 2010, when there was no term.
    assert (registration["working_days"], registration["in_time"]) == (21, None)


async def test_a_dispute_is_shown_to_those_concerned(town: Town) -> None:
    project = await lived(town)
    shown = (await town.public.read(f"{project}/history"))[-1]
    objection = await town.city.done(
        f"{project}/objections", {"target": shown["payload"]["evaluations"][-1], "reason": SECRET}
    )
    await town.followed()
    system = await town.account("credit_system")
    on = {"on": "2010-12-01"}
    for reader in (town.local, town.office, town.auditor, system):
        record = await reader.read(credit(town), **on)
        assert [line["status"] for line in lines(record, "evaluation")] == ["disputed"]
        assert record["sha256"]
        assert objection["position"] not in lines(record, "evaluation")[0]["positions"]
    for reader in (town.public, town.city, town.neighbour, town.district, town.members[0], town.leaders):
        record = await reader.read(credit(town), **on)
        assert [(line["status"], line["disputes"]) for line in lines(record, "evaluation")] == [("active", [])]
        assert record["sha256"] is None
    resolution = {"objection": objection["version"], "accepted": True, "reason": "属实。"}
    await town.leaders.done(f"{project}/objection-resolutions", resolution)
    await town.followed()
    record = await town.public.read(credit(town), **on)
    assert [line["status"] for line in lines(record, "evaluation")] == ["corrected"]


async def test_changes_are_for_credit_office_and_auditors(town: Town) -> None:
    system = await town.account("credit_system")
    for reader in (system, town.office, town.auditor):
        for path in (CHANGES, DIGESTS, ACKS):
            assert (await reader.get(path)).status_code == 200
    for path in (CHANGES, DIGESTS, ACKS):
        check_problem(await town.public.get(path), 401, "sign_in_needed")
    others = (town.local, town.district, town.members[0], town.jurors[0], town.leaders, town.association)
    more = (town.treasury, town.beneficiary, await town.account("administrator"))
    for reader in (*others, *more):
        for path in (CHANGES, DIGESTS, ACKS):
            check_problem(await reader.get(path), 403, "role_may_not")
    [*_, cursor] = await walked(system)
    for writer in (town.office, town.auditor, town.local):
        check_problem(await writer.post(ACKS, {"after": cursor}), 403, "role_may_not")
    check_problem(await town.public.post(ACKS, {"after": cursor}), 401, "sign_in_needed")


async def test_snapshot_changes_and_digests_agree(town: Town) -> None:
    system = await town.account("credit_system")
    project = await lived(town)
    found, cursor = await walked(system)
    taken = kept(found)
    assert {change["correction"] for change in found} == {False}
    assert not (await walked(system, after=cursor))[0]
    listed = next(line for line in taken.values() if line["kind"] == "list")
    void = {"kind": "void", "target": 3, "reason": "误录。"}
    await town.office.done(f"/v1/organisations/{town.local_id}/corrections", void)
    town.clock.to(4, 1)
    order = {"kind": "order", "what": "整改。", "due_on": "2010-05-12"}
    await town.office.done(f"{project}/rectifications", order)
    await town.followed()
    found, cursor = await walked(system, after=cursor)
    assert [(change["line"], change["became"], change["correction"]) for change in found[:1]] == [
        (listed["line"], None, True)
    ]
    assert [(change["became"]["kind"], change["correction"]) for change in found[1:]] == [("rectification", False)]
    assert [change["position"] for change in found] == sorted(change["position"] for change in found)
    taken = kept(found, taken)
    assert taken == kept((await walked(system))[0])
    digests = await system.read(DIGESTS, limit=1)
    seen = []
    while True:
        seen += digests["organisations"]
        if digests["next_after"] is None:
            break
        digests = await system.read(DIGESTS, limit=1, after=digests["next_after"])
    assert {one["organisation"]: one["sha256"] for one in seen} == {
        str(one["organisation"]): digest(taken, one["organisation"]) for one in taken.values()
    }
    record = await system.read(credit(town))
    assert record["sha256"] == digest(taken, town.local_id)
    # What the record shows in addition to the line depends on the day alone.
    extra = {"status", "order_60_class", "working_days", "in_time", "result"}
    for line in (await system.read(credit(town), on="2010-12-31"))["lines"]:
        told = taken[line["line"]]
        assert {name: line[name] for name in told if name not in extra} == {
            name: value for name, value in told.items() if name not in extra
        }


async def test_receipts_count_up_to_the_latest_cursor(town: Town) -> None:
    system = await town.account("credit_system")
    await lived(town)
    first = await system.read(CHANGES, limit=2)
    _, last = await walked(system)
    assert (await system.read(ACKS))["acks"] == []
    for after, counts in ((first["next_after"], first["next_after"]), (last, last), (first["next_after"], last)):
        receipt = await system.done(ACKS, {"after": after})
        assert [ack["after"] for ack in receipt["acks"]] == [counts]
    other = await town.account("credit_system")
    assert (await other.read(ACKS))["acks"] == []
    for reader in (system, town.office, town.auditor):
        assert [(ack["label"], ack["after"]) for ack in (await reader.read(ACKS))["acks"]] == [("credit_system", last)]
    # A client that lost its cursor goes on from there.
    assert (await walked(system, after=last))[0] == []


async def test_a_cursor_that_no_answer_gave_is_refused(town: Town) -> None:
    system = await town.account("credit_system")
    _, cursor = await walked(system)
    for wrong in ("nonsense", "", "下一页", cursor[:-6]):
        check_problem(await system.get(CHANGES, after=wrong), 422, "cursor_invalid")
        check_problem(await system.post(ACKS, {"after": wrong}), 422, "cursor_invalid")
    beyond = Place(False, await town.size(), LAST).encode(CURSORS.of("credit"))
    check_problem(await system.get(CHANGES, after=beyond), 410, "credit_cursor_gone")
    check_problem(await system.post(ACKS, {"after": beyond}), 410, "credit_cursor_gone")
    for query in ({"limit": 0}, {"limit": 1001}, {"known_at": "yesterday"}):
        check_problem(await system.get(CHANGES, **query), 422)
    check_problem(await system.post(ACKS, {"after": cursor, "more": 1}), 422, "invalid_request")


async def test_credit_answers_contain_no_personal_data(town: Town) -> None:
    project = await town.published(contact=CONTACT)
    town.clock.to(3, 15)
    await town.local.done(f"{project}/milestones", report("start"))
    await town.local.done(f"{project}/sample-frame", frame())
    await town.local.done(f"{project}/milestones", report("early"))
    await town.followed()
    system = await town.account("credit_system")
    answers = [
        (await system.get(CHANGES, limit=1000)).text,
        (await system.get(DIGESTS)).text,
        *[(await reader.get(credit(town))).text for reader in (town.public, town.local, town.office, system)],
    ]
    for answer in answers:
        for private in (CONTACT["name"], CONTACT["telephone"], CONTACT["email"], "commitment", "0" * 64):
            assert private not in answer


async def test_only_organisations_honours_are_recorded(town: Town) -> None:
    project = await town.evaluated(score=90)
    await town.proposed(project, "advanced-organisation", town.leaders)
    town.clock.to(12, 20)
    await town.leaders.done(f"/v1/programmes/{PROGRAMME}/awards", award(project, "advanced-organisation"))
    await town.followed()
    [honour] = lines(await town.public.read(credit(town)), "honour")
    assert (honour["what"], honour["result"], honour["document_number"]) == (
        "advanced-organisation",
        "granted",
        "京民服发〔2010〕2号",
    )
    assert (honour["authority"], honour["status"]) == ("leading_group", "active")


async def test_a_record_is_filtered_by_kind_class_and_day(town: Town) -> None:
    await lived(town)
    whole = (await town.public.read(credit(town)))["lines"]
    for query in (
        {"kind": "timeliness"},
        {"class": "basic"},
        {"class": "other", "kind": "grade"},
        {"class": "penalty"},
        {"from": "2010-03-15"},
        {"to": "2010-03-14"},
        {"from": "2010-03-15", "to": "2010-04-30", "kind": "timeliness"},
    ):
        found = (await town.public.read(credit(town), **query))["lines"]
        classes = {"basic": {"registration", "name", "identifier", "supervisor", "district"}, "other": {"grade"}}
        assert found == [
            line
            for line in whole
            if query.get("kind") in (None, line["kind"])
            and ("class" not in query or line["kind"] in classes.get(query["class"], set()))
            and query.get("from", "") <= line["since"] <= query.get("to", "9")
        ]
    assert (await town.public.read(credit(town)))["identifiers"] == [
        {"scheme": "CN-REG", "id": "示例京朝民证字第0002号"}
    ]
    check_problem(await town.public.get(credit(town), **{"class": "none"}), 422, "invalid_request")


async def test_filtered_changes_tell_what_left_the_filter(town: Town) -> None:
    """By the identifier in another spelling; a withdrawn line is told to those who took it."""
    project = await lived(town)
    asked = {"identifier": "CN-REG:示例京朝民證字第 0002 号", "kind": "timeliness"}
    page = await town.office.read(CHANGES, **asked)
    taken = page["changes"]
    assert {change["organisation"] for change in taken} == {str(town.local_id)}
    assert {change["became"]["kind"] for change in taken} == {"timeliness"}
    assert {one["id"] for change in taken for one in change["identifiers"]} == {"示例京朝民证字第0002号"}
    events = await town.local.read(f"{project}/history")
    last = [event["version"] for event in events if event["type"] == "MilestoneReported"][-1]
    await town.local.done(f"{project}/corrections", {"kind": "void", "target": last, "reason": "误报。"})
    await town.followed()
    [gone] = (await town.office.read(CHANGES, after=page["next_after"], **asked))["changes"]
    assert gone["became"] is None
    assert gone["line"] in {change["line"] for change in taken}
    for nobody in ({"identifier": "CN-REG:无此号"}, {"class": "penalty"}):
        assert (await town.office.read(CHANGES, **nobody))["changes"] == []
