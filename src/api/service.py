"""What a running service holds: the ledger, the read models that follow it, and how to wait for them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from uuid import UUID

from obstore.store import MemoryStore, ObjectStore
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from api.files.bulk import BulkReads
from api.files.photographs.drawing import PhotographDrawer
from api.files.tables.isolation import TableReader
from api.listeners import Listeners
from api.open_data.publisher import UNREGISTERED, Publisher
from api.readiness import Readiness
from api.report_limits import ReportLimits
from api.transparency.payloads import Payloads
from api.transparency.witnesses import keys_of
from api.webhooks.addresses import PUBLIC_ONLY, Addresses
from ledger.attachments import Attachments
from ledger.cache import BoundedCache
from ledger.clock import Clock, utc_now
from ledger.daily_limits import DailyLimits, Uploads
from ledger.database import Database
from ledger.photographs import Photographs
from ledger.refusals.addresses import CursorAhead
from ledger.refusals.storage import WaitTooLong
from ledger.store import Store, connector, open_store
from ledger.transaction import Ledger
from ledger.transparency.cosigning import Witnesses
from ledger.transparency.history import HistoryDiffers
from ledger.transparency.keys import KeyFile, LogKeyError
from ledger.transparency.notes import Verifier
from ledger.transparency.origins import read_origins
from ledger.transparency.published import PublishedLog
from ledger.transparency.signed_file import SignedFile
from ledger.transparency.signer import LogSigner
from ledger.transparency.watch import HistoryWatch
from ledger.vault import MasterKey, Vault
from projections import listing_queries
from projections.cursors import Cursors
from projections.facet_queries import Facets
from projections.follower import Follower, Start, in_a_process
from projections.listing_queries import Filter
from projections.read_models import READ_MODELS
from projections.tracking import STANDING, Standing

log = logging.getLogger(__name__)
NAMES = [model.name for model in READ_MODELS]
CACHED_FACETS = 200
FOLLOWED = "SELECT min(next_position) FROM projections.tracking WHERE name = ANY(%s)"
SETTLED = FOLLOWED + " AND broken_position IS NULL"
SEEN = "SELECT name, next_position > %s, broken_position IS NOT NULL FROM projections.tracking WHERE name = ANY(%s)"
WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class Signing:
    """With which keys the log is signed, where the last checkpoint is remembered, and who cosigns."""

    keys: KeyFile
    signed: SignedFile
    witnesses: Witnesses | None = None


@dataclass(frozen=True)
class Service:
    """`signer`: None where nobody signs; `witness_keys`: of those asked to cosign; `log_keys`: None where the log's
    keys are not known; `history`: None where what was signed is not known."""

    ledger: Ledger
    follower: Follower
    attachments: Attachments
    bulk: BulkReads = field(default_factory=BulkReads)
    table_reader: TableReader = field(default_factory=TableReader)
    drawer: PhotographDrawer = field(default_factory=PhotographDrawer)
    log_keys: KeyFile | None = None
    signed: SignedFile | None = None
    signer: LogSigner | None = None
    witness_keys: tuple[Verifier, ...] = ()
    history: HistoryWatch | None = None
    publisher: Publisher = UNREGISTERED
    addresses: Addresses = PUBLIC_ONLY

    def __post_init__(self) -> None:
        self.ledger.portfolio = self.portfolio

    @property
    def store(self) -> Store:
        return self.ledger.store

    @property
    def pool(self) -> AsyncConnectionPool:
        return self.ledger.store.pool

    @property
    def cursors(self) -> Cursors:
        return Cursors(self.ledger.vault.cursor_key, self.ledger.origins())

    @cached_property
    def report_limits(self) -> ReportLimits:
        return ReportLimits(self.pool, self.ledger.vault)

    @cached_property
    def log(self) -> PublishedLog:
        return PublishedLog(self.pool, self.log_keys, self.signed, self.history)

    @cached_property
    def uploads(self) -> Uploads:
        return Uploads(self.pool, self.ledger.limits)

    @cached_property
    def photographs(self) -> Photographs:
        return Photographs(self.attachments.objects, self.pool, self.ledger.vault.master)

    @cached_property
    def payloads(self) -> Payloads:
        return Payloads(self.ledger)

    @cached_property
    def readiness(self) -> Readiness:
        return Readiness(self.store, self.follower, self.followed)

    @cached_property
    def facets(self) -> BoundedCache[tuple[int, Filter], Facets]:
        """Of a generation; what is counted as known at a position stays so."""
        return BoundedCache(CACHED_FACETS)

    @cached_property
    def listeners(self) -> Listeners:
        return Listeners(self.pool)

    async def check_place(self, field: str, position: int) -> None:
        """No place at which a reader goes on lies behind the end of the ledger; such a one is of a part that was lost.
        Raises CursorAhead."""
        size = (await self.store.head()).size
        if position >= size:
            raise CursorAhead(field=field, size=size)

    async def portfolio(self, programme: str, organisations: Collection[UUID], known: int | None = None) -> list[UUID]:
        """The published projects of these organisations in the programme; by now all of them, unless as known at a
        position. Raises WaitTooLong."""
        if known is None:
            known = (await self.store.head()).size - 1
        await self.wait_for(known, of=["listing"])
        async with self.pool.connection() as connection:
            return await listing_queries.published_of(connection, programme, organisations, known)

    async def standings(self) -> dict[str, Standing]:
        """By read model: how far it is, and where it stopped."""
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(Standing)) as cursor:
            found = {one.name: one for one in await (await cursor.execute(STANDING)).fetchall()}
        return {name: found[name] for name in NAMES if name in found}

    async def followed(self, *names: str) -> int:
        """The last position that these read models have seen, or all; -1 before the first. One that has stopped holds
        back what is asked of all, so name those that an answer is made of."""
        return await self._seen(FOLLOWED, names or NAMES)

    async def wait_for(self, position: int, seconds: float = WAIT_SECONDS, of: Sequence[str] = NAMES) -> None:
        """Returns when the read models have seen the position; raises WaitTooLong."""
        await self._wait(FOLLOWED, of, position, seconds)

    async def settled(self, position: int, seconds: float = WAIT_SECONDS) -> None:
        """As `wait_for`, of all read models but those that have stopped."""
        await self._wait(SETTLED, NAMES, position, seconds)

    async def unseen_by(self, position: int) -> tuple[str, ...]:
        """Which read models have not seen an event that is written, once all that go on have, or the wait is over.
        Raises nothing: its writer is told that it is written, whatever became of the database since."""
        unseen = tuple(NAMES)
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while True:
                    async with self.pool.connection() as connection:
                        rows = await (await connection.execute(SEEN, [position, NAMES])).fetchall()
                    seen = {name for name, has_seen, _ in rows if has_seen}
                    unseen = tuple(name for name in NAMES if name not in seen)
                    if seen.union(name for name, _, is_broken in rows if is_broken).issuperset(NAMES):
                        return unseen
                    await asyncio.sleep(0.01)
        except Exception as error:
            log.warning("read models have not seen position %d: %s", position, type(error).__name__)
        return unseen

    async def _seen(self, statement: str, names: Sequence[str]) -> int:
        async with self.pool.connection() as connection:
            row = await (await connection.execute(statement.encode(), [list(names)])).fetchone()
        assert row is not None
        return -1 if row[0] is None else int(row[0]) - 1

    async def _wait(self, statement: str, names: Sequence[str], position: int, seconds: float) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while await self._seen(statement, names) < position:
            if asyncio.get_running_loop().time() > deadline:
                raise WaitTooLong()
            await asyncio.sleep(0.01)


@asynccontextmanager
async def open_service(
    database: Database,
    master: MasterKey,
    clock: Clock = utc_now,
    start: Start = in_a_process,
    files: ObjectStore | None = None,
    signing: Signing | None = None,
    publisher: Publisher = UNREGISTERED,
    addresses: Addresses = PUBLIC_ONLY,
    history: HistoryWatch | None = None,
    limits: DailyLimits = DailyLimits(),
) -> AsyncIterator[Service]:
    """The ledger on this event loop, and its follower process. `clock` is that of receipt; tests give their own,
    and start the follower as a thread. Without `files`, uploads go with the process: for those that take none. With
    `signing` the log is signed from here, if no other process does. `addresses`: to which webhooks may be sent.
    `history`: nothing is written where it refuses; with `signing` it is made from that."""
    if signing is not None:
        history = HistoryWatch(signing.keys, signing.signed)
    async with open_store(database, history=history) as store:
        follower = Follower(database, start)
        store.on_commit(follower.nudge)
        try:
            await follower.start()
            attachments = Attachments(files or MemoryStore(), store.pool)
            ledger = Ledger(store, Vault(master, store), clock, limits)
            async with store.pool.connection() as connection:
                origins = await read_origins(connection)
            ledger.origins = lambda: origins
            if history is not None:
                history.begin_with(origins)
                ledger.origins = lambda: history.origins
                async with store.pool.connection() as connection:
                    # Readiness is to say so from the first moment on.
                    with suppress(HistoryDiffers, LogKeyError):
                        await history.look(connection, leaves=True)
            service = Service(ledger, follower, attachments, publisher=publisher, addresses=addresses, history=history)
            if signing is None or history is None:
                yield _forgetting(service)
                return
            async with _signer(database, signing, store, history) as signer:
                signed = replace(
                    service,
                    log_keys=signing.keys,
                    signed=signing.signed,
                    signer=signer,
                    witness_keys=keys_of(signing.witnesses),
                )
                yield _forgetting(signed)
        finally:
            await follower.close()


def _forgetting(service: Service) -> Service:
    """What was remembered of events that are no longer there must not be taken for what is."""
    if service.history is not None:
        for forget in (service.ledger.forget_all, service.log.forget, service.payloads.forget):
            service.history.on_other_history(forget)
    return service


@asynccontextmanager
async def _signer(
    database: Database, signing: Signing, store: Store, history: HistoryWatch
) -> AsyncIterator[LogSigner]:
    signer = LogSigner(connector(database), signing.keys, signing.signed, signing.witnesses, history)
    store.on_commit(signer.nudge)
    await signer.start()
    try:
        yield signer
    finally:
        await signer.close()
