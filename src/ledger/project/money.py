"""A project's money from the request to what came back, each figure with the events that it rests on (N15, D7).

`parts` is what a state says. `movements` is the same along the events: what each of them adds to a figure or takes
from it, on the day since when it is so. Movements until a day add up to the parts of the state as effective on that
day, whatever was entered late or corrected.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact
from ledger.core.history import corrected, live_corrections
from ledger.project.application import Amended, Applied, Withdrawn
from ledger.project.contract import ContractAmended, ContractSigned, Lapsed
from ledger.project.delivery import MilestoneReported
from ledger.project.earlier import EarlierProjectRecorded
from ledger.project.grant import GrantImported
from ledger.project.payments import Disbursed, Refunded, is_superseded
from ledger.project.purchase import EnteredCompetition, PurchaseContractSigned, Purchased, PurchaseForfeited
from ledger.project.review import Approved
from ledger.project.state import Project, evolve
from ledger.values import FundingLine, FundingSource, Money


class Stage(StrEnum):
    REQUESTED = "requested"
    GRANTED = "granted"
    CONTRACTED = "contracted"
    PAID = "paid"
    SPENT = "spent"
    RETURNED = "returned"


class Sum(StrEnum):
    """A project's seven amounts, by name; none stands for another. `approved`: of the application, and what an imported
    grant or an earlier year awarded; `purchased`: what the leading group selected it for, which with `approved` makes
    what is granted; `spent`: from every source."""

    REQUESTED = "requested"
    APPROVED = "approved"
    CONTRACTED = "contracted"
    PURCHASED = "purchased"
    PAID = "paid"
    SPENT = "spent"
    RETURNED = "returned"


class Source(StrEnum):
    """Which public money it is: support, a purchase, a grant that was imported, that
    of an earlier year. What was spent is told apart by where
    it came from instead, as reports tell it (FundingSource); `requested` is the public part of it."""

    SUPPORT = "support"
    PURCHASE = "purchase"
    GRANT = "grant"
    EARLIER = "earlier"
    OWN = "own"
    DONATED = "donated"
    REQUESTED = "requested"
    IN_KIND = "in_kind"


class Step(StrEnum):
    """What lies between two stages."""

    REQUESTED_NOT_GRANTED = "requested_not_granted"
    GRANTED_NOT_CONTRACTED = "granted_not_contracted"
    CONTRACTED_NOT_PAID = "contracted_not_paid"
    PAID_NOT_SPENT = "paid_not_spent"
    UNSPENT_NOT_RETURNED = "unspent_not_returned"


Key = tuple[Stage, Source, str]
"""Stage, source, currency: what is added up. Currencies never are."""

_SUMS = {
    Stage.REQUESTED: Sum.REQUESTED,
    Stage.GRANTED: Sum.APPROVED,
    Stage.CONTRACTED: Sum.CONTRACTED,
    Stage.PAID: Sum.PAID,
    Stage.SPENT: Sum.SPENT,
    Stage.RETURNED: Sum.RETURNED,
}

# Of which the ledger knows single figures, and no way from one stage to the next.
ELSEWHERE = frozenset({Source.GRANT, Source.EARLIER})

MOVING = (
    Applied,
    Amended,
    EnteredCompetition,
    Approved,
    Withdrawn,
    Lapsed,
    Purchased,
    PurchaseForfeited,
    ContractSigned,
    ContractAmended,
    PurchaseContractSigned,
    Disbursed,
    MilestoneReported,
    Refunded,
    GrantImported,
    EarlierProjectRecorded,
)
"""The facts that may move money; no other changes a part."""


@dataclass(frozen=True, slots=True)
class Part:
    """`version`: the event of the project's stream that says it."""

    stage: Stage
    source: Source
    amount: Money
    version: int


