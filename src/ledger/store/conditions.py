"""What an append depends on besides the streams, looked up under the lock: files that it cites, photographs that it
shows, and daily limits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg

from ledger.core.refusal import Refusal
from ledger.refusals.attachments import AttachmentNotUploaded
from ledger.refusals.general import DailyLimitReached
from ledger.refusals.photographs import PhotographNotUploaded
from ledger.store import statements

if TYPE_CHECKING:
    from ledger.store.append import Append


@dataclass(frozen=True, slots=True)
class Citation:
    """A file that the account has uploaded, and that must still be there when the event is written."""

    account: UUID
    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A photograph that the account has uploaded, and that one event shows."""

    account: UUID
    commitment: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """The photographs that an append shows, and the commitments of those that it withdraws."""

    shows: tuple[Shown, ...] = ()
    withdraws: tuple[str, ...] = ()


NO_PICTURES = Pictures()


@dataclass(frozen=True, slots=True)
class Use:
    """What an append counts for of a daily limit; `retry_after`: in how many seconds the day is over."""

    account: UUID
    kind: str
    day: date
    count: int
    limit: int
    retry_after: int

    @property
    def place(self) -> tuple[UUID, str, date]:
        return self.account, self.kind, self.day


@dataclass(slots=True)
class Conditions:
    """`held`: files that cannot be removed before the transaction ends. `photographs`: those that nothing shows so far.
    `used`: counted so far."""

    held: frozenset[tuple[UUID, str]] = frozenset()
    photographs: set[Shown] = field(default_factory=set)
    used: dict[tuple[UUID, str, date], int] = field(default_factory=dict)

    def refusal(self, append: "Append") -> Refusal | None:
        for cited in append.cites:
            if (cited.account, cited.sha256) not in self.held:
                return AttachmentNotUploaded(name=cited.name, sha256=cited.sha256)
        if not self.photographs.issuperset(append.pictures.shows):
            return PhotographNotUploaded()
        for use in append.uses:
            if self.used.get(use.place, 0) + use.count > use.limit:
                return DailyLimitReached(kind=use.kind, limit=use.limit, retry_after=use.retry_after)
        return None

    def count(self, append: "Append") -> None:
        self.photographs.difference_update(append.pictures.shows)
        for use in append.uses:
            self.used[use.place] = self.used.get(use.place, 0) + use.count


async def conditions_of(connection: psycopg.AsyncConnection, appends: Sequence["Append"]) -> Conditions:
    """Asked under the lock of the head, in the transaction that writes the appends."""
    cites = {(cited.account, cited.sha256) for append in appends for cited in append.cites}
    uses = {use.place for append in appends for use in append.uses}
    shows = {bytes.fromhex(shown.commitment) for append in appends for shown in append.pictures.shows}
    conditions = Conditions()
    if shows:
        cursor = await connection.execute(statements.HOLD_PHOTOGRAPHS, [list(shows)], binary=True)
        conditions.photographs = {Shown(who, bytes(digest).hex()) for who, digest in await cursor.fetchall()}
    if cites:
        digests = [bytes.fromhex(digest) for digest in {digest for _, digest in cites}]
        cursor = await connection.execute(statements.HOLD_FILES, [digests], binary=True)
        held = {bytes(digest).hex() for (digest,) in await cursor.fetchall()}
        wanted = [(account, digest) for account, digest in cites if digest in held]
        columns = [[account for account, _ in wanted], [bytes.fromhex(digest) for _, digest in wanted]]
        cursor = await connection.execute(statements.CLAIMS, columns, binary=True)
        conditions.held = frozenset((account, bytes(digest).hex()) for account, digest in await cursor.fetchall())
    if uses:
        accounts, kinds, days = zip(*uses, strict=True)
        asked = [list(accounts), list(kinds), list(days)]
        cursor = await connection.execute(statements.DAILY_USE, asked, binary=True)
        conditions.used = {(account, kind, day): used for account, kind, day, used in await cursor.fetchall()}
    return conditions


async def write_photographs(connection: psycopg.AsyncConnection, appends: Sequence["Append"]) -> None:
    if shows := [bytes.fromhex(shown.commitment) for append in appends for shown in append.pictures.shows]:
        await connection.execute(statements.SHOW_PHOTOGRAPHS, [shows])
    if withdraws := [bytes.fromhex(commitment) for append in appends for commitment in append.pictures.withdraws]:
        await connection.execute(statements.WITHDRAW_PHOTOGRAPHS, [withdraws])


async def write_use(connection: psycopg.AsyncConnection, appends: Sequence["Append"]) -> None:
    added: dict[tuple[UUID, str, date], int] = {}
    for append in appends:
        for use in append.uses:
            added[use.place] = added.get(use.place, 0) + use.count
    if added:
        columns = [list(column) for column in zip(*added, strict=True)]
        await connection.execute(statements.ADD_DAILY_USE, [*columns, list(added.values())])
