"""Following the ledger: one reader, many read models, each event into each of them exactly once.

Those that stand at the same position share a batch: it is read, decoded and followed once. A model's rows and the
position behind them are one transaction, under a lock on its tracking row; so several processes may follow, and a
killed one leaves nothing half done. Within it each model has a savepoint: one that fails stops alone.
"""

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from ledger.database import Database
from ledger.store.reader import UNREADABLE
from projections import schemas, tracking
from projections.batches import fold, read
from projections.projection import Projection, ProjectionBroken, unreadable
from projections.rebuilding import Rebuild
from projections.schemas import connect
from projections.timelines import Timelines

__all__ = ["BATCH", "Projection", "ProjectionBroken", "Runner", "connect"]

BATCH = 2_000
# One that failed is tried again after so many seconds, then after twice as many, and so on.
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0

log = logging.getLogger("minsheng.projections")


@dataclass(frozen=True, slots=True)
class _Stopped:
    """Not to be tried before `until`, by the monotonic clock, unless it stands elsewhere by then."""

    broken: ProjectionBroken
    position: int
    wait: float
    until: float


class Runner:
    """Follows the ledger for one or several read models, on a connection of its own."""

    def __init__(self, database: Database, *projections: Projection) -> None:
        self._database = database
        self._projections = {one.name: one for one in projections}
        # Of those that are ahead of all others, and of those that catch up with them.
        self._ahead, self._behind = Timelines(), Timelines()
        self._stopped: dict[str, _Stopped] = {}
        # Those of another version that could not be rebuilt.
        self._outdated: dict[str, ProjectionBroken] = {}
        self._connection = connect(database)

    def close(self) -> None:
        self._connection.close()

    def prepare(self, progress: Callable[[int, int], None] = lambda done, size: None) -> None:
        """Makes the read models' tables, or rebuilds those that are of another version, together. One that cannot be
        rebuilt is marked, and not followed."""
        outdated = [one for one in self._projections.values() if not self._create(one)]
        if outdated:
            for name, broken in self._rebuild(outdated, progress).broken.items():
                self._outdated[name] = broken
                with self._connection.transaction():
                    tracking.mark(self._connection, name, broken)
                _log(broken)

    def create(self) -> bool:
        """Makes the tables where there are none; whether those that are there are all of this version."""
        return all(list(map(self._create, self._projections.values())))

    def follow(self, limit: int = BATCH) -> int:
        """Folds the next batch of each group of those that stand at one position; returns how many events. A read model
        that fails is marked with the very event, and tried again later; the others go on."""
        while True:
            counts = self._follow_groups(limit)
            # None: somebody else was faster, and there may be more.
            if any(counts) or None not in counts:
                return sum(filter(None, counts))

    def catch_up(self) -> int:
        """Follows until nothing is left; returns the number of events. Raises ProjectionBroken when one has stopped,
        after the others went on."""
        self._stopped.clear()
        total = 0
        while count := self.follow():
            total += count
        for broken in (*self._outdated.values(), *(stopped.broken for stopped in self._stopped.values())):
            raise broken
        return total

    def rebuild(self, progress: Callable[[int, int], None] = lambda done, size: None) -> int:
        """Folds everything into fresh tables next to the present ones, indexes them, and switches. Readers go on
        meanwhile; returns the number of events. Raises ProjectionBroken when one could not be rebuilt, after the
        others were; its present tables stay."""
        done = self._rebuild(list(self._projections.values()), progress)
        for broken in done.broken.values():
            raise broken
        return done.position

    def _rebuild(
        self, projections: list[Projection], progress: Callable[[int, int], None] = lambda done, size: None
    ) -> Rebuild:
        rebuild = Rebuild(self._connection, projections, BATCH)
        rebuild.run(self._database, progress)
        return rebuild

    def _create(self, one: Projection) -> bool:
        with self._connection.transaction():
            found = tracking.enter(self._connection, one.name)
            if found == (0, 0):
                schemas.create(self._connection, one.name, one.tables + one.indexes)
                tracking.switched(self._connection, one.name, one.version, 0)
                return True
            return found[0] == one.version

    def _follow_groups(self, limit: int) -> list[int | None]:
        groups = self._groups()
        if len(groups) < 2:
            self._behind.forget()
        # Also those that come to stand where another group does, but none that has to wait.
        versions = {name: self._projections[name].version for names in groups.values() for name in names}
        counts = []
        for number, (start, names) in enumerate(groups.items(), 1):
            if self._stopped.keys() >= set(names):
                # One event tells whether it can go on.
                most = 1
            elif number < len(groups):
                # As far as the next group, to go on together.
                most = min(limit, list(groups)[number] - start)
            else:
                most = limit
            timelines = self._ahead if number == len(groups) else self._behind
            counts.append(self._follow_group(versions, start, most, timelines))
        return counts

    def _groups(self) -> dict[int, list[str]]:
        """By position, the lowest first: who stands there, but for those that have to wait."""
        with self._connection.transaction():
            versions = {name: one.version for name, one in self._projections.items()}
            standing = tracking.positions(self._connection, versions)
        groups: dict[int, list[str]] = {}
        for name, position in sorted(standing.items(), key=lambda one: one[1]):
            self._outdated.pop(name, None)
            stopped = self._stopped.get(name)
            if stopped and stopped.position != position:
                del self._stopped[name]
            elif stopped and time.monotonic() < stopped.until:
                continue
            groups.setdefault(position, []).append(name)
        return groups

    def _follow_group(self, versions: dict[str, int], start: int, limit: int, timelines: Timelines) -> int | None:
        """How many events the one that came furthest has folded; None when nobody stands there any more."""
        try:
            with self._connection.transaction():
                names = tracking.lock(self._connection, versions, start)
                if not names:
                    return None
                try:
                    batch = read(self._connection, timelines, start, limit)
                except UNREADABLE as error:
                    timelines.forget()
                    for name in names:
                        stopped = unreadable(name, error)
                        tracking.mark(self._connection, name, stopped, start)
                        self._note(name, start, stopped)
                    return 0
                if not batch:
                    return 0
                furthest, going_on = 0, []
                for name in names:
                    done, broken = fold(self._connection, self._projections[name], name, batch)
                    if broken is None:
                        going_on.append(name)
                    else:
                        tracking.mark(self._connection, name, broken, start + done)
                    self._note(name, start + done, broken)
                    furthest = max(furthest, done)
                tracking.move(self._connection, going_on, start + len(batch))
                return furthest
        except BaseException:
            self._ahead.forget()
            self._behind.forget()
            raise

    def _note(self, name: str, position: int, broken: ProjectionBroken | None) -> None:
        before = self._stopped.pop(name, None)
        if broken is not None:
            wait = min(before.wait * 2, LONGEST_WAIT) if before else FIRST_WAIT
            self._stopped[name] = _Stopped(broken, position, wait, time.monotonic() + wait)
            _log(broken)


def _log(broken: ProjectionBroken) -> None:
    assert broken.__cause__ is not None
    # Where, without the words of the error.
    log.error("%s\n%s", broken, "".join(traceback.format_tb(broken.__cause__.__traceback__)))
