"""What the facts of a project have in common."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Generic, Self, TypeVar
from uuid import UUID

from ledger.core.envelope import Recorded
from ledger.core.fact import Fact

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project


F_co = TypeVar("F_co", bound=Fact, covariant=True)


@dataclass(frozen=True, slots=True)
class Occurrence(Generic[F_co]):
    """A fact with the version of the stream at which it stands and the day since when it is so."""

    version: int
    fact: F_co
    on: date


F = TypeVar("F", bound=Fact)
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class ProjectState:
    """The part of a project's state that each phase adds to."""

    id: UUID


class ProjectFact(Fact, abstract=True):
    @abstractmethod
    def fold(self, project: Project, recorded: Recorded) -> Project:
        """The state after this fact; never refuses."""

    @abstractmethod
    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Fact:
        """The fact as it would be decided now, on the state before it. Raises Refusal."""

    def occurrence(self, recorded: Recorded) -> Occurrence[Self]:
        return Occurrence(recorded.version, self, recorded.event.effective_on)


class OnRecord(ProjectFact, abstract=True):
    """What leaves the state as it is: it waits for a second person, or names who confirmed."""

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return project

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Self:
        return self
