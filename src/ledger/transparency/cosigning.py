"""What a signer asks of witnesses, and what it may be told."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ledger.transparency.notes import Verifier

Proof = Callable[[int], Awaitable[Sequence[bytes]]]
Root = Callable[[int], Awaitable[bytes]]


class QuorumMissing(Exception):
    """Too few witnesses cosigned; nothing is published."""


@dataclass(frozen=True)
class WitnessAhead(Exception):
    """A witness has shown a checkpoint of ours for a larger tree than there is."""

    name: str
    size: int


@dataclass(frozen=True)
class WitnessDisagrees(Exception):
    """A witness has shown a checkpoint of ours for another tree of a size that we have."""

    name: str


@dataclass(frozen=True)
class OwnLog:
    """The log to be cosigned: its keys, and up to the size to be cosigned the proof of consistency from an older size
    and the root of one."""

    verifiers: Sequence[Verifier]
    proof: Proof
    root: Root


class Witnesses(Protocol):
    async def cosign(self, note: str, size: int, own: OwnLog) -> str:
        """The witnesses' signature lines. Raises QuorumMissing; WitnessAhead and WitnessDisagrees only where a witness
        shows a signature of ours, since a word alone must not stop a log whose quorum is met."""
        ...


class NoWitnesses:
    async def cosign(self, note: str, size: int, own: OwnLog) -> str:
        return ""
