"""The three evaluations of a completed project, shown for objection (N16 to N19)."""

from dataclasses import dataclass
from datetime import date
from random import Random

from api.demo import forms, screening
from api.demo.clock import AFTERNOON, CLOSING, MORNING, later, seeded
from api.demo.contract import Underway
from api.demo.play import HONOURS_ON, LAST_EVALUATION, Finished, Play, ask
from api.demo.sampling import survey
from ledger.accounts import ANYONE, Account
from ledger.commands.evaluation import (
    BeneficiaryStatement,
    EvaluationBody,
    EvaluationPublication,
    MissingSelfEvaluation,
    ThirdPartyStatement,
)
from ledger.commands.objections import ObjectionBody, PublicObjectionBody, ResolutionBody
from ledger.project.assignment import Judging
from ledger.project.evaluation import CriterionScore, SelfEvaluation
from ledger.rules import Rules
from ledger.terms import notice_ends

Statement = SelfEvaluation | BeneficiaryStatement | ThirdPartyStatement


@dataclass(frozen=True, slots=True)
class DemoEvaluation:
    """An evaluation, who made it, and at which version it stands."""

    who: Account
    said: Statement
    version: int


async def evaluate(play: Play, underway: Underway, completed_on: date, chance: Random) -> None:
    """Each by its own actor; a few are never made. What is whole is shown for objection."""
    quality = chance.triangular(60, 98, 88)
    cast = play.cast
    stranger = next(n for n in range(len(cast.committee)) if n not in underway.confirmed.kept_away and n > 0)
    planned: list[tuple[date, Account, Statement]] = []
    third, satisfied = by_third_party(play.rules, quality, chance), play.asked.get(underway.project)
    for within, share, who, said in (
        (range(1, 12), 0.95, underway.confirmed.case.player.account, by_itself(play.rules, quality, chance)),
        (range(2, 16), 0.92, cast.office.account, by_beneficiaries(no_identifiable=satisfied is None)),
        (range(5, 21), 0.92, cast.committee[stranger].account, third),
    ):
        day = later(completed_on, chance.choice(within))
        if day <= LAST_EVALUATION and chance.random() < share:
            planned.append((day, who, said))
    silent = len(planned) == 2 and not any(isinstance(said, SelfEvaluation) for _, _, said in planned)
    if len(planned) == 3 and chance.random() < 0.3 and satisfied is None:
        asked = await survey(play, underway, completed_on, quality, chance)
        if asked:
            satisfied = asked.satisfied
            planned[1] = (asked.day, cast.office.account, by_beneficiaries(no_identifiable=False))
            # What was planned for while the answers came follows them.
            planned = [(max(day, asked.day), who, said) for day, who, said in planned]
    made = []
    for day, who, said in sorted(planned, key=lambda each: each[0]):
        await play.until(day, chance.choice((MORNING, AFTERNOON, CLOSING)))
        if said is third and seeded("evaluator", underway.project).random() < 0.2:
            judges = [cast.committee[stranger]]
            async with play.in_order:
                await screening.assign(play, Judging.EVALUATE, [underway.project], judges, "委托第三方评估。")
        made.append(await _make(play, underway, who, said))
    if silent:
        await _miss(play, underway, completed_on)
        await _show(play, underway, made, chance)
    if len(made) == 3 and await _show(play, underway, made, chance):
        score = _score(play.rules, third, satisfied)
        play.finished.append(Finished(underway.project, underway.confirmed.case.player, score))


async def _miss(play: Play, underway: Underway, completed_on: date) -> None:
    """The organisation was reminded and said nothing of itself; the others are shown without it."""
    reminded_on = later(completed_on, 12)
    await play.until(later(max(reminded_on, _today(play)), play.rules.deadlines.reminder), AFTERNOON)
    body = MissingSelfEvaluation(reminded_on=reminded_on, reason="经电话和书面催报，仍未提交自我评定。（演示）")
    await play.ledger.transact(ask(underway.authority), body.on(underway.project))


async def _make(play: Play, underway: Underway, who: Account, said: Statement) -> DemoEvaluation:
    async with play.in_order:
        body = EvaluationBody(evaluation=said)
        receipt = await play.ledger.transact(ask(who), body.on(underway.project))
    return DemoEvaluation(who, said, receipt.version)


