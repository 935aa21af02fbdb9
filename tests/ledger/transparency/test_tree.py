"""The tree of RFC 6962: against its definition, word by word, and against the vectors of others."""

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.transparency import tree
from ledger.transparency.leaves import leaf_hash
from ledger.transparency.tree import Leaves, Tile, TileTree
from minsheng_verify.tree import check_inclusion

VECTORS = Path(__file__).parents[4] / "shared" / "data" / "rfc6962"
LEAVES = [leaf_hash(str(number).encode()) for number in range(1000)]


def naive(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive(leaves[:split]) + naive(leaves[split:])).digest()


def naive_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of §2.1.1."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*naive_path(index, leaves[:split]), naive(leaves[split:])]
    return [*naive_path(index - split, leaves[split:]), naive(leaves[:split])]


def naive_consistency(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of §2.1.2."""
    if old == len(leaves):
        return [] if whole else [naive(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*naive_consistency(old, leaves[:split], whole), naive(leaves[split:])]
    return [*naive_consistency(old - split, leaves[split:], False), naive(leaves[:split])]


def trees(size: int) -> dict[Tile, TileTree]:
    """All tiles of a tree, made as tlog-tiles says."""
    found: dict[Tile, TileTree] = {}
    row, level = LEAVES[:size], 0
    while row:
        tiles = [row[at : at + tree.WIDTH] for at in range(0, len(row), tree.WIDTH)]
        found |= {Tile(level, index): TileTree(b"".join(hashes)) for index, hashes in enumerate(tiles)}
        row = [naive(hashes) for hashes in tiles if len(hashes) == tree.WIDTH]
        level += 1
    return found


sizes = st.integers(1, len(LEAVES)) | st.sampled_from([1, 2, 255, 256, 257, 511, 512, 513, 768, 1000])
indexed = sizes.flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))


@given(st.integers(0, 1000))
def test_the_root_is_that_of_the_definition(size: int) -> None:
    assert tree.root(size, tree.hashes_from(trees(size))) == naive(LEAVES[:size])


@given(indexed)
def test_an_inclusion_proof_matches_the_definition(pair: tuple[int, int]) -> None:
    index, size = pair
    hashes = tree.hashes_from(trees(size))
    proof = [tree.range_hash(leaves, hashes) for leaves in tree.inclusion(index, size)]
    assert proof == naive_path(index, LEAVES[:size])
    check_inclusion(index, size, LEAVES[index], proof, naive(LEAVES[:size]))


@given(indexed)
def test_a_consistency_proof_matches_the_definition(pair: tuple[int, int]) -> None:
    old, size = pair[0] + 1, pair[1]
    hashes = tree.hashes_from(trees(size))
    proof = [tree.range_hash(leaves, hashes) for leaves in tree.consistency(old, size)]
    assert proof == naive_consistency(old, LEAVES[:size])
    assert tree.verifies_consistency(old, size, naive(LEAVES[:old]), naive(LEAVES[:size]), proof)


@given(indexed, st.data())
def test_nothing_but_that_proof_shows_consistency(pair: tuple[int, int], data: st.DataObject) -> None:
    old, size = pair[0] + 1, pair[1]
    proof, before, after = naive_consistency(old, LEAVES[:size]), naive(LEAVES[:old]), naive(LEAVES[:size])
    others = [
        (old, size, bytes(32), after, proof),
        (old, size, before, bytes(32), proof),
        (old, size, before, after, [*proof, bytes(32)]),
        (0, size, before, after, proof),
        (size + 1, size, before, after, proof),
    ]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        others.append((old, size, before, after, [*proof[:at], *proof[at + 1 :]]))
        others.append((old, size, before, after, [*proof[:at], bytes(32), *proof[at + 1 :]]))
    assert not any(tree.verifies_consistency(*other) for other in others)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 5)])
def test_there_is_no_path_to_a_leaf_outside(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="there is no leaf"):
        tree.inclusion(index, size)


@pytest.mark.parametrize(("old", "size"), [(0, 5), (6, 5), (-1, 5)])
def test_no_path_from_nothing_or_the_future(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="there is no proof"):
        tree.consistency(old, size)


@given(st.integers(0, 2**40))
def test_edge_widths_match_the_specification(size: int) -> None:
    for tile in tree.edge(size):
        assert tree.width(tile, size) == ((size >> 8 * tile.level) % 256 or 256)


def test_the_example_of_the_specification() -> None:
    size = 70_000
    widths = {level: [tree.width(Tile(level, index), size) for index in range(275)] for level in range(3)}
    assert widths[0] == [256] * 273 + [112, 0]
    assert widths[1][:3] == [256, 17, 0]
    assert widths[2][:2] == [1, 0]


def test_leaves_are_hashed_by_ranges() -> None:
    assert tree.range_hash(Leaves(4, 7), tree.hashes_from(trees(7))) == naive(LEAVES[4:7])


def vectors(name: str) -> list[Any]:
    if not VECTORS.exists():
        absent = pytest.mark.skip(reason="the vectors of transparency-dev are not next to the project")
        return [pytest.param(None, marks=absent)]
    return [pytest.param(vector, id=vector["name"]) for vector in json.loads((VECTORS / name).read_text())]


@pytest.mark.parametrize("vector", vectors("consistency.json"))
def test_consistency_agrees_with_the_vectors(vector: dict[str, Any]) -> None:
    proof = [b64decode(one) for one in vector["proof"] or ()]
    before, after = b64decode(vector["root1"] or ""), b64decode(vector["root2"] or "")
    verified = tree.verifies_consistency(vector["size1"], vector["size2"], before, after, proof)
    assert verified is not vector["wantErr"], vector["desc"]
