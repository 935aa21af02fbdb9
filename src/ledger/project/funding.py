"""Lines of funding by source, in application, entry and report."""

from collections.abc import Sequence
from decimal import Decimal

from ledger.core.refusal import Kind, Refusal
from ledger.refusals.general import AmountOverRequested, CurrencyWrong
from ledger.rules import Rules
from ledger.values import FundingLine, FundingSource, Money


class FundingSourceRepeated(Refusal):
    kind = Kind.INVALID
    zh, en = "每种资金来源只列一行：{source}。", "Each source of funds has one line: {source}."


def check_funding(lines: Sequence[FundingLine], rules: Rules) -> None:
    seen: set[FundingSource] = set()
    for line in lines:
        if line.money.currency != rules.currency:
            raise CurrencyWrong(expected=rules.currency, got=line.money.currency)
        if line.source in seen:
            raise FundingSourceRepeated(source=line.source)
        seen.add(line.source)


def check_amount(amount: Money, limit: Decimal, rules: Rules) -> None:
    if amount.currency != rules.currency:
        raise CurrencyWrong(expected=rules.currency, got=amount.currency)
    if amount.amount > limit:
        raise AmountOverRequested(amount=format(amount.amount, "f"), limit=format(limit, "f"))


def requested_in(lines: Sequence[FundingLine]) -> Decimal:
    """What is asked of the government."""
    return sum((line.money.amount for line in lines if line.source is FundingSource.REQUESTED), Decimal(0))
