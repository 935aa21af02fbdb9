"""A stream holds one batch at a time, and reads on only when its client does."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse
from tests.api.client import Town
from tests.api.files.imports.grants import row, run

from api.files.exports import single_tables
from api.open_data import ocds, ocds_parts, public, threesixtygiving
from api.open_data.public import PublicProjects
from projections import registry

REQUEST = Request(
    {"type": "http", "method": "GET", "scheme": "http", "server": ("ledger", 80), "path": "/", "headers": []}
    | {"query_string": b"", "root_path": ""}
)
GRANTS = 12


async def parts(answer: StreamingResponse) -> AsyncIterator[str]:
    async for part in answer.body_iterator:
        yield part if isinstance(part, str) else bytes(part).decode()


@pytest.mark.parametrize("standard", ["records", "releases", "grants", "table"])
async def test_it_reads_no_further_than_it_is_read(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, standard: str
) -> None:
    path = tmp_path / "grants.json"
    path.write_text(json.dumps({"grants": [row(f"360G-{number}") for number in range(GRANTS)]}))
    await run(town.service.ledger, path)
    await town.followed()
    monkeypatch.setattr(public, "BATCH", 2)
    monkeypatch.setattr(ocds_parts, "TOGETHER", 2)
    monkeypatch.setattr(registry, "FETCHED", 2)
    read = 0

    def counted(work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            nonlocal read
            read += 1
            return work(*arguments)

        return call

    monkeypatch.setattr(PublicProjects, "read", counted(PublicProjects.read))
    monkeypatch.setattr(registry, "_shown", counted(registry._shown))
    asked: dict[str, Callable[[], Awaitable[StreamingResponse]]] = {
        "records": lambda: ocds.records(town.service, REQUEST),
        "releases": lambda: ocds.releases(town.service, REQUEST),
        "grants": lambda: threesixtygiving.grants(town.service, REQUEST),
        "table": lambda: single_tables.table_as_csv(town.service, single_tables.Name("projects")),
    }
    stream = parts(await asked[standard]())
    assert read == 0
    begun = ""
    while "A kitchen" not in begun:
        begun += await anext(stream)
    assert read in (1, 2)
    assert "A kitchen" in "".join([part async for part in stream])
    assert read in (GRANTS // 2, GRANTS)
