"""Money, civil dates, text and periods: what they take, what they refuse, and that they come back as they went in."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ledger.core.words import Words
from ledger.values import (
    FORBIDDEN_CHARACTERS,
    LINE_BREAKS,
    CivilDate,
    Code,
    Digest,
    Frozen,
    Line,
    Money,
    Period,
    Text,
)

CIVIL_DATE: TypeAdapter[date] = TypeAdapter(CivilDate)
LINE: TypeAdapter[str] = TypeAdapter(Line)
TEXT: TypeAdapter[str] = TypeAdapter(Text)
CODE: TypeAdapter[str] = TypeAdapter(Code)
DIGEST: TypeAdapter[str] = TypeAdapter(Digest)

amounts = st.builds(
    lambda whole, decimals: f"{whole}.{decimals}" if decimals else str(whole),
    st.integers(0, 10**15 - 1),
    st.text("0123456789", max_size=4),
)


def money(amount: Any, currency: Any = "CNY") -> Money:
    return Money.model_validate({"amount": amount, "currency": currency})


@given(amounts)
def test_an_amount_comes_back_digit_for_digit(amount: str) -> None:
    stored = f'{{"amount":"{amount}","currency":"CNY"}}'
    assert Money.model_validate_json(stored).model_dump_json() == stored


@pytest.mark.parametrize("amount", ["0", "0.00", "0.0001", "1234.50", "999999999999999.9999"])
def test_an_amount_keeps_its_scale(amount: str) -> None:
    assert money(amount).model_dump(mode="json")["amount"] == amount


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        (1234, "amount_not_a_string"),
        (1234.5, "amount_not_a_string"),
        (True, "amount_not_a_string"),
        (None, "amount_not_a_string"),
        (b"1", "amount_not_a_string"),
        ("1e3", "amount_form"),
        ("1E-2", "amount_form"),
        ("-1", "amount_form"),
        ("+1", "amount_form"),
        ("-0", "amount_form"),
        ("NaN", "amount_form"),
        ("Infinity", "amount_form"),
        ("1000000000000000", "amount_form"),
        ("1.00000", "amount_form"),
        ("1.", "amount_form"),
        (".5", "amount_form"),
        ("01", "amount_form"),
        ("1,000", "amount_form"),
        ("1_000", "amount_form"),
        (" 1", "amount_form"),
        ("1\n", "amount_form"),
        ("", "amount_form"),
        ("1٢", "amount_form"),
        ("1.２", "amount_form"),
        (Decimal("NaN"), "amount_form"),
        (Decimal("-1"), "amount_form"),
        (Decimal("1E+15"), "amount_form"),
    ],
)
def test_what_is_no_exact_amount_is_refused(amount: Any, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        money(amount)
    assert [error["type"] for error in refused.value.errors()] == [why]


def test_a_number_in_json_is_no_amount() -> None:
    with pytest.raises(ValidationError, match="never a number"):
        Money.model_validate_json('{"amount":1234.50,"currency":"CNY"}')


@pytest.mark.parametrize("currency", ["cny", "CN", "CNYX", "¥", "CNY\n", "", None])
def test_a_currency_has_three_capital_letters(currency: Any) -> None:
    with pytest.raises(ValidationError):
        money("1", currency)


@pytest.mark.parametrize("text", ["2010-02-28", "2012-02-29", "1900-01-01", "2199-12-31"])
def test_a_civil_date_comes_back_as_it_was_written(text: str) -> None:
    assert CIVIL_DATE.dump_json(CIVIL_DATE.validate_json(f'"{text}"')) == f'"{text}"'.encode()


@pytest.mark.parametrize(
    "value",
    [
        "2010-02-30",
        "2010-02-29",
        "20100301",
        "2010-3-1",
        "2010-W09-1",
        "2010-060",
        "2010/03/01",
        "2010-03-01T00:00:00",
        " 2010-03-01",
        "2010-03-01\n",
        "２０１０-03-01",
        "-2010-03-01",
        "1800-01-01",
        "1899-12-31",
        "2200-01-01",
        20100301,
        1267401600,
        1267401600.0,
        None,
        True,
        b"2010-03-01",
        datetime(2010, 3, 1),  # noqa: DTZ001 - a time without zone is what is refused
        datetime(2010, 3, 1, tzinfo=UTC),
    ],
)
def test_what_is_no_civil_date_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        CIVIL_DATE.validate_python(value)


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x0b", "\x1b", "\x7f", "\x80", "\x85", "\x9f", "\uffff"])
@pytest.mark.parametrize("kind", [LINE, TEXT])
def test_text_holds_no_control_characters(kind: TypeAdapter[str], character: str) -> None:
    with pytest.raises(ValidationError, match="control character"):
        kind.validate_python(f"示例{character}示例")


@pytest.mark.parametrize("half", ["\ud800", "\udfff"])
@pytest.mark.parametrize("kind", [LINE, TEXT])
def test_text_holds_no_half_of_a_surrogate_pair(kind: TypeAdapter[str], half: str) -> None:
    with pytest.raises(ValidationError):
        kind.validate_python(f"示例{half}")
    with pytest.raises(ValidationError):
        kind.validate_json(f'"\\u{ord(half):04x}"')


@pytest.mark.parametrize("text", ["第一行\n第二行", "一\t二", "第一行\r\n第二行"])
def test_only_long_text_has_several_lines(text: str) -> None:
    assert TEXT.validate_python(text) == text
    with pytest.raises(ValidationError, match="one line"):
        LINE.validate_python(text)


def test_what_is_printable_is_never_forbidden() -> None:
    printable = "".join(character for character in map(chr, range(0x110000)) if character.isprintable())
    assert FORBIDDEN_CHARACTERS.search(printable) is None
    assert LINE_BREAKS.search(printable) is None


@pytest.mark.parametrize("text", ["示例𠮷野家", "emoji 👩‍🌾", "e\u0301"])
def test_any_other_text_stays_as_it_was_written(text: str) -> None:
    assert LINE.validate_python(text) == text


@pytest.mark.parametrize("text", ["", "   ", "\n", None, 7])
def test_text_that_says_nothing_is_refused(text: Any) -> None:
    for kind in (LINE, TEXT):
        with pytest.raises(ValidationError):
            kind.validate_python(text)


def test_text_has_a_limit_after_its_margins_are_gone() -> None:
    assert LINE.validate_python(" " + "文" * 200 + "\n") == "文" * 200
    assert TEXT.validate_python("文" * 10_000) == "文" * 10_000
    with pytest.raises(ValidationError):
        LINE.validate_python("文" * 201)
    with pytest.raises(ValidationError):
        TEXT.validate_python("文" * 10_001)


@pytest.mark.parametrize("code", ["", "A", "-a", "_a", "a b", "a.b", "é", "a" * 81, "a\n"])
def test_a_code_is_short_lower_case_ascii(code: str) -> None:
    with pytest.raises(ValidationError):
        CODE.validate_python(code)


@pytest.mark.parametrize("digest", ["", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "0" * 64 + "\n"])
def test_a_digest_is_64_lower_case_hexadecimal_digits(digest: str) -> None:
    with pytest.raises(ValidationError):
        DIGEST.validate_python(digest)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_period_ends_on_or_after_its_first_day(one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert Period(start=first, end=last).model_dump() == {"start": first, "end": last}
    if first != last:
        with pytest.raises(ValidationError, match="ends on or after"):
            Period(start=last, end=first)


def test_values_know_no_other_field_and_never_change() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Money.model_validate({"amount": "1", "currency": "CNY", "rate": "7"})
    with pytest.raises(ValidationError, match="frozen"):
        money("1").amount = Decimal(2)  # type: ignore[misc]
    assert issubclass(Money, Frozen)


def test_a_name_is_read_in_the_reader_s_language() -> None:
    name = Words("示例", "Example")
    assert (name.in_("zh"), name.in_("en")) == ("示例", "Example")
    assert Words.same("360Giving") == Words("360Giving", "360Giving")


@pytest.mark.parametrize(
    "wrong",
    [{"zh": "示例"}, {"zh": "示\n例", "en": "a"}, {"zh": "", "en": "a"}, {"zh": "示例", "en": "a", "fr": "a"}],
)
def test_a_name_is_one_line_in_each_of_two_languages(wrong: dict[str, str]) -> None:
    read: TypeAdapter[Words] = TypeAdapter(Words)
    assert read.validate_python({"zh": "示例", "en": "a"}) == Words("示例", "a")
    with pytest.raises(ValidationError):
        read.validate_python(wrong)
