"""What is an exception, and what is not, by the facts before it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from tests.ledger.project.given import (
    APPLIED,
    APPROVED,
    AT,
    DUE,
    PERIOD,
    PROJECT,
    RULES,
    SIGNED,
    SUCCESSOR,
    Facts,
    funds,
    history,
    reported,
    reviewed,
    yuan,
)
from tests.ledger.project.lives import (
    CLOSED,
    IN_STATUS,
    INSPECTED,
    ORDERED,
    PAID,
    RESUMED,
    START,
    SUSPENDED,
    TERMINATED,
    accepted,
    answered,
    checked,
    screened,
)
from tests.ledger.test_storage_format import GOLDEN
from tests.projections.test_audit import ENTERED, purchased, scored

from ledger.aggregates import PROJECT as AGGREGATE
from ledger.core.envelope import Recorded, Voided, decode
from ledger.core.fact import Audit, Fact, Role
from ledger.core.history import Timeline
from ledger.facts import FACTS
from ledger.project.contract import ContractAmended, Lapsed
from ledger.project.correction_requests import CorrectionGranted, CorrectionRequested
from ledger.project.coverage import FrameGapAccepted
from ledger.project.delivery import Milestone, MilestoneReported
from ledger.project.ending import Transferred
from ledger.project.evaluation import BeneficiariesEvaluated
from ledger.project.honours import HonourRevoked
from ledger.project.objections import ObjectionRaised, ObjectionResolved
from ledger.project.purchase import ContractRelation, PurchaseContractSigned, PurchaseForfeited
from ledger.project.reconsideration import RequestOutcome, ReviewRequestDecided, ReviewRequested
from ledger.project.review import FloorWaived, Rejected
from ledger.project.screening import Returned, ScreeningResult
from ledger.project.settlement import Settled, SettlementStated
from ledger.project.state import Project
from ledger.values import FundingSource
from projections.exception_kinds import ExceptionMatch
from projections.exceptions import exceptions_of

DAY = date(2010, 2, 20)
REJECTED = Rejected(application_version=1, reviews=(2, 3, 4), document_number="示例", reason="示例。")
LAPSED = Lapsed(sign_by=DAY, reason="示例。")
RETURNED = Returned(application_version=1, reason="示例。", amend_by=DAY)
AMENDED = ContractAmended(
    number="示例",
    signed_on=DAY,
    period=PERIOD,
    services="示例。",
    amount=yuan("25000.00"),
    due=DUE,
    original_sha256=None,
    clauses=None,
    reason="示例。",
)
BOUGHT = PurchaseContractSigned(
    number="示例",
    signed_on=DAY,
    period=PERIOD,
    services="示例。",
    amount=yuan("40000.00"),
    relation=ContractRelation.SUPERSEDES,
    original_sha256=None,
    instalments=None,
)
NOBODY = BeneficiariesEvaluated(
    no_identifiable=True, frame=0, minimum_group=5, sample=None, online=None, conclusion="示例。"
)
TRANSFERRED = Transferred(
    organisation=SUCCESSOR.id, organisation_name=SUCCESSOR.name, district="110101", reason="示例。"
)
SET_ASIDE = ReviewRequestDecided(
    request=3, target=2, result=RequestOutcome.SET_ASIDE, document_number="示例", reason="示例。"
)
LAST = len(AT.COMPLETION)
STATED = SettlementStated(received=yuan("9.00"), spent=yuan("8.00"), returned=yuan("0.50"), explanation="示例。")
EVEN = STATED.model_copy(update={"returned": yuan("1.00")})
REFUSED: Facts = (APPLIED, screened(ScreeningResult.REFUSED), ReviewRequested(target=2, reason="示例。"), SET_ASIDE)
SELECTED: Facts = (*AT.PUBLICATION, ENTERED, scored(80), purchased())
AGAINST: Facts = (APPLIED, reviewed(0), reviewed(1, passed=False), reviewed(2))
LESS = APPROVED.model_copy(update={"amount": yuan("20000.00")})


def spending(**amounts: str) -> MilestoneReported:
    spent = tuple(funds(FundingSource(source), amount) for source, amount in amounts.items())
    return reported(Milestone.START).model_copy(update={"spent": spent})


# More than 30000.00 or 40000.00 of the contracts and 20000.00 of its own.
SPENT_MORE = spending(own="30000.00", requested="30000.01")


def found(before: Facts, fact: Fact, role: Role = Role.LEADING_GROUP, body: str | None = None) -> list[ExceptionMatch]:
    """As the fact is received on 1 January at its hour, by somebody of that role."""
    *earlier, event = history(*before, fact)
    actor = event.event.actor.model_copy(update={"role": role, "body": body})
    return list(exceptions_of(timeline(earlier), by(event, actor=actor), RULES))


def by(event: Recorded, **changes: object) -> Recorded:
    return replace(event, event=event.event.model_copy(update=changes))


def timeline(earlier: list[Recorded]) -> Timeline[Project] | None:
    return Timeline(AGGREGATE, PROJECT, earlier) if earlier else None


@pytest.mark.parametrize(
    ("kind", "before", "fact", "versions"),
    [
        ("rejected_against_reviews", AT.REVIEW, REJECTED, (2, 3, 4)),
        ("approved_against_review", AGAINST, APPROVED, (3,)),
        ("approved_below_floor", AT.APPROVAL, FloorWaived(approval=5, reason="示例。"), (5,)),
        (
            "approved_against_screening",
            (*REFUSED, screened(ScreeningResult.PASSED)),
            APPROVED.model_copy(update={"reviews": ()}),
            (2,),
        ),
        ("screened_again", (APPLIED, screened(ScreeningResult.RETURNED, DAY)), screened(ScreeningResult.PASSED), (2,)),
        ("amendment_term_extended", (APPLIED, RETURNED), RETURNED, (2,)),
        ("rectification_term_extended", (*AT.DELIVERY, ORDERED), checked(START + 1, False, DAY), (START + 1,)),
        ("lapsed", AT.APPROVAL, LAPSED, (5,)),
        ("other_amount_approved", AT.REVIEW, LESS, (1,)),
        ("other_amount_contracted", (*AT.REVIEW, LESS), SIGNED, (5,)),
        ("other_amount_purchased", SELECTED[:-1], purchased().model_copy(update={"amount": yuan("1.00")}), (8,)),
        ("contract_amended", AT.CONTRACT, AMENDED, (6,)),
        ("contract_amended", (*AT.CONTRACT, AMENDED), AMENDED, (7,)),
        ("contract_superseded", SELECTED, BOUGHT, (6,)),
        ("place_given_on", SELECTED[:-1], purchased().model_copy(update={"replaces": UUID(int=1)}), ()),
        ("place_taken_back", SELECTED, PurchaseForfeited(reason="示例。"), (10,)),
        ("paid_before_acceptance", AT.DELIVERY, PAID, (START,)),
        ("paid_under_order", (*AT.PUBLICATION, ORDERED), PAID, (START,)),
        ("spent_beyond_sources", AT.PUBLICATION, SPENT_MORE, (6,)),
        ("spent_beyond_sources", (*SELECTED, BOUGHT), SPENT_MORE, (6, 11)),
        ("spent_beyond_sources", AT.PUBLICATION, spending(requested="30000.01"), (6,)),
        ("decision_set_aside", REFUSED[:-1], SET_ASIDE, (2, 3)),
        (
            "objection_upheld",
            (*AT.PUBLICATION, NOBODY, ObjectionRaised(target=8, reason="示例。")),
            ObjectionResolved(objection=9, target=8, accepted=True, reason="示例。"),
            (8, 9),
        ),
        (
            "correction_requested",
            AT.APPROVAL,
            CorrectionRequested(proposed=Voided(target=5, reason="示例。"), asked_of=5, answer_by=DAY),
            (5,),
        ),
        (
            "corrected_in_place",
            AT.APPROVAL,
            CorrectionGranted(request=6, in_place_of=Role.DISTRICT, reason="示例。"),
            (6,),
        ),
        ("no_beneficiaries_asked", AT.PUBLICATION, NOBODY, ()),
        ("frame_gap_accepted", AT.DELIVERY, FrameGapAccepted(size=9, people_served=520, reason="示例。"), ()),
        ("settled_with_difference", (*AT.COMPLETION, STATED), Settled(statement=LAST + 1, note=None), (LAST + 1,)),
        ("terminated", AT.DELIVERY, TERMINATED, ()),
        ("transferred", AT.DELIVERY, TRANSFERRED, ()),
        (
            "honour_revoked",
            AT.PUBLICATION,
            HonourRevoked(award=7, reason="示例。", document_number="示例", place_freed_because=None),
            (7,),
        ),
    ],
)
def test_an_exception_names_what_makes_it_one(kind: str, before: Facts, fact: Fact, versions: tuple[int, ...]) -> None:
    [one] = [one for one in found(before, fact) if one.kind == kind]
    assert one.versions == versions
    reasons = (getattr(fact, "reason", None), getattr(fact, "conclusion", None), STATED.explanation, None)
    assert one.reason in reasons


@pytest.mark.parametrize(
    ("before", "fact"),
    [
        (AT.REVIEW, APPROVED),
        (AGAINST, REJECTED),
        (AT.APPROVAL, SIGNED),
        ((APPLIED,), screened(ScreeningResult.PASSED)),
        ((APPLIED,), RETURNED),
        (AT.PUBLICATION, PAID),
        (AT.PUBLICATION, spending(own="20000.00", requested="30000.00", in_kind="90000.00")),
        (AT.PUBLICATION, spending(own="50000.00")),
        ((*AT.DELIVERY, accepted(START)), PAID),
        ((*AT.PUBLICATION, ORDERED, answered(START), checked(START, True)), PAID),
        ((*AT.DELIVERY, ORDERED), checked(START + 1, True)),
        ((*AT.COMPLETION, EVEN), Settled(statement=LAST + 1, note=None)),
        (AT.DELIVERY, INSPECTED),
        (AT.DELIVERY, SUSPENDED),
        ((*AT.DELIVERY, SUSPENDED), RESUMED),
        (AT.DELIVERY, CLOSED),
        (REFUSED, screened(ScreeningResult.PASSED)),
        (AT.APPROVAL, CorrectionGranted(request=6, in_place_of=None, reason=None)),
    ],
)
def test_the_regular_course_is_none(before: Facts, fact: Fact) -> None:
    assert found(before, fact) == []


def test_an_organisations_own_steps_are_no_exceptions() -> None:
    """What an organisation does for itself is its right; an official who does it instead is named."""
    for facts in IN_STATUS.values():
        for number, fact in enumerate(facts):
            if fact.type in ("Applied", "Withdrawn", "MilestoneReported"):
                assert found(facts[:number], fact, Role.ORGANISATION) == []
                assert [one.kind for one in found(facts[:number], fact, Role.OFFICE)] == ["entered_by_official"]


STORED = {fact.type: fact for fact in (decode(payload).fact for payload in GOLDEN.values())}


@pytest.mark.parametrize("name", [name for name, fact in FACTS.items() if fact.audit is Audit.OWN_ACT])
def test_an_official_who_enters_an_own_act_is_named(name: str) -> None:
    assert [one.kind for one in found((APPLIED,), STORED[name], Role.OFFICE)] == ["entered_by_official"]
    assert found((APPLIED,), STORED[name], Role.ORGANISATION) == []


@pytest.mark.parametrize("name", [name for name, fact in FACTS.items() if fact.audit is Audit.EXAMINED])
def test_every_examined_fact_is_looked_at(name: str) -> None:
    found((APPLIED,), STORED[name])


def test_a_foreign_district_acts_as_successor() -> None:
    passed = screened(ScreeningResult.PASSED)
    assert found((APPLIED,), passed, Role.DISTRICT, "110101") == []
    assert [one.kind for one in found((APPLIED,), passed, Role.DISTRICT, "110102")] == ["acted_as_successor"]
    assert found((APPLIED,), ObjectionRaised(target=1, reason="示例。"), Role.DISTRICT, "110102") == []


def test_contract_lateness_goes_by_receipt() -> None:
    *earlier, event = history(*AT.CONTRACT)
    # Approved as of 1 February; thirty days later is Wednesday, 3 March.
    for received, late in ((datetime(2010, 3, 3, 15, tzinfo=UTC), False), (datetime(2010, 3, 3, 16, tzinfo=UTC), True)):
        kinds = [one.kind for one in exceptions_of(timeline(earlier), by(event, received_at=received), RULES)]
        assert kinds == (["contract_after_term"] if late else [])


def test_payment_precedes_acceptance_only_if_ruled() -> None:
    *earlier, event = history(*AT.DELIVERY, PAID)
    rules = RULES.model_copy(update={"acceptance": False})
    assert list(exceptions_of(timeline(earlier), event, rules)) == []


def test_a_correction_after_a_decision_on_it_is_one() -> None:
    """Of an application that was reviewed and approved by others; not of an approval on which nothing rests."""
    *earlier, event = history(*AT.APPROVAL, Voided(target=1, reason="示例。"))
    # All others are the office's.
    leaders = earlier[4].event.actor.model_copy(update={"role": Role.LEADING_GROUP})
    earlier[4] = by(earlier[4], actor=leaders)
    [_, one] = exceptions_of(timeline(earlier), event, RULES)
    assert (one.kind, one.reason, one.versions) == ("corrected_after_decision", "示例。", (1, 5))
    assert [one.kind for one in found(AT.APPROVAL, Voided(target=5, reason="示例。"))] == ["voided"]
