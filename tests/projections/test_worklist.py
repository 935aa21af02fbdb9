"""For which roles there may be something to do, as known at any position."""

from uuid import UUID

from tests.projections.runs import check_positions
from tests.projections.runs import rows_at as rows
from tests.projections.streams import Story, Writer, stories

from ledger.aggregates import PROJECT
from ledger.core.envelope import Recorded
from ledger.core.history import Timeline
from ledger.database import Database
from projections.worklist import Worklist, rows_of


def stored(database: Database, story: Story, known: int) -> set[tuple[UUID, str]]:
    found = rows(database, "worklist.awaited", ("item", "project", "role"), story.streams, known)
    return {(project, role) for project, role in found.values()}


def folded(story: Story, events: list[Recorded], known: int) -> set[tuple[UUID, str]]:
    found = set[tuple[UUID, str]]()
    for stream, kind in story.streams.items():
        own = [one for one in events if one.stream == stream and one.position <= known]
        if kind.aggregate is PROJECT and own:
            found |= {(stream, role) for role in rows_of(Timeline(PROJECT, stream, own))}
    return found


def test_roles_are_those_of_the_fold_at_any_position(database: Database, writer: Writer) -> None:
    check_positions(database, writer, Worklist, stories(), stored, folded)
