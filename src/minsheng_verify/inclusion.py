"""One event against the log: its entry in the tree, by tiles or by a tlog-proof, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

from minsheng_verify.checkpoint import PROOF_LIMIT, Proof, check_log_signature, parse_proof
from minsheng_verify.entries import Entry, ProvenEntry, parse_entry, proven_entry
from minsheng_verify.faults import Fault
from minsheng_verify.inputs import parsed
from minsheng_verify.log import Log, check_continues, is_before
from minsheng_verify.names import renamed
from minsheng_verify.note import Key
from minsheng_verify.payloads import Payload, check_payload, read_payloads
from minsheng_verify.tiles import WIDTH
from minsheng_verify.tree import ProofWrong, check_inclusion, leaf_hash
from minsheng_verify.veil import Opening, parse_opening

FILE = "the proof"


@dataclass(frozen=True, slots=True)
class Included:
    """`payload` is None when it was not asked for."""

    entry: Entry
    leaf: bytes
    payload: Payload | None
    proof: Proof | None


def check_position(log: Log, position: int, proof: bytes | None, payload: bool) -> Included:
    """`proof`: the bytes of a tlog-proof for this position. Raises Fault."""
    proven = proven_entry(log.source, log.tiles, position)
    parsed = None if proof is None else _check_proof(log, proven, proof)
    if not payload:
        return Included(proven.entry, proven.leaf, None, parsed)
    entry, told = _payload(log, proven)
    return Included(entry, proven.leaf, told, parsed)


def check_alone(data: bytes, keys: Sequence[Key], payload: Payload | None, file: str = FILE) -> Included:
    """A tlog-proof that carries its entry, without the log. Raises Fault."""
    proof = parse(data, file)
    check_log_signature(proof.checkpoint, keys, file)
    if proof.extra is None:
        raise Fault(f"{file} does not carry its entry: check it against the log, by `inclusion --proof`", file=file)
    _check_path(proof, leaf_hash(proof.extra), file)
    entry = parse_entry(proof.extra, proof.position, file)
    if payload is not None:
        entry = check_payload(payload, entry, "the payload")
    return Included(entry, leaf_hash(proof.extra), payload, proof)


def opening_of(data: bytes, called: str) -> Opening:
    """What …/log/openings/POSITION answered. Raises Fault."""
    said = parsed(data, called)
    opening = parse_opening(said) if isinstance(said, dict) else None
    if opening is None:
        raise Fault(f"{called} is no opening: salt, version, recorded_at, payload_sha256", file=called)
    return opening


def parse(data: bytes, file: str = FILE) -> Proof:
    """Raises Fault."""
    if len(data) > PROOF_LIMIT:
        raise Fault(f"{file} is longer than it can be ({PROOF_LIMIT} bytes)", file=file)
    return parse_proof(data, file)


def _check_proof(log: Log, proven: ProvenEntry, data: bytes) -> Proof:
    position, proof = proven.entry.position, parse(data)
    earlier = is_before(proof.checkpoint.origin, log.checkpoint.origin)
    if proof.checkpoint.origin != log.checkpoint.origin and not earlier:
        raise Fault(
            f"{FILE} is of another log: {proof.checkpoint.origin} instead of {log.checkpoint.origin}", file=FILE
        )
    check_log_signature(proof.checkpoint, renamed(log.keys, proof.checkpoint.origin), FILE)
    if earlier and position == proof.position:
        _check_not_lost(log, proof)
    if proof.position != position:
        raise Fault(f"{FILE} is for position {proof.position}, not {position}", file=FILE, position=position)
    if proof.extra not in (None, proven.raw):
        raise Fault(f"{FILE} carries another entry than the log", file=FILE, position=position)
    _check_path(proof, proven.leaf)
    check_continues(log, proof.checkpoint, "the checkpoint in the proof")
    return proof


def _check_not_lost(log: Log, proof: Proof) -> None:
    """Raises Fault where the proof is of an entry that a restart gave up, which is no lie of the log's."""
    restart = log.restarts.accounts_for(proof.checkpoint, "the checkpoint in the proof")
    if proof.position >= restart.fork:
        raise Fault(
            f"{FILE} is of an entry that is lost: {restart.sentence}. What stands at position {proof.position} now is "
            f"another entry; check the proof by itself, by `proof`",
            file=FILE,
            position=proof.position,
        )


def _check_path(proof: Proof, leaf: bytes, file: str = FILE) -> None:
    try:
        check_inclusion(proof.position, proof.checkpoint.size, leaf, proof.hashes, proof.checkpoint.root)
    except ProofWrong as wrong:
        raise Fault(f"{file} does not hold: {wrong}", file=file, position=proof.position) from wrong


def _payload(log: Log, proven: ProvenEntry) -> tuple[Entry, Payload]:
    index, offset = divmod(proven.entry.position, WIDTH)
    width = min(WIDTH, log.checkpoint.size - index * WIDTH)
    path, payloads = read_payloads(log.source, index, width, log.checkpoint.size)
    return check_payload(payloads[offset], proven.entry, path), payloads[offset]
