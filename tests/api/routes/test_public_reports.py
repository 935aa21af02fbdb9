"""Anybody reports about a published project; the authority answers for everybody (N12)."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from tests.api.bodies import ANY_ID, CONTACT
from tests.api.client import Caller, Town, check_problem, connect

from api.protocol.proxies import Proxies
from api.report_limits import PER_NETWORK, PER_SITE, PERIOD, ReportLimits
from ledger.clock import utc_now
from ledger.refusals.general import TooManyReports

TEXT = "示例：三月十日的午餐没有送到。"


async def reported(town: Town, project: str, text: str = TEXT, **more: Any) -> str:
    receipt = await town.public.done(f"{project}/public-reports", {"text": text} | more)
    await town.followed()
    return str(receipt["id"])


async def reports(caller: Caller, project: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await caller.read(f"{project}/public-reports", **query))["reports"]
    return found


def answer(report: str) -> dict[str, str]:
    return {"report": report, "subject": "关于送餐时间", "answer": "经查属实，已要求整改。"}


async def test_anonymous_reports_are_read_by_their_handler(town: Town) -> None:
    project = await town.published()
    report = await reported(town, project, contact=CONTACT)
    for caller in (town.office, town.district, town.auditor):
        [one] = await reports(caller, project)
        assert (one["id"], one["text"], one["received_on"], one["answer"]) == (report, TEXT, "2010-02-01", None)
    for caller in (town.public, town.local, town.elsewhere, town.neighbour, town.members[0], town.association):
        assert await reports(caller, project) == []


async def test_the_contact_opens_for_those_who_answer(town: Town) -> None:
    project = await town.published()
    report = await reported(town, project, contact=CONTACT)
    for caller, contact in ((town.office, CONTACT), (town.district, CONTACT), (town.auditor, None)):
        [one] = await reports(caller, project)
        assert one["contact"] == contact
    async with town.service.pool.connection() as connection:
        rows = await (await connection.execute("SELECT payload FROM ledger.payloads")).fetchall()
    assert not any(CONTACT["telephone"].encode() in payload for (payload,) in rows)
    await town.district.done(f"{project}/public-report-answers", answer(report))
    assert CONTACT["telephone"] not in str(await reports(town.public, project))


async def test_the_answer_is_public_without_the_report(town: Town) -> None:
    project = await town.published()
    open_one, answered = await reported(town, project, "示例：另一件事。"), await reported(town, project)
    town.clock.to(2, 9)
    before = await town.size() - 1
    await town.district.done(f"{project}/public-report-answers", answer(answered))
    for caller in (town.public, town.local):
        assert await reports(caller, project) == [
            {
                "id": answered,
                "received_on": "2010-02-01",
                "text": None,
                "contact": None,
                "subject": "关于送餐时间",
                "answer": "经查属实，已要求整改。",
                "answered_on": "2010-02-09",
            }
        ]
        assert await reports(caller, project, known_at=before) == []
    assert {one["id"] for one in await reports(town.office, project)} == {open_one, answered}
    told = str(await town.public.read(f"{project}/history"))
    assert TEXT not in told and "PublicReport" not in told


async def test_a_repeated_report_is_answered_whatever_the_limit(town: Town) -> None:
    path, body, key = f"{await town.published()}/public-reports", {"text": TEXT}, {"Idempotency-Key": "lost"}
    first = await town.public.done(path, body, key)
    for _ in range(PER_NETWORK):
        assert await town.public.done(path, body, key) == first
    for _ in range(PER_NETWORK - 1):
        await town.public.done(path, body)
    check_problem(await town.public.post(path, body), 429, "too_many_reports")
    assert await town.public.done(path, body, key) == first


async def test_reports_are_read_in_parts_the_newest_first(town: Town) -> None:
    project = await town.published()
    made = []
    for day in (1, 2, 3):
        town.clock.to(2, day)
        made.append(await reported(town, project))
    first = await town.office.read(f"{project}/public-reports", limit=2)
    assert [one["id"] for one in first["reports"]] == [made[2], made[1]]
    rest = await town.office.read(f"{project}/public-reports", limit=2, after=first["next_after"])
    assert ([one["id"] for one in rest["reports"]], rest["next_after"]) == ([made[0]], None)


async def test_an_unpublished_project_takes_no_report(town: Town) -> None:
    project, size = await town.contracted(), await town.size()
    for caller in (town.public, town.neighbour, town.local):
        for path in (project, f"/v1/projects/{ANY_ID}", f"/v1/projects/{town.local_id}"):
            check_problem(await caller.post(f"{path}/public-reports", {"text": TEXT}), 404, "project_unknown")
    check_problem(await town.public.get(f"{project}/public-reports"), 404, "project_unknown")
    assert await town.size() == size


async def test_an_answer_is_refused(town: Town) -> None:
    project, other = await town.published(), await town.published(title="示例：另一个")
    report = await reported(town, project)
    tries = [
        (town.public, project, report, (401, "sign_in_needed")),
        (town.local, project, report, (403, "role_may_not")),
        (town.elsewhere, project, report, (403, "out_of_scope")),
        (town.auditor, project, report, (403, "role_may_not")),
        (town.district, project, ANY_ID, (404, "public_report_unknown")),
        (town.district, other, report, (404, "public_report_unknown")),
        # The id of something else is not taken for a report, and that something stays usable.
        (town.district, project, project.rsplit("/", 1)[1], (404, "public_report_unknown")),
        (town.district, project, other.rsplit("/", 1)[1], (404, "public_report_unknown")),
        (town.district, project, str(town.local_id), (404, "public_report_unknown")),
    ]
    size = await town.size()
    for caller, path, asked, refusal in tries:
        check_problem(await caller.post(f"{path}/public-report-answers", answer(asked)), *refusal)
    assert await town.size() == size
    await town.office.done(f"{project}/public-report-answers", answer(report))
    again = await town.district.post(f"{project}/public-report-answers", answer(report))
    check_problem(again, 409, "public_report_already_answered")


async def test_who_reports_too_often_waits_and_leaves_nothing(town: Town) -> None:
    project = await town.published()
    for _ in range(PER_NETWORK):
        await town.public.done(f"{project}/public-reports", {"text": TEXT})
    size = await town.size()
    refused = await town.public.post(f"{project}/public-reports", {"text": TEXT, "contact": CONTACT})
    check_problem(refused, 429, "too_many_reports")
    assert refused.headers["retry-after"] == str(refused.json()["details"]["retry_after"]) == "3600"
    assert await town.size() == size
    async with town.service.pool.connection() as connection:
        rows = await (await connection.execute("SELECT 1 FROM ledger.vault_keys")).fetchall()
    assert rows == []
    town.clock.forward(hours=1)
    await town.public.done(f"{project}/public-reports", {"text": TEXT})


async def test_few_addresses_cannot_silence_a_project(town: Town) -> None:
    """Fifty addresses at their limits, over two services; a new address is heard, once they have used the share up."""
    project, other, now = uuid4(), uuid4(), utc_now()
    services = [ReportLimits(town.service.pool, town.service.ledger.vault) for _ in range(2)]
    limits = services[0]
    for number in range(50):
        for turn in range(PER_NETWORK + 1):
            try:
                await services[turn % 2].take(f"192.0.2.{number}", project, now)
            except TooManyReports:
                break
        with pytest.raises(TooManyReports):
            await services[number % 2].take(f"192.0.2.{number}", project, now)
    for newcomer in ("198.51.100.1", "192.0.2.77", "2001:db8:1::/64"):
        await limits.take(newcomer, project, now)
        with pytest.raises(TooManyReports):
            await limits.take(newcomer, project, now)
        await limits.take(newcomer, other, now)
    later = now + PERIOD
    await limits.take("192.0.2.1", project, later)
    async with town.service.pool.connection() as connection:
        left = await (await connection.execute("SELECT count(*) FROM ledger.report_limits")).fetchone()
    assert left and left[0] < 100


async def test_limits_hold_when_two_services_take_at_once(town: Town) -> None:
    services = [ReportLimits(town.service.pool, town.service.ledger.vault) for _ in range(2)]
    now, projects = utc_now(), [uuid4() for _ in range(4)]
    tries = [service.take("192.0.2.1", project, now) for service in services for project in projects for _ in range(4)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    refused = [one for one in answers if one is not None]
    assert len(answers) - len(refused) == PER_NETWORK
    assert {type(one) for one in refused} == {TooManyReports}


async def test_one_site_with_many_networks_is_limited(town: Town) -> None:
    limits, now = town.service.report_limits, utc_now()
    for number in range(PER_SITE):
        await limits.take(f"2001:db8:0:{number:x}::/64", uuid4(), now)
    with pytest.raises(TooManyReports):
        await limits.take("2001:db8:0:ffff::/64", uuid4(), now)
    await limits.take("2001:db8:1::/64", uuid4(), now)


async def test_limits_keep_no_address(town: Town) -> None:
    await town.service.report_limits.take("192.0.2.123", uuid4(), utc_now())
    async with town.service.pool.connection() as connection:
        rows = await (await connection.execute("SELECT r::text FROM ledger.report_limits r")).fetchall()
    assert rows and "192.0.2.123" not in str(rows)


async def test_clients_behind_a_trusted_proxy_are_told_apart(town: Town) -> None:
    project = await town.published()
    async with connect(town.service, Proxies.of("https://example.org/ledger", "127.0.0.1")) as http:

        async def report(forwarded: str) -> int:
            headers = {"X-Forwarded-For": forwarded}
            answer = await http.post(f"{project}/public-reports", json={"text": TEXT}, headers=headers)
            return answer.status_code

        # What stands further left is the client's own invention.
        assert [await report(f"198.51.100.{one}, 192.0.2.1") for one in range(PER_NETWORK + 1)] == [
            *[201] * PER_NETWORK,
            429,
        ]
        assert await report("192.0.2.2") == 201
        assert await report("192.0.2.2, 192.0.2.1") == 429


async def test_strangers_who_choose_the_same_key_do_not_meet(town: Town) -> None:
    project, key = await town.published(), {"Idempotency-Key": "1"}
    first = await town.public.done(f"{project}/public-reports", {"text": TEXT}, key)
    assert await town.public.done(f"{project}/public-reports", {"text": TEXT}, key) == first
    other = await town.public.done(f"{project}/public-reports", {"text": "示例：别的事。"}, key)
    assert other["id"] != first["id"]
