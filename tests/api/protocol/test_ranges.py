"""Parts of exports, and the condition under which a part is wanted."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.api.client import check_problem
from tests.api.protocol.walking import Walk, ask, open_walk

from ledger.database import Database

WHOLE = ["bytes=", "bytes=x-1", "bytes=5-1", "bytes=0-1,3-4", "lines=0-1", "0-1", "bytes=-", "bytes=1 - 2"]


@pytest.fixture
async def walk(database: Database, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Walk]:
    async with open_walk(database, tmp_path) as opened:
        yield opened


def exports(walk: Walk) -> list[str]:
    known = "known_at=3"
    streams = ("/exports/projects.csv", "/ocds/releases.json", "/ocds/records.json", "/360giving.json")
    files = ("/exports/registry.zip", "/exports/projects.xlsx", "/exports/projects.parquet")
    archive = f"/v1/organisations/{walk.town.local_id}/archive"
    return [*(f"{path}?{known}" for path in (*streams, *files)), "/exports/money.csv", archive]


async def test_a_part_of_an_export_is_those_bytes(walk: Walk, subtests: pytest.Subtests) -> None:
    for address in exports(walk):
        with subtests.test(address):
            whole = await ask(walk, "GET", address)
            content, size = whole.content, len(whole.content)
            assert whole.headers["accept-ranges"] == "bytes"
            wanted = {
                "bytes=0-9": (0, 9),
                "bytes=5-": (5, size - 1),
                "bytes=-7": (size - 7, size - 1),
                "Bytes=3-999999999": (3, size - 1),
                f"bytes=-{size + 5}": (0, size - 1),
                f"bytes={size - 1}-{size - 1}": (size - 1, size - 1),
            }
            for asked, (first, last) in wanted.items():
                part = await ask(walk, "GET", address, Range=asked)
                assert part.status_code == 206, asked
                assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
                assert part.content == content[first : last + 1]
                assert int(part.headers["content-length"]) == len(part.content)
                assert part.headers["etag"] == whole.headers["etag"]
            for outside in (f"bytes={size}-", f"bytes={size + 9}-{size + 10}", "bytes=-0"):
                refused = await ask(walk, "GET", address, Range=outside)
                check_problem(refused, 416, "range_not_satisfiable")
                assert refused.headers["content-range"] == f"bytes */{size}"


async def test_a_range_needs_the_matching_validator(walk: Walk, subtests: pytest.Subtests) -> None:
    for address in exports(walk):
        with subtests.test(address):
            etag = (await ask(walk, "GET", address)).headers["etag"]
            for if_range, status in ((etag, 206), (f"W/{etag}", 200), ('"other"', 200), ("yesterday", 200)):
                answer = await ask(walk, "GET", address, Range="bytes=0-0", If_Range=if_range)
                assert answer.status_code == status, if_range
            held = await ask(walk, "GET", address, Range="bytes=0-0", If_None_Match=etag)
            assert (held.status_code, held.content) == (304, b"")
            compressed = await ask(walk, "GET", address, Range="bytes=0-0", Accept_Encoding="gzip")
            assert (compressed.status_code, len(compressed.content)) == (206, 1)


async def test_a_range_that_is_none_gets_the_whole(walk: Walk) -> None:
    address = "/exports/projects.csv"
    whole = (await ask(walk, "GET", address)).content
    for malformed in WHOLE:
        answer = await ask(walk, "GET", address, Range=malformed)
        assert (answer.status_code, answer.content) == (200, whole), malformed
    head = await ask(walk, "HEAD", address, Range="bytes=0-0")
    assert head.status_code == 200


async def test_an_export_gets_another_tag_when_it_differs(walk: Walk) -> None:
    town = walk.town
    before = await ask(walk, "GET", "/exports/projects.csv")
    fixed = await ask(walk, "GET", "/exports/projects.csv?known_at=3")
    await town.published()
    await town.followed()
    after = await ask(walk, "GET", "/exports/projects.csv")
    assert before.headers["etag"] != after.headers["etag"]
    assert before.content != after.content
    again = await ask(walk, "GET", "/exports/projects.csv?known_at=3")
    assert (again.headers["etag"], again.content) == (fixed.headers["etag"], fixed.content)


async def test_what_was_modified_is_told_by_day_too(walk: Walk) -> None:
    first = await ask(walk, "GET", "/static/style.css")
    modified = first.headers["last-modified"]
    held = await ask(walk, "GET", "/static/style.css", If_Modified_Since=modified)
    assert (held.status_code, held.content) == (304, b"")
    for other in ("Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", "\x00", ""):
        assert (await ask(walk, "GET", "/static/style.css", If_Modified_Since=other)).status_code == 200
    both = {"If_Modified_Since": modified, "If_None_Match": '"other"'}
    assert (await ask(walk, "GET", "/static/style.css", **both)).status_code == 200
    dated = await ask(walk, "GET", "/static/style.css", Range="bytes=0-0", If_Range=modified)
    assert dated.status_code == 206


async def test_files_named_by_their_content_are_kept_for_ever(walk: Walk) -> None:
    page = (await ask(walk, "GET", "/")).text
    start = page.index("/static/style.css?")
    named = page[start : page.index('"', start)]
    assert "immutable" in (await ask(walk, "GET", named)).headers["cache-control"]
    for other in ("/static/style.css", "/static/style.css?0123456789ab"):
        assert (await ask(walk, "GET", other)).headers["cache-control"] == "public, no-cache"
