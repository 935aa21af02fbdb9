"""Whose data is sealed, and all that is held about one subject, for the office; each look is on record."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from api.reading.visible import HistoryEvent, history_of
from ledger.access import check_role
from ledger.accounts import Account
from ledger.aggregates import SUBJECT
from ledger.core.envelope import Recorded
from ledger.core.fact import Instant
from ledger.core.history import state
from ledger.personal_data import find, held, keys_of
from ledger.sealed_reads import Reading, Why, note_read, sealed_reads
from ledger.subjects import ERASE, READ_SUBJECTS, FileToErase, SubjectFile
from ledger.transaction import Ledger
from ledger.values import Digest, Frozen, Line, Text
from ledger.vault import Purpose
from ledger.veils import Veiled
from projections.catalogue_queries import programmes
from projections.shown_event import ShownEvent

ACCOUNTS = """
SELECT id, role, body, label, created_at AS opened_at, closed_at FROM ledger.accounts
WHERE id = %s OR person = %s ORDER BY created_at
"""


class Match(Frozen):
    """In which fields of the values kept for a purpose the text was found; `identity_document`: the number by which
    somebody honoured is told apart, which is not stored."""

    purpose: Purpose
    fields: list[str]


class FoundSubject(Frozen):
    """`on_hold`: under a legal hold, so that nothing of it is erased."""

    subject: UUID
    matches: list[Match]
    on_hold: bool


class FoundSubjects(Frozen):
    found: list[FoundSubject]


class KeptPurpose(Frozen):
    """For what something is kept, since the first time that something was sealed for it, or until it was erased."""

    purpose: Purpose
    since: Instant
    erased_at: Instant | None


class HoldInForce(Frozen):
    """A legal hold, by its version in the subject's file."""

    version: int
    since: Instant
    authority: Line
    reason: Text


class WaitingProposal(Frozen):
    """What waits to be confirmed by somebody else than who proposed it. `yours`: you proposed it."""

    version: int
    proposed_at: Instant
    purposes: tuple[Purpose, ...]
    files: tuple[FileToErase, ...]
    authority: Line
    reason: Text
    yours: bool


class SubjectView(Frozen):
    """A subject's file; its events in the order of recording."""

    subject: UUID
    version: int
    purposes: list[KeptPurpose]
    holds: list[HoldInForce]
    proposal: WaitingProposal | None
    history: list[HistoryEvent]


class ReportedValue(Frozen):
    """`value`: null once it is erased. `stands_in`: the position of its event in `events`."""

    purpose: Purpose
    commitment: Digest
    value: dict[str, Any] | None
    stands_in: int | None


class ReportedAccount(Frozen):
    """An account of the subject, as somebody who was appointed."""

    id: UUID
    role: str
    body: str | None
    label: str
    opened_at: Instant
    closed_at: Instant | None


class ReportedRead(Frozen):
    """When any of it was opened before, in which role and why."""

    at: Instant
    role: str
    body: str | None
    why: Why
    reason: str | None


class SubjectReport(Frozen):
    """All that is held about a subject: the sealed values, the events in which they stand, accounts, and who took it
    out before."""

    subject: UUID
    made_at: Instant
    values: list[ReportedValue]
    events: list[ShownEvent]
    accounts: list[ReportedAccount]
    reads: list[ReportedRead]


async def find_subjects(ledger: Ledger, who: Account, text: str, reason: str) -> FoundSubjects:
    """Raises RoleMayNot, SearchTooShort. What was looked for goes into no log and no table."""
    check_role(who, READ_SUBJECTS)
    known = (await ledger.store.head()).size - 1
    async with ledger.store.pool.connection() as connection:
        codes = [row.code for row in await programmes(connection, known)]
    found = await find(ledger.store.pool, ledger.vault.master, text, codes)
    async with ledger.store.pool.connection() as connection:
        reading = Reading(who.id, who.role, Why.SEARCHED, ledger.clock(), reason, who.body)
        await note_read(connection, reading, found=len(found))
    files = {one.subject: (await _file(ledger, one.subject))[0] for one in found}
    return FoundSubjects(
        found=[
            FoundSubject(
                subject=one.subject,
                matches=[Match(purpose=purpose, fields=sorted(names)) for purpose, names in sorted(one.fields.items())],
                on_hold=bool(files[one.subject].holds),
            )
            for one in found
        ]
    )


async def show_subject(ledger: Ledger, who: Account, subject: UUID) -> SubjectView:
    """Raises RoleMayNot, SubjectUnknown."""
    check_role(who, ERASE)
    async with ledger.store.pool.connection() as connection:
        keys = await keys_of(connection, subject)
    file, events = await _file(ledger, subject)
    instants = {recorded.version: recorded.recorded_at for recorded in events}
    waiting = file.proposal
    return SubjectView(
        subject=subject,
        version=len(events),
        purposes=[
            KeptPurpose(purpose=Purpose(key.purpose), since=key.created_at, erased_at=key.erased_at) for key in keys
        ],
        holds=[
            HoldInForce(
                version=one.version,
                since=instants[one.version],
                authority=one.fact.authority,
                reason=one.fact.reason,
            )
            for one in file.holds
        ],
        proposal=None
        if waiting is None
        else WaitingProposal(
            version=waiting.recorded.version,
            proposed_at=waiting.recorded.recorded_at,
            purposes=waiting.fact.purposes,
            files=waiting.fact.files,
            authority=waiting.fact.authority,
            reason=waiting.fact.reason,
            yours=waiting.recorded.account == who.id,
        ),
        history=await history_of(ledger, who, events),
    )


async def report_subject(ledger: Ledger, who: Account, subject: UUID, reason: str) -> SubjectReport:
    """Raises RoleMayNot, SubjectUnknown."""
    check_role(who, READ_SUBJECTS)
    now = ledger.clock()
    async with ledger.store.pool.connection() as connection:
        await keys_of(connection, subject)
        values = await held(connection, ledger.vault.master, subject)
        reads = await sealed_reads(connection, None, subject=subject)
        reading = Reading(who.id, who.role, Why.REPORTED, now, reason, who.body)
        await note_read(connection, reading, [bytes.fromhex(one.commitment) for one in values], subject=subject)
        async with connection.cursor(row_factory=class_row(ReportedAccount)) as cursor:
            accounts = await (await cursor.execute(ACCOUNTS, [subject, subject])).fetchall()
    places = sorted({one.position for one in values if one.position is not None})
    events = [recorded for place in places for recorded in await ledger.store.range(place, place + 1)]
    return SubjectReport(
        subject=subject,
        made_at=now,
        values=[
            ReportedValue(purpose=one.purpose, commitment=one.commitment, value=one.value, stands_in=one.position)
            for one in values
        ],
        events=[ShownEvent.of(recorded) for recorded in events],
        accounts=accounts,
        reads=[
            ReportedRead(at=one.read_at, role=one.role, body=one.body, why=Why(one.why), reason=one.reason)
            for one in reversed(reads)
        ],
    )


async def _file(ledger: Ledger, subject: UUID) -> tuple[SubjectFile, Sequence[Recorded]]:
    stream = await ledger.veils.stream(Veiled.SUBJECT, subject)
    events = (await ledger.store.streams([stream]))[stream]
    return state(SUBJECT, stream, events), events
