"""The two ways to end badly: what was looked at does not verify, or the question was wrong."""

from typing import Any


class Fault(Exception):
    """What was looked at does not verify. The message is whole; the place stands again by itself for machines."""

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        position: int | None = None,
        stream: str | None = None,
        version: int | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        """`notes`: signed notes that prove the fault, to be kept."""
        super().__init__(message)
        place = {"file": file, "position": position, "stream": stream, "version": version}
        self.place: dict[str, Any] = {name: value for name, value in place.items() if value is not None}
        self.notes = notes


class Missing(Fault):
    """The file is not there; it may be under another name."""


class WrongUsage(Exception):
    """The command cannot be carried out as it was given."""
