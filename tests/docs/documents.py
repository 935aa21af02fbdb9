"""Reading the documents as the tests need them: tables, code blocks, links."""

import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the words behind the fence, and the text within it."""

    words: tuple[str, ...]
    text: str


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def blocks(document: Path) -> list[Block]:
    return [Block(tuple(words.split()), text) for words, text in FENCE.findall(document.read_text("utf-8"))]


def links(document: Path) -> list[str]:
    return LINK.findall(FENCE.sub("", document.read_text("utf-8")))


def tables(document: Path) -> list[list[dict[str, str]]]:
    """The rows of each table, by the names of its columns."""
    lines = FENCE.sub("", document.read_text("utf-8")).splitlines()
    found = []
    for is_table, group in groupby(lines, key=lambda line: line.startswith("|")):
        if is_table:
            header, _, *rows = map(_cells, group)
            found.append([dict(zip(header, row, strict=True)) for row in rows])
    return found


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in BAR.split(line.strip().strip("|"))]
