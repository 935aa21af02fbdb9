"""The three evaluations of a completed project (N16 to N19)."""

from collections.abc import Callable, Sequence
from datetime import date
from random import Random

from api.demo import forms
from api.demo.clock import AFTERNOON, CLOSING, MORNING, later
from api.demo.contract import Underway
from api.demo.play import LAST_EVALUATION, Finished, Play, ask
from ledger.accounts import Account
from ledger.commands import delivery
from ledger.commands.delivery import EvaluationBody, ThirdPartyStatement
from ledger.events import BeneficiaryEvaluation, CriterionScore, SelfEvaluation
from ledger.rules import Rules

Statement = SelfEvaluation | BeneficiaryEvaluation | ThirdPartyStatement


async def evaluate(play: Play, underway: Underway, completed_on: date, chance: Random) -> None:
    """Each by its own actor, in whichever order they come; a few are never made."""
    quality = chance.triangular(60, 98, 88)
    cast = play.cast
    stranger = next(n for n in range(len(cast.committee)) if n not in underway.confirmed.kept_away and n > 0)
    planned: list[tuple[date, Account, Statement]] = []

    def plan(within: range, share: float, who: Account, make: Callable[[], Statement]) -> None:
        day = later(completed_on, chance.choice(within))
        if day <= LAST_EVALUATION and chance.random() < share:
            planned.append((day, who, make()))

    plan(range(1, 12), 0.95, underway.confirmed.case.player.account, lambda: by_itself(play.rules, quality, chance))
    plan(range(2, 16), 0.92, cast.office.account, lambda: by_beneficiaries(quality, chance))
    plan(range(5, 21), 0.92, cast.committee[stranger].account, lambda: by_third_party(play.rules, quality, chance))
    for day, who, said in sorted(planned, key=lambda each: each[0]):
        await play.until(day, chance.choice((MORNING, AFTERNOON, CLOSING)))
        async with play.in_order:
            await delivery.evaluate(play.ledger, ask(who), underway.project, EvaluationBody(evaluation=said))
    score = _score(play.rules, [said for _, _, said in planned])
    if score is not None:
        play.finished.append(Finished(underway.project, underway.confirmed.case.player, score))


def _score(rules: Rules, statements: Sequence[Statement]) -> float | None:
    """What the ranking's weights make of a completed project; None when an evaluation is missing."""
    by = {said.by: said for said in statements}
    match by.get("beneficiaries"), by.get("third_party"):
        case BeneficiaryEvaluation() as asked, ThirdPartyStatement() as judged:
            satisfied = 100 * asked.satisfied / asked.answered
            judgement = sum(score.score for score in judged.scores) / len(judged.scores)
            weights = rules.ranking
            return weights.completion + (weights.beneficiaries * satisfied + weights.third_party * judgement) / 100
    return None


def _scores(rules: Rules, around: float, chance: Random) -> tuple[CriterionScore, ...]:
    return tuple(
        CriterionScore(criterion=criterion.code, score=min(100, max(40, round(chance.gauss(around, 3)))))
        for criterion in rules.evaluation.criteria
    )


def by_itself(rules: Rules, quality: float, chance: Random) -> SelfEvaluation:
    """Organisations think a little better of themselves."""
    return SelfEvaluation(scores=_scores(rules, quality + 4, chance), conclusion=chance.choice(forms.CONCLUSIONS))


def by_beneficiaries(quality: float, chance: Random) -> BeneficiaryEvaluation:
    invited = chance.randrange(20, 81)
    answered = chance.randrange(invited // 2, invited)
    satisfied = min(answered, round(answered * (quality + 3) / 100))
    return BeneficiaryEvaluation(
        invited=invited, answered=answered, satisfied=satisfied, conclusion="走访和问卷抽查，结果见计数。"
    )


def by_third_party(rules: Rules, quality: float, chance: Random) -> ThirdPartyStatement:
    return ThirdPartyStatement(scores=_scores(rules, quality, chance), conclusion=chance.choice(forms.CONCLUSIONS))
