"""What auditors look for (N3, N8, D7): late entries, exceptions, who judged whom; as known at any position.

Here are the tables and the fold; the questions are in audit_questions.py and pairs.py. Rules say in which zone a day
was, until when a contract was to be signed, and whether reports are accepted: a programme announces them once, and
they are kept here by its code, so that the fold asks no other table. Titles, names and districts are the listing's."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID, uuid5

import psycopg

from ledger.cache import BoundedCache
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.history import Timeline, corrected, live_corrections
from ledger.programme import ProgrammeAnnounced
from ledger.project.application import Applied, PaperReceived
from ledger.project.nominations import Nominated
from ledger.project.purchase import RUNNING, EnteredCompetition, mean_score
from ledger.project.state import Project
from ledger.rules import Rules, read_rules
from projections import judgements, late_entries
from projections.exception_kinds import ExceptionKind
from projections.exceptions import exceptions_of
from projections.temporal import TemporalTable
from projections.timelines import CACHED_STREAMS

NAME = "audit"
VERSION = 3
TABLES = (
    late_entries.TABLE
    + judgements.TABLE
    + """
CREATE TABLE exceptions (
    exception uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    stream uuid NOT NULL,
    project uuid,
    version integer NOT NULL,
    type text NOT NULL,
    kind text NOT NULL,
    role text NOT NULL,
    body text,
    account uuid,
    effective_on date NOT NULL,
    reason text,
    positions bigint[] NOT NULL,
    PRIMARY KEY (exception, from_position)
);
-- Events that count no more, or read otherwise by now.
CREATE TABLE corrections (
    event uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    stream uuid NOT NULL,
    version integer NOT NULL,
    correction text NOT NULL,
    PRIMARY KEY (event, from_position)
);
-- Who stands in the competition for a purchase, and how; selected at a position, with the others of that decision.
CREATE TABLE entrants (
    project uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    programme text NOT NULL,
    running boolean NOT NULL,
    jurors integer NOT NULL,
    mean numeric,
    selected_at bigint,
    decision text,
    PRIMARY KEY (project, from_position)
);
CREATE TABLE rules (
    code text NOT NULL,
    position bigint NOT NULL,
    toml text NOT NULL,
    PRIMARY KEY (code, position)
);
"""
)
INDEXES = """
CREATE INDEX exceptions_position ON exceptions (from_position, kind);
CREATE INDEX corrections_event ON corrections (stream, version);
CREATE INDEX entrants_programme ON entrants (programme);
CREATE INDEX judgements_project ON judgements (project, account);
CREATE INDEX judgements_organisation ON judgements (programme, organisation);
"""
EXCEPTION_COLUMNS = (
    "stream",
    "project",
    "version",
    "type",
    "kind",
    "role",
    "body",
    "account",
    "effective_on",
    "reason",
    "positions",
)
ENTRANT_COLUMNS = ("programme", "running", "jurors", "mean", "selected_at", "decision")
Change = tuple[Timeline[Any] | None, Timeline[Any]]
Row = tuple[Any, ...]


class Audit:
    """What was collected is worked out when it is written, since only then the rules that are kept can be read."""

    name, version, tables, indexes = NAME, VERSION, TABLES, INDEXES
    streams: Mapping[str, str] = {
        "late_entries": "stream",
        "exceptions": "stream",
        "corrections": "stream",
        "judgements": "project",
        "entrants": "project",
    }

    def __init__(self) -> None:
        self._changes: list[Change] = []
        self._late: list[Row] = []
        self._exceptions = TemporalTable("exceptions", "exception", EXCEPTION_COLUMNS)
        self._corrections = TemporalTable("corrections", "event", ("stream", "version", "correction"))
        self._judgements = TemporalTable("judgements", "judgement", judgements.COLUMNS)
        self._entrants = TemporalTable("entrants", "project", ENTRANT_COLUMNS)
        # By programme: since which position which rules hold.
        self._rules: dict[str, dict[int, Rules]] = {}
        # How a project stood in the competition after its last event, so that few states are folded.
        self._stood: BoundedCache[UUID, tuple[Timeline[Any], Row | None]] = BoundedCache(CACHED_STREAMS)

    def fold(self, changes: Iterable[Change], *, reread: bool = False) -> None:
        self._changes = list(changes)

    def write(self, connection: psycopg.Connection) -> None:
        # A batch that could not be written comes again.
        self._late.clear()
        # Of what had no rules: another process may have followed the announcement since.
        self._rules = {code: known for code, known in self._rules.items() if known}
        for table in self._tables:
            table.forget()
        for before, after in self._changes:
            self._note(connection, before, after)
        self._changes = []
        if self._late:
            columns = ", ".join(late_entries.COLUMNS)
            with connection.cursor() as cursor, cursor.copy(f"COPY late_entries ({columns}) FROM STDIN") as copy:
                for row in self._late:
                    copy.write_row(row)
        for table in self._tables:
            table.write(connection)

    def _note(self, connection: psycopg.Connection, before: Timeline[Any] | None, after: Timeline[Any]) -> None:
        event, founding = after.events[-1], after.events[0].fact
        if isinstance(event.fact, ProgrammeAnnounced):
            self._keep(connection, event)
        applied = founding if isinstance(founding, Applied) else None
        rules = self._rules_at(connection, programme_of(founding), event)
        project = project_of(after)
        earlier = before.events if before else ()
        if late := late_entries.late_row(earlier, event, project, rules):
            self._late.append(late)
        for key, row in exception_rows(before, event, project, rules):
            self._exceptions.change(key, event.position, None, row)
        if isinstance(event.fact, PaperReceived) and (stood := entered_by_official(earlier, event.fact.version)):
            self._exceptions.change(stood, event.position, (), None)
        if isinstance(event.fact, Voided | Restated):
            _change_all(self._corrections, event, correction_rows(earlier), correction_rows(after.events))
        if applied:
            self._judged(applied, earlier, event)
            self._compete(before, after)

    def _judged(self, applied: Applied, earlier: tuple[Recorded, ...], event: Recorded) -> None:
        if isinstance(event.fact, Voided | Restated):
            before, after = judgement_rows(applied, earlier), judgement_rows(applied, (*earlier, event))
            _change_all(self._judgements, event, before, after)
        elif row := judgements.judgement_row(applied, event):
            self._judgements.change(key_of(event), event.position, None, row)

    def _compete(self, before: Timeline[Any] | None, after: Timeline[Any]) -> None:
        old = self._stood_before(before)
        fact = after.events[-1].fact
        # An application that was void may be made again.
        enters = isinstance(fact, EnteredCompetition | Voided | Restated) or (before and isinstance(fact, Applied))
        new = entrant_row(after) if old or enters else None
        self._entrants.change(after.stream, after.events[-1].position, old, new)
        self._stood[after.stream] = (after, new)

    def _stood_before(self, before: Timeline[Any] | None) -> Row | None:
        if before is None:
            return None
        known = self._stood.get(before.stream)
        return known[1] if known and known[0] is before else entrant_row(before)

    def _keep(self, connection: psycopg.Connection, event: Recorded) -> None:
        fact = event.said(ProgrammeAnnounced)
        self._rules_of(connection, fact.code)[event.position] = read_rules(fact.rules_toml)
        connection.execute(
            # The rules of a reread announcement are here already.
            "INSERT INTO rules (code, position, toml) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [fact.code, event.position, fact.rules_toml],
        )

    def _rules_at(self, connection: psycopg.Connection, code: str | None, event: Recorded) -> Rules | None:
        if code is None:
            return None
        # A rebuild goes through what is remembered already; of that it takes what was announced by then.
        known = [(at, rules) for at, rules in self._rules_of(connection, code).items() if at <= event.position]
        return max(known, key=lambda one: one[0])[1] if known else None

    def _rules_of(self, connection: psycopg.Connection, code: str) -> dict[int, Rules]:
        known = self._rules.get(code)
        if known is None:
            rows = connection.execute("SELECT position, toml FROM rules WHERE code = %s", [code])
            self._rules[code] = known = {position: read_rules(toml) for position, toml in rows}
        return known

    @property
    def _tables(self) -> tuple[TemporalTable, ...]:
        return (self._exceptions, self._corrections, self._judgements, self._entrants)


def _change_all(table: TemporalTable, event: Recorded, before: dict[UUID, Row], after: dict[UUID, Row]) -> None:
    for key in before | after:
        table.change(key, event.position, before.get(key), after.get(key))


def key_of(event: Recorded, *more: str) -> UUID:
    return uuid5(event.stream, "/".join((str(event.version), *more)))


def programme_of(founding: Any) -> str | None:
    """The code of the programme whose rules the stream goes by."""
    match founding:
        case Applied() | Nominated():
            return founding.programme
        case ProgrammeAnnounced():
            return founding.code
        case _:
            return None


def project_of(timeline: Timeline[Any]) -> UUID | None:
    """The project that the stream is, or is about."""
    founding = timeline.events[0].fact
    if timeline.aggregate.initial is Project:
        return timeline.stream
    found = getattr(founding, "project", None)
    return found if isinstance(found, UUID) else None


def exception_rows(
    before: Timeline[Any] | None, event: Recorded, project: UUID | None, rules: Rules | None
) -> Iterator[tuple[UUID, Row]]:
    earlier, actor = before.events if before else (), event.event.actor
    for found in exceptions_of(before, event, rules):
        positions = {earlier[version - 1].position for version in found.versions if version <= len(earlier)}
        yield (
            key_of(event, found.kind),
            (
                event.stream,
                project,
                event.version,
                event.fact.type,
                found.kind.value,
                actor.role.value,
                actor.body,
                event.account,
                event.event.effective_on,
                found.reason,
                [*sorted(positions), event.position],
            ),
        )


def entered_by_official(earlier: tuple[Recorded, ...], version: int) -> UUID | None:
    """The exception that the first paper behind it makes a paper entry, if the event at that version was one."""
    if version > len(earlier) or any(
        isinstance(one.fact, PaperReceived) and one.fact.version == version for one in earlier
    ):
        return None
    kinds = {found.kind for found in exceptions_of(None, earlier[version - 1], None)}
    kind = ExceptionKind.ENTERED_BY_OFFICIAL
    return key_of(earlier[version - 1], kind) if kind in kinds else None


def correction_rows(events: tuple[Recorded, ...]) -> dict[UUID, Row]:
    """By event: what it is by now, voided or restated."""
    return {
        key_of(events[version - 1]): (
            events[version - 1].stream,
            version,
            "voided" if isinstance(correction.fact, Voided) else "restated",
        )
        for version, correction in live_corrections(events).items()
        if version <= len(events)
    }


def judgement_rows(applied: Applied, events: tuple[Recorded, ...]) -> dict[UUID, Row]:
    rows = ((event, judgements.judgement_row(applied, event)) for event in corrected(events))
    return {key_of(event): row for event, row in rows if row}


def entrant_row(timeline: Timeline[Any]) -> Row | None:
    """None while the project has not entered; the state is folded only when it may have."""
    if not any(isinstance(event.fact, EnteredCompetition) for event in timeline.events):
        return None
    project: Project = timeline.state
    if project.entry is None or project.applied is None:
        return None
    purchased = project.purchased
    selected = timeline.events[purchased.version - 1] if purchased else None
    return (
        project.applied.programme,
        project.status in RUNNING,
        len(project.scores),
        mean_score(project),
        selected and selected.position,
        # One decision is received at one instant, under one number.
        f"{purchased.fact.document_number} {selected.event.received_at.isoformat()}"
        if purchased and selected
        else None,
    )
