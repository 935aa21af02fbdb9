"""The home page: numbers that lead to their rows, the map, the year, what came last."""

import re
from datetime import date
from html import unescape
from uuid import uuid4

from tests.api.pages.conftest import Site
from tests.api.pages.world import GRANTS
from tests.ledger.project.given import RULES

from api.pages.catching_up import behind
from api.pages.phases import PhaseLine, Standing, phase_line
from api.pages.reader import Reader
from api.pages.tile_map import TileOf, tile_map
from api.routes.programmes import phases_on
from ledger.programme import Programme, ProgrammeAnnounced
from ledger.rules import beijing_2010


def test_each_headline_leads_to_its_rows(site: Site) -> None:
    html = site.get("/").text
    shown = re.findall(r'<a href="([^"]*)" title="[^"]*"><strong>([^<]*)</strong>', html)
    assert [number for _, number in shown] == [str(3 + GRANTS), "365", "0", "3"]
    for href, number in (shown[0], shown[3]):
        assert f"共 {number} 个项目" in site.get(unescape(href)).text


def test_each_tile_leads_to_as_many_projects(site: Site) -> None:
    html = site.get("/").text
    tiles = re.findall(r'<a href="(/projects\?served_district_now=\d+)" class="q\d" aria-label="([^ ]*) (\d+)"', html)
    assert len(tiles) == 18
    found = {name: (href, count) for href, name, count in tiles}
    assert found["朝阳区"][1] == "3"
    for href, count in found.values():
        assert f"共 {count} 个项目" in site.get(href).text


def test_the_latest_events_lead_to_their_place(site: Site) -> None:
    html = site.get("/?known_at=2010-12-25").text
    events = html[html.index('<ol class="events">') :]
    first = re.search(
        r'<li><time datetime="2010-12-20">.*?href="(/projects/[^"]*)#v\d+">老人年日间照料|老年人日间照料', events
    )
    assert first
    assert "先进个人" in events
    assert "Kitchen" not in events
    assert "Kitchen" in site.get("/").text


def test_the_page_tells_of_the_chosen_moment(site: Site) -> None:
    early = site.get("/?known_at=2010-02-15").text
    assert re.search(r"<strong>0</strong>个", early)
    assert "还有" in early
    assert site.get("/?known_at=2001-01-01").status_code == 404


def test_what_is_late_is_so_on_the_day_chosen(site: Site) -> None:
    for day, late in (("2010-03-09", 0), ("2010-05-20", 3), ("2010-12-30", 3)):
        html = site.get(f"/?known_at={day}").text
        assert f'title="{late}"><strong>{late}</strong>' in html
        assert f"共 {late} 个项目" in site.get(f"/projects?marked=late&known_at={day}").text
    assert "&amp;on=2010-05-20" in site.get("/projects?marked=late&known_at=2010-05-20").text


def test_navigation_leads_to_the_programme_of_the_moment(site: Site) -> None:
    answer = site.get("/figures?known_at=2010-06-01&lang=en")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/programmes/beijing-2010/briefing?lang=en&known_at=2010-06-01"
    for path, title in (("/figures", "统计"), ("/honours", "表彰")):
        page = site.get(site.get(path).headers["location"]).text
        assert re.findall(r'aria-current="true">([^<]*)</a>', page.split("</header>")[0]) == [title]
    assert site.get("/figures?known_at=2001-01-01").status_code == 404


def test_nothing_read_yet_is_said(site: Site) -> None:
    assert "账本正在整理" not in site.get("/").text + site.get("/projects").text
    reader = Reader("zh")
    assert behind(reader, 0, 0) is None
    assert behind(reader, 900, 910) is None
    for seen in (0, 5_000):
        said = behind(reader, seen, 17_000)
        assert said is not None and "17,000" in said


def test_phases_stand_where_the_day_is() -> None:
    toml = beijing_2010()
    founded = ProgrammeAnnounced(code=RULES.code, rules_toml=toml, rules_sha256="0" * 64)
    programme = Programme(uuid4(), founded, extended={"application": date(2010, 3, 10)})

    def line(day: date) -> PhaseLine:
        return phase_line(Reader("zh"), phases_on(programme, day), day)

    in_june = line(date(2010, 6, 30))
    assert [bar.standing for bar in in_june.bars][:2] == [Standing.DONE, Standing.DONE]
    assert Standing.OPEN in {bar.standing for bar in in_june.bars} and in_june.bars[-1].standing is Standing.AHEAD
    assert in_june.today is not None and 300 < in_june.today < 700
    assert line(date(2011, 6, 30)).today is None
    assert line(date(2010, 3, 9)).bars[0].standing is Standing.OPEN, "phases were extended"
    assert "还有 1 天" in line(date(2010, 3, 9)).bars[0].note


def test_joined_districts_leave_the_map() -> None:
    def tiles(*codes: str) -> dict[str, tuple[int, int]]:
        drawn = tile_map([TileOf(code, code, 1, "1", "/") for code in codes])
        return {tile.of.code: (tile.x, tile.y) for tile in drawn.tiles}

    before = tiles("110101", "110103", "110106", "310101")
    after = tiles("110101", "110106", "310101")
    assert before["110103"][1] > before["110101"][1]
    assert before["110106"][1] > after["110106"][1]
    assert len(set(before.values())) == 4
    assert after["310101"][1] > after["110106"][1]
