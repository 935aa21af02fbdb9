"""What a number is: an amount, a day, a time, or nothing that anybody sees."""

import pytest
from tests.api.files.tables.reading import read
from tests.api.files.tables.spellings import MAIN, Cell, Content, parts_of, workbook, zipped

from api.files.tables.xlsx.styles import Style, style_of


@pytest.mark.parametrize(
    ("serial", "since_1904", "kind", "value"),
    [
        (40252, False, "day", "2010-03-15"),
        (38790, True, "day", "2010-03-15"),
        (40252.99, False, "day", "2010-03-15"),
        (59, False, "day", "1900-02-28"),
        (60, False, "error", "#####"),
        (61, False, "day", "1900-03-01"),
        (0, True, "day", "1904-01-01"),
        (-1, False, "error", "#####"),
        (2_958_465, False, "day", "9999-12-31"),
        (2_958_466, False, "error", "#####"),
        (2_957_003, True, "day", "9999-12-31"),
        (1e300, False, "error", "#####"),
    ],
)
def test_days_are_counted_as_excel_does(serial: float, since_1904: bool, kind: str, value: str) -> None:
    content = Content((Cell(1, 1, serial, style=1),), since_1904=since_1904)
    (found,) = read(workbook(content)).cells
    assert (found.kind, found.value) == (kind, value)


@pytest.mark.parametrize(
    ("code", "style"),
    [
        ("General", Style.PLAIN),
        ("@", Style.PLAIN),
        ('#,##0.00" 元"', Style.PLAIN),
        ("¥#,##0.00;[Red]\\-¥#,##0.00", Style.PLAIN),
        ("0.00E+00", Style.PLAIN),
        ("[DBNum2][$-804]General", Style.PLAIN),
        ("yyyy/m/d;@", Style.DAY),
        ('[DBNum1][$-804]yyyy"年"m"月"d"日";@', Style.DAY),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", Style.DAY),
        ("[$-411]ge.m.d", Style.DAY),
        ("mmm", Style.DAY),
        ("yyyy/m/d h:mm", Style.DAY),
        ("h:mm AM/PM", Style.TIME),
        ("[h]:mm:ss", Style.TIME),
        (";;;", Style.INVISIBLE),
        ('"";"";"";""', Style.INVISIBLE),
        ("[White];[White];[White]", Style.INVISIBLE),
    ],
)
def test_a_number_format_says_what_a_number_is(code: str, style: Style) -> None:
    assert style_of(code) is style


def test_built_in_chinese_date_formats_are_days() -> None:
    parts = parts_of(workbook(Content(tuple(Cell(1, column, 40252, style=column - 1) for column in range(1, 6)))))
    kinds = {14: "day", 31: "day", 57: "day", 20: "time", 46: "time", 4: "number", 49: "number"}
    for number, kind in kinds.items():
        formats = f'<xf numFmtId="{number}"/>' * 5
        parts["xl/look.xml"] = f'<styleSheet xmlns="{MAIN}"><cellXfs>{formats}</cellXfs></styleSheet>'.encode()
        assert {one.kind for one in read(zipped(parts)).cells} == {kind}
