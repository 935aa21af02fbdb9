"""Texts of cells: plain, rich, shared by many cells, with characters that XML cannot hold."""

import re

from api.files.tables.xlsx.unreadable import Reason, Unreadable
from api.files.tables.xlsx.xml import Handler, in_main

MOST_STRINGS = 200_000
LONGEST_TEXT = 32_767  # what Excel takes in a cell
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """`_x000D_` is how a carriage return is written, and `_x005F_` an underscore before such a sequence."""
    if "_x" not in text:
        return text
    found = ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    try:
        return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError as error:
        raise Unreadable(Reason.DAMAGED) from error


class TextParts:
    """Gathers the text of one `si` or `is` from its elements. Readings of Chinese characters (`rPh`) are no part."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0

    def take(self, path: list[str], text: str) -> None:
        if path[-1] == "t" and path[-2] != "rPh":
            self._length += len(text)
            if self._length > LONGEST_TEXT * len("_x0000_"):
                raise Unreadable(Reason.TOO_MUCH_TEXT)
            self._parts.append(text)

    def whole(self) -> str:
        found = unescaped("".join(self._parts))
        if len(found) > LONGEST_TEXT:
            raise Unreadable(Reason.TOO_MUCH_TEXT)
        return found


class SharedStrings(Handler):
    root = in_main("sst")

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._parts = TextParts()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si" and len(self.path) == 1:
            if len(self.texts) >= MOST_STRINGS:
                raise Unreadable(Reason.TOO_MUCH_TEXT)
            self._parts = TextParts()

    def text(self, text: str) -> None:
        if self.path[1:2] == ["si"]:
            self._parts.take(self.path, text)

    def end(self, name: str) -> None:
        if name == "si" and len(self.path) == 1:
            self.texts.append(self._parts.whole())
