"""C2SP tlog-checkpoint and tlog-proof: how large a log is, under which root, and that an entry is in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from minsheng_verify.faults import Fault
from minsheng_verify.note import ED25519, Key, Note, Signed, decode64, parse_note, signed_by
from minsheng_verify.tree import HASH_BYTES

NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
NOTE_LIMIT = 64 * 1024
PROOF_LIMIT = 2 * NOTE_LIMIT
PROOF_HEAD = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log said of itself. `note` is kept because two of them can prove that a log lied."""

    origin: str
    size: int
    root: bytes
    note: Note

    @property
    def short(self) -> str:
        return f"{self.size} entries with root {self.root.hex()}"


@dataclass(frozen=True, slots=True)
class Proof:
    """A tlog-proof: that an entry stands at a position under a checkpoint. `extra`: the entry, by the ledger's use."""

    position: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    extra: bytes | None


def parse_checkpoint(data: bytes, file: str) -> Checkpoint:
    """Raises Fault when it is malformed; says nothing yet of its signatures."""
    note = parse_note(data, file)
    lines = note.text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise Fault(f"{file} is not a checkpoint: it needs origin, size and root, one a line", file=file)
    origin, size, root = lines[0], lines[1], decode64(lines[2])
    if not NUMBER.fullmatch(size):
        raise Fault(f"{file} is not a checkpoint: {size[:40]!r} is not a number of entries", file=file)
    if root is None or len(root) != HASH_BYTES:
        raise Fault(f"{file} is not a checkpoint: {lines[2][:80]!r} is not a root in base64", file=file)
    return Checkpoint(origin, int(size), root, note)


def check_log_signature(checkpoint: Checkpoint, keys: Sequence[Key], file: str) -> Key:
    """The log's key that signed the checkpoint. Raises Fault."""
    named = [key for key in keys if key.kind == ED25519]
    signed = signed_by(checkpoint.note, named, file)
    if not signed:
        known = ", ".join(f"{key.name}+{key.id.hex()}" for key in named) or "none"
        raise Fault(f"{file} is not signed by the log's key (known: {known})", file=file)
    key = signed[0].key
    if key.name != checkpoint.origin:
        raise Fault(f"{file} speaks of the log {checkpoint.origin!r}, but {key.name} signed it", file=file)
    return key


def cosigned(checkpoint: Checkpoint, witnesses: Sequence[Key], file: str) -> list[Signed]:
    """The witnesses that vouch for the checkpoint. Raises Fault when one of their signatures is wrong."""
    return signed_by(checkpoint.note, witnesses, file)


def parse_proof(data: bytes, file: str) -> Proof:
    """Raises Fault when it has not the form of a tlog-proof; checks nothing else."""
    head, blank, note = data.partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    if not blank or lines.pop(0) != PROOF_HEAD:
        raise Fault(f"{file} is not a tlog-proof: its first line should be {PROOF_HEAD}", file=file)
    has_extra = bool(lines) and lines[0].startswith("extra ")
    extra = decode64(lines.pop(0)[6:]) if has_extra else None
    if has_extra and extra is None:
        raise Fault(f"{file} is not a tlog-proof: its extra data is not base64", file=file)
    position = lines.pop(0) if lines else ""
    if not position.startswith("index ") or not NUMBER.fullmatch(position[6:]):
        raise Fault(f"{file} is not a tlog-proof: it names no index", file=file)
    hashes = [decode64(line) for line in lines]
    if len(hashes) > 63 or any(one is None or len(one) != HASH_BYTES for one in hashes):
        raise Fault(f"{file} is not a tlog-proof: a line of the proof is no hash in base64", file=file)
    found = tuple(one for one in hashes if one is not None)
    return Proof(int(position[6:]), found, parse_checkpoint(note, file), extra)
