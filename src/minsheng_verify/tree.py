"""The Merkle tree of RFC 6962 §2.1: hashes, and what proofs say (RFC 9162 §2.1.3.2, §2.1.4.2)."""

from collections.abc import Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


class ProofWrong(Exception):
    """A proof that does not prove; the message says why."""


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The root over 2^k hashes of perfect subtrees of one height."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]


def subtrees(size: int) -> list[tuple[int, int]]:
    """The perfect subtrees that a tree of that size consists of, from the left: (height, index at that height)."""
    heights = [height for height in range(size.bit_length() - 1, -1, -1) if size >> height & 1]
    return [(height, (size >> height) - 1) for height in heights]


def joined(roots: Sequence[bytes]) -> bytes:
    """The root of the tree from the roots of its `subtrees`."""
    if not roots:
        return EMPTY_ROOT
    *lefts, result = roots
    for left in reversed(lefts):
        result = node_hash(left, result)
    return result


def check_inclusion(position: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raises ProofWrong unless the leaf stands at the position in the tree of that size and root."""
    if not 0 <= position < size:
        raise ProofWrong(f"position {position} is not in a tree of {size}")
    _check_lengths((leaf, root, *proof))
    index, last, result = position, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofWrong("the proof is too long")
        if index & 1 or index == last:
            result = node_hash(step, result)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            result = node_hash(result, step)
        index, last = index >> 1, last >> 1
    if last:
        raise ProofWrong("the proof is too short")
    if result != root:
        raise ProofWrong("the proof leads to another root")


def check_consistency(old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Raises ProofWrong unless the tree of `size` continues that of `old_size` ≥ 1."""
    if old_size < 1:
        raise ProofWrong("every tree continues the empty one, which needs no proof")
    check_subtree(0, old_size, size, old_root, root, proof)


def check_subtree(start: int, stop: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Raises ProofWrong unless the entries from `start` to before `stop` have `old_root` by themselves and stand in the
    tree of `size` (draft-ietf-plants-merkle-tree-certs; from 0 it is the consistency of RFC 9162 §2.1.4.2)."""
    if not 0 <= start <= stop <= size:
        raise ProofWrong(f"a tree of {size} does not continue one of {stop}")
    if start == stop:
        if proof or old_root != EMPTY_ROOT:
            raise ProofWrong("nothing has another root than this")
        return
    if start & ((1 << (stop - start - 1).bit_length()) - 1):
        raise ProofWrong(f"{start} to {stop} is no subtree")
    _check_lengths(proof)
    first, end, last = start, stop - 1, size - 1
    while first != end and (end == last or end & 1):
        first, end, last = first >> 1, end >> 1, last >> 1
    if first == end:
        old_result = result = old_root
    elif proof:
        old_result = result = proof[0]
        proof = proof[1:]
    else:
        raise ProofWrong("the proof is too short")
    for step in proof:
        if last == 0:
            raise ProofWrong("the proof is too long")
        if end & 1 or end == last:
            if first < end:
                old_result = node_hash(step, old_result)
            result = node_hash(step, result)
            while end and not end & 1:
                first, end, last = first >> 1, end >> 1, last >> 1
        else:
            result = node_hash(result, step)
        first, end, last = first >> 1, end >> 1, last >> 1
    if last:
        raise ProofWrong("the proof is too short")
    if old_result != old_root:
        raise ProofWrong("the proof leads to another old root")
    if result != root:
        raise ProofWrong("the proof leads to another root")


def _check_lengths(hashes: Sequence[bytes]) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise ProofWrong("a hash has not 32 bytes")
