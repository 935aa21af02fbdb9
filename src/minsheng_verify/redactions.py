"""What is said to be redacted against the later event that has to say so."""

from collections.abc import Iterator
from typing import Any

from minsheng_verify.entries import Entry
from minsheng_verify.faults import Fault
from minsheng_verify.payloads import Payload, fact_of


class Redactions:
    """Remembers, by the position of the event that is to say so, which versions of which stream it redacts."""

    def __init__(self) -> None:
        self._said: dict[int, list[tuple[int, str | None, int | None]]] = {}

    def check(self, payload: Payload, entry: Entry, path: str) -> None:
        """The positions come in order. Raises Fault when an event does not redact what it is said to redact."""
        if payload.redacted_by is not None:
            self._said.setdefault(payload.redacted_by, []).append((entry.position, entry.stream, entry.version))
        for position, stream, version in self._said.pop(entry.position, ()):
            if stream != entry.stream or version not in set(_versions(payload)):
                raise Fault(
                    f"{path}: position {position} is said to be redacted by {entry.position}, which does not say so",
                    file=path,
                    position=position,
                    stream=stream,
                    version=version,
                )

    def check_all_said(self) -> None:
        """Where the log ends: raises Fault when the event that was to say so has not come."""
        for by, said in self._said.items():
            position, stream, version = said[0]
            raise Fault(
                f"position {position} is said to be redacted by {by}, which is not there",
                position=position,
                stream=stream,
                version=version,
            )


def _versions(payload: Payload) -> Iterator[int]:
    """The versions that the event redacts: its target, and what that one redacted if it is itself a redaction."""
    event: Any = fact_of(payload.data) if payload.data is not None else None
    while isinstance(event, dict) and isinstance(fact := event.get("fact"), dict) and fact.get("type") == "Redacted":
        if isinstance(target := fact.get("target"), int):
            yield target
        event = fact.get("replacement")