@dataclass(frozen=True, slots=True)
class Figure:
    """`versions`: the events of the project's stream that the amount follows from. A stage that nothing was said of
    has none."""

    stage: Stage
    amount: Money
    versions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """What the event at `position` adds to a figure, or takes from it. `dated_on`: the day that the paper itself names,
    of signature, payment or award. `corrected_at`: the position of the restatement by which the event reads so."""

    position: int
    version: int
    type: str
    stage: Stage
    source: Source
    currency: str
    amount: Decimal
    effective_on: date
    dated_on: date | None
    corrected_at: int | None

    @property
    def key(self) -> Key:
        return self.stage, self.source, self.currency


def parts(project: Project) -> Iterator[Part]:
    """In the order of stages. `spent` is what the newest reports say in all, from every source; the rest is public
    money. What was given up before its contract was signed is granted no more."""
    if project.form and project.form_version:
        yield from _asked(project.form.budget, Source.SUPPORT, project.form_version)
    if project.entry:
        yield from _asked(project.entry.fact.funding, Source.PURCHASE, project.entry.version)
    if project.grant:
        # It founds its stream.
        yield Part(Stage.GRANTED, Source.GRANT, project.grant.amount, 1)
    if project.earlier and project.earlier.granted:
        yield Part(Stage.GRANTED, Source.EARLIER, project.earlier.granted, 1)
    if project.approved and project.approved.fact.amount and not (project.withdrawn or project.lapsed):
        yield Part(Stage.GRANTED, Source.SUPPORT, project.approved.fact.amount, project.approved.version)
    if project.purchased and not project.forfeited:
        yield Part(Stage.GRANTED, Source.PURCHASE, project.purchased.fact.amount, project.purchased.version)
    if project.terms and project.terms.amount and project.terms_version and not is_superseded(project):
        yield Part(Stage.CONTRACTED, Source.SUPPORT, project.terms.amount, project.terms_version)
    if bought := project.purchase_contract:
        yield Part(Stage.CONTRACTED, Source.PURCHASE, bought.fact.amount, bought.version)
    for paid in project.disbursed:
        yield Part(Stage.PAID, Source(paid.fact.under.value), paid.fact.amount, paid.version)
    if project.standing_reports:
        newest = project.standing_reports[-1]
        for line in newest.fact.spent:
            yield Part(Stage.SPENT, Source(line.source.value), line.money, newest.version)
    if project.earlier and project.earlier.spent:
        yield Part(Stage.SPENT, Source.EARLIER, project.earlier.spent, 1)
    for back in project.refunded:
        yield Part(Stage.RETURNED, Source(back.fact.under.value), back.fact.amount, back.version)


def _asked(funding: Sequence[FundingLine], source: Source, version: int) -> Iterator[Part]:
    for line in funding:
        if line.source is FundingSource.REQUESTED:
            yield Part(Stage.REQUESTED, source, line.money, version)


