"""Answers of beneficiaries, sealed: of those who were drawn, and of those who come online (N17, N18)."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.aggregates import FRAME
from ledger.commands.command import Command
from ledger.commands.loading import load_feedback
from ledger.commands.open_answers import Person, write_open
from ledger.project import feedback
from ledger.project.evaluation import ENTER_FEEDBACK, GIVE_FEEDBACK
from ledger.project.feedback import (
    Answers,
    FeedbackMeans,
    FeedbackReceived,
    PresentAnswered,
)
from ledger.project.invitations import Questionnaire
from ledger.project.occasions import AskedOtherwise, check_present
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import Digest, Frozen, Text
from ledger.vault import Purpose
from ledger.veils import Veiled


class Answer(Frozen):
    """`satisfaction` from 1 (not at all) to 5 (very)."""

    satisfaction: Annotated[int, Field(ge=1, le=5, strict=True)]
    comment: Text | None = None

    @property
    def sealed(self) -> Answers:
        return Answers(satisfaction=self.satisfaction, comment=self.comment)


class SampleFeedback(Command, action=ENTER_FEEDBACK, step="evaluate"):
    """Of the person behind a drawn entry, who may stay unnamed: one answer for each entry."""

    means: Literal[FeedbackMeans.VISIT, FeedbackMeans.QUESTIONNAIRE]
    entry: Digest
    respondent: Person | None = None
    answers: Answer

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            stream, given = await load_feedback(work, project_id, self.action, self.step)
            respondent = feedback.identified(self.respondent.respondent, work.today) if self.respondent else None
            frame = await work.load(FRAME, await work.ledger.veils.stream(Veiled.FRAME, project_id))
            if frame.occasions:
                raise AskedOtherwise()
            feedback.check_drawn(given, frame.sample, self.entry)
            person = work.ledger.vault.pseudonym("drawn", project_id, self.entry)
            fact = FeedbackReceived(
                project=project_id,
                means=self.means,
                person=person,
                entry=self.entry,
                respondent=await work.seal(respondent, person, Purpose.RESPONDENT) if respondent else None,
                answers=await work.seal(self.answers.sealed, person, Purpose.ANSWERS),
            )
            work.write(stream, fact)

        return decide


class OnlineFeedback(Command, action=GIVE_FEEDBACK, step="evaluate"):
    """By real name, sent by an account, which verifies nobody: kept as unverified and never counted."""

    means: Literal[FeedbackMeans.ONLINE]
    respondent: Person
    answers: Answer

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            said = feedback.identified(self.respondent.respondent, work.today)
            answers = Questionnaire(
                satisfaction=self.answers.satisfaction, helped=None, charged=None, comment=self.answers.comment
            )
            source = work.ledger.vault.pseudonym("answers-account", project_id, work.context.who.id)
            await write_open(work, project_id, said, answers, source, None, self)

        return decide


class PresentFeedback(Command, action=ENTER_FEEDBACK):
    """Of somebody who was present at a drawn occasion, by the number on the slip given out there, without a name."""

    means: Literal["present"]
    occasion: Digest
    slip: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
    answers: Answer

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            stream, given = await load_feedback(work, project_id, self.action, self.step)
            frame = await work.load(FRAME, await work.ledger.veils.stream(Veiled.FRAME, project_id))
            person = work.ledger.vault.pseudonym("present", project_id, self.occasion, self.slip)
            check_present(frame, given, self.occasion, self.slip, person)
            answers = await work.seal(self.answers.sealed, person, Purpose.ANSWERS)
            work.write(stream, PresentAnswered(project=project_id, entry=self.occasion, person=person, answers=answers))

        return decide


FeedbackBody = Annotated[SampleFeedback | OnlineFeedback | PresentFeedback, Field(discriminator="means")]
