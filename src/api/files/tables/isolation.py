"""Reads workbooks in a process each, so that the worst file costs its sender a refusal and the service nothing."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from uuid import UUID
from weakref import WeakValueDictionary

from pydantic import TypeAdapter, ValidationError

from api.files.apart import answer_of
from api.files.tables.xlsx.process import CPU_SECONDS, MOST_TEXT
from api.files.tables.xlsx.sheet import Kind
from api.files.tables.xlsx.unreadable import Reason, Unreadable
from ledger.refusals.tables import TablesBusy
from ledger.values import Frozen

log = logging.getLogger(__name__)
AT_ONCE = 2
# How long a request waits for its turn, of which each takes a fraction of a second; and what it is told after that.
TURN_SECONDS = 2.0
RETRY_AFTER = 5
SECONDS = 2 * CPU_SECONDS - 2.0
# Text in UTF-8, and for each cell its place and kind.
LARGEST_ANSWER = 4 * MOST_TEXT + 4_000_000
CODE = "import sys; sys.path.insert(0, sys.argv.pop(1)); from api.files.tables.xlsx.process import main; main()"


class ReadTable(Frozen):
    """Cells that hold anything: row, column, kind and value; in the order of rows and columns."""

    sheet: str
    cells: list[tuple[int, int, Kind, str]]


class Refused(Frozen):
    reason: Reason
    place: str
    sheet: str | None
    value: str


ANSWER: TypeAdapter[ReadTable | Refused] = TypeAdapter(ReadTable | Refused)


class TableReader:
    """At most AT_ONCE processes, and one for each account, so that nobody takes all turns."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._accounts: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def read(self, content: bytes, who: UUID, *, rows: int, columns: int) -> ReadTable:
        """The only table in a workbook; beyond these rows and columns it may hold nothing. Raises Unreadable, whatever
        became of the process, and TablesBusy."""
        async with self._turn(who):
            answer = await _answer(content, rows, columns)
        try:
            found = ANSWER.validate_json(answer)
        except ValidationError as error:
            log.warning("the process that reads workbooks answered nothing that can be used")
            raise Unreadable(Reason.TOO_SLOW) from error
        if isinstance(found, Refused):
            raise Unreadable(found.reason, found.place, found.sheet, found.value)
        return found

    @contextlib.asynccontextmanager
    async def _turn(self, who: UUID) -> AsyncIterator[None]:
        lock = self._accounts.setdefault(who, asyncio.Lock())
        async with contextlib.AsyncExitStack() as held:
            try:
                async with asyncio.timeout(TURN_SECONDS):
                    await held.enter_async_context(lock)
                    await held.enter_async_context(self._turns)
            except TimeoutError as error:
                raise TablesBusy(retry_after=RETRY_AFTER) from error
            yield


async def _answer(content: bytes, rows: int, columns: int) -> bytes:
    return await answer_of(CODE, (str(rows), str(columns)), content, seconds=SECONDS, most=LARGEST_ANSWER)
