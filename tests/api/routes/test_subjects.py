"""Whose data is sealed, everything held about one, legal holds, and erasure by two people."""

import logging
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.api.bodies import ANY_ID
from tests.api.client import Caller, Town, check_problem

from ledger.database import Database
from ledger.database import Role as DatabaseRole
from ledger.erasing import Eraser
from ledger.tokens import issue_token

NAME, TELEPHONE = "示例举报人欧阳", "010-6666 7777"
WHY = {"reason": "示例：本人申请第12号。"}
BASIS = {"authority": "个人信息保护法第四十七条", "reason": "示例：本人申请。"}
READS = "/v1/audit/sealed-reads"


async def reported(town: Town, project: str) -> dict[str, Any]:
    """A report about a project by somebody who left a contact."""
    body = {"text": "示例：活动未按计划开展。", "contact": {"name": NAME, "telephone": TELEPHONE}}
    return await town.public.done(f"{project}/public-reports", body)


async def found(town: Town, text: str) -> list[dict[str, Any]]:
    answer = await town.office.post("/v1/subject-searches", {"text": text} | WHY)
    assert answer.status_code == 200, answer.text
    subjects: list[dict[str, Any]] = answer.json()["found"]
    return subjects


async def subject_of(town: Town) -> str:
    [one] = await found(town, NAME)
    return f"/v1/subjects/{one['subject']}"


async def report(town: Town, subject: str) -> dict[str, Any]:
    answer = await town.office.post(f"{subject}/reports", WHY)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


async def erased(town: Town, subject: str, **more: Any) -> dict[str, Any]:
    proposal = await town.office.done(f"{subject}/erasure-proposals", BASIS | more)
    return await town.leaders.done(f"{subject}/erasures", {"proposal": proposal["version"]})


async def clear(town: Town) -> int:
    return await Eraser(town.service.attachments.objects, town.service.pool).clear()


