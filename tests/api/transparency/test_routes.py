"""The log as strangers read it: what is there verifies, nothing beyond the signed is there, bad input is told so."""

import json
from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from tests.api.bodies import publication
from tests.api.client import Town, check_problem, open_town
from tests.api.transparency.logs import (
    ORIGIN,
    checked,
    checkpoint_of,
    content,
    entries_in,
    is_of,
    keys_of,
    open_signed_town,
    proof_in,
    signed,
    text,
)
from tests.ledger.transparency.test_tree import naive

from ledger.database import Database
from ledger.database import Role as DatabaseRole
from ledger.store.redactions import erase
from ledger.store.statements import DIGEST_AT
from ledger.transparency.check import check
from ledger.transparency.leaves import leaf_hash
from ledger.transparency.tile_paths import index_path
from ledger.transparency.tree import HASH_BYTES, WIDTH
from minsheng_verify.tree import check_inclusion

NO_ADDRESSES = [
    "tile/0/0",
    "tile/0/0000",
    "tile/0/x000/000",
    "tile/0/x001",
    "tile/0/1/234",
    "tile/0/x001/234/",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/999",
    "tile/entries/000.p/256",
    "tile/0/000.p/01",
    "tile/0/000.p/",
    "tile/0/000.p/1/2",
    "tile/0/000.q/1",
    "tile/00/000",
    "tile/64/000",
    "tile/-1/000",
    "tile/x/000",
    "tile/0/٣٣٣",
    "tile/0/-01",
    "tile/0/x001/x001/x001/x001/x001/x001/001",
    "tile/",
    "tile/0",
    "tile/entries/",
    "tile/entries/1",
    "tile/entries/000.p/300",
    "tile/entries/000/000",
    "payloads/1",
    "payloads/000.p/0",
    "payloads/..%2fkey",
    "proof/-1",
    "proof/01",
    "proof/1e3",
    "proof/99999999999999999999",
    "proof/x",
    "events/-1",
    "events/0x1",
    "events/９",
    "timestamps/-1",
    "timestamps/1.5",
]


@pytest.fixture
async def town(database: Database, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Town]:
    async with open_signed_town(database, tmp_path) as opened:
        yield opened


