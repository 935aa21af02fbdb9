"""The sample frame: those who can be drawn, and the draw that anybody can recompute (N17). A stream of its own.

How it is drawn, and how an organisation makes the entries, is described in docs/sampling.md.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from ledger.values import CivilDate, Digest, Line

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

    def fold(self, frame: Frame, recorded: Recorded) -> Frame:
        return replace(frame, registered=self)

    def project_in(self, stream: UUID) -> UUID:
        return self.project

    def waits_for(self) -> UUID:
        return self.project

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, count=tell.number(len(self.entries)), source=self.source)


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
    id: UUID
    registered: FrameRegistered | None = None
    sample: SampleDrawn | None = None

    @property
    def size(self) -> int:
        return len(self.registered.entries) if self.registered else 0


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
    seed = seed_of(registered.digest, value)
    drawn = draw(seed, registered.entries, share=registered.share, least=registered.least)
    return SampleDrawn(project=project, value=value, seed=seed, drawn=drawn)


def digest_of(entries: Sequence[str]) -> str:
    return sha256("".join(f"{entry}\n" for entry in entries).encode()).hexdigest()


def seed_of(digest: str, value: str) -> str:
    return sha256(f"{digest}{value}".encode()).hexdigest()


def draw(seed: str, entries: Sequence[str], *, share: int, least: int) -> tuple[str, ...]:
    """The entries with the lowest SHA-256 of seed and entry, in that order: `share` percent rounded up, but `least`
    where there are so many."""
    count = min(len(entries), max(least, -(-share * len(entries) // 100)))
    return tuple(sorted(entries, key=lambda entry: sha256(f"{seed}{entry}".encode()).hexdigest())[:count])
