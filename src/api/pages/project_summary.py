"""What stands first on a project's page: where it stands or how it ended, what speaks against it, money, people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from api.pages.briefing_texts import SUM
from api.pages.deliveries import MilestoneView
from api.pages.history_folds import Fold
from api.pages.history_view import HistoryRow
from api.pages.listing_view import status_text, tone_of
from api.pages.project_texts import PROJECT
from api.pages.reader import Day, Reader
from api.pages.texts import PAGE
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact
from ledger.project.delivery import MilestoneReturned
from ledger.project.ending import Terminated
from ledger.project.finality import SelfEvaluationMissing
from ledger.project.honours import HonourRevoked
from ledger.project.money import Sum, named, sums_of
from ledger.project.people import planned, served, served_by
from ledger.project.purchase import PurchaseForfeited
from ledger.project.recovery import RecoveryRecorded
from ledger.project.state import Project
from ledger.project.supervision import Inspected, RectificationChecked, RectificationOrdered, Suspended
from ledger.project.timeliness import Timeliness

ADVERSE = (
    MilestoneReturned,
    RectificationOrdered,
    Suspended,
    Terminated,
    RecoveryRecorded,
    SelfEvaluationMissing,
    PurchaseForfeited,
    HonourRevoked,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`tone`: how it is to be taken; `sentences`: what comes next, or why it ended."""

    status: str
    tone: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adverse:
    """A fact that speaks against the project. `good`: it was put right."""

    day: Day | None
    text: str
    href: str
    good: bool


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """`share`: of the largest, in percent."""

    label: str
    text: str
    href: str
    share: str
    tone: str


@dataclass(frozen=True, slots=True)
class PeopleView:
    """`steps`: who was served so far, by report."""

    served: str
    planned: str | None
    share: str
    steps: str


def verdict(reader: Reader, project: Project, steps: Sequence[MilestoneView]) -> Verdict:
    ended = project.terminated is not None
    return Verdict(
        status_text(reader, project.status, terminated=ended),
        tone_of(project.status, terminated=ended),
        tuple(_sentences(reader, project, steps)),
    )


def _sentences(reader: Reader, project: Project, steps: Sequence[MilestoneView]) -> Iterable[str]:
    if project.terminated:
        fact = project.terminated.fact
        yield reader.say(PROJECT["terminated_because"], document=fact.document_number, reason=fact.reason.rstrip("。."))
    reported = [step for step in steps if step.reported]
    if steps:
        yield reader.say(PROJECT["reported_of"], done=len(reported), total=len(steps))
        if late := sum(step.state is Timeliness.LATE for step in steps):
            yield reader.say(PROJECT["late_of"], late=late)
    waiting = next((step for step in steps if step.state in (Timeliness.WAITING, Timeliness.OVERDUE)), None)
    if waiting and waiting.due:
        key = "next_overdue" if waiting.state is Timeliness.OVERDUE else "next_due"
        yield reader.say(PROJECT[key], name=waiting.name, day=waiting.due.text)
    if project.open_orders:
        yield reader.say(PROJECT["orders_open"], count=len(project.open_orders))


def adverse(
    reader: Reader, steps: Sequence[MilestoneView], rows: Sequence[HistoryRow], events: Sequence[Recorded]
) -> tuple[Adverse, ...]:
    """`rows` show `events`, in the same order; what was corrected or is not in force yet does not count."""
    late = [
        Adverse(step.reported, f"{step.name}{reader.say(PAGE['colon'])}{step.state_text}", "#milestones", False)
        for step in steps
        if step.state in (Timeliness.LATE, Timeliness.OVERDUE)
    ]
    told = [
        Adverse(row.effective_on, row.sentence, f"#v{row.version}", _is_good(event.fact))
        for row, event in zip(rows, events, strict=True)
        if not row.corrected and not row.not_yet and _speaks_against(event.fact)
    ]
    return tuple(sorted(late + told, key=lambda one: one.day.iso[:10] if one.day else "9999"))


def _speaks_against(fact: Fact) -> bool:
    match fact:
        case Inspected():
            return not fact.satisfactory
        case RectificationChecked() | Voided() | Restated():
            return True
        case _:
            return isinstance(fact, ADVERSE)


def _is_good(fact: Fact) -> bool:
    return isinstance(fact, RectificationChecked) and fact.accepted


def money(reader: Reader, project: Project, path: str) -> tuple[MoneyRow, ...]:
    """From what was asked for to what came back, each as long as its share of the largest."""
    sums: Mapping[tuple[Sum, str], Decimal] = named(sums_of(project))
    most = max([Decimal(), *sums.values()])
    if most <= 0:
        return ()
    tones = {Sum.SPENT: "soft", Sum.RETURNED: "bad"}
    href = f"{reader.link(path, show=Fold.MONEY)}#history"
    return tuple(
        MoneyRow(
            reader.say(SUM[name]),
            reader.signed(amount, currency),
            href,
            f"{max(amount, Decimal()) * 100 / most:.1f}",
            tones.get(name, ""),
        )
        for (name, currency), amount in sums.items()
    )


def people(reader: Reader, project: Project) -> PeopleView | None:
    goal, count = planned(project), served(project)
    if count is None:
        return None
    so_far, parts = 0, []
    for report, more in served_by(project):
        so_far += more
        parts.append(f"{reader.day(report.on).text} {reader.number(so_far)}")
    share = min(count * 100 / goal, 100) if goal else 0
    said = None
    if goal:
        said = reader.say(PROJECT["of_planned"], planned=reader.number(goal), share=reader.percent(count, goal))
    return PeopleView(reader.number(count), said, f"{share:.1f}", reader.say(PAGE["comma"]).join(parts))
