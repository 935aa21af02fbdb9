"""The register of organisations as a page and as files, and the page for those who use the data."""

import csv
import io
import json
import re

import pytest
from tests.api import bodies
from tests.api.client import Town
from tests.api.pages.conftest import Site


def test_the_register_shows_what_the_interface_lists(site: Site) -> None:
    html = site.get("/organisations").text
    answered = site.get("/v1/organisations").json()
    assert f"共 {answered['total']} 家" in html
    for one in answered["organisations"]:
        assert f'href="/organisations/{one["id"]}"' in html
    assert 'href="/organisations" aria-current="true"' in html


def test_organisations_are_found_by_part_of_the_name(site: Site) -> None:
    html = site.get("/organisations?q=%E6%99%A8%E5%85%89&status=active&lang=en").text
    assert "晨光助老协会" in html and "1 in all" in html
    assert "No organisation matches." in site.get("/organisations?q=%E6%97%A0&lang=en").text
    assert site.get("/organisations?grade=9").status_code == 422
    assert "评估等级" in site.get("/organisations?grade=9").text


def test_the_register_stands_at_the_chosen_moment(site: Site) -> None:
    html = site.get("/organisations?known_at=2010-06-30&effective_on=2010-06-30").text
    row = re.search(rf'href="/organisations/{site.world.organisation}\?([^"]*)"', html)
    assert row and "known_at=2010-06-30" in row[1] and "effective_on=2010-06-30" in row[1]
    assert site.get("/organisations?known_at=2009-01-01").status_code == 404


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_files_hold_the_register_as_shown(site: Site, suffix: str) -> None:
    answered = site.get("/v1/organisations?q=%E6%99%A8%E5%85%89").json()["organisations"]
    file = site.get(f"/organisations.{suffix}?q=%E6%99%A8%E5%85%89")
    if suffix == "json":
        assert json.loads(file.text)["organisations"] == answered
    else:
        [line] = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
        assert (line["id"], line["status"]) == (answered[0]["id"], "active")


async def test_grade_list_and_end_are_filters(town: Town) -> None:
    local, city = f"/v1/organisations/{town.local_id}", f"/v1/organisations/{town.city_id}"
    await town.office.done(f"{local}/grades", bodies.GRADE)
    await town.office.done(f"{city}/lists", bodies.LISTING)
    await town.followed()

    async def found(**query: str) -> set[str]:
        return {one["id"] for one in (await town.public.read("/v1/organisations", **query))["organisations"]}

    grade = str(bodies.GRADE["grade"])
    assert await found(grade=grade) == {str(town.local_id)}
    assert await found(grade=grade, on="2008-01-01") == set()
    assert await found(status=bodies.LISTING["list"]) == {str(town.city_id)}
    ending = bodies.PAPER | {"kind": "cancelled"}
    await town.office.done(f"{city}/deregistration", ending)
    await town.followed()
    assert await found(status="cancelled") == {str(town.city_id)}
    assert str(town.city_id) not in await found(status="active")


def test_data_page_leads_to_files_feeds_and_reference(site: Site) -> None:
    for language in ("zh", "en"):
        html = site.get(f"/data?lang={language}").text
        for path in ("/exports/projects.csv", "/exports/registry.zip", "/v1/feed", "/docs", "/log/checkpoint"):
            assert f'href="{path}"' in html, path
    then = site.get("/data?known_at=2010-06-30").text
    assert 'href="/exports/projects.csv?known_at=2010-06-30"' in then


def test_examples_of_the_interface_answer(site: Site) -> None:
    html = site.get("/data").text
    examples = re.findall(r'<li><a href="([^"]*)">[^<]*</a> <pre', html)
    assert len(examples) == 4
    # Nothing is signed here, so that the log has no checkpoint yet.
    for href in examples:
        assert site.get(href.replace("&amp;", "&"), "*/*").status_code in ((200, 404) if "/log/" in href else (200,)), (
            href
        )


def test_code_to_embed_shows_the_chosen_list(site: Site) -> None:
    html = site.get("/data?programme=beijing-2010&category=rural&embed_lang=en").text
    code = re.search(r"<pre[^>]*><code>(.*?)</code>", html, re.DOTALL)
    assert code
    assert "/embed?programme=beijing-2010&amp;amp;category=rural&amp;amp;lang=en" in code[1]
    [preview] = re.findall(r'href="(/embed\?[^"]*)"', html)
    assert site.get(preview.replace("&amp;", "&")).status_code == 200
