"""Public projects as known at a position, batch by batch: between two batches nothing is held open, so that a slow
reader holds up nobody."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Any
from uuid import UUID

from psycopg import sql

from api.reading.visible import known_position, visible
from api.service import Service
from ledger.accounts import ANYONE
from ledger.aggregates import PROGRAMME, PROJECT
from ledger.clock import LEDGER_ZONE
from ledger.core.envelope import Recorded, Restated
from ledger.core.fact import Fact, instant_text
from ledger.core.history import FOLD_VERSION, Timeline, state
from ledger.identifiers import Identifier, programme_stream
from ledger.project.application import Applied
from ledger.project.ending import Transferred
from ledger.project.state import Project
from ledger.rules import Rules
from ledger.store.reader import recorded
from ledger.store.statements import READ_STREAMS, TOLD_EVENTS
from projections.read_models import READ_MODELS
from projections.temporal import as_known

# A batch is of so many projects at most, and of about so many events, which is what memory is taken by. The first one
# is small, so that the client sees something soon.
BATCH, EVENTS, FIRST = 100, 400, 8
BEFORE_ALL = UUID(int=0)
# With what else an answer rests on although it was recorded later: what became of texts, and of programmes' rules.
# Of redactions, those of what everybody reads: another one changes no answer, and must not be seen by a new ETag.
_RECORDED = f"""
SELECT (SELECT max(r.redacted_by) FROM ledger.redactions r JOIN {TOLD_EVENTS} USING (position) WHERE e.told),
    (SELECT max(position) FROM ledger.events WHERE stream IN (SELECT programme FROM listing.programmes))
"""  # noqa: S608  # nothing but the fragment named
# Another version of the software may tell the same differently.
_SOFTWARE = repr((version("minsheng-ledger"), FOLD_VERSION, [(one.name, one.version) for one in READ_MODELS]))
_PUBLIC = sql.SQL("SELECT t.project FROM listing.rows t WHERE {known} AND t.published").format(known=as_known("t"))
_NEXT = _PUBLIC + sql.SQL(" AND t.project > %(after)s ORDER BY t.project LIMIT %(limit)s")
_ORGANISATIONS = """
SELECT organisation, from_position, to_position, starts, ends, identifiers FROM listing.organisations
WHERE organisation = ANY(%s) ORDER BY organisation, from_position, starts
"""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The position that an answer is as of, and when it was recorded; None in an empty ledger. `rests_on`: all else
    that its bytes depend on."""

    known: int
    at: datetime | None
    rests_on: str

    @property
    def published(self) -> str:
        return instant_text(self.at) if self.at else "1970-01-01T00:00:00Z"

    @property
    def position(self) -> dict[str, str]:
        return {"Ledger-Position": str(self.known)}

    def headers(self, base: str = "") -> dict[str, str]:
        """Of an answer that is sent while it is made. `base`: the address that stands in it."""
        digest = sha256(f"{self.rests_on} {base}".encode()).hexdigest()[:16]
        return self.position | {
            "ETag": f'"{self.known}-{digest}"',
            "Accept-Ranges": "bytes",
            "Cache-Control": "public, no-cache",
        }


async def as_of(service: Service, known_at: str | None) -> AsOf:
    """The position of `known_at`, else the newest that the read models have seen. Raises as known_position,
    WaitTooLong."""
    if known_at is None:
        known = await service.followed()
    else:
        known = await known_position(service.ledger, ANYONE, known_at)
        await service.wait_for(known)
    async with service.pool.connection() as connection:
        found = await (await connection.execute(_RECORDED)).fetchone()
    at = await service.store.told_at(known) if known >= 0 else None
    return AsOf(known, at, repr((_SOFTWARE, service.publisher, found)))


@dataclass(frozen=True, slots=True)
class _Name:
    start: int
    stop: int | None
    starts: date
    ends: date
    identifiers: tuple[Identifier, ...]


