"""What a table asks to be written: each row once, on the version that it was made from, and with its own receipt.

A row is known by a key: one made from the request's Idempotency-Key and its number, or else from what it says, so that
the same table is not written twice. The keys are written in the transaction of their rows, so this holds between
requests that come at once and between processes."""

import json
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Annotated, Any, NoReturn, Self

from pydantic import Field, ValidationError

from api.door import ReceiptBody
from api.files.tables.cell_errors import cell_errors
from api.files.tables.columns import Column
from api.files.tables.versions import version_error
from api.files.tables.workbook import CellError, SheetRow
from api.problem_texts import sentence
from ledger.commands.together import Part, receipts_of, refused_together, together
from ledger.core.fact import instant_text
from ledger.core.refusal import Kind, Refusal
from ledger.refusals.general import BatchRefused
from ledger.refusals.storage import LedgerUnavailable, OutcomeUnknown
from ledger.refusals.tables import RowAlreadyImported, TableAlreadyImported, TableEmpty, TableRefused
from ledger.store import Key, failures
from ledger.transaction import Decide, Ledger
from ledger.unit_of_work import CommandContext, Receipt
from ledger.values import Frozen

log = logging.getLogger(__name__)


class RowDone(Frozen):
    row: int
    receipt: ReceiptBody


class RowError(Frozen):
    """`place`: a cell such as B7, or a row. `details`: the values that the message mentions, such as the current
    version of a row that is stale."""

    place: str
    code: str
    message: str
    details: dict[str, str | int] = Field(default_factory=dict)


class TableDone(Frozen):
    """`possible`: of a dry run, which writes nothing, the rows that would be written."""

    done: list[RowDone]
    errors: list[RowError]
    possible: Annotated[tuple[int, ...], Field(exclude_if=lambda rows: not rows)] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """How a table is taken in. `number`: of the document that decides on all of its rows."""

    lang: str
    all_or_none: bool = True
    dry_run: bool = False
    number: str | None = None


