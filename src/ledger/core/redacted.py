"""What is read instead of a redacted event.

A `Redacted` names an event of its own stream and holds what is read in its place. When that is redacted again, the
newer one replaces the older `Redacted`, and with it what that one holds: so each text stands in one payload only, the
newest, and the bytes of all others can go.
"""

from typing import Any

from ledger.core.envelope import Event, Redacted, Redaction, Replacement


def instead(by: Event, version: int, position: int) -> tuple[Event, Redaction]:
    """The event at `version` of the stream as its newest redaction has it: `by`, at `position`. Its nonce is that of
    the redaction: the old one, with the old digest, would let anybody try guesses at the text that is gone."""
    newest = held = _redacted(by)
    while held.target != version:
        held = _redacted(held.replacement)
    event = Event(**_parts(held.replacement), nonce=by.nonce)
    return event, Redaction(position, newest.reason, newest.authority)


def versions_replaced(fact: Redacted) -> list[int]:
    """The versions that are read out of this redaction from now on."""
    versions = [fact.target]
    while isinstance(inner := fact.replacement.fact, Redacted):
        fact = inner
        versions.append(fact.target)
    return versions


def replacement_of(event: Event | Replacement, **changes: object) -> Replacement:
    return Replacement.model_validate(_parts(event) | changes)


def within(by: Event | Replacement, version: int, other: Replacement) -> Replacement:
    """What the redaction `by` says, with another replacement of the event at `version`."""
    fact = _redacted(by)
    inner = other if fact.target == version else within(fact.replacement, version, other)
    return replacement_of(by, fact=fact.model_copy(update={"replacement": inner}))


def _redacted(event: Event | Replacement) -> Redacted:
    if not isinstance(event.fact, Redacted):
        raise LookupError("this event redacts nothing, or not what was asked for")
    return event.fact


def _parts(event: Event | Replacement) -> dict[str, Any]:
    return {name: getattr(event, name) for name in Replacement.model_fields}
