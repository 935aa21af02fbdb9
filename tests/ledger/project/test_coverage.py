"""A frame covers the share of the people served that the programme asks for, or the office accepts the gap (N17)."""

from decimal import Decimal

import pytest
from tests.ledger.project.given import AT, RULES, Facts, given, reported
from tests.support import refuses

from ledger.project.coverage import (
    FrameGapAccepted,
    FrameTooSmall,
    FrameWhole,
    accept_gap,
    accept_nobody,
    check_coverage,
)
from ledger.project.delivery import Milestone, MilestoneReported
from ledger.project.state import Project
from ledger.refusals.general import StepOutOfOrder
from ledger.rules import SamplingRule


def serving(people: int, milestone: Milestone = Milestone.START) -> MilestoneReported:
    return reported(milestone).model_copy(update={"people_served": people})


def after(*facts: FrameGapAccepted | MilestoneReported) -> Project:
    return given(*AT.PUBLICATION, serving(520), *facts)


ACCEPTED = FrameGapAccepted(size=9, people_served=520, reason="示例：观众不留姓名。")


@pytest.mark.parametrize(("served", "needed"), [(0, 0), (1, 1), (5, 4), (6, 5), (520, 416)])
def test_a_frame_covers_the_share_of_people_served(served: int, needed: int) -> None:
    project = given(*AT.PUBLICATION, serving(served))
    check_coverage(project, needed, rules=RULES)
    if needed:
        with refuses(FrameTooSmall, size=needed - 1, people_served=served, needed=needed):
            check_coverage(project, needed - 1, rules=RULES)


@pytest.mark.parametrize(("coverage", "needed"), [("0", 0), ("0.5", 260), ("1", 520)])
def test_the_programme_says_how_much_is_covered(coverage: str, needed: int) -> None:
    rules = RULES.model_copy(update={"sampling": SamplingRule(coverage=Decimal(coverage))})
    check_coverage(after(), needed, rules=rules)
    if needed:
        with pytest.raises(FrameTooSmall):
            check_coverage(after(), needed - 1, rules=rules)


def test_nine_names_for_many_people_need_the_office() -> None:
    with refuses(FrameTooSmall, size=9, people_served=520, needed=416):
        check_coverage(after(), 9, rules=RULES)
    assert accept_gap(after(), 9, ACCEPTED.reason, rules=RULES) == ACCEPTED
    check_coverage(after(ACCEPTED), 9, rules=RULES)
    with pytest.raises(FrameTooSmall):
        check_coverage(after(ACCEPTED), 8, rules=RULES)


def test_an_accepted_gap_is_for_as_many_people() -> None:
    more = after(ACCEPTED, serving(521, Milestone.EARLY))
    with refuses(FrameTooSmall, size=9, people_served=521, needed=417):
        check_coverage(more, 9, rules=RULES)
    again = accept_gap(more, 9, "示例。", rules=RULES)
    check_coverage(after(ACCEPTED, serving(521, Milestone.EARLY), again), 9, rules=RULES)


def test_where_there_is_no_gap_none_is_accepted() -> None:
    with refuses(FrameWhole, size=416, people_served=520):
        accept_gap(after(), 416, "示例。", rules=RULES)


def test_nobody_to_name_is_a_gap_to_accept() -> None:
    with refuses(FrameTooSmall, size=0, people_served=520, needed=416):
        accept_nobody(after(), None, rules=RULES)
    # Nine names were found enough, nobody was not.
    with pytest.raises(FrameTooSmall):
        accept_nobody(after(ACCEPTED), None, rules=RULES)
    accepted = accept_nobody(after(), ACCEPTED.reason, rules=RULES)
    assert accepted == ACCEPTED.model_copy(update={"size": 0})
    assert accept_nobody(after(accepted), None, rules=RULES) is None


def test_where_nobody_was_served_nothing_is_accepted() -> None:
    for project in (given(*AT.PUBLICATION), given(*AT.PUBLICATION, serving(0))):
        for reason in (None, "示例。"):
            assert accept_nobody(project, reason, rules=RULES) is None


@pytest.mark.parametrize("facts", [AT.CONTRACT, AT.PUBLICATION])
def test_before_the_first_report_there_is_nothing_to_cover(facts: Facts) -> None:
    with pytest.raises(StepOutOfOrder):
        accept_gap(given(*facts), 1, "示例。", rules=RULES)
