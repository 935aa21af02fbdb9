"""The sample frame: those who can be drawn, or the occasions of an anonymous audience, and the draw that anybody can
recompute (N17). A stream of its own.

How it is drawn, and how an organisation makes the entries, is described in docs/sampling.md.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import OFFICE, Action
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Count, Fact
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.rules import SamplingRule
from ledger.values import CivilDate, Digest, Frozen, Label, Line

DRAW_SAMPLE = Action("draw_sample", OFFICE, Words("抽样", "draw a sample"))


class SamplingFact(Fact, abstract=True):
    @abstractmethod
    def fold(self, frame: Frame, recorded: Recorded) -> Frame: ...


class FrameUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "项目 {project} 尚未登记抽样框。", "The project {project} has no sample frame."


class FrameUnordered(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "抽样框各项须按升序排列，且不得重复。",
        "The entries of a frame stand in ascending order, each once.",
    )


class FrameTooLarge(Refusal):
    kind = Kind.CONFLICT
    zh = "抽样框有 {size} 项，多于最近一次报送的服务人数 {people_served}。"
    en = "The frame has {size} entries, more than the {people_served} people served by the newest report."


class FrameFixed(Refusal):
    kind = Kind.CONFLICT
    zh = "抽样框自随机数公布日 {announced_on} 起不能再改。"
    en = "The frame cannot change from {announced_on} on, the day of its random value."


class AnnouncementNotAhead(Refusal):
    kind = Kind.INVALID
    zh = "随机数公布日 {announced_on} 须晚于今日 {today}。"
    en = "The random value is announced after today, {today}, not on {announced_on}."


class SourceDiffers(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "抽样框指定的随机数来源是 {expected}，不是 {got}。",
        "The frame names the source {expected}, not {got}.",
    )


class ValueNotKnownYet(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "随机数于 {announced_on} 公布，今日为 {today}。",
        "The random value is announced on {announced_on}; today is {today}.",
    )


class SampleAlreadyDrawn(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此项目的样本已经抽取。", "The sample of this project has been drawn already."


class OccasionPast(Refusal):
    kind = Kind.CONFLICT
    zh = "场次“{name}”不晚于抽样日 {today}；只抽取尚未举行的场次，请另报场次表。"
    en = "{name} is not after the day of the draw, {today}; what is drawn is still to come. Register another list."


class FrameRegistered(
    SamplingFact,
    audience=Audience.AT_ONCE,
    correction=never(
        "抽样值公布之前可另报名册取代之，其后不再更改。",
        "until the random value is known another frame takes its place; then it stays as it is.",
    ),
    named=Words("抽样框登记", "sampling frame"),
    audit=Audit.OWN_ACT,
):
    """N17: those who can be drawn, one salted commitment each, in ascending order; kept in a stream of its own.

    `digest` is the SHA-256 of the entries, each followed by a line feed. `source` names the public random value that
    will be published on `announced_on`, after this: a lottery draw, a beacon. `share` is in percent, `least` the
    smallest number that is drawn if there are so many."""

    sentence: ClassVar[Words] = Words(
        "登记抽样名册，共 {count} 条，随机数来源：{source}。",
        "Registered the frame to draw from, {count} entries; the random value: {source}.",
    )

    type: Literal["FrameRegistered"] = "FrameRegistered"
    project: UUID
    entries: tuple[Digest, ...] = Field(min_length=1, max_length=10_000)
    digest: Digest
    people_served: Count
    source: Line
    announced_on: CivilDate
    share: Annotated[int, Field(ge=1, le=100)]
    least: Count

    @property
    def covers(self) -> int:
        """How many people can be asked if all are drawn."""
        return len(self.entries)

    def fold(self, frame: Frame, recorded: Recorded) -> Frame:
        return replace(frame, registered=self)

    def project_in(self, stream: UUID) -> UUID:
        return self.project

    def waits_for(self) -> UUID:
        return self.project

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, count=tell.number(len(self.entries)), source=self.source)


class Occasion(Frozen):
    """An occasion 场次 or site 站点 at which people come who give no name. `entry` is what is drawn: see entry_of."""

    entry: Digest
    name: Label
    on: CivilDate
    place: Label
    expected: Annotated[Count, Field(ge=1)]


class OccasionsRegistered(
    SamplingFact,
    audience=Audience.AT_ONCE,
    correction=never(
        "抽样值公布之前可另报场次表取代之，其后不再更改。",
        "until the random value is known another list takes its place; then it stays as it is.",
    ),
    named=Words("场次登记", "list of occasions"),
    audit=Audit.OWN_ACT,
):
    """N17, for anonymous audiences: the occasions to come, in ascending order of their entries, each drawn before it
    takes place. The other fields are those of a frame of people."""

    sentence: ClassVar[Words] = Words(
        "登记抽样场次 {count} 场，预计到场 {expected} 人，随机数来源：{source}。",
        "Registered {count} occasions to draw from, {expected} people expected; the random value: {source}.",
    )

    type: Literal["OccasionsRegistered"] = "OccasionsRegistered"
    project: UUID
    occasions: tuple[Occasion, ...] = Field(min_length=1, max_length=1_000)
    digest: Digest
    people_served: Count
    source: Line
    announced_on: CivilDate
    share: Annotated[int, Field(ge=1, le=100)]
    least: Count

    @property
    def entries(self) -> tuple[str, ...]:
        return tuple(occasion.entry for occasion in self.occasions)

    @property
    def covers(self) -> int:
        return sum(occasion.expected for occasion in self.occasions)

    def fold(self, frame: Frame, recorded: Recorded) -> Frame:
        return replace(frame, registered=self)

    def project_in(self, stream: UUID) -> UUID:
        return self.project

    def waits_for(self) -> UUID:
        return self.project

    def told(self, tell: Teller) -> str:
        count, expected = tell.number(len(self.occasions)), tell.number(self.covers)
        return tell.say(self.sentence, count=count, expected=expected, source=self.source)


class OccasionHeld(
    SamplingFact,
    audience=Audience.AT_ONCE,
    correction=never(
        "到场人数当场清点，每人一号；不再更改。",
        "those present were counted on the spot, and each got a number; it stays as it is.",
    ),
    named=Words("场次到场人数", "attendance of a drawn occasion"),
    audit=Audit.REGULAR,
):
    """N17: a drawn occasion took place, with so many people present, each of whom got a number and may answer once."""

    sentence: ClassVar[Words] = Words("场次“{name}”到场 {present} 人。", "{name} took place with {present} present.")

    type: Literal["OccasionHeld"] = "OccasionHeld"
    project: UUID
    entry: Digest
    name: Label
    present: Annotated[Count, Field(ge=1)]

    def fold(self, frame: Frame, recorded: Recorded) -> Frame:
        return replace(frame, held=frame.held | {self.entry: self.present})

    def waits_for(self) -> UUID:
        return self.project

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, name=self.name, present=tell.number(self.present))


class SampleDrawn(
    SamplingFact,
    audience=Audience.AT_ONCE,
    correction=never("抽样人人可复算，不能更改。", "anybody can recompute the draw; it stays as it is."),
    named=Words("抽样", "draw of the sample"),
    audit=Audit.REGULAR,
):
    """N17: seed = SHA-256 of the frame's digest (its 64 hexadecimal digits) and `value` in UTF-8; the entries with the
    lowest SHA-256 of seed and entry (64 hexadecimal digits each) are drawn, in that order."""

    sentence: ClassVar[Words] = Words(
        "抽取样本 {count} 条，随机数 {value}。", "Drew {count} entries by the value {value}."
    )

    type: Literal["SampleDrawn"] = "SampleDrawn"
    project: UUID
    value: Line
    seed: Digest
    drawn: tuple[Digest, ...] = Field(min_length=1, max_length=10_000)

    def fold(self, frame: Frame, recorded: Recorded) -> Frame:
        return replace(frame, sample=self)

    def waits_for(self) -> UUID:
        return self.project

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, count=tell.number(len(self.drawn)), value=self.value)


@dataclass(frozen=True, slots=True)
class Frame:
    """`held`: how many were present, by the entry of the drawn occasion."""

    id: UUID
    registered: FrameRegistered | OccasionsRegistered | None = None
    sample: SampleDrawn | None = None
    held: dict[str, int] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return self.registered.covers if self.registered else 0

    @property
    def occasions(self) -> dict[str, Occasion]:
        """By their entries; empty where people are drawn."""
        listed = self.registered.occasions if isinstance(self.registered, OccasionsRegistered) else ()
        return {occasion.entry: occasion for occasion in listed}

    @property
    def invited(self) -> int:
        """How many could answer: those who were drawn, or were present at what was drawn."""
        drawn = self.sample.drawn if self.sample else ()
        return sum(self.held.get(entry, 0) for entry in drawn) if self.occasions else len(drawn)


def register(
    frame: Frame,
    entries: tuple[str, ...],
    *,
    project: UUID,
    people_served: int,
    source: str,
    announced_on: date,
    sampling: SamplingRule,
    today: date,
) -> FrameRegistered:
    """Before the random value is known; until then another frame may take its place. A frame that is smaller than
    the people served is recorded with both numbers, a larger one is refused."""
    if frame.registered and today >= frame.registered.announced_on:
        raise FrameFixed(announced_on=frame.registered.announced_on.isoformat())
    if any(first >= second for first, second in pairwise(entries)):
        raise FrameUnordered()
    if len(entries) > people_served:
        raise FrameTooLarge(size=len(entries), people_served=people_served)
    if announced_on <= today:
        raise AnnouncementNotAhead(announced_on=announced_on.isoformat(), today=today.isoformat())
    return FrameRegistered(
        project=project,
        entries=entries,
        digest=digest_of(entries),
        people_served=people_served,
        source=source,
        announced_on=announced_on,
        share=sampling.share,
        least=sampling.least,
    )


def draw_sample(frame: Frame, *, project: UUID, source: str, value: str, today: date) -> SampleDrawn:
    registered = frame.registered
    if registered is None:
        raise FrameUnknown(project=project)
    if frame.sample:
        raise SampleAlreadyDrawn()
    if source != registered.source:
        raise SourceDiffers(expected=registered.source, got=source)
    if today < registered.announced_on:
        raise ValueNotKnownYet(announced_on=registered.announced_on.isoformat(), today=today.isoformat())
    if past := [occasion.name for occasion in frame.occasions.values() if occasion.on <= today]:
        raise OccasionPast(name=past[0], today=today.isoformat())
    seed = seed_of(registered.digest, value)
    drawn = draw(seed, registered.entries, share=registered.share, least=registered.least)
    return SampleDrawn(project=project, value=value, seed=seed, drawn=drawn)


def entry_of(name: str, on: date, place: str, expected: int) -> str:
    """What is drawn of an occasion: everybody can make it from what is listed."""
    said = "\0".join(("minsheng/occasion/v1", name, on.isoformat(), place, str(expected)))
    return sha256(said.encode()).hexdigest()


def digest_of(entries: Sequence[str]) -> str:
    return sha256("".join(f"{entry}\n" for entry in entries).encode()).hexdigest()


def seed_of(digest: str, value: str) -> str:
    return sha256(f"{digest}{value}".encode()).hexdigest()


def draw(seed: str, entries: Sequence[str], *, share: int, least: int) -> tuple[str, ...]:
    """The entries with the lowest SHA-256 of seed and entry, in that order: `share` percent rounded up, but `least`
    where there are so many."""
    count = min(len(entries), max(least, -(-share * len(entries) // 100)))
    return tuple(sorted(entries, key=lambda entry: sha256(f"{seed}{entry}".encode()).hexdigest())[:count])
