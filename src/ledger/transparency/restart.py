"""Going on after a loss: under a new origin, with what was promised before kept and what is lost named.

`survey` finds what is lost and writes nothing. `begin` closes the log before, in one transaction of the owner's: its
checkpoints are set aside, and tiles over what is no longer there are removed, which the signer makes again. Until the
event that says so is recorded, at the position that `begin` wrote down, nobody else may write or sign.
"""

import asyncio
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from ledger.operator_problem import OperatorProblem
from ledger.store.statements import LOCK_HEAD
from ledger.transparency import history
from ledger.transparency.fork import first_difference, locate
from ledger.transparency.keys import KeyFile, LogKeys, flush_folder, written
from ledger.transparency.origins import RESTARTS, Origins, Restart, name_of, read_origins
from ledger.transparency.signed_file import Signed, SignedFile
from ledger.transparency.tree import HASH_BYTES, HEIGHT
from ledger.transparency.watch import NEWEST

INSERT: LiteralString = """
INSERT INTO ledger.restarts (generation, position, fork, fork_until, previous, lost) VALUES (%b, %b, %b, %b, %b, %b)
"""
ALL = "SELECT generation, position, fork, fork_until, previous, lost FROM ledger.restarts ORDER BY generation"
SET_ASIDE = """
INSERT INTO ledger.earlier_checkpoints (generation, size, note, "timestamp")
SELECT %b, c.size, c.note, t.response FROM ledger.checkpoints c LEFT JOIN ledger.timestamps t USING (size)
ON CONFLICT DO NOTHING
"""
# A tile of this level ends at (index + 1) << (level + 1) * 8.
FORGET_TILES = "DELETE FROM ledger.tiles WHERE (index + 1) << ((level + 1) * %b::integer) > %b"
WITHDRAW = """
UPDATE ledger.webhook_deliveries SET state = 'withdrawn', settled_at = now()
WHERE state IN ('pending', 'dead') AND coalesce(public_at, position) >= %b
"""
SIGNING = "SELECT held_until > clock_timestamp() FROM ledger.signer"

Connection = psycopg.AsyncConnection[Any]


class RestartProblem(OperatorProblem):
    """The log cannot be restarted; the message says why."""


@dataclass(frozen=True, slots=True)
class Loss:
    """`size`: how many events there are. The first difference from `previous`, the last checkpoint of the log before,
    lies from `fork` to `until`. `lost`: the leaf hashes of that log from `fork` on; None when they were not kept."""

    generation: int
    previous: Signed
    size: int
    fork: int
    until: int
    lost: bytes | None

    @property
    def as_restart(self) -> Restart:
        return Restart(self.generation, self.size, self.fork, self.until, self.previous.note)

    @property
    def is_exact(self) -> bool:
        return self.fork == self.until

    @property
    def nothing_is_lost(self) -> bool:
        return self.fork >= self.previous.checkpoint.size


async def survey(connection: Connection, keys: KeyFile, file: SignedFile) -> Loss | None:
    """What a restart would lose; None when one was begun and the event is all that is missing. Raises RestartProblem,
    LogKeyError, HistoryDiffers for a database that does not hold together by itself."""
    read = await asyncio.to_thread(keys.read)
    origins = await read_origins(connection)
    size = await history.events_there(connection)
    remembered = await asyncio.to_thread(file.read, read)
    if (
        origins.restarts
        and origins.first_size == size + 1
        and (remembered is None or remembered.generation <= origins.generation)
    ):
        return None
    previous = max(
        (one for one in (remembered, await _newest(connection, read)) if one is not None),
        key=lambda one: one.order,
        default=None,
    )
    if previous is None:
        raise RestartProblem("nothing of this log was signed, so nothing can be lost")
    for start in range(0, size, history.CHUNK):
        # What goes on must hold together by itself: a leaf that does not follow from its event could never be signed.
        await history.leaves(connection, start, min(start + history.CHUNK, size))
    generation = max(previous.generation, origins.generation) + 1
    promised = previous.checkpoint.size
    if (kept := await asyncio.to_thread(file.leaves_of, previous)) is not None:
        first = await first_difference(connection, kept, min(size, promised))
        fork = min(size, promised) if first is None else first
        return Loss(generation, previous, size, fork, fork, kept[fork * HASH_BYTES :])
    if promised <= size:
        try:
            await history.compare_root(connection, promised, previous.checkpoint.root)
        except history.HistoryDiffers:
            pass
        else:
            return Loss(generation, previous, size, promised, promised, b"")
    differs = await locate(connection, previous, size, file, read)
    return Loss(generation, previous, size, differs.position, differs.until, None)


async def _newest(connection: Connection, keys: LogKeys) -> Signed | None:
    row = await (await connection.execute(NEWEST)).fetchone()
    try:
        return None if row is None else Signed.parse(row[1], keys)
    except ValueError as wrong:
        raise RestartProblem(f"the checkpoint of {row[0] if row else 0} events cannot be trusted: {wrong}") from wrong


def begin(owner: psycopg.Connection[Any], loss: Loss, file: SignedFile) -> None:
    """Closes the log before. Raises RestartProblem when it grew meanwhile, or is being signed."""
    with owner.transaction():
        head = owner.execute(LOCK_HEAD).fetchone()
        signing = owner.execute(SIGNING).fetchone()
        if head is None or head[0] != loss.size:
            raise RestartProblem("events were recorded meanwhile; look again")
        if loss.nothing_is_lost and signing is not None and signing[0]:
            raise RestartProblem("the log is whole and a process signs it; stop the services first")
        generation = Origins.of(owner.execute(RESTARTS).fetchall()).generation
        for earlier in _remembered(file):
            if generation < earlier[0] < loss.generation:
                owner.execute(INSERT, earlier)
        previous = loss.previous
        owner.execute(INSERT, [loss.generation, loss.size, loss.fork, loss.until, previous.note, loss.lost])
        owner.execute(FORGET_TILES, [HEIGHT, loss.fork])
        owner.execute(SET_ASIDE, [generation])
        # Others will take these places; what was acknowledged or waits there is not theirs.
        owner.execute("DELETE FROM ledger.credit_acks WHERE place >= %b", [loss.fork])
        owner.execute(WITHDRAW, [loss.fork])
        owner.execute("DELETE FROM ledger.timestamps")
        owner.execute("DELETE FROM ledger.checkpoints")
    remember(owner, file)


def remember(owner: psycopg.Connection[Any], file: SignedFile) -> None:
    """Keeps what the restarts lost outside the database, which may itself be lost."""
    rows = owner.execute(ALL, binary=True).fetchall()
    text = json.dumps([[*row[:5], None if row[5] is None else b64encode(row[5]).decode()] for row in rows])
    path = _restarts_path(file)
    written(path, text).replace(path)
    flush_folder(path.parent)


def _remembered(file: SignedFile) -> list[tuple[Any, ...]]:
    try:
        rows = json.loads(_restarts_path(file).read_text("utf-8"))
    except FileNotFoundError:
        return []
    return [(*row[:5], None if row[5] is None else b64decode(row[5])) for row in rows]


def _restarts_path(file: SignedFile) -> Any:
    return file.path.with_suffix(".restarts")


def origin_of(keys: LogKeys, loss: Loss) -> str:
    return name_of(keys.base, loss.generation)
