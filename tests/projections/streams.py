"""Streams of every kind of event that a read model meets, in and out of order, and how to append them."""

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from hypothesis import strategies as st
from psycopg import sql
from tests.ledger.project.given import (
    APPLIED,
    APPROVED,
    DAY,
    GRANT,
    PUBLISHED,
    SIGNED,
    amendment,
    form,
    history,
    reported,
    reviewed,
    yuan,
)
from tests.ledger.project.lives import ORDERED, RESUMED, SUSPENDED, TERMINATED, accepted, answered, checked, given_back
from tests.support import small_programme

from ledger.aggregates import ORGANISATION, PROGRAMME, PROJECT, PUBLIC_REPORT
from ledger.core.envelope import Recorded, Restated, Voided, encode
from ledger.core.fact import Fact, Role
from ledger.core.history import Aggregate
from ledger.core.redacted import versions_replaced
from ledger.database import Database
from ledger.identifiers import Identifier
from ledger.organisation.ending import Deregistered
from ledger.organisation.particulars import Relocated, Renamed
from ledger.organisation.registration import (
    IdentifierAdded,
    IdentifierClaimed,
    OrganisationKind,
    OrganisationRegistered,
)
from ledger.programme import DistrictsReorganised, DistrictSucceeded, PhaseExtended, ProgrammeAnnounced
from ledger.project.application import Applied, Withdrawn
from ledger.project.delivery import Milestone
from ledger.project.public_reports import PublicReportAnswered, PublicReportReceived
from ledger.project.review import Rejected
from ledger.quota import PlaceReleased, PlaceTaken
from ledger.redaction import redact
from ledger.store import Append, Store, StoredFact, Write, open_store


def applied(title: str, **changes: Any) -> Applied:
    return APPLIED.model_copy(update={"form": form(title=title, **changes)})


def registered(name: str, district: str | None = None) -> OrganisationRegistered:
    return OrganisationRegistered(
        identifiers=(Identifier(scheme="CN-REG", id="示例0001"),),
        name=name,
        kind=OrganisationKind.FOUNDATION,
        district=district,
        contract_body=None,
        contact=None,
    )


def announced(name: str) -> ProgrammeAnnounced:
    toml = small_programme().replace("2010年社会组织服务民生行动", name)
    return ProgrammeAnnounced(code="beijing-2010", rules_toml=toml, rules_sha256="0" * 64)


HOLDER = uuid4()
TAKEN = PlaceTaken(programme="beijing-2010", quota="top-ten", places=10, holder=HOLDER, project=HOLDER)


@dataclass(frozen=True, repr=False)
class Kind:
    """`founding` facts come first in a stream; any fact may come again. `begun`: what the first of a
    story's streams of this kind has behind it when the story begins."""

    aggregate: Aggregate[Any] | None
    founding: tuple[Fact, ...]
    later: tuple[Fact, ...]
    begun: tuple[Fact, ...] = ()


PROJECTS = Kind(
    PROJECT,
    (applied("示例一"), applied("示例二", content="为老人读报。"), applied("示例三", budget=(), support=())),
    (
        amendment(form(title="示例修改")),
        Withdrawn(reason="示例。"),
        reviewed(0),
        APPROVED,
        APPROVED.model_copy(update={"amount": yuan("100.00")}),
        Rejected(application_version=1, reviews=(), document_number="示例", reason="示例。"),
        SIGNED,
        PUBLISHED,
        PUBLISHED,
        reported(Milestone.START),
        reported(Milestone.EARLY).model_copy(update={"people_served": 70}),
        reported(Milestone.COMPLETION),
        *(given_back(version) for version in (3, 4)),
        *(accepted(version) for version in (4, 5)),
        ORDERED,
        *(answered(version) for version in (3, 4)),
        *(checked(version, fulfilled) for version in (3, 4) for fulfilled in (False, True)),
        SUSPENDED,
        RESUMED,
        TERMINATED,
    ),
)
GRANTS = Kind(PROJECT, (GRANT, GRANT.model_copy(update={"title": "Another", "amount": yuan("7", "GBP")})), ())
FURTHER = Identifier(scheme="CN-REG", id="示例0002")
ORGANISATIONS = Kind(
    ORGANISATION,
    (registered("示例一会"), registered("示例二会", "110101")),
    (
        Renamed(name="示例三会", document_number="示例"),
        Relocated(district="110105", reason="示例。"),
        IdentifierAdded(identifier=FURTHER, replaces=None),
        Deregistered(reason="示例。", document_number="示例"),
    ),
)
CLAIMS = Kind(ORGANISATION, (IdentifierClaimed(identifier=FURTHER, organisation=uuid4()),), ())
PROGRAMMES = Kind(
    PROGRAMME,
    (announced("示例一年"), announced("示例二年")),
    (
        PhaseExtended(phase="review", last_day=date(2010, 4, 30), reason="示例。"),
        DistrictsReorganised(decree="示例", successions=(DistrictSucceeded(former="110103", to="110101"),)),
    ),
)
QUOTAS = Kind(None, (TAKEN,), (PlaceReleased(holder=HOLDER, project=HOLDER, reason="示例。"), TAKEN))
REPORTS = Kind(
    PUBLIC_REPORT,
    (PublicReportReceived(project=HOLDER, text="示例：没有送到。", contact=None),),
    (PublicReportAnswered(project=HOLDER, received_on=DAY, subject="示例", answer="已要求整改。"),),
)


