"""The public pages, as a reader without scripts sees them."""

import csv
import re
from html import escape
from io import BytesIO, StringIO
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from python_calamine import CalamineWorkbook
from tests.api.pages.conftest import Site
from tests.api.pages.world import GRANTS, NAUGHTY, SCRIPT

BRIEFING = "/programmes/beijing-2010/briefing"
PAGES = [
    *(
        "/",
        "/projects",
        "/projects?q=照料&sort=amount&view=cards",
        "/projects?q=nothing-like-it",
        "/projects/{full}",
        "/projects/{script}",
        "/projects/none",
    ),
    *(BRIEFING, f"{BRIEFING}?from=2010-02-01&district=110105"),
    *("/programmes/beijing-2010/honours", "/programmes/trial/honours", "/programmes/none/honours"),
]


def address(site: Site, page: str) -> str:
    return page.format(full=site.world.full, script=site.world.script)


def links(html: str) -> list[str]:
    """Without those that lead to media, which nothing is fetched from."""
    html = re.sub(r'<a href="https://[^"]*" rel="noopener noreferrer nofollow">', "", html)
    found: list[str] = re.findall(r'(?:href|action|src)="([^"]*)"', html)
    return [link.replace("&amp;", "&") for link in found]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_no_script_and_nothing_from_elsewhere(site: Site, page: str) -> None:
    answer = site.get(address(site, page))
    html = answer.text
    assert "<script" not in html
    assert not re.search(r"\son\w+=|\sstyle=|<style", html)
    assert all(link.startswith(("/", "#")) for link in links(html))
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


def test_the_list_of_one_organisation_leads_to_its_archive(site: Site) -> None:
    archive = f"/v1/organisations/{site.world.organisation}/archive"
    assert archive in links(site.get(f"/projects?organisation={site.world.organisation}").text)
    then = site.get(f"/projects?organisation={site.world.organisation}&known_at=2010-12-01&lang=en")
    assert f"{archive}?known_at=2010-12-01&lang=en" in links(then.text)
    assert not any("/archive" in link for link in links(site.get("/projects").text))


@pytest.mark.parametrize("page", PAGES)
def test_every_link_keeps_the_language(site: Site, page: str) -> None:
    path = address(site, page)
    html = site.get(path + ("&" if "?" in path else "?") + "lang=en").text
    assert '<html lang="en">' in html
    hrefs = [link for link in re.findall(r'href="([^"]*)"', html) if re.match(r"/(\?|$|projects|programmes/)", link)]
    others = {link for link in hrefs if "lang=en" not in link}
    assert len(hrefs) > 2
    assert len(others) == 1, "only the switch leads to the other language"
    assert html.count('name="lang" value="en"') == html.count('action="')


def test_the_switch_keeps_all_other_parameters(site: Site) -> None:
    html = site.get("/projects?q=照料&sort=amount&status=completed&programme=beijing-2010").text
    switch = re.search(r'class="switch"[^>]*href="([^"]*)"', html)
    assert switch
    assert parse_qs(urlsplit(switch[1].replace("&amp;", "&")).query) == {
        "q": ["照料"], "sort": ["amount"], "status": ["completed"], "programme": ["beijing-2010"], "lang": ["en"],
    }  # fmt: skip


def test_pages_are_chinese_unless_english_is_asked_for(site: Site) -> None:
    assert '<html lang="zh-CN">' in site.get("/projects?lang=fr").text
    assert "公益项目名录" in site.get("/projects").text
    assert "Public-welfare projects" in site.get("/projects?lang=en").text


def test_the_listing_says_how_many_and_as_of_when(site: Site) -> None:
    html = site.get("/projects").text
    assert f"共 {3 + GRANTS} 个项目" in html
    assert "2010年12月30日" in html


def test_a_card_says_what_the_project_is(site: Site) -> None:
    html = site.get("/projects?status=completed&view=cards").text
    for said in (
        "老年人日间照料",
        "晨光助老协会",
        "扶老助残",
        "市级",
        "已完成",
        "¥1,000.00",
        "365 人",
        "已报送进度表 5/5",
        "表彰 1 项",
    ):
        assert said in html


@pytest.mark.parametrize(("asked", "found"), [("日间照料", 1), ("助老", 2), ("kitchen", GRANTS), ("Garden", GRANTS)])
def test_search_finds_chinese_and_english(site: Site, asked: str, found: int) -> None:
    assert f"共 {found} 个项目" in site.get(f"/projects?q={quote(asked)}").text


