"""What a contract agrees besides services, period and amount (N11): managed services, rights and duties, instalments,
liability for breach."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.refusals.general import CurrencyWrong
from ledger.values import CivilDate, Frozen, Money, Text


class InstalmentsDiffer(Refusal):
    kind = Kind.INVALID
    zh = "各期拨付合计 {total}，与合同金额 {amount} 不符。"
    en = "The instalments make {total}; the contract is for {amount}."


class InstalmentWithoutTerm(Refusal):
    kind = Kind.INVALID
    zh = "第 {number} 期拨付既未写日期，也未写条件。"
    en = "Instalment {number} has neither a day nor a condition."


class Instalment(Frozen):
    """A part of the amount, paid on a day, or when a condition is met, or both."""

    money: Money
    due_on: CivilDate | None
    condition: Text | None


MOST_INSTALMENTS = 20
Instalments = Annotated[tuple[Instalment, ...], Field(min_length=1, max_length=MOST_INSTALMENTS)]


class Clauses(Frozen):
    """管理服务事项, 双方权利义务, 拨付方式, 违约责任; each null where the contract does not say. Instalments are a
    plan: payments are facts of their own."""

    managed_services: Text | None
    rights_and_duties: Text | None
    instalments: Instalments | None
    liability: Text | None


def check_instalments(instalments: Instalments | None, amount: Money | None) -> None:
    """Raises InstalmentWithoutTerm, CurrencyWrong, InstalmentsDiffer."""
    if instalments is None:
        return
    agreed = amount.amount if amount else Decimal(0)
    for number, one in enumerate(instalments, 1):
        if one.due_on is None and one.condition is None:
            raise InstalmentWithoutTerm(number=number)
        if amount and one.money.currency != amount.currency:
            raise CurrencyWrong(expected=amount.currency, got=one.money.currency)
    total = sum((one.money.amount for one in instalments), Decimal(0))
    if total != agreed:
        raise InstalmentsDiffer(total=format(total, "f"), amount=format(agreed, "f"))


def instalments_told(tell: Teller, instalments: Instalments | None) -> Iterator[str]:
    for number, one in enumerate(instalments or (), 1):
        if one.due_on and one.condition:
            yield tell.say(_BOTH, number=number, amount=one.money, day=one.due_on, condition=one.condition)
        elif one.due_on:
            yield tell.say(_DAY, number=number, amount=one.money, day=one.due_on)
        elif one.condition:
            yield tell.say(_CONDITION, number=number, amount=one.money, condition=one.condition)


_DAY = Words("第 {number} 期拨付 {amount}：{day}。", "Instalment {number}, {amount}: on {day}.")
_CONDITION = Words("第 {number} 期拨付 {amount}：{condition}", "Instalment {number}, {amount}: {condition}")
_BOTH = Words("第 {number} 期拨付 {amount}：{day}，{condition}", "Instalment {number}, {amount}: on {day}, {condition}")
