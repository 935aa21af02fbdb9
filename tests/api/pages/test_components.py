"""The components of the pages: each once, and all on one page."""

import re

from tests.api.pages.conftest import Site

from api.pages.frame import HERE

TEMPLATES = HERE / "templates"


def test_every_component_is_on_the_page(site: Site) -> None:
    made = set(re.findall(r"{% macro ([a-z]\w*)", (TEMPLATES / "parts.html").read_text()))
    shown = set(re.findall(r"parts\.(\w+)\(", (TEMPLATES / "components.html").read_text()))
    assert len(made) > 12
    # The line of a facet is shown within it.
    assert made == shown
    assert site.get("/components").status_code == site.get("/components?lang=en&text=large").status_code == 200


def test_a_late_report_carries_no_tick() -> None:
    style = (TEMPLATES.parent / "static" / "style.css").read_text()
    marks = dict(re.findall(r"\.step\.(in_time|late|overdue)::before {[^}]*content: \"(.)\"", style))
    assert marks == {"in_time": "✓", "late": "!", "overdue": "!"}


def test_every_time_is_valid_for_machines(site: Site) -> None:
    seen = set()
    for page in ("/", "/projects", f"/projects/{site.world.full}", site.grant):
        seen |= set(re.findall(r'<time datetime="([^"]*)"', site.get(page).text))
    day, instant = r"\d{4}-\d{2}-\d{2}", r"T\d{2}:\d{2}:\d{2}\.\d{3}\+08:00"
    assert len(seen) > 20
    assert [one for one in seen if not re.fullmatch(f"{day}({instant})?", one)] == []


def test_robots_find_every_public_project(site: Site) -> None:
    robots = site.get("/robots.txt").text
    [address] = re.findall("Sitemap: http://ledger.test(/.*)", robots)
    places = re.findall("<loc>http://ledger.test(/[^<]*)</loc>", site.get(address).text)
    assert f"/projects/{site.world.full}" in places and site.grant.partition("?")[0] in places
    assert f"/projects/{site.world.unpublished}" not in places
    assert {site.get(place).status_code for place in places} == {200}


def test_pages_refuse_other_methods_and_name_theirs(site: Site) -> None:
    async def put(path: str) -> tuple[int, str]:
        answer = await site.client.put(path, headers={"Accept": "text/html"})
        return answer.status_code, answer.headers.get("Allow", "")

    for path in ("/", "/projects", f"/projects/{site.world.full}", "/components", "/sign-in"):
        status, allowed = site.portal.call(put, path)
        assert status == 405 and "GET" in allowed and "HEAD" in allowed, path
