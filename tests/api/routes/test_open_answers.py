"""Attacks on answers by real name: inventing people, learning who has answered, guessing codes, reading what lies
about (N17, N18)."""

import json
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from itertools import pairwise
from typing import Any

import httpx2
import psycopg
import pytest
from pydantic import SecretStr
from stdnum.cn import ric
from tests.api.bodies import evaluation, online
from tests.api.client import Caller, Town, check_problem
from tests.api.routes.test_evaluation import drawn
from tests.api.sign_in.browser import led_to, opened
from tests.api.sign_in.providers import CLIENT, SECRET, LyingProvider
from tests.api.sign_in.test_provider import BACK
from tests.api.transparency.witnesses import running

from api.app import create_app
from api.code_sender import CodeSender
from api.sign_in.provider import Provider, ProviderSettings, asking
from ledger.database import Database, Role

FILLED = {"satisfaction": 5, "helped": "much", "charged": "no", "comment": "秘密的话很长"}
NAME, TELEPHONE = "钱示例某", "13012345678"


def identity(number: int) -> str:
    """Of the 25 invented people; no district has the code 000000."""
    digits = f"00000019700101{number:03}"
    return digits + str(ric.calc_check_digit(digits + "0"))


def open_answer(number: int, telephone: str = TELEPHONE, **more: Any) -> dict[str, Any]:
    named = {"name": NAME, "identity": identity(number)}
    return {"respondent": named, "telephone": telephone, "answers": FILLED} | more


def shape(answered: Any) -> tuple[Any, ...]:
    """What a reply says, but for the place and time in the ledger."""
    kept = {name for name in answered.headers if name not in ("date", "etag", "server")}
    return answered.status_code, tuple(sorted(answered.json())), tuple(sorted(kept)), answered.json().get("origin")


@dataclass
class Phone:
    """A caller to a service that sends codes, and what was sent."""

    caller: Caller
    out: StringIO

    async def code(self, project: str, number: int, telephone: str = TELEPHONE) -> str:
        wanted = {"identity": identity(number), "telephone": telephone}
        answer = await self.caller.post(f"{project}/identity-codes", wanted)
        assert answer.status_code == 202, answer.text
        return self.out.getvalue().splitlines()[-1].split()[1]


@pytest.fixture
async def sent(town: Town) -> AsyncIterator[Phone]:
    out = StringIO()
    app = create_app(town.service, codes=CodeSender.of("log:", "", out))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://ledger") as http:
        yield Phone(Caller(http), out)


async def standings(town: Town, project: str) -> list[str]:
    return [event["payload"].get("standing") for event in await town.office.read(f"{project}/feedback")]


async def test_one_account_invents_nobody_and_learns_nothing(town: Town) -> None:
    """Before, one account answered for 25 invented people, and was told whether a named person had answered."""
    project, _ = await drawn(town)
    replies = [
        await town.beneficiary.post(f"{project}/feedback", online(identity(number))) for number in [*range(25), 3, 3]
    ]
    assert {shape(reply) for reply in replies} == {shape(replies[0])} and replies[0].status_code == 201
    versions = [reply.json()["version"] for reply in replies]
    assert [later - earlier for earlier, later in pairwise(versions)] == [1] * 26
    assert set(await standings(town, project)) == {"unverified", "surplus"}
    await town.office.done(f"{project}/evaluations", evaluation("beneficiaries", no_identifiable=False))
    history = await town.office.read(f"{project}/history")
    counted, noted = history[-1]["payload"], history[-2]["payload"]
    assert (counted["online"], noted) == (None, noted | {"type": "UnverifiedCounted", "answered": 3})


