"""Answers of beneficiaries: one each, by people who are who they say, and counted without pooling (N17, N18)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import PROJECT, recorded

from ledger.aggregates import FEEDBACK
from ledger.core.fact import Sealed
from ledger.identity import IdentityWrong
from ledger.project.feedback import (
    AlreadyAnswered,
    Answers,
    EntryNotDrawn,
    Feedback,
    FeedbackMeans,
    FeedbackReceived,
    GuardianMissing,
    Respondent,
    check_drawn,
    identified,
    measure,
    wilson,
)
from ledger.project.sampling import SampleDrawn
from ledger.refusals.general import SampleMissing

TODAY = date(2010, 10, 1)
DRAWN = SampleDrawn(project=PROJECT, value="07", seed="4" * 64, drawn=("1" * 64, "2" * 64))
PERSON, OTHER = UUID(int=201), UUID(int=202)
GROWN_UP, CHILD = "00000019700101006X", "000000200001010013"


def answered(means: FeedbackMeans, person: UUID, entry: str | None) -> FeedbackReceived:
    answers = Sealed[Answers](commitment="6" * 64)
    return FeedbackReceived(project=PROJECT, means=means, person=person, entry=entry, respondent=None, answers=answers)


def given_answers(*facts: FeedbackReceived) -> Feedback:
    feedback = Feedback(PROJECT)
    for version, fact in enumerate(facts, 1):
        feedback = FEEDBACK.evolve(feedback, recorded(fact, version))
    return feedback


def respondent(identity: str, guardian: str | None = None) -> Respondent:
    return Respondent(name="王示例", identity=identity, guardian=guardian)


def test_who_was_drawn_answers_once_by_whichever_means() -> None:
    visited = given_answers(answered(FeedbackMeans.VISIT, PERSON, "1" * 64))
    check_drawn(visited, DRAWN, "2" * 64)
    with pytest.raises(AlreadyAnswered):
        check_drawn(visited, DRAWN, "1" * 64)


def test_only_the_drawn_answer_for_the_sample() -> None:
    with pytest.raises(EntryNotDrawn):
        check_drawn(given_answers(), DRAWN, "3" * 64)
    with pytest.raises(SampleMissing):
        check_drawn(given_answers(), None, "1" * 64)


@pytest.mark.parametrize("written", [GROWN_UP, "000000 19700101 006x", "000000-19700101-006X", "00000019700101006Ｘ"])
def test_resident_numbers_are_normalised(written: str) -> None:
    assert identified(respondent(written), TODAY).identity == GROWN_UP


@pytest.mark.parametrize("wrong", ["000000197001010011", "000000197013010013", "00000019700230001X"])
def test_a_resident_number_with_a_wrong_digit_is_refused(wrong: str) -> None:
    with pytest.raises(IdentityWrong):
        identified(respondent(wrong), TODAY)


@pytest.mark.parametrize("document", ["P1234567", "护照 E12345678", "110105491231002", "---"])
def test_other_documents_are_taken_as_they_are(document: str) -> None:
    assert identified(respondent(document), TODAY).identity


def test_a_guardian_answers_for_a_minor_until_the_birthday() -> None:
    with pytest.raises(GuardianMissing):
        identified(respondent(CHILD), TODAY)
    with pytest.raises(GuardianMissing):
        identified(respondent(CHILD), date(2017, 12, 31))
    assert identified(respondent(CHILD, "示例监护人"), TODAY).guardian == "示例监护人"
    assert identified(respondent(CHILD), date(2018, 1, 1)).guardian is None


# Newcombe (1998), Statistics in Medicine 17, 857-872: the score method without continuity correction.
@pytest.mark.parametrize(
    ("satisfied", "answered", "low", "high"),
    [
        (81, 263, "25.5", "36.6"),
        (15, 148, "6.2", "16.0"),
        (0, 20, "0.0", "16.1"),
        (1, 29, "0.6", "17.2"),
        (7, 8, "52.9", "97.8"),
        (5, 5, "56.6", "100.0"),
    ],
)
def test_the_interval_is_that_of_wilson(satisfied: int, answered: int, low: str, high: str) -> None:
    assert wilson(satisfied, answered) == (low, high)


@for_all(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_mirrors_that_of_the_dissatisfied(counts: tuple[int, int]) -> None:
    satisfied, answered = counts
    low, high = map(Decimal, wilson(satisfied, answered))
    assert 0 <= low <= Decimal("0.05") + 100 * Decimal(satisfied) / answered
    assert 100 * Decimal(satisfied) / answered - Decimal("0.05") <= high <= 100
    mirrored = tuple(map(Decimal, wilson(answered - satisfied, answered)))
    assert mirrored == (100 - high, 100 - low)


@for_all(st.lists(st.one_of(st.none(), st.integers(1, 5)), max_size=40), st.integers(1, 10), st.integers(40, 50))
def test_counts_add_up_and_small_groups_stay_untold(given: list[int | None], minimum: int, invited: int) -> None:
    measured = measure(given, invited=invited, minimum=minimum)
    assert (measured.invited, measured.answered) == (invited, len(given))
    if len([one for one in given if one is not None]) < minimum:
        assert (measured.satisfied, measured.low, measured.high) == (None, None, None)
    else:
        assert measured.satisfied == given.count(4) + given.count(5)
        assert measured.low is not None and measured.high is not None


def test_an_erased_answer_still_counts_as_given() -> None:
    measured = measure([5, 5, 4, None], invited=6, minimum=3)
    assert (measured.answered, measured.satisfied) == (4, 3)
    assert measure([5, 5, None, None], invited=6, minimum=3).satisfied is None
