"""Legal holds on the data of a subject, and its erasure: proposed by one person, confirmed by another."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from psycopg import AsyncConnection
from pydantic import Field

from ledger import subjects
from ledger.commands.command import SubjectCommand
from ledger.commands.served import FieldText, Giver, served
from ledger.core.fact import Version
from ledger.store import Erasing
from ledger.store.statements import CITED
from ledger.subjects import (
    ERASE,
    MOST_FILES,
    PLACE_HOLD,
    PROPOSE_ERASURE,
    RELEASE_HOLD,
    ErasedFile,
    FileToErase,
    SubjectActs,
    SubjectErased,
    SubjectFact,
    SubjectFile,
)
from ledger.unit_of_work import UnitOfWork
from ledger.values import Line, Text
from ledger.vault import Purpose

ACTS = "SELECT EXISTS (SELECT FROM ledger.accounts WHERE (id = %s OR person = %s) AND closed_at IS NULL)"
STREAMS = "SELECT position, stream FROM ledger.events WHERE position = ANY(%s)"
AT = "/v1/subjects/{subject_id}"
AT_ONCE = 5_000


@served(Giver.PERSONAL_DATA, "holds", "place_hold", "Place a legal hold", at=AT)
class LegalHold(SubjectCommand, action=PLACE_HOLD):
    """Keep the data of a subject from being erased, by the rule or the document `authority` (PIPL 47).

    Neither that nor `reason` names anybody."""

    authority: Line
    reason: Text

    async def decide(
        self, work: UnitOfWork, subject: UUID, file: SubjectFile, kept: tuple[Purpose, ...]
    ) -> SubjectFact:
        return subjects.place_hold(subject, self.authority, self.reason)


@served(Giver.PERSONAL_DATA, "hold-releases", "release_hold", "Release a legal hold", at=AT)
class HoldRelease(SubjectCommand, action=RELEASE_HOLD):
    """End a legal hold, by its version in the subject's file (PIPL 47)."""

    hold: Annotated[Version, FieldText("依法留存", "The version of the hold in the subject's file.", 1)]
    reason: Text

    async def decide(
        self, work: UnitOfWork, subject: UUID, file: SubjectFile, kept: tuple[Purpose, ...]
    ) -> SubjectFact:
        return subjects.release_hold(file, subject, self.hold, self.reason)


@served(Giver.PERSONAL_DATA, "erasure-proposals", "propose_erasure", "Propose an erasure", at=AT)
class ErasureProposal(SubjectCommand, action=PROPOSE_ERASURE):
    """Propose to erase what is sealed of a subject (PIPL 47); nothing happens before another person confirms it.

    `purposes`: what it was kept for; without them, all. `files` about the subject go with it from the projects named;
    where no other project cites one, altogether. A later proposal takes the place of this one."""

    purposes: Annotated[
        tuple[Purpose, ...],
        Field(max_length=len(Purpose)),
        FieldText("用途", "For what it is kept that is to be erased; without any, everything.", "contact"),
    ] = ()
    files: Annotated[tuple[FileToErase, ...], Field(max_length=MOST_FILES)] = ()
    authority: Line
    reason: Text

    async def decide(
        self, work: UnitOfWork, subject: UUID, file: SubjectFile, kept: tuple[Purpose, ...]
    ) -> SubjectFact:
        await _check_acts_no_more(work, subject)
        return subjects.propose(
            file, subject, kept, self.purposes, self.files, authority=self.authority, reason=self.reason
        )


@served(Giver.PERSONAL_DATA, "erasures", "erase_subject", "Confirm an erasure", at=AT)
class Erasure(SubjectCommand, action=ERASE):
    """Confirm what another person proposed: the keys of the subject's values are destroyed with this, and copies are
    cleared within seconds (PIPL 47). Nobody confirms an own proposal, under whichever account.

    `proposal`: its version in the subject's file."""

    proposal: Annotated[Version, FieldText("删除提议", "The version of the proposal in the subject's file.", 2)]

    async def decide(
        self, work: UnitOfWork, subject: UUID, file: SubjectFile, kept: tuple[Purpose, ...]
    ) -> SubjectFact:
        said = subjects.confirmed(file, self.proposal, work.context.who.id)
        await _check_acts_no_more(work, subject)
        files, checked_to = await _files(work, said.files)
        work.erases = Erasing(
            subject,
            tuple(said.purposes),
            tuple((one.sha256, project) for one in files for project in one.projects),
            tuple(one.sha256 for one in files if one.gone),
            checked_to,
        )
        return SubjectErased(subject=subject, proposal=self.proposal, purposes=said.purposes, files=files)


async def _check_acts_no_more(work: UnitOfWork, subject: UUID) -> None:
    """Somebody who was appointed is the subject of their own name, and has accounts. Raises SubjectActs."""
    async with work.ledger.store.pool.connection() as connection:
        row = await (await connection.execute(ACTS, [subject, subject])).fetchone()
    if row and row[0]:
        raise SubjectActs()


async def _files(work: UnitOfWork, wanted: Sequence[FileToErase]) -> tuple[tuple[ErasedFile, ...], int]:
    """Which of them nothing else cites, by all events before the position that is given with them."""
    size = (await work.ledger.store.head()).size
    if not wanted:
        return (), size
    cited: dict[str, set[UUID]] = {}
    async with work.ledger.store.pool.connection() as connection:
        for start in range(0, size, AT_ONCE):
            await _cited(connection, start, min(start + AT_ONCE, size), [one.sha256 for one in wanted], cited)
    streams = {stream for found in cited.values() for stream in found}
    events = await work.ledger.store.streams(list(streams))
    # What was proposed and decided about a file does not keep it.
    about = {stream for stream, found in events.items() if isinstance(found[0].fact, SubjectFact)}
    return (
        tuple(
            ErasedFile(
                sha256=one.sha256,
                projects=one.projects,
                gone=cited.get(one.sha256, set()) - about <= set(one.projects),
            )
            for one in wanted
        ),
        size,
    )


async def _cited(
    connection: AsyncConnection, start: int, stop: int, digests: list[str], cited: dict[str, set[UUID]]
) -> None:
    found = await (await connection.execute(CITED, [start, stop, digests])).fetchall()
    rows = await (await connection.execute(STREAMS, [[position for position, _ in found]])).fetchall()
    streams: dict[int, UUID] = dict(rows)
    for position, digest in found:
        cited.setdefault(digest, set()).add(streams[position])
