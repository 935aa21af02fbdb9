"""The history of a project folded by the phase that its facts belong to, and what of it is shown."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from api.pages.history_view import HistoryRow
from api.pages.project_texts import PROJECT
from api.pages.reader import Reader
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact, Role
from ledger.project.correction_requests import CorrectionRequested


class Fold(StrEnum):
    """What is shown: what others decided, where money moved, what the organisation said, what was put right."""

    ALL = "all"
    DECISIONS = "decisions"
    MONEY = "money"
    REPORTS = "reports"
    CORRECTIONS = "corrections"


class PhaseOf(StrEnum):
    APPLICATION = "application"
    REVIEW = "review"
    DELIVERY = "delivery"
    EVALUATION = "evaluation"
    HONOURS = "honours"


# By the module of a fact, which is that of its phase; what is not named belongs to delivery.
_MODULES = {
    PhaseOf.APPLICATION: ("application", "attachments", "screening", "entry_document"),
    PhaseOf.REVIEW: (
        "assignment",
        "interests",
        "review",
        "secretariat",
        "reconsideration",
        "support",
        "purchase",
        "contract",
    ),
    PhaseOf.EVALUATION: ("evaluation", "sampling", "feedback", "occasions", "coverage", "finality"),
    PhaseOf.HONOURS: ("nominations", "proposals", "honours"),
}
PHASES: Mapping[str, PhaseOf] = {module: phase for phase, modules in _MODULES.items() for module in modules}
MONEY = frozenset({"payments", "settlement", "recovery", "contract", "purchase"})


@dataclass(frozen=True, slots=True)
class Choice:
    text: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Folded:
    title: str
    note: str
    rows: tuple[HistoryRow, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class FoldedHistory:
    choices: tuple[Choice, ...]
    phases: tuple[Folded, ...]


def fold_history(
    reader: Reader, path: str, rows: Sequence[HistoryRow], events: Sequence[Recorded], shown: Fold
) -> FoldedHistory:
    """`rows` show `events`, in the same order. Of what is shown the newest phase lies open, or all that was chosen."""
    facts = {event.version: event.fact for event in events}
    kinds = {event.version: kind_of(event) for event in events}
    counts = Counter(kinds.values())
    counts[Fold.ALL] = len(rows)
    by_phase: dict[PhaseOf, list[HistoryRow]] = {phase: [] for phase in PhaseOf}
    for row in rows:
        if shown in (Fold.ALL, kinds[row.version]):
            by_phase[phase_of(facts[row.version], facts)].append(row)
    there = [phase for phase, held in by_phase.items() if held]
    newest = max(there, key=lambda phase: by_phase[phase][-1].version, default=None)
    return FoldedHistory(
        tuple(_choices(reader, path, counts, shown)),
        tuple(
            Folded(
                reader.say(PROJECT[f"stage_{phase}"]),
                _note(reader, by_phase[phase]),
                tuple(by_phase[phase]),
                shown is not Fold.ALL or phase is newest,
            )
            for phase in there
        ),
    )


def phase_of(fact: Fact, facts: dict[int, Fact]) -> PhaseOf:
    """A correction belongs where what it corrects does, as far as that is seen."""
    match fact:
        case Voided() | Restated() if fact.target in facts:
            return phase_of(facts[fact.target], facts)
        case CorrectionRequested() if fact.proposed.target in facts:
            return phase_of(facts[fact.proposed.target], facts)
        case _:
            return PHASES.get(_module(fact), PhaseOf.DELIVERY)


def kind_of(event: Recorded) -> Fold:
    fact = event.fact
    if isinstance(fact, Voided | Restated) or _module(fact) == "correction_requests":
        return Fold.CORRECTIONS
    if _module(fact) in MONEY:
        return Fold.MONEY
    return Fold.REPORTS if event.event.actor.role is Role.ORGANISATION else Fold.DECISIONS


def _module(fact: Fact) -> str:
    return type(fact).__module__.rpartition(".")[2]


def _choices(reader: Reader, path: str, counts: Counter[Fold], shown: Fold) -> Iterable[Choice]:
    for fold in Fold:
        if counts[fold] or fold is shown:
            text = reader.say(PROJECT[f"show_{fold}"], count=reader.number(counts[fold]))
            href = reader.link(path, show=None if fold is Fold.ALL else fold)
            yield Choice(text, f"{href}#history", fold is shown)


def _note(reader: Reader, rows: Sequence[HistoryRow]) -> str:
    days = sorted({row.effective_on.iso: row.effective_on for row in rows}.items())
    first, last = days[0][1].text, days[-1][1].text
    key = "stage_day" if len(days) == 1 else "stage_range"
    return reader.say(
        PROJECT[key], first=first, count=reader.number(len(rows)), **({} if len(days) == 1 else {"last": last})
    )
