"""The districts of Beijing as tiles that lie about as the districts do: no map, hence no borders to agree on."""

from collections.abc import Sequence
from dataclasses import dataclass

# Column and row. Xuanwu and Chongwen were joined to Xicheng and Dongcheng in July 2010; without them their row is gone.
_FORMER = {"110104": (2, 3), "110103": (3, 3)}
_PLACES = {
    "110229": (1, 0), "110116": (2, 0), "110228": (3, 0),
    "110114": (1, 1), "110113": (2, 1), "110117": (3, 1),
    "110109": (0, 2), "110108": (1, 2), "110102": (2, 2), "110101": (3, 2), "110105": (4, 2),
    "110111": (0, 4), "110107": (1, 4), "110106": (2, 4), "110115": (3, 4), "110112": (4, 4),
}  # fmt: skip
COLUMNS, WIDTH, HEIGHT, GAP = 5, 92, 64, 6
STEPS = 4


@dataclass(frozen=True, slots=True)
class TileOf:
    code: str
    name: str
    count: int
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Tile:
    """`step`: how much, from 1 to 4. `x`, `y`: of its corner."""

    of: TileOf
    step: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class TileMap:
    tiles: tuple[Tile, ...]
    width: int
    height: int


def tile_map(found: Sequence[TileOf]) -> TileMap:
    """Districts that lie nowhere here, of another city, stand behind the others."""
    codes = {one.code for one in found}
    places = _PLACES | {code: place for code, place in _FORMER.items() if code in codes}
    if not codes & _FORMER.keys():
        places = {code: (column, row - (row > 3)) for code, (column, row) in places.items()}
    places = {code: place for code, place in places.items() if code in codes}
    after = max((row for _, row in places.values()), default=-1) + 1
    for number, one in enumerate(one for one in found if one.code not in places):
        places[one.code] = (number % COLUMNS, after + number // COLUMNS)
    most = max((one.count for one in found), default=0)
    tiles = tuple(
        Tile(one, _step(one.count, most), x * (WIDTH + GAP), y * (HEIGHT + GAP))
        for one in found
        for x, y in (places[one.code],)
    )
    rows = max((row for _, row in places.values()), default=-1) + 1
    return TileMap(tiles, COLUMNS * (WIDTH + GAP) - GAP, max(rows * (HEIGHT + GAP) - GAP, 0))


def _step(count: int, most: int) -> int:
    return min(1 + count * STEPS // (most + 1), STEPS) if most else 1
