"""The pages of administration: for whom they are, in both languages, and what each does without a script."""

import re
from html import unescape
from typing import Any

import pytest
from tests.api.admin.desk import Desk, at_desk
from tests.api.client import Town
from tests.api.routes.test_subjects import NAME, reported
from tests.api.work.test_pages import Checked

from api.admin.places import PLACES
from ledger.core.fact import Role

ROLES = [role for role in Role if role is not Role.PUBLIC]
BODIES = {Role.DISTRICT: "110105"}
PATHS = [one.path for one in PLACES]


async def desk(town: Town, role: Role) -> Desk:
    body = str(town.local_id) if role is Role.ORGANISATION else BODIES.get(role)
    return await at_desk(town, await town.account(role.value, body))


@pytest.mark.parametrize("role", ROLES)
async def test_each_page_is_for_its_roles_alone(town: Town, role: Role) -> None:
    who = await desk(town, role)
    for one in PLACES:
        page = await who.open(one.path)
        assert who.status == (200 if role in one.roles else 403), (one.path, page)
        assert "<h1>" in page
        assert (one.path in await who.open("/admin")) == (role in one.roles)
    has_any = any(role in one.roles for one in PLACES)
    assert who.status == (200 if has_any else 403)
    assert ('href="/admin"' in await who.open("/work")) == has_any


@pytest.mark.parametrize("path", PATHS)
async def test_pages_are_well_formed_in_both_languages(town: Town, path: str) -> None:
    role = next(iter(sorted(next(one.roles for one in PLACES if one.path == path))))
    who = await desk(town, role)
    for language, script in (("", True), ("?lang=en", False)):
        page = await who.open(path + language)
        assert who.status == 200, page
        assert Checked(page).problems == []
        heading = re.search(r"<h1>(.*?)</h1>", page)
        assert heading
        assert bool(re.search(r"[\u4e00-\u9fff]", heading[1])) == script
        assert "<script" not in page.partition("<main")[2]