def test_filters_narrow_the_listing(site: Site) -> None:
    for query, found in (
        ("programme=trial", 1), ("category=rural", 1), ("district=110105", 1), ("status=granted", GRANTS),
        (f"organisation={site.world.organisation}", 2),
    ):  # fmt: skip
        assert f"共 {found} 个项目" in site.get(f"/projects?{query}").text
    assert "仅看一个组织：晨光助老协会" in site.get(f"/projects?organisation={site.world.organisation}").text


def test_the_form_keeps_what_was_chosen(site: Site) -> None:
    html = site.get("/projects?category=rural&sort=title&known_at=2010-12-01&q=x").text
    assert re.search(r'class="on"><a [^>]*>服务三农</a>', html)
    assert '<option value="title" selected>' in html
    assert 'value="2010-12-01"' in html


def test_old_addresses_of_the_listing_lead_to_it(site: Site) -> None:
    answer = site.get(f"/?programme=beijing-2010&q={quote('照料')}&lang=en")
    assert answer.status_code == 308
    assert answer.headers["location"] == f"/projects?programme=beijing-2010&q={quote('照料')}&lang=en"


def test_each_facet_leads_to_as_many_projects(site: Site) -> None:
    html = site.get("/projects?category=elderly-disabled").text
    facets = html[html.index('<aside id="facets"') : html.index("</aside>")]
    choices = re.findall(r'<li><a href="([^"]*)">[^<]*</a><span>(\d+)</span>', facets)
    assert len(choices) > 5
    for href, count in choices:
        assert f"共 {count} 个项目" in site.get(href.replace("&amp;", "&")).text, href
    chosen = re.search(r'class="on"><a href="([^"]*)"', facets)
    assert chosen and f"共 {3 + GRANTS} 个项目" in site.get(chosen[1]).text


def test_each_chip_takes_one_condition_away(site: Site) -> None:
    html = site.get("/projects?q=助老&status=completed&sort=title").text
    chips = re.findall(r'class="chip" href="([^"]*)"', html)
    assert [parse_qs(urlsplit(chip.replace("&amp;", "&")).query) for chip in chips] == [
        {"q": ["助老"], "sort": ["title"]},
        {"status": ["completed"], "sort": ["title"]},
    ]


def test_the_list_is_downloaded_as_it_is_shown(site: Site) -> None:
    html = site.get("/projects?category=elderly-disabled&sort=title&known_at=2010-12-25").text
    addresses = [link for link in links(html) if link.startswith(("/projects.csv?", "/projects.xlsx?"))]
    rows = list(csv.DictReader(StringIO(site.get(addresses[0]).content.decode("utf-8-sig"))))
    assert [(row["title"], row["approved"], row["currency"]) for row in rows] == [("老年人日间照料", "1000.00", "CNY")]
    answer = site.get(addresses[1])
    assert "ETag" in answer.headers
    header, line = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert header == list(rows[0])
    assert (line[header.index("title")], line[header.index("approved")]) == ("老年人日间照料", 1000)
    whole = site.get("/projects.csv?sort=amount")
    assert whole.text.count("\r\n") == 1 + 3 + GRANTS
    assert site.get("/projects.csv?sort=random").status_code == 422


def test_empty_fields_of_the_form_ask_for_nothing(site: Site) -> None:
    html = site.get("/projects?q=&programme=&category=&district=&status=&sort=recent&known_at=").text
    assert f"共 {3 + GRANTS} 个项目" in html


@pytest.mark.parametrize("sort", ["recent", "amount", "title"])
def test_the_pages_of_the_listing_hold_each_project_once(site: Site, sort: str) -> None:
    seen: list[str] = []
    page: str | None = f"/projects?sort={sort}"
    while page:
        html = site.get(page).text
        seen += re.findall(r'<h2><a href="(/projects/[^"]*)"', html)
        following = re.search(r'rel="next" href="([^"]*)"', html)
        page = following[1].replace("&amp;", "&") if following else None
    assert len(seen) == len(set(seen)) == 3 + GRANTS


def test_the_listing_as_known_on_a_day(site: Site) -> None:
    html = site.get("/projects?known_at=2010-06-01").text
    assert "共 3 个项目" in html
    assert "实施中" in html
    assert "Kitchen" not in html


def test_an_empty_listing_says_what_to_do(site: Site) -> None:
    assert "请减少筛选条件" in site.get("/projects?q=完全没有的词").text


