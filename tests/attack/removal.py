"""Section 5: files that nothing cites, removed while somebody is about to cite them."""

import asyncio
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from tests.api.bodies import application
from tests.api.files.tables.applications import ROW
from tests.attack.frame import Target, attack, unlike
from tests.attack.limits import PDF

from ledger.attachments import open_files
from ledger.clock import utc_now
from ledger.file_removal import KEPT, Remover
from ledger.store import open_store

FILES, AT_ONCE = 40, 8


@attack(5)
async def files_that_are_cited_while_they_are_removed(target: Target) -> str | None:
    """Either the citation is refused, or the file stays."""
    own = target.own
    body = application(await target.organisation(ROW["申报单位标识"]), title=f"示例：{uuid4()}")
    applied = await target.services[0].post("/v1/projects", json=body, headers=target.headers("organisation"))
    if wrong := unlike(applied, (201, None)):
        return wrong
    project = applied.json()["id"]
    async with open_store(own.database) as store:
        remover = Remover(open_files(own.files), store.pool, _tomorrow)
        ended = asyncio.Event()
        removing = asyncio.create_task(_remove(remover, ended))
        try:
            found_wrong = None
            for start in range(0, FILES, AT_ONCE):
                racing = [_uploads_and_cites(target, project, number) for number in range(start, start + AT_ONCE)]
                found_wrong = next((one for one in await asyncio.gather(*racing) if one), found_wrong)
        finally:
            ended.set()
            await removing
    return found_wrong or await _cited_files_are_there(target, project)


def _tomorrow() -> datetime:
    return utc_now() + KEPT + timedelta(minutes=1)


async def _remove(remover: Remover, ended: asyncio.Event) -> None:
    while not ended.is_set():
        await remover.step()
        await asyncio.sleep(0.005)


CITED: dict[str, list[str]] = {}


async def _uploads_and_cites(target: Target, project: str, number: int) -> str | None:
    """By two services in turn; every other one is uploaded again at the moment of the citation."""
    count = len(target.services)
    content = f"%PDF-1.7 {project} {number}".encode()
    digest = sha256(content).hexdigest()
    uploaded = await target.send("/v1/attachments", content, "organisation", number % count, PDF)
    if wrong := unlike(uploaded, (201, None), (503, None)):
        return f"upload: {wrong}"
    await asyncio.sleep(0.002 * (number % 7))
    said = {"subject": "示例材料", "files": [{"name": f"{number}.pdf", "sha256": digest}]}
    citing = target.services[(number + 1) % count].post(
        f"/v1/projects/{project}/attachments", json=said, headers=target.headers("organisation")
    )
    if number % 4:
        answer = await citing
    else:
        again = target.send("/v1/attachments", content, "organisation", number % count, PDF)
        answer, _again = await asyncio.gather(citing, again)
    if answer.status_code == 201:
        CITED.setdefault(project, []).append(digest)
        return None
    return unlike(answer, (422, "attachment_not_uploaded"), (409, "concurrent_change"))


async def _cited_files_are_there(target: Target, project: str) -> str | None:
    for digest in CITED.pop(project, []):
        for service in range(len(target.services)):
            answer = await target.get(f"/v1/attachments/{digest}", "organisation", service, project=project)
            if answer.status_code != 200 or sha256(answer.content).hexdigest() != digest:
                return f"a cited file is gone: {unlike(answer, (200, None))}"
    return None
