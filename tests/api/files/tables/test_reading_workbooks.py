"""One reader, one meaning: however a workbook is spelled, the same cells are read, or the same thing is refused."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.api.files.tables.reading import cells_of, read, refused, sheet_of
from tests.api.files.tables.spellings import MAIN, SPELLINGS, Cell, Content, Spelling, parts_of, workbook, zipped

from api.files.tables.reasons import REASONS, refusal_of
from api.files.tables.xlsx.unreadable import Reason, Unreadable

TABLE = (
    Cell(1, 1, "标题*"),
    Cell(1, 2, "B & <C> 'd' \"e\""),
    Cell(2, 1, " 两端 空格 "),
    Cell(2, 2, 1234.5),
    Cell(2, 3, 40252, style=1),
    Cell(3, 2, "2010"),
    Cell(5, 1, "_x005F_x000D_ 😀"),
    Cell(5, 2, 1, kind="b"),
    Cell(7, 3, 0.5, style=3),
    Cell(400, 20, style=1),
)


@given(SPELLINGS)
def test_every_spelling_reads_like_the_plain_one(spelling: Spelling) -> None:
    plain = read(workbook(Content(TABLE)))
    assert [(one.row, one.column, one.kind, one.value) for one in plain.cells] == [
        (1, 1, "text", "标题*"),
        (1, 2, "text", "B & <C> 'd' \"e\""),
        (2, 1, "text", " 两端 空格 "),
        (2, 2, "number", "1234.5"),
        (2, 3, "day", "2010-03-15"),
        (3, 2, "text", "2010"),
        (5, 1, "text", "_x000D_ 😀"),
        (5, 2, "bool", "1"),
        (7, 3, "time", "0.5"),
    ]
    assert read(workbook(Content(TABLE), spelling)) == plain


def _formula(said: Spelling) -> str:
    return said.element("f", "1+1") + said.element("v", "2")


def _shared_formula(said: Spelling) -> str:
    return said.element("f", None, t="shared", si=0) + said.element("v", "2")


DECEIVING: list[tuple[dict[str, Any], Reason, str]] = [
    ({"cells": (*TABLE, Cell(9, 4, inside=_formula))}, Reason.FORMULA, "D9"),
    ({"cells": (*TABLE, Cell(9, 4, inside=_shared_formula))}, Reason.FORMULA, "D9"),
    ({"cells": (*TABLE, Cell(1_048_576, 16_384, 1))}, Reason.TOO_MANY_ROWS, "row 1048576"),
    ({"cells": (*TABLE, Cell(2, 16_384, 1))}, Reason.TOO_MANY_COLUMNS, "XFD2"),
    ({"cells": (*TABLE, Cell(502, 1, "x"))}, Reason.TOO_MANY_ROWS, "row 502"),
    ({"cells": TABLE, "hidden_rows": frozenset({2})}, Reason.HIDDEN_ROW, "row 2"),
    ({"cells": TABLE, "hidden_columns": ((3, 30),)}, Reason.HIDDEN_COLUMN, "column C"),
    ({"cells": TABLE, "merged": "A2:B3"}, Reason.MERGED, "A2"),
    ({"cells": TABLE, "state": "hidden"}, Reason.HIDDEN_SHEET, ""),
    ({"cells": TABLE, "state": "veryHidden"}, Reason.HIDDEN_SHEET, ""),
    ({"cells": TABLE, "others": (("二", "visible", "1"),)}, Reason.SECOND_SHEET, ""),
    ({"cells": TABLE, "others": (("二", "hidden", "1"),)}, Reason.HIDDEN_SHEET, ""),
    ({"cells": (*TABLE, Cell(9, 4, 7, style=4))}, Reason.HIDDEN_CELL, "D9"),
    ({"cells": (Cell(3, 3, style=1),)}, Reason.EMPTY_SHEET, "A1"),
]


@pytest.mark.parametrize(("content", "reason", "place"), DECEIVING)
@settings(max_examples=20)
@given(spelling=SPELLINGS)
def test_no_spelling_hides_what_is_refused(
    content: dict[str, Any], reason: Reason, place: str, spelling: Spelling
) -> None:
    assert refused(workbook(Content(**content), spelling)) == (reason, place)


@settings(max_examples=300)
@given(SPELLINGS, st.integers(0, 2**32), st.integers(1, 6))
def test_damaged_bytes_are_read_or_refused(spelling: Spelling, seed: int, count: int) -> None:
    chance = random.Random(seed)
    parts = parts_of(workbook(Content(TABLE), spelling))
    name = chance.choice(sorted(parts))
    part = bytearray(parts[name])
    for _ in range(count):
        start = chance.randrange(len(part))
        piece = part[start : start + chance.randrange(40)]
        part[chance.randrange(len(part)) :][:0] = piece
        part[start : start + chance.randrange(3)] = chance.choice([b"", b"<", b"'", b"\0", b"9", piece])
    whole = bytearray(zipped(parts | {name: bytes(part)}))
    if chance.random() < 0.3:
        whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    try:
        read(bytes(whole))
    except Unreadable as error:
        assert error.reason in REASONS


def test_empty_styled_cells_count_as_nothing() -> None:
    borders = tuple(Cell(row, column, style=1) for row in range(2, 1001) for column in (1, 22, 60))
    assert read(workbook(Content((*TABLE, *borders)))) == read(workbook(Content(TABLE)))
    hidden = Content((*TABLE, Cell(900, 1, style=1)), hidden_rows=frozenset({900}), hidden_columns=((30, 16_384),))
    assert read(workbook(hidden)) == read(workbook(Content(TABLE)))
    empty = Content(TABLE, others=(("Sheet2", "visible", None), ("Sheet3", "hidden", None)))
    assert read(workbook(empty)) == read(workbook(Content(TABLE)))


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', Reason.CELL_TWICE),
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c><v>2</v></c></row>', Reason.CELL_TWICE),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', Reason.DAMAGED),
        ('<row r="1"><c r="$A$1"><v>1</v></c></row>', Reason.DAMAGED),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', Reason.DAMAGED),
        ('<row r="1048577"><c><v>1</v></c></row>', Reason.DAMAGED),
        ('<row r="0"><c><v>1</v></c></row>', Reason.DAMAGED),
        ('<row r="٣"><c><v>1</v></c></row>', Reason.DAMAGED),
        ("<row><c><v>1</v><v>2</v></c></row>", Reason.DAMAGED),
        ('<row><c t="inlineStr"><is><t>1</t></is><v>2</v></c></row>', Reason.DAMAGED),
        ("<row><c><is><t>1</t></is><v>2</v></c></row>", Reason.DAMAGED),
        ("<row><c>5</c></row>", Reason.DAMAGED),
        ('<row><c t="x"><v>1</v></c></row>', Reason.DAMAGED),
        ("<row><c><v>NaN</v></c></row>", Reason.DAMAGED),
        ("<row><c><v>1e999</v></c></row>", Reason.DAMAGED),
        ('<row><c t="s"><v>0</v></c></row>', Reason.DAMAGED),
        ('<row><c t="s"><v>-1</v></c></row>', Reason.DAMAGED),
        ('<row><c t="d"><v>2010-02-30</v></c></row>', Reason.DAMAGED),
        ('<row><c t="str"><v>_xD83D_</v></c></row>', Reason.DAMAGED),
        ('<row><c><y:f xmlns:y="urn:y">1</y:f><v>1</v></c></row>', Reason.DAMAGED),
        ("<row><row><c><v>1</v></c></row></row>", Reason.DAMAGED),
        ("</sheetData><sheetData><row><c><v>1</v></c></row>", Reason.DAMAGED),
        ("</sheetData><extLst><row><c><v>1</v></c></row></extLst><sheetData>", Reason.DAMAGED),
        ('<row ht="0"><c><v>1</v></c></row>', Reason.HIDDEN_ROW),
        ('</sheetData><sheetFormatPr defaultColWidth="0"/><sheetData><row><c><v>1</v></c></row>', Reason.DAMAGED),
    ],
)
def test_a_cell_with_two_meanings_is_refused(xml: str, reason: Reason) -> None:
    assert refused(cells_of(xml))[0] is reason


@pytest.mark.parametrize(
    ("columns", "place"),
    [
        ('<cols><col min="1" max="1" width="0" customWidth="1"/></cols>', "column A"),
        ('<cols><col min="1" max="16384" hidden="true"/></cols>', "column A"),
        ('<sheetFormatPr defaultColWidth="0"/>', "column A"),
    ],
)
def test_columns_without_width_are_hidden(columns: str, place: str) -> None:
    xml = f'<worksheet xmlns="{MAIN}">{columns}<sheetData><row><c><v>1</v></c></row></sheetData></worksheet>'
    assert refused(sheet_of(xml)) == (Reason.HIDDEN_COLUMN, place)


def test_names_of_sheets_cannot_turn_the_message_around() -> None:
    content = workbook(Content((Cell(1, 1, "x"),), state="hidden"))
    parts = parts_of(content)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("表".encode(), "a\u202eb".encode())
    with pytest.raises(Unreadable) as found:
        read(zipped(parts))
    assert found.value.sheet == "a\ufffdb"
    assert refusal_of(found.value).sentence("en").startswith('The file cannot be used: sheet "a\ufffdb": a hidden')
