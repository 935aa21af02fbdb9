"""Answers of beneficiaries, sealed: of those who were drawn, and of those who come online (N17, N18)."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.access import Command
from ledger.aggregates import FEEDBACK, FRAME
from ledger.commands.entry import Body, load_project
from ledger.project import feedback
from ledger.project.evaluation import check_feedback_open
from ledger.project.feedback import Answers, FeedbackMeans, FeedbackReceived, Respondent
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import Digest, Frozen, Line, Text
from ledger.vault import Purpose
from ledger.veils import Veiled


class Person(Frozen):
    """Who answers, by the real name; for a minor also the guardian, who answers."""

    name: Line
    identity: Line
    guardian: Line | None = None

    @property
    def respondent(self) -> Respondent:
        return Respondent(name=self.name, identity=self.identity, guardian=self.guardian)


class Answer(Frozen):
    """`satisfaction` from 1 (not at all) to 5 (very)."""

    satisfaction: Annotated[int, Field(ge=1, le=5, strict=True)]
    comment: Text | None = None


class SampleFeedback(Body):
    """Of the person behind a drawn entry, who may stay unnamed."""

    means: Literal[FeedbackMeans.VISIT, FeedbackMeans.QUESTIONNAIRE]
    entry: Digest
    respondent: Person | None = None
    answers: Answer


class OnlineFeedback(Body):
    """By real name."""

    means: Literal[FeedbackMeans.ONLINE]
    respondent: Person
    answers: Answer


FeedbackBody = Annotated[SampleFeedback | OnlineFeedback, Field(discriminator="means")]


async def give_feedback(ledger: Ledger, context: CommandContext, project_id: UUID, body: FeedbackBody) -> Receipt:
    """One person, one answer for a project and way of asking."""
    veil = await ledger.veils.of(Veiled.FEEDBACK, project_id)
    pseudonym = ledger.vault.pseudonym

    async def decide(work: UnitOfWork) -> None:
        online = isinstance(body, OnlineFeedback)
        command = Command.GIVE_FEEDBACK if online else Command.ENTER_FEEDBACK
        project, _ = await load_project(work, project_id, command, "evaluate")
        check_feedback_open(project)
        stream = work.veiled(veil)
        given = await work.load(FEEDBACK, stream)
        respondent = feedback.identified(body.respondent.respondent, work.today) if body.respondent else None
        entry = None
        if isinstance(body, SampleFeedback):
            entry = body.entry
            drawn_from = await ledger.veils.stream(Veiled.FRAME, project_id)
            feedback.check_drawn(given, (await work.load(FRAME, drawn_from)).sample, entry)
            person = pseudonym("drawn", project_id, entry)
        else:
            assert respondent is not None
            person = pseudonym("beneficiary", project_id, respondent.identity)
            feedback.check_first(given, person)
        answers = Answers(satisfaction=body.answers.satisfaction, comment=body.answers.comment)
        fact = FeedbackReceived(
            project=project_id,
            means=body.means,
            person=person,
            entry=entry,
            respondent=await work.seal(respondent, person, Purpose.RESPONDENT) if respondent else None,
            answers=await work.seal(answers, person, Purpose.ANSWERS),
        )
        work.write(stream, fact)

    # Many answer at once; each must see the one before.
    async with ledger.lock(veil.stream):
        return await ledger.transact(context, decide)
