"""Requests for corrections: what they make of a project, and who is asked once."""

from datetime import date

import pytest
from tests.ledger.project.given import APPLIED, AT, RULES, form, given, history
from tests.support import refuses

from ledger.access import opens
from ledger.accounts import ANYONE
from ledger.core.envelope import Restated, Voided
from ledger.core.fact import Fact, Role
from ledger.corrections import void
from ledger.project.correction_requests import (
    AnswerReasonMissing,
    CorrectionAlreadyRequested,
    CorrectionDeclined,
    CorrectionGranted,
    CorrectionRequested,
    CorrectionRequestUnknown,
    check_not_requested,
    decline,
    disputed,
    find_request,
    grant,
    request_correction,
)
from ledger.refusals.general import CorrectionNotPossible
from ledger.rules import Rules

TODAY = date(2010, 3, 15)
VOID = Voided(target=5, reason="示例。")
OTHER = Restated(
    target=1, restated_on=TODAY, fact=APPLIED.model_copy(update={"form": form(title="改")}), reason="示例。"
)
ASKED = CorrectionRequested(proposed=VOID, asked_of=5, answer_by=date(2010, 4, 6))


def asked(rules: Rules = RULES) -> CorrectionRequested:
    return request_correction(VOID, asked_of=5, rules=rules, today=TODAY)


def test_the_programme_sets_the_term_of_an_answer() -> None:
    assert asked() == ASKED
    short = RULES.model_copy(update={"deadlines": RULES.deadlines.model_copy(update={"correction": 1})})
    assert asked(short).answer_by == date(2010, 3, 16)


def test_a_fact_is_asked_for_once_at_a_time() -> None:
    project = given(*AT.APPROVAL, ASKED)
    with refuses(CorrectionAlreadyRequested, target=5, request=6):
        check_not_requested(project, 5)
    check_not_requested(project, 1)
    for answer in (
        CorrectionGranted(request=6, in_place_of=None, reason=None),
        CorrectionDeclined(request=6, in_place_of=None, reason="示例。"),
    ):
        check_not_requested(given(*AT.APPROVAL, ASKED, answer), 5)


@pytest.mark.parametrize(
    "answer",
    [
        CorrectionGranted(request=6, in_place_of=Role.LEADING_GROUP, reason="示例。"),
        CorrectionDeclined(request=6, in_place_of=None, reason="示例。"),
    ],
)
def test_a_fact_is_disputed_until_the_request_is_answered(answer: Fact) -> None:
    facts = (*AT.APPROVAL, ASKED)
    assert disputed(history(*AT.APPROVAL)) == {}
    assert disputed(history(*facts)) == {5: 6}
    assert [one.target for one in given(*facts).open_requests] == [5]
    # It counts as it stands.
    assert given(*facts).approved == given(*AT.APPROVAL).approved
    assert disputed(history(*facts, answer)) == {}
    (request,) = given(*facts, answer).correction_requests
    assert request.answer is not None and request.answer.fact == answer
    assert given(*facts, answer).open_requests == ()


def test_a_void_request_disputes_nothing() -> None:
    assert disputed(history(*AT.APPROVAL, ASKED, Voided(target=6, reason="示例。"))) == {}


def test_an_answered_request_is_not_taken_back() -> None:
    declined = CorrectionDeclined(request=6, in_place_of=None, reason="示例。")
    assert void(history(*AT.APPROVAL, ASKED), 6, "示例。").target == 6
    with pytest.raises(CorrectionNotPossible, match="the request is answered"):
        void(history(*AT.APPROVAL, ASKED, declined), 6, "示例。")


def test_an_answer_needs_an_open_request_and_reasons() -> None:
    request = find_request(given(*AT.APPROVAL, ASKED), 6)
    assert grant(request, reason=None, in_place_of=None) == CorrectionGranted(request=6, in_place_of=None, reason=None)
    for refused in (
        lambda: grant(request, reason=None, in_place_of=Role.DISTRICT),
        lambda: decline(request, reason=None, in_place_of=None),
    ):
        with pytest.raises(AnswerReasonMissing):
            refused()
    declined = CorrectionDeclined(request=6, in_place_of=None, reason="示例。")
    for facts in (AT.APPROVAL, (*AT.APPROVAL, ASKED, declined)):
        with refuses(CorrectionRequestUnknown, request=6):
            find_request(given(*facts), 6)


def test_a_contact_in_a_requested_form_opens_to_participants_alone() -> None:
    fact = CorrectionRequested(proposed=OTHER, asked_of=1, answer_by=TODAY)
    (event,) = history(fact)
    assert not opens(ANYONE, event, TODAY)
    assert opens(ANYONE, history(ASKED)[0], TODAY)
