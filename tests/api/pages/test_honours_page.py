"""The page of a programme's honours, as a reader without scripts sees it."""

import re

import pytest
from tests.api.pages.conftest import Site

PAGE = "/programmes/beijing-2010/honours"


def test_the_page_ranks_the_honoured_with_reasons(site: Site) -> None:
    html = site.get(PAGE).text
    for said in (
        "第 1 名",
        "老年人日间照料",
        "已授予",
        "完成情况",
        "第三方评估",
        "公式 2：完成情况占 30%",
        "取 60% 与",
    ):
        assert said in html
    assert f"/projects/{site.world.full}" in html
    assert re.search(rf"/certificates/{site.world.full}/[0-9]+", html)
    assert html.count("尚无公示或授予的对象。") == 2
    assert "Honoured" in site.get(f"{PAGE}?lang=en").text


def test_the_listing_links_to_honours_and_data(site: Site) -> None:
    assert f'href="{PAGE}"' in site.get("/").text
    assert f'href="{PAGE}"' not in site.get("/projects?programme=trial").text
    links = re.findall(r'href="(/v1/programmes/[^"]*)"', site.get(PAGE).text)
    assert len(links) == 3
    for link in links:
        assert site.get(link).json()["of"] == "proposed"


def test_before_anybody_was_proposed_nobody_stands_there(site: Site) -> None:
    html = site.get(f"{PAGE}?known_at=2010-11-30").text
    assert html.count("尚无公示或授予的对象。") == 3


@pytest.mark.parametrize(
    ("query", "status"), [("?known_at=x", 422), ("?known_at=2199-01-01", 422), ("?known_at=1999-01-01", 404)]
)
def test_what_cannot_be_asked_is_told_on_a_page(site: Site, query: str, status: int) -> None:
    answer = site.get(f"{PAGE}{query}")
    assert answer.status_code == status
    assert "text/html" in answer.headers["content-type"]
    assert site.get("/programmes/none/honours").status_code == 404
