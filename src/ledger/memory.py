"""How Python's garbage collector is set for processes that work on many events."""

import gc


def collect_rarely() -> None:
    """Leaves alone what is loaded, and looks seldom. Events and states are many objects without cycles, freed
    without the collector; looking through all of them at its usual pace takes half of a busy process's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
