"""What the pages of work show."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.field_view import FieldRow
from api.pages.frame import Link
from api.pages.history_view import FieldChange
from api.pages.reader import Day
from api.work.answers import Answer
from api.work.form import ErrorLine
from api.work.widgets import Option, Widget


@dataclass(frozen=True, slots=True)
class Task:
    """`when`: how it stands with its date, `tone`: whether that is late or soon."""

    title: str
    about: str
    by: str
    until: Day | None
    when: str
    tone: str
    href: str


@dataclass(frozen=True, slots=True)
class TaskList:
    heading: str
    tasks: Sequence[Task]


@dataclass(frozen=True, slots=True)
class StepLink:
    """A form that may be opened. `about`: until when, or for whom."""

    text: str
    href: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class StepGroup:
    heading: str
    steps: Sequence[StepLink]


@dataclass(frozen=True, slots=True)
class WorkView:
    heading: str
    lead: str
    acting: str
    account: str
    lists: Sequence[TaskList]
    more: str
    drafts: Sequence[StepLink]
    open: Sequence[StepGroup]
    others: Sequence[StepGroup]
    tables: str
    audit: str
    find_project: str
    administration: Link | None
    find_organisation: str
    carried: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FindView:
    heading: str
    action: str
    asked: str
    found: Sequence[StepLink]
    more: str
    back: str
    carried: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FileLink:
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What is decided on: the application in words, its files, and what happened so far."""

    heading: str
    answers: Sequence[Answer]
    files: Sequence[FileLink]
    events: "Sequence[EventLine]"


@dataclass(frozen=True, slots=True)
class EventLine:
    """`correct`: the page on which this reader corrects it, or asks its author to."""

    version: int
    day: Day
    by: str
    sentence: str
    correct: str


@dataclass(frozen=True, slots=True)
class FormView:
    """`hidden`: what the page carries and nobody types. `ways`: of a form that is about several things, while none is
    chosen."""

    heading: str
    about: str
    back: Link
    action: str
    token: str
    hidden: Sequence[tuple[str, str]]
    ways: Sequence[Option]
    way_name: str
    step_name: str
    widgets: Sequence[Widget]
    late: Sequence[Widget]
    late_is_open: bool
    lines: Sequence[ErrorLine]
    problem: str
    blocked: str
    paper: Paper | None
    interest: str
    saved: str
    copies: Sequence[StepLink]
    keeps_drafts: bool


@dataclass(frozen=True, slots=True)
class CheckView:
    heading: str
    about: str
    back: Link
    action: str
    token: str
    hidden: Sequence[tuple[str, str]]
    step_name: str
    changes: Sequence[FieldChange]
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class ReceiptView:
    heading: str
    about: str
    sentence: str
    position: str
    version: int
    recorded: Day
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class DecideView:
    heading: str
    about: str
    back: Link
    paper: Paper | None
    waiting: Sequence[StepLink]
    others: Sequence[StepLink]
    interest: str
    declared: bool
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class CorrectView:
    """One event, and how it may be corrected. `reasons`: why not otherwise. `redact`: where words are taken out."""

    heading: str
    about: str
    back: Link
    record: Link
    rows: Sequence[FieldRow]
    ways: Sequence[StepLink]
    reasons: Sequence[str]
    redact: str
