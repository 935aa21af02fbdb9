"""Inviting the drawn people, and what they answer by their codes (N17)."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from ledger.aggregates import FRAME
from ledger.commands.command import Command
from ledger.commands.loading import load_feedback
from ledger.invitation_codes import CodeUnusable, code_digest, make_code, read_code
from ledger.project.evaluation import FeedbackClosed
from ledger.project.invitations import (
    ANSWER_INVITED,
    INVITE,
    Charged,
    ForAnother,
    Helped,
    InvitedAnswered,
    Questionnaire,
    Relation,
    WhyForAnother,
    entries_to_invite,
    invite,
    invited_entry,
)
from ledger.refusals.general import PhaseClosed, ProjectUnknown, StepOutOfOrder
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Digest, Frozen, Label, Line, Text
from ledger.vault import Purpose
from ledger.veils import Veiled

# What is refused where a project takes no answers now, or is not public.
NOT_ASKED = (FeedbackClosed, PhaseClosed, ProjectUnknown, StepOutOfOrder)
# Codes by entry, in the order of the draw.
Codes = dict[str, str]


class Invitations(Command, action=INVITE, step="evaluate"):
    """Make one-time codes with which the drawn people answer by themselves (N17).

    `entries`: whose codes were lost, and are replaced; else everybody drawn who has none yet. `expires_on`: the last
    day on which the codes work, at most 180 days ahead."""

    entries: tuple[Digest, ...] | None = Field(default=None, min_length=1, max_length=10_000)
    expires_on: CivilDate

    def on(self, project_id: UUID, made: Codes) -> Decide:
        """`made`: where the codes are left, which nothing else knows."""

        async def decide(work: UnitOfWork) -> None:
            stream, given = await load_feedback(work, project_id, self.action, self.step)
            frame = await work.load(FRAME, await work.ledger.veils.stream(Veiled.FRAME, project_id))
            made.clear()
            made.update((entry, make_code()) for entry in entries_to_invite(frame, given, self.entries))
            master = work.ledger.vault.master
            codes = {entry: code_digest(master, code) for entry, code in made.items()}
            fact = invite(frame, given, codes, project=project_id, expires_on=self.expires_on, today=work.today)
            work.write(stream, fact)

        return decide


class Helper(Frozen):
    """Who answers for the person invited: a guardian of a minor, or of somebody who cannot fill it in."""

    name: Label
    relation: Relation
    why: WhyForAnother


class Filled(Frozen):
    """`satisfaction` from 1 (not at all) to 5 (very); `helped` and `charged`, whether anybody asked for money, may be
    left out, and so may the `comment`."""

    satisfaction: Annotated[int, Field(ge=1, le=5, strict=True)]
    helped: Helped | None = None
    charged: Charged | None = None
    comment: Text | None = None

    @property
    def sealed(self) -> Questionnaire:
        return Questionnaire(
            satisfaction=self.satisfaction, helped=self.helped, charged=self.charged, comment=self.comment
        )


class InvitedAnswer(Command, action=ANSWER_INVITED, step="evaluate"):
    """The one answer to an invitation, by its code, without an account (N17).

    A code that was used, has expired or was replaced gets the same refusal as one that never was."""

    code: Line
    for_another: Helper | None = None
    answers: Filled

    def on(self, project_id: UUID) -> Decide:
        code = read_code(self.code)

        async def decide(work: UnitOfWork) -> None:
            try:
                stream, given = await load_feedback(work, project_id, self.action, self.step)
            except NOT_ASKED as error:
                raise CodeUnusable() from error
            entry = invited_entry(given, code_digest(work.ledger.vault.master, code), work.today)
            person = work.ledger.vault.pseudonym("drawn", project_id, entry)
            helper = None
            if one := self.for_another:
                said = ForAnother(name=one.name, relation=one.relation, why=one.why)
                helper = await work.seal(said, person, Purpose.RESPONDENT)
            answers = await work.seal(self.answers.sealed, person, Purpose.ANSWERS)
            fact = InvitedAnswered(project=project_id, entry=entry, person=person, for_another=helper, answers=answers)
            work.write(stream, fact)

        return decide
