"""Codes on invitations: typed by hand, checked before anybody looks, told apart by nobody."""

from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ledger.invitation_codes import (
    ALPHABET,
    LENGTH,
    CodeMistyped,
    code_digest,
    in_groups,
    make_code,
    read_code,
)
from ledger.master_key import MasterKey

CODES = st.builds(lambda _: make_code(), st.integers())


@given(CODES)
def test_codes_read_however_they_are_typed(code: str) -> None:
    wide = "".join(chr(ord(one) + 0xFEE0) for one in code)
    for typed in (code, in_groups(code), code.lower(), f" {in_groups(code).replace('-', ' ')} ", wide):
        assert read_code(typed) == code
    assert read_code(code.replace("5", "S").replace("2", "Z")) == code


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_a_wrong_character_is_always_noticed(code: str, place: int, other: str) -> None:
    assume(code[place] != other)
    with pytest.raises(CodeMistyped):
        read_code(code[:place] + other + code[place + 1 :])


@given(st.text(max_size=40))
def test_other_texts_are_refused(text: str) -> None:
    with suppress(CodeMistyped):
        assert len(read_code(text)) == LENGTH


def test_codes_avoid_look_alikes_and_repeat_rarely() -> None:
    codes = {make_code() for _ in range(2_000)}
    assert len(codes) == 2_000
    assert not set("".join(codes)) & set("01OILSUZ")


def test_digests_differ_by_key_and_code() -> None:
    code, master = make_code(), MasterKey(b"\1" * 32)
    assert code_digest(master, code) == code_digest(master, code)
    assert (
        len({code_digest(master, code), code_digest(MasterKey(b"\2" * 32), code), code_digest(master, make_code())})
        == 3
    )
