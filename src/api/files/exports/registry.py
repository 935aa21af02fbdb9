"""The registry as known at a position: a file a table and a manifest, the same bytes for ever."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import psycopg

from api.files.exports.writers import Format, check_installed, write
from ledger.clock import LEDGER_ZONE
from ledger.core.fact import instant_text
from ledger.core.history import FOLD_VERSION
from ledger.project.money import Source, Stage
from ledger.refusals.general import FileRefused
from ledger.refusals.storage import WaitTooLong
from ledger.store.statements import TOLD_AT
from projections import listing, money
from projections.registry import MONEY, PROJECTS, TABLES, Cut, Row, Table, rows

MANIFEST = "manifest.json"
FORM = "minsheng-registry/2"
# The first that a zip file can name; the time of an export would make its bytes differ.
NO_TIME = (1980, 1, 1, 0, 0, 0)
COPIED = 1 << 16
_FOLLOWED = "SELECT min(next_position) FROM projections.tracking WHERE name = ANY(%s)"
_PLACES = [column for column, _ in MONEY.columns]
_KEY = [_PLACES.index(name) for name in ("stage", "source", "currency", "amount")]
_STATUS = [column for column, _ in PROJECTS.columns].index("status")


class Balance:
    """What the manifest adds up while rows pass."""

    def __init__(self) -> None:
        self.rows = 0
        self.statuses: Counter[str] = Counter()
        self.sums: dict[tuple[str, str, str], Decimal] = {}

    def of(self, table: Table, found: Iterable[Row]) -> Iterator[Row]:
        self.rows = 0
        for row in found:
            self.rows += 1
            if table is PROJECTS:
                self.statuses[row[_STATUS]] += 1
            elif table is MONEY:
                stage, source, currency, amount = (row[place] for place in _KEY)
                self.sums[stage, source, currency] = self.sums.get((stage, source, currency), Decimal(0)) + amount
            yield row

    @property
    def totals(self) -> list[dict[str, str]]:
        stages, sources = list(Stage), list(Source)
        order = sorted(self.sums, key=lambda key: (stages.index(Stage(key[0])), key[2], sources.index(Source(key[1]))))
        return [
            {"stage": stage, "source": source, "amount": format(self.sums[stage, source, unit], "f"), "currency": unit}
            for stage, source, unit in order
        ]


def export_registry(
    connection: psycopg.Connection,
    folder: Path,
    cut: Cut,
    form: Format = Format.CSV,
    progress: Callable[[str, int], None] = lambda table, done: None,
) -> dict[str, Any]:
    """Writes the files and answers the manifest, which is written last: without it they are not whole. The read models
    must have seen the position (WaitTooLong). Raises FileRefused for a folder that holds something already."""
    check_installed(form)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileRefused(place=str(folder), why="the folder is not empty")
    files, balance = [], Balance()
    # Each table by itself: what was known at a position stays as it is, and a rebuild may switch tables in between.
    with connection.transaction():
        (followed,) = connection.execute(_FOLLOWED, [[listing.NAME, money.NAME]]).fetchone() or (None,)
        if (followed or 0) <= cut.known:
            raise WaitTooLong()
        at = connection.execute(TOLD_AT, [cut.known]).fetchone()
        for table in TABLES:
            path = folder / f"{table.name}.{form}"
            found = _told(table.name, balance.of(table, rows(connection, table, cut)), progress)
            write(path, table, found, form)
            files.append({"name": path.name, "rows": balance.rows} | _digest(path))
    manifest = {
        "form": FORM,
        "scope": "public" if cut.public else "whole",
        "basis": _basis(cut, at[0] if at else None),
        "files": files,
        "projects_by_status": dict(sorted(balance.statuses.items())),
        "totals": balance.totals,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return manifest


def _basis(cut: Cut, recorded_at: datetime | None) -> dict[str, Any]:
    return {
        "known": cut.known,
        "size": cut.known + 1,
        "recorded_at": recorded_at and instant_text(recorded_at),
        "effective_on": cut.effective_on and cut.effective_on.isoformat(),
        "time_zone": str(LEDGER_ZONE),
        "fold_version": FOLD_VERSION,
        "read_models": {listing.NAME: listing.VERSION, money.NAME: money.VERSION},
    }


def _told(table: str, found: Iterable[Row], progress: Callable[[str, int], None]) -> Iterator[Row]:
    done = 0
    for done, row in enumerate(found, 1):
        if done % 1_000 == 0:
            progress(table, done)
        yield row
    progress(table, done)


def _digest(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": file_digest(file, "sha256").hexdigest()}


def zipped(folder: Path, file: IO[bytes]) -> None:
    """The files of the folder as they are, without their times and without compression, whose bytes differ by version
    of its library."""
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for path in sorted(folder.iterdir()):
            info = ZipInfo(path.name, NO_TIME)
            info.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(info, "w") as target:
                while part := source.read(COPIED):
                    target.write(part)
