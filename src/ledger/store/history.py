"""What the committer asks about the history that it is to extend."""

from typing import Any, Protocol

import psycopg


class History(Protocol):
    """Raises HistoryRefused, or HistoryNotCompared, where nothing may be written."""

    @property
    def last(self) -> int:
        """The last position that this process knows of; -1 before the first."""
        ...

    def check(self) -> None:
        """Whether it is known to differ; costs nothing."""

    async def compare(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Before a connection is used: whether it leads to what was signed. Costs nothing when asked again."""

    def continues(self, size: int, leaf: bytes | None) -> bool:
        """Under the lock: whether the events that this process knows of are still there; if not, `compare` says more.
        `leaf`: of the position `last`."""
        ...

    def moved(self, size: int, leaf: bytes) -> None:
        """This process wrote; `leaf`: the last one."""