async def entries(town: Town, size: int) -> list[bytes]:
    found: list[bytes] = []
    for index in range(-(-size // WIDTH)):
        width = min(WIDTH, size - index * WIDTH)
        found += entries_in(await content(town.public, f"/log/tile/entries/{index_path(index, width)}"))
    return found


async def test_the_checkpoint_is_the_root_over_all_entries(town: Town) -> None:
    await town.published()
    size = await signed(town)
    checkpoint = await checkpoint_of(town.public)
    found = await entries(town, size)
    assert (checkpoint.origin, checkpoint.size, len(found)) == (ORIGIN, size, size)
    assert naive([leaf_hash(one) for one in found]) == checkpoint.root
    assert [json.loads(one)["position"] for one in found] == list(range(size))


async def test_tiles_hold_the_hashes_of_the_specification(town: Town) -> None:
    for _ in range(90):
        await town.applied()
    size = await signed(town)
    leaves = [leaf_hash(one) for one in await entries(town, size)]
    while size < 300:
        await town.applied()
        size = await signed(town)
    leaves = [leaf_hash(one) for one in await entries(town, size)]
    assert await content(town.public, "/log/tile/0/000") == b"".join(leaves[:WIDTH])
    rest = size - WIDTH
    assert await content(town.public, f"/log/tile/0/001.p/{rest}") == b"".join(leaves[WIDTH:])
    assert await content(town.public, "/log/tile/0/001.p/1") == leaves[WIDTH]
    assert await content(town.public, "/log/tile/0/000.p/3") == b"".join(leaves[:3])
    assert await content(town.public, "/log/tile/1/000.p/1") == naive(leaves[:WIDTH])
    for path in ("tile/0/001", f"tile/0/001.p/{rest + 1}", "tile/1/000", "tile/1/000.p/2", "tile/2/000.p/1"):
        check_problem(await town.public.get(f"/log/{path}"), 404, "not_signed_yet")


async def test_every_proof_verifies_offline_and_holds_its_entry(town: Town) -> None:
    await town.applied()
    size = await signed(town)
    keys = await keys_of(town.public)
    all_entries = await entries(town, size)
    for position in range(size):
        entry, index, path, note = proof_in(await text(town.public, f"/log/proof/{position}"))
        checkpoint = checked(note, keys)
        assert (entry, index) == (all_entries[position], position)
        check_inclusion(index, checkpoint.size, leaf_hash(entry), path, checkpoint.root)


async def digest_at(town: Town, position: int) -> bytes:
    async with town.service.pool.connection() as connection:
        row = await (await connection.execute(DIGEST_AT, [position], binary=True)).fetchone()
    assert row is not None
    return bytes(row[0])


async def test_payload_bytes_match_the_entrys_digest(town: Town) -> None:
    project = await town.published()
    size = await signed(town)
    found = await entries(town, size)
    for event in await town.public.read(f"{project}/history"):
        payload = await content(town.public, f"/log/events/{event['position']}")
        opening = json.loads(await text(town.public, f"/log/openings/{event['position']}"))
        assert is_of(found[event["position"]], payload, opening)
        assert json.loads(payload)["fact"]["type"] == event["type"]


async def test_readers_get_the_bytes_their_history_shows(town: Town) -> None:
    project = await town.reviewed()
    frame = await town.published()
    size = await signed(town)
    readers = [town.public, town.local, town.neighbour, town.district, town.elsewhere, town.office, town.auditor]
    for reader in (*readers, town.members[0], town.leaders, town.treasury):
        shown: set[int] = set()
        for path in (project, frame):
            answer = await reader.get(f"{path}/history")
            if answer.status_code == 200:
                shown |= {event["position"] for event in answer.json()}
        ids = {UUID(path.rsplit("/", 1)[1]) for path in (project, frame)}
        for position in [one.position for one in await town.service.store.range(0, size) if one.stream in ids]:
            for answer in [await reader.get(f"/log/{part}/{position}") for part in ("events", "openings")]:
                if position in shown:
                    assert answer.status_code == 200, answer.text
                else:
                    check_problem(answer, 404, "log_event_unknown")


async def test_streams_outside_projects_are_public_or_confidential(town: Town) -> None:
    """The programme and the organisations; a declared interest and a nomination."""
    for position in range(4):
        assert (await town.public.get(f"/log/events/{position}")).status_code == 200
    project = await town.handed_in()
    receipt = await town.members[0].done(f"{project}/interests", {"nature": "示例：任职于该单位。"})
    await signed(town)
    for reader, status in ((town.public, 404), (town.local, 404), (town.members[0], 404), (town.office, 200)):
        answer = await reader.get(f"/log/events/{receipt['position']}")
        assert answer.status_code == status, answer.text


async def test_bundles_grow_with_publication(town: Town) -> None:
    project = await town.contracted()
    before = await signed(town)
    first = [json.loads(line) for line in (await text(town.public, "/log/payloads/000")).splitlines()]
    assert [line["position"] for line in first] == list(range(before))
    history = {event["position"] for event in await town.office.read(f"{project}/history")}
    assert all(first[position] == {"position": position, "withheld": True} for position in history)

    path = "/v1/programmes/beijing-2010/publications"
    await town.office.done(path, publication(project))
    size = await signed(town)
    then = [json.loads(line) for line in (await text(town.public, "/log/payloads/000")).splitlines()]
    public = {event["position"] for event in await town.public.read(f"{project}/history")}
    found = await entries(town, size)
    assert len(then) == size
    for position in range(size):
        if position in public:
            assert is_of(found[position], b64decode(then[position]["payload"]), then[position])
        elif position in history:
            # What stays hidden of a public stream: that it is there, and which version it is.
            assert then[position].keys() == {"position", "withheld", "salt", "version"}
    assert public < history | {size - 1}
    assert await text(town.public, "/log/payloads/000.p/2") == "".join(
        json.dumps(line, separators=(",", ":")) + "\n" for line in then[:2]
    )


async def test_redacted_bytes_are_gone_but_proven(town: Town, database: Database) -> None:
    project = await town.published()
    first = (await town.public.read(f"{project}/history"))[0]["position"]
    await signed(town)
    assert (await town.public.get(f"/log/events/{first}")).status_code == 200
    body = {"target": 1, "texts": {"form.content": []}, "reason": "误录了姓名。", "authority": "示例规定第3条"}
    by = (await town.office.done(f"{project}/redactions", body))["position"]
    size = await signed(town)
    for erased in (False, True):
        if erased:
            with psycopg.connect(database.login, autocommit=True) as connection:
                assert erase(connection, first)
        answer = await town.public.get(f"/log/events/{first}")
        check_problem(answer, 410, "payload_gone")
        assert answer.json()["details"] == {"position": first, "redacted_by": by}
        bundle = [json.loads(line) for line in (await text(town.public, "/log/payloads/000")).splitlines()]
        assert (bundle[first]["redacted_by"], bundle[first].keys() & {"payload", "withheld"}) == (by, set())
        opened = b64decode(bundle[first]["payload_sha256"]).hex()
        assert opened == (await digest_at(town, first)).hex()
        entry, index, path, note = proof_in(await text(town.public, f"/log/proof/{first}"))
        checkpoint = checked(note, await keys_of(town.public))
        check_inclusion(index, size, leaf_hash(entry), path, checkpoint.root)
        assert town.service.log_keys is not None
        with psycopg.connect(database.conninfo(DatabaseRole.SERVICE)) as connection:
            assert check(connection, town.service.log_keys.read()).faults == []


async def test_bundles_are_the_same_for_everybody(town: Town) -> None:
    await town.reviewed()
    await signed(town)
    assert await text(town.office, "/log/payloads/000") == await text(town.public, "/log/payloads/000")


async def test_what_is_not_signed_yet_is_not_there(town: Town) -> None:
    assert town.service.signer is not None
    size = await signed(town)
    await town.service.signer.close()
    await town.applied()
    assert (await checkpoint_of(town.public)).size == size
    for path in (
        f"tile/0/000.p/{size + 1}",
        "tile/0/000",
        f"tile/entries/000.p/{size + 1}",
        "tile/entries/001.p/1",
        f"proof/{size}",
        f"events/{size}",
        f"payloads/000.p/{size + 1}",
        "payloads/001",
        "tile/63/x999/x999/x999/x999/x999/999",
        "tile/entries/x999/x999/x999/x999/x999/999",
        "payloads/x999/x999/x999/x999/x999/999",
    ):
        check_problem(await town.office.get(f"/log/{path}"), 404, "not_signed_yet")
    assert len((await text(town.public, "/log/payloads/000")).splitlines()) == size


async def test_only_immutable_log_files_are_cacheable(town: Town) -> None:
    for path in ("tile/0/000.p/2", "tile/entries/000.p/2"):
        answer = await town.public.get(f"/log/{path}")
        assert answer.headers["cache-control"] == "public, max-age=60"
        assert answer.headers["content-type"] == "application/octet-stream"
    for path in ("checkpoint", "key", "proof/0", "payloads/000"):
        assert (await town.public.get(f"/log/{path}")).headers["cache-control"] == "no-cache"
    assert (await town.public.get("/log/events/0")).headers["cache-control"] == "no-cache"
    assert (await town.office.get("/log/events/0")).headers["cache-control"] == "private, no-cache"
    assert (await town.public.get("/log/checkpoint")).headers["content-type"] == "text/plain; charset=utf-8"
    assert len(await content(town.public, "/log/tile/0/000.p/2")) == 2 * HASH_BYTES


async def test_what_is_no_address_is_told_so(town: Town) -> None:
    for path in NO_ADDRESSES:
        check_problem(await town.public.get(f"/log/{path}"), 422, "log_path_invalid")


async def test_there_is_no_timestamp_until_one_was_asked_for(town: Town) -> None:
    check_problem(await town.public.get(f"/log/timestamps/{await signed(town)}"), 404, "timestamp_unknown")


async def test_readiness_reports_the_signing(town: Town) -> None:
    size = await signed(town)
    assert (await town.public.read("/readyz"))["log"] == {
        "signs": True,
        "size": size,
        "refusal": None,
        "code": None,
        "position": None,
    }


async def test_a_log_that_nobody_signs_says_so(database: Database) -> None:
    async with open_town(database) as town:
        for path in ("checkpoint", "key", "tile/0/000.p/1", "proof/0", "payloads/000"):
            check_problem(await town.public.get(f"/log/{path}"), 404, "log_not_signed")
        assert (await town.public.read("/readyz"))["log"] is None


async def test_readiness_reports_a_changed_history(town: Town, database: Database) -> None:
    assert town.service.signer is not None
    size = await signed(town)
    with psycopg.connect(database.login, autocommit=True) as connection:
        connection.execute("UPDATE ledger.events SET leaf_hash = sha256('forged') WHERE position = 2")
    await town.applied()
    await town.service.signer.sign()
    answer = await town.public.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "history_refused")
    said = answer.json()["log"]
    assert (said["code"], said["position"], said["size"]) == ("history_changed", 2, size)
    told = answer.json()["history"]
    assert (told["position"], told["until"]) == (2, 2)
    # Each of the two checkpoints that cover it shows it.
    assert 2 < told["signed"] <= size
    assert (await checkpoint_of(town.public)).size == size
    assert (await town.public.get("/healthz")).status_code == 200
