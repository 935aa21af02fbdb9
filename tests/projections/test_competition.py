"""The table of the competition has each published entry, with what was known of it."""

from typing import Any
from uuid import UUID

from tests.ledger.project.given import PUBLISHED, amendment, form
from tests.ledger.project.test_purchase import BOUGHT, ENTERED, SELECTED
from tests.projections.moved import GRANTED, moved_stories
from tests.projections.runs import check_positions, rows_at
from tests.projections.streams import Kind, Story, Writer, applied
from tests.projections.streams import streams_of as lives

from ledger.aggregates import PROJECT
from ledger.core.envelope import Recorded
from ledger.core.history import state
from ledger.database import Database
from ledger.project.purchase import PurchaseForfeited
from projections.competition import COLUMNS, Competition, row_of

# Few kinds, so that most stories have an entry that everybody sees.
ENTRIES = Kind(
    PROJECT,
    (applied("示例一"), applied("示例二")),
    (amendment(form(budget=())), PUBLISHED, ENTERED, SELECTED, BOUGHT, PurchaseForfeited(reason="示例。")),
)


def stored(database: Database, story: Story, known: int) -> dict[UUID, tuple[Any, ...]]:
    return rows_at(database, "competition.entries", ("project", *COLUMNS), story.streams, known)


def folded(story: Story, events: list[Recorded], known: int) -> dict[UUID, tuple[Any, ...]]:
    projects = [stream for stream, kind in story.streams.items() if kind.aggregate is PROJECT]
    own = {project: [one for one in events if one.stream == project and one.position <= known] for project in projects}
    rows = {project: row_of(state(PROJECT, project, found)) for project, found in own.items() if found}
    return {project: row for project, row in rows.items() if row}


def test_rows_equal_the_fold_at_any_position(database: Database, writer: Writer) -> None:
    # One that everybody sees is there, whatever is drawn.
    writer.write(lives([applied("示例"), PUBLISHED, ENTERED]))
    check_positions(database, writer, Competition, moved_stories(kinds=(ENTRIES, ENTRIES, GRANTED)), stored, folded)
