"""Documents that tell people apart: one person has one number, however it is written."""

from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from stdnum.cn import ric
from tests.support import refuses

from ledger.identity import DocumentKind, DocumentNumberWrong, IdentityDocument, IdentityWrong

RESIDENT, PASSPORT, PERMIT = DocumentKind.RESIDENT_ID, DocumentKind.PASSPORT, DocumentKind.HMT_PERMIT


def checked(kind: DocumentKind, number: str) -> str:
    return IdentityDocument(kind=kind, number=number).checked()


def resident(first: str) -> str:
    return first + ric.calc_check_digit(f"{first}0")


@pytest.mark.parametrize(
    ("kind", "number", "same"),
    [
        (RESIDENT, "110105 19491231 002x", "11010519491231002X"),
        (RESIDENT, "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        (RESIDENT, "110105491231002", "11010519491231002X"),
        (PASSPORT, "g 1234 5678", "G12345678"),
        (PERMIT, "h-12345678", "H12345678"),
        (PERMIT, "H1234567802", "H12345678"),
        (PERMIT, "0123456701", "01234567"),
        (PERMIT, resident("81000019900101001"), resident("81000019900101001")),
    ],
)
def test_a_number_is_one_however_it_is_written(kind: DocumentKind, number: str, same: str) -> None:
    assert checked(kind, number) == same
    assert checked(kind, same) == same


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (RESIDENT, "1101051949123100"),
        (RESIDENT, "G12345678"),
        (PASSPORT, "G1"),
        (PASSPORT, "PASSPORT"),
        (PERMIT, "A12345678"),
        (PERMIT, resident("11010519491231002")),
    ],
)
def test_a_number_of_another_kind_is_refused(kind: DocumentKind, number: str) -> None:
    with refuses(DocumentNumberWrong):
        checked(kind, number)


@pytest.mark.parametrize("number", ["110105194912310021", "11010519491331002X", "110105991331002"])
def test_a_wrong_digit_or_date_is_refused(number: str) -> None:
    with refuses(IdentityWrong):
        checked(RESIDENT, number)


@for_all(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_former_and_present_numbers_are_one_person(born: date, order: int) -> None:
    present = resident(f"110105{born:%Y%m%d}{order:03}")
    assert checked(RESIDENT, present) == checked(RESIDENT, present[:6] + present[8:17]) == present
