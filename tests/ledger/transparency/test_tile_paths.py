"""Paths of tiles: one spelling for each, and nothing else is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.transparency.tile_paths import Part, PathWrong, index_path, parse_index, parse_tile


@given(st.integers(0, 10**18 - 1), st.integers(1, 256), st.integers(0, 63))
def test_a_path_is_read_as_it_was_written(index: int, width: int, level: int) -> None:
    assert parse_index(index_path(index, width)) == Part(index, width)
    assert parse_tile(f"{level}/{index_path(index, width)}") == (level, Part(index, width))


@given(st.text("0123456789xp./", max_size=20) | st.text(max_size=10))
def test_each_tile_has_one_path(text: str) -> None:
    try:
        part = parse_index(text)
    except PathWrong:
        return
    assert index_path(part.index, part.width) == text


def test_the_example_of_the_specification() -> None:
    assert index_path(1234067) == "x001/x234/067"
    assert parse_index("x001/x234/067.p/255") == Part(1234067, 255)


@pytest.mark.parametrize("path", ["", "0", "000/000", "x000/000", "000.p/256", "000.p/0", "000\n", "x001/x234/067.p/"])
def test_what_is_no_path_is_told_so(path: str) -> None:
    with pytest.raises(PathWrong):
        parse_index(path)
