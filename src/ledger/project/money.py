"""A project's money from the request to what came back, each figure with the events that it rests on (N15, D7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ledger.project.payments import is_superseded
from ledger.project.state import Project
from ledger.values import FundingSource, Money


class Stage(StrEnum):
    REQUESTED = "requested"
    GRANTED = "granted"
    CONTRACTED = "contracted"
    PAID = "paid"
    SPENT = "spent"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Figure:
    """`versions`: the events of the project's stream that the amount follows from. A stage that nothing was said of
    has none."""

    stage: Stage
    amount: Money
    versions: tuple[int, ...]


def figures(project: Project, currency: str) -> tuple[Figure, ...]:
    """`spent` is what the newest reports say in all, from every source; the rest is public money."""
    return tuple(
        Figure(stage, Money(amount=sum((amount for amount, _ in parts), Decimal(0)), currency=currency), versions)
        for stage, parts in ((stage, list(_parts(project, stage))) for stage in Stage)
        for versions in [tuple(version for _, version in parts)]
    )


def _parts(project: Project, stage: Stage) -> Iterable[tuple[Decimal, int]]:
    match stage:
        case Stage.REQUESTED:
            if project.form and project.form_version:
                asked = (line for line in project.form.budget if line.source is FundingSource.REQUESTED)
                yield sum((line.money.amount for line in asked), Decimal(0)), project.form_version
            if project.entry:
                asked = (line for line in project.entry.fact.funding if line.source is FundingSource.REQUESTED)
                yield sum((line.money.amount for line in asked), Decimal(0)), project.entry.version
        case Stage.GRANTED:
            if project.approved and project.approved.fact.amount:
                yield project.approved.fact.amount.amount, project.approved.version
            if project.purchased and not project.forfeited:
                yield project.purchased.fact.amount.amount, project.purchased.version
        case Stage.CONTRACTED:
            if project.terms and project.terms.amount and project.terms_version and not is_superseded(project):
                yield project.terms.amount.amount, project.terms_version
            if project.purchase_contract:
                yield project.purchase_contract.fact.amount.amount, project.purchase_contract.version
        case Stage.PAID:
            yield from ((found.fact.amount.amount, found.version) for found in project.disbursed)
        case Stage.SPENT:
            if project.standing_reports:
                newest = project.standing_reports[-1]
                yield sum((line.money.amount for line in newest.fact.spent), Decimal(0)), newest.version
        case Stage.RETURNED:
            yield from ((found.fact.amount.amount, found.version) for found in project.refunded)
