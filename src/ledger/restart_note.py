"""That the log was restarted: one fact in a stream of its own."""

from dataclasses import dataclass, replace
from uuid import UUID

from ledger.events import LogRestarted, Recorded


@dataclass(frozen=True, slots=True)
class RestartNote:
    id: UUID
    said: LogRestarted | None = None


def evolve(state: RestartNote, recorded: Recorded) -> RestartNote:
    return replace(state, said=recorded.fact)
