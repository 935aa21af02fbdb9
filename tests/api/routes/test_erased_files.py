"""Files about somebody go with their data: from the projects named, or altogether, and are not uploaded again."""

import asyncio
from hashlib import sha256
from typing import Any
from uuid import UUID

import obstore
import pytest
from obstore.exceptions import NotFoundError
from tests.api.client import Caller, Town, check_problem
from tests.api.routes.test_subjects import BASIS, clear, erased, reported, subject_of

from ledger import attachments
from ledger.attachments import find_files, key_of
from ledger.refusals.attachments import AttachmentErased

SCAN = b"%PDF-1.7 an example that names somebody"
DIGEST = sha256(SCAN).hexdigest()


async def attached(town: Town, caller: Caller) -> str:
    """A project of the organisation that cites the scan."""
    project = await town.published(caller)
    file = await caller.uploaded("示例扫描件.pdf", SCAN)
    await caller.done(f"{project}/attachments", {"subject": "示例材料", "files": [file]})
    return project


def going(*projects: str) -> dict[str, Any]:
    return {"files": [{"sha256": DIGEST, "projects": [project.rpartition("/")[2] for project in projects]}]}


async def is_stored(town: Town) -> bool:
    try:
        await obstore.head_async(town.service.attachments.objects, key_of(DIGEST))
    except (NotFoundError, FileNotFoundError):
        return False
    return True


async def test_an_erased_file_is_gone_for_good(town: Town) -> None:
    project = await attached(town, town.local)
    await reported(town, project)
    address = f"/v1/attachments/{DIGEST}"
    query = {"project": project.rpartition("/")[2]}
    assert (await town.local.get(address, **query)).content == SCAN
    await erased(town, await subject_of(town), **going(project))
    for caller in (town.local, town.office, town.auditor):
        check_problem(await caller.get(address, **query), 410, "attachment_erased")
    assert await is_stored(town)
    assert await clear(town) == 2
    assert not await is_stored(town)
    again = await town.city.send("/v1/attachments", SCAN, **{"Content-Type": "application/pdf"})
    check_problem(again, 410, "attachment_erased")
    assert not await is_stored(town)
    # That it was there, and its digest, stay.
    [said] = [one for one in await town.local.read(f"{project}/history") if one["type"] == "Attached"]
    assert said["payload"]["files"][0]["sha256"] == DIGEST
    disclosed = {"subject": "示例公开", "files": [{"name": "示例扫描件.pdf", "sha256": DIGEST}]}
    check_problem(await town.local.post(f"{project}/disclosures", disclosed), 422, "attachment_not_uploaded")


async def test_a_file_that_others_cite_stays_for_them(town: Town) -> None:
    local, city = await attached(town, town.local), await attached(town, town.city)
    await reported(town, local)
    subject = await subject_of(town)
    receipt = await erased(town, subject, **going(local))
    [said] = (await town.office.read(subject))["history"][-1]["payload"]["files"]
    assert (receipt["version"], said["gone"]) == (2, False)
    await clear(town)
    address = f"/v1/attachments/{DIGEST}"
    check_problem(await town.local.get(address, project=local.rpartition("/")[2]), 410, "attachment_erased")
    assert (await town.city.get(address, project=city.rpartition("/")[2])).content == SCAN
    # Theirs stays theirs, also when they upload it once more.
    await town.city.uploaded("示例扫描件.pdf", SCAN)
    # Of which archives are made, and disclosures.
    assert await find_files(town.service.pool, [DIGEST], UUID(local.rpartition("/")[2])) == {}
    assert set(await find_files(town.service.pool, [DIGEST], UUID(city.rpartition("/")[2]))) == {DIGEST}


async def test_a_decision_may_cover_others(town: Town) -> None:
    local, city = await attached(town, town.local), await attached(town, town.city)
    await reported(town, local)
    await erased(town, await subject_of(town), **going(local, city))
    await clear(town)
    for caller, project in ((town.local, local), (town.city, city)):
        answer = await caller.get(f"/v1/attachments/{DIGEST}", project=project.rpartition("/")[2])
        check_problem(answer, 410, "attachment_erased")
    assert not await is_stored(town)


async def test_a_proposal_does_not_keep_a_file(town: Town) -> None:
    """It names the digest itself, and so does what was proposed before."""
    project = await attached(town, town.local)
    await reported(town, project)
    subject = await subject_of(town)
    await town.office.done(f"{subject}/erasure-proposals", BASIS | going(project))
    await erased(town, subject, **going(project))
    assert (await town.office.read(subject))["history"][-1]["payload"]["files"][0]["gone"] is True


async def test_an_upload_meanwhile_leaves_no_bytes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    project = await attached(town, town.local)
    await reported(town, project)
    subject = await subject_of(town)
    files = town.service.attachments
    under_way, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(*arguments: Any) -> None:
        under_way.set()
        await go_on.wait()
        await original(*arguments)

    original = attachments.write_durably
    monkeypatch.setattr(attachments, "write_durably", slowly)
    upload = asyncio.create_task(files.put(SCAN, "application/pdf", UUID(int=1)))
    await under_way.wait()
    await erased(town, subject, **going(project))
    await clear(town)
    go_on.set()
    with pytest.raises(AttachmentErased):
        await upload
    assert not await is_stored(town)
