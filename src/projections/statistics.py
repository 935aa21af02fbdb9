"""What statistics count and no other read model has (N24): the steps of projects on their days, people as they came to
be served, and how satisfied they were; as known at any position. Whose a project is stands in the listing. And all that
a project adds to any figure, from which running sums are made (sums.py)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

import psycopg

from ledger.cache import BoundedCache
from ledger.core.envelope import Restated, Voided
from ledger.core.history import Timeline, corrected
from ledger.organisation.state import Organisation
from ledger.project.application import Applied
from ledger.project.evaluation import BeneficiaryEvaluation
from ledger.project.grant import GrantImported
from ledger.project.money import Movement, movements, movements_after
from ledger.project.people import planned, served_by
from ledger.project.state import Project
from projections import sums
from projections.counted import Cells, Counted, cells_of, money_cells
from projections.listing import served_districts, whose_of
from projections.sums import RunningSums
from projections.temporal import TemporalTable, stages
from projections.timelines import CACHED_STREAMS

NAME = "statistics"
VERSION = 4
TABLES = (
    sums.TABLES
    + """
CREATE TABLE steps (
    step uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    project uuid NOT NULL,
    kind text NOT NULL,
    day date NOT NULL,
    -- Of what is counted otherwise than by steps: people.
    number bigint NOT NULL,
    PRIMARY KEY (step, from_position)
);
CREATE TABLE answers (
    project uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    day date NOT NULL,
    asked bigint NOT NULL,
    answered bigint NOT NULL,
    satisfied bigint,
    PRIMARY KEY (project, from_position)
);
"""
)
INDEXES = """
CREATE INDEX steps_project ON steps (project, kind);
CREATE INDEX counted_organisation ON counted (organisation);
"""
# By step and the version of the event that says it.
Rows = dict[tuple[str, int], tuple[Any, ...]]
BEGINNING = (Applied, GrantImported)


class Step(StrEnum):
    """In the order of a project's life. `applied`: also a grant's award. `served`: people, by the reports."""

    APPLIED = "applied"
    APPROVED = "approved"
    REJECTED = "rejected"
    CONTRACTED = "contracted"
    PUBLISHED = "published"
    SERVED = "served"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    HONOURED = "honoured"


def began(timeline: Timeline[Any]) -> date | None:
    """The day of the application or award that counts."""
    days = (one.event.effective_on for one in corrected(timeline.events) if isinstance(one.fact, BEGINNING))
    return max(days, default=None)


def key_of(project: UUID, step: str, version: int) -> UUID:
    return uuid5(project, f"{step}/{version}")


def steps_of(project: Project, began_on: date | None) -> Rows:
    if began_on is None:
        return {}
    return {
        (step.value, version): (project.id, step.value, day, number)
        for step, version, day, number in _steps(project, project.grant.awarded_on if project.grant else began_on)
    }


def _steps(project: Project, began_on: date) -> Iterator[tuple[Step, int, date, int]]:
    yield Step.APPLIED, 1, began_on, 1
    if project.grant:
        return
    for step, noted in (
        (Step.APPROVED, project.approved),
        (Step.REJECTED, project.rejected),
        (Step.PUBLISHED, project.published),
        (Step.TERMINATED, project.terminated),
    ):
        if noted:
            yield step, noted.version, noted.on, 1
    if project.contract:
        yield Step.CONTRACTED, project.contract_version or 0, project.contract.signed_on, 1
    if project.is_complete:
        last = [one for one in project.standing_reports if one.fact.summary is not None and not one.returned][-1]
        yield Step.COMPLETED, last.version, last.on, 1
    for honour in project.honours:
        if project.is_honoured(honour.version):
            yield Step.HONOURED, honour.version, honour.on, 1
    for report, more in served_by(project):
        if more:
            yield Step.SERVED, report.version, report.on, more


def answers_of(project: Project) -> tuple[Any, ...] | None:
    """What those drawn answered, or, before samples were drawn, those asked; who came online is not pooled with them.
    `satisfied` is None where fewer answered than the smallest group."""
    if found := project.beneficiaries:
        drawn = found.fact.sample
        return (found.on, drawn.invited, drawn.answered, drawn.satisfied) if drawn else None
    for evaluated in project.evaluations:
        said = evaluated.fact.evaluation
        if isinstance(said, BeneficiaryEvaluation):
            return evaluated.on, said.invited, said.answered, said.satisfied
    return None


@dataclass(frozen=True, slots=True)
class _Counted:
    """What counted after a project's last event."""

    timeline: Timeline[Any] | None
    began: date | None = None
    steps: Rows = field(default_factory=dict)
    answers: tuple[Any, ...] | None = None
    moves: tuple[Movement, ...] = ()
    money: Cells = field(default_factory=dict)
    adds: Counted | None = None
    row: tuple[Any, ...] | None = None