@dataclass(slots=True)
class Incoming:
    """`rows`: those that can be written as far as is known yet. `known`: the receipts of those that were before."""

    ledger: Ledger
    context: CommandContext
    rows: list[SheetRow]
    keys: dict[int, Key]
    known: dict[int, Receipt]
    errors: list[CellError]
    parts: dict[int, Part] = field(default_factory=dict)

    @classmethod
    async def of(cls, ledger: Ledger, context: CommandContext, table: str, rows: Sequence[SheetRow]) -> Self:
        """`table`: which it is. Raises KeyReused."""
        readable = [row for row in rows if not row.errors]
        keys = _keys(context, table, readable)
        known = await receipts_of(ledger, keys)
        errors = [error for row in rows for error in row.errors]
        fresh = []
        for row in readable:
            if row.number in known:
                continue
            if error := version_error(row):
                errors.append(error)
            else:
                fresh.append(row)
        return cls(ledger, context, fresh, keys, known, errors)

    def add(self, row: SheetRow, decide: Decide) -> None:
        """What the row asks for, as of the version that it was made from."""
        self.parts[row.number] = Part(decide, self.keys[row.number], (row.values["version"],))

    def add_each(self, columns: Sequence[Column], asked: Callable[[SheetRow], Decide]) -> None:
        """`asked`: what a row asks for; where it raises ValidationError, its cells are named instead."""
        for row in self.rows:
            try:
                self.add(row, asked(row))
            except ValidationError as error:
                self.errors += cell_errors(error, row, columns)

    async def written(self, manner: Manner) -> TableDone:
        """All rows in one append, or each for itself. Raises TableEmpty, TableAlreadyImported, TableRefused; of a dry
        run the first two alone, since what is wrong is its answer."""
        all_or_none, lang = manner.all_or_none, manner.lang
        repeats = self.context.key is not None
        if repeats and all_or_none and self.known:
            return TableDone(done=_done(self.known), errors=[])
        if not self.parts and not self.errors:
            if not self.known:
                raise TableEmpty()
            if not repeats:
                _refuse_again(self.known)
        found = [RowError(place=one.place, code=one.code, message=one.sentence(lang)) for one in self.errors]
        if not repeats:
            found += [_row_error(row, _again(receipt), lang) for row, receipt in self.known.items()]
        if manner.dry_run:
            wrong = await refused_together(self.ledger, self.context, self.parts)
            found += [_row_error(row, one, lang) for row, one in wrong.items()]
            return TableDone(done=[], errors=found, possible=tuple(row for row in self.parts if row not in wrong))
        if not all_or_none:
            done, refused = await self._each(lang)
            if repeats:
                done |= self.known
            elif not done and not self.errors and all(one.code == RowAlreadyImported.code for one in refused):
                # Another request was faster.
                _refuse_again(self.known)
            return TableDone(done=_done(done), errors=[*found, *refused])
        try:
            if not found:
                receipts = await together(self.ledger, self.context, self.parts)
                if not repeats and any(receipt.repeated for receipt in receipts.values()):
                    # Another request was faster.
                    _refuse_again(receipts)
                return TableDone(done=_done(receipts), errors=[])
        except BatchRefused as refused_rows:
            found = [_row_error(row, one, lang) for row, one in refused_rows.reasons.items()]
        raise TableRefused([error.model_dump() for error in found])

    async def _each(self, lang: str) -> tuple[dict[int, Receipt], list[RowError]]:
        done: dict[int, Receipt] = {}
        refused: list[RowError] = []
        gone: Refusal | None = None
        for row, part in self.parts.items():
            key = self.keys[row]
            context = replace(self.context, key=key.key, request_sha256=key.request_sha256, if_match=part.if_match)
            try:
                if gone:
                    raise LedgerUnavailable()
                receipt = await self.ledger.transact(context, part.decide)
            except Exception as error:
                # Once a row is written, no failure of another may hide its receipt.
                refusal = _refusal(error)
                if refusal.kind is Kind.UNAVAILABLE:
                    if not done:
                        raise
                    gone = refusal
                refused.append(_row_error(row, refusal, lang))
                continue
            if receipt.repeated and self.context.key is None:
                self.known[row] = receipt
                refused.append(_row_error(row, _again(receipt), lang))
            else:
                done[row] = receipt
        return done, refused


def _keys(context: CommandContext, table: str, rows: Sequence[SheetRow]) -> dict[int, Key]:
    if context.key is not None:
        # A space, which no key that is given can hold.
        return {row.number: Key(context.who.id, f"{context.key} {row.number}", context.request_sha256) for row in rows}
    alike: Counter[bytes] = Counter()
    keys = {}
    for row in rows:
        # By what it says and not by its bytes, which differ each time that Excel saves the same table.
        digest = sha256(json.dumps([table, row.values], default=str, sort_keys=True).encode()).digest()
        alike[digest] += 1
        keys[row.number] = Key(context.who.id, f"table {digest.hex()} {alike[digest]}", digest)
    return keys


def _refusal(error: Exception) -> Refusal:
    if found := failures.refusal(error):
        return found
    log.error("a row failed with %s", type(error).__name__)
    return OutcomeUnknown()


def _refuse_again(receipts: dict[int, Receipt]) -> NoReturn:
    raise TableAlreadyImported(**_named(receipts[min(receipts)]))


def _again(receipt: Receipt) -> Refusal:
    return RowAlreadyImported(**_named(receipt))


def _named(receipt: Receipt) -> dict[str, Any]:
    return {
        "id": str(receipt.id),
        "version": receipt.version,
        "position": receipt.position,
        "recorded_at": instant_text(receipt.recorded_at),
    }


def _done(receipts: dict[int, Receipt]) -> list[RowDone]:
    return [RowDone(row=row, receipt=ReceiptBody.of(receipt)) for row, receipt in sorted(receipts.items())]


def _row_error(row: int, refusal: Refusal, lang: str) -> RowError:
    details = {name: value if isinstance(value, int) else str(value) for name, value in refusal.details.items()}
    return RowError(place=f"row {row}", code=refusal.code, message=sentence(refusal, lang), details=details)
