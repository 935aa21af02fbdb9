"""Deciding a batch of appends as if they had come one by one.

Pure: the head, the versions and the keys that were read under the lock come in; answers and rows come out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from ledger.refusals.storage import ClockBehind, KeyReused
from ledger.store.append import Answer, Append, AppendResult, Key, SealedRow, VersionConflict
from ledger.store.conditions import Conditions
from ledger.transparency import leaves

MICROSECOND = timedelta(microseconds=1)
CLOCK_TOLERANCE = timedelta(seconds=5)
# A sealed value as a payload has it.
COMMITMENT = re.compile(rb'"commitment":"([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Head:
    size: int
    last_recorded_at: datetime


@dataclass(slots=True)
class Streams:
    """What is known of the streams and registers that a batch names. Updated as its appends are decided."""

    versions: dict[UUID, int]
    salts: dict[UUID, bytes] = field(default_factory=dict)
    disclosed: set[UUID] = field(default_factory=set)
    numbers: dict[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What an idempotency key was answered with."""

    request_sha256: bytes
    appended: AppendResult


@dataclass(slots=True)
class Rows:
    """Columns of what a batch inserts, one list a column."""

    positions: list[int] = field(default_factory=list)
    recorded: list[datetime] = field(default_factory=list)
    streams: list[UUID] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)
    accounts: list[UUID | None] = field(default_factory=list)
    salts: list[bytes | None] = field(default_factory=list)
    keys: list[tuple[Key, int, datetime]] = field(default_factory=list)
    redactions: list[tuple[int, int]] = field(default_factory=list)
    veils: list[tuple[UUID, bytes]] = field(default_factory=list)
    disclosures: list[tuple[UUID, int]] = field(default_factory=list)
    withheld: list[int] = field(default_factory=list)
    numbers: dict[UUID, int] = field(default_factory=dict)
    # With the position of the event in which each value stands first.
    sealed: list[tuple[SealedRow, int | None]] = field(default_factory=list)


@dataclass(slots=True)
class Decided:
    answers: list[Answer]
    accepted: list[Append]
    rows: Rows
    head: Head


def answer_for_key(key: Key, known: KnownKey) -> Answer:
    return known.appended if known.request_sha256 == key.request_sha256 else KeyReused()


def decide(
    appends: Sequence[Append],
    head: Head,
    now: datetime,
    streams: Streams,
    keys: dict[tuple[UUID, str], KnownKey],
    behind_accepted: bool = False,
    conditions: Conditions | None = None,
) -> Decided:
    """Answers in order of arrival. `streams` and `keys` are as read under the lock; both are updated.

    `recorded_at` is strictly increasing: the clock, or a microsecond after the last event. A clock more than
    five seconds behind the last event refuses everything, because papering over it would forge times; unless an
    operator has accepted it (`behind_accepted`).
    """
    conditions = conditions or Conditions()
    decided = Decided([], [], Rows(), head)
    rows = decided.rows
    size, last = head.size, head.last_recorded_at
    if now < last - CLOCK_TOLERANCE and not behind_accepted:
        behind = ceil((last - now).total_seconds())
        wait = behind - int(CLOCK_TOLERANCE.total_seconds())
        decided.answers = [ClockBehind(seconds=behind, retry_after=max(wait, 1)) for _ in appends]
        return decided
    for append in appends:
        if answer := _answered(append, keys):
            decided.answers.append(answer)
            continue
        if conflict := _conflict(append, streams):
            decided.answers.append(conflict)
            continue
        first = size
        if refusal := conditions.refusal(append):
            decided.answers.append(refusal)
            continue
        conditions.count(append)
        ends: dict[UUID, tuple[int, datetime]] = {}
        cited: dict[bytes, int] = {}
        for write in append.writes:
            stream = write.stream
            if write.salt is not None and write.events[0].originator_version == 1:
                streams.salts[stream] = write.salt
                rows.veils.append((stream, write.salt))
            salt = streams.salts.get(stream)
            for event in write.events:
                last = max(now, last + MICROSECOND)
                version = event.originator_version
                rows.positions.append(size)
                rows.recorded.append(last)
                rows.streams.append(stream)
                rows.versions.append(version)
                rows.digests.append(event.sha256)
                entry = leaves.entry(size, stream, version, last, event.sha256, salt)
                rows.leaves.append(leaves.leaf_hash(entry))
                rows.payloads.append(event.state)
                rows.accounts.append(event.account)
                rows.salts.append(event.account_salt)
                rows.redactions.extend((replaced, size) for replaced in event.replaces)
                if event.discloses and salt is not None and stream not in streams.disclosed:
                    streams.disclosed.add(stream)
                    rows.disclosures.append((stream, size))
                if event.withheld and salt is not None:
                    rows.withheld.append(size)
                if append.sealed:
                    cited |= dict.fromkeys(set(COMMITMENT.findall(event.state)) - cited.keys(), size)
                size += 1
            streams.versions[stream] = write.events[-1].originator_version
            ends[stream] = size - 1, last
        for numbering in append.numberings:
            if numbering.number == numbering.expected:
                continue
            streams.numbers[numbering.register] = rows.numbers[numbering.register] = numbering.number
        rows.sealed.extend((row, cited.get(row.commitment.hex().encode())) for row in append.sealed)
        position, recorded_at = ends[append.writes[0].stream]
        appended = AppendResult(
            append.writes[0].stream,
            streams.versions[append.writes[0].stream],
            position,
            recorded_at,
            range(first, size),
        )
        decided.answers.append(appended)
        decided.accepted.append(append)
        for key, stream in append.keys:
            position, recorded_at = ends[stream]
            again = AppendResult(
                stream, streams.versions[stream], position, recorded_at, range(position, position + 1), True
            )
            keys[key.account, key.key] = KnownKey(key.request_sha256, again)
            rows.keys.append((key, position, recorded_at))
    decided.head = Head(size, last)
    return decided


def _conflict(append: Append, streams: Streams) -> VersionConflict | None:
    for write in {write.stream: write for write in reversed(append.writes)}.values():
        if (current := streams.versions[write.stream]) != write.expected:
            return VersionConflict(write.stream, write.expected, current)
    for guard in append.reads:
        if (current := streams.versions[guard.stream]) != guard.version:
            return VersionConflict(guard.stream, guard.version, current)
    for numbering in append.numberings:
        if (current := streams.numbers.get(numbering.register, 0)) != numbering.expected:
            return VersionConflict(numbering.register, numbering.expected, current)
    return None


def _answered(append: Append, keys: dict[tuple[UUID, str], KnownKey]) -> Answer | None:
    for key, _ in append.keys:
        if known := keys.get((key.account, key.key)):
            return answer_for_key(key, known)
    return None
