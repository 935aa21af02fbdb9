"""Deciding a batch is deciding its appends one by one, for any mixture of them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.store.appends import write

from ledger.core.refusal import Refusal
from ledger.refusals.storage import ClockBehind
from ledger.store import Append, AppendResult, Guard, Key, VersionConflict
from ledger.store.batch import Head, KnownKey, Streams, decide

NOW = datetime(2010, 3, 1, tzinfo=UTC)
STREAMS = [UUID(int=number) for number in range(4)]


@st.composite
def appends(draw: st.DrawFn) -> Append:
    written = draw(st.lists(st.sampled_from(STREAMS), min_size=1, max_size=3, unique=True))
    writes = tuple(write(stream, draw(st.integers(0, 4)), draw(st.integers(1, 3))) for stream in written)
    guarded = draw(st.lists(st.sampled_from(STREAMS), max_size=2, unique=True))
    reads = tuple(Guard(stream, draw(st.integers(0, 4))) for stream in guarded if stream not in written)
    number = draw(st.none() | st.integers(0, 2))
    key = None if number is None else Key(UUID(int=9), str(number), bytes([draw(st.integers(0, 1))]) * 32)
    return Append(writes, reads, (), key)


@given(st.lists(appends(), max_size=12), st.integers(-4_000_000, 4_000_000))
def test_a_batch_equals_its_appends_one_by_one(wanted: list[Append], microseconds: int) -> None:
    head, now = Head(7, NOW), NOW + timedelta(microseconds=microseconds)
    together = decide(wanted, head, now, Streams(dict.fromkeys(STREAMS, 1)), {})

    streams, keys, alone = Streams(dict.fromkeys(STREAMS, 1)), dict[tuple[UUID, str], KnownKey](), []
    for append in wanted:
        one = decide([append], head, now, streams, keys)
        alone.extend(one.answers)
        head = one.head
    assert [describe(answer) for answer in together.answers] == [describe(answer) for answer in alone]
    assert together.head == head
    rows = together.rows
    assert rows.positions == list(range(7, head.size))
    assert rows.recorded == sorted(set(rows.recorded))
    assert sum(append.events for append in together.accepted) == len(rows.positions)


def describe(answer: AppendResult | VersionConflict | Refusal) -> object:
    return answer if isinstance(answer, AppendResult) else (type(answer), str(answer))


@given(st.lists(appends(), min_size=1, max_size=5), st.integers(5_000_001, 10_000_000_000))
def test_a_clock_more_than_five_seconds_behind_accepts_nothing(wanted: list[Append], behind: int) -> None:
    decided = decide(wanted, Head(7, NOW), NOW - timedelta(microseconds=behind), Streams(dict.fromkeys(STREAMS, 1)), {})
    assert all(isinstance(answer, ClockBehind) for answer in decided.answers)
    assert decided.head == Head(7, NOW)