async def test_nobody_signed_in_is_led_to_sign_in(town: Town) -> None:
    for path in ("/admin", *PATHS):
        answer = await town.public.http.get(path, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")


async def test_forms_of_other_sites_are_refused(town: Town) -> None:
    who = await desk(town, Role.ADMINISTRATOR)
    await who.open("/admin/accounts")
    answer = await who.http.post(
        "/admin/accounts", data={"role": "office"}, headers={"Cookie": who.cookie, "Origin": "http://elsewhere"}
    )
    assert answer.status_code == 403


async def test_an_account_is_opened_invited_locked_out_and_closed(town: Town) -> None:
    who = await desk(town, Role.ADMINISTRATOR)
    await who.open("/admin/accounts?lang=en")
    page = await who.send("/admin/accounts?lang=en", role="office", label="Example desk")
    found = re.search(r"<code>([0-9a-f-]{36})</code>", page)
    assert found
    one = f"/admin/accounts/{found[1]}?lang=en"
    page = await who.send(one, act="invite")
    assert "/sign-in/invitation/" in page
    page = await who.send(one, act="lock-out")
    assert "have ended" in page
    page = await who.send(one, act="bind", appointment="x")
    assert (who.status, "Position of the appointment" in who.problem) == (422, True)
    page = await who.send(one, act="bind", appointment="0")
    assert who.status == 404
    page = await who.send(one, act="close")
    assert "closed on" in page
    assert 'value="invite"' not in page
    acts = await who.open("/admin/acts?lang=en")
    for said in ("opened", "invited", "locked out", "closed"):
        assert f"<td>{said}</td>" in acts


async def test_wrong_fields_are_named_in_a_summary(town: Town) -> None:
    who = await desk(town, Role.ADMINISTRATOR)
    await who.open("/admin/accounts")
    await who.send("/admin/accounts", role="nobody")
    assert (who.status, who.problem) == (422, "请检查：身份。")
    await who.send("/admin/accounts", role="district")
    assert who.status == 422
    await who.open("/admin/accounts/nothing")
    assert who.status == 404


async def test_sessions_end_when_an_account_is_locked_out(town: Town) -> None:
    office = await desk(town, Role.OFFICE)
    who = await desk(town, Role.ADMINISTRATOR)
    await who.open(f"/admin/accounts/{office.account}")
    await who.send(f"/admin/accounts/{office.account}", act="lock-out")
    await office.open("/work")
    assert office.status == 303


async def test_appointments_are_shown_on_any_day(town: Town) -> None:
    who = await desk(town, Role.LEADING_GROUP)
    page = await who.open("/admin/appointments?role=committee&on=2010-02-01")
    assert who.status == 200
    page = await who.open("/admin/appointments?on=never")
    assert (who.status, who.problem) == (422, "请检查：身份、日期。")
    await who.open("/admin/appointments?role=organisation")
    assert who.status == 422
    assert page


def subject_in(page: str) -> str:
    found = re.search(r'href="/admin/subjects/([0-9a-f-]{36})"', page)
    assert found, page
    return found[1]


async def test_the_office_finds_holds_and_erases_on_pages(town: Town) -> None:
    await reported(town, await town.published())
    first, second = await desk(town, Role.OFFICE), await desk(town, Role.OFFICE)
    await first.open("/admin/subjects")
    page = await first.send("/admin/subjects", text=NAME, reason="本人申请。")
    at = f"/admin/subjects/{subject_in(page)}"
    assert NAME not in page
    await first.open(at)
    words = {"authority": "示例函〔2010〕1号", "reason": "诉讼。"}
    page = await first.send(at, act="hold", **words)
    assert "已设置依法留存。" in page
    await first.send(at, act="propose", **words)
    assert first.status == 409
    hold = re.search(r'<option value="(\d+)">示例函', first.page)
    assert hold
    page = await first.send(at, act="release", hold=hold[1], reason="已结案。")
    assert "已解除依法留存。" in page
    page = await first.send(at, act="propose", **words)
    assert "由您提议，须另一人确认。" in page
    assert 'value="confirm"' not in page
    page = await second.open(at)
    version = re.search(r'name="proposal" value="(\d+)"', page)
    assert version
    await first.send(at, act="confirm", proposal=version[1])
    assert first.status == 403
    page = await second.send(at, act="confirm", proposal=version[1])
    assert "已删除" in page
    assert "待确认的删除提议" not in page


async def test_the_report_is_one_file_and_on_record(town: Town) -> None:
    await reported(town, await town.published())
    who = await desk(town, Role.OFFICE)
    await who.open("/admin/subjects")
    subject = subject_in(await who.send("/admin/subjects", text=NAME, reason="本人申请。"))
    await who.open(f"/admin/subjects/{subject}")
    await who.send(f"/admin/subjects/{subject}/report", reason="本人申请。")
    assert who.headers["content-type"].startswith("application/json")
    assert "attachment" in who.headers["content-disposition"]
    auditor = await desk(town, Role.AUDITOR)
    page = unescape(await auditor.open("/audit/sealed-reads"))
    assert "提取本人信息" in page
    assert NAME not in page


async def test_refused_attempts_are_listed_with_their_code(town: Town) -> None:
    await (await desk(town, Role.TREASURY)).open("/admin/accounts")
    auditor = await desk(town, Role.AUDITOR)
    page = await auditor.open("/admin/refusals?code=role_may_not")
    assert "GET /admin/accounts" in page


async def test_health_names_every_read_model(town: Town) -> None:
    await town.followed()
    who = await desk(town, Role.ADMINISTRATOR)
    page = await who.open("/admin/health")
    for name in await town.service.standings():
        assert f"<td>{name}</td>" in page


async def test_a_webhook_is_tested_and_ended_on_its_page(town: Town) -> None:
    body: dict[str, Any] = {"content": "feed", "url": "https://93.184.215.14/hook", "label": "示例接收方"}
    made = await town.office.post("/v1/webhooks", body)
    assert made.status_code == 201, made.text
    at = f"/admin/webhooks/{made.json()['webhook']['id']}"
    who = await desk(town, Role.OFFICE)
    assert "示例接收方" in await who.open("/admin/webhooks")
    await who.open(at)
    assert "测试消息已排队。" in await who.send(at, act="test")
    assert "推送已终止。" in await who.send(at, act="end")
    auditor = await desk(town, Role.AUDITOR)
    assert 'name="act"' not in await auditor.open(at)


async def test_what_is_due_to_be_erased_leads_to_its_file(town: Town) -> None:
    who = await desk(town, Role.OFFICE)
    page = await who.open("/admin/retention?on=2010-02-30")
    assert (who.status, who.problem) == (422, "请检查：日期。")
    assert "本计划未定保存期限。" in await who.open("/admin/retention")
    assert page