async def _show(play: Play, underway: Underway, made: list[DemoEvaluation], chance: Random) -> bool:
    """Whether it is final before the honours. Now and then somebody objects, and some of them are right."""
    day = play.working(later(_today(play), 1))
    await _publish(play, underway, day)
    until = notice_ends(play.rules, day)
    if chance.random() < 0.06:
        target = chance.choice(made)
        await play.until(later(day, 2), AFTERNOON)
        objector = _objector(play, underway, chance)
        reason = chance.choice(forms.OBJECTIONS)
        who = seeded("who objects", objector.body, underway.confirmed.case.form.title)
        if who.random() < 0.5:
            # A neighbour, who has no account.
            publicly = PublicObjectionBody(target=target.version, reason=reason, contact=forms.contact(who))
            async with play.in_order:
                raised = await play.ledger.transact(ask(ANYONE), publicly.on(underway.project))
        else:
            objection = ObjectionBody(target=target.version, reason=reason)
            raised = await play.ledger.transact(ask(objector), objection.on(underway.project))
        await play.until(later(day, 5), MORNING)
        upheld = chance.random() < 0.4
        resolution = ResolutionBody(
            objection=raised.version, accepted=upheld, reason=forms.UPHELD if upheld else forms.DISMISSED
        )
        leaders = ask(play.cast.leading_group.account)
        await play.ledger.transact(leaders, resolution.on(underway.project))
        if upheld:
            again = later(day, 7)
            if again > LAST_EVALUATION:
                return False
            await play.until(again, AFTERNOON)
            await _make(play, underway, target.who, target.said)
            again = play.working(later(again, 1))
            await _publish(play, underway, again)
            until = notice_ends(play.rules, again)
    return until < HONOURS_ON


def _today(play: Play) -> date:
    return play.ledger.clock().astimezone(play.rules.zone).date()


async def _publish(play: Play, underway: Underway, day: date) -> None:
    await play.until(day, CLOSING)
    body = EvaluationPublication(notice=f"评估结果公示（演示）{day.isoformat()}")
    await play.ledger.transact(ask(play.cast.office.account), body.on(underway.project))


def _objector(play: Play, underway: Underway, chance: Random) -> Account:
    """The organisation itself, or another one."""
    own = underway.confirmed.case.player
    return chance.choice((own, chance.choice(play.cast.organisations))).account


def _score(rules: Rules, third: ThirdPartyStatement, satisfied: float | None) -> float:
    """What the ranking's weights make of it; without beneficiaries who can be asked, the others count for them."""
    weights = rules.ranking
    judgement = sum(score.score for score in third.scores) / len(third.scores)
    of_others = weights.completion + weights.third_party * judgement / 100
    if satisfied is None:
        return of_others * 100 / (weights.completion + weights.third_party)
    return of_others + weights.beneficiaries * satisfied / 100


def _scores(rules: Rules, around: float, chance: Random) -> tuple[CriterionScore, ...]:
    return tuple(
        CriterionScore(criterion=criterion.code, score=min(100, max(40, round(chance.gauss(around, 3)))))
        for criterion in rules.evaluation.criteria
    )


def by_itself(rules: Rules, quality: float, chance: Random) -> SelfEvaluation:
    """Organisations think a little better of themselves."""
    return SelfEvaluation(scores=_scores(rules, quality + 4, chance), conclusion=chance.choice(forms.CONCLUSIONS))


def by_beneficiaries(*, no_identifiable: bool) -> BeneficiaryStatement:
    conclusion = "服务效果参见第三方评估。" if no_identifiable else "走访、问卷和网上实名评价，结果见计数。"
    reason = forms.NOBODY_ASKED if no_identifiable else None
    return BeneficiaryStatement(no_identifiable=no_identifiable, reason=reason, conclusion=conclusion)


def by_third_party(rules: Rules, quality: float, chance: Random) -> ThirdPartyStatement:
    return ThirdPartyStatement(scores=_scores(rules, quality, chance), conclusion=chance.choice(forms.CONCLUSIONS))
