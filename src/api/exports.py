"""Open data: what everybody may see of the registry, as files."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api.door import ServiceDep
from api.exporting.registry import export_registry, zipped
from api.exporting.sending import Sendable
from api.problems import PROBLEM_RESPONSES
from api.projects import KnownAt
from api.reading import known_position
from ledger.database import Role, connect_as
from projections.registry import Cut

router = APIRouter(prefix="/exports", tags=["open data"], responses=PROBLEM_RESPONSES)
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
        known = await known_position(service.ledger, known_at)
        await service.wait_for(known, of=("listing", "money"))
    # One at a time: each is work for a processor and room on the disk.
    conninfo = service.pool.conninfo
    assert isinstance(conninfo, str)
    async with service.exporting:
        made = await asyncio.to_thread(_made, conninfo, Cut(known, public=True))
    headers = {
        "Ledger-Position": str(known),
        "Content-Disposition": f'attachment; filename="minsheng-registry-{known}.zip"',
    }
    return made.answer(ZIP, headers)


def _made(conninfo: str, cut: Cut) -> Sendable:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever reads it
    try:
        with tempfile.TemporaryDirectory() as folder, connect_as(conninfo, Role.SERVICE) as connection:
            export_registry(connection, Path(folder), cut)
            zipped(Path(folder), file)
        return Sendable.of(file)
    except BaseException:
        file.close()
        raise
