"""Rebuilding read models in two processes: each reads all events once and folds half of the models.

Folding is Python's work and takes a core of its own; a second one is idle while the command runs. Each rebuild stands
for itself, so the halves need know nothing of each other."""

import contextlib
import multiprocessing
from collections.abc import Sequence
from multiprocessing.connection import Connection

from ledger.database import Database
from ledger.memory import collect_rarely
from ledger.operator_problem import OperatorProblem
from projections.projection import Projection, ProjectionBroken
from projections.read_models import READ_MODELS
from projections.rebuilding import Progress
from projections.runner import Runner

# How many events, and what was wrong.
Rebuilt = tuple[int, ProjectionBroken | None]


class RebuildEnded(OperatorProblem):
    """One of the two processes is gone; the tables of its models stay as they were."""


def rebuild(
    database: Database, models: Sequence[type[Projection]], progress: Progress = lambda done, size: None
) -> int:
    """As `Runner.rebuild` for all of them, which are of READ_MODELS: by their names the other process finds them. The
    progress is that of this process's half. Raises ProjectionBroken when one could not be rebuilt, after the others
    were."""
    mine, others = models[::2], [one.name for one in models[1::2]]
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_other_half, args=(theirs, database.login, others), daemon=True)
    with ours:
        try:
            if others:
                process.start()
            theirs.close()
            size, failed = _rebuilt(database, mine, progress)
            if others:
                reached, told = _received(ours)
                size, failed = max(size, reached), failed or told
        except BaseException:
            # Half a rebuild is of no use to anybody who was told to stop, or failed.
            if process.pid is not None:
                process.kill()
            raise
        finally:
            if process.pid is not None:
                process.join()
    if failed:
        raise failed
    return size


def _received(pipe: Connection) -> Rebuilt:
    try:
        answer: Rebuilt | Exception = pipe.recv()
    except EOFError:
        raise RebuildEnded("the process that rebuilds the other half has ended; run it again") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _other_half(pipe: Connection, login: str, names: Sequence[str]) -> None:
    collect_rarely()
    try:
        pipe.send(_rebuilt(Database(login), [one for one in READ_MODELS if one.name in names], lambda done, size: None))
    except Exception as error:
        pipe.send(error)


def _rebuilt(database: Database, models: Sequence[type[Projection]], progress: Progress) -> Rebuilt:
    """How many events, and what was wrong."""
    with contextlib.closing(Runner(database, *(model() for model in models))) as runner:
        runner.create()
        try:
            return runner.rebuild(progress), None
        except ProjectionBroken as broken:
            return 0, broken