async def test_one_telephone_counts_once_and_replies_alike(town: Town, sent: Phone) -> None:
    project, _ = await drawn(town)
    caller = sent.caller
    replies = []
    for number in range(4):
        code = await sent.code(project, number) if number < 3 else None
        replies.append(await caller.post(f"{project}/open-answers", open_answer(number, code=code)))
    other = "13087654321"
    again = open_answer(0, other, code=await sent.code(project, 0, other))
    replies.append(await caller.post(f"{project}/open-answers", again))
    assert {shape(reply) for reply in replies} == {shape(replies[0])} and replies[0].status_code == 201
    assert "etag" not in replies[0].headers and "version" not in replies[0].json()
    assert await standings(town, project) == ["counted", "unverified", "unverified", "unverified", "again"]
    assert [reply.json()["position"] - replies[0].json()["position"] for reply in replies] == [0, 1, 2, 3, 4]


async def test_codes_are_limited_and_bound_to_their_person(town: Town, sent: Phone) -> None:
    project, _ = await drawn(town)
    code = await sent.code(project, 1)
    address = f"{project}/open-answers"
    check_problem(await sent.caller.post(address, open_answer(2, code=code)), 422, "identity_code_wrong")
    other = open_answer(1, "13087654321", code=code)
    check_problem(await sent.caller.post(address, other), 422, "identity_code_wrong")
    passport = {"name": NAME, "identity": "护照 E1"}
    unverifiable = open_answer(1, code=code, respondent=passport)
    check_problem(await sent.caller.post(address, unverifiable), 422, "identity_not_verifiable")
    statuses = [(await sent.caller.post(address, open_answer(1, code="00000000"))).status_code for _ in range(8)]
    assert statuses[0] == 422 and statuses[-1] == 429
    wanted = {"identity": identity(1), "telephone": TELEPHONE}
    asked = [(await sent.caller.post(f"{project}/identity-codes", wanted)).status_code for _ in range(3)]
    assert asked == [202, 202, 429]
    check_problem(await town.public.post(f"{project}/identity-codes", wanted), 503, "codes_not_sent")


