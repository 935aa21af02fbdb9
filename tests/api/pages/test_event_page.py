"""The page of one record: in words, field by field, in its place; and its proof, verified by a real browser."""

import re
import shutil
from pathlib import Path

import anyio
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tests.api.pages.conftest import Site
from tests.api.pages.test_pages import links
from tests.api.transparency.logs import open_signed_town, signed
from tests.api.transparency.test_witnesses import policy
from tests.api.transparency.witnesses import running, running_witness

from api.app import create_app
from api.transparency.witnesses import HttpWitnesses
from ledger.database import Database
from ledger.transparency.keys import KeyFile

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def history(site: Site) -> list[dict[str, object]]:
    found: list[dict[str, object]] = site.get(f"/v1/projects/{site.world.full}/history").json()
    return found


def test_a_record_is_told_field_by_field(site: Site) -> None:
    event = next(one for one in history(site) if one["type"] == "ContractSigned")
    html = site.get(f"/events/{event['position']}").text
    assert "合同1号" in re.findall(r'<p class="telling">.*', html)[0]
    fields = dict(re.findall(r'<dt>([^<]*)</dt><dd class="prose">([^<]*)</dd>', html))
    assert fields["合同编号"] == "合同1号"
    assert fields["合同期限"] == "2010年3月1日 – 2010年11月30日"
    assert fields["金额"] == "¥1,000.00"
    assert f'href="/projects/{site.world.full}#v{event["version"]}"' in html
    assert f"/projects/{site.world.full}/time?known_at={event['position']}" in html
    assert "<svg" in html


def test_a_void_record_leads_to_its_correction(site: Site) -> None:
    void = next(one for one in history(site) if one["type"] == "Voided")
    target = next(one for one in history(site) if one["version"] == void["payload"]["target"])  # type: ignore[index]
    html = site.get(f"/events/{target['position']}?lang=en").text
    assert re.search(r'<p class="telling">.*<s>[^<]*9,999', html)
    assert f'<a href="/events/{void["position"]}?lang=en">Voided' in html
    assert f'<a href="/events/{target["position"]}">更正' in site.get(f"/events/{void['position']}").text


def test_each_public_event_has_a_page_whose_links_are_there(site: Site) -> None:
    shown = [one["position"] for one in history(site)]
    for position in shown:
        assert site.get(f"/events/{position}").status_code == 200
    html = site.get(f"/events/{shown[0]}?lang=en").text
    assert not re.search(r"\son\w+=|\sstyle=|<style", html)
    for link in set(links(html)):
        assert link.startswith("#") or site.get(link).status_code < 400, link


def test_what_is_not_public_tells_nothing_but_its_place(site: Site) -> None:
    streams = site.portal.call(site.service.store.streams, [site.world.unpublished])
    html = site.get(f"/events/{streams[site.world.unpublished][0].position}").text
    assert "这条记录不公开" in html
    assert "尚未公布的项目" not in html
    assert str(site.world.unpublished) not in html
    assert "<dt>" not in html
    unknown = site.get("/events/999999")
    assert unknown.status_code == 404
    assert site.get("/events/01").status_code == 404


def test_a_ledger_without_signatures_says_so(site: Site) -> None:
    html = site.get(f"/events/{history(site)[0]['position']}").text
    assert "本账本没有签名" in html
    assert "<script" not in html


def _changing(app: ASGIApp, path: str, before: bytes, after: bytes) -> ASGIApp:
    """Answers another thing than the ledger holds."""

    async def changed(scope: Scope, receive: Receive, send: Send) -> None:
        async def pass_on(message: Message) -> None:
            if message["type"] == "http.response.body" and scope["path"].startswith(path):
                message["body"] = message["body"].replace(before, after)
            await send(message)

        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await app({**scope, "headers": headers}, receive, pass_on)

    return changed


async def _seen(address: str, folder: Path) -> str:
    """What the browser makes of the page."""
    assert CHROMIUM is not None
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}"]
    ran = await anyio.run_process([*command, "--virtual-time-budget=10000", "--dump-dom", address])
    return ran.stdout.decode()


def _outcome(html: str) -> tuple[list[str], list[str]]:
    """Which verdict is shown, and what each step came to."""
    shown = re.findall(r'<p data-outcome="(\w+)"(?![^>]*hidden)', html)
    return shown, re.findall(r'data-step="\w+" data-found="(\w+)"', html)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed to open the page with")
async def test_a_browser_verifies_and_notices_what_is_changed(
    database: Database, tmp_path: Path, anyio_backend: str
) -> None:
    keys = KeyFile(tmp_path / "log.key")
    keys.make("ledger.example/log")
    verifier = keys.read().verifiers[0]
    async with (
        running_witness("w.example/1", verifier, tmp_path) as witness,
        open_signed_town(database, tmp_path, HttpWitnesses(policy(witness, least=1))) as town,
    ):
        assert await signed(town) > 0
        app = create_app(town.service)
        async with running(app) as base:
            assert _outcome(await _seen(f"{base}/events/0", tmp_path / "1")) == (["right"], ["right"] * 4)
        async with running(_changing(app, "/log/events/0", b"effective_on", b"Effective_on")) as base:
            wrong = await _seen(f"{base}/events/0?lang=en", tmp_path / "2")
        assert _outcome(wrong) == (["wrong"], ["wrong", "right", "right", "right"])
        assert "what is shown is not what was recorded" in wrong
