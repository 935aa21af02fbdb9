"""Occasions of an anonymous audience: listed and drawn before they take place, and those present are asked (N17)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.changed import changed
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Count
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.feedback import AlreadyAnswered, EntryNotDrawn, Feedback
from ledger.project.sampling import (
    AnnouncementNotAhead,
    Frame,
    FrameFixed,
    Occasion,
    OccasionHeld,
    OccasionsRegistered,
    digest_of,
    entry_of,
)
from ledger.refusals.general import SampleMissing
from ledger.rules import SamplingRule
from ledger.values import CivilDate, Frozen, Label

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project


class OccasionTwice(Refusal):
    kind = Kind.INVALID
    zh, en = "场次“{name}”列了两次。", "{name} is listed twice."


class OccasionTooEarly(Refusal):
    kind = Kind.INVALID
    zh = "场次“{name}”在 {on}，须晚于随机数公布日 {announced_on}；抽样须在场次举行之前。"
    en = (
        "{name} is on {on}; it has to be after {announced_on}, the day of the random value, so that it is drawn before "
        "it takes place."
    )


class OccasionNotHeld(Refusal):
    kind = Kind.CONFLICT
    zh, en = "场次“{name}”的到场人数尚未登记。", "How many were present at {name} is not recorded yet."


class OccasionToCome(Refusal):
    kind = Kind.CONFLICT
    zh, en = "场次“{name}”在 {on}，尚未举行。", "{name} is on {on} and has not taken place yet."


class AttendanceRecorded(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "场次“{name}”的到场人数已登记为 {present} 人。",
        "That {present} were present at {name} is recorded already.",
    )


class NumberNotGiven(Refusal):
    kind = Kind.CONFLICT
    zh = "场次“{name}”到场 {present} 人，没有 {number} 号。"
    en = "{present} were present at {name}; nobody has the number {number}."


class AskedOtherwise(Refusal):
    kind = Kind.CONFLICT
    zh = "本项目抽取的是场次，由到场者按号答复。"
    en = "Occasions were drawn for this project; those present answer by their numbers (means present)."


class ListedOccasion(Frozen):
    """An occasion as it is registered."""

    name: Label
    on: CivilDate
    place: Label
    expected: int = Field(ge=1, le=1_000_000, strict=True)


class CountedOccasion(Frozen):
    """A drawn occasion: how many were present, and how many of them answered. `present` is null where nobody recorded
    that it took place."""

    name: Label
    on: CivilDate
    place: Label
    expected: Count
    present: Count | None
    answered: Count


class OccasionsCounted(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=never("须重新汇总受益人评价。", "count the answers of beneficiaries again."),
    named=Words("场次答复汇总", "count of the answers by occasion"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
):
    """N17: the answers by drawn occasion, recorded with the evaluation by beneficiaries that adds them up. `listed`:
    how many occasions could be drawn."""

    sentence: ClassVar[Words] = Words(
        "从 {listed} 个场次中抽取 {drawn} 个，到场 {present} 人，答复 {answered} 人。",
        "{drawn} of {listed} occasions were drawn; {present} were present, and {answered} of them answered.",
    )

    type: Literal["OccasionsCounted"] = "OccasionsCounted"
    listed: Count
    occasions: tuple[CountedOccasion, ...] = Field(min_length=1, max_length=1_000)

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, occasions_counted=self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> OccasionsCounted:
        # What was answered is sealed in another stream.
        return self

    def told(self, tell: Teller) -> str:
        return tell.say(
            self.sentence,
            listed=tell.number(self.listed),
            drawn=tell.number(len(self.occasions)),
            present=tell.number(sum(one.present or 0 for one in self.occasions)),
            answered=tell.number(sum(one.answered for one in self.occasions)),
        )


@dataclass(frozen=True)
class OccasionsState(ProjectState):
    occasions_counted: Occurrence[OccasionsCounted] | None = None


def register_occasions(
    frame: Frame,
    listed: Sequence[ListedOccasion],
    *,
    project: UUID,
    people_served: int,
    source: str,
    announced_on: date,
    sampling: SamplingRule,
    today: date,
) -> OccasionsRegistered:
    """Before the random value is known. From then on another list takes its place only where an occasion was missed:
    one that took place before anybody drew."""
    missed = any(occasion.on <= today for occasion in frame.occasions.values())
    if frame.registered and today >= frame.registered.announced_on and (frame.sample or not missed):
        raise FrameFixed(announced_on=frame.registered.announced_on.isoformat())
    if announced_on <= today:
        raise AnnouncementNotAhead(announced_on=announced_on.isoformat(), today=today.isoformat())
    occasions: dict[str, Occasion] = {}
    for one in listed:
        if one.on <= announced_on:
            raise OccasionTooEarly(name=one.name, on=one.on.isoformat(), announced_on=announced_on.isoformat())
        entry = entry_of(one.name, one.on, one.place, one.expected)
        if entry in occasions:
            raise OccasionTwice(name=one.name)
        occasions[entry] = Occasion(entry=entry, name=one.name, on=one.on, place=one.place, expected=one.expected)
    entries = sorted(occasions)
    return OccasionsRegistered(
        project=project,
        occasions=tuple(occasions[entry] for entry in entries),
        digest=digest_of(entries),
        people_served=people_served,
        source=source,
        announced_on=announced_on,
        share=sampling.share,
        least=sampling.least,
    )


def hold(frame: Frame, entry: str, present: int, *, project: UUID, today: date) -> OccasionHeld:
    """On the day of a drawn occasion or later, once."""
    occasion = _drawn(frame, entry)
    if today < occasion.on:
        raise OccasionToCome(name=occasion.name, on=occasion.on.isoformat())
    if (recorded := frame.held.get(entry)) is not None:
        raise AttendanceRecorded(name=occasion.name, present=recorded)
    return OccasionHeld(project=project, entry=entry, name=occasion.name, present=present)


def check_present(frame: Frame, feedback: Feedback, entry: str, number: int, person: UUID) -> None:
    """Who was present at a drawn occasion answers once, by the number given out there."""
    occasion = _drawn(frame, entry)
    present = frame.held.get(entry)
    if present is None:
        raise OccasionNotHeld(name=occasion.name)
    if number > present:
        raise NumberNotGiven(name=occasion.name, present=present, number=number)
    if (entry, person) in feedback.present:
        raise AlreadyAnswered()


def count_occasions(frame: Frame, answered: Collection[tuple[str, UUID]]) -> OccasionsCounted:
    """In the order in which they were drawn."""
    if frame.sample is None:
        raise SampleMissing()
    entries = [entry for entry, _ in answered]
    return OccasionsCounted(
        listed=len(frame.occasions),
        occasions=tuple(
            CountedOccasion(
                name=occasion.name,
                on=occasion.on,
                place=occasion.place,
                expected=occasion.expected,
                present=frame.held.get(occasion.entry),
                answered=entries.count(occasion.entry),
            )
            for occasion in (frame.occasions[entry] for entry in frame.sample.drawn)
        ),
    )


def _drawn(frame: Frame, entry: str) -> Occasion:
    if frame.sample is None:
        raise SampleMissing()
    occasion = frame.occasions.get(entry)
    if occasion is None or entry not in frame.sample.drawn:
        raise EntryNotDrawn()
    return occasion
