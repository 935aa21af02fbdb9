"""Taking part without an account: what is open to objection, a report, an objection, and what became of them."""

import re
from collections.abc import Iterator
from typing import cast
from urllib.parse import urlencode

import httpx2
import pytest
from tests.api.pages.conftest import Site
from tests.api.pages.test_pages import links
from tests.support import OFFICE, HandClock

from api import report_limits
from ledger.commands.public_reports import PublicAnswer
from ledger.unit_of_work import CommandContext

TEXT = "送餐的人数与公示不符。"


@pytest.fixture(autouse=True)
def shown(site: Site) -> Iterator[None]:
    """On a day on which the evaluations are shown."""
    clock = cast(HandClock, site.service.ledger.clock)
    clock.to(11, 12)
    yield
    clock.to(12, 30)


def send(site: Site, path: str, fields: dict[str, object], origin: str = "same-origin") -> httpx2.Response:
    headers = {
        "Accept": "text/html",
        "Sec-Fetch-Site": origin,
        "Content-Type": "application/x-www-form-urlencoded",
    }

    async def ask() -> httpx2.Response:
        return await site.client.post(path, content=urlencode(fields), headers=headers)

    return site.portal.call(ask)


def report(site: Site, **more: object) -> httpx2.Response:
    return send(site, "/participate/report", {"project": site.world.full, "text": TEXT, "key": "k1"} | more)


def code_in(answer: httpx2.Response) -> str:
    found = re.search(r'<p class="code-given"><code>([^<]*)</code>', answer.text)
    assert found, answer.text
    return found[1]


def test_open_notices_say_how_long_and_what_to_do(site: Site) -> None:
    html = site.get("/participate").text
    [notice] = site.get("/v1/notices").json()["notices"]
    assert (notice["project"], notice["kind"]) == (str(site.world.full), "evaluation")
    assert f"还剩 {notice['days_left']} 天，至2010年11月" in html
    objections = [link for link in links(html) if link.startswith("/participate/objection")]
    assert objections == [
        f"/participate/objection?project={site.world.full}&target={target}" for target in notice["targets"]
    ]
    assert len(objections) > 1
    for link in set(links(html)):
        assert link.startswith("#") or site.get(link).status_code < 400, link
    before = site.get("/v1/notices?known_at=2010-11-01").json()
    assert before["notices"] == []


def test_nothing_is_open_after_its_last_day(site: Site) -> None:
    last = site.get("/v1/notices").json()["notices"][0]
    assert site.get(f"/v1/notices?on={last['objections_until']}").json()["notices"][0]["days_left"] == 1
    cast(HandClock, site.service.ledger.clock).to(12, 1)
    assert "目前没有正在公示的事项" in site.get("/participate").text
    closed = site.get(f"/participate/objection?project={site.world.full}&target={last['targets'][0]}")
    assert closed.status_code in (409, 422)


def test_a_report_is_followed_by_its_code_alone(site: Site) -> None:
    answer = report(site)
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    code = code_in(answer)
    assert code_in(report(site)) == code, "a second click is the first"
    status = site.get(f"/participate/status?code={code}")
    assert "正在办理，尚未答复" in status.text
    assert TEXT not in status.text
    body = PublicAnswer.model_validate({"report": code, "subject": "送餐人数", "answer": "已核对签到表。"})

    async def reply() -> None:
        await site.service.ledger.transact(CommandContext(OFFICE), body.on(site.world.full))

    site.portal.call(reply)
    answered = site.get(f"/participate/status?code={code}&lang=en").text
    assert "已核对签到表。" in answered
    assert "Answered on 12 November 2010" in answered
    assert TEXT not in answered


@pytest.mark.parametrize("code", ["none", "00000000-0000-0000-0000-000000000000", "{full}", "<b>"])
def test_another_code_finds_nothing(site: Site, code: str) -> None:
    answer = site.get(f"/participate/status?code={code.format(full=site.world.full)}")
    assert answer.status_code == 404
    assert "没有这个查询码的举报" in answer.text
    assert "老年人日间照料" not in answer.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": " "}, "请写明要说的内容"),
        ({"name": "某某"}, "姓名和电话要么都填，要么都不填"),
        ({"name": "某某", "telephone": "0" * 2000}, "有一项填写不符：电话"),
    ],
)
def test_what_is_missing_is_said_and_nothing_lost(site: Site, fields: dict[str, object], said: str) -> None:
    answer = report(site, email="a@example.org", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="a@example.org"' in answer.text
    assert str(fields.get("text", TEXT)) in answer.text


def test_other_sites_cannot_send_the_forms(site: Site) -> None:
    fields = {"project": site.world.full, "text": TEXT}
    for path in ("/participate/report", "/participate/objection"):
        assert send(site, path, fields, "cross-site").status_code == 403
    assert report(site, project=site.world.unpublished).status_code == 404
    assert site.get(f"/participate/report?project={site.world.unpublished}").status_code == 404


def test_too_many_reports_wait_with_what_was_typed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_limits, "PER_NETWORK", 1)
    report(site, key="k2")
    answer = report(site, key="k3")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert TEXT in answer.text


def test_an_objection_by_name_goes_into_the_ledger(site: Site) -> None:
    target = site.get("/v1/notices").json()["notices"][0]["targets"][0]
    form = site.get(f"/participate/objection?project={site.world.full}&target={target}").text
    assert f'name="target" value="{target}"' in form
    fields = {"project": site.world.full, "target": target, "text": TEXT, "name": "某某", "telephone": "000"}
    answer = send(site, "/participate/objection", fields | {"key": "k4"})
    assert answer.status_code == 201
    event = next(link for link in links(answer.text) if link.startswith("/events/"))
    assert TEXT not in site.get(event).text
    anonymous = send(site, "/participate/objection", fields | {"name": "", "telephone": "", "key": "k5"})
    assert site.get(f"/participate/status?code={code_in(anonymous)}").status_code == 200
