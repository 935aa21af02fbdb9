"""Streams in which money moves: every fact that moves some, in and out of order, corrected and corrected again."""

from collections.abc import Sequence
from uuid import uuid4

from hypothesis import strategies as st
from tests.ledger.project.given import (
    APPROVED,
    DAY,
    GRANT,
    PUBLISHED,
    SIGNED,
    Facts,
    amendment,
    form,
    funds,
    reported,
    reviewed,
    yuan,
)
from tests.ledger.project.test_purchase import BOUGHT, ENTERED, SELECTED
from tests.projections.streams import Entry, Kind, Story, applied, days, next_facts

from ledger.aggregates import PROJECT
from ledger.core.fact import Fact
from ledger.project.application import Withdrawn
from ledger.project.contract import ContractAmended, Lapsed
from ledger.project.delivery import Milestone
from ledger.project.ending import Transferred
from ledger.project.payments import Disbursed, PaidUnder, Refunded
from ledger.project.purchase import ContractRelation, PurchaseForfeited
from ledger.values import FundingSource

CONTRACT_AMENDED = ContractAmended(
    number=SIGNED.number,
    signed_on=DAY,
    period=SIGNED.period,
    services=SIGNED.services,
    amount=yuan("32000.50"),
    due=SIGNED.due,
    original_sha256=None,
    clauses=None,
    reason="示例。",
)


def paid(amount: str, under: PaidUnder = PaidUnder.SUPPORT, currency: str = "CNY") -> Disbursed:
    return Disbursed(under=under, amount=yuan(amount, currency), cost="示例：餐费", paid_on=DAY, voucher="示例凭证")


def given_back(amount: str, under: PaidUnder = PaidUnder.SUPPORT) -> Refunded:
    return Refunded(under=under, amount=yuan(amount), received_on=DAY, voucher="示例退款", reason="示例。")


def spending(milestone: Milestone, **amounts: str) -> Fact:
    spent = tuple(funds(FundingSource(source), amount) for source, amount in amounts.items())
    return reported(milestone).model_copy(update={"spent": spent})


MOVED = Kind(
    PROJECT,
    (applied("示例一"), applied("示例二", budget=(funds(FundingSource.REQUESTED, "0.0001"),))),
    (
        amendment(form(budget=())),
        reviewed(0),
        APPROVED,
        APPROVED.model_copy(update={"amount": None}),
        Withdrawn(reason="示例。"),
        Lapsed(sign_by=DAY, reason="示例。"),
        SIGNED,
        CONTRACT_AMENDED,
        PUBLISHED,
        ENTERED,
        SELECTED,
        PurchaseForfeited(reason="示例。"),
        BOUGHT,
        BOUGHT.model_copy(update={"relation": ContractRelation.SUPERSEDES}),
        paid("9000.00"),
        paid("0.0001", PaidUnder.PURCHASE),
        paid("7", currency="GBP"),
        given_back("400.10"),
        given_back("3", PaidUnder.PURCHASE),
        spending(Milestone.START, own="100.00", requested="20.05"),
        spending(Milestone.EARLY, requested="300.00", in_kind="1.5"),
        spending(Milestone.COMPLETION, requested="250.00"),
        Transferred(organisation=uuid4(), organisation_name="示例接续中心", district="110105", reason="示例。"),
    ),
)
GRANTED = Kind(PROJECT, (GRANT, GRANT.model_copy(update={"amount": yuan("7", "USD")})), (paid("1"),))


@st.composite
def moved_stories(draw: st.DrawFn, longest: int = 24, kinds: Sequence[Kind] = (MOVED, MOVED, GRANTED)) -> Story:
    story = Story({uuid4(): kind for kind in kinds})
    told: list[list[Fact]] = [[] for _ in kinds]
    for _ in range(draw(st.integers(1, longest))):
        number = draw(st.sampled_from([0, 0, 0, 1, 2]))
        fact = draw(next_facts(kinds[number], told[number]))
        told[number].append(fact)
        story.entries.append(Entry(list(story.streams)[number], len(told[number]), fact, draw(days)))
    return story


# One project's money from the request to what came back, with an additional purchase.
LIFE: Facts = (
    applied("示例三"),
    APPROVED,
    SIGNED,
    PUBLISHED,
    CONTRACT_AMENDED,
    ENTERED,
    SELECTED,
    BOUGHT,
    paid("32000.50"),
    paid("50000.00", PaidUnder.PURCHASE),
    spending(Milestone.START, own="100.00", requested="20000.00"),
    spending(Milestone.COMPLETION, own="100.00", requested="81500.50"),
    given_back("500.00", PaidUnder.PURCHASE),
)