class Statistics:
    """Rows change where a step of a project, or its beneficiaries' evaluation, does; sums where any figure does."""

    name, version, tables, indexes = NAME, VERSION, TABLES, INDEXES
    # What is counted and summed up holds no words, and stays as it is when some are redacted.
    streams: Mapping[str, str] = {"steps": "project", "answers": "project"}

    def __init__(self) -> None:
        self._steps = TemporalTable("steps", "step", ("project", "kind", "day", "number"))
        self._answers = TemporalTable("answers", "project", ("day", "asked", "answered", "satisfied"))
        self._adds = TemporalTable("counted", "project", sums.COLUMNS)
        self._sums = RunningSums()
        # Kept, so that it need not be worked out twice.
        self._counted: BoundedCache[UUID, _Counted] = BoundedCache(CACHED_STREAMS)

    def fold(self, changes: Iterable[tuple[Timeline[Any] | None, Timeline[Any]]], *, reread: bool = False) -> None:
        # A batch that could not be written comes again.
        self._forget()
        for before, after in changes:
            position = after.events[-1].position
            if not reread:
                self._sums.see(position)
            if isinstance(after.state, Organisation) and not reread:
                self._sums.kind(position, after.stream, _kinds(after))
            if not isinstance(after.state, Project):
                continue
            old = self._before(before)
            new = _next(after, old, before)
            for step in old.steps | new.steps if old.steps != new.steps else ():
                was, becomes = old.steps.get(step), new.steps.get(step)
                if was != becomes:
                    self._steps.change(key_of(after.stream, *step), position, was, becomes)
            self._answers.change(after.stream, position, old.answers, new.answers)
            if old.adds != new.adds and not reread:
                self._adds.change(after.stream, position, old.row, new.row)
                self._sums.change(position, old.adds, new.adds)
            self._counted[after.stream] = new

    def _before(self, before: Timeline[Any] | None) -> _Counted:
        if before is None:
            return _Counted(None)
        known = self._counted.get(before.stream)
        return known if known and known.timeline is before else _next(before, None, None)

    def _forget(self) -> None:
        self._steps.forget()
        self._answers.forget()
        self._adds.forget()
        self._sums.forget()

    def write(self, connection: psycopg.Connection) -> None:
        self._sums.write(connection)
        self._steps.write(connection)
        self._answers.write(connection)
        self._adds.write(connection)


def _next(after: Timeline[Any], old: _Counted | None, before: Timeline[Any] | None) -> _Counted:
    """Most events leave alone when the project began. What has no row in the listing has none here."""
    project: Project = after.state
    moved = isinstance(after.events[-1].fact, (*BEGINNING, Voided, Restated))
    began_on = began(after) if old is None or moved else old.began
    if old is None:
        moves = movements(after.stream, after.events)
    else:
        moves = movements_after(old.moves, before.state if before else Project(after.stream), project, after.events)
    money = old.money if old is not None and moves is old.moves else money_cells(moves)
    whose = whose_of(project)
    if whose is None:
        return _Counted(after, began_on, moves=moves, money=money)
    steps, answers = steps_of(project, began_on), answers_of(project)
    published, programme, category, district, organisation = whose
    adds = Counted(
        programme=programme,
        published=published,
        category=category or "",
        district=district or "",
        status=project.status.value,
        served=served_districts(project) or "",
        organisation=organisation,
        cells=cells_of(project, planned(project), (row[1:] for row in steps.values()), money, answers),
    )
    row = old.row if old is not None and old.adds == adds else adds.row()
    return _Counted(after, began_on, steps, answers, moves, money, adds, row)


def _kinds(organisation: Timeline[Organisation]) -> tuple[str, ...]:
    """On some day each, the one in force now first."""
    return tuple(state.kind.value if state.kind else "" for _, _, state in stages(organisation))
