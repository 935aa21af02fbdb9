"""What the rules would have refused of a history as it counts: found, named, and never in the way."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from tests.ledger.project.given import (
    APPLIED,
    APPROVED,
    AT,
    DUE,
    FORM,
    GRANT,
    OLD_PROGRAMME,
    PERIOD,
    PROGRAMME,
    PUBLISHED,
    SIGNED,
    amendment,
    form,
    funds,
    given,
    recorded,
    reported,
    reviewed,
    yuan,
)
from tests.ledger.project.honoured import awarded, judged, judged_itself, proposed
from tests.ledger.project.lives import BACK, INSPECTED, ORDERED, PAID, TERMINATED, accepted, answered, checked, screened
from tests.ledger.project.test_evaluation import counted
from tests.ledger.test_storage_format import GOLDEN

from ledger.core.envelope import Recorded, Restated, Voided, decode
from ledger.core.fact import Fact
from ledger.programme import Programme
from ledger.project.application import PaperReceived, Withdrawn
from ledger.project.attachments import Attached, Attachment, Disclosed
from ledger.project.contract import ContractAmended
from ledger.project.delivery import DECIDE_MILESTONE, Milestone
from ledger.project.evaluation import EvaluationPublished
from ledger.project.fact import ProjectFact
from ledger.project.findings import findings
from ledger.project.honours import HonourRevoked
from ledger.project.payments import Disbursed, PaidUnder
from ledger.project.purchase import ContractRelation, EnteredCompetition, PurchaseContractSigned, Purchased, Scored
from ledger.project.reconsideration import DecisionServed, RequestOutcome, ReviewRequestDecided, ReviewRequested
from ledger.project.screening import HandedIn, ScreeningResult
from ledger.project.status import Status
from ledger.project.support import SupportArranged, SupportOutcome
from ledger.values import Document, FundingSource

Dated = tuple[Fact, date]
LATER = date(2011, 1, 10)


def on(month: int, day: int) -> date:
    return date(2010, month, day)


def happened(*facts: Dated) -> list[Recorded]:
    """Each received at noon in Beijing on the day since when it is so."""
    return [received(fact, version, day, day) for version, (fact, day) in enumerate(facts, 1)]


def received(fact: Fact, version: int, effective: date, day: date) -> Recorded:
    at = datetime.combine(day, time(4), UTC)
    found = recorded(fact, version, effective)
    return replace(found, event=found.event.model_copy(update={"received_at": at}), account=UUID(int=version))


def found(facts: Sequence[Dated], programme: Programme = OLD_PROGRAMME) -> list[tuple[str, str]]:
    """The type of each fact that there is a finding of, and its code."""
    events = happened(*facts)
    return [(events[one.versions[0] - 1].fact.type, one.code) for one in findings(events, programme)]


def voided(target: int) -> Dated:
    return Voided(target=target, reason="示例。"), LATER


def restated(facts: Sequence[Dated], target: int, day: date | None = None, **changes: Any) -> Dated:
    fact, was = facts[target - 1]
    inner: Any = fact.model_copy(update=changes)
    return Restated(target=target, restated_on=day or was, fact=inner, reason="示例。"), LATER


REPORTS = [(reported(milestone), due.due_on) for milestone, due in zip(Milestone, DUE, strict=True)]
REVOKED = HonourRevoked(award=25, reason="示例。", document_number="示例10号", place_freed_because=None)
NOTICE = EvaluationPublished(evaluations=(20, 21, 22), notice="示例", objections_until=on(11, 30))
# One project's year, which the rules allowed.
LIFE: list[Dated] = [
    (APPLIED, on(2, 1)),
    *((reviewed(member), on(2, 5)) for member in range(3)),
    (APPROVED, on(2, 20)),
    (SIGNED, on(3, 10)),
    (PUBLISHED, on(3, 11)),
    REPORTS[0],
    (accepted(8), on(3, 16)),
    (PAID, on(4, 1)),
    REPORTS[1],
    (BACK, on(5, 20)),
    (INSPECTED, on(6, 1)),
    (ORDERED.model_copy(update={"inspection": 13, "due_on": on(6, 20)}), on(6, 2)),
    (answered(14), on(6, 10)),
    (checked(14, True), on(6, 11)),
    *REPORTS[2:],
    (judged_itself(), on(11, 16)),
    (counted(given(*AT.COMPLETION)), on(11, 17)),
    (judged(80, 80, 80), on(11, 18)),
    (NOTICE, on(11, 19)),
    (proposed(), on(12, 3)),
    (awarded(), on(12, 20)),
    (REVOKED, on(12, 25)),
]
ENTERED = EnteredCompetition(
    goals="示例。",
    tasks="示例。",
    funding=(funds(FundingSource.REQUESTED, "50000.00"),),
    beneficiaries=FORM.beneficiaries,
)
BOUGHT = Purchased(
    place=1, places=100, jurors=3, score="81.00", amount=yuan("50000.00"), document_number="示例4号", reason="示例。",
    replaces=None,
)  # fmt: skip
BOUGHT_CONTRACT = PurchaseContractSigned(
    number="示例购1号", signed_on=on(4, 1), period=PERIOD, services="送餐。", amount=yuan("50000.00"),
    relation=ContractRelation.SUPPLEMENTS, original_sha256=None,
    instalments=None,
)  # fmt: skip
PAID_FOR_IT = Disbursed(
    under=PaidUnder.PURCHASE, amount=yuan("30000.00"), cost="示例：设备", paid_on=on(4, 2), voucher="示例3"
)
# And one that is bought.
COMPETITION: list[Dated] = [
    *LIFE[:7],
    (ENTERED, on(3, 12)),
    *((Scored(juror=UUID(int=n), score=80 + n, reason="示例。"), on(3, 20)) for n in range(3)),
    (BOUGHT, on(3, 30)),
    (BOUGHT_CONTRACT, on(4, 1)),
    (PAID_FOR_IT, on(4, 2)),
]
RETURNED = screened(ScreeningResult.RETURNED, on(3, 1))
# One that a district returned, whose decision was served, and which came again.
SCREENED: list[Dated] = [
    (APPLIED, on(2, 1)),
    (RETURNED, on(2, 3)),
    (DecisionServed(target=2, served_on=on(2, 4), means="示例"), on(2, 4)),
    (amendment(FORM), on(2, 5)),
    (screened(ScreeningResult.PASSED).model_copy(update={"application_version": 4}), on(2, 6)),
    (HandedIn(application_version=4, notice="示例"), on(2, 7)),
    *((reviewed(member, version=4), on(2, 8)) for member in range(3)),
]
REQUESTED: list[Dated] = [
    *LIFE[:8],
    (TERMINATED, on(4, 1)),
    (ReviewRequested(target=9, reason="示例。"), on(4, 2)),
    (
        ReviewRequestDecided(
            request=10, target=9, result=RequestOutcome.SET_ASIDE, document_number="示例3号", reason="示例。"
        ),
        on(4, 3),
    ),
    REPORTS[1],
]
FILE = Attachment(name="示例.pdf", sha256="1" * 64, media_type="application/pdf", bytes=9)
FILES: list[Dated] = [
    *LIFE[:7],
    (Attached(subject="示例", files=(FILE,)), on(3, 12)),
    (Disclosed(subject="示例", files=(FILE,)), on(3, 12)),
    (
        SupportArranged(
            application_version=1, request=0, result=SupportOutcome.GRANTED, given="示例。", reason="示例。"
        ),
        on(3, 12),
    ),
]
AMENDED_TERMS = ContractAmended(
    number="示例补1号", signed_on=on(3, 12), period=PERIOD, services="送餐。", amount=yuan("30000.00"), reason="示例。",
    due=(*DUE[:-1], DUE[-1].model_copy(update={"due_on": on(11, 14)})), original_sha256=None, clauses=None,
)  # fmt: skip
LAST = REPORTS[-1][0].model_copy(update={"due_on": on(11, 14)})
AMENDED: list[Dated] = [*LIFE[:7], (AMENDED_TERMS, on(3, 12)), *REPORTS[:-1], (LAST, on(11, 15))]


@pytest.mark.parametrize("life", [LIFE, COMPETITION, REQUESTED, FILES, AMENDED])
def test_what_the_rules_allowed_has_no_findings(life: list[Dated]) -> None:
    assert found(life) == []


def test_what_a_district_screened_has_none_where_districts_screen() -> None:
    assert found(SCREENED, PROGRAMME) == []
    refused = [*SCREENED[1:3], *SCREENED[4:6]]
    assert [kind for kind, _ in found(SCREENED)] == [fact.type for fact, _ in refused if fact.type != "DecisionServed"]


DOUBTED: list[Dated] = [*LIFE[:3], (reviewed(2, passed=False), on(2, 5)), *LIFE[4:8]]
OUT = "step_out_of_order"
REPORT = "MilestoneReported"
CASES: dict[str, tuple[list[Dated], Dated, list[tuple[str, str]]]] = {
    "published, reported and paid without a contract": (
        LIFE[:10],
        voided(6),
        [("Published", OUT), (REPORT, OUT), ("Disbursed", OUT)],
    ),
    "a contract without an approval": (LIFE[:8], voided(5), [("ContractSigned", OUT)]),
    "an approval without enough reviews": (LIFE[:8], voided(2), [("Approved", "reviews_missing")]),
    "an approval that reviews speak against": (
        DOUBTED,
        restated(DOUBTED, 2, public_benefit=reviewed(passed=False).public_benefit),
        [("Approved", "reviews_unfavourable")],
    ),
    "a contract over what was approved": (
        LIFE[:8],
        restated(LIFE, 5, amount=yuan("100.00")),
        [("ContractSigned", "amount_over_requested")],
    ),
    "an approval over what was asked for": (
        LIFE[:8],
        restated(LIFE, 1, form=form(budget=(funds(FundingSource.REQUESTED, "100.00"),))),
        [("Approved", "amount_over_requested")],
    ),
    "a form outside the rules": (
        LIFE[:4],
        restated(LIFE, 1, form=form(category="示例")),
        [("Applied", "choice_unknown")],
    ),
    "money asked for without a reason": (
        LIFE[:4],
        restated(LIFE, 1, form=form(support=())),
        [("Applied", "support_reason_missing")],
    ),
    "a report with one missing before it": (LIFE[:17], voided(11), [(REPORT, "milestone_out_of_order")]),
    "an acceptance of no report": (
        LIFE[:11],
        voided(8),
        [("MilestoneAccepted", OUT), (REPORT, "milestone_out_of_order")],
    ),
    "money given back that was never paid": (LIFE[:12], voided(10), [("Refunded", "refund_too_much")]),
    "more paid than contracted": (
        LIFE[:10],
        restated(LIFE, 6, amount=yuan("999.99")),
        [("Disbursed", "paid_too_much")],
    ),
    "paid before the contract was signed": (
        LIFE[:10],
        restated(LIFE, 6, signed_on=on(4, 2)),
        [("Disbursed", "payment_day_wrong")],
    ),
    "an order after no inspection": (LIFE[:16], voided(13), [("RectificationOrdered", "inspection_unknown")]),
    "an answer to no order, and its check": (
        LIFE[:16],
        voided(14),
        [("Rectified", "order_unknown"), ("RectificationChecked", "order_unknown")],
    ),
    "evaluations shown with one missing": (LIFE[:23], voided(21), [("EvaluationPublished", "evaluations_missing")]),
    "an honour without a proposal": (LIFE, voided(24), [("Awarded", "proposal_missing")]),
    "an honour without a final evaluation": (
        LIFE,
        voided(23),
        [("HonourProposed", "evaluation_not_final"), ("Awarded", "evaluation_not_final")],
    ),
    "a revocation of no honour": (LIFE, voided(25), [("HonourRevoked", "award_unknown")]),
    "selected with too few scores": (COMPETITION, voided(9), [("Purchased", "scores_missing")]),
    "scored and selected without an entry": (
        COMPETITION,
        voided(8),
        [*[("Scored", "not_entered")] * 3, ("Purchased", "not_entered")],
    ),
    "a purchase contract without a selection": (COMPETITION, voided(12), [("PurchaseContractSigned", "not_selected")]),
    "a purchase paid without its contract": (COMPETITION, voided(13), [("Disbursed", OUT)]),
    "a request for review of no decision, and what was decided on it": (
        REQUESTED,
        voided(9),
        [("ReviewRequested", "decision_unknown")],
    ),
    "a decision on no request": (REQUESTED, voided(10), [("ReviewRequestDecided", "review_request_unknown")]),
    "a file disclosed that the project never had": (FILES, voided(8), [("Disclosed", "attachment_not_cited")]),
    "support for a request that is not there": (
        FILES,
        restated(FILES, 1, form=form(support=(), budget=())),
        [("Approved", "amount_over_requested"), ("SupportArranged", "support_request_unknown")],
    ),
    "a due day of terms that are void": (AMENDED, voided(8), [(REPORT, "rests_on_other_facts")]),
    "a contract effective before its approval": (
        LIFE[:8],
        restated(LIFE, 6, on(2, 10)),
        [("ContractSigned", "effective_order"), ("Approved", "effective_order")],
    ),
    "completed before the start": (LIFE[:19], restated(LIFE, 19, on(3, 12)), [(REPORT, "effective_order")]),
    "an application effective after its reviews": (
        LIFE[:5],
        restated(LIFE, 1, on(2, 10)),
        [("Reviewed", "effective_order")] * 3,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_correction_leaves(case: str) -> None:
    life, correction, expected = CASES[case]
    assert found(life) == []
    assert found([*life, correction]) == expected
    # Until the correction is void itself.
    assert found([*life, correction, voided(len(life) + 1)]) == []


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (2, [("DecisionServed", "decision_unknown")]),
        (4, [("Screened", "amendment_still_due"), ("HandedIn", OUT), *[("Reviewed", OUT)] * 3]),
        (5, [("HandedIn", OUT)]),
        (6, [("Reviewed", "not_handed_in")] * 3),
    ],
)
def test_a_reference_to_a_void_version_is_found(target: int, expected: list[tuple[str, str]]) -> None:
    assert found([*SCREENED, voided(target)], PROGRAMME) == expected


@pytest.mark.parametrize(("ending", "at"), [(Withdrawn(reason="示例。"), on(2, 21)), (TERMINATED, on(3, 20))])
def test_facts_after_a_restored_end_are_found(ending: Fact, at: date) -> None:
    before = [dated for dated in LIFE if dated[1] < at]
    life = [
        *before,
        (ending, at),
        (Voided(target=len(before) + 1, reason="示例。"), at),
        *LIFE[len(before) : 8],
        REPORTS[1],
    ]
    restored = found([*life, voided(len(before) + 2)])
    assert (restored[-1], {code for _, code in restored}) == ((REPORT, OUT), {OUT})
    assert [kind for kind, _ in restored] == [fact.type for fact, _ in life[len(before) + 2 :]]


def test_a_voided_fact_recorded_again_has_no_finding() -> None:
    events = [*happened(*LIFE[:8], voided(5)), received(APPROVED, 10, on(2, 20), LATER)]
    assert findings(events, OLD_PROGRAMME) == ()
    assert [one.code for one in findings(events[:-1], OLD_PROGRAMME)] == [OUT]


def test_a_void_paper_form_makes_its_entry_late() -> None:
    paper = PaperReceived(
        version=1, received_on=on(2, 10), scan=Document(name="示例", sha256="1" * 64), reason="示例。"
    )
    events = [received(APPLIED, 1, on(2, 10), on(3, 20)), received(paper, 2, on(2, 10), on(3, 20))]
    assert findings(events, OLD_PROGRAMME) == ()
    void = received(*voided(2)[:1], 3, LATER, LATER)
    assert [one.code for one in findings([*events, void], OLD_PROGRAMME)] == ["phase_closed"]


def test_a_late_entry_out_of_order_is_found() -> None:
    events = [*happened(*LIFE[:8]), received(accepted(8), 9, on(3, 1), on(3, 20))]
    (one,) = findings(events, OLD_PROGRAMME)
    assert (one.code, one.versions, one.out_of_order_on) == ("effective_order", (9, 8), on(3, 1))
    assert one.refusal and one.refusal.details == {"status": Status.APPROVED, "command": DECIDE_MILESTONE}


def test_a_finding_names_its_fact_and_what_it_rests_on() -> None:
    (one,) = findings(happened(*LIFE[:8], voided(2)), OLD_PROGRAMME)
    assert (one.code, one.versions) == ("reviews_missing", (5, 1, 2, 3, 4))
    assert one.refusal and one.refusal.details == {"needed": 3, "found": 2}


def test_findings_on_reviews_are_hidden_with_them() -> None:
    for life, hidden in ((LIFE[:8], "Reviewed"), (COMPETITION, "Scored")):
        events = [event for event in happened(*life) if event.fact.type != hidden]
        assert findings(events, OLD_PROGRAMME, confidential=False) == ()
        assert findings(events, OLD_PROGRAMME) != ()


def test_who_reviewed_and_decides_when_the_review_counts_again() -> None:
    events = [replace(event, account=UUID(int=1)) for event in happened(*LIFE[:5])]
    events = [replace(event, account=UUID(int=event.version)) if event.version in (2, 3) else event for event in events]
    assert [one.code for one in findings(events, OLD_PROGRAMME)] == ["reviewer_may_not_decide"]


def test_the_effective_cut_hides_later_findings() -> None:
    events = happened(*LIFE[:8], voided(6))
    assert len(findings(events, OLD_PROGRAMME)) == 2
    assert len(findings(events, OLD_PROGRAMME, on(3, 14))) == 1
    assert findings(events, OLD_PROGRAMME, on(3, 10)) == ()


def test_a_grant_and_an_empty_stream_have_none() -> None:
    assert findings(happened((GRANT, on(2, 1))), Programme(PROGRAMME.id)) == ()
    assert findings([], PROGRAMME) == ()


STORED = [decode(payload).fact for payload in GOLDEN.values()]
OF_PROJECTS = [fact for fact, _ in [*LIFE, *COMPETITION, *SCREENED, *REQUESTED, *FILES, *AMENDED]]
OF_PROJECTS += [fact for fact in STORED if isinstance(fact, ProjectFact)]
days = st.dates(date(2009, 12, 1), date(2011, 2, 1))


@st.composite
def histories(draw: st.DrawFn) -> list[Recorded]:
    """A life in its order or any facts in any order, on its days or any; with corrections of all kinds behind them."""
    any_facts = st.lists(st.tuples(st.sampled_from(OF_PROJECTS), days), min_size=1, max_size=20)
    facts = [*draw(st.sampled_from([LIFE, COMPETITION, SCREENED, REQUESTED, FILES, AMENDED]) | any_facts)]
    for _ in range(draw(st.integers(0, 6))):
        target = draw(st.integers(1, len(facts)))
        if isinstance(facts[target - 1][0], Voided | Restated) or draw(st.booleans()):
            facts.append(voided(target))
        else:
            other = draw(st.sampled_from(OF_PROJECTS))
            facts.append((Restated(target=target, restated_on=draw(days), fact=other, reason="示例。"), LATER))
    return happened(*facts)


@settings(max_examples=300)
@for_all(histories(), st.none() | days, st.booleans(), st.sampled_from([PROGRAMME, OLD_PROGRAMME]))
def test_whatever_the_history_findings_come_to_an_end(
    events: list[Recorded], effective: date | None, confidential: bool, programme: Programme
) -> None:
    for one in findings(events, programme, effective, confidential=confidential):
        assert bool(one.refusal) is not bool(one.differs)
        assert 1 <= one.versions[0] <= len(events)
