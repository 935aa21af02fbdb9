"""Trees, tiles and proofs against the definitions of RFC 6962, by naive recursion."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.verify.producer import Made, consistency, events, inclusion, root

from minsheng_verify.faults import Fault, Missing
from minsheng_verify.source import Source
from minsheng_verify.tiles import Tiles, entries_path, read_entries, tile_path
from minsheng_verify.tree import EMPTY_ROOT, ProofWrong, check_consistency, check_inclusion, joined, subtrees

LEAVES = [sha256(bytes([0, number])).digest() for number in range(200)]
SIZES = st.integers(1, len(LEAVES))
BIT = st.integers(0, 255)


def flipped(data: bytes, bit: int) -> bytes:
    return data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]


class Files(dict[str, bytes]):
    """A source in memory."""

    name, is_address = "files", False

    def read(self, path: str, limit: int) -> bytes:
        if path not in self:
            raise Missing(f"{path} is missing", file=path)
        return self[path]

    def close(self) -> None:
        pass


@given(st.data(), SIZES)
def test_an_inclusion_proof_fits_its_leaf_only(data: st.DataObject, size: int) -> None:
    leaves = LEAVES[:size]
    position = data.draw(st.integers(0, size - 1))
    proof = inclusion(position, leaves)
    check_inclusion(position, size, leaves[position], proof, root(leaves))
    bit = data.draw(BIT)
    changes = [
        (position, size, flipped(leaves[position], bit), proof, root(leaves)),
        (position, size, leaves[position], proof, flipped(root(leaves), bit)),
        (position, size, leaves[position], [*proof, leaves[0]], root(leaves)),
        *((other, size, leaves[position], proof, root(leaves)) for other in (position - 1, position + 1, size)),
    ]
    for i in range(len(proof)):
        changes.append(
            (position, size, leaves[position], [*proof[:i], flipped(proof[i], bit), *proof[i + 1 :]], root(leaves))
        )
        changes.append((position, size, leaves[position], [*proof[:i], *proof[i + 1 :]], root(leaves)))
    for change in changes:
        with pytest.raises(ProofWrong):
            check_inclusion(*change)


@given(st.data(), SIZES)
def test_a_consistency_proof_fits_its_trees_only(data: st.DataObject, size: int) -> None:
    leaves = LEAVES[:size]
    old = data.draw(st.integers(1, size))
    proof, before, now = consistency(old, leaves), root(leaves[:old]), root(leaves)
    check_consistency(old, size, before, now, proof)
    bit = data.draw(BIT)
    changes = [
        (old, size, flipped(before, bit), now, proof),
        (old, size, before, flipped(now, bit), proof),
        (old, size, before, now, [*proof, now]),
    ]
    for i in range(len(proof)):
        changes.append((old, size, before, now, [*proof[:i], flipped(proof[i], bit), *proof[i + 1 :]]))
        changes.append((old, size, before, now, [*proof[:i], *proof[i + 1 :]]))
    for change in changes:
        with pytest.raises(ProofWrong):
            check_consistency(*change)


@pytest.mark.parametrize(("old", "size"), [(0, 5), (6, 5), (-1, 5)])
def test_no_tree_continues_nothing_or_a_larger_one(old: int, size: int) -> None:
    with pytest.raises(ProofWrong):
        check_consistency(old, size, root(LEAVES[: max(old, 0)]), root(LEAVES[:size]), [])


@given(st.integers(0, len(LEAVES)))
def test_a_tree_is_joined_from_its_perfect_subtrees(size: int) -> None:
    parts = [LEAVES[index << height : index + 1 << height] for height, index in subtrees(size)]
    assert [leaf for part in parts for leaf in part] == LEAVES[:size]
    assert joined([root(part) for part in parts]) == root(LEAVES[:size])


def test_the_empty_tree_has_the_root_of_nothing() -> None:
    assert joined([]) == EMPTY_ROOT == root([])


MADE = Made(events(70_000))
FILES = Files(MADE.files())
ROOTS = {size: root(MADE.leaves[:size]) for size in (1, 255, 256, 257, 511, 512, 1000, 65_535, 65_536, 65_537, 70_000)}


@given(st.sampled_from(list(ROOTS)), st.integers(0, 69_999))
def test_tiles_give_every_leaf_and_every_earlier_root(old: int, position: int) -> None:
    tiles = Tiles(FILES, MADE.size, ROOTS[MADE.size])
    assert tiles.root_at(old) == ROOTS[old]
    assert tiles.leaf(position) == MADE.leaves[position]


@given(st.data(), st.sampled_from([3, 300, 70_000]))
def test_a_flipped_bit_names_its_tile(data: st.DataObject, size: int) -> None:
    made = MADE if size == MADE.size else Made(MADE.events[:size])
    files = Files(FILES if size == MADE.size else made.files())
    path = data.draw(
        st.sampled_from(sorted(path for path in files if path.startswith("tile/") and "entries" not in path))
    )
    bit = data.draw(st.integers(0, len(files[path]) * 8 - 1))
    files[path] = flipped(files[path], bit)
    with pytest.raises(Fault) as caught:
        read_all(files, size, ROOTS.get(size) or root(made.leaves))
    assert path in str(caught.value)


def read_all(source: Source, size: int, root_: bytes) -> None:
    tiles = Tiles(source, size, root_)
    for index in range(-(-size // 256)):
        tiles.tile(0, index)


def test_a_full_tile_replaces_a_partial_one() -> None:
    made = Made(events(512))
    files = Files(Made(made.events[:300]).files() | made.files())
    del files[tile_path(0, 1, 44)], files[entries_path(1, 44)]
    tiles = Tiles(files, 300, root(made.leaves[:300]))
    assert tiles.leaf(299) == made.leaves[299]
    assert read_entries(files, 1, 44)[1] == [one.entry for one in made.events[256:300]]


@pytest.mark.parametrize(
    ("index", "width", "place"),
    [
        (0, 256, "000"),
        (7, 3, "007.p/3"),
        (999, 256, "999"),
        (1000, 256, "x001/000"),
        (1_234_067, 256, "x001/x234/067"),
        (1_234_067, 255, "x001/x234/067.p/255"),
    ],
)
def test_paths_are_those_of_the_specification(index: int, width: int, place: str) -> None:
    assert tile_path(2, index, width) == f"tile/2/{place}"
    assert entries_path(index, width) == f"tile/entries/{place}"


def test_a_right_edge_of_another_log_is_refused() -> None:
    other = Files(Made(events(300, streams=3)).files())
    with pytest.raises(Fault, match="together do not have the root"):
        Tiles(other, 300, root(MADE.leaves[:300]))
