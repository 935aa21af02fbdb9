"""The figures of a programme, added up from its events alone: neither states nor read models are asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from ledger.core.envelope import Recorded
from ledger.core.fact import Fact
from ledger.core.history import corrected
from ledger.project.application import Amended, Applied, Withdrawn
from ledger.project.contract import ContractAmended, ContractSigned, Lapsed
from ledger.project.delivery import MilestoneReported
from ledger.project.payments import Disbursed, Refunded
from ledger.project.purchase import (
    ContractRelation,
    EnteredCompetition,
    PurchaseContractSigned,
    Purchased,
    PurchaseForfeited,
)
from ledger.project.reconsideration import RequestOutcome, ReviewRequestDecided
from ledger.project.review import Approved, Rejected
from ledger.project.screening import Screened, ScreeningResult
from ledger.values import FundingLine, FundingSource, Money


def summed(streams: Mapping[UUID, Sequence[Recorded]], programme: str, *, published: bool) -> dict[str, Decimal]:
    """`published`: only of projects that are. Amounts are of one currency, and people and projects are numbers."""
    total: dict[str, Decimal] = {}
    for facts in _projects(streams, programme, published=published):
        for name, amount in _of_project(facts).items():
            total[name] = total.get(name, Decimal(0)) + amount
    return total


def summed_by_district_served(
    streams: Mapping[UUID, Sequence[Recorded]], programme: str, *, published: bool
) -> dict[str, dict[str, Decimal]]:
    """By the codes of the application as it reads; each project in every district that it names."""
    found: dict[str, dict[str, Decimal]] = {}
    for facts in _projects(streams, programme, published=published):
        form = next(fact for fact in reversed(facts) if isinstance(fact, Applied | Amended)).form
        for district in form.districts_served or ("",):
            total = found.setdefault(district, {})
            for name, amount in _of_project(facts).items():
                total[name] = total.get(name, Decimal(0)) + amount
    return found


def _projects(streams: Mapping[UUID, Sequence[Recorded]], programme: str, *, published: bool) -> Iterator[list[Fact]]:
    for events in streams.values():
        facts = [one.fact for one in corrected(events)]
        if not (facts and isinstance(facts[0], Applied) and facts[0].programme == programme):
            continue
        if published and not any(fact.type == "Published" for fact in facts):
            continue
        yield facts


def _of_project(facts: Sequence[Fact]) -> dict[str, Decimal]:
    counted: dict[str, Decimal] = {"projects": Decimal(1)}

    def add(name: str, amount: Decimal | int | None) -> None:
        if amount:
            counted[name] = counted.get(name, Decimal(0)) + amount

    form = next(fact for fact in reversed(facts) if isinstance(fact, Applied | Amended)).form
    given_up = any(isinstance(fact, Withdrawn | Lapsed) for fact in facts)
    refused = _was_refused(facts)
    add("rejected", refused is Rejected)
    add("requested", _public(form.budget))
    if not (given_up or refused):
        add("planned", form.beneficiaries.count)
    last_reports: dict[str, MilestoneReported] = {}
    terms: Money | None = None
    chosen: Purchased | None = None
    for fact in facts:
        match fact:
            case EnteredCompetition():
                add("requested", _public(fact.funding))
            case Approved() if not given_up:
                add("approved", _amount(fact.amount))
            case ContractSigned() | ContractAmended():
                terms = fact.amount
            case Purchased():
                chosen = fact
            case PurchaseForfeited():
                chosen = None
            case PurchaseContractSigned():
                add("contracted", _amount(fact.amount))
                terms = None if fact.relation is ContractRelation.SUPERSEDES else terms
            case Disbursed():
                add("paid", fact.amount.amount)
            case Refunded():
                add("returned", fact.amount.amount)
            case MilestoneReported():
                last_reports[fact.milestone] = fact
            case _:
                pass
    add("contracted", _amount(terms))
    add("purchased", _amount(chosen.amount if chosen else None))
    if last_reports:
        add("served", max(report.people_served for report in last_reports.values()))
        add("spent", sum((line.money.amount for line in list(last_reports.values())[-1].spent), Decimal(0)))
    return counted


def _was_refused(facts: Iterable[Fact]) -> type[Rejected] | type[Screened] | None:
    """What the last decision on the application refuses."""
    refused: type[Rejected] | type[Screened] | None = None
    for fact in facts:
        match fact:
            case Rejected():
                refused = Rejected
            case Screened(result=ScreeningResult.REFUSED):
                refused = Screened
            case Approved() | Screened() | ReviewRequestDecided(result=RequestOutcome.SET_ASIDE):
                refused = None
            case _:
                pass
    return refused


def _public(lines: Iterable[FundingLine]) -> Decimal:
    return sum((line.money.amount for line in lines if line.source is FundingSource.REQUESTED), Decimal(0))


def _amount(money: Money | None) -> Decimal | None:
    return money.amount if money else None
