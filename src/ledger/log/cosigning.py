"""What a signer asks of witnesses, and what it may be told."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

Proof = Callable[[int], Awaitable[Sequence[bytes]]]


class QuorumMissing(Exception):
    """Too few witnesses cosigned; nothing is published."""


@dataclass(frozen=True)
class WitnessAhead(Exception):
    """A witness has seen a larger tree than there is."""

    name: str
    size: int


@dataclass(frozen=True)
class WitnessDisagrees(Exception):
    """What a witness has seen is not the beginning of what is there."""

    name: str


class Witnesses(Protocol):
    async def cosign(self, note: str, size: int, proof: Proof) -> str:
        """The witnesses' signature lines. `proof(old)` gives the proof of consistency from an older size. Raises
        QuorumMissing, WitnessAhead, WitnessDisagrees."""


class NoWitnesses:
    async def cosign(self, note: str, size: int, proof: Proof) -> str:
        return ""
