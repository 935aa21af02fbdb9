"""A project through time: the slider, both clocks, two moments field by field."""

import re
from dataclasses import fields
from datetime import date

import pytest
from tests.api.pages.conftest import Site
from tests.api.pages.test_pages import links
from tests.support import OFFICE

from api.openapi.fields import FIELDS
from api.pages.fact_field_texts import FACT_FIELDS
from api.pages.field_view import part_name
from api.pages.reader import Reader
from ledger.commands import redactions
from ledger.commands.redactions import VersionRedaction
from ledger.facts import FACTS
from ledger.project.state import Project
from ledger.unit_of_work import CommandContext

UNTIL_MAY = "known_at=2010-05-10"


def time_page(site: Site, query: str = "") -> str:
    return f"/projects/{site.world.full}/time?{query}"


def events(site: Site) -> list[dict[str, object]]:
    found: list[dict[str, object]] = site.get(f"/v1/projects/{site.world.full}/history").json()
    return found


def table(html: str) -> str:
    """What it says; its links carry the moment as it was asked for."""
    return re.sub(r'href="[^"]*"', "", html[html.index("<tbody>") : html.index("</tbody>")])


@pytest.mark.parametrize("query", ["", UNTIL_MAY, f"{UNTIL_MAY}&corrections_only=true&lang=en"])
def test_the_page_is_within_the_policy_and_small(site: Site, query: str) -> None:
    html = site.get(time_page(site, query)).text
    assert re.findall(r"<script(.*?)>(.*?)</script>", html) == [
        (f' type="module" src="{link}"', "") for link in links(html) if "time.js" in link
    ]
    assert not re.search(r"\son\w+=|\sstyle=|<style", html)
    for link in set(links(html)):
        assert link.startswith("#") or site.get(link).status_code < 400, link


def test_each_event_is_a_tick_and_a_row(site: Site) -> None:
    html, told = site.get(time_page(site)).text, events(site)
    ticks = re.findall(r'<option value="(\d+)"></option>', html)
    assert [date.fromordinal(int(tick)).isoformat() for tick in ticks] == [str(e["recorded_at"])[:10] for e in told]
    assert re.findall(r'<li[^>]* id="v(\d+)"', html) == [str(event["version"]) for event in told]
    for event in told:
        assert f'known_at={event["position"]}"' in html
        assert f'href="/events/{event["position"]}"' in html


def test_the_slider_leads_to_the_day_it_stands_on(site: Site) -> None:
    answer = site.get(time_page(site, f"day={date(2010, 5, 10).toordinal()}&corrections_only=true&lang=en"))
    assert answer.status_code == 303
    assert answer.headers["location"] == time_page(site, f"{UNTIL_MAY}&corrections_only=true&lang=en")
    assert site.get(time_page(site, "day=0")).status_code == 422


def test_two_moments_differ_as_the_interface_says(site: Site) -> None:
    html = site.get(time_page(site, UNTIL_MAY)).text
    diff = site.get(f"/v1/projects/{site.world.full}/diff?from=2010-05-10").json()
    said = [change for change in diff["changes"] if not change["path"].endswith("_version")]
    assert table(html).count("<tr") == len(said)
    assert "已完成" in table(html)
    assert "王某" in table(html)
    assert "{&#" not in table(html)


def test_corrections_alone_are_marked_on_both_pages(site: Site) -> None:
    void = next(event for event in events(site) if event["type"] == "Voided")
    before = f"known_at={int(str(void['position'])) - 1}"
    html = site.get(time_page(site, before)).text
    assert table(html).count('<tr class="by-correction">') == 1
    assert "其中 1 处是更正" in html
    alone = site.get(time_page(site, f"{before}&corrections_only=true")).text
    assert table(alone).count("<tr") == 1
    assert "9,999" in table(alone)
    assert len(re.findall(r'<li[^>]* id="v', alone)) == 1


def test_a_moment_after_the_other_is_refused(site: Site) -> None:
    answer = site.get(time_page(site, "known_at=2010-10-01&to=2010-05-10"))
    assert answer.status_code == 422
    assert "<h1>无法显示</h1>" in answer.text
    assert "不能识别的条件：只看更正" in site.get(time_page(site, "corrections_only=maybe")).text
    assert site.get(f"/projects/{site.world.unpublished}/time").status_code == 404


def test_the_lasting_address_says_what_was_removed_since(site: Site) -> None:
    html = site.get(time_page(site, UNTIL_MAY)).text
    found = re.search(r'href="([^"]*)" rel="bookmark"', html)
    assert found
    lasting = found[1].replace("&amp;", "&")
    assert re.search(r"known_at=\d+&to=\d+$", lasting)
    before = site.get(lasting).text
    assert table(before) == table(html)
    story = next(event for event in events(site) if event["type"] == "StoryTold")
    body = VersionRedaction.model_validate(
        {
            "target": story["version"],
            "texts": {"title": ["热在桌上"]},
            "reason": "含住址",
            "authority": "个人信息保护法",
        }
    )

    async def redact() -> None:
        ledger = site.service.ledger
        await ledger.transact(CommandContext(OFFICE), redactions.redact_project(site.world.full, body))

    site.portal.call(redact)
    after = site.get(lasting).text
    assert "热在桌上" in table(before)
    assert "热在桌上" not in after
    assert f"第 {story['position']} 号记录中有文字依法删除" in after


def test_every_field_of_a_fact_has_a_name() -> None:
    named = FIELDS.keys() | FACT_FIELDS.keys()
    assert {name for fact in FACTS.values() for name in fact.model_fields if name not in named} == set()


def test_every_part_of_a_state_has_a_name() -> None:
    own = {"id", "form_version", "contract_version"}
    parts = [part.name for part in fields(Project) if part.name not in own]
    assert [part for part in parts if not re.search("[一-鿿]", part_name(Reader("zh"), part))] == []
