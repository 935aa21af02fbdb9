"""What is wrong with the body that a row became, told by the cells that it came from."""

from collections.abc import Iterable, Sequence

from pydantic import ValidationError

from api.files.tables.columns import Column
from api.files.tables.workbook import CellError, SheetRow
from api.problem_texts import field_error
from ledger.core.words import Words


def cell_errors(error: ValidationError, row: SheetRow, columns: Sequence[Column]) -> Iterable[CellError]:
    """Each in the cell that its value came from, or in its row where it came from several."""
    for found in error.errors(include_url=False, include_input=False):
        column = _column_of(found["loc"], row, columns)
        place = row.cells[column.key] if column else f"row {row.number}"
        yield CellError(place, found["type"], Words(field_error(found, "zh"), field_error(found, "en")), {})


def _column_of(loc: tuple[int | str, ...], row: SheetRow, columns: Sequence[Column]) -> Column | None:
    """Lines of money and support are counted in the body; in the sheet each kind has its column."""
    number = next((index for index, part in enumerate(loc) if isinstance(part, int)), None)
    if number is None:
        return next((one for one in columns if one.loc == loc), None)
    filled = [one for one in columns if one.loc[:number] == loc[:number] and row.values[one.key] is not None]
    return filled[int(loc[number])]
