"""What a read model is, and how one that fails is told of."""

import contextlib
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import psycopg

from ledger.core.history import Timeline
from ledger.core.refusal import Refusal
from ledger.operator_problem import OperatorProblem

# A stream before an event (None when the event founds it) and after it.
Change = tuple[Timeline[Any] | None, Timeline[Any]]
# Errors pass through these on the way from where they come from.
_OTHERS = (Path(psycopg.__file__).parent, Path(contextlib.__file__))


class Projection(Protocol):
    """One read model. A changed `version` makes it be rebuilt."""

    name: str
    version: int
    tables: str
    indexes: str
    # By table: the column that names the stream which a row is of.
    streams: Mapping[str, str]

    def fold(self, changes: Iterable[Change], *, reread: bool = False) -> None:
        """Collects what the events of a batch change; each comes with its stream before and after it. `reread`:
        the changes of whole streams come again after a redaction; counters have counted them already."""

    def write(self, connection: psycopg.Connection) -> None:
        """Writes what was collected, in the schema that is on the search path."""


class ProjectionBroken(OperatorProblem):
    """A read model that cannot fold the event at `position`."""

    def __init__(self, name: str, position: int, error: Exception | str) -> None:
        self.name, self.position, self.error = name, position, error if isinstance(error, str) else told(error)
        super().__init__(f"read model {name} stops at position {position}: {self.error}")
        if isinstance(error, Exception):
            self.__cause__ = error

    def __reduce__(self) -> tuple[Any, ...]:
        # To another process goes what may be told.
        return ProjectionBroken, (self.name, self.position, self.error)


def told(error: Exception) -> str:
    """The kind of error and the line it comes from. Not its words: they may cite values that have to go later."""
    frames = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [(path, line) for path, line in frames if not any(map(path.is_relative_to, _OTHERS))]
    place = f", {ours[-1][0].name}:{ours[-1][1]}" if ours else ""
    return f"{type(error).__name__}{place}"


def unreadable(name: str, error: Refusal) -> ProjectionBroken:
    """A read model stops where the stored bytes of an event cannot be used."""
    return ProjectionBroken(name, error.details["position"], error)