async def test_a_subject_is_found_by_any_spelling(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    await reported(town, await town.published())
    with caplog.at_level(logging.DEBUG):
        for text in (NAME, "欧阳", "01066667777", "０１０-66667777"):
            [one] = await found(town, text)
            [match] = one["matches"]
            assert (match["purpose"], one["on_hold"]) == ("complainant", False)
        assert await found(town, "示例无此人") == []
    assert "欧阳" not in caplog.text
    check_problem(await town.office.post("/v1/subject-searches", {"text": "欧"} | WHY), 422, "search_too_short")
    reads = (await town.auditor.read(READS))["reads"]
    assert [(one["why"], one["found"], one["subject"]) for one in reads] == [
        ("searched", number, None) for number in (0, 1, 1, 1, 1)
    ]
    assert "欧阳" not in str(reads)


async def test_a_report_holds_all_of_one_subject(town: Town) -> None:
    project = await town.published()
    receipt = await reported(town, project)
    subject = await subject_of(town)
    content = await report(town, subject)
    [value] = content["values"]
    assert value["value"] == {"name": NAME, "telephone": TELEPHONE, "email": None}
    assert value["stands_in"] == receipt["position"]
    [event] = content["events"]
    assert (event["type"], event["payload"]["text"]) == ("PublicReportReceived", "示例：活动未按计划开展。")
    assert content["reads"] == []
    [before] = (await report(town, subject))["reads"]
    assert before["reason"] == WHY["reason"]
    reads = (await town.auditor.read(READS, limit=1))["reads"]
    assert f"/v1/subjects/{reads[0]['subject']}" == subject


async def test_values_sealed_before_positions_are_reported(town: Town, database: Database) -> None:
    receipt = await reported(town, await town.published())
    with psycopg.connect(database.conninfo(DatabaseRole.OWNER)) as owner:
        owner.execute("UPDATE ledger.sealed_values SET position = NULL")
    [value] = (await report(town, await subject_of(town)))["values"]
    assert value["stands_in"] == receipt["position"]


async def test_a_hold_keeps_a_subject_from_being_erased(town: Town) -> None:
    await reported(town, await town.published())
    subject = await subject_of(town)
    waiting = await town.office.done(f"{subject}/erasure-proposals", BASIS)
    hold = await town.office.done(f"{subject}/holds", BASIS)
    assert [one["on_hold"] for one in await found(town, NAME)] == [True]
    blocked = {"proposal": waiting["version"]}
    check_problem(await town.leaders.post(f"{subject}/erasures", blocked), 409, "subject_on_hold")
    check_problem(await town.office.post(f"{subject}/erasure-proposals", BASIS), 409, "subject_on_hold")
    released = {"hold": hold["version"], "reason": "示例：程序终结。"}
    check_problem(await town.office.post(f"{subject}/hold-releases", {**released, "hold": 1}), 404, "hold_unknown")
    await town.office.done(f"{subject}/hold-releases", released)
    check_problem(await town.office.post(f"{subject}/hold-releases", released), 404, "hold_unknown")
    await town.leaders.done(f"{subject}/erasures", blocked)
    view = await town.leaders.read(subject)
    assert (view["holds"], view["proposal"], view["version"]) == ([], None, 4)
    assert [event["type"] for event in view["history"]] == [
        "ErasureProposed",
        "HoldPlaced",
        "HoldReleased",
        "SubjectErased",
    ]


async def other_account(town: Town, role: str, person: UUID) -> Caller:
    """A further account of the same person."""
    id = uuid4()
    async with town.service.pool.connection() as connection:
        await connection.execute(
            "INSERT INTO ledger.accounts (id, role, label, person) VALUES (%s, %s, '', %s)", [id, role, person]
        )
        return Caller(town.public.http, await issue_token(connection, id))


async def test_the_second_person_is_another_human(town: Town) -> None:
    await reported(town, await town.published())
    subject = await subject_of(town)
    async with town.service.pool.connection() as connection:
        rows = await connection.execute("SELECT id FROM ledger.accounts WHERE role = 'office'")
        [(person,)] = await rows.fetchall()
    proposal = {"proposal": (await town.office.done(f"{subject}/erasure-proposals", BASIS))["version"]}
    for same in (town.office, *[await other_account(town, role, person) for role in ("office", "leading_group")]):
        check_problem(await same.post(f"{subject}/erasures", proposal), 403, "proposer_may_not_confirm")
        assert (await same.read(subject))["proposal"]["yours"] is True
    colleague = await town.account("office")
    assert (await colleague.read(subject))["proposal"]["yours"] is False
    check_problem(await colleague.post(f"{subject}/erasures", {"proposal": 7}), 409, "erasure_not_proposed")
    newer = await town.office.done(f"{subject}/erasure-proposals", BASIS)
    check_problem(await colleague.post(f"{subject}/erasures", proposal), 409, "erasure_not_proposed")
    await colleague.done(f"{subject}/erasures", {"proposal": newer["version"]})
    check_problem(await colleague.post(f"{subject}/erasures", {"proposal": newer["version"]}), 409)


async def test_erased_data_is_read_by_nobody(town: Town) -> None:
    project = await town.published()
    receipt = await reported(town, project)
    subject = await subject_of(town)
    assert NAME in (await town.office.get(f"{project}/public-reports")).text
    leaf = await town.service.store.leaf_hash(receipt["position"])
    await erased(town, subject)
    assert NAME not in (await town.office.get(f"{project}/public-reports")).text
    assert await found(town, NAME) == []
    assert [one["value"] for one in (await report(town, subject))["values"]] == [None]
    [purpose] = (await town.office.read(subject))["purposes"]
    assert purpose["erased_at"] is not None
    assert await town.service.store.leaf_hash(receipt["position"]) == leaf
    assert await clear(town) == 1
    assert await clear(town) == 0
    check_problem(await town.office.post(f"{subject}/erasure-proposals", BASIS), 409, "nothing_to_erase")


async def test_one_purpose_goes_without_the_others(town: Town) -> None:
    project = await town.published()
    await reported(town, project)
    subject = await subject_of(town)
    other = BASIS | {"purposes": ["contact"]}
    refused = await town.office.post(f"{subject}/erasure-proposals", other)
    check_problem(refused, 409, "nothing_to_erase")
    assert "kept for this: contact" in refused.text
    await erased(town, subject, purposes=["complainant"])
    # What others left is theirs, also under the same purpose.
    await reported(town, project)
    assert len(await found(town, NAME)) == 1


async def test_somebody_who_acts_is_not_erased(town: Town) -> None:
    await reported(town, await town.published())
    subject = await subject_of(town)
    person = UUID(subject.rpartition("/")[2])
    async with town.service.pool.connection() as connection:
        await connection.execute(
            "INSERT INTO ledger.accounts (id, role, label) VALUES (%s, 'auditor', %s)", [person, NAME]
        )
    check_problem(await town.office.post(f"{subject}/erasure-proposals", BASIS), 409, "subject_acts")
    [account] = (await report(town, subject))["accounts"]
    assert account["label"] == NAME
    async with town.service.pool.connection() as connection:
        await connection.execute("UPDATE ledger.accounts SET closed_at = now() WHERE id = %s", [person])
    await erased(town, subject)
    await clear(town)
    [account] = (await report(town, subject))["accounts"]
    assert account["label"] == "auditor"


async def test_personal_data_is_for_the_office(town: Town) -> None:
    subject = f"/v1/subjects/{ANY_ID}"
    commands: dict[str, dict[str, Any]] = {
        "holds": BASIS,
        "hold-releases": {"hold": 1, "reason": "示例。"},
        "erasure-proposals": BASIS,
        "reports": WHY,
    }
    for caller in (town.district, town.auditor, town.local, town.members[0], town.leaders):
        for path, body in commands.items():
            check_problem(await caller.post(f"{subject}/{path}", body), 403, "role_may_not")
        check_problem(await caller.post("/v1/subject-searches", {"text": NAME} | WHY), 403, "role_may_not")
    check_problem(await town.auditor.post(f"{subject}/erasures", {"proposal": 1}), 403, "role_may_not")
    check_problem(await town.auditor.get(subject), 403, "role_may_not")
    for path, body in commands.items():
        check_problem(await town.office.post(f"{subject}/{path}", body), 404, "subject_unknown")
    for caller in (town.office, town.leaders, town.local):
        check_problem(await caller.get(READS), 403, "role_may_not")
