"""The sample frame: those who can be drawn, and the draw that anybody can recompute (N17). A stream of its own.

How it is drawn, and how an organisation makes the entries, is described in docs/sampling.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import assert_never
from uuid import UUID

from ledger.errors import (
    AnnouncementNotAhead,
    FrameFixed,
    FrameTooLarge,
    FrameUnknown,
    FrameUnordered,
    SampleAlreadyDrawn,
    SourceDiffers,
    ValueNotKnownYet,
)
from ledger.events import FrameRegistered, Recorded, SampleDrawn
from ledger.rules import SamplingRule


@dataclass(frozen=True, slots=True)
class Frame:
    id: UUID
    registered: FrameRegistered | None = None
    sample: SampleDrawn | None = None

    @property
    def size(self) -> int:
        return len(self.registered.entries) if self.registered else 0


FrameFact = FrameRegistered | SampleDrawn


def evolve(state: Frame, recorded: Recorded) -> Frame:
    fact: FrameFact = recorded.fact
    match fact:
        case FrameRegistered():
            return replace(state, registered=fact)
        case SampleDrawn():
            return replace(state, sample=fact)
        case _:
            assert_never(fact)


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
