"""One spelling of many: what is typed finds what is stored, and one number is one organisation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.identifiers import Identifier, as_given, code_within, organisation_stream
from ledger.one_spelling import search_form
from projections.chinese_search import like_patterns, query, terms

SEARCHES = [
    ("合成養老服務中心", "养老"),
    ("合成养老服务中心", "養老"),
    ("ＡＢＣ合成助学中心", "abc"),
    ("买买提·阿不都合成基金会", "买买提•阿不都"),
    ("合成〇一二助老社", "零一二"),
    ("合成é", "合成e\u0301"),
    ("合成\u3000空格社", "合成 空格社"),
]
EIGHT = [
    "京社证字第0900001号",
    "京社证字第０９０００01号",
    "京社证字第 0900001 号",
    "京社证字第0900001号\u200b",
    "\ufeff京社证字第0900001号",
    "京社證字第0900001號",
    "京社証字第0900001號",
    "京社证字第0900001号。",
]
CODES = ["51110000500001237n", "５１１１００００５００００１２３７Ｎ", "51 110000 500001237 N"]
PARTS = st.text(st.sampled_from("養养老服務务Ａa·•é \u3000〇零"), max_size=6)


@pytest.mark.parametrize(("stored", "typed"), SEARCHES)
def test_what_is_typed_finds_what_is_stored(stored: str, typed: str) -> None:
    assert search_form(typed) in search_form(stored)
    text = search_form(stored)
    assert query(typed) and all(pattern.strip("%") in text for pattern in like_patterns(typed))


@given(PARTS, PARTS, PARTS)
def test_a_part_is_found_in_the_whole(before: str, part: str, after: str) -> None:
    whole = before + part + after
    assert search_form(part) in search_form(whole)
    assert search_form(search_form(whole)) == search_form(whole)
    assert terms(search_form(whole)) == terms(whole)


def test_eight_spellings_are_one_organisation() -> None:
    found = {as_given("CN-REG", number) for number in EIGHT}
    assert found == {Identifier(scheme="CN-REG", id=EIGHT[0])}
    assert len({organisation_stream(one) for one in found}) == 1


def test_codes_are_read_in_any_grouping_and_width() -> None:
    assert {as_given("CN-USCI", code).id for code in CODES} == {"51110000500001237N"}
    assert as_given("CN-ORGCODE", "50000123-7").id == "500001237"


def test_numbers_of_other_registers_stay_as_written() -> None:
    assert as_given("GB-CHC", "12 34-a").id == "12 34-a"


def test_a_unified_code_holds_an_organisation_code() -> None:
    assert code_within(as_given("CN-USCI", CODES[0])) == Identifier(scheme="CN-ORGCODE", id="500001237")
    assert code_within(as_given("CN-REG", EIGHT[0])) is None
