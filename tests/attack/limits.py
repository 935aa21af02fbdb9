"""Section 5: what one account, a few addresses or many readers can use up."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
from tests.api.bodies import application, form
from tests.api.files.tables.applications import ROW, workbook
from tests.attack.files import headings
from tests.attack.frame import NotTried, Target, attack, unlike

BURST, LONGEST_DAY = 60, 2_500
PDF = {"Content-Type": "application/pdf"}
CITY = "CN-REG:示例京社证字第0001号"
LIMITED = "daily_limit_reached"


def _pdf() -> bytes:
    return f"%PDF-1.7 {uuid4()}".encode()


async def _upload(
    target: Target, content: bytes, role: str | None, service: int = 0, query: str = ""
) -> httpx2.Response:
    return await target.send(f"/v1/attachments{query}", content, role, service % len(target.services), PDF)


def _counted(answers: list[httpx2.Response], limit: int) -> str | None:
    taken = sum(answer.status_code == 201 for answer in answers)
    return None if taken <= limit else f"{taken} were taken, and {limit} are allowed"


@attack(5)
async def more_uploads_than_a_day_has(target: Target) -> str | None:
    """In bursts over all services, between uploads that are refused, which must neither count nor make room."""
    answers: list[httpx2.Response] = []
    same = _pdf()
    while not any(answer.status_code == 429 for answer in answers):
        if len(answers) > LONGEST_DAY:
            return f"{len(answers)} uploads and no limit"
        sent = [_upload(target, same if n % 5 == 0 else _pdf(), "neighbour", n) for n in range(BURST)]
        sent += [_upload(target, b"", "neighbour", n) for n in range(10)]
        sent += [_upload(target, _pdf(), "neighbour", n, "?sha256=" + "0" * 64) for n in range(10)]
        answers += await asyncio.gather(*sent)
    limit = next(answer.json()["details"]["limit"] for answer in answers if answer.status_code == 429)
    while await _fills_up(target, answers):
        pass
    answers += await asyncio.gather(*(_upload(target, _pdf(), "neighbour", n) for n in range(BURST)))
    for answer in answers:
        if answer.status_code == 429 and (wrong := unlike(answer, (429, LIMITED))):
            return wrong
        if answer.status_code == 429 and int(answer.headers.get("Retry-After", 0)) < 1:
            return "429 without Retry-After"
    return _counted(answers, limit)


async def _fills_up(target: Target, answers: list[httpx2.Response]) -> bool:
    """Refused uploads hold a place while they are looked at; what they gave back is taken here."""
    answers.append(await _upload(target, _pdf(), "neighbour"))
    return answers[-1].status_code == 201


@attack(5)
async def more_applications_than_a_day_has(target: Target) -> str | None:
    """By forms, repeated requests, tables, amendments and restatements."""
    organisation, answers = await target.organisation(CITY), list[httpx2.Response]()

    async def apply(service: int, key: str) -> httpx2.Response:
        body = application(organisation, title=f"示例{key}")
        return await _said(target, "/v1/projects", body, "city", service, key)

    keys: dict[str, str] = {}
    while not any(answer.status_code == 429 for answer in answers):
        if len(answers) > LONGEST_DAY:
            return f"{len(answers)} applications and no limit"
        names = [str(uuid4()) for _ in range(BURST)]
        burst = await asyncio.gather(*(apply(n, name) for n, name in enumerate(names)))
        keys |= {name: one.json()["id"] for name, one in zip(names, burst, strict=True) if one.status_code == 201}
        answers += burst
        if not keys:
            raise NotTried(f"no application is taken: {burst[0].text[:120]}")
    limit = next(answer.json()["details"]["limit"] for answer in answers if answer.status_code == 429)
    if wrong := _counted(answers, limit):
        return wrong
    key, project = next(iter(keys.items()))
    for service in range(len(target.services)):
        repeated = await apply(service, key)
        if repeated.status_code != 201 or repeated.json()["id"] != project:
            return f"a repeated request is not answered as before: {unlike(repeated, (201, None))}"
    content = workbook(await headings(target), ROW | {"申报单位标识": CITY, "项目名称": f"示例：{uuid4()}"})
    path = f"/v1/programmes/{target.programme}/tables/applications?all_or_none=false"
    table = await target.send(path, content, "city")
    if table.status_code == 201 and table.json()["done"]:
        return f"a table added {len(table.json()['done'])} applications"
    amended = {"form": form(title="示例：再改"), "reason": "示例"}
    answer = await _said(target, f"/v1/projects/{project}/amendment", amended, "city", 0)
    return unlike(answer, (429, LIMITED))


async def _said(
    target: Target, path: str, body: Any, role: str | None, service: int, key: str | None = None
) -> httpx2.Response:
    headers = target.headers(role) | ({"Idempotency-Key": key} if key else {})
    return await target.services[service % len(target.services)].post(path, json=body, headers=headers)


@attack(5)
async def uploads_by_those_who_cite_nothing(target: Target) -> str | None:
    """Told so before the body is read, of which most never comes."""
    for role, expected in ((None, 401), ("auditor", 403), ("beneficiary", 403), ("treasury", 403)):
        if role and role not in target.tokens:
            continue
        for query in ("", "?sha256=" + "0" * 64):
            if wrong := unlike(await _upload(target, _pdf(), role, query=query), (expected, None)):
                return f"{role}: {wrong}"
    return None
