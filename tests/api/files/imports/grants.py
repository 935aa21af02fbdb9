"""Rows and files of grants, and what an import made of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.files.imports.threesixtygiving import ImportResult, import_file
from ledger.core.envelope import Recorded
from ledger.project.grant import GrantImported
from ledger.transaction import Ledger

Write = Callable[..., Path]


def row(name: str = "360G-1", **other: Any) -> dict[str, Any]:
    """A row as the standard wants it; a field given as None is left out."""
    fields = {
        "id": name,
        "title": "A kitchen",
        "description": "For a kitchen",
        "currency": "GBP",
        "amountAwarded": 1500,
        "awardDate": "2015-06-10",
        "recipientOrganization": [{"id": "GB-CHC-1136419", "name": "A charity"}],
        "fundingOrganization": [{"id": "GB-CHC-327114", "name": "A foundation"}],
    }
    return {field: value for field, value in (fields | other).items() if value is not None}


async def run(ledger: Ledger, path: Path, report: Path | None = None) -> ImportResult:
    return await import_file(ledger, path, report, lambda done, total, grants: None)


async def events(ledger: Ledger) -> list[Recorded]:
    return await ledger.store.range(0, (await ledger.store.head()).size)


async def grants(ledger: Ledger) -> list[GrantImported]:
    return [event.fact for event in await events(ledger) if isinstance(event.fact, GrantImported)]