@dataclass(frozen=True)
class Entry:
    stream: UUID
    version: int
    fact: Fact
    on: date = DAY
    role: Role = Role.OFFICE
    account: UUID | None = None
    late_reason: str | None = None


@dataclass
class Story:
    """Some streams of some kinds, and their events in the order in which the ledger comes to know them."""

    streams: dict[UUID, Kind]
    entries: list[Entry] = field(default_factory=list)


days = st.dates(DAY - timedelta(4), DAY + timedelta(4))


@st.composite
def stories(
    draw: st.DrawFn, longest: int = 16, projects: Kind = PROJECTS, organisations: Kind = ORGANISATIONS
) -> Story:
    kinds = [projects, projects, GRANTS, organisations, PROGRAMMES, QUOTAS, CLAIMS, REPORTS]
    story = Story({uuid4(): kind for kind in kinds})
    told = [list(kind.begun) if kinds.index(kind) == number else [] for number, kind in enumerate(kinds)]
    for stream, begun in zip(story.streams, told, strict=True):
        story.entries += [Entry(stream, version, fact) for version, fact in enumerate(begun, 1)]
    for _ in range(draw(st.integers(1, longest))):
        number = draw(st.sampled_from([0, 0, 0, 1, 2, 2, 3, 4, 5, 6, 7]))
        fact = draw(next_facts(kinds[number], told[number]))
        told[number].append(fact)
        stream = list(story.streams)[number]
        story.entries.append(Entry(stream, len(told[number]), fact, draw(days)))
    return story


@st.composite
def next_facts(draw: st.DrawFn, kind: Kind, told: Sequence[Fact]) -> Fact:
    every = kind.founding + kind.later
    what = draw(st.sampled_from(["fact", "fact", "void", "restate"])) if told else "founding"
    if what == "founding":
        return draw(st.sampled_from(kind.founding))
    if what == "void":
        return Voided(target=draw(st.integers(1, len(told))), reason="示例。")
    if what == "restate":
        original = [version for version, fact in enumerate(told, 1) if not isinstance(fact, Voided | Restated)]
        target = draw(st.sampled_from(original))
        same = [fact for fact in (*every, told[target - 1]) if fact.type == told[target - 1].type]
        return Restated(target=target, restated_on=draw(days), fact=draw(st.sampled_from(same)), reason="示例。")
    return draw(st.sampled_from(every))


def streams_of(*lives: Sequence[Fact]) -> list[Entry]:
    """A stream for each list of facts, one after the other."""
    return [
        Entry(stream, version, fact) for life in lives for stream in [uuid4()] for version, fact in enumerate(life, 1)
    ]


class Writer:
    """Appends events as they are, whatever rules would say."""

    def __init__(self, runner: asyncio.Runner, store: Store) -> None:
        self._runner = runner
        self._store = store

    def write(self, entries: Sequence[Entry]) -> list[Recorded]:
        """Each in an append of its own; answers what was recorded."""

        async def all_of_them() -> list[Recorded]:
            answers = await asyncio.gather(*(self._store.append(append_of(entry)) for entry in entries))
            positions = [answer.position for answer in answers]
            assert positions == list(range(positions[0], positions[0] + len(positions)))
            return await self._store.range(positions[0], positions[-1] + 1)

        return self._runner.run(all_of_them())

    def redact(self, stream: UUID, target: int, path: str, *passages: str) -> Recorded:
        """Takes the passages, or the whole text, out of the event at that version."""

        async def one() -> Recorded:
            events = (await self._store.streams([stream]))[stream]
            fact = redact(events, target, {path: passages}, reason="示例。", authority="示例规定")
            replaces = tuple(events[version - 1].position for version in versions_replaced(fact))
            (found,) = history(fact)
            event = found.event.model_copy(update={"nonce": secrets.token_hex(16)})
            stored = StoredFact(stream, len(events) + 1, event.fact.type, encode(event), replaces=replaces)
            answer = await self._store.append(Append((Write((stored,)),)))
            return (await self._store.range(answer.position, answer.position + 1))[0]

        return self._runner.run(one())

    def read(self, stream: UUID) -> list[Recorded]:
        async def events() -> list[Recorded]:
            return (await self._store.streams([stream]))[stream]

        return self._runner.run(events())


def append_of(entry: Entry) -> Append:
    (found,) = history(entry.fact)
    at = datetime(2010, 2, 1, 1, tzinfo=UTC)
    actor = found.event.actor.model_copy(update={"role": entry.role})
    changes = {
        "effective_on": entry.on,
        "received_at": at,
        "late_reason": entry.late_reason,
        "actor": actor,
        "nonce": secrets.token_hex(16),
    }
    event = found.event.model_copy(update=changes)
    salt = secrets.token_bytes(32) if entry.account else None
    stored = StoredFact(entry.stream, entry.version, event.fact.type, encode(event), entry.account, salt)
    return Append((Write((stored,)),))


@contextmanager
def open_writer(database: Database) -> Iterator[Writer]:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        store = runner.run(stack.enter_async_context(open_store(database)))
        try:
            yield Writer(runner, store)
        finally:
            runner.run(stack.aclose())


def dump(database: Database, schema: str = "listing") -> dict[str, list[str]]:
    """Every row of a read model's tables as text, in order."""
    with psycopg.connect(database.login) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        return {
            table: sorted(
                row[0]
                for row in connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, table)))
            )
            for (table,) in tables.fetchall()
        }
