"""A ledger with something of everything, its backups, and the command line that makes and restores them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from obstore.store import LocalStore
from tests.api.client import Town
from tests.api.routes.test_subjects import NAME, TELEPHONE, subject_of
from tests.api.transparency.logs import open_signed_town, signed
from tests.support import MASTER
from typer.testing import CliRunner, Result

from api.cli.main import app
from ledger.attachments import Attachments
from ledger.backup import tables
from ledger.database import Database, Role
from ledger.erasing import Eraser

PASSPHRASE = "示例口令六个词不外传且足够长"
SCAN = "%PDF-1.7 示例扫描件".encode()


@dataclass(frozen=True)
class Place:
    """A database with a data folder, where a ledger lives or comes to live."""

    database: Database
    data: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def erasures(self) -> Path:
        return self.data / "keys" / "erasures.jsonl"

    async def minsheng(self, *words: object) -> Result:
        environment = {
            "DATABASE_URL": self.database.login,
            "MINSHENG_DATA": str(self.data),
            "MINSHENG_BACKUP_PASSPHRASE": PASSPHRASE,
            "COLUMNS": "400",
        }
        given, said = environment | self.settings, [str(word) for word in words]
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, said, env=given))

    async def done(self, *words: object) -> str:
        result = await self.minsheng(*words)
        assert result.exit_code == 0, (result.output, result.exception)
        return " ".join(result.output.split())

    def rows(self) -> dict[str, list[bytes]]:
        """What a backup is to bring back."""
        with closing(self.database.connect(Role.OWNER)) as connection:
            return {name: list(tables.read_rows(connection, name)) for name in tables.in_order(connection)}

    def files(self) -> dict[str, bytes]:
        folder = self.data / "attachments"
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@asynccontextmanager
async def open_place(place: Place) -> AsyncIterator[Town]:
    """The town's service on this place: its log is signed, its files lie in its folder."""
    keys, files = place.data / "keys", place.data / "attachments"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    files.mkdir(exist_ok=True)
    master = keys / "master.key"
    master.write_text(MASTER.keys.text)
    master.chmod(0o600)
    async with open_signed_town(place.database, keys) as town:
        object.__setattr__(town.service, "attachments", Attachments(LocalStore(files), town.service.pool))
        yield town


async def filled(town: Town) -> str:
    """A published project with a file, and reports by two who left a contact; the first as a subject."""
    project = await town.published()
    file = await town.local.uploaded("示例扫描件.pdf", SCAN)
    await town.local.done(f"{project}/attachments", {"subject": "示例材料", "files": [file]})
    for name, telephone in ((NAME, TELEPHONE), ("示例举报人南宫", "010-6666 8888")):
        body = {"text": "示例：活动未按计划开展。", "contact": {"name": name, "telephone": telephone}}
        await town.public.done(f"{project}/public-reports", body, {"Idempotency-Key": name.encode().hex()})
    await signed(town)
    return await subject_of(town)


async def cleared(town: Town, place: Place) -> None:
    """What the service does within seconds of an erasure."""
    await Eraser(town.service.attachments.objects, town.service.pool, place.erasures).clear()


async def project_of(town: Town) -> str:
    listed = await town.public.read("/v1/projects")
    return f"/v1/projects/{listed['projects'][0]['id']}"


def id_of(subject: str) -> UUID:
    return UUID(subject.rpartition("/")[2])
