"""The two clocks: what a stream says as known at a position and as effective on a day.

Recorded: position, chosen by nobody. Effective: `effective_on`, when it was so in the world. State is the
fold, by (effective_on, position), of the events known by then, with the corrections known by then applied.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from ledger.core.envelope import Recorded, Redacted, Restated, Voided
from ledger.core.fact import Fact

S = TypeVar("S")
FOLD_VERSION = 6


class FoldsInto(Protocol[S]):
    """A fact that a state of this kind is made of."""

    def fold(self, state: S, recorded: Recorded, /) -> S: ...


@dataclass(frozen=True)
class Aggregate(Generic[S]):
    """A kind of stream. `initial`: its state before the first event; `facts`: what it consists of; `founded_by`: what
    its first event can be, so that the id of another kind of thing is not taken for one of these."""

    initial: Callable[[UUID], S]
    facts: type[FoldsInto[S]]
    founded_by: tuple[type[Fact], ...]

    def evolve(self, state: S, recorded: Recorded) -> S:
        """Total, and never refusing."""
        fact = recorded.fact
        assert isinstance(fact, self.facts)
        return fact.fold(state, recorded)

    def holds(self, events: Sequence[Recorded]) -> bool:
        """Whether the events are those of a stream of this kind."""
        return not events or not self.founded_by or isinstance(events[0].fact, self.founded_by)


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


def corrected_in_turn(events: Sequence[Recorded], recorded: Recorded) -> Iterator[Recorded]:
    """The event, what it corrects, what that corrects, and so on. Only earlier events are followed, so a target that is
    not earlier cannot loop."""
    yield recorded
    while isinstance(recorded.fact, Voided | Restated | Redacted) and recorded.fact.target < recorded.version:
        recorded = events[recorded.fact.target - 1]
        yield recorded


def subject_of(events: Sequence[Recorded], recorded: Recorded) -> Recorded:
    """What a correction is in the end about, which is no correction itself; anything else is its own subject."""
    *_, subject = corrected_in_turn(events, recorded)
    return subject


def corrected(events: Sequence[Recorded]) -> list[Recorded]:
    """The events as they count, in order of (effective_on, position): without corrections, redactions and what is
    void, restated ones in their target's place."""
    holds = live_corrections(events)
    counting = []
    for recorded in events:
        if isinstance(recorded.fact, Voided | Restated | Redacted):
            continue
        correction = holds.get(recorded.version)
        if correction is None:
            counting.append(recorded)
        elif isinstance(fact := correction.fact, Restated):
            event = recorded.event.model_copy(update={"fact": fact.fact, "effective_on": fact.restated_on})
            counting.append(replace(recorded, event=event))
    counting.sort(key=lambda recorded: (recorded.event.effective_on, recorded.position))
    return counting


def with_corrections(events: Sequence[Recorded], known: int, until: int) -> list[Recorded]:
    """What was known at the position `known`, and of what was recorded since, until the position `until`, the
    corrections alone: those whose subject, through corrections of corrections, was known by then. Both included."""
    subjects: dict[int, Recorded] = {}
    kept = []
    for recorded in events:
        fact = recorded.fact
        corrects = fact.target if isinstance(fact, Voided | Restated) else None
        subject = recorded if corrects is None else subjects.get(corrects)
        if subject is not None:
            subjects[recorded.version] = subject
        of_known = corrects is not None and subject is not None and subject.position <= known
        if recorded.position <= known or (of_known and recorded.position <= until):
            kept.append(recorded)
    return kept


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


def in_force(aggregate: Aggregate[S], stream: UUID, events: Sequence[Recorded], day: date) -> S:
    """The state at the head, but for what is only announced: facts of the kinds `ahead` whose day is still to come.
    All others count at once, wherever in the world that day has begun."""
    result = aggregate.initial(stream)
    for recorded in corrected(events):
        if recorded.event.effective_on <= day or not recorded.fact.ahead:
            result = aggregate.evolve(result, recorded)
    return result


