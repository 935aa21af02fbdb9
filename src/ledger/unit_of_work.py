"""One run of a command: who gives it, what it has loaded and what it will write."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from ledger.access import is_never_public
from ledger.accounts import Account
from ledger.appointments import Appointment
from ledger.attachments import find_files, uploaded_by
from ledger.clock import LEDGER_ZONE
from ledger.core.envelope import Actor, Event, Recorded, Redacted
from ledger.core.fact import Audience, Fact, Role, Sealed, account_commitment
from ledger.core.history import Aggregate, Timeline
from ledger.core.redacted import versions_replaced
from ledger.daily_limits import uses_of
from ledger.dates import check_past
from ledger.file_names import check_ending, check_name
from ledger.refusals.attachments import AttachmentNotUploaded
from ledger.refusals.general import EffectiveInFuture, OtherDayNotAllowed, ReasonMissing, TooFarAhead
from ledger.refusals.storage import VersionStale
from ledger.sealed_reads import Reading, Why
from ledger.store import (
    MAPPER,
    Append,
    AppendResult,
    Citation,
    Erasing,
    Guard,
    Key,
    NewEvent,
    Numbering,
    Pictures,
    SealedRow,
    Write,
)
from ledger.stream_locks import HeldLocks
from ledger.transparency.origins import Origins
from ledger.values import Document, Frozen, years_after
from ledger.vault import Purpose
from ledger.veils import Veil

if TYPE_CHECKING:
    from ledger.transaction import Ledger

S = TypeVar("S")
V = TypeVar("V", bound=Frozen)
YEARS_AHEAD = 2
# Who may say that something was so since another day than that of receipt.
STATES_ANOTHER_DAY = frozenset({Role.OFFICE, Role.DISTRICT})


@dataclass(frozen=True, slots=True)
class CommandContext:
    """What comes with any command: who gives it, and under which conditions.

    `if_match`: the versions of which one must be the present one.
    `effective_on` with its `late_reason` is for officials who enter late or announce ahead, with `scan` from paper that
    came on that day. `request_sha256` tells a repeated request from another one under the same key."""

    who: Account
    effective_on: date | None = None
    late_reason: str | None = None
    scan: Document | None = None
    if_match: tuple[int, ...] | None = None
    key: str | None = None
    request_sha256: bytes = b""

    @property
    def idempotency(self) -> Key | None:
        return Key(self.who.id, self.key, self.request_sha256) if self.key else None


@dataclass(frozen=True, slots=True)
class Receipt:
    id: UUID
    version: int
    position: int
    recorded_at: datetime
    repeated: bool = False
    origin: str | None = None

    @classmethod
    def of(cls, appended: AppendResult, origins: Origins) -> "Receipt":
        return cls(
            appended.stream,
            appended.version,
            appended.position,
            appended.recorded_at,
            appended.repeated,
            origins.name_at(appended.position),
        )


@dataclass(slots=True)
class UnitOfWork:
    """One run of a command: what it has loaded and what it will write."""

    ledger: "Ledger"
    context: CommandContext
    at: datetime
    fresh: bool
    locks: HeldLocks
    # Only to find out whether it would be taken: nothing stays of it.
    rehearsed: bool = False
    loaded: dict[UUID, Timeline[Any]] = field(default_factory=dict)
    from_cache: bool = False
    zone: ZoneInfo = LEDGER_ZONE
    # What the caller is appointed to today; None for an account that needs no appointment.
    appointments: tuple[Appointment, ...] | None = None
    # For which an official enters what is its to do.
    on_behalf_of: UUID | None = None
    # The stream of each `write`, in order.
    written_to: list[UUID] = field(default_factory=list)
    # Further idempotency keys, each answered with what was written to its stream.
    part_keys: list[tuple[Key, UUID]] = field(default_factory=list)
    # Files that are cited because this account uploaded them, photographs, and whose keys and which files go.
    cites: tuple[Citation, ...] = ()
    pictures: Pictures = field(default_factory=Pictures)
    erases: Erasing | None = None
    _writes: dict[UUID, list[tuple[Event, bytes]]] = field(default_factory=dict)
    _secondary: dict[UUID, list[tuple[Event, bytes]]] = field(default_factory=dict)
    _sealed: list[SealedRow] = field(default_factory=list)
    _passing: set[UUID] = field(default_factory=set)
    _salts: dict[UUID, bytes | None] = field(default_factory=dict)
    _numbers: dict[UUID, Numbering] = field(default_factory=dict)

    def writes_to(self, stream: UUID) -> int:
        """How many events are to be written to the stream so far."""
        return len(self._writes.get(stream, ()))

    def last_version(self, stream: UUID) -> int:
        """Of a loaded stream, with what is to be written to it so far."""
        return self.loaded[stream].version + self.writes_to(stream)

    def receipts(self, first: "Receipt") -> "dict[UUID, Receipt]":
        """The receipt of each stream that was written to, from that of the first. Within an append positions follow one
        another, and each event is a microsecond after the last."""
        found: dict[UUID, Receipt] = {}
        position = first.position - self.writes_to(first.id)
        for stream, events in self._writes.items():
            position += len(events)
            at = first.recorded_at + timedelta(microseconds=position - first.position)
            version = self.loaded[stream].version + len(events)
            found[stream] = Receipt(stream, version, position, at, origin=first.origin)
        return found

    @property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()

    @property
    def judged_on(self) -> date:
        """The day by which phases and deadlines are judged: a paper form's day of receipt, else today."""
        return self._effective_on() if self.context.scan else self.today

    @property
    def stated_on(self) -> date:
        """The day by which something that may be announced ahead is judged: the stated one when it is still to come,
        else today. So a second announcement sees the first."""
        return max(self.context.effective_on or self.today, self.today)

    async def load(self, aggregate: Aggregate[S], stream: UUID, day: date | None = None) -> S:
        """The state of a stream, which must then still be the same when the command is written: as in force today,
        unless another day is asked for."""
        return (await self.timeline(aggregate, stream)).in_force(day or self.today)

    async def timeline(self, aggregate: Aggregate[S], stream: UUID) -> Timeline[S]:
        if (known := self.loaded.get(stream)) is None:
            timeline = None if self.fresh else self.ledger.cached(stream)
            if timeline is None:
                events = (await self.ledger.store.streams([stream]))[stream]
                timeline = Timeline(aggregate, stream, events)
                # A stream that is not there yet may be there the next time somebody asks.
                if events and aggregate.holds(events):
                    self.ledger.cache(timeline)
            else:
                self.from_cache = True
            # A stream of another kind is no stream of this one; what is remembered of it stays what it is.
            if not aggregate.holds(timeline.events):
                timeline = Timeline(aggregate, stream, ())
            self.loaded[stream] = known = timeline
        return known if known.aggregate is aggregate else Timeline(aggregate, stream, ())

    async def load_many(self, aggregate: Aggregate[S], streams: Sequence[UUID]) -> list[Timeline[S]]:
        """Many streams in one query, in the order asked for. They pass through: what is only imported is not
        kept for later commands."""
        found = await self.ledger.store.streams(streams)
        for stream, events in found.items():
            self.loaded[stream] = Timeline(aggregate, stream, events)
        self._passing.update(found)
        self.ledger.forget(found)
        return [self.loaded[stream] for stream in streams]

    async def load_all(self, aggregate: Aggregate[Any], streams: Sequence[UUID]) -> None:
        """What is not remembered of these streams, in one query; `load` then finds them."""
        missing = [one for one in streams if one not in self.loaded and (self.fresh or not self.ledger.cached(one))]
        for stream, events in (await self.ledger.store.streams(missing)).items():
            of_this_kind = events if aggregate.holds(events) else ()
            self.loaded[stream] = timeline = Timeline(aggregate, stream, of_this_kind)
            if of_this_kind:
                self.ledger.cache(timeline)

    async def lock_stream(self, stream: UUID) -> None:
        """Locks a stream that is known only once others are loaded, until the command is done.
        Locked after any other, so that no two commands deadlock."""
        await self.locks.take(stream)

    def veiled(self, veil: Veil) -> UUID:
        """The id of a stream that is written to here, and is veiled if it is new."""
        self._salts[veil.stream] = veil.salt
        return veil.stream

    def unborn(self, aggregate: Aggregate[S], veil: Veil) -> UUID:
        """A stream under a new random id, which nobody can have written to."""
        stream = self.veiled(veil)
        self.loaded[stream] = Timeline(aggregate, stream, ())
        return stream

    async def last_number(self, register: UUID, former: UUID) -> int:
        """The last document number that a register gave out, which must still be so when the command is written.
        `former`: the register that it continues, until it gives out one itself."""
        if (taken := self._numbers.get(register)) is None:
            taken = Numbering(register, *await self.ledger.store.last_document_number(register))
            if not taken.number:
                taken = replace(taken, number=(await self.ledger.store.last_document_number(former))[1])
            self._numbers[register] = taken
        return taken.number

    def take_number(self, register: UUID, number: int) -> None:
        """Gives a number out when the command is written; see `last_number`."""
        self._numbers[register] = replace(self._numbers[register], number=number)

    def check_match(self, stream: UUID) -> None:
        """If-Match speaks of the stream that the command is about."""
        current, given = self.loaded[stream].version, self.context.if_match
        if given is not None and current not in given:
            raise VersionStale(current=current, given=given[0] if len(given) == 1 else ", ".join(map(str, given)))

    async def seal(self, value: V, subject: UUID, purpose: Purpose) -> Sealed[V]:
        sealed, row = await self.ledger.vault.seal(value, subject, purpose, keep=not self.rehearsed)
        self._sealed.append(row)
        return sealed

    async def open(self, commitments: Iterable[str], why: Why) -> dict[str, Any]:
        """Sealed values that the command itself needs, and who had them opened is on record. None when it is only
        rehearsed, as if they were erased."""
        if self.rehearsed:
            return {}
        who = self.context.who
        return await self.ledger.vault.open(commitments, Reading(who.id, who.role, why, self.ledger.clock()))

    def write(self, stream: UUID, fact: Fact, effective_on: date | None = None) -> None:
        """`effective_on` is for facts that carry their own day, such as an imported award."""
        self._writes.setdefault(stream, []).append(self._event(stream, fact, effective_on))
        self.written_to.append(stream)

    def write_secondary(self, stream: UUID, fact: Fact, effective_on: date | None = None) -> None:
        """A fact that accompanies the command's main one; the receipt names only the first `write`."""
        self._secondary.setdefault(stream, []).append(self._event(stream, fact, effective_on))

    def _event(self, stream: UUID, fact: Fact, effective_on: date | None) -> tuple[Event, bytes]:
        check_past(fact, self.today)
        who = self.context.who
        # One call for both: asking the system for randomness is a good part of what a write costs.
        random = secrets.token_bytes(48)
        salt, nonce = random[:32], random[32:].hex()
        event = Event(
            fact=fact,
            effective_on=effective_on or self._effective_on(fact),
            received_at=self.at,
            late_reason=self.context.late_reason,
            actor=Actor(
                role=who.role,
                body=who.body,
                account=account_commitment(salt, who.id).hex(),
                on_behalf_of=self.on_behalf_of,
            ),
            nonce=nonce,
        )
        return event, salt

    def _effective_on(self, fact: Fact | None = None) -> date:
        day = self.context.effective_on
        if day is None:
            return self.today
        if self.context.who.role not in STATES_ANOTHER_DAY:
            raise OtherDayNotAllowed()
        if not self.context.late_reason:
            raise ReasonMissing()
        self.check_day(day, may_be_ahead=fact is not None and fact.ahead)
        return day

    def check_day(self, day: date, *, may_be_ahead: bool) -> None:
        """Raises EffectiveInFuture, or TooFarAhead for what may be announced."""
        if day <= self.today:
            return
        if not may_be_ahead:
            raise EffectiveInFuture(effective_on=day.isoformat(), today=self.today.isoformat())
        last = years_after(self.today, YEARS_AHEAD)
        if day > last:
            raise TooFarAhead(effective_on=day.isoformat(), last=last.isoformat())

    async def check_citations(self) -> None:
        """A file is cited by who uploaded it, or where it is cited already: a digest may be public, and must open
        nobody else's file. Raises AttachmentNotUploaded, or what is wrong with a name that was not there before."""
        new: dict[str, Document] = {}
        names: list[Document] = []
        for stream, events in self._writes.items():
            if given := [document for event, _ in events for document in event.fact.named_files()]:
                there = {found for recorded in self.loaded[stream].events for found in recorded.fact.named_files()}
                names += [document for document in given if document not in there]
            if cited := [document for event, _ in events for document in event.fact.citations()]:
                known = {found.sha256 for recorded in self.loaded[stream].events for found in recorded.fact.citations()}
                new |= {document.sha256: document for document in cited if document.sha256 not in known}
        for document in names:
            check_name(document.name)
        if new:
            own = await uploaded_by(self.ledger.store.pool, self.context.who.id, new)
            for digest, document in new.items():
                if digest not in own:
                    raise AttachmentNotUploaded(name=document.name, sha256=digest)
            self.cites = tuple(Citation(self.context.who.id, digest, document.name) for digest, document in new.items())
        if names:
            stored = await find_files(self.ledger.store.pool, {document.sha256 for document in names})
            for document in names:
                if document.sha256 in stored:
                    check_ending(document.name, stored[document.sha256].media_type)

    def append(self, key: Key | None) -> Append:
        writes = tuple(
            Write(
                tuple(
                    MAPPER.to_stored_event(
                        NewEvent(
                            stream,
                            version,
                            event,
                            self.context.who.id,
                            salt,
                            self._replaced(stream, event.fact),
                            self._discloses(event.fact),
                            is_never_public(self.loaded[stream].events, event.fact),
                        )
                    )
                    for version, (event, salt) in enumerate(events, self.loaded[stream].version + 1)
                ),
                self._salts.get(stream),
            )
            for stream, events in self._all_writes()
        )
        written = {write.stream for write in writes}
        reads = tuple(Guard(stream, known.version) for stream, known in self.loaded.items() if stream not in written)
        facts = (event.fact for _, events in self._all_writes() for event, _ in events)
        uses = uses_of(self.ledger.limits, self.context.who, facts, self.at)
        numberings, parts, sealed = tuple(self._numbers.values()), tuple(self.part_keys), tuple(self._sealed)
        return Append(writes, reads, sealed, key, parts, numberings, self.cites, uses, self.pictures, self.erases)

    def _discloses(self, fact: Fact) -> bool:
        """Whether the stream of this fact is public from now on. What is about a project waits for it."""
        if fact.audience is not Audience.AT_ONCE:
            return False
        project = fact.waits_for()
        return project is None or bool(self.loaded[project].state.is_public)

    def _replaced(self, stream: UUID, fact: Fact) -> tuple[int, ...]:
        if not isinstance(fact, Redacted):
            return ()
        return tuple(self.loaded[stream].events[version - 1].position for version in versions_replaced(fact))

    def _all_writes(self) -> Iterable[tuple[UUID, list[tuple[Event, bytes]]]]:
        return chain(self._writes.items(), self._secondary.items())

    def remember(self, appended: AppendResult) -> None:
        """What was written extends what was loaded. Within an append each event is a microsecond after the last."""
        position = appended.positions.start
        for stream, events in self._all_writes():
            # Who founds a stream seldom goes on with it at once; a rush of founders pushed out what is in use.
            if stream in self._passing or not self.loaded[stream].version:
                position += len(events)
                continue
            if any(isinstance(event.fact, Redacted) for event, _ in events):
                # What is remembered holds the text that had to go.
                self.ledger.forget([stream])
                position += len(events)
                continue
            timeline, new = self.loaded[stream], []
            for version, (event, _) in enumerate(events, timeline.version + 1):
                at = appended.recorded_at + timedelta(microseconds=position - appended.position)
                new.append(Recorded(position, stream, version, at, event, self.context.who.id))
                position += 1
            self.ledger.cache(timeline.extended(new))
