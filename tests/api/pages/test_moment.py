"""The chosen moment and the large type are carried from page to page."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.api.pages.conftest import Site

HONOURS, BRIEFING = "/programmes/beijing-2010/honours", "/programmes/beijing-2010/briefing"
CHOSEN = {"known_at": ["2010-11-30"], "effective_on": ["2010-11-20"], "text": ["large"]}
QUERY = "known_at=2010-11-30&effective_on=2010-11-20&text=large"
PAGES = ("/", "/projects?q=照料", "/projects/{full}", HONOURS, BRIEFING)


def shown(site: Site, page: str, query: str = QUERY) -> str:
    page = page.format(full=site.world.full)
    return site.get(f"{page}{'&' if '?' in page else '?'}{query}").text


@pytest.mark.parametrize("page", PAGES)
def test_every_link_carries_moment_and_type_size(site: Site, page: str) -> None:
    html = shown(site, page)
    switches = {"now": "回到现在", "size": "标准字", "sign in": "登录"}
    for address, text in re.findall(
        r'<a [^>]*href="(/(?:\?|projects|programmes|certificates|sign-in|")[^"]*)"[^>]*>([^<]*)', html
    ):
        asked = parse_qs(urlsplit(unescape(address)).query)
        kept = {name: value for name, value in asked.items() if name in CHOSEN}
        if text in (switches["now"], switches["sign in"]) or "/sign-in" in address:
            assert kept == {"text": ["large"]}, address
        elif text == switches["size"]:
            assert kept == {name: value for name, value in CHOSEN.items() if name != "text"}
        else:
            assert kept == CHOSEN, (address, text)
    for form in re.findall(r'<form[^>]*method="get".*?</form>', html, re.DOTALL):
        assert set(CHOSEN) <= set(re.findall(r'name="(\w+)"', form))


@pytest.mark.parametrize("page", PAGES)
def test_the_bar_names_the_moment_and_leads_back(site: Site, page: str) -> None:
    html = shown(site, page)
    assert 'class="bar past"' in html
    assert "2010年11月30日 为止记下的账本" in html
    assert "2010年11月20日 生效的内容" in html
    assert ("本页只随记录时点变化" in html) == (page != "/projects/{full}")
    back = re.search(r'class="pill" href="([^"]*)"', html)
    assert back
    assert 'class="bar past"' not in site.get(unescape(back[1])).text


def test_positions_and_instants_are_named(site: Site) -> None:
    assert "第 30 号记录 为止记下的账本" in shown(site, "/", "known_at=30")
    assert "2010年6月1日 08:00:00 为止" in shown(site, "/", "known_at=2010-06-01T00:00:00Z")


def test_a_page_of_the_present_says_so(site: Site) -> None:
    page = re.search(r'"(/certificates/[^"?]*)', shown(site, "/projects/{full}", ""))
    assert page
    assert "本页总是显示现在" in site.get(f"{page[1]}?known_at=2010-12-25").text


def test_a_refused_moment_is_not_carried_on(site: Site) -> None:
    html = shown(site, "/", "known_at=2999-01-01&text=large")
    assert 'href="/?text=large"' in html
    assert 'data-text="large"' in html


def test_another_moment_begins_at_the_first_page(site: Site) -> None:
    following = re.search(r'rel="next" href="([^"]*)"', site.get("/projects").text)
    assert following
    bar = site.get(unescape(following[1])).text.split("<header")[0]
    assert 'name="cursor"' not in bar
