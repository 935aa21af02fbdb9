"""Inviting those who were drawn: one code, one answer, and no reply that tells who answered (N17)."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.ledger.project.given import PROJECT, recorded

from ledger.aggregates import FEEDBACK
from ledger.core.fact import Sealed
from ledger.invitation_codes import CodeUnusable
from ledger.project.feedback import AlreadyAnswered, EntryNotDrawn, Feedback, FeedbackFact, check_drawn
from ledger.project.invitations import (
    LONGEST,
    AllInvited,
    InvitationDays,
    InvitedAnswered,
    OccasionsDrawn,
    Questionnaire,
    entries_to_invite,
    invite,
    invited_entry,
)
from ledger.project.sampling import Frame, Occasion, OccasionsRegistered, SampleDrawn
from ledger.refusals.general import SampleMissing

TODAY, LAST = date(2010, 10, 1), date(2010, 10, 31)
FIRST, SECOND, NOT_DRAWN = "1" * 64, "2" * 64, "3" * 64
SAMPLE = SampleDrawn(project=PROJECT, value="07", seed="4" * 64, drawn=(FIRST, SECOND))
DRAWN = Frame(PROJECT, sample=SAMPLE)
CODE, OTHER, THIRD = UUID(int=301), UUID(int=302), UUID(int=303)


def folded(*facts: FeedbackFact) -> Feedback:
    feedback = Feedback(PROJECT)
    for version, fact in enumerate(facts, 1):
        feedback = FEEDBACK.evolve(feedback, recorded(fact, version))
    return feedback


def invited(feedback: Feedback, codes: dict[str, UUID], expires_on: date = LAST) -> FeedbackFact:
    return invite(DRAWN, feedback, codes, project=PROJECT, expires_on=expires_on, today=TODAY)


def answered(entry: str) -> InvitedAnswered:
    answers = Sealed[Questionnaire](commitment="6" * 64)
    return InvitedAnswered(project=PROJECT, entry=entry, person=UUID(int=9), for_another=None, answers=answers)


BOTH = invited(folded(), {FIRST: CODE, SECOND: OTHER})


def test_a_code_opens_its_entry_until_it_expires() -> None:
    assert invited_entry(folded(BOTH), CODE, LAST) == FIRST
    with pytest.raises(CodeUnusable):
        invited_entry(folded(BOTH), CODE, LAST + timedelta(days=1))


def test_used_replaced_and_unknown_codes_are_refused_alike() -> None:
    used = folded(BOTH, answered(FIRST))
    replaced = folded(BOTH, invited(folded(BOTH), {FIRST: THIRD}))
    said = set()
    for feedback, code, day in (
        (used, CODE, TODAY),
        (replaced, CODE, TODAY),
        (folded(BOTH), THIRD, TODAY),
        (folded(BOTH), CODE, LAST + timedelta(days=1)),
    ):
        with pytest.raises(CodeUnusable) as refused:
            invited_entry(feedback, code, day)
        said.add((refused.value.sentence("zh"), refused.value.sentence("en"), tuple(refused.value.details)))
    assert len(said) == 1
    assert (invited_entry(used, OTHER, TODAY), invited_entry(replaced, THIRD, TODAY)) == (SECOND, FIRST)


def test_an_answer_by_code_counts_for_the_sample() -> None:
    given = folded(BOTH, answered(FIRST))
    assert given.sample == {FIRST: "6" * 64} and not given.online
    with pytest.raises(AlreadyAnswered):
        check_drawn(given, SAMPLE, FIRST)


def test_everybody_drawn_is_invited_once_unless_named() -> None:
    assert entries_to_invite(DRAWN, folded(), None) == (FIRST, SECOND)
    assert entries_to_invite(DRAWN, folded(invited(folded(), {FIRST: CODE})), None) == (SECOND,)
    with pytest.raises(AllInvited):
        entries_to_invite(DRAWN, folded(BOTH), None)
    assert entries_to_invite(DRAWN, folded(BOTH), (SECOND, SECOND)) == (SECOND,)


def test_who_answered_is_invited_like_others() -> None:
    """A letter that did not go out would tell that somebody has answered."""
    before, after = folded(BOTH), folded(BOTH, answered(FIRST))
    assert entries_to_invite(DRAWN, before, (FIRST,)) == entries_to_invite(DRAWN, after, (FIRST,))
    again = folded(BOTH, answered(FIRST), invited(after, {FIRST: THIRD}))
    with pytest.raises(CodeUnusable):
        invited_entry(again, THIRD, TODAY)


def test_only_drawn_people_are_invited() -> None:
    with pytest.raises(SampleMissing):
        entries_to_invite(Frame(PROJECT), folded(), None)
    with pytest.raises(EntryNotDrawn):
        entries_to_invite(DRAWN, folded(), (NOT_DRAWN,))
    listed = OccasionsRegistered(
        project=PROJECT,
        occasions=(Occasion(entry=FIRST, name="讲座", on=LAST, place="社区", expected=9),),
        digest="5" * 64,
        people_served=9,
        source="示例",
        announced_on=TODAY,
        share=10,
        least=1,
    )
    with pytest.raises(OccasionsDrawn):
        entries_to_invite(replace(DRAWN, registered=listed), folded(), None)


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + LONGEST + timedelta(days=1)])
def test_an_invitation_ends_within_half_a_year(day: date) -> None:
    with pytest.raises(InvitationDays):
        invited(folded(), {FIRST: CODE}, day)
