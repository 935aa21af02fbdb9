"""Events as the store keeps them: the library's StoredEvent and Notification, with what the ledger adds to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Notification, StoredEvent

from ledger.core.envelope import Redaction, decode, encode
from ledger.core.redacted import instead
from ledger.refusals.storage import PayloadDiffers, PayloadUnreadable

# The shape and the fact's type come first in every payload. The first shape carried no number.
_BEGINNING = re.compile(rb'\{(?:"shape":\d+,)?"fact":\{"type":"(\w+)"')


# The two classes fill their dictionaries themselves: the constructor of a frozen dataclass sets field by field, which
# takes three times as long, for each event that is written or read.


@dataclass(frozen=True, init=False)
class StoredFact(StoredEvent):
    """An event to be written; its state is the payload. `account` acted, which the commitment in the payload hides.
    `replaces`: the positions that are read out of this event from now on, because it redacts them. `discloses`: the
    stream is public from now on; `withheld`: outsiders never read this event, also when its stream is public."""

    originator_id: UUID
    account: UUID | None
    account_salt: bytes | None
    replaces: tuple[int, ...]
    discloses: bool
    withheld: bool
    sha256: bytes = field(init=False)

    def __init__(
        self,
        originator_id: UUID,
        originator_version: int,
        topic: str,
        state: bytes,
        account: UUID | None = None,
        account_salt: bytes | None = None,
        replaces: tuple[int, ...] = (),
        discloses: bool = False,
        withheld: bool = False,
    ) -> None:
        self.__dict__.update(
            originator_id=originator_id,
            originator_version=originator_version,
            topic=topic,
            state=state,
            account=account,
            account_salt=account_salt,
            replaces=replaces,
            discloses=discloses,
            withheld=withheld,
            # Here, because the batch is decided while the head is locked.
            sha256=sha256(state).digest(),
        )


class FactNotification(Notification):
    """An event as it is read: of a redacted one, topic and state are those of its replacement. Its id is the position
    and one, because the library's subscriptions never deliver an id 0."""

    originator_id: UUID
    recorded_at: datetime
    account: UUID | None
    redaction: Redaction | None

    def __init__(
        self,
        originator_id: UUID,
        originator_version: int,
        state: bytes,
        id: int,
        recorded_at: datetime,
        account: UUID | None,
        redaction: Redaction | None,
    ) -> None:
        self.__dict__.update(
            originator_id=originator_id,
            originator_version=originator_version,
            state=state,
            id=id,
            recorded_at=recorded_at,
            account=account,
            redaction=redaction,
        )

    @cached_property
    def topic(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        # Only the library asks for it.
        return topic_of(self.state)


def topic_of(state: bytes) -> str:
    """The stable name of the fact; empty for bytes that are no event."""
    found = _BEGINNING.match(state)
    return found[1].decode() if found else ""


def notification(row: Sequence[Any]) -> FactNotification:
    """Of a row of READ_STREAMS or READ_POSITIONS; a redacted event comes with the payload that redacts it. Raises
    PayloadDiffers, PayloadUnreadable or ShapeUnknown."""
    stream, version, position, recorded_at, state, account, redacted_by, digest = row
    stored_at = position if redacted_by is None else redacted_by
    if state is None:
        raise PayloadUnreadable(position=stored_at)
    if sha256(state).digest() != digest:
        raise PayloadDiffers(position=stored_at)
    redaction = None
    if redacted_by is not None:
        try:
            read, redaction = instead(decode(state), version, redacted_by)
        except (ValueError, LookupError):
            # Without the error itself, whose words quote what is stored.
            raise PayloadUnreadable(position=stored_at) from None
        state = encode(read)
    return FactNotification(stream, version, state, position + 1, recorded_at, account, redaction)
