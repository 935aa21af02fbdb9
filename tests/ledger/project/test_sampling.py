"""The sample frame and its draw: registered before the value is known, recomputable by anybody (N17)."""

from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import PROJECT, recorded

from ledger.aggregates import FRAME
from ledger.core.refusal import Refusal
from ledger.project.sampling import (
    AnnouncementNotAhead,
    Frame,
    FrameFixed,
    FrameRegistered,
    FrameTooLarge,
    FrameUnknown,
    FrameUnordered,
    SampleAlreadyDrawn,
    SampleDrawn,
    SourceDiffers,
    ValueNotKnownYet,
    digest_of,
    draw,
    draw_sample,
    register,
    seed_of,
)
from ledger.rules import SamplingRule

TODAY, ANNOUNCED = date(2010, 9, 1), date(2010, 9, 5)
SOURCE = "示例彩票第1期"
ENTRIES = tuple(sorted(sha256(f"示例{number}".encode()).hexdigest() for number in range(40)))
SAMPLING = SamplingRule(share=10, least=5)
entries = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=60, unique=True)
values = st.text(alphabet="0123456789+零壹 ", min_size=1, max_size=20).map(str.strip).filter(bool)


def registered(frame: Frame | None = None, **changes: Any) -> FrameRegistered:
    said: dict[str, Any] = {"people_served": 90, "source": SOURCE, "announced_on": ANNOUNCED, "today": TODAY}
    said |= {"entries": ENTRIES, "project": PROJECT, "sampling": SAMPLING} | changes
    return register(frame or Frame(PROJECT), **said)


def with_frame(*facts: FrameRegistered | SampleDrawn) -> Frame:
    frame = Frame(PROJECT)
    for version, fact in enumerate(facts or (registered(),), 1):
        frame = FRAME.evolve(frame, recorded(fact, version))
    return frame


def drawn(frame: Frame, **changes: Any) -> SampleDrawn:
    said: dict[str, Any] = {"project": PROJECT, "source": SOURCE, "value": "07", "today": ANNOUNCED}
    return draw_sample(frame, **(said | changes))


def test_a_frame_records_its_draw_and_people_served() -> None:
    fact = registered()
    assert (fact.share, fact.least, fact.people_served, len(fact.entries)) == (10, 5, 90, 40)
    assert fact.digest == sha256("".join(entry + "\n" for entry in ENTRIES).encode()).hexdigest()


def test_a_frame_is_replaceable_until_its_value() -> None:
    whole = registered(people_served=40)
    shorter = registered(with_frame(whole), entries=ENTRIES[:30], today=date(2010, 9, 4))
    assert with_frame(whole, shorter).size == 30


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"entries": ENTRIES[::-1]}, FrameUnordered),
        ({"entries": (ENTRIES[0], ENTRIES[0])}, FrameUnordered),
        ({"people_served": 39}, FrameTooLarge),
        ({"announced_on": TODAY}, AnnouncementNotAhead),
        ({"announced_on": date(2010, 8, 1)}, AnnouncementNotAhead),
        ({"frame": with_frame(), "today": ANNOUNCED, "announced_on": date(2010, 9, 9)}, FrameFixed),
    ],
)
def test_an_impossible_or_late_frame_is_refused(changes: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        registered(**changes)


@pytest.mark.parametrize(
    ("frame", "changes", "refusal"),
    [
        (Frame(PROJECT), {}, FrameUnknown),
        (with_frame(), {"source": "另一来源"}, SourceDiffers),
        (with_frame(), {"today": date(2010, 9, 4)}, ValueNotKnownYet),
        (with_frame(registered(), drawn(with_frame())), {}, SampleAlreadyDrawn),
        (with_frame(registered(), drawn(with_frame())), {"value": "08"}, SampleAlreadyDrawn),
    ],
)
def test_a_draw_waits_and_happens_once(frame: Frame, changes: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        drawn(frame, **changes)


@pytest.mark.parametrize(
    ("size", "share", "least", "count"),
    [(1, 10, 5, 1), (4, 10, 5, 4), (40, 10, 5, 5), (60, 10, 5, 6), (61, 10, 5, 7), (40, 100, 1, 40), (99, 1, 1, 1)],
)
def test_a_share_is_rounded_up_to_the_minimum(size: int, share: int, least: int, count: int) -> None:
    of_size = tuple(sorted(sha256(f"{number}".encode()).hexdigest() for number in range(size)))
    assert len(draw("0" * 64, of_size, share=share, least=least)) == count


@for_all(entries, values, st.randoms(use_true_random=False))
def test_a_draw_is_reproducible_in_any_order(found: list[str], value: str, chance: Any) -> None:
    frame = with_frame(registered(entries=tuple(sorted(found)), people_served=100))
    sample = drawn(frame, value=value)
    seed = sha256((digest_of(sorted(found)) + value).encode()).hexdigest()
    assert sample.seed == seed == seed_of(digest_of(sorted(found)), value)
    ranked = sorted(found, key=lambda entry: sha256((seed + entry).encode()).digest())
    assert list(sample.drawn) == ranked[: len(sample.drawn)]
    chance.shuffle(found)
    assert draw(seed, found, share=10, least=5) == sample.drawn


@for_all(entries, st.integers(0, 59), st.binary(min_size=32, max_size=32))
def test_a_frame_that_was_tampered_with_has_another_digest(found: list[str], place: int, other: bytes) -> None:
    exchanged = found.copy()
    exchanged[place % len(found)] = other.hex()
    if exchanged != found:
        assert digest_of(sorted(exchanged)) != digest_of(sorted(found))
    assert digest_of(sorted(found)[1:]) != digest_of(sorted(found))