def figures(project: Project, currency: str) -> tuple[Figure, ...]:
    """One for each stage and currency, in order; in `currency` also where nothing was said."""
    sums: dict[tuple[Stage, str], tuple[Decimal, tuple[int, ...]]] = {
        (stage, currency): (Decimal(0), ()) for stage in Stage
    }
    for part in parts(project):
        amount, versions = sums.get((part.stage, part.amount.currency), (Decimal(0), ()))
        named = versions if part.version in versions else (*versions, part.version)
        sums[part.stage, part.amount.currency] = (amount + part.amount.amount, named)
    order = list(Stage)
    return tuple(
        Figure(stage, Money(amount=amount, currency=found), versions)
        for (stage, found), (amount, versions) in sorted(
            sums.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    )


def sums_of(project: Project) -> dict[Key, Decimal]:
    sums: dict[Key, Decimal] = {}
    for part in parts(project):
        key = (part.stage, part.source, part.amount.currency)
        sums[key] = sums.get(key, Decimal(0)) + part.amount.amount
    return sums


def named(sums: Mapping[Key, Decimal]) -> dict[tuple[Sum, str], Decimal]:
    """By name and currency, in the order of names; what nothing was said of is not there."""
    found: dict[tuple[Sum, str], Decimal] = {}
    for (stage, source, currency), amount in sums.items():
        name = Sum.PURCHASED if (stage, source) == (Stage.GRANTED, Source.PURCHASE) else _SUMS[stage]
        found[name, currency] = found.get((name, currency), Decimal(0)) + amount
    order = list(Sum)
    return dict(sorted(found.items(), key=lambda item: (order.index(item[0][0]), item[0][1])))


def movements(project: UUID, events: Sequence[Recorded]) -> tuple[Movement, ...]:
    """In the order in which the events count: by the day since when they are so, then by position."""
    holds = live_corrections(events)
    state, before = Project(project), dict[Key, Decimal]()
    found: list[Movement] = []
    for recorded in corrected(events):
        if not isinstance(recorded.fact, MOVING):
            continue
        state = evolve(state, recorded)
        after = sums_of(state)
        found += _changes(recorded, before, after, holds.get(recorded.version))
        before = after
    return tuple(found)


def movements_after(
    found: tuple[Movement, ...], before: Project, after: Project, events: Sequence[Recorded]
) -> tuple[Movement, ...]:
    """As `movements(events)`, given those before the last event and the states before and after it. Where that one
    counts last and nothing is corrected, only what it changes is worked out."""
    *earlier, last = events
    if not isinstance(last.fact, (*MOVING, Voided, Restated)):
        return found
    day = last.event.effective_on
    if any(isinstance(one.fact, Voided | Restated) or one.event.effective_on > day for one in (*earlier, last)):
        return movements(after.id, events)
    return (*found, *_changes(last, sums_of(before), sums_of(after), None))


def _changes(
    recorded: Recorded, before: Mapping[Key, Decimal], after: Mapping[Key, Decimal], correction: Recorded | None
) -> Iterator[Movement]:
    for key in sorted(before.keys() | after.keys()):
        if amount := after.get(key, Decimal(0)) - before.get(key, Decimal(0)):
            yield Movement(
                position=recorded.position,
                version=recorded.version,
                type=recorded.fact.type,
                stage=key[0],
                source=key[1],
                currency=key[2],
                amount=amount,
                effective_on=recorded.event.effective_on,
                dated_on=_dated_on(recorded.fact),
                corrected_at=correction.position if correction else None,
            )


def _dated_on(fact: Fact) -> date | None:
    match fact:
        case Disbursed(paid_on=day) | Refunded(received_on=day) | GrantImported(awarded_on=day):
            return day
        case ContractSigned(signed_on=day) | ContractAmended(signed_on=day) | PurchaseContractSigned(signed_on=day):
            return day
        case _:
            return None


def steps(sums: Mapping[Key, Decimal]) -> dict[tuple[Step, str], Decimal]:
    """What lies between the stages, by step and currency, of public money alone, and not of what was decided elsewhere.
    Below zero where more was done than the stage before allows for."""
    found: dict[tuple[Step, str], Decimal] = {}
    for currency in sorted({key[2] for key in sums if key[1] not in ELSEWHERE}):
        at = dict.fromkeys(Stage, Decimal(0))
        for (stage, source, unit), amount in sums.items():
            counts = source is Source.REQUESTED if stage is Stage.SPENT else source not in ELSEWHERE
            if unit == currency and counts:
                at[stage] += amount
        unspent = at[Stage.PAID] - at[Stage.SPENT]
        found |= {
            (Step.REQUESTED_NOT_GRANTED, currency): at[Stage.REQUESTED] - at[Stage.GRANTED],
            (Step.GRANTED_NOT_CONTRACTED, currency): at[Stage.GRANTED] - at[Stage.CONTRACTED],
            (Step.CONTRACTED_NOT_PAID, currency): at[Stage.CONTRACTED] - at[Stage.PAID],
            (Step.PAID_NOT_SPENT, currency): unspent,
            (Step.UNSPENT_NOT_RETURNED, currency): unspent - at[Stage.RETURNED],
        }
    return found
