"""Loading and refreshing the register of organisations from a table; safe to repeat after anything."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from api.files.imports.csv_table import read_csv
from api.files.imports.opened import opened
from api.files.imports.registry_table import COLUMNS, body_of
from api.files.tables.cell_errors import cell_errors
from api.files.tables.isolation import ReadTable, TableReader
from api.files.tables.reasons import refusal_of
from api.files.tables.workbook import SPARE_COLUMNS, rows_of
from api.files.tables.xlsx.unreadable import Unreadable
from api.problem_texts import sentence
from ledger.accounts import OPERATOR
from ledger.commands.registry import Numbered, Registry, RegistryRow
from ledger.core.fact import Fact
from ledger.core.words import Language, Words
from ledger.refusals.general import FileRefused
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext

MOST_ROWS = 20_000
LARGEST = 16 * 1024 * 1024
PART = 500
LONGEST_NAME = 100

ROW = Words("第 {row} 行", "row {row}")

Progress = Callable[[int, int], None]
# The row, the cell in it if there is one, and what is wrong.
Error = tuple[int, str | None, str]


@dataclass(frozen=True, slots=True)
class RowRefused:
    """`place`: the cell or the row, in its sheet or file."""

    row: int
    place: str
    message: str


@dataclass(frozen=True, slots=True)
class RegistryResult:
    """`written`: how many facts of each kind; `unchanged`: rows that said nothing new; `refused`: in order of rows."""

    written: Counter[type[Fact]]
    unchanged: int
    refused: tuple[RowRefused, ...]


async def import_registry(
    ledger: Ledger, path: Path, lang: Language, progress: Progress, *, dry_run: bool
) -> RegistryResult:
    """Writes what is new in the rows that are right. `progress(rows done, rows in all)`. Raises FileRefused when
    the file is no such table."""
    with opened(path) as file:
        content = await asyncio.to_thread(file.read, LARGEST + 1)
    if len(content) > LARGEST:
        raise FileRefused(place=str(path), why=f"it is larger than {LARGEST:,} bytes")
    # Of one line, and short enough for a document number with the digest, whatever the file is called.
    name = "".join(one if one.isprintable() else "\ufffd" for one in path.name[:LONGEST_NAME])
    source = f"{name} (SHA-256 {sha256(content).hexdigest()})"
    table = await _table(path, name, content)
    rows, errors = _understood(table, lang)
    registry = Registry(ledger, CommandContext(OPERATOR, late_reason=source), source, dry_run=dry_run)
    written: Counter[type[Fact]] = Counter()
    unchanged = 0
    for begin in range(0, len(rows), PART):
        progress(begin, len(rows))
        part = await registry.refresh(rows[begin : begin + PART])
        written += part.written
        unchanged += part.unchanged
        errors += [(row, None, sentence(refusal, lang)) for row, refusal in part.refused.items()]
    progress(len(rows), len(rows))
    errors.sort(key=lambda error: error[0])
    refused = tuple(
        RowRefused(row, f"{table.sheet}!{place or ROW.in_(lang, row=row)}", message) for row, place, message in errors
    )
    return RegistryResult(written, unchanged, refused)


async def _table(path: Path, name: str, content: bytes) -> ReadTable:
    if path.suffix.lower() == ".csv":
        return await asyncio.to_thread(read_csv, name, content, rows=MOST_ROWS)
    try:
        columns = len(COLUMNS) + SPARE_COLUMNS
        return await TableReader().read(content, OPERATOR.id, rows=MOST_ROWS + 1, columns=columns)
    except Unreadable as error:
        raise refusal_of(error) from error


def _understood(table: ReadTable, lang: Language) -> tuple[list[Numbered], list[Error]]:
    """The rows that can be decided, and what is wrong in the others."""
    rows: list[Numbered] = []
    errors: list[Error] = []
    for row in rows_of(table, COLUMNS):
        found = row.errors
        if not found:
            try:
                rows.append((row.number, RegistryRow.model_validate(body_of(row.values))))
            except ValidationError as error:
                found = tuple(cell_errors(error, row, COLUMNS))
        cells = row.cells.values()
        # A wrong identifier is missing in the count of identifiers, which is no second error.
        found = tuple(one for one in found if one.place in cells) or found
        errors += [(row.number, one.place if one.place in cells else None, one.sentence(lang)) for one in found]
    return rows, errors
