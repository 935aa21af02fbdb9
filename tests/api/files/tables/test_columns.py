"""How people write amounts and days, and what is too ambiguous to be read."""

from datetime import date

import pytest

from api.files.tables.columns import Cell, CellRefused, ErrorValue, OtherValue, count, day, money, text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026/3/15", "2026-03-15"),
        ("2026年3月15日", "2026-03-15"),
        ("2026 年 3 月 15 日", "2026-03-15"),
        ("2026年3月15号", "2026-03-15"),
        ("2026.3.15", "2026-03-15"),
        ("2026-3-5", "2026-03-05"),
        ("2026-03-05", "2026-03-05"),
        (" 2026/03/05 ", "2026-03-05"),
        (date(2026, 3, 5), "2026-03-05"),
        ("", None),
    ],
)
def test_days_are_read_in_the_styles_of_chinese(written: Cell, meant: str | None) -> None:
    assert day(written) == meant


NO_DAYS = [
    "2026-W11-7",
    "20260315",
    "2026-074",
    "15.3.2026",
    "3/15/2026",
    "26/3/15",
    "2026-3/15",
    "2026/2/30",
    "2026年3月",
    "2026年3月15",
    "2026-03-15T00:00",
    "２０２６-3-15",
    "2026--3-15",
    "2026-3-5-",
]
NO_AMOUNTS = [
    "1234,50",
    "1.234,5",
    "1.234.567",
    "1,2345",
    "12,34,567",
    "0,123",
    ",123",
    "1,234,5",
    "1234,567",
    "1,234,",
    "1，234",
    "-1",
    "1e5",
    "1,234.5,6",
    "1234567890123456",
    "¥¥1",
    "三",
]


@pytest.mark.parametrize("written", [*NO_DAYS, 46096.0, OtherValue()])
def test_other_days_are_refused(written: Cell) -> None:
    with pytest.raises(CellRefused):
        day(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1234.50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("12,345", "12345"),
        ("¥1,234,567.8", "1234567.8"),
        ("￥ 1234", "1234"),
        ("999,999,999,999,999", "999999999999999"),
        (1234.5, "1234.5"),
        (100.0, "100"),
        ("", None),
    ],
)
def test_commas_in_amounts_group_in_threes(written: Cell, meant: str | None) -> None:
    assert money(written) == meant


@pytest.mark.parametrize("written", [*NO_AMOUNTS, "1 234", 1e20, date(2026, 3, 5), OtherValue()])
def test_other_amounts_are_refused(written: Cell) -> None:
    with pytest.raises(CellRefused):
        money(written)


@pytest.mark.parametrize("read", [text, count, money, day])
def test_no_column_reads_what_is_no_value(read: object) -> None:
    assert callable(read)
    for cell in (OtherValue(), ErrorValue("#N/A")):
        with pytest.raises(CellRefused):
            read(cell)
