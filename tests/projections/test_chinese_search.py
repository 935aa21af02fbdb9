"""What a text can be found by, as terms; the same questions to the database are in test_listing_queries.py."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.chinese_search import LONGEST_TERM, like_patterns, query, terms, vector

texts = st.text(st.sampled_from("民生服务中心 abcXYZ019_-'\"\\&|!():*%<>,。\n\0é𠮷"), max_size=30)


def test_chinese_is_indexed_by_characters_and_pairs() -> None:
    assert terms("服务民生") == {"服", "务", "民", "生", "服务", "务民", "民生"}


def test_pairs_do_not_span_two_runs() -> None:
    assert "务民" not in terms("服务，民生")


def test_a_word_is_one_lower_case_term() -> None:
    assert terms("Beijing 2010") == {"beijing", "2010"}


def test_mixed_text_falls_into_runs_and_words() -> None:
    assert terms("ABC助老") == {"abc", "助", "老", "助老"}


def test_a_word_beyond_all_measure_is_cut() -> None:
    assert terms("x" * 500) == {"x" * LONGEST_TERM}
    assert query("x" * 500) == f"'{'x' * LONGEST_TERM}':*"


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("民", "'民'"),
        ("民生", "'民生'"),
        ("民生行动", "'民生' & '生行' & '行动'"),
        ("Beij", "'beij':*"),
        ("民生 Beij", "'民生' & 'beij':*"),
        ("民生abc", "'民生' & 'abc':*"),
        ("", ""),
        ("。！—— ’", ""),
        ("' OR 1=1 --", "'or':* & '1':* & '1':*"),
    ],
)
def test_a_question_asks_for_all_of_its_terms(asked: str, answer: str) -> None:
    assert query(asked) == answer


def test_only_longer_runs_need_the_text() -> None:
    assert like_patterns("民生 行动组织 abc 老") == ["%行动组织%"]


@given(texts)
def test_terms_hold_letters_and_digits_only(text: str) -> None:
    assert all(term.isalnum() and 0 < len(term) <= LONGEST_TERM for term in terms(text))
    assert re.fullmatch(r"('\w+'( '\w+')*)?", vector(text))
    assert re.fullmatch(r"('\w+'(:\*)?( & '\w+'(:\*)?)*)?", query(text))
    assert all(re.fullmatch(r"%\w+%", pattern) for pattern in like_patterns(text))


@given(texts, texts, texts)
def test_a_contained_text_has_all_its_terms(before: str, asked: str, after: str) -> None:
    found = terms(f"{before} {asked} {after}")
    for part in query(asked).split(" & ") if query(asked) else []:
        term = part.removesuffix(":*").strip("'")
        assert any(known.startswith(term) if part.endswith(":*") else known == term for known in found)
    assert all(pattern.strip("%") in f"{before} {asked} {after}".lower() for pattern in like_patterns(asked))
