"""Identifiers with check digits, and the ids of streams that are derived from what makes a thing the same."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from ledger.identifiers import (
    Identifier,
    grant_stream,
    organisation_stream,
    orgcode_check_digit,
    programme_stream,
    quota_stream,
    register_code,
    stream_id,
)

# GB 32100 leaves out the letters that look like digits.
CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DIGITS = "0123456789"


def credit_code_check_digit(first_17: str) -> str:
    """The 18th character of a unified social credit code, after the text of GB 32100-2015."""
    total = sum(CREDIT_CODE_ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(first_17))
    return CREDIT_CODE_ALPHABET[-total % 31]


def with_check_digit(first_eight: str) -> str:
    return first_eight + orgcode_check_digit(first_eight)


organisation_codes = st.text(DIGITS, min_size=8, max_size=8).map(with_check_digit)
credit_codes = st.builds(
    lambda prefix, place, code: (first := prefix + place + code) + credit_code_check_digit(first),
    st.sampled_from(["51", "52", "53"]),
    st.just("110000"),
    organisation_codes,
)


def is_taken(scheme: str, text: str) -> bool:
    try:
        Identifier(scheme=scheme, id=text)
    except ValidationError:
        return False
    return True


@given(credit_codes)
def test_a_credit_code_with_right_check_digits_is_taken(code: str) -> None:
    assert Identifier(scheme="CN-USCI", id=code).id == code


@given(credit_codes, st.integers(0, 17), st.sampled_from(CREDIT_CODE_ALPHABET + "IOSVZaé -"))
def test_any_one_changed_character_makes_a_credit_code_wrong(code: str, place: int, character: str) -> None:
    assume(code[place] != character)
    assert not is_taken("CN-USCI", code[:place] + character + code[place + 1 :])


@given(organisation_codes)
def test_an_organisation_code_with_its_check_digit_is_taken(code: str) -> None:
    assert Identifier(scheme="CN-ORGCODE", id=code).id == code


@given(organisation_codes, st.integers(0, 8), st.sampled_from(DIGITS + "Xxé-"))
def test_any_one_changed_digit_makes_an_organisation_code_wrong(code: str, place: int, character: str) -> None:
    # Modulo 11 cannot tell a digit from the letter eleven places on, so letters within are not among the changes.
    assume(code[place] != character and (character in DIGITS or place == 8 or character != "X"))
    assert not is_taken("CN-ORGCODE", code[:place] + character + code[place + 1 :])


@pytest.mark.parametrize(("first_eight", "check"), [("00000000", "0"), ("00000003", "5"), ("00000006", "X")])
def test_check_digits_of_organisation_codes_worked_out_by_hand(first_eight: str, check: str) -> None:
    # By GB 11714 the last of eight counts twice: 11 - 2·3 = 5, and 11 - (2·6 mod 11) = 10, which is written X.
    assert orgcode_check_digit(first_eight) == check


@pytest.mark.parametrize("prefix", ["11", "12", "54", "91", "93"])
@given(code=organisation_codes)
def test_a_foreign_kind_of_credit_code_is_refused(prefix: str, code: str) -> None:
    first = prefix + "110000" + code
    assert not is_taken("CN-USCI", first + credit_code_check_digit(first))


@given(code=st.text(DIGITS, min_size=9, max_size=9))
def test_a_wrong_inner_organisation_code_is_refused(code: str) -> None:
    assume(with_check_digit(code[:8]) != code)
    first = "51110000" + code
    assert not is_taken("CN-USCI", first + credit_code_check_digit(first))


@pytest.mark.parametrize("text", ["", "5111", "511100005000123459", "51110000 500012345A", "京民社证字第1号"])
def test_a_malformed_credit_code_is_refused(text: str) -> None:
    assert not is_taken("CN-USCI", text)


@pytest.mark.parametrize("scheme", ["CN-REG", "GB-CHC", "GB-COH", "XI-LEI", "XM-DAC-123", "other"])
def test_an_identifier_without_check_digit_is_accepted(scheme: str) -> None:
    assert Identifier(scheme=scheme, id="京民社证字第0010001号").id == "京民社证字第0010001号"


@pytest.mark.parametrize("scheme", ["", "cn-usci", "CNUSCI", "C-USCI", "CN_USCI", "CN-", "Other", "others", "CN-U/1"])
def test_a_scheme_has_the_form_of_the_register(scheme: str) -> None:
    assert not is_taken(scheme, "1")


def test_an_identifier_always_means_one_stream() -> None:
    # These ids are in the log; another value here means that nobody finds their history any more.
    code = Identifier(scheme="CN-REG", id="示例0001")
    grant = Identifier(scheme="GB-CHC", id="327114")
    assert str(organisation_stream(code)) == "feb11cfc-ea40-5b6d-89c9-f12a74744978"
    assert str(programme_stream("beijing-2010")) == "b6aee028-bfaf-554b-922f-89d758bc95c0"
    assert str(quota_stream("beijing-2010", "top-ten")) == "76c4f0de-938a-580c-8a83-6ada846ac8e9"
    assert str(grant_stream(grant, "1")) == "58360ced-60ea-59eb-acf3-c70ad05af4a5"


def test_streams_of_different_things_differ() -> None:
    funder = Identifier(scheme="GB-CHC", id="1/2")
    other = Identifier(scheme="GB-CHC", id="1")
    streams = [
        programme_stream("a"),
        programme_stream("b"),
        quota_stream("a", "b"),
        quota_stream("b", "a"),
        organisation_stream(funder),
        organisation_stream(other),
        grant_stream(funder, "3"),
        grant_stream(other, "2/3"),
        stream_id("account", "a"),
    ]
    assert len(set(streams)) == len(streams)


funders = st.builds(
    Identifier,
    scheme=st.sampled_from(["GB-CHC", "GB-COH", "GB-CHC-A", "other"]),
    id=st.text("AB1-/ é中", min_size=1, max_size=6).filter(lambda text: bool(text.strip())),
)


@given(funders, funders)
@example(Identifier(scheme="GB-CHC-A", id="1"), Identifier(scheme="GB-CHC", id="A-1"))
@example(Identifier(scheme="GB-CHC", id="a"), Identifier(scheme="GB-CHC", id="A"))
@example(Identifier(scheme="GB-CHC", id="é"), Identifier(scheme="GB-CHC", id="中"))
def test_two_funders_never_share_a_register(one: Identifier, other: Identifier) -> None:
    assert (register_code(one) == register_code(other)) == (one == other)


def test_a_register_code_is_readable() -> None:
    assert register_code(Identifier(scheme="GB-CHC", id="327114")) == "360g-gb-chc-327114"
