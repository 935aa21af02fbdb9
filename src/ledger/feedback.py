"""What beneficiaries answer (N17, N18): one stream for each project, and how it is counted.

The sample and those who came online are never pooled: the ones were drawn, the others chose to answer.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from typing import assert_never
from uuid import UUID

from stdnum.cn import ric

from ledger.errors import AlreadyAnswered, EntryNotDrawn, GuardianMissing, IdentityWrong, SampleMissing
from ledger.events import FeedbackMeans, FeedbackReceived, Measured, Recorded, Respondent, SampleDrawn

SATISFIED = 4
OF_AGE = 18
Z_95 = Decimal("1.959963984540054")


@dataclass(frozen=True, slots=True)
class Feedback:
    """Commitments of the answers: of the drawn by their entry, of the others by their pseudonym."""

    id: UUID
    sample: dict[str, str]
    online: dict[UUID, str]

    @classmethod
    def empty(cls, stream: UUID) -> "Feedback":
        return cls(stream, {}, {})


def evolve(state: Feedback, recorded: Recorded) -> Feedback:
    fact: FeedbackReceived = recorded.fact
    match fact.means:
        case FeedbackMeans.VISIT | FeedbackMeans.QUESTIONNAIRE:
            assert fact.entry is not None
            return replace(state, sample=state.sample | {fact.entry: fact.answers.commitment})
        case FeedbackMeans.ONLINE:
            return replace(state, online=state.online | {fact.person: fact.answers.commitment})
        case _:
            assert_never(fact.means)


def check_drawn(feedback: Feedback, sample: SampleDrawn | None, entry: str) -> None:
    """Who was drawn answers once."""
    if sample is None:
        raise SampleMissing()
    if entry not in sample.drawn:
        raise EntryNotDrawn()
    if entry in feedback.sample:
        raise AlreadyAnswered()


def check_first(feedback: Feedback, person: UUID) -> None:
    if person in feedback.online:
        raise AlreadyAnswered()


def identified(respondent: Respondent, today: date) -> Respondent:
    """With the identity in one way of writing, so that the same person has the same. A resident number has its check
    digit and tells the age; other documents are taken as they are."""
    text = unicodedata.normalize("NFKC", respondent.identity)
    identity = re.sub(r"[\s-]", "", text).upper() or text
    if re.fullmatch(r"[0-9]{17}[0-9X]", identity):
        born = _born(identity)
        if born is None or identity[-1] != ric.calc_check_digit(identity):
            raise IdentityWrong()
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if age < OF_AGE and respondent.guardian is None:
            raise GuardianMissing()
    return respondent.model_copy(update={"identity": identity})


def _born(identity: str) -> date | None:
    try:
        return date(int(identity[6:10]), int(identity[10:12]), int(identity[12:14]))
    except ValueError:
        return None


def measure(satisfactions: Sequence[int | None], *, invited: int, minimum: int) -> Measured:
    """None stands for an answer that was erased: it was given, and counts as not satisfied. Where fewer than `minimum`
    can still be read, what they said is not told: it would show single people's answers."""
    answered = len(satisfactions)
    if sum(given is not None for given in satisfactions) < minimum:
        return Measured(invited=invited, answered=answered, satisfied=None, low=None, high=None)
    satisfied = sum(given is not None and given >= SATISFIED for given in satisfactions)
    low, high = wilson(satisfied, answered)
    return Measured(invited=invited, answered=answered, satisfied=satisfied, low=low, high=high)


def wilson(satisfied: int, answered: int) -> tuple[str, str]:
    """The Wilson interval at 95 % for a share, in percent with one decimal."""
    with localcontext(prec=28):
        n, share, square = Decimal(answered), Decimal(satisfied) / answered, Z_95 * Z_95
        middle = share + square / (2 * n)
        half = Z_95 * (share * (1 - share) / n + square / (4 * n * n)).sqrt()
        bounds = (100 * (middle + side) / (1 + square / n) for side in (-half, half))
        low, high = (min(max(bound, Decimal(0)), Decimal(100)).quantize(Decimal("0.1")) for bound in bounds)
    return str(low), str(high)
