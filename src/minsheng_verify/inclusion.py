"""One event against the log: its entry in the tree, by tiles or by a tlog-proof, and what it says."""

from dataclasses import dataclass

from minsheng_verify.checkpoint import PROOF_LIMIT, Proof, check_log_signature, parse_proof
from minsheng_verify.entries import Proven, proven_entry
from minsheng_verify.faults import Fault
from minsheng_verify.log import Log, check_continues
from minsheng_verify.payloads import Payload, check_payload, read_payloads
from minsheng_verify.tiles import WIDTH
from minsheng_verify.tree import ProofWrong, check_inclusion


@dataclass(frozen=True, slots=True)
class Included:
    """`payload` is None when it was not asked for."""

    proven: Proven
    payload: Payload | None
    proof: Proof | None


def check_position(log: Log, position: int, proof: bytes | None, payload: bool) -> Included:
    """`proof`: the bytes of a tlog-proof for this position. Raises Fault."""
    proven = proven_entry(log.source, log.tiles, position)
    parsed = None if proof is None else _check_proof(log, proven, proof)
    return Included(proven, _payload(log, proven) if payload else None, parsed)


def _check_proof(log: Log, proven: Proven, data: bytes) -> Proof:
    if len(data) > PROOF_LIMIT:
        raise Fault(f"the proof is longer than it can be ({PROOF_LIMIT} bytes)", file="proof")
    position = proven.entry.position
    proof = parse_proof(data, "the proof")
    if proof.checkpoint.origin != log.checkpoint.origin:
        raise Fault(
            f"the proof is of another log: {proof.checkpoint.origin} instead of {log.checkpoint.origin}", file="proof"
        )
    check_log_signature(proof.checkpoint, log.keys, "the proof")
    if proof.position != position:
        raise Fault(f"the proof is for position {proof.position}, not {position}", file="proof", position=position)
    try:
        check_inclusion(position, proof.checkpoint.size, proven.leaf, proof.hashes, proof.checkpoint.root)
    except ProofWrong as wrong:
        raise Fault(f"the proof does not hold: {wrong}", file="proof", position=position) from wrong
    check_continues(log, proof.checkpoint, "the checkpoint in the proof")
    return proof


def _payload(log: Log, proven: Proven) -> Payload:
    index, offset = divmod(proven.entry.position, WIDTH)
    width = min(WIDTH, log.checkpoint.size - index * WIDTH)
    path, payloads = read_payloads(log.source, index, width, log.checkpoint.size)
    check_payload(payloads[offset], proven.entry, path)
    return payloads[offset]
