"""The signed log as a folder that any web server can serve, laid out as the paths under /log/."""

import asyncio
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from api.transparency.payloads import Payloads
from ledger.transaction import Ledger
from ledger.transparency.keys import LogKeys
from ledger.transparency.published import Published, PublishedLog
from ledger.transparency.tile_paths import Part, index_path
from ledger.transparency.tree import HEIGHT, WIDTH, Tile, width

STAMPED = "SELECT size FROM ledger.timestamps WHERE size <= %b ORDER BY size"


async def export_log(
    ledger: Ledger,
    log: PublishedLog,
    keys: LogKeys,
    folder: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Writes what the newest checkpoint covers; its size. What never changes and is there already is left alone, so a
    folder is brought up to date fast. The checkpoint comes last: until then the folder holds the old log. Raises
    LogNotSigned."""
    payloads = Payloads(ledger)
    newest = await log.newest()
    if _is_of_another_log(folder, newest):
        # What was lost has tiles under the same paths.
        for stale in ("tile", "payloads", "timestamps"):
            await asyncio.to_thread(shutil.rmtree, folder / stale, ignore_errors=True)
    parts = _parts(newest.size, 0)
    for done, part in enumerate(parts):
        progress(done, len(parts))
        place = index_path(part.index, part.width)
        if not (file := folder / "tile" / "entries" / place).exists():
            _write(file, await log.entries(part))
        _write(folder / "payloads" / place, await payloads.bundle(part, newest.size))
    level = 0
    while level_parts := _parts(newest.size, level):
        for part in level_parts:
            if not (file := folder / "tile" / str(level) / index_path(part.index, part.width)).exists():
                _write(file, await log.tile(level, part))
        level += 1
    async with ledger.store.pool.connection() as connection:
        sizes = await (await connection.execute(STAMPED, [newest.size])).fetchall()
    for (size,) in sizes:
        _write(folder / "timestamps" / str(size), await log.timestamp(size))
    for generation, lost in await log.lost():
        _write(folder / "lost" / str(generation), lost)
    _write(folder / "previous", await log.previous())
    _write(folder / "key", "".join(f"{one.vkey}\n" for one in keys.of_all(newest.generation)).encode())
    _write(folder / "checkpoint", newest.note.encode())
    progress(len(parts), len(parts))
    return newest.size


def _is_of_another_log(folder: Path, newest: Published) -> bool:
    try:
        there = (folder / "checkpoint").read_text("utf-8")
    except FileNotFoundError:
        return False
    return there.split("\n", 1)[0] != newest.origin


def _parts(size: int, level: int) -> list[Part]:
    """The full tiles of a level and the partial one behind them."""
    hashes = size >> HEIGHT * level
    return [Part(index, width(Tile(level, index), size)) for index in range(-(-hashes // WIDTH))]


def _write(file: Path, content: bytes) -> None:
    """Writes the file atomically: a server of the folder never sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{secrets.token_hex(8)}")
    with fresh.open("xb") as writing:
        writing.write(content)
        writing.flush()
        os.fsync(writing.fileno())
    fresh.replace(file)
