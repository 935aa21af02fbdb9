"""Tables that are read at the machine, CSV or Excel: from a file to rows that can be decided, with errors by cell."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from api.files.imports.csv_table import read_csv
from api.files.imports.opened import opened
from api.files.tables.cell_errors import cell_errors
from api.files.tables.columns import Column
from api.files.tables.isolation import ReadTable, TableReader
from api.files.tables.reasons import refusal_of
from api.files.tables.workbook import SPARE_COLUMNS, rows_of
from api.files.tables.xlsx.unreadable import Unreadable
from ledger.accounts import OPERATOR
from ledger.core.words import Language, Words
from ledger.refusals.general import FileRefused
from ledger.values import Frozen

MOST_ROWS = 20_000
LARGEST = 16 * 1024 * 1024
PART = 500
LONGEST_NAME = 100

ROW = Words("第 {row} 行", "row {row}")

R = TypeVar("R", bound=Frozen)
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
class TableFile:
    """`source` names the file and its digest in one line."""

    source: str
    sha256: str
    table: ReadTable
    columns: Sequence[Column]

    def understood(
        self, model: type[R], body_of: Callable[[Mapping[str, Any]], dict[str, Any]], lang: Language
    ) -> tuple[list[tuple[int, R]], list[Error]]:
        """The rows that can be decided, and what is wrong in the others."""
        rows: list[tuple[int, R]] = []
        errors: list[Error] = []
        for row in rows_of(self.table, self.columns):
            found = row.errors
            if not found:
                try:
                    rows.append((row.number, model.model_validate(body_of(row.values))))
                except ValidationError as error:
                    found = tuple(cell_errors(error, row, self.columns))
            cells = row.cells.values()
            # A wrong identifier is missing in the count of identifiers, which is no second error.
            found = tuple(one for one in found if one.place in cells) or found
            errors += [(row.number, one.place if one.place in cells else None, one.sentence(lang)) for one in found]
        return rows, errors

    def placed(self, errors: Iterable[Error], lang: Language) -> tuple[RowRefused, ...]:
        """In the order of rows."""
        return tuple(
            RowRefused(row, f"{self.table.sheet}!{place or ROW.in_(lang, row=row)}", message)
            for row, place, message in sorted(errors, key=lambda error: error[0])
        )


async def read_table_file(path: Path, columns: Sequence[Column]) -> TableFile:
    """Raises FileRefused when the file is no such table."""
    with opened(path) as file:
        content = await asyncio.to_thread(file.read, LARGEST + 1)
    if len(content) > LARGEST:
        raise FileRefused(place=str(path), why=f"it is larger than {LARGEST:,} bytes")
    # Of one line, and short enough for a document number with the digest, whatever the file is called.
    name = "".join(one if one.isprintable() else "\ufffd" for one in path.name[:LONGEST_NAME])
    digest = sha256(content).hexdigest()
    table = await _table(path, name, content, len(columns))
    return TableFile(f"{name} (SHA-256 {digest})", digest, table, columns)


async def _table(path: Path, name: str, content: bytes, columns: int) -> ReadTable:
    if path.suffix.lower() == ".csv":
        return await asyncio.to_thread(read_csv, name, content, rows=MOST_ROWS)
    try:
        return await TableReader().read(content, OPERATOR.id, rows=MOST_ROWS + 1, columns=columns + SPARE_COLUMNS)
    except Unreadable as error:
        raise refusal_of(error) from error
