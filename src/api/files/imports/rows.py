"""Rows of `{"grants": [row, …]}` from a stream of bytes, in bounded memory, as far as the bytes are whole.

The parser is event based: whatever else the document holds passes by without being built. Bytes that would
harm the parser or pass it unseen are stopped before it: those that are no UTF-8, and numbers of a thousand digits,
on which it crashes. Half surrogate pairs, which it would turn into question marks, become a control character,
which no text may hold.
"""

import re
from collections.abc import Generator, Iterator
from decimal import DecimalException
from typing import IO, Any

import ijson  # type: ignore[import-untyped]

from ledger.refusals.general import FileRefused

BLOCK_BYTES = 64 * 1024
LONGEST_ROW_BYTES = 4 * 1024 * 1024
DEEPEST = 64
BOM = b"\xef\xbb\xbf"
LONG_NUMBER = re.compile(rb"[0-9]{1000}")
# Escaped backslashes and whole pairs are matched first, so that what is left in the group is half a pair.
SURROGATE = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)

OPENING = frozenset({"start_map", "start_array"})
CLOSING = frozenset({"end_map", "end_array"})

Row = Any


class NotGrants(Exception):
    """The document is JSON and not what it should be; the message says why."""


class RowBuilder:
    """Builds the rows of the array `grants` from parser events."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.finished = 0
        self.found_grants = False
        self.events = 0
        # What is open, from the document inwards, each with its key at hand; None where nothing is built.
        self._open: list[dict[str | None, Any] | list[Any] | None] = []
        self._keys: list[str | None] = []

    @property
    def progress(self) -> tuple[int, int]:
        """Changes when a row ends or, outside of rows, with every event."""
        return self.finished, 0 if self._in_row else self.events

    @property
    def _in_grants(self) -> bool:
        return len(self._open) >= 2 and self._keys[0] == "grants"

    @property
    def _in_row(self) -> bool:
        return self._in_grants and len(self._open) > 2

    def receive(self) -> Generator[None, tuple[str, Any], None]:
        """A coroutine for the parser. Raises NotGrants."""
        while True:
            event, value = yield
            self.events += 1
            if event == "map_key":
                self._keys[-1] = value
            elif event in OPENING:
                self._check_shape(event)
                new: dict[str | None, Any] | list[Any] = {} if event == "start_map" else []
                self._open.append(new if self._in_grants else None)
                self._keys.append(None)
            elif event in CLOSING:
                closed = self._open.pop()
                self._keys.pop()
                if closed is not None:
                    self._put(closed)
            else:
                self._check_shape(event)
                if self._in_grants:
                    self._put(value)

    def _put(self, value: Any) -> None:
        inside = self._open[-1]
        if isinstance(inside, dict):
            inside[self._keys[-1]] = value
        elif inside is not None:
            inside.append(value)
        else:
            self.rows.append(value)
            self.finished += 1

    def _check_shape(self, event: str) -> None:
        depth = len(self._open)
        if depth == 0 and event != "start_map":
            raise NotGrants("this is JSON and no object with an array `grants`, so not 360Giving")
        if depth == 1 and self._keys[0] == "grants":
            if event != "start_array":
                raise NotGrants("`grants` is no array, so this is not 360Giving")
            if self.found_grants:
                raise NotGrants("`grants` stands twice")
            self.found_grants = True
        if depth >= DEEPEST:
            raise NotGrants(f"values are nested deeper than {DEEPEST}")


def read_rows(file: IO[bytes]) -> Iterator[tuple[int, list[Row]]]:
    """Bytes read so far with the rows that became whole by them, block by block, from the start of the file.
    Raises FileRefused after all that was whole has been yielded."""
    builder = RowBuilder()
    target = builder.receive()
    next(target)
    parser = ijson.basic_parse_coro(target)
    offset = progressed_at = 0
    progress = builder.progress
    for piece in _pieces(file):
        problem = None if offset else _other_encoding(piece)
        piece_end = offset + len(piece)
        try:
            if problem:
                raise FileRefused(place="byte 0", why=problem)
            readable, why = _readable(piece)
            # Nothing would mean the end to the parser.
            if text := _without_bom(readable, offset):
                parser.send(text)
            if why:
                raise FileRefused(place=f"{_row(builder)}, byte {offset + len(readable)}", why=why)
        except (NotGrants, ijson.JSONError, DecimalException) as error:
            yield offset, _taken(builder)
            raise _refused(builder, error, f"bytes {offset} to {piece_end}") from error
        except FileRefused:
            yield offset, _taken(builder)
            raise
        if builder.progress != progress:
            progress, progressed_at = builder.progress, offset
        offset = piece_end
        yield offset, _taken(builder)
        if offset - progressed_at > LONGEST_ROW_BYTES:
            raise FileRefused(place=f"{_row(builder)}, byte {progressed_at}", why="one value is longer than 4 MiB")
    if not offset:
        raise FileRefused(place="byte 0", why="the file is empty")
    try:
        parser.close()
    except (NotGrants, ijson.JSONError, DecimalException) as error:
        yield offset, _taken(builder)
        raise _refused(builder, error, f"byte {offset}, the end of the file") from error
    if not builder.found_grants:
        raise FileRefused(place="file", why="there is no array `grants`, so this is not 360Giving")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The file, cut after commas, where neither a number nor a character nor an escape can be in two pieces."""
    held = b""
    while block := file.read(BLOCK_BYTES):
        held += block
        cut = held.rfind(b",") + 1
        if not cut and len(held) < LONGEST_ROW_BYTES:
            continue
        cut = cut or len(held)
        yield held[:cut]
        held = held[cut:]
    if held:
        yield held


def _other_encoding(start: bytes) -> str | None:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in start[:4]:
        return "the file is UTF-16 or UTF-32; it must be UTF-8"
    return None


def _without_bom(piece: bytes, offset: int) -> bytes:
    return piece[len(BOM) :] if not offset and piece.startswith(BOM) else piece


def _readable(piece: bytes) -> tuple[bytes, str | None]:
    """What of the piece may go to the parser and, when that is not all of it, why."""
    why = None
    try:
        piece.decode()
    except UnicodeDecodeError as error:
        is_end = error.reason == "unexpected end of data"
        why = "the file is cut off inside a character" if is_end else "the file is not UTF-8 here"
        piece = piece[: error.start]
    if number := LONG_NUMBER.search(piece):
        piece, why = piece[: number.start()], "there are a thousand digits in a row"
    if b"\\ud" in piece or b"\\uD" in piece:
        piece = SURROGATE.sub(lambda found: rb"\u0000" if found[1] else found[0], piece)
    return piece, why


def _taken(builder: RowBuilder) -> list[Row]:
    rows = builder.rows.copy()
    builder.rows.clear()
    return rows


def _row(builder: RowBuilder) -> str:
    return f"grants[{builder.finished}]" if builder.found_grants else "before `grants`"


def _refused(builder: RowBuilder, error: Exception, where: str) -> FileRefused:
    if isinstance(error, NotGrants):
        why = str(error)
    elif isinstance(error, DecimalException):
        why = "a number is out of range"
    elif "premature EOF" in str(error) or "Incomplete" in str(error):
        why = "the file is cut off"
    else:
        why = f"this is not JSON: {str(error).splitlines()[0]}"
    return FileRefused(place=f"{_row(builder)}, {where}", why=why)