@dataclass(slots=True)
class Directory:
    """What projects name and other streams say: identifiers of organisations as known at a position, and the rules of
    programmes as they were announced."""

    names: dict[UUID, list[_Name]] = field(default_factory=dict)
    rules: dict[str, Rules | None] = field(default_factory=dict)

    def identifiers(self, organisation: UUID, known: int, at: datetime) -> tuple[Identifier, ...]:
        """As known at the position, on the day of the instant; the unified social credit code first."""
        day = at.astimezone(LEDGER_ZONE).date()
        for name in self.names.get(organisation, ()):
            within = name.start <= known and (name.stop is None or known < name.stop)
            if within and name.starts <= day < name.ends:
                return tuple(sorted(name.identifiers, key=lambda one: one.scheme != "CN-USCI"))
        return ()


@dataclass(frozen=True, slots=True)
class PublicProject:
    """`events`: those that anyone may read, as known at a position; `public_at`, for each the position at which it
    became public: its own, or that of the project's publication; `whole`: all of them, which subjects are found in."""

    id: UUID
    project: Project
    events: Sequence[Recorded]
    public_at: Sequence[int]
    whole: Sequence[Recorded]


def public_project(project_id: UUID, events: Sequence[Recorded]) -> PublicProject | None:
    """Of all events of a project that are known; None while it is not public."""
    # By its publication, or by what corrects it, a project becomes public with all that was recorded before.
    since, timeline = None, Timeline(PROJECT, project_id, ())
    for one in events:
        timeline = timeline.extended([one])
        since = (one.position if since is None else since) if timeline.state.is_public else None
    if since is None:
        return None
    seen = list(visible(ANYONE, timeline.state, events))
    positions = [max(since, one.position) for one in seen]
    return PublicProject(project_id, state(PROJECT, project_id, seen), seen, positions, events)


def _said(event: Recorded) -> Fact:
    fact: Fact = event.fact
    while isinstance(fact, Restated):
        fact = fact.fact
    return fact


@dataclass(slots=True)
class PublicProjects:
    """Reads them of a running service, as known at a position."""

    service: Service
    known: int
    directory: Directory = field(default_factory=Directory)

    async def batches(self, after: UUID = BEFORE_ALL) -> AsyncIterator[list[PublicProject]]:
        """In the order of their ids."""
        size = FIRST
        while found := await self._ids(_NEXT, known=self.known, after=after, limit=min(size, BATCH)):
            batch = await self.read(found)
            yield batch
            # As those were, so will the next ones be.
            held = sum(len(public.whole) for public in batch)
            after, size = found[-1], max(1, min(size * 2, EVENTS * len(found) // max(held, 1)))

    async def _ids(self, statement: sql.Composed, **values: object) -> list[UUID]:
        async with self.service.pool.connection() as connection:
            return [row[0] for row in await (await connection.execute(statement, values)).fetchall()]

    async def read(self, ids: Sequence[UUID]) -> list[PublicProject]:
        # One reader after another: what the database does for them would delay small requests too.
        async with self.service.bulk.turn:
            async with self.service.pool.connection() as connection:
                rows = await (await connection.execute(READ_STREAMS, [list(ids), self.known], binary=True)).fetchall()
            found = await self.service.bulk.run(self._folded, ids, rows)
            await self._look_up(found)
        return found

    def _folded(self, ids: Sequence[UUID], rows: Sequence[Sequence[Any]]) -> list[PublicProject]:
        events: dict[UUID, list[Recorded]] = {one: [] for one in ids}
        for row in rows:
            events[row[0]].append(recorded(row))
        return [public for one in ids if (public := public_project(one, events[one]))]

    async def _look_up(self, projects: Sequence[PublicProject]) -> None:
        facts = (_said(one) for public in projects for one in public.events)
        holders = {fact.organisation for fact in facts if isinstance(fact, Applied | Transferred)}
        self.directory.names.clear()
        async with self.service.pool.connection() as connection:
            rows = await (await connection.execute(_ORGANISATIONS, [list(holders)])).fetchall()
        for organisation, start, stop, starts, ends, identifiers in rows:
            name = _Name(start, stop, starts, ends, tuple(Identifier.model_validate(one) for one in identifiers))
            self.directory.names.setdefault(organisation, []).append(name)
        codes = {public.project.applied.programme for public in projects if public.project.applied}
        for code in codes - self.directory.rules.keys():
            stream = programme_stream(code)
            programme = state(PROGRAMME, stream, (await self.service.store.streams([stream]))[stream])
            self.directory.rules[code] = programme.rules if programme.announced else None
