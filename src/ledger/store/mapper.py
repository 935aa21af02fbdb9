"""The one way from a fact to its stored bytes and back: the library's Mapper with the ledger's encoding."""

from dataclasses import dataclass
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import DataError, Mapper, StoredEvent, Transcoder

from ledger.core.envelope import Event, Recorded, decode, encode
from ledger.refusals.storage import PayloadUnreadable
from ledger.store.stored import FactNotification, StoredFact


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that has no position yet. `account` acted, and `account_salt` is that of the commitment in its actor
    (`ledger.core.fact.account_commitment`); both stand outside the payload. The rest: see StoredFact."""

    originator_id: UUID
    originator_version: int
    event: Event
    account: UUID
    account_salt: bytes
    replaces: tuple[int, ...] = ()
    discloses: bool = False
    withheld: bool = False


class FactTranscoder(Transcoder):
    """An event to its payload, byte for byte as it is hashed and served, and back from a payload of any shape."""

    def encode(self, obj: Event) -> bytes:
        return encode(obj)

    def decode(self, data: bytes) -> Event:
        return decode(data)


class FactMapper(Mapper[UUID]):
    """A NewEvent to a StoredFact, and a FactNotification to a Recorded. The topic is the fact's stable name, never a
    module path. There is neither a compressor nor a cipher: outsiders check the stored bytes against the log."""

    transcoder: FactTranscoder

    def __init__(self) -> None:
        super().__init__(FactTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredFact:
        if not isinstance(domain_event, NewEvent):
            raise DataError(f"a NewEvent is stored, not a {type(domain_event).__name__}")
        return StoredFact(
            domain_event.originator_id,
            domain_event.originator_version,
            domain_event.event.fact.type,
            encode(domain_event.event),
            domain_event.account,
            domain_event.account_salt,
            domain_event.replaces,
            domain_event.discloses,
            domain_event.withheld,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded:
        """Raises PayloadUnreadable or ShapeUnknown."""
        if not isinstance(stored_event, FactNotification):
            raise DataError("only what the ledger's recorder has read has a place in the ledger")
        position = stored_event.id - 1
        try:
            event = decode(stored_event.state)
        except ValueError:
            # Without the error itself, whose words quote what is stored.
            raise PayloadUnreadable(position=position) from None
        return Recorded(
            position,
            stored_event.originator_id,
            stored_event.originator_version,
            stored_event.recorded_at,
            event,
            stored_event.account,
            stored_event.redaction,
        )


MAPPER = FactMapper()
