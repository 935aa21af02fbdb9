"""Answers of beneficiaries, sealed: of those who were drawn, and of those who come online (N17, N18)."""

from abc import abstractmethod
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ledger.aggregates import FEEDBACK, FRAME
from ledger.commands.command import Command
from ledger.commands.loading import load_project
from ledger.core.action import Action
from ledger.project import feedback
from ledger.project.evaluation import ENTER_FEEDBACK, GIVE_FEEDBACK, check_feedback_open
from ledger.project.feedback import (
    Answers,
    Feedback,
    FeedbackMeans,
    FeedbackReceived,
    PresentAnswered,
    Respondent,
)
from ledger.project.occasions import AskedOtherwise, check_present
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
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

    @property
    def sealed(self) -> Answers:
        return Answers(satisfaction=self.satisfaction, comment=self.comment)


class _Feedback(Command):
    """One person, one answer for a project and way of asking."""

    action: ClassVar[Action]
    means: FeedbackMeans
    answers: Answer

    @property
    @abstractmethod
    def named(self) -> Person | None:
        """Who answers, where that is said."""

    @abstractmethod
    async def person(
        self, work: UnitOfWork, project_id: UUID, given: Feedback, respondent: Respondent | None
    ) -> tuple[UUID, str | None]:
        """The pseudonym of who answers, and the drawn entry if there is one. Refuses who may not answer (again)."""

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            veil = await work.ledger.veils.of(Veiled.FEEDBACK, project_id)
            # Many answer at once; each must see the one before.
            await work.lock_stream(veil.stream)
            project, _ = await load_project(work, project_id, self.action, "evaluate")
            check_feedback_open(project)
            stream = work.veiled(veil)
            given = await work.load(FEEDBACK, stream)
            respondent = feedback.identified(self.named.respondent, work.today) if self.named else None
            person, entry = await self.person(work, project_id, given, respondent)
            fact = FeedbackReceived(
                project=project_id,
                means=self.means,
                person=person,
                entry=entry,
                respondent=await work.seal(respondent, person, Purpose.RESPONDENT) if respondent else None,
                answers=await work.seal(self.answers.sealed, person, Purpose.ANSWERS),
            )
            work.write(stream, fact)

        return decide


class SampleFeedback(_Feedback):
    """Of the person behind a drawn entry, who may stay unnamed."""

    action = ENTER_FEEDBACK
    means: Literal[FeedbackMeans.VISIT, FeedbackMeans.QUESTIONNAIRE]
    entry: Digest
    respondent: Person | None = None

    @property
    def named(self) -> Person | None:
        return self.respondent

    async def person(
        self, work: UnitOfWork, project_id: UUID, given: Feedback, respondent: Respondent | None
    ) -> tuple[UUID, str | None]:
        drawn_from = await work.ledger.veils.stream(Veiled.FRAME, project_id)
        frame = await work.load(FRAME, drawn_from)
        if frame.occasions:
            raise AskedOtherwise()
        feedback.check_drawn(given, frame.sample, self.entry)
        return work.ledger.vault.pseudonym("drawn", project_id, self.entry), self.entry


class OnlineFeedback(_Feedback):
    """By real name."""

    action = GIVE_FEEDBACK
    means: Literal[FeedbackMeans.ONLINE]
    respondent: Person

    @property
    def named(self) -> Person:
        return self.respondent

    async def person(
        self, work: UnitOfWork, project_id: UUID, given: Feedback, respondent: Respondent | None
    ) -> tuple[UUID, str | None]:
        assert respondent is not None
        person = work.ledger.vault.pseudonym("beneficiary", project_id, respondent.identity)
        feedback.check_first(given, person)
        return person, None


class PresentFeedback(Command):
    """Of somebody who was present at a drawn occasion, by the number on the slip given out there, without a name."""

    means: Literal["present"]
    occasion: Digest
    slip: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
    answers: Answer

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            veil = await work.ledger.veils.of(Veiled.FEEDBACK, project_id)
            await work.lock_stream(veil.stream)
            project, _ = await load_project(work, project_id, ENTER_FEEDBACK, None)
            check_feedback_open(project)
            frame = await work.load(FRAME, await work.ledger.veils.stream(Veiled.FRAME, project_id))
            stream = work.veiled(veil)
            person = work.ledger.vault.pseudonym("present", project_id, self.occasion, self.slip)
            check_present(frame, await work.load(FEEDBACK, stream), self.occasion, self.slip, person)
            answers = await work.seal(self.answers.sealed, person, Purpose.ANSWERS)
            work.write(stream, PresentAnswered(project=project_id, entry=self.occasion, person=person, answers=answers))

        return decide


FeedbackBody = Annotated[SampleFeedback | OnlineFeedback | PresentFeedback, Field(discriminator="means")]
