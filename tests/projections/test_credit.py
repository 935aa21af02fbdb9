"""Credit records: at any position what was known then; a reader of changes has the same, however often it stops."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledger.project.given import AT, DAY, PERIOD, PUBLISHED, SIGNED, reported, scores, yuan
from tests.ledger.project.lives import CLOSED, INSPECTED, ORDERED, TERMINATED, answered, checked
from tests.projections.runs import answer, check_positions, open_runner, rows_at
from tests.projections.streams import ORGANISATIONS, PROJECTS, Entry, Kind, Story, Writer, applied, stories, streams_of

from ledger.core.envelope import Recorded, Voided
from ledger.core.fact import Fact
from ledger.core.history import Timeline
from ledger.credit import credit_lines
from ledger.credit_line import CreditLine
from ledger.database import Database, Role
from ledger.organisation.ending import Merged, RegistrationEnd, RegistrationEnded
from ledger.organisation.oversight import AnnualReportFiled, InspectionResult, PenaltyImposed, PenaltyKind
from ledger.organisation.particulars import SupervisorNamed
from ledger.organisation.standing import Delisted, Graded, Listed
from ledger.project.delivery import Milestone
from ledger.project.ending import Transferred
from ledger.project.evaluation import Evaluated, EvaluationPublished, SelfEvaluation
from ledger.project.honours import Awarded, HonourRevoked
from ledger.project.nominations import OrganisationRecipient
from ledger.project.objections import ObjectionRaised, ObjectionResolved
from ledger.project.purchase import ContractRelation, PurchaseContractSigned
from ledger.rules import CreditList
from projections.credit import Credit
from projections.credit_queries import LAST, Place, changes, digest_of, digests, snapshot
from projections.cursors import Cursors
from projections.runner import Runner

MODEL = Credit


@pytest.fixture(autouse=True)
def listing(database: Database) -> None:
    """Identifiers of organisations stand there."""
    with open_runner(database):
        pass


# Each example adds its own streams to the same ledger.
MANY = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
HEIR = uuid4()
REASON = {"reason": "示例。"}
PAPER: dict[str, Any] = REASON | {"authority": "示例民政局", "document_number": "示例7号"}
BOUGHT = PurchaseContractSigned(
    number="示例购2010-1",
    signed_on=date(2010, 3, 1),
    period=PERIOD,
    services="送餐服务。",
    amount=yuan("50000.00"),
    relation=ContractRelation.SUPPLEMENTS,
    original_sha256=None,
    instalments=None,
)
HONOURED = Awarded(
    honour="advanced-organisation",
    recipient=OrganisationRecipient(organisation=HEIR, name="示例会"),
    deed="服务周到。",
    document_number="示例9号",
    place=1,
    places=100,
)
ITSELF = Evaluated(evaluation=SelfEvaluation(scores=scores(80, 85, 90), conclusion="示例。"), scale=100)
SHOWN = EvaluationPublished(evaluations=(3, 4), notice="示例公示", objections_until=DAY)
CREDIT_PROJECTS = Kind(
    PROJECTS.aggregate,
    PROJECTS.founding,
    (
        SIGNED,
        # Nothing is on the record before it is published.
        *[PUBLISHED] * 8,
        reported(Milestone.START),
        reported(Milestone.COMPLETION),
        ORDERED,
        INSPECTED,
        *(answered(version) for version in (3, 4)),
        *(checked(version, True) for version in (3, 4)),
        Transferred(organisation=HEIR, organisation_name="示例会", district=None, reason="合并。"),
        BOUGHT,
        ITSELF,
        SHOWN,
        *(ObjectionRaised(target=version, reason="示例。") for version in (3, 4)),
        *(ObjectionResolved(objection=5, target=4, accepted=upheld, reason="示例。") for upheld in (True, False)),
        HONOURED,
        *(
            HonourRevoked(award=version, reason="示例。", document_number="示例10号", place_freed_because=None)
            for version in (3, 4)
        ),
        TERMINATED,
        CLOSED,
    ),
    begun=(PROJECTS.founding[0], SIGNED, PUBLISHED),
)
GRADED = Graded(
    grade=4, valid_from=DAY, valid_until=date(2015, 1, 31), authority="示例民政局", document_number="示例7号"
)
LISTED = (GRADED, Listed(list=CreditList.SERIOUS, **PAPER), Delisted(list=CreditList.SERIOUS, **PAPER))
CREDIT_ORGANISATIONS = Kind(
    ORGANISATIONS.aggregate,
    ORGANISATIONS.founding,
    (
        *ORGANISATIONS.later,
        SupervisorNamed(authority="示例教委"),
        Merged(into=HEIR, into_name="示例会", document_number="示例2号"),
        *(RegistrationEnded(kind=kind, reason="示例。", document_number="示例") for kind in RegistrationEnd),
        GRADED,
        *(Listed(list=name, **PAPER) for name in CreditList),
        *(Delisted(list=name, **PAPER) for name in CreditList),
        AnnualReportFiled(year=2009, filed_on=DAY, inspection_result=InspectionResult.PASSED),
        PenaltyImposed(kind=PenaltyKind.WARNING, ends_on=None, **PAPER),
    ),
    begun=(*ORGANISATIONS.founding[:1], *ORGANISATIONS.later[:3], *LISTED),
)
credit_stories = stories(24, projects=CREDIT_PROJECTS, organisations=CREDIT_ORGANISATIONS)


def stored(database: Database, story: Story, known: int) -> dict[UUID, CreditLine]:
    columns, standing = ("line", "record"), "record IS NOT NULL"
    rows = rows_at(database, "credit.lines", columns, story.streams, known, "stream", standing)
    return {line: CreditLine.model_validate(record) for line, (record,) in rows.items()}


def folded(story: Story, events: list[Recorded], known: int) -> dict[UUID, CreditLine]:
    found: dict[UUID, CreditLine] = {}
    for stream, kind in story.streams.items():
        own = [event for event in events if event.stream == stream and event.position <= known]
        if own and kind.aggregate:
            found |= {line.line: line for line in credit_lines(Timeline(kind.aggregate, stream, own))}
    return found


def test_rows_equal_the_fold_at_any_position(database: Database, writer: Writer) -> None:
    check_positions(database, writer, MODEL, credit_stories, stored, folded, examples=25)


CODEC = Cursors(bytes(32)).of("credit")


@dataclass
class Client:
    """A reader that keeps lines, and the cursor behind the last that it took."""

    database: Database
    size: int
    kept: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    cursors: list[str] = field(default_factory=list)

    def read(self, limit: int, most: int | None = None) -> int:
        """One page, or what it took of it; as the service answers it."""
        place = Place.decode(CODEC, self.cursors[-1], self.size) if self.cursors else None
        if place is None or place.snapshot:
            at = place.position if place else self.size - 1
            rows = answer(self.database, snapshot, at, place.line if place else None, limit + 1)
            places = [Place(True, at, row.line) for row in rows[:limit]]
            end = [] if len(rows) > limit else [Place(False, at, LAST)]
        else:
            rows = answer(self.database, changes, self.size - 1, place, limit)
            places, end = [Place(False, row.position, row.line) for row in rows], []
        for row, behind in list(zip(rows, places, strict=False))[:most]:
            if row.record is None:
                self.kept.pop(row.line, None)
            else:
                self.kept[row.line] = row.record
            self.cursors.append(behind.encode(CODEC))
        if most is None:
            self.cursors += [place.encode(CODEC) for place in end]
        return len(rows) + len(end)

    def fall(self, back: int) -> None:
        """The client crashes and resumes from an earlier saved cursor. A snapshot starts over."""
        self.cursors = self.cursors[: max(len(self.cursors) - back, 0)]
        if not self.cursors or (back and Place.decode(CODEC, self.cursors[-1], self.size).snapshot):
            self.kept, self.cursors = {}, []

    def finish(self) -> None:
        while self.read(7):
            pass


def now(database: Database) -> dict[UUID, dict[str, Any]]:
    standing = "SELECT line, record FROM credit.lines WHERE record IS NOT NULL AND to_position IS NULL"
    with psycopg.connect(database.login) as connection:
        rows = connection.execute(standing).fetchall()
    assert len({row[0] for row in rows}) == len(rows)
    return {line: CreditLine.model_validate(record).model_dump(mode="json") for line, record in rows}


@dataclass(frozen=True)
class Turn:
    """Some events are written, perhaps one redacted; some pages are read, of a size and up to a change; the reader
    falls back by some cursors."""

    written: int
    redacts: bool
    pages: tuple[tuple[int, int | None], ...]
    back: int


turns = st.builds(
    Turn,
    st.integers(1, 8),
    st.booleans(),
    st.lists(st.tuples(st.integers(1, 5), st.none() | st.integers(0, 5)), max_size=3).map(tuple),
    st.integers(0, 6),
)


@MANY
@given(story=credit_stories, script=st.lists(turns, max_size=4))
def test_a_resuming_reader_reaches_the_snapshot(
    database: Database, writer: Writer, runner: Runner, story: Story, script: list[Turn]
) -> None:
    with psycopg.connect(database.conninfo(Role.PROJECTIONS)) as connection:
        # What other examples left would only make this one slow.
        connection.execute("DELETE FROM credit.lines")
    client = Client(database, 0)
    left = list(story.entries)
    for turn in [*script, Turn(len(left), True, (), 0)]:
        if not left:
            break
        events, left = writer.write(left[: turn.written]), left[turn.written :]
        client.size = events[-1].position + 1
        founding = next((one for one in events if one.fact.type == "Applied" and one.version == 1), None)
        if founding and turn.redacts:
            client.size = writer.redact(founding.stream, 1, "form.title").position + 1
            # What is written next was meant for the version that this took.
            left = [entry for entry in left if entry.stream != founding.stream]
        runner.catch_up()
        for limit, most in turn.pages:
            client.read(limit, most)
        client.fall(turn.back)
    client.finish()
    assert client.kept == now(database)


def write_life(writer: Writer, *more: Fact) -> list[Recorded]:
    return writer.write(streams_of((*AT.PUBLICATION, *more)))


def test_a_void_line_is_withdrawn_and_returns(database: Database, writer: Writer, runner: Runner) -> None:
    events = write_life(writer, reported(Milestone.START))
    runner.catch_up()
    client = Client(database, events[-1].position + 1)
    client.finish()
    before, last = dict(client.kept), events[-1]
    for version in (last.version, last.version + 1):
        [void] = writer.write([Entry(last.stream, version + 1, Voided(target=version, reason="误录。"))])
        runner.catch_up()
        client.size = void.position + 1
        place = Place.decode(CODEC, client.cursors[-1], client.size)
        rows = answer(database, changes, void.position, place, 100)
        assert [(row.position, row.correction) for row in rows] == [(void.position, True)] * len(rows)
        gone = [row.record for row in rows if row.record is None]
        assert len(gone) == (1 if version == last.version else 0)
        client.finish()
        assert len(client.kept) == len(before) - len(gone)
    assert client.kept == before


def test_a_redaction_corrects_its_line_everywhere(database: Database, writer: Writer, runner: Runner) -> None:
    title = "探访示例张某"
    [first, *_] = writer.write(streams_of((applied(title), *AT.PUBLICATION[1:])))
    runner.catch_up()
    client = Client(database, first.position + len(AT.PUBLICATION))
    client.finish()
    redaction = writer.redact(first.stream, 1, "form.title", "示例张某")
    runner.catch_up()
    client.size = redaction.position + 1
    [row] = answer(database, changes, redaction.position, Place.decode(CODEC, client.cursors[-1], client.size), 100)
    assert (row.correction, row.record and row.record["redacted"]) == (True, [redaction.position])
    with psycopg.connect(database.login) as connection:
        rows = connection.execute("SELECT record::text FROM credit.lines").fetchall()
    assert rows and "示例张某" not in str(rows)
    client.finish()
    assert client.kept == now(database)


def test_a_digest_is_that_of_what_a_reader_has(database: Database, writer: Writer, runner: Runner) -> None:
    write_life(writer, reported(Milestone.START))
    events = write_life(writer, ORDERED)
    runner.catch_up()
    client = Client(database, events[-1].position + 1)
    client.finish()
    [found] = answer(database, digests, events[-1].position, None, 10)
    assert found.sha256 == digest_of(list(client.kept.values()))
    assert found.lines == len(client.kept) == 6
