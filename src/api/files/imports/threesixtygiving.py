"""Importing a 360Giving file: read in a stream, written in chunks by funder, safe to repeat after anything."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import file_digest
from pathlib import Path
from typing import IO

from api.files.imports.grant_rows import BadRow, Money, RowProblem, grant_of, money_of, place_of
from api.files.imports.opened import opened
from api.files.imports.rows import read_rows
from ledger.accounts import OPERATOR
from ledger.commands.imports import import_grants
from ledger.project.grant import GrantImported
from ledger.refusals.general import FileRefused
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext

CHUNK = 500
MOST_HELD = 2_000
FIRST_BAD = 20

Progress = Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many grants were new, restated, known already, and bad; the first of the bad rows. `refused`: by currency,
    the money of bad rows, which is not in the ledger; `unreadable`: the bad rows whose money cannot be read.
    `left_out`: grants kept without an optional field that makes no sense."""

    new: int
    restated: int
    unchanged: int
    bad: int
    first_bad: tuple[BadRow, ...]
    refused: Mapping[str, Decimal] = field(default_factory=dict)
    unreadable: int = 0
    left_out: int = 0


async def import_file(ledger: Ledger, path: Path, report: Path | None, progress: Progress) -> ImportResult:
    """Imports what is whole and right, and writes the bad rows to the report as JSON lines as they occur.

    `progress(bytes read, bytes in all, grants settled)`. Raises FileRefused when the file, or the rest of it,
    cannot be read; what was whole before is in the ledger then."""
    with opened(path) as file, _BadRows.into(report, path) as bad_rows:
        digest = (await asyncio.to_thread(file_digest, file, "sha256")).hexdigest()
        size = file.tell()
        file.seek(0)
        run = _Run(ledger, _ask(path, digest), bad_rows)
        index = 0
        try:
            for done, rows in read_rows(file):
                for row in rows:
                    place = place_of(index, row)
                    try:
                        read = grant_of(row, digest)
                    except RowProblem as problem:
                        bad_rows.add(BadRow(place, str(problem)), money_of(row))
                    else:
                        if read.left_out:
                            bad_rows.note(BadRow(place, f"kept without {'; '.join(read.left_out)}"))
                        await run.take(place, read.grant)
                    index += 1
                progress(done, size, run.settled)
                await asyncio.sleep(0)
            await run.write_all()
        except FileRefused as refusal:
            await run.write_all()
            result = run.result()
            refusal.details.update(new=result.new, restated=result.restated, unchanged=result.unchanged, bad=result.bad)
            raise
        finally:
            await run.close()
        progress(size, size, run.settled)
        return run.result()


def _ask(path: Path, digest: str) -> CommandContext:
    name = path.name.encode(errors="replace").decode()
    return CommandContext(OPERATOR, late_reason=f"360Giving: {name} (SHA-256 {digest})")


@dataclass(slots=True)
class _BadRows:
    """Bad rows on their way to the report; the first of them are kept."""

    file: IO[str] | None
    count: int = 0
    left_out: int = 0
    unreadable: int = 0
    refused: dict[str, Decimal] = field(default_factory=dict)
    first: list[BadRow] = field(default_factory=list)

    @classmethod
    @contextmanager
    def into(cls, report: Path | None, source: Path) -> Iterator["_BadRows"]:
        if report is None:
            yield cls(None)
            return
        try:
            if report.exists() and report.samefile(source):
                raise FileRefused(place=str(report), why="the report would overwrite the file that is imported")
            file = report.open("w", encoding="utf-8", buffering=1)
        except OSError as error:
            raise FileRefused(place=str(report), why=error.strerror or str(error)) from error
        with file:
            yield cls(file)

    def add(self, row: BadRow, money: Money | None) -> None:
        self.count += 1
        if money:
            currency, amount = money
            self.refused[currency] = self.refused.get(currency, Decimal(0)) + amount
        else:
            self.unreadable += 1
        self._tell(row)

    def note(self, row: BadRow) -> None:
        """Of a grant that is kept."""
        self.left_out += 1
        self._tell(row)

    def _tell(self, row: BadRow) -> None:
        if len(self.first) < FIRST_BAD:
            self.first.append(row)
        if self.file:
            self.file.write(json.dumps({"place": row.place, "reason": row.reason}, ensure_ascii=False) + "\n")


Placed = tuple[str, GrantImported]


@dataclass(slots=True)
class _Run:
    """Grants gathered by funder. One chunk is being written while the next is read."""

    ledger: Ledger
    context: CommandContext
    bad: _BadRows
    new: int = 0
    restated: int = 0
    unchanged: int = 0
    _held: dict[str, list[Placed]] = field(default_factory=dict)
    _writing: "asyncio.Task[None] | None" = None

    @property
    def settled(self) -> int:
        return self.new + self.restated + self.unchanged

    async def take(self, place: str, grant: GrantImported) -> None:
        held = self._held.setdefault(grant.programme, [])
        held.append((place, grant))
        if len(held) == CHUNK:
            await self._write(grant.programme)
        elif len(self._held) > 1 and sum(map(len, self._held.values())) >= MOST_HELD:
            await self._write(max(self._held, key=lambda programme: len(self._held[programme])))

    async def write_all(self) -> None:
        while self._held:
            await self._write(next(iter(self._held)))
        await self._written()

    async def close(self) -> None:
        """Leaves no chunk half way, whatever ended the run."""
        if self._writing:
            await asyncio.wait([self._writing])

    def result(self) -> ImportResult:
        bad = self.bad
        counts = (self.new, self.restated, self.unchanged, bad.count)
        return ImportResult(*counts, tuple(bad.first), dict(bad.refused), bad.unreadable, bad.left_out)

    async def _write(self, programme: str) -> None:
        chunk = self._held.pop(programme)
        await self._written()
        self._writing = asyncio.create_task(self._import(chunk))

    async def _written(self) -> None:
        task, self._writing = self._writing, None
        if task:
            await task

    async def _import(self, chunk: list[Placed]) -> None:
        count = await import_grants(self.ledger, self.context, [grant for _, grant in chunk])
        self.new += count.new
        self.restated += count.restated
        self.unchanged += count.unchanged
        for index in count.contradicting:
            reason = "the same file states this grant before, with other content"
            place, grant = chunk[index]
            self.bad.add(BadRow(place, reason), (grant.amount.currency, grant.amount.amount))
