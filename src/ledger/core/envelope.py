"""What is stored: an event is who, when, and one fact. Corrections are facts about other events.

Facts have stable names and no default values, so that editing a class never edits history. Each declares its
audience and its correction; a value for fewer eyes than its fact is `Sealed`. One golden stored example of each
stays in tests/golden for ever. Events of an older shape are read through `upcasting.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar
from uuid import UUID

from ledger.core.correctable import CorrectionRule
from ledger.core.fact import Audience, Audit, Fact, Instant, Limited, Nonce, Role, Version
from ledger.core.upcasting import SHAPE, upcast
from ledger.core.words import Teller, Words
from ledger.values import CivilDate, Digest, Document, Frozen, Label, Line, Text

F = TypeVar("F", bound=Fact)
_CORRECTION = CorrectionRule(restate=Words("更正请先作废再重述。", "void a correction, then restate its target."))


class Voided(
    Fact, audience=Audience.AS_TARGET, correction=_CORRECTION, named=Words("作废", "void"), audit=Audit.EXAMINED
):
    """The event at version `target` of this stream was a mistake and counts as if it had not been."""

    sentence: ClassVar[Words] = Words("作废{target}：{reason}", "Voided {target}: {reason}")

    type: Literal["Voided"] = "Voided"
    target: Version
    reason: Text

    def ruled_by(self) -> int:
        return self.target


class Restated(
    Fact, audience=Audience.AS_TARGET, correction=_CORRECTION, named=Words("更正", "restatement"), audit=Audit.EXAMINED
):
    """The event at version `target` of this stream should have read so, and been effective on that day."""

    sentence: ClassVar[Words] = Words(
        "更正{target}（{reason}）。应为：{sentence} 生效日期：{day}。",
        "Corrected {target} ({reason}). It should read: {sentence} In force since {day}.",
    )

    type: Literal["Restated"] = "Restated"
    target: Version
    restated_on: CivilDate
    fact: "AnyFact"
    reason: Text

    def named_files(self) -> tuple[Document, ...]:
        return self.fact.named_files()

    def citations(self) -> tuple[Document, ...]:
        return self.fact.citations()

    def past_days(self) -> Iterator[tuple[str, date]]:
        return self.fact.past_days()

    @property
    def counts_as(self) -> Limited | None:
        return self.fact.daily

    def named_versions(self) -> Iterator[int]:
        yield self.target
        yield from self.fact.named_versions()

    def ruled_by(self) -> int:
        return self.target

    def told(self, tell: Teller) -> str:
        sentence = self.fact.told(tell)
        return tell.say(
            self.sentence, target=tell.cited(self.target), reason=self.reason, sentence=sentence, day=self.restated_on
        )


class Redacted(
    Fact,
    audience=Audience.AS_TARGET,
    correction=CorrectionRule(
        void=Words("已删除的文字不能恢复。", "what was redacted stays so."),
        restate=Words("请重述被删除文字的事件。", "restate the event that a text was taken out of."),
    ),
    named=Words("文字删除", "redaction"),
    audit=Audit.EXAMINED,
):
    """In the event at version `target` of this stream a text had to go: `replacement` is read instead of it, at every
    date. `authority`: the rule or the decision that asks for it."""

    sentence: ClassVar[Words] = Words(
        "删除{target}中的文字（依据：{authority}）：{reason}",
        "Took words out of {target} ({authority}): {reason}",
    )

    type: Literal["Redacted"] = "Redacted"
    target: Version
    replacement: "Replacement"
    reason: Text
    authority: Label

    def ruled_by(self) -> int:
        return self.target


if TYPE_CHECKING:
    AnyFact = Fact


class Actor(Frozen):
    """Who acted: the role, the body acted for, and a salted commitment of the account (its id and salt
    are stored outside the payload, so that they can be shown to an auditor and not to the public). `on_behalf_of`: the
    organisation for which an official entered what is the organisation's to do; events of shape 1 did not say."""

    role: Role
    body: Line | None
    account: Digest
    on_behalf_of: UUID | Literal["not_recorded"] | None


class Replacement(Frozen):
    """An event as it is to be read: all but the nonce, with which the old digest could be asked for a guess."""

    fact: "AnyFact"
    effective_on: CivilDate
    received_at: Instant
    late_reason: Text | None
    actor: Actor


class Event(Frozen):
    """What is stored. `received_at` is the service's clock when the command came; deadlines are judged by it.
    `effective_on` is the civil date since when the fact was so in the world; `late_reason` says why another
    day than that of receipt was stated. `nonce` makes the payload's digest say nothing about its content. `shape`
    comes first, so that an event of this shape is known by its first bytes."""

    shape: Literal[6] = 6
    fact: "AnyFact"
    effective_on: CivilDate
    received_at: Instant
    late_reason: Text | None
    actor: Actor
    nonce: Nonce


@dataclass(frozen=True, slots=True)
class Redaction:
    """That an event is read in other words: the position of the `Redacted` that says so, and why."""

    by: int
    reason: str
    authority: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in its place: position in the ledger from 0, version in its stream from 1. `account` acted; it is
    stored outside the payload, for separation of duties and for auditors, not shown to others. With a `redaction`,
    `event` is what is read instead of what was said first."""

    position: int
    stream: UUID
    version: int
    recorded_at: datetime
    event: Event
    account: UUID | None = None
    redaction: Redaction | None = None

    @property
    def fact(self) -> Fact:
        return self.event.fact

    # As the event-sourcing library calls them, so that its projections take these objects.
    @property
    def originator_id(self) -> UUID:
        return self.stream

    @property
    def originator_version(self) -> int:
        return self.version

    def said(self, kind: type[F]) -> F:
        """The fact, where it can only be of this kind."""
        fact = self.event.fact
        assert isinstance(fact, kind)
        return fact


_NEWEST = f'{{"shape":{SHAPE},'.encode()


def encode(event: Event) -> bytes:
    """The payload: the bytes that are stored, hashed and served."""
    return event.__pydantic_serializer__.to_json(event)


def decode(payload: bytes) -> Event:
    """The event as the newest shape has it. Raises ShapeUnknown for one that this program is too old for."""
    return Event.model_validate_json(payload if payload.startswith(_NEWEST) else upcast(payload))
