"""The registry as files over HTTP: the whole as one ZIP, and the routes of the single tables."""

import tempfile
from functools import partial
from pathlib import Path
from typing import IO, Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api.door import ServiceDep
from api.files.bulk import BulkRoute, Check
from api.files.exports import single_tables
from api.files.exports.registry import export_registry, zipped
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt
from api.reading.visible import known_position
from ledger.accounts import ANYONE
from ledger.database import Role, connect_as
from projections.registry import Cut

router = APIRouter(prefix="/exports", responses=PROBLEM_RESPONSES, route_class=BulkRoute)
ZIP = "application/zip"
FILES: dict[int | str, dict[str, Any]] = {200: {"content": {ZIP: {}}, "description": "CSV files and a manifest."}}


@router.get("/registry.zip", response_class=StreamingResponse, responses=FILES)
async def registry(service: ServiceDep, known_at: KnownAt = None) -> StreamingResponse:
    """All that is public of projects, organisations, programmes and money, as CSV files with a manifest.

    The same `known_at` gives the same bytes, for ever; without it, the registry as it is. The sums of the money file
    are those of `GET /v1/audit/money`."""
    if known_at is None:
        known = await service.followed("listing", "money")
    else:
        known = await known_position(service.ledger, ANYONE, known_at)
        await service.wait_for(known, of=("listing", "money"))
    conninfo = service.pool.conninfo
    assert isinstance(conninfo, str)
    made = await service.bulk.make(partial(_write, conninfo, Cut(known, public=True)))
    headers = {
        "Ledger-Position": str(known),
        "Content-Disposition": f'attachment; filename="minsheng-registry-{known}.zip"',
    }
    return made.answer(ZIP, headers)


def _write(conninfo: str, cut: Cut, file: IO[bytes], check: Check) -> None:
    with tempfile.TemporaryDirectory() as folder, connect_as(conninfo, Role.SERVICE) as connection:
        export_registry(connection, Path(folder), cut, progress=lambda *_: check())
        zipped(Path(folder), file)


router.routes.extend(single_tables.router.routes)
