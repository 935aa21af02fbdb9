"""Which instalment 拨付方式 of the contract a payment is for, and what is paid and due of each (N11, N15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from ledger.core.changed import changed
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.project.clauses import MOST_INSTALMENTS, Instalment
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.payments import PaidUnder, is_superseded
from ledger.project.status import BEFORE_THE_END
from ledger.values import Money

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

InstalmentNumber = Annotated[int, Field(ge=1, le=MOST_INSTALMENTS, strict=True)]


class InstalmentNotNamed(Refusal):
    kind = Kind.INVALID
    zh = "合同约定分 {count} 期拨付，须写明本次拨付为第几期。"
    en = "The contract has {count} instalments; say which of them is paid."


class InstalmentUnknown(Refusal):
    kind = Kind.INVALID
    zh, en = "合同没有第 {number} 期拨付。", "The contract has no instalment {number}."


class InstalmentOverpaid(Refusal):
    kind = Kind.CONFLICT
    zh = "金额 {amount} 超过第 {number} 期尚未拨付的 {left}。"
    en = "The amount {amount} is more than the {left} left of instalment {number}."


class InstalmentPaid(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=never("请作废该笔拨付。", "void the payment itself."),
    named=Words("拨付期次", "instalment of a payment"),
    credit=False,
    ocds="implementation",
    audit=Audit.REGULAR,
):
    """N15: the payment at version `payment` is for the contract's instalment of this number, counted from 1."""

    sentence: ClassVar[Words] = Words(
        "{payment}为合同约定的第 {instalment} 期。", "{payment} is for instalment {instalment} of the contract."
    )

    type: Literal["InstalmentPaid"] = "InstalmentPaid"
    payment: Version
    instalment: InstalmentNumber

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, instalments_paid=(*project.instalments_paid, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> InstalmentPaid:
        # Its payment is in the state before it, and says what of the instalment it takes.
        payment = next((one.fact for one in project.disbursed if one.version == self.payment), None)
        if payment is not None:
            check_instalment(project, payment.under, payment.amount, self.instalment)
        return self


@dataclass(frozen=True)
class InstalmentsState(ProjectState):
    instalments_paid: tuple[Occurrence[InstalmentPaid], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """An instalment of one of the two contracts on a day. `due`: what should have been paid by then and was not; None
    where it waits for a condition in words alone."""

    under: PaidUnder
    number: int
    agreed: Instalment
    paid: Decimal
    left: Decimal
    due: Decimal | None


def agreed(project: Project, under: PaidUnder) -> tuple[Instalment, ...]:
    """By the contract, the first one as amended."""
    if under is PaidUnder.PURCHASE:
        return (project.purchase_contract.fact.instalments or ()) if project.purchase_contract else ()
    clauses = project.terms.clauses if project.terms else None
    return (clauses.instalments or ()) if clauses else ()


def paid_for(project: Project, under: PaidUnder, number: int) -> Decimal:
    """By payments that count."""
    payments = {one.version: one.fact.amount.amount for one in project.disbursed if one.fact.under is under}
    of = (one.fact.payment for one in project.instalments_paid if one.fact.instalment == number)
    return sum((payments.get(payment, Decimal(0)) for payment in of), Decimal(0))


def check_instalment(project: Project, under: PaidUnder, amount: Money, number: int | None) -> None:
    """Where the contract has instalments a payment is for one of them. Raises InstalmentNotNamed, InstalmentUnknown,
    InstalmentOverpaid."""
    parts = agreed(project, under)
    if number is None:
        if parts:
            raise InstalmentNotNamed(count=len(parts))
        return
    if number > len(parts):
        raise InstalmentUnknown(number=number)
    left = parts[number - 1].money.amount - paid_for(project, under, number)
    if amount.amount > left:
        raise InstalmentOverpaid(
            number=number, amount=format(amount.amount, "f"), left=format(max(left, Decimal(0)), "f")
        )


def standing(project: Project, on: date) -> list[Standing]:
    """The instalments of the contracts as they are on that day."""
    found = []
    for under in PaidUnder:
        superseded = under is PaidUnder.SUPPORT and is_superseded(project)
        is_paying = project.status in BEFORE_THE_END and not superseded
        for number, one in enumerate(agreed(project, under), 1):
            paid = paid_for(project, under, number)
            left = max(one.money.amount - paid, Decimal(0))
            due: Decimal | None = Decimal(0)
            if is_paying and left:
                due = (left if one.due_on <= on else Decimal(0)) if one.due_on else None
            found.append(Standing(under, number, one, paid, left, due))
    return found
