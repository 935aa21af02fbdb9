"""Files that nothing cites go after a day; a removal and a citation at the same moment exclude each other."""

import asyncio
import threading
from collections.abc import Awaitable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import obstore
import pytest
from tests.api.client import Caller, Town, check_problem, connect
from tests.support import MASTER

from api.service import open_service
from ledger.attachments import find_files
from ledger.clock import utc_now
from ledger.database import Database
from ledger.file_removal import KEPT, Remover
from ledger.refusals.attachments import AttachmentOutOfReach
from ledger.store import statements

OLD = KEPT + timedelta(minutes=1)


def tomorrow() -> datetime:
    return utc_now() + OLD


def remover(town: Town, **more: Any) -> Remover:
    return Remover(town.service.attachments.objects, town.service.pool, tomorrow, **more)


def files(*cited: dict[str, str]) -> dict[str, Any]:
    return {"subject": "示例材料", "files": list(cited)}


async def is_there(town: Town, digest: str) -> bool:
    """In the table and in the store, or in neither."""
    row = digest in await find_files(town.service.pool, [digest])
    try:
        await town.service.attachments.get(digest)
    except AttachmentOutOfReach:
        assert not row
        return False
    return True


async def test_uncited_files_go_after_a_day(town: Town) -> None:
    project = await town.applied()
    cited, uncited = await town.local.uploaded(), await town.local.uploaded(content=b"%PDF-1.7 other")
    await town.local.done(f"{project}/attachments", files(cited))
    assert await Remover(town.service.attachments.objects, town.service.pool).step() == 0
    assert await remover(town).step() == 1
    assert await is_there(town, cited["sha256"])
    assert not await is_there(town, uncited["sha256"])
    answer = await town.local.post(f"{project}/attachments", files(uncited))
    assert answer.json()["code"] == "attachment_not_uploaded"
    # Later looks begin where the last one ended.
    assert await remover(town).step() == 0
    again = await town.local.uploaded(content=b"%PDF-1.7 other")
    await town.local.done(f"{project}/attachments", files(again))


async def test_shared_content_stays_while_needed(town: Town) -> None:
    content = b"%PDF-1.7 shared"
    first = await town.local.uploaded(content=content)
    assert await town.district.uploaded(content=content) == first
    project = await town.applied()
    await town.district.done(f"{project}/attachments", files(first))
    assert await remover(town).step() == 0
    await town.local.done(f"{await town.applied(title='示例：二')}/attachments", files(first))


async def test_what_others_cite_stays(town: Town) -> None:
    cited = await town.local.uploaded()
    kept = {cited["sha256"]}

    async def drafts(connection: object, digests: object) -> set[str]:
        return kept

    assert await remover(town, also_cited=[drafts]).step() == 0
    assert await remover(town).step() == 1


async def test_an_upload_that_came_to_no_end_is_removed(town: Town) -> None:
    content = b"%PDF-1.7 half"
    digest = sha256(content).hexdigest()
    await town.local.uploaded(content=content)
    async with town.service.pool.connection() as connection:
        await connection.execute("DELETE FROM ledger.attachments WHERE sha256 = %s", [bytes.fromhex(digest)])
    assert await remover(town).step() == 1
    assert not await is_there(town, digest)


