"""The feed as feed readers see it, read by parsers of other people; the listing in somebody else's page."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import atoma  # type: ignore[import-untyped]
import feedparser  # type: ignore[import-untyped]
import httpx2
import pytest
from tests.api.pages.conftest import Site

from api.pages.reader import Reader
from api.pages.sentences import Naming
from ledger.core.envelope import decode
from ledger.core.fact import Audience

NEWEST = Path(__file__).parents[2] / "golden" / "2"
ATOM, JSON = "application/atom+xml", "application/feed+json"


def all_entries(site: Site) -> list[dict[str, Any]]:
    page: dict[str, Any] = site.get("/v1/feed?limit=1000").json()
    assert not page["more"]
    entries: list[dict[str, Any]] = page["entries"]
    return entries


def get(site: Site, path: str, **headers: str) -> httpx2.Response:
    async def ask() -> httpx2.Response:
        return await site.client.get(path, headers=headers)

    return site.portal.call(ask)


def local(address: str) -> str:
    return re.sub(r"^http://[^/]+", "", address)


def walk(site: Site, path: str) -> Iterator[Any]:
    """Pages of the Atom feed, each by the link to the next."""
    seen = set()
    while path and path not in seen:
        seen.add(path)
        found = feedparser.parse(site.get(path, ATOM).content)
        assert not found.bozo, found.get("bozo_exception")
        yield found
        path = next((local(link.href) for link in found.feed.links if link.rel == "next"), "")


def test_feedparser_reads_every_entry_once(site: Site) -> None:
    entries = [entry for page in walk(site, "/feed.atom?limit=40") for entry in page.entries]
    ledger = "urn:minsheng:ledger:ledger.test"
    expected = [f"{ledger}:event:{one['stream']}:{one['version']}:zh" for one in all_entries(site)]
    assert [entry.id for entry in entries] == expected[::-1]
    assert len(set(expected)) == len(expected) > 40
    for entry in entries:
        assert entry.title and entry.link.startswith("http") and entry.published_parsed <= entry.updated_parsed
    assert [entry.published for entry in entries] == sorted((entry.published for entry in entries), reverse=True)


def test_atoma_reads_both_formats_alike(site: Site) -> None:
    atom = atoma.parse_atom_bytes(site.get("/feed.atom", ATOM).content)
    feed = atoma.parse_json_feed_bytes(site.get("/feed.json", JSON).content)
    assert feed.version == "https://jsonfeed.org/version/1.1"
    assert [(one.id_, one.title.value, one.updated) for one in atom.entries] == [
        (one.id_, one.title, one.date_modified) for one in feed.items
    ]
    assert [one.content.value for one in atom.entries] == [one.content_text for one in feed.items]
    assert atom.title.value == feed.title == "公益项目动态"
    assert atom.updated == max(one.updated for one in atom.entries)
    assert len({one.id_ for one in atom.entries}) == 50


def test_the_json_feed_fulfils_version_1_1(site: Site) -> None:
    path, ids = "/feed.json?limit=150", []
    while path:
        answer = site.get(path, JSON)
        assert answer.headers["content-type"] == JSON
        feed = answer.json()
        assert {"version", "title", "home_page_url", "feed_url", "language", "items"} <= feed.keys()
        ids += [item["id"] for item in feed["items"]]
        assert all(
            {"id", "url", "content_text", "date_published", "date_modified"} <= item.keys() for item in feed["items"]
        )
        path = local(feed.get("next_url", ""))
    assert len(ids) == len(set(ids)) == len(all_entries(site))


def test_links_of_entries_lead_to_pages(site: Site) -> None:
    links = {item["url"].split("#")[0] for item in site.get("/feed.json?limit=200&lang=en", JSON).json()["items"]}
    assert any("/projects/" in link for link in links) and any("organisation=" in link for link in links)
    for link in links:
        assert "lang=en" in link
        assert site.get(local(link)).status_code == 200, link


def test_entries_are_told_in_the_language_asked_for(site: Site) -> None:
    chinese, english = (site.get(f"/feed.json?limit=200{lang}", JSON).json() for lang in ("", "&lang=en"))
    assert (chinese["language"], english["language"]) == ("zh-CN", "en")
    ids = [[one["id"].rpartition(":") for one in feed["items"]] for feed in (chinese, english)]
    assert [entry for entry, _, _ in ids[0]] == [entry for entry, _, _ in ids[1]]
    assert {tuple(language for _, _, language in feed) for feed in ids} == {
        tuple(language for _ in ids[0]) for language in ("zh", "en")
    }
    registered = [one["content_text"] for one in english["items"] if one["tags"] == ["OrganisationRegistered"]]
    assert registered and all(text.startswith("Organisation registered") for text in registered)


def test_a_feed_is_titled_by_its_selection(site: Site) -> None:
    paths = ("/feed.atom", "/feed.atom?lang=en", "/feed.atom?programme=beijing-2010", "/feed.atom?limit=2")
    names = [feedparser.parse(get(site, path).content).feed.id for path in paths]
    assert all(name.startswith("urn:minsheng:ledger:ledger.test:feed:") for name in names)
    assert len(set(names)) == 3 and names[0] == names[3]


def test_a_selection_is_kept_in_every_link(site: Site) -> None:
    feed = site.get("/feed.json?programme=beijing-2010&limit=2&lang=en", JSON).json()
    assert "programme=beijing-2010" in feed["next_url"] and "programme=beijing-2010" in feed["feed_url"]
    assert "programme=beijing-2010" in feed["home_page_url"]
    assert site.get("/feed.json?organisation=" + str(uuid4()), JSON).json()["items"] == []


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.json", "/embed", "/v1/feed"])
def test_who_has_it_already_gets_304(site: Site, path: str) -> None:
    first = get(site, path)
    assert first.status_code == 200 and "public" in first.headers["cache-control"]
    again = get(site, path, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert get(site, path, **{"If-None-Match": '"other"'}).content == first.content


def test_the_listing_names_its_feeds_to_feed_readers(site: Site) -> None:
    page = site.get("/projects?programme=beijing-2010&lang=en").text
    links = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', page)
    assert [kind for kind, _ in links] == [ATOM, JSON]
    for kind, href in links:
        href = href.replace("&amp;", "&")
        assert "programme=beijing-2010" in href and "lang=en" in href
        assert site.get(href).headers["content-type"].split(";")[0] == kind


def test_only_the_embedded_listing_may_be_framed(site: Site) -> None:
    embedded = site.get("/embed?programme=beijing-2010")
    assert embedded.headers["content-security-policy"].endswith("frame-ancestors *")
    for path in ("/", "/?lang=en", site.grant, "/projects/none"):
        assert site.get(path).headers["content-security-policy"].endswith("frame-ancestors 'none'"), path


def test_embedded_projects_open_outside_the_frame(site: Site) -> None:
    page = site.get("/embed?programme=beijing-2010&lang=en").text
    links = re.findall(r'<a href="([^"]+)" target="_blank" rel="noopener">', page)
    assert len(links) > 2 and all(link.startswith("/") for link in links)
    assert "<script" not in page and 'http-equiv="refresh"' not in page
    assert site.get(links[-1].replace("&amp;", "&")).status_code == 200
    assert "No project matches." in site.get("/embed?programme=nothing&lang=en").text


def test_entries_name_the_events_that_they_are_about(site: Site) -> None:
    items = site.get("/feed.json?limit=200", JSON).json()["items"]
    texts = [item["content_text"] for item in items]
    assert any(text.startswith("初审申报表（第1稿）：通过") for text in texts)
    assert any(text.startswith("作废") and "阶段进度表：" in text for text in texts)
    assert not any("不公开的记录" in text for text in texts)


def test_a_place_that_is_none_is_refused(site: Site) -> None:
    answer = get(site, "/feed.json?before=x", Accept="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_fact_that_everybody_may_read_has_its_sentence(language: Any) -> None:
    naming = Naming(Reader(language), None)
    told = 0
    for stored in NEWEST.glob("*.json"):
        fact = decode(stored.read_bytes()).fact
        if fact.audience in (Audience.AT_ONCE, Audience.FROM_PUBLICATION, Audience.AS_TARGET):
            text = fact.told(naming)
            assert text and "{" not in text, fact.type
            told += 1
    assert told > 50
