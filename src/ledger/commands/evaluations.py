"""The three evaluations, showing them, objections and what becomes of them (N16 to N20)."""

from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.access import Command
from ledger.aggregates import FEEDBACK, FRAME
from ledger.commands.entry import Body, Form, check_since, load_project, member_pseudonym, write_form
from ledger.core.fact import Role, Version
from ledger.project import evaluation, objections
from ledger.project.evaluation import BeneficiariesEvaluated, CriterionScore, SelfEvaluation, ThirdPartyEvaluation
from ledger.project.state import Project
from ledger.rules import Rules
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import Frozen, Line, Text
from ledger.veils import Veiled


class BeneficiaryStatement(Frozen):
    """What the office says of the answers; they are counted from what was received. With `no_identifiable` there was
    nobody who could be drawn."""

    by: Literal["beneficiaries"] = "beneficiaries"
    no_identifiable: bool = False
    conclusion: Text


class ThirdPartyStatement(Frozen):
    """What a member says; the member's pseudonym is added."""

    by: Literal["third_party"] = "third_party"
    scores: tuple[CriterionScore, ...] = Field(max_length=50)
    conclusion: Text


class EvaluationBody(Form):
    evaluation: Annotated[SelfEvaluation | BeneficiaryStatement | ThirdPartyStatement, Field(discriminator="by")]


async def evaluate(ledger: Ledger, context: CommandContext, project_id: UUID, body: EvaluationBody) -> Receipt:
    """Each kind by its own actor: the organisation, the office, a member of the committee."""
    said = body.evaluation

    async def decide(work: UnitOfWork) -> None:
        match said:
            case SelfEvaluation():
                project, rules = await load_project(work, project_id, Command.EVALUATE_SELF, "evaluate")
                write_form(work, project_id, evaluation.evaluate(project, said, rules=rules))
            case ThirdPartyStatement():
                project, rules = await load_project(work, project_id, Command.EVALUATE_THIRD_PARTY, "evaluate")
                member = member_pseudonym(ledger, context, project_id)
                stated = ThirdPartyEvaluation(member=member, scores=said.scores, conclusion=said.conclusion)
                work.write(project_id, evaluation.evaluate(project, stated, rules=rules))
            case BeneficiaryStatement():
                project, rules = await load_project(work, project_id, Command.EVALUATE_BENEFICIARIES, "evaluate")
                work.write(project_id, await _counted(work, project, said, rules))

    return await ledger.transact(context, decide)


async def _counted(
    work: UnitOfWork, project: Project, said: BeneficiaryStatement, rules: Rules
) -> BeneficiariesEvaluated:
    frame = await work.load(FRAME, await work.ledger.veils.stream(Veiled.FRAME, project.id))
    given = await work.load(FEEDBACK, await work.ledger.veils.stream(Veiled.FEEDBACK, project.id))
    commitments = [*given.sample.values(), *given.online.values()]
    opened = await work.ledger.vault.open(commitments, Role.OFFICE)

    def satisfactions(of: Iterable[str]) -> list[int | None]:
        return [opened[one]["satisfaction"] if one in opened else None for one in of]

    return evaluation.evaluate_beneficiaries(
        project,
        frame,
        sample=satisfactions(given.sample.values()),
        online=satisfactions(given.online.values()),
        no_identifiable=said.no_identifiable,
        conclusion=said.conclusion,
        rules=rules,
    )


class EvaluationPublication(Body):
    """`evaluations`: the versions that the office means; refused when others stand."""

    notice: Line
    evaluations: tuple[Version, ...] | None = Field(default=None, max_length=10)


async def publish_evaluation(
    ledger: Ledger, context: CommandContext, project_id: UUID, body: EvaluationPublication
) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.PUBLISH_EVALUATION, None)
        fact = evaluation.publish_evaluation(
            project, body.evaluations, notice=body.notice, rules=rules, today=work.today
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


class ObjectionBody(Body):
    """`target`: the version of the evaluation, or of the proposed honour."""

    target: Version
    reason: Text


async def raise_objection(ledger: Ledger, context: CommandContext, project_id: UUID, body: ObjectionBody) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.OBJECT, None)
        events = work.loaded[project_id].events
        fact = objections.raise_objection(
            project, events, body.target, body.reason, who=context.who.id, today=work.today
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


class ResolutionBody(Body):
    objection: Version
    upheld: bool
    reason: Text


async def resolve_objection(ledger: Ledger, context: CommandContext, project_id: UUID, body: ResolutionBody) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.RESOLVE_OBJECTION, None)
        events = work.loaded[project_id].events
        if 1 <= body.objection <= len(events):
            check_since(work, events[body.objection - 1].event.effective_on)
        fact = objections.resolve_objection(
            project, events, body.objection, upheld=body.upheld, reason=body.reason, who=context.who.id
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)
