"""Contract and publication: money within the approval, a due date for each milestone, published once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import (
    APPLIED,
    APPROVED,
    AT,
    DAY,
    DUE,
    PERIOD,
    PROGRAMME,
    PUBLISHED,
    RULES,
    SIGNED,
    Facts,
    given,
    yuan,
)
from tests.support import refuses

from ledger.core.refusal import Refusal
from ledger.programme import Programme
from ledger.project.application import Withdrawn
from ledger.project.clauses import Clauses, Instalment, InstalmentsDiffer, InstalmentWithoutTerm
from ledger.project.contract import (
    AmountUnderPaid,
    ContractAmended,
    ContractSigned,
    DueDateOutsidePeriod,
    DueDateOutsidePhase,
    MilestoneDue,
    MilestonesIncomplete,
    ReportedDueChanged,
    SigningStillPossible,
    amend,
    lapse,
    publish,
    sign,
    sign_by,
)
from ledger.project.delivery import Milestone
from ledger.project.payments import Disbursed, PaidUnder
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.refusals.general import AmountOverRequested, CurrencyWrong, SignedTooEarly, StepOutOfOrder
from ledger.values import Money, Period

NOTHING_GRANTED = (*AT.REVIEW, APPROVED.model_copy(update={"amount": None}))
days_of_the_period = st.dates(PERIOD.start, PERIOD.end)


def sign_it(project: Project, programme: Programme = PROGRAMME, **changes: Any) -> ContractSigned:
    terms = {name: getattr(SIGNED, name) for name in ContractSigned.model_fields if name != "type"}
    return sign(project, **(terms | changes), programme=programme)


def due(days: Sequence[date], milestones: Sequence[Milestone] = tuple(Milestone)) -> tuple[MilestoneDue, ...]:
    return tuple(MilestoneDue(milestone=m, due_on=day) for m, day in zip(milestones, days, strict=True))


def test_an_approved_project_gets_its_contract() -> None:
    assert sign_it(given(*AT.APPROVAL)) == SIGNED
    assert given(*AT.CONTRACT).status is Status.CONTRACTED


@pytest.mark.parametrize("amount", [None, "0", "30000", "29999.9999"])
def test_a_contract_gives_up_to_what_was_granted(amount: str | None) -> None:
    money = amount and yuan(amount)
    assert sign_it(given(*AT.APPROVAL), amount=money).amount == money


@pytest.mark.parametrize(
    ("facts", "amount", "currency", "refusal", "details"),
    [
        (AT.APPROVAL, "30000.01", "CNY", AmountOverRequested, {"amount": "30000.01", "limit": "30000.00"}),
        (NOTHING_GRANTED, "0.01", "CNY", AmountOverRequested, {"amount": "0.01", "limit": "0"}),
        (AT.APPROVAL, "1", "USD", CurrencyWrong, {"expected": "CNY", "got": "USD"}),
    ],
)
def test_a_contract_for_more_or_other_money_is_refused(
    facts: Facts, amount: str, currency: str, refusal: type[Refusal], details: dict[str, str]
) -> None:
    with refuses(refusal, **details):
        sign_it(given(*facts), amount=yuan(amount, currency))


@for_all(st.permutations(list(Milestone)))
def test_milestones_follow_the_order_of_the_rules(milestones: list[Milestone]) -> None:
    terms = due([item.due_on for item in DUE], milestones)
    if milestones == list(Milestone):
        assert sign_it(given(*AT.APPROVAL), due=terms).due == terms
    else:
        with refuses(MilestonesIncomplete, milestones="start, early, middle, late, completion"):
            sign_it(given(*AT.APPROVAL), due=terms)


@for_all(st.lists(days_of_the_period, min_size=5, max_size=5))
def test_no_milestone_is_due_before_the_last_one(days: list[date]) -> None:
    if days == sorted(days):
        assert sign_it(given(*AT.APPROVAL), due=due(days)).due == due(days)
    else:
        with pytest.raises(MilestonesIncomplete):
            sign_it(given(*AT.APPROVAL), due=due(days))


@pytest.mark.parametrize("terms", [(), DUE[:4], DUE[1:], (*DUE, DUE[4]), (DUE[0], *DUE)])
def test_a_contract_has_one_due_date_for_each_milestone(terms: tuple[MilestoneDue, ...]) -> None:
    with pytest.raises(MilestonesIncomplete):
        sign_it(given(*AT.APPROVAL), due=terms)


@pytest.mark.parametrize(
    ("place", "day"), [(0, date(2010, 3, 14)), (0, date(2009, 3, 15)), (4, date(2010, 11, 16)), (4, date(2011, 3, 15))]
)
def test_milestones_are_due_within_the_period(place: int, day: date) -> None:
    days = [item.due_on for item in DUE]
    days[place] = day
    with refuses(DueDateOutsidePeriod, due=day.isoformat(), start="2010-03-15", end="2010-11-15"):
        sign_it(given(*AT.APPROVAL), due=due(days))


@pytest.mark.parametrize(("place", "day"), [(0, date(2010, 2, 28)), (4, date(2010, 12, 1))])
def test_milestones_are_due_within_the_phase_of_delivery(place: int, day: date) -> None:
    days = [item.due_on for item in DUE]
    days[place] = day
    longer = Period(start=date(2010, 1, 1), end=date(2011, 1, 31))
    said = {"due": day.isoformat(), "phase": "delivery", "start": "2010-03-01", "end": "2010-11-30"}
    with refuses(DueDateOutsidePhase, **said):
        sign_it(given(*AT.APPROVAL), period=longer, due=due(days))
    with refuses(DueDateOutsidePhase, **said):
        amend_it(given(*AT.CONTRACT), period=longer, due=due(days))


def test_an_extended_phase_takes_later_milestones() -> None:
    days = [*(item.due_on for item in DUE[:-1]), date(2010, 12, 10)]
    longer = Period(start=PERIOD.start, end=date(2011, 1, 31))
    extended = replace(PROGRAMME, extended={"delivery": date(2010, 12, 10)})
    assert sign_it(given(*AT.APPROVAL), extended, period=longer, due=due(days)).due[-1].due_on == days[-1]


def test_a_contract_is_signed_after_the_approval() -> None:
    assert sign_it(given(*AT.APPROVAL), signed_on=DAY).signed_on == DAY
    with refuses(SignedTooEarly, signed_on="2010-01-31", earliest="2010-02-01"):
        sign_it(given(*AT.APPROVAL), signed_on=DAY - timedelta(days=1))


def test_an_amendment_is_signed_after_what_it_amends() -> None:
    before = SIGNED.signed_on - timedelta(days=1)
    with refuses(SignedTooEarly, signed_on=before.isoformat(), earliest="2010-03-10"):
        amend_it(given(*AT.CONTRACT), signed_on=before)
    later = amend_it(given(*AT.CONTRACT), signed_on=date(2010, 4, 1))
    with refuses(SignedTooEarly, signed_on="2010-03-31", earliest="2010-04-01"):
        amend_it(given(*AT.CONTRACT, later), signed_on=date(2010, 3, 31))


def test_the_period_includes_its_last_day() -> None:
    days = [PERIOD.start, PERIOD.start, PERIOD.end, PERIOD.end, PERIOD.end]
    assert sign_it(given(*AT.APPROVAL), due=due(days)).due == due(days)


@pytest.mark.parametrize(
    "facts", [(), (APPLIED,), AT.REVIEW, AT.CONTRACT, AT.PUBLICATION, (*AT.APPROVAL, Withdrawn(reason="示例。"))]
)
def test_only_an_approved_project_without_a_contract_gets_one(facts: Facts) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command="contract"):
        sign_it(given(*facts))


def test_a_project_with_a_contract_is_published() -> None:
    project = given(*AT.CONTRACT)
    assert not project.is_public
    assert publish(project, "示例公告第1号") == PUBLISHED
    published = given(*AT.PUBLICATION)
    assert (published.status, published.is_public) == (Status.PUBLISHED, True)


@pytest.mark.parametrize("facts", [(), (APPLIED,), AT.APPROVAL, AT.PUBLICATION, AT.COMPLETION])
def test_publication_needs_a_contract_and_happens_once(facts: Facts) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command="publish"):
        publish(given(*facts), "示例公告第2号")


def amend_it(project: Project, **changes: Any) -> ContractAmended:
    terms = {name: getattr(SIGNED, name) for name in ContractAmended.model_fields if name not in ("type", "reason")}
    return amend(project, **(terms | changes), reason="示例：延期。", programme=PROGRAMME)


def instalments(*amounts: str, **changes: Any) -> Clauses:
    term = {"due_on": date(2010, 4, 1), "condition": None} | changes
    parts = tuple(Instalment(money=yuan(amount), **term) for amount in amounts)
    return Clauses(managed_services="协调场地。", rights_and_duties=None, instalments=parts, liability=None)


cents = st.integers(0, 5_000_000)


@for_all(st.lists(cents, min_size=1, max_size=20), st.one_of(st.just(0), cents))
def test_instalments_make_the_contracts_amount(parts: list[int], over: int) -> None:
    def money(number: int) -> str:
        return f"{number // 100}.{number % 100:02}"

    total, agreed = money(sum(parts)), money(sum(parts) + over)
    clauses = instalments(*map(money, parts))
    project = given(*AT.REVIEW, APPROVED.model_copy(update={"amount": yuan(agreed)}))
    if over:
        with refuses(InstalmentsDiffer, total=total, amount=agreed):
            sign_it(project, amount=yuan(agreed), clauses=clauses)
    else:
        assert sign_it(project, amount=yuan(agreed), clauses=clauses).clauses == clauses


@pytest.mark.parametrize(
    ("amount", "clauses", "refusal", "details"),
    [
        (None, instalments("1.00"), InstalmentsDiffer, {"total": "1.00", "amount": "0"}),
        (yuan("3.00"), instalments("1.00", "1.00"), InstalmentsDiffer, {"total": "2.00", "amount": "3.00"}),
        (yuan("2.00"), instalments("2.00", due_on=None), InstalmentWithoutTerm, {"number": 1}),
    ],
)
def test_instalments_without_sum_or_term_are_refused(
    amount: Money | None, clauses: Clauses, refusal: type[Refusal], details: dict[str, Any]
) -> None:
    with refuses(refusal, **details):
        sign_it(given(*AT.APPROVAL), amount=amount, clauses=clauses)
    with refuses(refusal, **details):
        amend_it(given(*AT.PUBLICATION), amount=amount, clauses=clauses)


def test_instalments_in_another_currency_are_refused() -> None:
    dollars = Instalment(money=yuan("30000.00", "USD"), due_on=None, condition="示例。")
    clauses = instalments("1.00").model_copy(update={"instalments": (dollars,)})
    with refuses(CurrencyWrong, expected="CNY", got="USD"):
        sign_it(given(*AT.APPROVAL), clauses=clauses)


def test_a_contract_may_leave_its_clauses_out() -> None:
    silent = Clauses(managed_services=None, rights_and_duties=None, instalments=None, liability=None)
    assert [sign_it(given(*AT.APPROVAL), clauses=said).clauses for said in (None, silent)] == [None, silent]


LATER = due([item.due_on + timedelta(days=7) for item in DUE[:-1]] + [PERIOD.end])


def test_an_amended_contract_reads_as_its_newest_terms() -> None:
    fact = amend_it(given(*AT.PUBLICATION), due=LATER, services="送餐和陪护。")
    project = given(*AT.PUBLICATION, fact)
    assert project.terms == fact
    assert project.contract == SIGNED
    second = amend_it(project, amount=None)
    assert given(*AT.PUBLICATION, fact, second).terms == second


def test_what_was_reported_keeps_the_day_it_was_due() -> None:
    with refuses(ReportedDueChanged, milestone="start", due="2010-03-15"):
        amend_it(given(*AT.DELIVERY), due=LATER)
    rest = (DUE[0], *LATER[1:])
    assert amend_it(given(*AT.DELIVERY), due=rest).due == rest


PAID = Disbursed(
    under=PaidUnder.SUPPORT, amount=yuan("500.00"), cost="示例：餐费", paid_on=date(2010, 4, 1), voucher="示例1"
)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount": yuan("30000.01")}, AmountOverRequested),
        ({"amount": yuan("1", "USD")}, CurrencyWrong),
        ({"amount": yuan("499.99")}, AmountUnderPaid),
        ({"amount": None}, AmountUnderPaid),
        ({"due": DUE[:-1]}, MilestonesIncomplete),
        ({"period": Period(start=PERIOD.start, end=date(2010, 11, 1))}, DueDateOutsidePeriod),
    ],
)
def test_an_amendment_respects_approval_rules_and_payments(changes: dict[str, Any], refusal: type[Refusal]) -> None:
    project = given(*AT.DELIVERY, PAID)
    assert amend_it(project, amount=yuan("500.00")).amount == yuan("500.00")
    with pytest.raises(refusal):
        amend_it(project, **changes)


def test_an_approval_lapses_when_its_days_are_over() -> None:
    # Approved on 1 February; thirty days later is Wednesday, 3 March.
    project = given(*AT.APPROVAL)
    assert sign_by(project, RULES) == date(2010, 3, 3)
    with refuses(SigningStillPossible, sign_by="2010-03-03"):
        lapse(project, "示例。", rules=RULES, today=date(2010, 3, 3))
    fact = lapse(project, "示例：未签约。", rules=RULES, today=date(2010, 3, 4))
    assert fact.sign_by == date(2010, 3, 3)
    assert given(*AT.APPROVAL, fact).status is Status.LAPSED


def test_the_signing_deadline_rolls_to_a_working_day() -> None:
    # The twenty-sixth day is Saturday, 27 February.
    rules = RULES.model_copy(update={"deadlines": RULES.deadlines.model_copy(update={"signing": 26})})
    assert sign_by(given(*AT.APPROVAL), rules) == date(2010, 3, 1)


def test_signing_late_is_possible_until_the_lapse() -> None:
    assert sign_it(given(*AT.APPROVAL), signed_on=date(2010, 3, 20)).signed_on == date(2010, 3, 20)
    lapsed = lapse(given(*AT.APPROVAL), "示例。", rules=RULES, today=date(2010, 3, 4))
    with pytest.raises(StepOutOfOrder):
        sign_it(given(*AT.APPROVAL, lapsed))
