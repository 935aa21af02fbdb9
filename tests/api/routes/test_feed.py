"""The feed over HTTP: pages and a stream that can be left and taken up again anywhere."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from tests.api.bodies import PROGRAMME, approval, contract, form, hand_in, publication, report, review, screening
from tests.api.client import Town, check_problem, listening

from api import listeners
from api.cli.stopping import StoppingServer
from api.routes import feed
from api.routes.feed import codec_of
from projections import feed_queries

# What a history says of an event beyond what a feed does.
OF_A_PROJECT = {"opened", "voided_by", "restated_by", "disputed_by", "changes", "after_decisions"}


async def walk(town: Town, after: str | None = None, limit: int = 7, **chosen: Any) -> tuple[list[dict[str, Any]], str]:
    """All entries behind a place, page by page, and the place behind them."""
    await town.followed()
    entries: list[dict[str, Any]] = []
    while True:
        place = {} if after is None else {"after": after}
        page = await town.public.read("/v1/feed", limit=limit, **place, **chosen)
        entries += page["entries"]
        after = page["next"]
        if not page["more"]:
            return entries, after


async def test_a_page_equals_the_histories(town: Town) -> None:
    project = await town.published()
    entries, place = await walk(town)
    history = {one["position"]: one for one in await town.public.read(f"{project}/history")}
    mine = [one for one in entries if one["stream"] == project.rsplit("/", 1)[1]]
    assert len(mine) == len(history) > 5
    for entry in mine:
        known = history[entry["position"]]
        assert {name: entry[name] for name in entry.keys() - {"cursor", "origin", "public_since"}} == {
            name: known[name]
            for name in known.keys()
            - {"opened", "voided_by", "restated_by", "disputed_by", "changes", "after_decisions"}
        }
        assert entry["public_since"] == mine[-1]["recorded_at"]
    assert place == entries[-1]["cursor"]


async def test_a_reader_resumes_past_late_publications(town: Town) -> None:
    project = await town.contracted()
    seen, place = await walk(town)
    other = await town.applied()
    await town.office.done(f"/v1/programmes/{PROGRAMME}/publications", publication(project))
    more, last = await walk(town, place, limit=2)
    assert {one["stream"] for one in more} == {project.rsplit("/", 1)[1]}
    assert more[-1]["type"] == "Published"
    assert more[0]["position"] < more[-1]["position"]
    positions = [one["position"] for one in [*seen, *more]]
    assert len(positions) == len(set(positions))
    assert not any(one["stream"] == other.rsplit("/", 1)[1] for one in [*seen, *more])
    assert await walk(town, last) == ([], last)


async def test_who_has_the_page_already_gets_304(town: Town) -> None:
    await town.followed()
    first = await town.public.get("/v1/feed")
    again = {"If-None-Match": first.headers["etag"]}
    answer = await town.public.http.get("/v1/feed", headers=again)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == first.headers["etag"]
    assert first.headers["cache-control"] == "public, no-cache"
    await town.published()
    await town.followed()
    assert (await town.public.http.get("/v1/feed", headers=again)).status_code == 200


async def test_an_official_gets_what_everybody_gets(town: Town) -> None:
    await town.reviewed()
    await town.followed()
    assert (await town.office.get("/v1/feed")).content == (await town.public.get("/v1/feed")).content


async def test_the_feed_at_a_position_is_unchanged(town: Town) -> None:
    project = await town.contracted()
    known = await town.followed()
    before = await town.public.read("/v1/feed", known_at=known, limit=1000)
    await town.office.done(f"/v1/programmes/{PROGRAMME}/publications", publication(project))
    await town.followed()
    assert await town.public.read("/v1/feed", known_at=known, limit=1000) == before


async def test_entries_are_chosen(town: Town) -> None:
    await town.published()
    await town.published(town.city)
    everything, _ = await walk(town)
    of_city, _ = await walk(town, organisation=town.city_id)
    local, _ = await walk(town, district="110105")
    assert 0 < len(of_city) < len(everything)
    assert not {one["cursor"] for one in of_city} & {one["cursor"] for one in local}
    assert {one["cursor"] for one in [*of_city, *local]} <= {one["cursor"] for one in everything}


async def test_a_place_beyond_the_ledger_is_refused_by_name(town: Town) -> None:
    place = feed_queries.FeedCursor(9999, 1).encode(codec_of(town.service))
    for path, name in (("/v1/feed", "after"), ("/v1/feed/stream", "after"), ("/feed.atom", "before")):
        refused = await town.public.get(path, **{name: place})
        check_problem(refused, 422, "cursor_ahead")
        assert refused.json()["details"] == {"field": name, "size": await town.size()}
    stream = await town.public.http.get("/v1/feed/stream", headers={"Last-Event-ID": place})
    check_problem(stream, 422, "cursor_ahead")
    assert stream.json()["details"]["field"] == "Last-Event-ID"


@pytest.mark.parametrize("place", ["x", "1", "1.", "１.2", "9" * 30 + ".1", "1.2\n"])
async def test_a_place_that_is_none_is_refused(town: Town, place: str) -> None:
    check_problem(await town.public.get("/v1/feed", after=place), 422, "cursor_invalid")
    check_problem(await town.public.get("/v1/feed/stream", after=place), 422, "cursor_invalid")
    if place.isascii() and place.isprintable():
        answer = await town.public.http.get("/v1/feed/stream", headers={"Last-Event-ID": place})
        check_problem(answer, 422, "cursor_invalid")


# The stream, over a server of its own: it has no end.


@asynccontextmanager
async def serving(town: Town) -> AsyncIterator[tuple[httpx2.AsyncClient, StoppingServer]]:
    async with (
        listening(town) as (port, server),
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http,
    ):
        yield http, server


async def messages(answer: httpx2.Response) -> AsyncIterator[tuple[str | None, Any]]:
    """Id and data of each message, as the standard reads them; comments have neither."""
    name: str | None = None
    data: list[str] = []
    async for line in answer.aiter_lines():
        field, _, value = line.partition(": ")
        if not line:
            yield name, json.loads("\n".join(data)) if data else None
            name, data = None, []
        elif field == "id":
            name = value
        elif field == "data":
            data.append(value)


async def heard(
    http: httpx2.AsyncClient, number: int, last: str | None = None, listening: asyncio.Event | None = None, **query: Any
) -> tuple[list[dict[str, Any]], str]:
    """So many entries, then the listener goes away; and the id of the last message. `listening` is set when the place
    from which it listens is known."""
    entries: list[dict[str, Any]] = []
    headers = {} if last is None else {"Last-Event-ID": last}
    async with http.stream("GET", "/v1/feed/stream", params=query, headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        if listening and last is not None:
            listening.set()
        async for name, data in messages(answer):
            last = name or last
            if listening:
                listening.set()
            if data is not None:
                assert name == data["cursor"]
                entries.append(data)
            if len(entries) >= number:
                break
    assert last is not None
    return entries, last


async def test_a_cut_listener_resumes_from_last_event(town: Town) -> None:
    project = await town.contracted()
    everything, place = await walk(town)
    async with serving(town) as (http, _):
        entries, last = await heard(http, 2, after="beginning")
        assert entries == everything[:2]
        rest, last = await heard(http, len(everything) - 2, last)
        assert rest == everything[2:]
        assert last == place
        listening = asyncio.Event()
        waiting = asyncio.create_task(heard(http, 1, last, listening))
        await listening.wait()
        await town.office.done(f"/v1/programmes/{PROGRAMME}/publications", publication(project))
        found, last = await waiting
        others, _ = await walk(town, place)
        more, _ = await heard(http, len(others) - len(found), last)
        assert [*found, *more] == others


async def test_a_listener_without_a_place_starts_now(town: Town) -> None:
    await town.published()
    _, place = await walk(town)
    async with serving(town) as (http, _):
        assert await heard(http, 0) == ([], place)
        listening = asyncio.Event()
        waiting = asyncio.create_task(heard(http, 1, listening=listening))
        await listening.wait()
        await town.published(town.city)
        [entry], _ = await waiting
        assert entry["type"] == "Applied"


async def test_a_quiet_stream_says_that_it_is_there(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "HEARTBEAT_SECONDS", 0.1)
    await town.followed()
    async with serving(town) as (http, _), http.stream("GET", "/v1/feed/stream") as answer:
        async for line in answer.aiter_lines():
            if line.startswith(":"):
                return


async def test_listeners_are_limited_and_seats_reused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await town.followed()
    monkeypatch.setattr(town.service.listeners, "_most", 1)
    async with serving(town) as (http, _):
        async with http.stream("GET", "/v1/feed/stream") as answer:
            assert answer.status_code == 200
            await anext(answer.aiter_lines())
            refused = await http.get("/v1/feed/stream")
            check_problem(refused, 429, "too_many_listeners")
            assert refused.headers["retry-after"] == str(listeners.RETRY_SECONDS)
        while (status := await heard_status(http)) != 200:
            assert status == 429
            await asyncio.sleep(0.02)


async def heard_status(http: httpx2.AsyncClient) -> int:
    async with http.stream("GET", "/v1/feed/stream") as answer:
        return answer.status_code


async def test_the_stream_ends_when_the_service_stops(town: Town) -> None:
    await town.followed()
    async with serving(town) as (http, server), http.stream("GET", "/v1/feed/stream") as answer:
        lines = answer.aiter_lines()
        await anext(lines)
        server.should_exit = True
        # To its end, which the server waits for.
        assert [line async for line in lines][-1] == ""


async def test_reports_are_in_the_feed_when_they_are_made(town: Town) -> None:
    project = await town.published()
    _, place = await walk(town)
    town.clock.to(3, 15)
    await town.local.done(f"{project}/milestones", report("start"))
    [entry], _ = await walk(town, place)
    assert entry["type"] == "MilestoneReported"


async def test_sentences_tell_which_draft_was_screened(town: Town) -> None:
    project = await town.applied()
    await town.local.done(f"{project}/amendment", {"form": form(title="示例：改"), "reason": "示例。"})
    await town.district.done(f"{project}/screening", screening(2))
    await town.district.done(f"/v1/programmes/{PROGRAMME}/hand-ins", hand_in(project))
    for member in town.members[:3]:
        await member.done(f"{project}/reviews", review(2))
    await town.leaders.done(f"{project}/approval", approval(2))
    await town.district.done(f"{project}/contract", contract(signed_on=town.today))
    await town.office.done(f"/v1/programmes/{PROGRAMME}/publications", publication(project))
    await town.followed()
    items = (await town.public.read("/feed.json"))["items"]
    assert [one["content_text"][:11] for one in items if "初审" in one["content_text"]] == ["初审申报表（第2稿）："]
