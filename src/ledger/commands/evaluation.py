"""The three evaluations, and showing them (N16 to N19)."""

from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.aggregates import FEEDBACK, FRAME
from ledger.commands.command import Command, FormEntry, ProjectCommand, write_form
from ledger.commands.loading import load_project, member_pseudonym
from ledger.commands.served import Giver, served
from ledger.core.action import Action
from ledger.core.fact import Fact, Version
from ledger.programme import Programme
from ledger.project import coverage, evaluation, finality, occasions
from ledger.project.evaluation import (
    EVALUATE_BENEFICIARIES,
    EVALUATE_SELF,
    EVALUATE_THIRD_PARTY,
    PUBLISH_EVALUATION,
    CriterionScore,
    SelfEvaluation,
    ThirdPartyEvaluation,
)
from ledger.project.finality import RECORD_MISSING_EVALUATION
from ledger.project.open_answers import count_unverified
from ledger.project.state import Project
from ledger.sealed_reads import Why
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Frozen, Line, Text
from ledger.veils import Veiled


class BeneficiaryStatement(Frozen):
    """What the office says of the answers; they are counted from what was received. With `no_identifiable` there was
    nobody who could be drawn, which the office accepts for a `reason` that is published, unless it did before."""

    by: Literal["beneficiaries"] = "beneficiaries"
    no_identifiable: bool = False
    reason: Text | None = None
    conclusion: Text


class ThirdPartyStatement(Frozen):
    """What a member says; the member's pseudonym is added."""

    by: Literal["third_party"] = "third_party"
    scores: tuple[CriterionScore, ...] = Field(max_length=50)
    conclusion: Text


# Each kind by its own actor.
RIGHT_OF: dict[type[Frozen], Action] = {
    SelfEvaluation: EVALUATE_SELF,
    BeneficiaryStatement: EVALUATE_BENEFICIARIES,
    ThirdPartyStatement: EVALUATE_THIRD_PARTY,
}


@served(Giver.EVALUATION, "/v1/projects/{project_id}/evaluations", "evaluate_project", "Evaluate a project")
class EvaluationBody(Command, step="evaluate"):
    """An evaluation by the organisation, by the beneficiaries as counted, or by a third party (N16, N17, N19).

    Each kind by its own actor: the organisation, the office, a member of the committee."""

    late_entry: FormEntry | None = None
    evaluation: Annotated[SelfEvaluation | BeneficiaryStatement | ThirdPartyStatement, Field(discriminator="by")]

    def on(self, project_id: UUID) -> Decide:
        said = self.evaluation

        async def decide(work: UnitOfWork) -> None:
            project, programme = await load_project(work, project_id, RIGHT_OF[type(said)], self.step)
            match said:
                case SelfEvaluation():
                    write_form(work, project_id, evaluation.evaluate(project, said, rules=programme.rules))
                case ThirdPartyStatement():
                    member = member_pseudonym(work, project_id)
                    stated = ThirdPartyEvaluation(member=member, scores=said.scores, conclusion=said.conclusion)
                    work.write(project_id, evaluation.evaluate(project, stated, rules=programme.rules))
                case BeneficiaryStatement():
                    await _count(work, project, said, programme)

        return decide


async def _count(work: UnitOfWork, project: Project, said: BeneficiaryStatement, programme: Programme) -> None:
    frame = await work.load(FRAME, await work.ledger.veils.stream(Veiled.FRAME, project.id))
    given = await work.load(FEEDBACK, await work.ledger.veils.stream(Veiled.FEEDBACK, project.id))
    of_sample = given.present if frame.occasions else given.sample
    commitments = [*of_sample.values(), *given.online.values()]
    opened = await work.open(commitments, Why.COUNTED)

    def satisfactions(of: Iterable[str]) -> list[int | None]:
        return [opened[one]["satisfaction"] if one in opened else None for one in of]

    evaluated = evaluation.evaluate_beneficiaries(
        project,
        frame,
        sample=satisfactions(of_sample.values()),
        online=satisfactions(given.online.values()),
        no_identifiable=said.no_identifiable,
        conclusion=said.conclusion,
        rules=programme.rules,
    )
    if frame.occasions:
        # They were listed long before, and many may have come to others since.
        coverage.check_coverage(project, frame.size, rules=programme.rules)
        work.write(project.id, occasions.count_occasions(frame, given.present))
    if unverified := count_unverified(given):
        work.write(project.id, unverified)
    if said.no_identifiable and (accepted := coverage.accept_nobody(project, said.reason, rules=programme.rules)):
        work.write(project.id, accepted)
    work.write(project.id, evaluated)


@served(
    Giver.EVALUATION, "missing-self-evaluation", "record_missing_self_evaluation", "Record that no self-evaluation came"
)
class MissingSelfEvaluation(ProjectCommand, action=RECORD_MISSING_EVALUATION):
    """Record, some days after a reminder, that no self-evaluation came 未提交, which bars honours (N16).

    By the authority that contracted. `reminded_on`: when the organisation was last asked for it."""

    reminded_on: CivilDate
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return finality.record_missing(
            project, reminded_on=self.reminded_on, reason=self.reason, rules=programme.rules, today=work.today
        )


@served(Giver.EVALUATION, "evaluation-publication", "publish_evaluations", "Publish evaluations for objection")
class EvaluationPublication(ProjectCommand, action=PUBLISH_EVALUATION):
    """Show the evaluations for objection 公示 (N19).

    `evaluations`: the versions that the office means; refused when others stand."""

    notice: Line
    evaluations: tuple[Version, ...] | None = Field(default=None, max_length=10)

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return evaluation.publish_evaluation(
            project, self.evaluations, notice=self.notice, rules=programme.rules, today=work.today
        )
