"""What an append depends on besides the streams, looked up under the lock: files that it cites, photographs that it
shows, keys that it seals with or destroys, and daily limits."""

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
from ledger.refusals.storage import ConcurrentChange, SubjectErased
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
class Erasing:
    """The keys of a subject that an append destroys. `citations`: files, each with a project that shows it no more;
    `files`: those that go altogether, if no event from the position `checked_to` on cites them."""

    subject: UUID
    purposes: tuple[str, ...]
    citations: tuple[tuple[str, UUID], ...] = ()
    files: tuple[str, ...] = ()
    checked_to: int = 0

    @property
    def keys(self) -> set[tuple[UUID, str]]:
        return {(self.subject, purpose) for purpose in self.purposes}


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
    `used`: counted so far. `erased`: keys that were destroyed, by subject and purpose. `cited_lately`: files that were
    cited since it was found that nothing else cites them."""

    held: frozenset[tuple[UUID, str]] = frozenset()
    photographs: set[Shown] = field(default_factory=set)
    used: dict[tuple[UUID, str, date], int] = field(default_factory=dict)
    erased: set[tuple[UUID, str]] = field(default_factory=set)
    cited_lately: frozenset[str] = frozenset()

    def refusal(self, append: "Append") -> Refusal | None:
        for cited in append.cites:
            if (cited.account, cited.sha256) not in self.held:
                return AttachmentNotUploaded(name=cited.name, sha256=cited.sha256)
        if not self.photographs.issuperset(append.pictures.shows):
            return PhotographNotUploaded()
        if any((row.subject, row.purpose) in self.erased for row in append.sealed):
            return SubjectErased()
        if append.erases and not self.cited_lately.isdisjoint(append.erases.files):
            return ConcurrentChange()
        for use in append.uses:
            if self.used.get(use.place, 0) + use.count > use.limit:
                return DailyLimitReached(kind=use.kind, limit=use.limit, retry_after=use.retry_after)
        return None

    def count(self, append: "Append") -> None:
        self.photographs.difference_update(append.pictures.shows)
        for use in append.uses:
            self.used[use.place] = self.used.get(use.place, 0) + use.count
        if append.erases:
            self.erased |= append.erases.keys


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
    if sealed := list({(row.subject, row.purpose) for append in appends for row in append.sealed}):
        subjects, purposes = zip(*sealed, strict=True)
        cursor = await connection.execute(statements.ERASED_KEYS, [list(subjects), list(purposes)], binary=True)
        conditions.erased = {(subject, purpose) for subject, purpose in await cursor.fetchall()}
    for erases in (append.erases for append in appends if append.erases and append.erases.files):
        asked = [erases.checked_to, statements.EVER, list(erases.files)]
        cursor = await connection.execute(statements.CITED, asked)
        conditions.cited_lately |= {digest for _, digest in await cursor.fetchall()}
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


async def write_erasures(connection: psycopg.AsyncConnection, appends: Sequence["Append"]) -> None:
    """With the event itself, so that no reader sees one without the other: keys, tombstone, and who may upload."""
    for append in appends:
        if (erases := append.erases) is None:
            continue
        said, purposes = append.writes[0].events[-1], list(erases.purposes)
        await connection.execute(statements.DESTROY_KEYS, [erases.subject, purposes])
        tombstone = [said.originator_id, said.originator_version, erases.subject, purposes]
        await connection.execute(statements.INSERT_ERASURE, tombstone)
        if erases.citations:
            digests = [bytes.fromhex(digest) for digest, _ in erases.citations]
            projects = [project for _, project in erases.citations]
            await connection.execute(statements.ERASE_CITATIONS, [digests, projects])
        if gone := [bytes.fromhex(digest) for digest in erases.files]:
            # The row of the file first: an upload that holds it may be adding a claim.
            for statement in (statements.ERASE_FILES, statements.DROP_FILES, statements.DROP_CLAIMS):
                await connection.execute(statement, [gone])


async def write_use(connection: psycopg.AsyncConnection, appends: Sequence["Append"]) -> None:
    added: dict[tuple[UUID, str, date], int] = {}
    for append in appends:
        for use in append.uses:
            added[use.place] = added.get(use.place, 0) + use.count
    if added:
        columns = [list(column) for column in zip(*added, strict=True)]
        await connection.execute(statements.ADD_DAILY_USE, [*columns, list(added.values())])
