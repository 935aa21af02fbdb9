"""Spellings of document numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.document_numbers import INTERNAL, Numbered, normalised, read_number, register_name

PATTERN = "京民服发〔{year}〕{number}号"
BRACKETS = [("〔", "〕"), ("[", "]"), ("【", "】"), ("(", ")"), ("（", "）"), ("［", "］"), ("﹝", "﹞"), ("〖", "〗")]
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
YEARS, NUMBERS = st.integers(1990, 2100), st.integers(1, 999_999)


@st.composite
def spellings(draw: st.DrawFn, year: int, number: int, series: str) -> str:
    left, right = draw(st.sampled_from(BRACKETS))
    parts = ["京民服发", left, str(year), right, series, "0" * draw(st.integers(0, 3)) + str(number), "号"]
    shown = draw(st.sampled_from(["", " ", "\u3000", "\u200b"])).join(parts)
    return shown.translate(WIDE) if draw(st.booleans()) else shown


@given(st.data(), YEARS, NUMBERS, st.sampled_from(["", INTERNAL]))
def test_all_spellings_are_one_number(data: st.DataObject, year: int, number: int, series: str) -> None:
    one, other = (data.draw(spellings(year, number, series)) for _ in range(2))
    assert normalised(one) == normalised(other)
    assert read_number(PATTERN, one) == Numbered(year, series, number)


@given(st.data(), st.tuples(YEARS, NUMBERS), st.tuples(YEARS, NUMBERS))
def test_different_numbers_stay_different(data: st.DataObject, first: tuple[int, int], second: tuple[int, int]) -> None:
    one, other = (data.draw(spellings(*said, "")) for said in (first, second))
    assert (normalised(one) == normalised(other)) == (first == second)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once


@given(st.text())
def test_any_text_reads_or_not(text: str) -> None:
    read_number(PATTERN, text)


@pytest.mark.parametrize(
    "text", ["京民服发〔2010〕号", "京民服发〔2010〕0号", "京民服发〔10〕1号", "京民社发〔2010〕1号", "7"]
)
def test_other_texts_are_no_numbers_of_the_register(text: str) -> None:
    assert read_number(PATTERN, text) is None


def test_a_pattern_names_the_register_of_each_year() -> None:
    assert register_name(PATTERN, 2010, "") == register_name("京民服发[{year}]{number}号", 2010, "")
    assert len({register_name(PATTERN, year, series) for year in (2010, 2011) for series in ("", INTERNAL)}) == 4
    assert read_number("Doc {year}-{number}/{year}", "doc 2027-12/2027") == Numbered(2027, "", 12)
    assert read_number("Doc {year}-{number}/{year}", "doc 2027-12/2028") is None
    assert read_number("LG {number}", "ＬＧ  012") == Numbered(None, "", 12)
