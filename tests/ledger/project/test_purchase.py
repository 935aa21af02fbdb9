"""Government purchase (N15): entry, jurors' scores, selection, forfeiture, contract."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.ledger.project.given import AT, PERIOD, RULES, Facts, funds, given, yuan

from ledger.core.fact import Fact
from ledger.core.refusal import Refusal
from ledger.project import purchase
from ledger.project.application import Beneficiaries
from ledger.project.ending import Terminated
from ledger.project.funding import FundingSourceRepeated
from ledger.project.purchase import (
    AlreadyEntered,
    AlreadyScored,
    AlreadySelected,
    ContractRelation,
    EnteredCompetition,
    NotEntered,
    NotSelected,
    PurchaseContractSigned,
    PurchaseContractThere,
    Purchased,
    PurchaseForfeited,
    Scored,
    ScoresMissing,
)
from ledger.project.state import Project
from ledger.project.supervision import Suspended
from ledger.refusals.general import AmountOverRequested, CurrencyWrong, StepOutOfOrder
from ledger.values import FundingSource, Money

JURORS = tuple(UUID(int=number) for number in range(201, 204))
ENTERED = EnteredCompetition(
    goals="示例：覆盖五个社区。",
    tasks="示例：每天送餐。",
    funding=(funds(FundingSource.REQUESTED, "50000.00"), funds(FundingSource.OWN, "10000.00")),
    beneficiaries=Beneficiaries(count=200, group="独居老人"),
)
SCORES = tuple(
    Scored(juror=juror, score=score, reason="示例：方案可行。")
    for juror, score in zip(JURORS, (80, 85, 86), strict=True)
)
SELECTED = Purchased(
    place=1,
    places=100,
    jurors=3,
    score="83.67",
    amount=yuan("50000.00"),
    document_number="示例发〔2010〕6号",
    reason="示例：评分靠前。",
    replaces=None,
)
FORFEITED = PurchaseForfeited(reason="示例：人手不足。")
BOUGHT = PurchaseContractSigned(
    number="示例购2010-1",
    signed_on=date(2010, 4, 1),
    period=PERIOD,
    services="示例：送餐服务。",
    amount=yuan("50000.00"),
    relation=ContractRelation.SUPPLEMENTS,
    original_sha256=None,
    instalments=None,
)
AT_ENTRY: Facts = (*AT.PUBLICATION, ENTERED)
AT_SCORES: Facts = (*AT_ENTRY, *SCORES)
AT_SELECTION: Facts = (*AT_SCORES, SELECTED)
AT_PURCHASE: Facts = (*AT_SELECTION, BOUGHT)
SUSPENDED = Suspended(reason="示例：场地关闭。")
TERMINATED = Terminated(document_number="示例发8号", reason="示例：无法继续。", refund=None)


def enter(project: Project, **changes: Any) -> EnteredCompetition:
    said = {"goals": ENTERED.goals, "tasks": ENTERED.tasks, "funding": ENTERED.funding} | changes
    return purchase.enter(project, beneficiaries=ENTERED.beneficiaries, rules=RULES, **said)


def score(project: Project, juror: UUID = JURORS[0]) -> Scored:
    return purchase.score(project, juror=juror, points=80, reason="示例：方案可行。")


def select(project: Project, amount: Money = SELECTED.amount) -> Purchased:
    return purchase.select(
        project,
        amount=amount,
        document_number=SELECTED.document_number,
        reason=SELECTED.reason,
        place=1,
        places=100,
        replaces=None,
        rules=RULES,
    )


def forfeit(project: Project) -> PurchaseForfeited:
    return purchase.forfeit(project, FORFEITED.reason)


def sign(project: Project, amount: Money = BOUGHT.amount) -> PurchaseContractSigned:
    return purchase.sign_purchase(
        project,
        number=BOUGHT.number,
        signed_on=BOUGHT.signed_on,
        period=BOUGHT.period,
        services=BOUGHT.services,
        amount=amount,
        relation=BOUGHT.relation,
        original_sha256=None,
        rules=RULES,
    )


def test_a_project_enters_is_scored_selected_and_contracted() -> None:
    assert enter(given(*AT.PUBLICATION)) == ENTERED
    assert enter(given(*AT.DELIVERY)) == ENTERED
    assert score(given(*AT_ENTRY)) == SCORES[0]
    assert select(given(*AT_SCORES)) == SELECTED
    assert forfeit(given(*AT_SELECTION)) == FORFEITED
    assert sign(given(*AT_SELECTION)) == BOUGHT


def test_the_jurors_mean_is_rounded_half_up() -> None:
    assert select(given(*AT_SCORES)).score == "83.67"
    half = (Scored(juror=UUID(int=n), score=80 + (n == 1), reason="示例") for n in range(1, 9))
    assert select(given(*AT_ENTRY, *half)).score == "80.13"


@pytest.mark.parametrize(
    ("act", "facts", "refusal"),
    [
        (enter, AT.CONTRACT, StepOutOfOrder),
        (enter, AT.COMPLETION, StepOutOfOrder),
        (enter, (*AT.PUBLICATION, SUSPENDED), StepOutOfOrder),
        (enter, AT_ENTRY, AlreadyEntered),
        (score, AT.PUBLICATION, NotEntered),
        (score, (*AT_ENTRY, SCORES[0]), AlreadyScored),
        (score, AT_SELECTION, AlreadySelected),
        (score, (*AT_ENTRY, SUSPENDED), StepOutOfOrder),
        (select, AT.PUBLICATION, NotEntered),
        (select, (*AT_ENTRY, *SCORES[:2]), ScoresMissing),
        (select, AT_SELECTION, AlreadySelected),
        (select, (*AT_SELECTION, FORFEITED), AlreadySelected),
        (select, (*AT_SCORES, TERMINATED), StepOutOfOrder),
        (forfeit, AT_SCORES, NotSelected),
        (forfeit, (*AT_SELECTION, FORFEITED), NotSelected),
        (forfeit, AT_PURCHASE, PurchaseContractThere),
        (sign, AT_SCORES, NotSelected),
        (sign, (*AT_SELECTION, FORFEITED), NotSelected),
        (sign, AT_PURCHASE, PurchaseContractThere),
        (sign, (*AT_SELECTION, TERMINATED), StepOutOfOrder),
    ],
)
def test_each_step_waits_for_the_one_before(
    act: Callable[[Project], Fact], facts: Facts, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        act(given(*facts))


def test_a_purchase_is_capped_by_request_and_selection() -> None:
    for act, facts in ((select, AT_SCORES), (sign, AT_SELECTION)):
        with pytest.raises(AmountOverRequested):
            act(given(*facts), yuan("50000.01"))
        with pytest.raises(CurrencyWrong):
            act(given(*facts), yuan("50.00", "GBP"))


def test_a_proposal_names_each_source_once() -> None:
    twice = (funds(FundingSource.OWN, "1.00"), funds(FundingSource.OWN, "2.00"))
    with pytest.raises(FundingSourceRepeated):
        enter(given(*AT.PUBLICATION), funding=twice)
    with pytest.raises(CurrencyWrong):
        enter(given(*AT.PUBLICATION), funding=(funds(FundingSource.OWN, "1.00", "GBP"),))
