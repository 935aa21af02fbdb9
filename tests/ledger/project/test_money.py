"""Money as it moves (N15, D7): what events add up to is what the state says, on any day."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given as whatever
from tests.ledger.project.given import AT, DAY, GRANT, PROJECT, Facts, given, history, recorded, yuan
from tests.projections.moved import LIFE, moved_stories
from tests.projections.streams import Story

from ledger import aggregates
from ledger.core.envelope import Restated, Voided
from ledger.core.history import state
from ledger.project.application import Withdrawn
from ledger.project.contract import Lapsed
from ledger.project.money import Key, Movement, Source, Stage, Step, figures, movements, movements_after, steps, sums_of
from ledger.project.purchase import PurchaseForfeited
from ledger.project.state import Project


def moved(facts: Facts) -> tuple[Movement, ...]:
    return movements(PROJECT, history(*facts))


def sums(found: tuple[Movement, ...], until: date | None = None) -> dict[Key, Decimal]:
    added: dict[Key, Decimal] = {}
    for one in found:
        if until is None or one.effective_on <= until:
            added[one.key] = added.get(one.key, Decimal(0)) + one.amount
    return {key: amount for key, amount in added.items() if amount}


def standing(project: Project) -> dict[Key, Decimal]:
    return {key: amount for key, amount in sums_of(project).items() if amount}


@whatever(moved_stories())
def test_movements_sum_to_the_state_each_day(story: Story) -> None:
    for stream in story.streams:
        told = [entry for entry in story.entries if entry.stream == stream]
        events = [recorded(entry.fact, entry.version, entry.on) for entry in told]
        found = movements(stream, events)
        for day in (DAY + timedelta(number) for number in range(-5, 6)):
            assert sums(found, day) == standing(state(aggregates.PROJECT, stream, events, effective=day))
        assert sums(found) == standing(state(aggregates.PROJECT, stream, events))
        assert len({(one.version, *one.key) for one in found}) == len(found)
        assert all(one.amount and one.type == told[one.version - 1].fact.type for one in found)


@whatever(moved_stories())
def test_worked_out_event_by_event_movements_are_the_same(story: Story) -> None:
    for stream in story.streams:
        told = [entry for entry in story.entries if entry.stream == stream]
        events = [recorded(entry.fact, entry.version, entry.on) for entry in told]
        found: tuple[Movement, ...] = ()
        for number in range(1, len(events) + 1):
            before, after = (state(aggregates.PROJECT, stream, events[:end]) for end in (number - 1, number))
            found = movements_after(found, before, after, events[:number])
            assert found == movements(stream, events[:number])


@whatever(moved_stories())
def test_figures_are_the_same_sums_by_stage_and_currency(story: Story) -> None:
    for stream in story.streams:
        told = [entry for entry in story.entries if entry.stream == stream]
        project = state(aggregates.PROJECT, stream, [recorded(one.fact, one.version, one.on) for one in told])
        by_stage: dict[tuple[Stage, str], Decimal] = {}
        for (stage, _, currency), amount in sums_of(project).items():
            by_stage[stage, currency] = by_stage.get((stage, currency), Decimal(0)) + amount
        found = figures(project, "CNY")
        assert [one.stage for one in found] == sorted((one.stage for one in found), key=list(Stage).index)
        assert {(one.stage, one.amount.currency): one.amount.amount for one in found if one.versions} == by_stage


def test_each_money_step_is_an_event() -> None:
    amounts = [(one.version, one.stage, one.source, str(one.amount)) for one in moved(LIFE)]
    assert amounts == [
        (1, Stage.REQUESTED, Source.SUPPORT, "30000.00"),
        (2, Stage.GRANTED, Source.SUPPORT, "30000.00"),
        (3, Stage.CONTRACTED, Source.SUPPORT, "30000.00"),
        (5, Stage.CONTRACTED, Source.SUPPORT, "2000.50"),
        (6, Stage.REQUESTED, Source.PURCHASE, "50000.00"),
        (7, Stage.GRANTED, Source.PURCHASE, "50000.00"),
        (8, Stage.CONTRACTED, Source.PURCHASE, "50000.00"),
        (9, Stage.PAID, Source.SUPPORT, "32000.50"),
        (10, Stage.PAID, Source.PURCHASE, "50000.00"),
        (11, Stage.SPENT, Source.OWN, "100.00"),
        (11, Stage.SPENT, Source.REQUESTED, "20000.00"),
        (12, Stage.SPENT, Source.REQUESTED, "61500.50"),
        (13, Stage.RETURNED, Source.PURCHASE, "500.00"),
    ]


def test_steps_are_differences_between_stages() -> None:
    found = steps(sums(moved(LIFE)))
    assert {step: str(amount) for (step, _), amount in found.items()} == {
        Step.REQUESTED_NOT_GRANTED: "0.00",
        Step.GRANTED_NOT_CONTRACTED: "-2000.50",
        Step.CONTRACTED_NOT_PAID: "0.00",
        Step.PAID_NOT_SPENT: "500.00",
        Step.UNSPENT_NOT_RETURNED: "0.00",
    }
    assert {currency for _, currency in found} == {"CNY"}


def test_an_imported_grant_is_no_public_money() -> None:
    [granted] = moved((GRANT,))
    assert (granted.stage, granted.source, granted.amount, granted.currency, granted.dated_on) == (
        Stage.GRANTED,
        Source.GRANT,
        Decimal("25000"),
        "GBP",
        date(2009, 11, 30),
    )
    assert steps(sums(moved((GRANT,)))) == {}
    assert next(one.amount for one in figures(given(GRANT), "GBP") if one.stage is Stage.GRANTED) == yuan(
        "25000", "GBP"
    )


def test_a_lapsed_approval_is_not_granted() -> None:
    for gone in (Withdrawn(reason="示例。"), Lapsed(sign_by=DAY, reason="示例。")):
        last = moved((*AT.APPROVAL, gone))[-1]
        assert (last.type, last.stage, str(last.amount)) == (gone.type, Stage.GRANTED, "-30000.00")
    forfeited = moved((*LIFE[:7], PurchaseForfeited(reason="示例。")))[-1]
    assert (forfeited.stage, forfeited.source, str(forfeited.amount)) == (Stage.GRANTED, Source.PURCHASE, "-50000.00")


def test_corrections_keep_or_remove_their_movement() -> None:
    events = history(*LIFE)
    paid = events[8]
    back_dated = Restated(target=9, restated_on=date(2010, 1, 5), fact=paid.fact, reason="示例。")
    events.append(recorded(back_dated, 14))
    events.append(recorded(Voided(target=13, reason="示例。"), 15))
    found = movements(PROJECT, events)
    [one] = [one for one in found if one.version == 9]
    assert (one.position, one.effective_on, one.corrected_at) == (paid.position, date(2010, 1, 5), 140)
    assert all(one.version != 13 and (one.version == 9) == (one.corrected_at is not None) for one in found)
