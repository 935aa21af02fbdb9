"""Rebuilding read models in two processes: each reads all events once and folds half of the models.

Folding is Python's work and takes a core of its own; a second one is idle while the command runs. Each rebuild stands
for itself, so the halves need know nothing of each other."""

import contextlib
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from ledger.database import Database
from ledger.memory import collect_rarely
from projections.projection import Projection, ProjectionBroken
from projections.read_models import READ_MODELS
from projections.rebuilding import Progress
from projections.runner import Runner


def rebuild(
    database: Database, models: Sequence[type[Projection]], progress: Progress = lambda done, size: None
) -> int:
    """As `Runner.rebuild` for all of them, which are of READ_MODELS: by their names the other process finds them. The
    progress is that of this process's half. Raises ProjectionBroken when one could not be rebuilt, after the others
    were."""
    mine, others = models[::2], [one.name for one in models[1::2]]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        promise = process.submit(_other_half, database.login, others) if others else None
        size, failed = _rebuilt(database, mine, progress)
        if promise:
            reached, told = promise.result()
            size, failed = max(size, reached), failed or told
    if failed:
        raise failed
    return size


def _other_half(login: str, names: Sequence[str]) -> tuple[int, ProjectionBroken | None]:
    collect_rarely()
    return _rebuilt(Database(login), [one for one in READ_MODELS if one.name in names], lambda done, size: None)


def _rebuilt(
    database: Database, models: Sequence[type[Projection]], progress: Progress
) -> tuple[int, ProjectionBroken | None]:
    """How many events, and what was wrong."""
    with contextlib.closing(Runner(database, *(model() for model in models))) as runner:
        runner.create()
        try:
            return runner.rebuild(progress), None
        except ProjectionBroken as broken:
            return 0, broken
