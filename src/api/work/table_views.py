"""What the pages of tables show."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.frame import Link
from api.work.form import ErrorLine
from api.work.tables import Grid
from api.work.views import StepLink


@dataclass(frozen=True, slots=True)
class TableGroup:
    """Of one programme."""

    heading: str
    tables: Sequence[StepLink]


@dataclass(frozen=True, slots=True)
class TablesView:
    heading: str
    back: Link
    groups: Sequence[TableGroup]


@dataclass(frozen=True, slots=True)
class DoneLine:
    """One row's receipt."""

    row: str
    position: Link
    version: str
    project: str


@dataclass(frozen=True, slots=True)
class TableView:
    """`file`: the table to fill in. `lines`: what is wrong, each with the cell of the grid that it is about.
    `possible`: what a checked table would write, `carried`: by which it is sent again."""

    heading: str
    about: str
    back: Link
    action: str
    file: str
    token: str
    step_name: str
    together: bool
    problem: str
    lines: Sequence[ErrorLine]
    grid: Grid | None
    possible: str
    write: str
    carried: Sequence[tuple[str, str]]
    written: str
    done: Sequence[DoneLine]


@dataclass(frozen=True, slots=True)
class DoneView:
    """Several receipts at once."""

    heading: str
    about: str
    done: Sequence[DoneLine]
    work: str