def pending(events: Sequence[Recorded], fact: Fact, effective_on: date | None = None) -> list[Recorded]:
    """The events with one more, which is not recorded yet."""
    last = events[-1]
    update = {"fact": fact} | ({"effective_on": effective_on} if effective_on else {})
    event = last.event.model_copy(update=update)
    return [*events, replace(last, position=last.position + 1, version=last.version + 1, event=event)]


class Timeline(Generic[S]):
    """A stream with its state at the head, which is folded when somebody asks. Extending it folds only what is
    new, where that cannot differ from folding everything."""

    __slots__ = ("_base", "_in_force", "_last_day", "_state", "aggregate", "events", "stream")

    def __init__(
        self,
        aggregate: Aggregate[S],
        stream: UUID,
        events: Sequence[Recorded],
        base: "Timeline[S] | None" = None,
    ) -> None:
        self.aggregate = aggregate
        self.stream = stream
        self.events = tuple(events)
        self._base = base
        self._state: S | None = None
        self._in_force: tuple[date, S] | None = None

    @property
    def version(self) -> int:
        return len(self.events)

    @property
    def state(self) -> S:
        if self._state is None:
            self._state = self._folded()
            self._base = None
        return self._state

    def in_force(self, day: date) -> S:
        """The state without what is only announced on that day: where nothing is, the state itself."""
        whole = self.state
        if self._last_day <= day:
            return whole
        if self._in_force is None or self._in_force[0] != day:
            self._in_force = day, in_force(self.aggregate, self.stream, self.events, day)
        return self._in_force[1]

    def as_known(self, known: int) -> S:
        """The state as known at that position: where nothing was recorded since, the state itself."""
        if not self.events or self.events[-1].position <= known:
            return self.state
        return state(self.aggregate, self.stream, self.events, known)

    def as_effective(self, day: date) -> S:
        """The state by what was effective on that day: where all was, the state itself."""
        whole = self.state
        if self._last_day <= day:
            return whole
        return state(self.aggregate, self.stream, self.events, effective=day)

    def stages(self, day: date) -> list[tuple[date, S]]:
        """The state as in force on the day, and as it will be from each day on which something announced takes effect.
        The first holds on all days before, too."""
        now = self.in_force(day)
        if self._last_day <= day:
            return [(date.min, now)]
        coming = {
            recorded.event.effective_on
            for recorded in corrected(self.events)
            if recorded.event.effective_on > day and recorded.fact.ahead
        }
        return [(date.min, now), *((since, self.in_force(since)) for since in sorted(coming))]

    def extended(self, new: Sequence[Recorded]) -> "Timeline[S]":
        # A base without a state would make folding as deep as the number of extensions.
        base = self if self._base is None else self._base
        return Timeline(self.aggregate, self.stream, self.events + tuple(new), base)

    def _folded(self) -> S:
        base = self._base
        if base is None:
            result, new = self.aggregate.initial(self.stream), self.events
            self._last_day = date.min
        else:
            result, new = base.state, self.events[base.version :]
            self._last_day = base._last_day
        if self._goes_on_with(new):
            for recorded in new:
                result = self.aggregate.evolve(result, recorded)
                self._last_day = recorded.event.effective_on
            return result
        counting = corrected(self.events)
        self._last_day = counting[-1].event.effective_on if counting else date.min
        return reduce(self.aggregate.evolve, counting, self.aggregate.initial(self.stream))

    def _goes_on_with(self, new: Sequence[Recorded]) -> bool:
        """Whether folding the new events after the old ones is folding all: nothing corrected, nothing late."""
        day = self._last_day
        for recorded in new:
            event = recorded.event
            if isinstance(event.fact, (Voided, Restated, Redacted)) or event.effective_on < day:
                return False
            day = event.effective_on
        return True
