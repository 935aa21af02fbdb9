from hypothesis import given
from hypothesis import strategies as st

from ledger.cache import BoundedCache

KEYS = st.integers(0, 5)
STEPS = st.one_of(
    st.tuples(st.just("store"), KEYS, st.integers()),
    st.tuples(st.sampled_from(["read", "discard", "clear"]), KEYS, st.none()),
)


@given(st.integers(1, 4), st.lists(STEPS, max_size=40))
def test_holds_the_most_recently_used_values(limit: int, steps: list[tuple[str, int, int | None]]) -> None:
    cache: BoundedCache[int, int] = BoundedCache(limit)
    model: list[tuple[int, int]] = []  # the most recently used one last
    for action, key, value in steps:
        found = [entry for entry in model if entry[0] == key]
        others = [entry for entry in model if entry[0] != key]
        if action == "store":
            assert value is not None
            cache[key] = value
            model = [*others, (key, value)][-limit:]
        elif action == "read":
            assert cache.get(key) == (found[0][1] if found else None)
            model = others + found
        elif action == "discard":
            cache.discard(key)
            model = others
        else:
            cache.clear()
            model = []
    # From the least recently used one on, reading changes nothing but an order that stays the same.
    assert [(key, cache.get(key)) for key, _ in model] == model
    assert all(cache.get(key) is None for key in range(6) if key not in dict(model))


def test_a_cached_false_value_counts_as_used() -> None:
    cache: BoundedCache[str, str] = BoundedCache(2)
    cache["empty"] = ""
    cache["other"] = "x"
    assert cache.get("empty") == ""
    cache["new"] = "y"
    assert (cache.get("empty"), cache.get("other")) == ("", None)