def test_synthetic_projects_say_so(site: Site) -> None:
    for page in ("/projects?programme=trial", f"/projects/{site.world.synthetic}"):
        html = site.get(page).text
        assert "本页含演示数据" in html
        assert html.count("演示数据") == 1
    assert "演示数据" not in site.get(f"/projects/{site.world.full}").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=%00", 422), ("q=" + "x" * 300, 422), ("sort=random", 422), ("status=gone", 422), ("programme=%2F", 422),
        ("organisation=x", 422), ("known_at=yesterday", 422), ("known_at=2999-01-01", 422),
        ("known_at=99999999999", 404), ("known_at=2001-01-01", 404), ("cursor=x", 422), ("cursor=%00", 422),
        ("cursor=WzEsInJlY2VudCIsIngiLCIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAiXQ==", 422),
        ("cursor=WzEsImFtb3VudCIsIngiLCIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAiXQ==&sort=amount", 422),
        ("cursor=WzEsMiwzLDRd", 422),
        ("cursor=WzFlOTk5LCJyZWNlbnQiLCIxIiwiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIl0=", 422),
    ],
)  # fmt: skip
def test_bad_conditions_get_a_readable_page(site: Site, query: str, status: int) -> None:
    for language, said in (("zh", "去项目名录"), ("en", "To the list of projects")):
        answer = site.get(f"/projects?{query}&lang={language}")
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert said in answer.text


def test_bad_conditions_are_named(site: Site) -> None:
    assert "不能识别的条件：状态、搜索词。" in site.get(f"/projects?q={'a' * 201}&status=gone").text
    assert "The nearest is 2010-02-28." in site.get(f"/projects/{site.world.full}?effective_on=2010-02-30&lang=en").text


def test_an_unpublished_project_has_no_page(site: Site) -> None:
    answer = site.get(f"/projects/{site.world.unpublished}?lang=en")
    unknown = "00000000-0000-0000-0000-000000000000"
    assert answer.status_code == 404
    assert "尚未公布的项目" not in answer.text
    assert answer.text.replace(str(site.world.unpublished), unknown) == site.get(f"/projects/{unknown}?lang=en").text
    assert "共 0 个项目" in site.get("/projects?q=尚未公布").text


@pytest.mark.parametrize("project", ["none", "00000000-0000-0000-0000-000000000000", "%00", "<b>"])
def test_an_unknown_project_has_no_page(site: Site, project: str) -> None:
    answer = site.get(f"/projects/{quote(project, safe='%')}")
    assert answer.status_code == 404
    assert "没有找到" in answer.text


def test_problems_of_the_interface_stay_json(site: Site) -> None:
    for path in ("/v1/projects/none", "/v1/nothing", "/v1/projects?sort=x"):
        assert site.get(path).headers["content-type"] == "application/problem+json"
    assert site.get("/nothing", accept="application/json").headers["content-type"] == "application/problem+json"
    assert site.get("/nothing").headers["content-type"].startswith("text/html")


def test_text_from_outside_is_escaped(site: Site) -> None:
    for page in ("/projects?category=rural", f"/projects/{site.world.script}", f"/projects?q={quote(SCRIPT)}"):
        html = site.get(page).text
        assert SCRIPT not in html
        assert NAUGHTY not in html
    html = site.get(f"/projects/{site.world.script}").text
    assert escape(SCRIPT, quote=False).replace("'", "&#39;") in html


def test_what_a_page_links_to_is_there(site: Site) -> None:
    for page in ("/", "/projects?lang=en", f"/projects/{site.world.full}?lang=en", site.grant):
        for link in set(links(site.get(page).text)):
            if not link.startswith("#"):
                assert site.get(link).status_code in (200, 303), link


def test_a_briefing_shows_tables_charts_and_basis(site: Site) -> None:
    html = site.get(BRIEFING).text
    for said in (
        "工作简报",
        "全市",
        "全部时间",
        "按领域",
        "按现行区县",
        "按组织类别",
        "按月份",
        "扶老助残",
        "2010年12月30日",
    ):
        assert said in html
    assert re.search("账本第 [0-9]+ 号记录（2010年12月30日）", html)
    assert html.count("<svg") == html.count('role="img"') >= 5
    assert html.count("<table") == html.count("<thead>") >= 6
    assert len(re.findall('<th scope="row">合计</th>', html)) >= 4
    in_english = site.get(f"{BRIEFING}?lang=en&from=2010-03-01&to=2010-06-30").text
    assert "1 March 2010 to 30 June 2010" in in_english
    assert not re.search("[一-鿿]{5}", re.sub("<footer.*", "", in_english.split("<form")[1].split("</form>")[1]))


def test_an_impossible_briefing_is_refused_on_a_page(site: Site) -> None:
    for query, status in (("from=2010-13-01", 422), ("district=999999", 422), ("from=2010-03-02&to=2010-03-01", 422)):
        answer = site.get(f"{BRIEFING}?{query}")
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    for programme in ("nowhere", "NO%20CODE"):
        assert site.get(f"/programmes/{programme}/briefing").status_code == 404
