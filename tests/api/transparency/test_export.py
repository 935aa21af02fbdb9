"""The exported folder is what the service serves, file by file, and is brought up to date."""

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.api.bodies import PROGRAMME, VOID, publication
from tests.api.client import Town
from tests.api.transparency.logs import ORIGIN, content, open_signed_town, signed
from tests.ledger.store.appends import written
from tests.support import MASTER
from tests.verify.running import accepted, refused

from api.transparency.export import export_log
from ledger.core.envelope import encode
from ledger.database import Database
from ledger.refusals.log import LogNotSigned
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.transparency.keys import LogKeys
from ledger.transparency.published import PublishedLog
from ledger.vault import Vault


async def exported(town: Town, folder: Path) -> int:
    assert town.service.log_keys is not None
    return await export_log(town.service.ledger, town.service.log, town.service.log_keys.read(), folder)


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


async def test_exported_files_equal_the_served_ones(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "static"
    async with open_signed_town(database, tmp_path) as town:
        await town.published()
        size = await signed(town)
        assert await exported(town, folder) == size
        there = files(folder)
        part = f"000.p/{size}"
        assert there == {"checkpoint", "key", "previous", f"tile/0/{part}", f"tile/entries/{part}", f"payloads/{part}"}
        for path in there:
            assert (folder / path).read_bytes() == await content(town.public, f"/log/{path}")

        while await town.size() <= 260:
            await town.applied()
        newer = await signed(town)
        assert await exported(town, folder) == newer
        assert {"tile/0/000", "tile/1/000.p/1", "tile/entries/000", "payloads/000"} <= files(folder)
        for path in files(folder) - {f"payloads/{part}"}:
            assert (folder / path).read_bytes() == await content(town.public, f"/log/{path}")


async def test_an_unsigned_log_exports_nothing(database: Database, tmp_path: Path) -> None:
    async with open_store(database) as store:
        with pytest.raises(LogNotSigned):
            ledger = Ledger(store, Vault(MASTER, store))
            await export_log(ledger, PublishedLog(store.pool), LogKeys.made(ORIGIN), tmp_path / "static")


async def begun_before_veils(town: Town, project: str) -> None:
    """A stream as earlier versions began it: open, with the same first event."""
    events = (await town.service.store.streams([UUID(project.rsplit("/", 1)[1])])).popitem()[1]
    await town.service.store.append(written(uuid4(), 0, encode(events[0].event)))


async def test_log_verifies_before_and_after_a_publication(database: Database, tmp_path: Path) -> None:
    folder, memory = tmp_path / "static", tmp_path / "memory.json"

    async with open_signed_town(database, tmp_path) as town:

        async def verified() -> tuple[int, int]:
            await signed(town)
            await exported(town, folder)
            told = accepted("all", folder, "--memory", memory, "--json").json
            return told["events"]["withheld"], told["veiled"]

        project = await town.contracted()
        await town.applied()
        await begun_before_veils(town, project)
        size = await town.size()
        hidden, veiled = await verified()
        await town.office.done(f"/v1/programmes/{PROGRAMME}/publications", publication(project))
        await town.corrected(project, VOID | {"target": 8})
        shown, left = await verified()
        # Three reviews stay withheld, told as versions of the project.
        assert hidden - shown == 8 - 3
        assert veiled - left == 8
        assert size < await signed(town)


async def test_hidden_correction_of_a_published_project_is_found(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "static"
    async with open_signed_town(database, tmp_path) as town:
        project = await town.published()
        await town.corrected(project, VOID | {"target": 8})
        size = await signed(town)
        await exported(town, folder)
    bundle = folder / "payloads" / f"000.p/{size}"
    lines = bundle.read_bytes().splitlines(keepends=True)
    lines[-1] = json.dumps({"position": size - 1, "withheld": True}).encode() + b"\n"
    bundle.write_bytes(b"".join(lines))
    refused("belongs to stream", "all", folder, "--memory", tmp_path / "memory.json")
