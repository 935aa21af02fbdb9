"""Who judged whom: a row for each judgement that counts, by the account that made it."""

from decimal import Decimal
from typing import Any

from ledger.core.envelope import Recorded
from ledger.project.application import Applied
from ledger.project.delivery import MilestoneAccepted, MilestoneReturned
from ledger.project.evaluation import Evaluated, ThirdPartyEvaluation
from ledger.project.purchase import Purchased, Scored
from ledger.project.review import Approved, Rejected, Reviewed
from ledger.project.screening import Screened, ScreeningResult

TABLE = """
CREATE TABLE judgements (
    judgement uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    position bigint NOT NULL,
    project uuid NOT NULL,
    programme text NOT NULL,
    -- Who applied: also where another organisation carries the project on.
    organisation uuid NOT NULL,
    account uuid NOT NULL,
    role text NOT NULL,
    body text,
    act text NOT NULL,
    positive boolean,
    score numeric,
    PRIMARY KEY (judgement, from_position)
);
"""
COLUMNS = ("position", "project", "programme", "organisation", "account", "role", "body", "act", "positive", "score")
TWO_PLACES = Decimal("0.01")


def judgement_row(applied: Applied, recorded: Recorded) -> tuple[Any, ...] | None:
    """None for what judges nothing, and where no account is known."""
    act = _act(recorded.fact)
    if act is None or recorded.account is None:
        return None
    actor = recorded.event.actor
    who = (recorded.account, actor.role.value, actor.body)
    return (recorded.position, recorded.stream, applied.programme, applied.organisation, *who, *act)


def _act(fact: Any) -> tuple[str, bool | None, Decimal | None] | None:
    """What was done, whether it went for the applicant, and the score of 100 where there is one."""
    match fact:
        case Screened():
            return "screening", fact.result is ScreeningResult.PASSED, None
        case Reviewed():
            passed = fact.public_benefit.passed and fact.non_profit.passed
            return "review", passed, Decimal(fact.feasibility.score).quantize(TWO_PLACES)
        case Approved():
            return "decision", True, None
        case Rejected():
            return "decision", False, None
        case Scored():
            return "score", None, Decimal(fact.score).quantize(TWO_PLACES)
        case Purchased():
            return "purchase", True, None
        case MilestoneAccepted():
            return "milestone", True, None
        case MilestoneReturned():
            return "milestone", False, None
        case Evaluated(evaluation=ThirdPartyEvaluation(scores=scores)) if scores:
            points = Decimal(sum(one.score for one in scores)) / len(scores)
            return "evaluation", None, (points * 100 / fact.scale).quantize(TWO_PLACES)
        case _:
            return None
