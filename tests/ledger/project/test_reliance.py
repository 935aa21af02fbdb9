"""What others have decided on a fact."""

import pytest
from tests.ledger.project.given import APPLIED, APPROVED, DAY, PUBLISHED, reported, reviewed
from tests.ledger.project.lives import PAID, accepted, given_back
from tests.ledger.test_authors import DISTRICT, JUROR, LEADERS, LIFE, MEMBER, OFFICE, OWN, Said, events_of, scored

from ledger.authors import Author
from ledger.core.envelope import Restated, Voided
from ledger.core.fact import Role
from ledger.project.delivery import Milestone
from ledger.project.reliance import confirmed_by, relied_on

TREASURY = Author(Role.TREASURY)
REPORT = reported(Milestone.START)
YEAR = (
    *LIFE[:6],
    Said(PUBLISHED, OFFICE),
    Said(REPORT, OWN),
    Said(accepted(8), DISTRICT),
    Said(PAID, TREASURY),
)


@pytest.mark.parametrize(
    ("target", "versions"),
    [
        # The application was screened, reviewed by two and approved.
        (1, [2, 3, 4, 5]),
        (2, []),
        (3, [5]),
        # Approved: signed by the district, paid by the treasury.
        (5, [6, 10]),
        (6, [10]),
        (7, []),
        (8, [9]),
        (9, []),
        (10, []),
    ],
)
def test_decisions_of_others_rest_on_a_fact(target: int, versions: list[int]) -> None:
    events = events_of(*YEAR)
    approved = APPROVED.model_copy(update={"reviews": (3, 4)})
    events[4] = events_of(*YEAR[:4], Said(approved, LEADERS))[4]
    assert [found.version for found in relied_on(events, events[target - 1])] == versions


def test_ones_own_later_steps_are_no_reliance() -> None:
    """A district that entered a report and accepted it corrects both."""
    said = (*YEAR[:7], Said(REPORT, DISTRICT), Said(accepted(8), DISTRICT))
    events = events_of(*said)
    assert relied_on(events, events[7]) == []


def test_what_is_void_or_a_return_is_no_reliance() -> None:
    void = (*YEAR[:9], Said(Voided(target=9, reason="示例。"), DISTRICT))
    events = events_of(*void)
    assert relied_on(events, events[7]) == []
    events = events_of(*YEAR[:8], Said(given_back(8), DISTRICT))
    assert relied_on(events, events[7]) == []


def test_hidden_events_are_left_out() -> None:
    events = [found for found in events_of(*YEAR) if found.version not in (3, 4)]
    assert [found.version for found in relied_on(events, events[0])] == [2, 5]


@pytest.mark.parametrize(("target", "decision"), [(1, 5), (3, 5), (5, None), (6, None), (8, 9), (10, None)])
def test_the_newest_decision_confirms_a_restatement(target: int, decision: int | None) -> None:
    """Who contracted or paid does not: those are consequences, and make the correction an exception."""
    events = events_of(*YEAR)
    events[4] = events_of(*YEAR[:4], Said(APPROVED.model_copy(update={"reviews": (3, 4)}), LEADERS))[4]
    said = events[target - 1].fact
    found = confirmed_by(events, Restated(target=target, restated_on=DAY, fact=said, reason="示例。"))
    assert (found.version if found else None) == decision
    assert confirmed_by(events, Voided(target=target, reason="示例。")) is None


def test_the_void_of_a_restatement_needs_the_same_consent() -> None:
    """It was in force when the report was accepted: without it another value would count."""
    said = (*YEAR[:8], Said(Restated(target=8, restated_on=DAY, fact=REPORT, reason="示例。"), OWN))
    events = events_of(*said, Said(accepted(8), DISTRICT))
    found = confirmed_by(events, Voided(target=9, reason="示例。"))
    assert found is not None and found.version == 10
    assert confirmed_by(events, Voided(target=8, reason="示例。")) is None


def test_later_facts_only() -> None:
    events = events_of(Said(APPLIED, OWN), Said(reviewed(0), MEMBER), Said(scored(0), JUROR))
    assert relied_on(events, events[2]) == []
