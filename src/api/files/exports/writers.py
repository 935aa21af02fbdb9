"""Tables as files: CSV that spreadsheets open, and Parquet.

CSV is UTF-8 with a byte order mark, by which Excel knows Chinese. A text that a spreadsheet would take for a formula
gets an apostrophe before it; Parquet has texts as they are.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from ledger.refusals.tables import ParquetMissing
from projections.registry import Kind, Row, Table

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Rows of a group in Parquet, all of which are held.
BATCH = 5_000


class Format(StrEnum):
    CSV = "csv"
    PARQUET = "parquet"


def write(path: Path, table: Table, rows: Iterable[Row], form: Format) -> None:
    """Raises ParquetMissing."""
    writers: dict[Format, Callable[[Path, Table, Iterable[Row]], None]] = {
        Format.CSV: _write_csv,
        Format.PARQUET: write_parquet,
    }
    writers[form](path, table, rows)


def check_installed(form: Format) -> None:
    """Raises ParquetMissing."""
    if form is Format.PARQUET:
        _pyarrow()


def has_parquet() -> bool:
    return find_spec("pyarrow") is not None


def _write_csv(path: Path, table: Table, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(name for name, _ in table.columns)
        writer.writerows([cell(value) for value in row] for row in rows)


def cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case str():
            return f"'{value}" if value.startswith(FORMULA) else value
        case _:
            return str(value)


def write_parquet(
    target: Path | IO[bytes], table: Table, rows: Iterable[Row], said: Mapping[str, str] | None = None
) -> None:
    """`said`: what the file says of itself, as the metadata of its schema. A group of rows is held at a time. Raises
    ParquetMissing."""
    arrow = _pyarrow()
    types = {
        Kind.TEXT: arrow.string(),
        Kind.NUMBER: arrow.int64(),
        Kind.AMOUNT: arrow.decimal128(38, 4),
        Kind.DAY: arrow.date32(),
        Kind.FLAG: arrow.bool_(),
    }
    schema = arrow.schema([(name, types[kind]) for name, kind in table.columns], metadata=said)
    following = iter(rows)
    with arrow.parquet.ParquetWriter(target, schema) as writer:
        while batch := list(islice(following, BATCH)):
            columns = zip(*batch, strict=True)
            arrays = [arrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))


def _pyarrow() -> ModuleType:
    try:
        import pyarrow  # type: ignore[import-untyped]  # ships no types
        import pyarrow.parquet  # type: ignore[import-untyped]
    except ImportError as error:
        raise ParquetMissing() from error
    module: ModuleType = pyarrow
    return module
