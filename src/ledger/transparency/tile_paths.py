"""The path of a tile or bundle (C2SP tlog-tiles): `x001/x234/067`, with `.p/W` when it holds fewer than 256."""

import re
from dataclasses import dataclass

from ledger.transparency.tree import WIDTH

LARGEST_LEVEL = 63
_INDEX = re.compile(r"((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_LEVEL = re.compile(r"(0|[1-9][0-9]?)/")


class PathWrong(ValueError):
    """No path of a tile."""


@dataclass(frozen=True, slots=True)
class Part:
    """256 positions, or the first `width` of them."""

    index: int
    width: int


def index_path(index: int, width: int = WIDTH) -> str:
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return "/".join(groups) + ("" if width == WIDTH else f".p/{width}")


def parse_index(path: str) -> Part:
    """Raises PathWrong also for a path that means the same as a shorter one."""
    matched = _INDEX.fullmatch(path)
    if matched is None:
        raise PathWrong(path)
    index = int(matched[1].replace("x", "").replace("/", ""))
    width = int(matched[2] or WIDTH)
    if width > WIDTH or index_path(index, width) != path:
        raise PathWrong(path)
    return Part(index, width)


def parse_tile(path: str) -> tuple[int, Part]:
    """`level/index`. Raises PathWrong."""
    matched = _LEVEL.match(path)
    if matched is None or int(matched[1]) > LARGEST_LEVEL:
        raise PathWrong(path)
    return int(matched[1]), parse_index(path[matched.end() :])
