"""Stored events that come through the library's interface: what the log's check would find wrong with them later is
refused here."""

from collections.abc import Sequence
from uuid import UUID

from eventsourcing.persistence import DataError, IntegrityError, StoredEvent

from ledger.core.envelope import Event, Redacted
from ledger.core.fact import account_commitment
from ledger.core.upcasting import ShapeUnknown
from ledger.store.append import Append, Write
from ledger.store.mapper import MAPPER
from ledger.store.stored import StoredFact

SALT_BYTES = 32
LARGEST_VERSION = 2**31 - 1


def append_of(stored_events: Sequence[StoredEvent]) -> Append:
    """All of them, in their order. Raises DataError for what is no event of the ledger, IntegrityError for versions
    that do not follow."""
    writes = tuple(Write((_checked(event),)) for event in stored_events)
    try:
        return Append(writes)
    except ValueError as error:
        raise IntegrityError("versions within a stream are contiguous") from error


def stream_of(originator_id: object) -> UUID:
    try:
        return originator_id if isinstance(originator_id, UUID) else UUID(str(originator_id))
    except ValueError as error:
        raise DataError("an originator's id is a UUID") from error


def _checked(stored: StoredEvent) -> StoredFact:
    """Without what it would change elsewhere: only the ledger's own commands say that."""
    if not isinstance(stored, StoredEvent):
        raise DataError(f"a stored event is expected, not {type(stored).__name__}")
    stream, version = stream_of(stored.originator_id), stored.originator_version
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= LARGEST_VERSION:
        raise DataError(f"a version is a whole number from 1 to {LARGEST_VERSION}")
    event = _event(stored)
    account = stored.account if isinstance(stored, StoredFact) else None
    salt = stored.account_salt if isinstance(stored, StoredFact) else None
    if not isinstance(account, UUID) or not isinstance(salt, bytes) or len(salt) != SALT_BYTES:
        raise DataError(f"an event comes with the account that acted and the {SALT_BYTES} bytes of its salt")
    if account_commitment(salt, account).hex() != event.actor.account:
        raise DataError("the account is not the one that the event's actor commits to")
    return StoredFact(stream, version, stored.topic, stored.state, account, salt)


def _event(stored: StoredEvent) -> Event:
    if not isinstance(stored.state, bytes):
        raise DataError("a state is bytes")
    try:
        event = MAPPER.transcoder.decode(stored.state)
    except (ValueError, ShapeUnknown) as error:
        raise DataError("the state is no event of a shape that this program knows") from error
    if stored.topic != event.fact.type:
        raise DataError(f"the topic of this event is {event.fact.type}")
    if isinstance(event.fact, Redacted):
        raise DataError("redactions are commands of the ledger: they also change what is read elsewhere")
    return event
