"""The names a log has had: its origin, and one more for each restart after a loss.

The first generation bears the origin itself, later ones `ORIGIN/restart-2` and so on. The same keys sign them all,
under the name of the generation. A position belongs to the last generation that starts at or below it, so what was
recorded before a loss keeps its ids, and what takes the place of something lost gets others.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import psycopg

from ledger.transparency.notes import Checkpoint, Note

_RESTARTED = re.compile(r"(.+)/restart-([2-9]|[1-9][0-9]{1,8})")
RESTARTS = "SELECT generation, position, fork, fork_until, previous FROM ledger.restarts ORDER BY generation"


def name_of(base: str, generation: int) -> str:
    return base if generation == 1 else f"{base}/restart-{generation}"


def parse_name(name: str) -> tuple[str, int]:
    """The origin that the keys bear, and the generation."""
    found = _RESTARTED.fullmatch(name)
    return (found[1], int(found[2])) if found else (name, 1)


@dataclass(frozen=True, slots=True)
class Restart:
    """`position`: of the event that says so. From `fork` to `fork_until` lies the first position that
    differs from the log before, whose last checkpoint is `previous`."""

    generation: int
    position: int
    fork: int
    fork_until: int
    previous: str

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint.parse(Note.parse(self.previous).text)


@dataclass(frozen=True)
class Origins:
    """All generations of a log, the first restart first. `base`: its first name; None where that is not known."""

    restarts: tuple[Restart, ...] = ()
    base: str | None = None

    @classmethod
    def of(cls, rows: list[tuple[Any, ...]]) -> Self:
        return cls(tuple(Restart(*row) for row in rows))

    @property
    def generation(self) -> int:
        return self.restarts[-1].generation if self.restarts else 1

    @cached_property
    def first_size(self) -> int:
        """The size from which on the present log is signed: with the event that says why it was restarted."""
        return self.restarts[-1].position + 1 if self.restarts else 0

    @property
    def fork(self) -> int:
        """The first position of the present generation."""
        return self.restarts[-1].fork if self.restarts else 0

    def generation_at(self, position: int) -> int:
        return max((one.generation for one in self.restarts if one.fork <= position), default=1)

    @property
    def present(self) -> str | None:
        return None if self.base is None else name_of(self.base, self.generation)

    def name_at(self, position: int) -> str | None:
        """The origin under which the event at a position was recorded."""
        return None if self.base is None else name_of(self.base, self.generation_at(position))

    def mark(self, position: int) -> str:
        """What tells an id made from a position from those made of what was lost there; nothing before any loss."""
        generation = self.generation_at(position)
        return "" if generation == 1 else f"r{generation}-"

    def kept_below(self, generation: int) -> int | None:
        """Up to where, exclusive, positions of that generation still mean the same; None: all of them."""
        return min((one.fork for one in self.restarts if one.generation > generation), default=None)


FIRST = Origins()


async def read_origins(connection: psycopg.AsyncConnection[Any]) -> Origins:
    return Origins.of(await (await connection.execute(RESTARTS)).fetchall())
