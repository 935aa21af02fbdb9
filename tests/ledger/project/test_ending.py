"""Termination with its refund, transfer to a successor, closing when nothing is open."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tests.ledger.project.given import AT, MERGED, REGISTERED, RULES, Facts, given, yuan
from tests.ledger.project.honoured import asked, judged, judged_itself, settled
from tests.ledger.project.lives import (
    BACK,
    CLOSED,
    ORDERED,
    PAID,
    START,
    SUSPENDED,
    TERMINATED,
    accepted,
    checked,
    given_back,
)
from tests.support import refuses

from ledger.core.refusal import Refusal
from ledger.organisation.state import Organisation
from ledger.project import ending
from ledger.project.ending import (
    OrdersOpen,
    RefundOverPaid,
    ReportsNotAccepted,
    RequestsOpen,
    Terminated,
    TransferNotPossible,
    Transferred,
)
from ledger.project.evaluation import EvaluationPublished
from ledger.project.finality import EvaluationNotShown, NotEvaluated, ObjectionsPending
from ledger.project.objections import ObjectionRaised, ObjectionResolved
from ledger.project.reconsideration import ReviewRequested
from ledger.project.recovery import RecoveryRecorded, RefundMissing
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.refusals.general import ChoiceUnknown, CurrencyWrong
from ledger.rules import Rules

TODAY = date(2010, 12, 20)
OTHER = Organisation(UUID(int=9), "示例接续中心", REGISTERED.kind, "110105")


def terminate(project: Project, refund: str | None, currency: str = "CNY") -> Terminated:
    money = yuan(refund, currency) if refund else None
    return ending.terminate(
        project, document_number="示例发〔2010〕8号", reason="示例：无法继续。", refund=money, rules=RULES
    )


@pytest.mark.parametrize("refund", [None, "0", "999.99", "1000.00"])
def test_termination_states_the_amount_to_return(refund: str | None) -> None:
    fact = terminate(given(*AT.DELIVERY, PAID), refund)
    assert (fact.refund and fact.refund.amount) == (Decimal(refund) if refund else None)
    assert given(*AT.DELIVERY, PAID, fact).status is Status.TERMINATED


@pytest.mark.parametrize(
    ("facts", "refund", "currency", "refusal", "details"),
    [
        (AT.DELIVERY, "0.01", "CNY", RefundOverPaid, {"refund": "0.01", "paid": "0"}),
        ((*AT.DELIVERY, PAID), "1000.01", "CNY", RefundOverPaid, {"refund": "1000.01", "paid": "1000.00"}),
        ((*AT.DELIVERY, PAID, BACK), "600.01", "CNY", RefundOverPaid, {"refund": "600.01", "paid": "600.00"}),
        ((*AT.DELIVERY, PAID), "1.00", "USD", CurrencyWrong, {"expected": "CNY", "got": "USD"}),
    ],
)
def test_nobody_gives_back_more_than_was_paid(
    facts: Facts, refund: str, currency: str, refusal: type[Refusal], details: dict[str, str]
) -> None:
    with refuses(refusal, **details):
        terminate(given(*facts), refund, currency)


def test_another_organisation_carries_the_project_on() -> None:
    fact = ending.transfer(given(*AT.DELIVERY), MERGED, OTHER, "示例：合并。", rules=RULES)
    assert fact == Transferred(
        organisation=OTHER.id, organisation_name=OTHER.name, district="110105", reason="示例：合并。"
    )
    project = given(*AT.DELIVERY, fact)
    assert (project.holder, project.status) == (fact, Status.IN_DELIVERY)


@pytest.mark.parametrize(
    ("present", "to", "refusal"),
    [
        (MERGED, Organisation(UUID(int=8)), TransferNotPossible),
        (MERGED, MERGED, TransferNotPossible),
        (REGISTERED, OTHER, TransferNotPossible),
        (MERGED, Organisation(UUID(int=6), "示例", REGISTERED.kind, "999999"), ChoiceUnknown),
    ],
)
def test_a_transfer_joins_two_valid_organisations(
    present: Organisation, to: Organisation, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        ending.transfer(given(*AT.DELIVERY), present, to, "示例。", rules=RULES)


ACCEPTED: Facts = (*AT.COMPLETION, *(accepted(START + number) for number in range(5)))
ORDER = len(ACCEPTED) + 1
EVALUATIONS: Facts = (judged_itself(), asked(36), judged(88, 88, 88))
EVALUATED: Facts = (*ACCEPTED, *EVALUATIONS)
SHOWN = EvaluationPublished(
    evaluations=(ORDER, ORDER + 1, ORDER + 2), notice="示例公示", objections_until=date(2010, 12, 19)
)
AT_NOTICE: Facts = (*EVALUATED, SHOWN)
TERMINATED_UNDER_ORDER: Facts = (*AT.DELIVERY, ORDERED, SUSPENDED, TERMINATED)
OF_TERMINATED = len(TERMINATED_UNDER_ORDER) + 1
SHOWN_TERMINATED = SHOWN.model_copy(update={"evaluations": (OF_TERMINATED, OF_TERMINATED + 1, OF_TERMINATED + 2)})
OBJECTION = ObjectionRaised(target=ORDER, reason="示例。")
ASKED = ReviewRequested(target=len(AT.REVIEW) + 1, reason="示例。")
LEFT = RecoveryRecorded(amount=yuan("200.00"), reason="示例：催缴未果。")
WITH_OBJECTIONS = RULES
PLAIN = RULES.model_copy(update={"objections": False})


def close(*facts: Any, rules: Rules = PLAIN) -> Any:
    return ending.close(settled(given(*facts)), CLOSED.conclusion, rules=rules, today=TODAY)


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        (EVALUATED, PLAIN),
        ((*AT.COMPLETION, *EVALUATIONS), PLAIN.model_copy(update={"acceptance": False})),
        ((*ACCEPTED, ORDERED, checked(ORDER, True), *EVALUATIONS), PLAIN),
        (AT_NOTICE, WITH_OBJECTIONS),
        (
            (
                *AT_NOTICE,
                OBJECTION,
                ObjectionResolved(objection=len(AT_NOTICE) + 1, target=ORDER, accepted=False, reason="示例。"),
            ),
            WITH_OBJECTIONS,
        ),
        ((*AT.DELIVERY, TERMINATED, *EVALUATIONS), PLAIN),
        ((*TERMINATED_UNDER_ORDER, *EVALUATIONS, SHOWN_TERMINATED), WITH_OBJECTIONS),
        ((*AT.DELIVERY, PAID, TERMINATED, BACK, BACK, LEFT, *EVALUATIONS), PLAIN),
    ],
)
def test_a_project_closes_when_nothing_is_open(facts: Facts, rules: Rules) -> None:
    assert close(*facts, rules=rules) == CLOSED
    assert given(*facts, CLOSED).status is Status.CLOSED


@pytest.mark.parametrize(
    ("facts", "rules", "refusal", "details"),
    [
        (ACCEPTED[:-1], PLAIN, ReportsNotAccepted, {"milestones": "completion"}),
        (AT.COMPLETION, PLAIN, ReportsNotAccepted, {"milestones": "start, early, middle, late, completion"}),
        ((*ACCEPTED[:-5], given_back(START), *ACCEPTED[-4:]), PLAIN, ReportsNotAccepted, {"milestones": "start"}),
        ((*ACCEPTED, ORDERED), PLAIN, OrdersOpen, {"orders": str(ORDER)}),
        ((*ACCEPTED, ORDERED, checked(ORDER, False)), PLAIN, OrdersOpen, {"orders": str(ORDER)}),
        (EVALUATED, WITH_OBJECTIONS, EvaluationNotShown, {}),
        (ACCEPTED, PLAIN, NotEvaluated, {"missing": "self, beneficiaries, third_party"}),
        (EVALUATED[:-1], PLAIN, NotEvaluated, {"missing": "third_party"}),
        ((*AT.DELIVERY, TERMINATED), PLAIN, NotEvaluated, {"missing": "self, beneficiaries, third_party"}),
        ((*AT.DELIVERY, TERMINATED), WITH_OBJECTIONS, EvaluationNotShown, {}),
        ((*TERMINATED_UNDER_ORDER, *EVALUATIONS), WITH_OBJECTIONS, EvaluationNotShown, {}),
        # What was added since the notice was shown to nobody.
        ((*AT_NOTICE, judged(70, 70, 70, member=106)), WITH_OBJECTIONS, EvaluationNotShown, {}),
        ((*ACCEPTED, ASKED), PLAIN, RequestsOpen, {"requests": str(ORDER)}),
        ((*AT.DELIVERY, TERMINATED, ASKED), PLAIN, RequestsOpen, {"requests": str(len(AT.DELIVERY) + 2)}),
        (
            (*EVALUATED, SHOWN.model_copy(update={"objections_until": TODAY})),
            WITH_OBJECTIONS,
            ObjectionsPending,
            {"until": "2010-12-20", "open": 0},
        ),
        ((*AT_NOTICE, OBJECTION), WITH_OBJECTIONS, ObjectionsPending, {"until": "2010-12-19", "open": 1}),
        ((*AT.DELIVERY, PAID, TERMINATED, BACK), PLAIN, RefundMissing, {"refund": "1000.00", "refunded": "400.00"}),
    ],
)
def test_what_is_still_open_is_named(
    facts: Facts, rules: Rules, refusal: type[Refusal], details: dict[str, Any]
) -> None:
    with refuses(refusal, **details):
        close(*facts, rules=rules)