async def test_a_file_removed_during_upload_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the clock that removes is a day ahead of the one that dates uploads."""
    put = obstore.put_async

    async def put_and_removed(*arguments: Any, **named: Any) -> Any:
        await put(*arguments, **named)
        assert await remover(town).step() == 1

    monkeypatch.setattr(obstore, "put_async", put_and_removed)
    pdf = {"Content-Type": "application/pdf"}
    check_problem(await town.local.send("/v1/attachments", b"%PDF-1.7 gone", **pdf), 503, "attachment_out_of_reach")
    async with town.service.pool.connection() as connection:
        assert await (await connection.execute("SELECT FROM ledger.attachments")).fetchall() == []
    monkeypatch.undo()
    await town.local.uploaded(content=b"%PDF-1.7 gone")


async def test_a_command_is_refused_during_a_removal(town: Town) -> None:
    """It was checked before the removal, and is refused under the lock."""
    project, cited = await town.applied(), await town.local.uploaded()
    digest = bytes.fromhex(cited["sha256"])
    async with town.service.pool.connection() as connection, connection.transaction():
        await connection.execute("SELECT FROM ledger.files WHERE sha256 = %s FOR UPDATE", [digest])
        size = await town.size()
        answer = await town.local.post(f"{project}/attachments", files(cited))
        assert answer.json()["code"] == "attachment_not_uploaded"
        assert await town.size() == size
    await town.local.done(f"{project}/attachments", files(cited))


async def test_a_file_that_a_command_holds_is_not_removed(town: Town) -> None:
    cited = await town.local.uploaded()
    digest = bytes.fromhex(cited["sha256"])
    async with town.service.pool.connection() as connection, connection.transaction():
        await connection.execute(statements.HOLD_FILES.encode().replace(b"%b", b"%s"), [[digest]])
        assert await remover(town).step() == 0
    assert await is_there(town, cited["sha256"])


async def _after(seconds: float, step: Awaitable[object]) -> None:
    await asyncio.sleep(seconds)
    await step


async def test_removals_and_citations_at_once_exclude_each_other(town: Town, database: Database) -> None:
    """With two services, and content that two accounts uploaded. Each file is kept, or its citation refused."""
    project = await town.applied()
    other = await town.applied(title="示例：二")
    objects = town.service.attachments.objects
    opened = open_service(database, MASTER, town.clock, start=threading.Thread, files=objects)
    async with opened as second, connect(second) as http:
        callers = (town.local, Caller(http, town.district.token))
        removers = [remover(town), Remover(objects, second.pool, tomorrow)]
        outcomes = set()
        for number in range(25):
            content = f"%PDF-1.7 {number}".encode()
            for caller in callers:
                cited = await caller.uploaded(content=content)
            # From at once to when all is cited.
            removals = asyncio.gather(*(_after(number * 0.02, one.step()) for one in removers))
            answers = await asyncio.gather(
                callers[0].post(f"{project}/attachments", files(cited)),
                callers[1].post(f"{other}/attachments", files(cited)),
            )
            await removals
            codes = [answer.status_code for answer in answers]
            outcomes |= set(codes)
            for answer in answers:
                assert answer.status_code == 201 or answer.json()["code"] == "attachment_not_uploaded"
            # Another pass removes what was not cited, and nothing that was.
            for one in removers:
                await one.step()
            assert await is_there(town, cited["sha256"]) == (201 in codes)
            for path, code in zip((project, other), codes, strict=True):
                stream = UUID(path.rsplit("/", 1)[1])
                events = (await town.service.store.streams([stream]))[stream]
                assert (cited["sha256"] in str(events)) == (code == 201)
        assert 201 in outcomes


async def test_an_upload_waits_for_removal_of_its_content(town: Town) -> None:
    content = b"%PDF-1.7 again"
    for _ in range(10):
        await town.local.uploaded(content=content)
        async with town.service.pool.connection() as connection:
            await connection.execute("UPDATE ledger.files SET uploaded_at = now() - interval '2 days'")
        now = Remover(town.service.attachments.objects, town.service.pool)
        _, cited = await asyncio.gather(now.step(), town.district.uploaded(content=content))
        assert await is_there(town, cited["sha256"])
        project = await town.applied()
        assert (await town.district.post(f"{project}/attachments", files(cited))).status_code == 201
        content += b"."


async def test_one_process_removes_at_a_time(town: Town) -> None:
    await town.local.uploaded()
    async with town.service.pool.connection() as connection:
        await connection.execute(
            "UPDATE ledger.file_remover SET holder = gen_random_uuid(), held_until = now() + interval '1 hour'"
        )
    assert await remover(town).step() == 0
