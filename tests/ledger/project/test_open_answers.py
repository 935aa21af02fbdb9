"""Answers by real name: counted only where verified, once for each person and each telephone number (N18)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from tests.ledger.project.given import PROJECT, recorded

from ledger.aggregates import FEEDBACK
from ledger.core.fact import Sealed
from ledger.identity import IdentityWrong
from ledger.identity_codes import WINDOW, IdentityNotVerifiable, Telephone, identity_code, is_code, verifiable
from ledger.master_key import MasterKey
from ledger.project.feedback import Feedback, Respondent
from ledger.project.invitations import Questionnaire
from ledger.project.open_answers import (
    UNVERIFIED_EACH,
    OpenAnswered,
    Standing,
    Verified,
    count_unverified,
    standing_of,
)

GROWN_UP, PHONE = "00000019700101006X", "13000000000"
NOW = datetime(2010, 10, 1, 4, 5, tzinfo=UTC)
MASTER = MasterKey(b"\1" * 32)
PEOPLE = st.integers(1, 30).map(lambda number: UUID(int=number))
PHONES = st.integers(101, 104).map(lambda number: UUID(int=number))


def answered(feedback: Feedback, person: UUID, source: UUID, verified: Verified | None) -> Feedback:
    fact = OpenAnswered(
        project=PROJECT,
        person=person,
        source=source,
        verified=verified,
        standing=standing_of(feedback, person, source, verified),
        respondent=Sealed[Respondent](commitment="5" * 64),
        answers=Sealed[Questionnaire](commitment="6" * 64),
    )
    return FEEDBACK.evolve(feedback, recorded(fact, 1))


@for_all(st.lists(st.tuples(PEOPLE, PHONES, st.sampled_from([None, *Verified])), max_size=60))
def test_a_telephone_vouches_once_and_a_person_counts_once(sent: list[tuple[UUID, UUID, Verified | None]]) -> None:
    feedback = Feedback(PROJECT)
    for person, source, verified in sent:
        feedback = answered(feedback, person, source, verified)
    assert set(feedback.online) <= {person for person, _, verified in sent if verified}
    assert len(feedback.online) == len(feedback.verifiers) <= len({source for _, source, _ in sent})
    assert all(number <= UNVERIFIED_EACH for number in feedback.unverified.values())
    if sent and sent[0][2]:
        assert sent[0][0] in feedback.online


def test_answers_without_a_verified_identity_are_never_counted() -> None:
    feedback, account = Feedback(PROJECT), UUID(int=101)
    for number in range(1, 26):
        feedback = answered(feedback, UUID(int=number), account, None)
    assert not feedback.online
    counted = count_unverified(feedback)
    assert counted and counted.answered == UNVERIFIED_EACH
    assert count_unverified(Feedback(PROJECT)) is None


def test_what_becomes_of_an_answer_follows_who_sent_it() -> None:
    first = answered(Feedback(PROJECT), UUID(int=1), UUID(int=101), Verified.TELEPHONE)
    phone, other = UUID(int=101), UUID(int=102)
    assert standing_of(first, UUID(int=1), other, Verified.TELEPHONE) is Standing.AGAIN
    assert standing_of(first, UUID(int=1), other, None) is Standing.UNVERIFIED
    assert standing_of(first, UUID(int=2), phone, Verified.TELEPHONE) is Standing.UNVERIFIED
    assert standing_of(first, UUID(int=2), other, Verified.PROVIDER) is Standing.COUNTED


def test_a_code_works_for_its_person_number_and_time() -> None:
    code = identity_code(MASTER, PROJECT, GROWN_UP, PHONE, NOW)
    assert len(code) == 8 and code.isdigit()
    assert is_code(MASTER, PROJECT, GROWN_UP, PHONE, f" {code[:4]} {code[4:]}", NOW + WINDOW)
    for wrong in (
        is_code(MASTER, PROJECT, GROWN_UP, PHONE, code, NOW + 2 * WINDOW),
        is_code(MASTER, PROJECT, GROWN_UP, PHONE, code, NOW - timedelta(days=1)),
        is_code(MASTER, PROJECT, GROWN_UP, "13000000001", code, NOW),
        is_code(MASTER, PROJECT, "000000197001010019", PHONE, code, NOW),
        is_code(MASTER, UUID(int=5), GROWN_UP, PHONE, code, NOW),
        is_code(MasterKey(b"\2" * 32), PROJECT, GROWN_UP, PHONE, code, NOW),
        is_code(MASTER, PROJECT, GROWN_UP, PHONE, "", NOW),
    ):
        assert not wrong


def test_only_checked_identity_numbers_are_verified() -> None:
    assert verifiable("000000 19700101 006x") == GROWN_UP
    with pytest.raises(IdentityNotVerifiable):
        verifiable("护照 E12345678")
    with pytest.raises(IdentityWrong):
        verifiable("000000197001010061")


@pytest.mark.parametrize(
    "written", [PHONE, "130 0000 0000", "+86 130-0000-0000", "8613000000000", "１３０００００００００"]
)
def test_telephone_numbers_are_written_in_one_way(written: str) -> None:
    number: TypeAdapter[str] = TypeAdapter(Telephone)
    assert number.validate_python(written) == PHONE
    with pytest.raises(ValidationError):
        number.validate_python(f"{written}x")
