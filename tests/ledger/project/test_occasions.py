"""Occasions of an anonymous audience: listed and drawn before they take place, and those present answer once (N17)."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import PROJECT, recorded
from tests.support import refuses

from ledger.aggregates import FEEDBACK, FRAME
from ledger.core.fact import Sealed
from ledger.core.refusal import Refusal
from ledger.project.feedback import AlreadyAnswered, EntryNotDrawn, Feedback, PresentAnswered
from ledger.project.occasions import (
    AttendanceRecorded,
    ListedOccasion,
    NumberNotGiven,
    OccasionNotHeld,
    OccasionToCome,
    OccasionTooEarly,
    OccasionTwice,
    check_present,
    count_occasions,
    hold,
    register_occasions,
)
from ledger.project.sampling import (
    AnnouncementNotAhead,
    Frame,
    FrameFixed,
    OccasionPast,
    OccasionsRegistered,
    SampleDrawn,
    SamplingFact,
    draw_sample,
    entry_of,
)
from ledger.refusals.general import SampleMissing
from ledger.rules import SamplingRule
from minsheng_verify.draw import check_draw

TODAY, ANNOUNCED = date(2010, 5, 1), date(2010, 5, 10)
SOURCE, VALUE = "示例彩票第1期", "03 09 15"
SAMPLING = SamplingRule(share=20, least=2)
PEOPLE = [UUID(int=number) for number in range(1, 4)]


def listed(number: int, **changes: Any) -> ListedOccasion:
    day = ANNOUNCED + timedelta(days=1 + number)
    said = {"name": f"示例讲座第{number}场", "on": day, "place": "示例社区", "expected": 20 + number}
    return ListedOccasion.model_validate(said | changes)


OCCASIONS = tuple(listed(number) for number in range(12))
occasions = st.lists(
    st.builds(
        listed,
        st.integers(0, 200),
        place=st.sampled_from(["示例社区", "示例广场", "Example Hall"]),
        expected=st.integers(1, 1000),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda one: entry_of(one.name, one.on, one.place, one.expected),
)
values = st.text(alphabet="0123456789+零壹 ", min_size=1, max_size=20).map(str.strip).filter(bool)


def registered(frame: Frame | None = None, **changes: Any) -> OccasionsRegistered:
    said: dict[str, Any] = {"listed": OCCASIONS, "people_served": 300, "source": SOURCE, "announced_on": ANNOUNCED}
    said |= {"today": TODAY, "project": PROJECT, "sampling": SAMPLING} | changes
    return register_occasions(frame or Frame(PROJECT), **said)


def with_facts(*facts: SamplingFact) -> Frame:
    frame = Frame(PROJECT)
    for version, fact in enumerate(facts, 1):
        frame = FRAME.evolve(frame, recorded(fact, version))
    return frame


def drawn(frame: Frame, **changes: Any) -> SampleDrawn:
    said: dict[str, Any] = {"project": PROJECT, "source": SOURCE, "value": VALUE, "today": ANNOUNCED}
    return draw_sample(frame, **(said | changes))


LIST = registered()
SAMPLE = drawn(with_facts(LIST))
DRAWN = with_facts(LIST, SAMPLE)
FIRST, SECOND = (DRAWN.occasions[entry] for entry in SAMPLE.drawn[:2])
LATE = date(2010, 6, 1)
HELD = hold(DRAWN, FIRST.entry, 15, project=PROJECT, today=LATE)
AFTER = with_facts(LIST, SAMPLE, HELD)


def test_the_list_covers_the_attendance_expected() -> None:
    assert with_facts(LIST).size == sum(one.expected for one in OCCASIONS)
    assert (LIST.share, LIST.least, LIST.people_served) == (20, 2, 300)
    assert LIST.entries == tuple(sorted(LIST.entries))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"listed": (listed(1), listed(1))}, OccasionTwice),
        ({"listed": (listed(1, on=ANNOUNCED),)}, OccasionTooEarly),
        ({"listed": (listed(1, on=TODAY),)}, OccasionTooEarly),
        ({"announced_on": TODAY}, AnnouncementNotAhead),
        ({"frame": with_facts(LIST), "today": ANNOUNCED, "announced_on": date(2010, 5, 11)}, FrameFixed),
        ({"frame": DRAWN, "today": LATE, "announced_on": date(2010, 6, 10)}, FrameFixed),
    ],
)
def test_an_impossible_or_late_list_is_refused(changes: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        registered(**changes)


def test_only_what_is_still_to_come_is_drawn() -> None:
    first = min(OCCASIONS, key=lambda one: one.on)
    assert drawn(with_facts(LIST), today=first.on - timedelta(days=1)).drawn == SAMPLE.drawn
    with refuses(OccasionPast, name=first.name, today=first.on.isoformat()):
        drawn(with_facts(LIST), today=first.on)


def test_a_list_that_was_missed_is_replaced() -> None:
    later = [listed(40 + number) for number in range(5)]
    again = registered(with_facts(LIST), listed=later, today=date(2010, 5, 12), announced_on=date(2010, 5, 20))
    assert with_facts(LIST, again).size == sum(one.expected for one in later)


@for_all(occasions, values, st.randoms(use_true_random=False))
def test_everybody_recomputes_the_draw(found: list[ListedOccasion], value: str, chance: Any) -> None:
    """In whichever order they were listed; the verifier makes the entries from what is listed."""
    fact = registered(listed=tuple(found))
    sample = drawn(with_facts(fact), value=value)
    chance.shuffle(found)
    assert registered(listed=tuple(found)) == fact
    entries = sorted(
        sha256("\0".join(("minsheng/occasion/v1", one.name, one.on.isoformat(), one.place, str(one.expected))).encode())
        .hexdigest()
        for one in found
    )  # fmt: skip
    seed = sha256((sha256("".join(f"{one}\n" for one in entries).encode()).hexdigest() + value).encode()).hexdigest()
    ranked = sorted(entries, key=lambda entry: sha256((seed + entry).encode()).digest())
    count = min(len(entries), max(2, -(-20 * len(entries) // 100)))
    assert list(sample.drawn) == ranked[:count]
    answer = {"frame": fact.model_dump(mode="json"), "sample": sample.model_dump(mode="json")}
    assert check_draw(answer).drawn == count


def test_those_present_are_counted_once_the_day_has_come() -> None:
    with refuses(OccasionToCome, name=FIRST.name, on=FIRST.on.isoformat()):
        hold(DRAWN, FIRST.entry, 15, project=PROJECT, today=FIRST.on - timedelta(days=1))
    assert hold(DRAWN, FIRST.entry, 15, project=PROJECT, today=FIRST.on).present == 15
    with refuses(AttendanceRecorded, name=FIRST.name, present=15):
        hold(AFTER, FIRST.entry, 16, project=PROJECT, today=LATE)
    left = next(entry for entry in LIST.entries if entry not in SAMPLE.drawn)
    with refuses(EntryNotDrawn):
        hold(DRAWN, left, 15, project=PROJECT, today=LATE)
    with refuses(SampleMissing):
        hold(with_facts(LIST), FIRST.entry, 15, project=PROJECT, today=LATE)


def answered(*people: UUID) -> Feedback:
    feedback = Feedback(PROJECT)
    for version, person in enumerate(people, 1):
        sealed: Any = Sealed(commitment=f"{version:064x}")
        fact = PresentAnswered(project=PROJECT, entry=FIRST.entry, person=person, answers=sealed)
        feedback = FEEDBACK.evolve(feedback, recorded(fact, version))
    return feedback


def test_each_number_answers_once() -> None:
    check_present(AFTER, answered(PEOPLE[0]), FIRST.entry, 15, PEOPLE[1])
    with refuses(AlreadyAnswered):
        check_present(AFTER, answered(*PEOPLE), FIRST.entry, 2, PEOPLE[1])
    with refuses(NumberNotGiven, name=FIRST.name, present=15, number=16):
        check_present(AFTER, answered(), FIRST.entry, 16, PEOPLE[0])
    with refuses(OccasionNotHeld, name=SECOND.name):
        check_present(AFTER, answered(), SECOND.entry, 1, PEOPLE[0])


def test_answers_are_counted_by_drawn_occasion() -> None:
    counted = count_occasions(AFTER, answered(*PEOPLE).present)
    assert (counted.listed, len(counted.occasions)) == (12, len(SAMPLE.drawn))
    assert [(one.name, one.present, one.answered) for one in counted.occasions[:2]] == [
        (FIRST.name, 15, 3),
        (SECOND.name, None, 0),
    ]
    assert AFTER.invited == 15
