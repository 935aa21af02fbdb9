"""The pages of an organisation and of a programme: what the interface answers, in words, by both clocks."""

import re
from typing import get_args

import pytest
from tests.api.pages.conftest import Site
from tests.api.pages.test_pages import links

from api.pages.programme_texts import STEP
from ledger.rules import Step

RULES = "/programmes/beijing-2010"


def organisation(site: Site, query: str = "") -> str:
    return f"/organisations/{site.world.organisation}{query}"


def test_the_organisation_is_told_as_the_interface_answers(site: Site) -> None:
    html = site.get(organisation(site)).text
    view = site.get(f"/v1{organisation(site)}").json()
    record = site.get(f"/v1{organisation(site)}/credit").json()
    assert f"<h1>{view['name']}</h1>" in html
    assert all(one["id"] in html for one in view["identifiers"])
    credit = html[html.index('id="credit"') : html.index('id="facts"')]
    assert credit.count("<li>") == len(record["lines"])
    for line in record["lines"]:
        for position in line["positions"]:
            assert f'href="/events/{position}"' in credit
    assert re.search(rf'href="/projects/{site.world.full}">老年人日间照料</a> <span class="status status-', html)
    assert "尚未公布的项目" not in html
    assert f'href="/v1{organisation(site)}/archive"' in html


def test_the_organisation_as_it_was_then(site: Site) -> None:
    html = site.get(organisation(site, "?known_at=2010-03-10&effective_on=2010-03-09&lang=en")).text
    assert "on 9 March 2010." in html
    assert f'href="/v1{organisation(site)}/archive?known_at=2010-03-10&amp;on=2010-03-09&amp;lang=en"' in html
    assert html.count("<li>") < site.get(organisation(site)).text.count("<li>")
    assert site.get(organisation(site, "?known_at=2009-01-01")).status_code == 404
    assert site.get(organisation(site, "?effective_on=2009-01-01")).status_code == 404


def test_the_programme_tells_phases_and_places(site: Site) -> None:
    html, view = site.get(RULES).text, site.get(f"/v1{RULES}").json()
    for phase in view["phases"]:
        assert f"<strong>{phase['name']['zh']}</strong>" in html
    for quota in view["quotas"]:
        assert f"还剩 {quota['left']} 个（共 {quota['places']} 个，已用 {quota['taken']} 个）" in html
    assert "每个项目由 3 名委员评审，至少 2 名认为公益、非营利" in html
    assert view["rules_sha256"] in html
    assert "2010年3月1日已结束" in html


def test_the_calendar_stands_on_the_chosen_day(site: Site) -> None:
    html = site.get(f"{RULES}?effective_on=2010-02-10").text
    assert html.count('aria-current="step"') == 2
    assert "还有 19 天，2010年3月1日结束" in html
    assert "2010年12月1日开始" in html
    assert "所选日期：2010年2月10日" in html and "今天：" not in html
    place = re.search(r'class="today" x="(\d+)"', html)
    assert place
    assert 100 < int(place[1]) < 130


@pytest.mark.parametrize("path", ["/organisations/{}", RULES, "/programmes/trial"])
def test_both_pages_lead_to_what_is_there(site: Site, path: str) -> None:
    address = path.format(site.world.organisation)
    html = site.get(f"{address}?lang=en").text
    assert "<script" not in html
    assert not re.search(r"\son\w+=|\sstyle=|<style", html)
    assert not re.search("<(h2|dt)[^>]*>[^<]*[一-鿿]", html)
    for link in set(links(html)):
        assert link.startswith("#") or "/archive" in link or site.get(link).status_code < 400, link


@pytest.mark.parametrize("path", ["/organisations/none", "/organisations/%00", "/programmes/none", "/programmes/%00"])
def test_what_is_unknown_has_no_page(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404
    assert "<h1>没有找到</h1>" in answer.text


def test_every_step_of_a_phase_has_a_name() -> None:
    assert STEP.keys() == set(get_args(Step))