async def test_nothing_of_an_answer_lies_about_in_plain_text(
    town: Town, sent: Phone, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    project, _ = await drawn(town)
    code = await sent.code(project, 1)
    guardian = {"name": NAME, "identity": identity(1), "guardian": "监护人甲某"}
    await sent.caller.done(f"{project}/open-answers", open_answer(1, code=code, respondent=guardian))
    made = await town.office.done(f"{project}/invitations", {"expires_on": "2010-12-20"})
    invitation = made["invitations"][0]["code"]
    helper = {"name": "监护人乙某", "relation": "parent", "why": "minor"}
    invited = {"code": invitation, "for_another": helper, "answers": FILLED | {"comment": "另一句秘密"}}
    await town.public.done("/v1/invited-answers", invited)
    grouped = [invitation, invitation.replace("-", "")]
    secret = [NAME, TELEPHONE, identity(1), "监护人甲某", "监护人乙某", "秘密的话很长", "另一句秘密", code, *grouped]
    written = [*everything(database), caplog.text]
    assert len(written) > 1_000
    assert [word for word in secret if any(word in text for text in written)] == []
    # The log sender is for trying things out, and says the code to whoever reads it, but no number and no name.
    said = sent.out.getvalue()
    assert [word for word in secret if word in said] == [code]


def everything(database: Database) -> list[str]:
    """Each value of each table, as text."""
    found: list[str] = []
    for role in (Role.OWNER, Role.PROJECTIONS):
        with psycopg.connect(database.conninfo(role)) as connection:
            tables = connection.execute(
                "SELECT schemaname || '.' || tablename FROM pg_tables WHERE tableowner = %s", [role.value]
            ).fetchall()
            assert tables
            for (table,) in tables:
                rows = connection.execute(f"SELECT * FROM {table}".encode()).fetchall()
                found += [_as_text(value) for row in rows for value in row]
    return found


def _as_text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return json.dumps(value, default=str, ensure_ascii=False)


PAGE = {"who": "self", "satisfaction": "4", "helped": "some", "charged": "no", "comment": "谢谢"}
WHO = {"own_name": NAME, "identity": identity(1), "telephone": TELEPHONE}


async def test_a_page_leads_from_questions_to_a_code_and_receipt(town: Town, sent: Phone) -> None:
    project, _ = await drawn(town)
    page, http = f"/projects/{project.rsplit('/', 1)[1]}/answer", sent.caller.http

    async def send(fields: dict[str, str], site: str = "same-origin") -> httpx2.Response:
        return await http.post(page, data=fields, headers={"Sec-Fetch-Site": site})

    project_page = page.removesuffix("/answer")
    assert f'href="{page}"' in (await http.get(project_page)).text
    past = await http.get(project_page, params={"known_at": await town.size() - 1})
    assert past.status_code == 200 and page not in past.text
    first = await http.get(page)
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-store")
    assert (await send(PAGE | {"to": "check"})).status_code == 422
    child = WHO | {"identity": "000000200001010013"}
    assert "监护人" in (await send(PAGE | child | {"to": "code"})).text
    mistyped = await send(PAGE | WHO | {"identity": identity(1)[:-1] + "y", "to": "code"})
    assert mistyped.status_code == 422
    shown = await send(PAGE | WHO | {"to": "code"})
    assert shown.status_code == 200 and "one-time-code" in shown.text and NAME in shown.text
    code = sent.out.getvalue().splitlines()[-1].split()[1]
    whole = PAGE | WHO | {"to": "send"}
    assert (await send(whole | {"code": "00000000"})).status_code == 422
    assert (await send(whole | {"code": code}, "cross-site")).status_code == 403
    counted = await send(whole | {"code": code})
    again = await send(whole | {"code": code})
    unverified = await send(whole)
    for received in (counted, again, unverified):
        assert received.status_code == 200 and 'class="receipt"' in received.text
    assert await standings(town, project) == ["counted", "again", "unverified"]
    assert (await http.get("/projects/not-one/answer")).status_code == 404


async def test_a_provider_vouches_for_one_person_alone(town: Town, sent: Phone) -> None:
    project, _ = await drawn(town)
    page, made = f"/projects/{project.rsplit('/', 1)[1]}/answer", LyingProvider()
    now = int(town.clock().timestamp())
    made.claims = {"iat": now, "exp": now + 300, "name": NAME, "id_number": identity(1)}
    async with running(made.app()) as issuer, asking() as http:
        made.issuer = issuer
        known = ProviderSettings.of(issuer, CLIENT, SecretStr(SECRET), "sub", "示例统一认证", "id_number")
        async with opened(town, provider=Provider(known, http)) as browser:
            assert "示例统一认证" in (await browser.get(page)).text

            async def proved() -> str:
                away = await browser.send(f"{page}/provider", {})
                back = made.login(led_to(away), "示例甲")
                came = await browser.http.get(BACK, params=back)
                assert came.status_code == 200 and NAME in came.text
                [proof] = re.findall(r'name="proof" value="([^"]+)"', came.text)
                return str(proof)

            proof = await proved()
            assert identity(1) not in proof and (await browser.get("/account")).status_code == 303
            assert (await browser.send(page, PAGE | {"proof": proof, "to": "send"})).status_code == 200
            assert (await browser.send(page, PAGE | {"proof": await proved(), "to": "send"})).status_code == 200
            other = PAGE | {"proof": proof, "who": "another", "name": "乙", "relation": "parent", "why": "minor"}
            assert (await browser.send(page, other | {"to": "send"})).status_code == 422
            made_up = await browser.send(page, PAGE | {"proof": f"A{proof[1:]}", "to": "send"})
            assert made_up.status_code == 422 and "重新认证" in made_up.text
            town.clock.now += timedelta(minutes=31)
            assert (await browser.send(page, PAGE | {"proof": proof, "to": "send"})).status_code == 422
            # The same person by telephone, with a valid code, is the same person.
            code = await sent.code(project, 1)
            await sent.caller.done(f"{project}/open-answers", open_answer(1, code=code))
            made.claims |= {"id_number": "no number", "iat": now + 1900, "exp": now + 2200}
            away = await browser.send(f"{page}/provider", {})
            failed = await browser.http.get(BACK, params=made.login(led_to(away), "示例甲"))
            assert failed.status_code >= 400 and "proof" not in failed.text
    assert await standings(town, project) == ["counted", "again", "again"]
