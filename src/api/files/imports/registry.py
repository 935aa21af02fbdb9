"""Loading and refreshing the register of organisations from a table; safe to repeat after anything."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from api.files.imports.registry_table import COLUMNS, body_of
from api.files.imports.table_file import PART, Progress, RowRefused, read_table_file
from api.problem_texts import sentence
from ledger.accounts import OPERATOR
from ledger.commands.registry import Registry, RegistryRow
from ledger.core.fact import Fact
from ledger.core.words import Language
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext


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
    file = await read_table_file(path, COLUMNS)
    rows, errors = file.understood(RegistryRow, body_of, lang)
    registry = Registry(ledger, CommandContext(OPERATOR, late_reason=file.source), file.source, dry_run=dry_run)
    written: Counter[type[Fact]] = Counter()
    unchanged = 0
    for begin in range(0, len(rows), PART):
        progress(begin, len(rows))
        part = await registry.refresh(rows[begin : begin + PART])
        written += part.written
        unchanged += part.unchanged
        errors += [(row, None, sentence(refusal, lang)) for row, refusal in part.refused.items()]
    progress(len(rows), len(rows))
    return RegistryResult(written, unchanged, file.placed(errors, lang))
