"""Importing grants as their funder published them, into a programme of the funder's own."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from ledger import access, corrections
from ledger.aggregates import PROGRAMME, PROJECT
from ledger.commands.programme import open_register
from ledger.core.envelope import Recorded, Restated
from ledger.core.history import corrected
from ledger.identifiers import grant_stream, programme_stream
from ledger.project.earlier import EarlierProjectRecorded
from ledger.project.grant import IMPORT, GrantImported
from ledger.refusals.general import ProgrammeAlreadyAnnounced, ReasonMissing
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, UnitOfWork

STANDARD = "360Giving"
F = TypeVar("F", GrantImported, EarlierProjectRecorded)


@dataclass(frozen=True, slots=True)
class ImportCount:
    """What became of the grants. `contradicting` are those, by index, that say of a grant something else than
    the same file said before; they are not written."""

    new: int = 0
    restated: int = 0
    unchanged: int = 0
    contradicting: tuple[int, ...] = ()


async def import_grants(ledger: Ledger, context: CommandContext, grants: Sequence[GrantImported]) -> ImportCount:
    """Grants of one funder and one file, all or none; the funder's programme is opened when it is missing.

    The ask carries the reason for the dates of award, which names the file. A grant that the ledger knows with
    the same content is left alone, one with other content is restated. Raises RoleMayNot, ReasonMissing,
    and ProgrammeAlreadyAnnounced when the programme's code belongs to another."""
    access.check_role(context.who, IMPORT)
    if not context.late_reason:
        raise ReasonMissing()
    if not grants:
        return ImportCount()
    await _open_register(ledger, context, grants[0])
    chunk = _Chunk(grants, context.late_reason)
    with suppress(_NothingToWrite):
        await ledger.transact(context, chunk.decide)
    return chunk.count


class _NothingToWrite(Exception):
    """Ends a transaction without an append."""


class _Chunk:
    """One decision about many grants. `count` is that of its last run."""

    def __init__(self, grants: Sequence[GrantImported], reason: str) -> None:
        self._grants = grants
        self._reason = reason
        self.count = ImportCount()

    async def decide(self, work: UnitOfWork) -> None:
        first = self._grants[0]
        register = (await work.load(PROGRAMME, programme_stream(first.programme))).register
        if register is None or register.funder != first.funder:
            raise ProgrammeAlreadyAnnounced(programme=first.programme)
        streams = [grant_stream(grant.funder, grant.grant) for grant in self._grants]
        timelines = await work.load_many(PROJECT, streams)
        written: dict[UUID, GrantImported] = {}
        new = restated = unchanged = 0
        contradicting = []
        for index, (stream, grant, timeline) in enumerate(zip(streams, self._grants, timelines, strict=True)):
            events = timeline.events
            present = written.get(stream) or as_it_counts(events, GrantImported)
            if present is None:
                new += 1
                written[stream] = grant
                work.write(stream, grant, grant.awarded_on)
            elif is_same(present, grant):
                unchanged += 1
            elif present.source_sha256 != grant.source_sha256:
                restated += 1
                written[stream] = grant
                work.write(stream, corrections.restate(events, 1, grant, grant.awarded_on, self._reason))
            elif is_stated(grant, events):
                # Somebody put right by hand what this file says; importing it again does not undo that.
                unchanged += 1
            else:
                contradicting.append(index)
        self.count = ImportCount(new, restated, unchanged, tuple(contradicting))
        if not written:
            raise _NothingToWrite


def as_it_counts(events: Sequence[Recorded], kind: type[F]) -> F | None:
    """The imported fact that founds a stream, with its corrections."""
    return next((found.fact for found in corrected(events) if isinstance(found.fact, kind)), None)


def is_stated(imported: F, events: Sequence[Recorded]) -> bool:
    """Whether somebody said exactly this before, from the same file."""
    facts = (found.fact.fact if isinstance(found.fact, Restated) else found.fact for found in events)
    return any(fact == imported for fact in facts)


def is_same(one: F, other: F) -> bool:
    """Whether they say the same, from whichever files."""
    return one.model_copy(update={"source_sha256": other.source_sha256}) == other


async def _open_register(ledger: Ledger, context: CommandContext, grant: GrantImported) -> None:
    stream = programme_stream(grant.programme)
    if ledger.cached(stream) or (await ledger.store.streams([stream]))[stream]:
        return
    # Another import may be first; whose the programme then is, the chunk's decision sees.
    with suppress(ProgrammeAlreadyAnnounced):
        opened = open_register(grant.programme, grant.funder, grant.funder_name, STANDARD)
        await ledger.transact(CommandContext(context.who), opened)
