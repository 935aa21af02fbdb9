"""The line of milestones, and the evaluations, as a project's page shows them."""

from dataclasses import dataclass
from datetime import date

from api.pages.code_texts import EVALUATION, TIMELINESS
from api.pages.reader import Day, Reader
from api.pages.sentences import Naming
from api.pages.texts import PAGE
from ledger.project.delivery import MilestoneReported
from ledger.project.evaluation import BeneficiariesEvaluated, BeneficiaryEvaluation, CriterionScore, Evaluated
from ledger.project.feedback import Measured
from ledger.project.occasions import OccasionsCounted
from ledger.project.state import Project
from ledger.project.timeliness import MilestoneTime, Timeliness, milestone_times
from ledger.rules import MilestoneRule


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """`state`: whether it came in time; `state_text` says the same in words."""

    name: str
    share: str | None
    state: Timeliness
    state_text: str
    due: Day | None
    reported: Day | None
    people: str | None
    spent: str | None
    work_done: str | None
    summary: str | None
    documents: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EvaluationView:
    """`scores`: by criterion, in words and in percent of the scale."""

    by: str
    scores: tuple[tuple[str, str, str], ...]
    surveys: tuple[str, ...]
    conclusion: str


def milestones(naming: Naming, project: Project, today: date) -> tuple[MilestoneView, ...]:
    """In the order of the programme's rules. `today`: the day by which something is overdue."""
    if naming.rules is None:
        return ()
    # Timeliness counts the first submission; what is shown is the one that stands.
    reported = {report.fact.milestone: report.fact for report in project.standing_reports}
    return tuple(
        _milestone(naming, rule, time, reported.get(rule.code))
        for rule, time in zip(naming.rules.milestones, milestone_times(project, naming.rules, today), strict=True)
    )


def _share(naming: Naming, rule: MilestoneRule) -> str | None:
    """None where the name says it already."""
    if str(rule.share) in naming.milestone(rule.code):
        return None
    return naming.reader.say(PAGE["share"], share=rule.share)


def _milestone(
    naming: Naming, rule: MilestoneRule, time: MilestoneTime, report: MilestoneReported | None
) -> MilestoneView:
    reader = naming.reader
    return MilestoneView(
        name=naming.milestone(rule.code),
        share=_share(naming, rule),
        state=time.timeliness,
        state_text=_timeliness(reader, time),
        due=reader.day(time.due_on) if time.due_on else None,
        reported=reader.day(time.reported_on) if time.reported_on else None,
        people=reader.say(PAGE["people_served"], count=reader.number(report.people_served)) if report else None,
        spent=reader.total(report.spent) if report else None,
        work_done=report.work_done if report else None,
        summary=report.summary if report else None,
        documents=tuple((document.name, document.sha256) for document in report.documents) if report else (),
    )


def _timeliness(reader: Reader, time: MilestoneTime) -> str:
    if time.timeliness is Timeliness.LATE:
        return reader.say(PAGE["day_late" if time.days_late == 1 else "days_late"], days=time.days_late)
    return reader.say(TIMELINESS[time.timeliness])


def evaluations(naming: Naming, project: Project) -> tuple[EvaluationView, ...]:
    views = [_evaluation(naming, evaluated.fact) for evaluated in project.evaluations]
    if project.beneficiaries:
        occasions = project.occasions_counted.fact if project.occasions_counted else None
        views.append(_beneficiaries(naming.reader, project.beneficiaries.fact, occasions))
    return tuple(views)


def _evaluation(naming: Naming, evaluated: Evaluated) -> EvaluationView:
    reader, evaluation = naming.reader, evaluated.evaluation
    by = reader.say(EVALUATION[evaluation.by])
    if not isinstance(evaluation, BeneficiaryEvaluation):
        scores = tuple(_score(naming, score, evaluated.scale) for score in evaluation.scores)
        return EvaluationView(by, scores, (), evaluation.conclusion)
    survey = reader.say(
        PAGE["survey"],
        invited=reader.number(evaluation.invited),
        answered=reader.number(evaluation.answered),
        satisfied=reader.number(evaluation.satisfied),
        rate=reader.percent(evaluation.answered, evaluation.invited),
        share=reader.percent(evaluation.satisfied, evaluation.answered),
    )
    return EvaluationView(by, (), (survey,), evaluation.conclusion)


def _beneficiaries(
    reader: Reader, evaluated: BeneficiariesEvaluated, occasions: OccasionsCounted | None
) -> EvaluationView:
    """The sample and those who came online, one under the other."""
    surveys = [reader.say(PAGE["survey_nobody"])] if evaluated.no_identifiable else []
    if sample := evaluated.sample:
        drawn = reader.say(
            PAGE["survey_occasions" if occasions else "survey_sample"],
            listed=reader.number(occasions.listed) if occasions else "",
            occasions=reader.number(len(occasions.occasions)) if occasions else "",
            frame=reader.number(evaluated.frame),
            invited=reader.number(sample.invited),
            answered=reader.number(sample.answered),
            rate=reader.percent(sample.answered, sample.invited),
        )
        surveys.append(drawn + _satisfied(reader, sample, evaluated.minimum_group))
    if online := evaluated.online:
        came = reader.say(PAGE["survey_online"], answered=reader.number(online.answered))
        surveys.append(came + _satisfied(reader, online, evaluated.minimum_group))
    return EvaluationView(reader.say(EVALUATION["beneficiaries"]), (), tuple(surveys), evaluated.conclusion)


def _satisfied(reader: Reader, measured: Measured, minimum: int) -> str:
    if measured.satisfied is None:
        return reader.say(PAGE["survey_small"], minimum=minimum)
    return reader.say(
        PAGE["survey_satisfied"],
        satisfied=reader.number(measured.satisfied),
        share=reader.percent(measured.satisfied, measured.answered),
        low=measured.low,
        high=measured.high,
    )


def _score(naming: Naming, score: CriterionScore, scale: int) -> tuple[str, str, str]:
    reader = naming.reader
    criteria = naming.rules.evaluation.criteria if naming.rules else ()
    name = next((reader.say(one.name) for one in criteria if one.code == score.criterion), score.criterion)
    share = f"{score.score * 100 / scale:.1f}"
    return name, reader.say(PAGE["score"], score=score.score, scale=scale), share
