"""The two clocks: what a stream says as known at a position and as effective on a day.

Recorded: position, chosen by nobody. Effective: `effective_on`, when it was so in the world. State is the
fold, by (effective_on, position), of the events known by then, with the corrections known by then applied.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from ledger.events import Recorded, Restated, Voided

S = TypeVar("S")

FOLD_VERSION = 1


@dataclass(frozen=True)
class Aggregate(Generic[S]):
    """How a stream's events become a state: what it is before the first, and the step."""

    initial: Callable[[UUID], S]
    evolve: Callable[[S, Recorded], S]


def live_corrections(events: Sequence[Recorded]) -> dict[int, Recorded]:
    """The correction that holds, by version of its target. A correction is live unless a live one voids it;
    the newest live one wins. Corrections name earlier events, so newest first each one's fate is settled
    before it is asked."""
    holds: dict[int, Recorded] = {}
    for recorded in reversed(events):
        fact = recorded.fact
        if isinstance(fact, Voided | Restated) and not _is_voided(recorded, holds):
            holds.setdefault(fact.target, recorded)
    return holds


def _is_voided(recorded: Recorded, holds: dict[int, Recorded]) -> bool:
    correction = holds.get(recorded.version)
    return correction is not None and isinstance(correction.fact, Voided)


def corrected(events: Sequence[Recorded]) -> list[Recorded]:
    """The events as they count, in order of (effective_on, position): without corrections and what they void,
    restated ones in their target's place."""
    holds = live_corrections(events)
    counting = []
    for recorded in events:
        if isinstance(recorded.fact, Voided | Restated):
            continue
        correction = holds.get(recorded.version)
        if correction is None:
            counting.append(recorded)
        elif isinstance(fact := correction.fact, Restated):
            event = recorded.event.model_copy(update={"fact": fact.fact, "effective_on": fact.restated_on})
            counting.append(recorded.model_copy(update={"event": event}))
    counting.sort(key=lambda recorded: (recorded.event.effective_on, recorded.position))
    return counting


def state(
    aggregate: Aggregate[S],
    stream: UUID,
    events: Sequence[Recorded],
    known: int | None = None,
    effective: date | None = None,
) -> S:
    """The state by both clocks. `known` is a position, included; `effective` a day, included; None: no cut."""
    result = aggregate.initial(stream)
    within = events if known is None else [recorded for recorded in events if recorded.position <= known]
    for recorded in corrected(within):
        if effective is not None and recorded.event.effective_on > effective:
            break
        result = aggregate.evolve(result, recorded)
    return result


@dataclass(frozen=True)
class Timeline(Generic[S]):
    """A stream with its state at the head, extended without folding again where that cannot differ."""

    aggregate: Aggregate[S]
    stream: UUID
    events: tuple[Recorded, ...]
    state: S

    @classmethod
    def of(cls, aggregate: Aggregate[S], stream: UUID, events: Sequence[Recorded]) -> "Timeline[S]":
        return cls(aggregate, stream, tuple(events), state(aggregate, stream, events))

    @property
    def version(self) -> int:
        return len(self.events)

    def extended(self, new: Sequence[Recorded]) -> "Timeline[S]":
        events = self.events + tuple(new)
        last = max((recorded.event.effective_on for recorded in self.events), default=date.min)
        result = self.state
        for recorded in new:
            if (
                isinstance(recorded.fact, Voided | Restated)
                or recorded.event.effective_on < last
                or _has_restated(self.events)
            ):
                return Timeline.of(self.aggregate, self.stream, events)
            last = recorded.event.effective_on
            result = self.aggregate.evolve(result, recorded)
        return Timeline(self.aggregate, self.stream, events, result)


def _has_restated(events: Sequence[Recorded]) -> bool:
    return any(isinstance(recorded.fact, Restated) for recorded in events)
