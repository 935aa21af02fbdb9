"""Answers by real name of those who were not drawn (N18)."""

from uuid import UUID, uuid4

from ledger.commands.command import Command
from ledger.commands.invitations import Filled
from ledger.commands.loading import load_feedback
from ledger.identity_codes import Telephone, is_code, verifiable
from ledger.project.feedback import Respondent, identified
from ledger.project.invitations import Questionnaire
from ledger.project.open_answers import (
    ANSWER_OPENLY,
    IdentityCodeWrong,
    OpenAnswered,
    Standing,
    Verified,
    standing_of,
)
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import Frozen, Line
from ledger.vault import Purpose


class Person(Frozen):
    """Who answers, by the real name; for a minor also the guardian, who answers."""

    name: Line
    identity: Line
    guardian: Line | None = None

    @property
    def respondent(self) -> Respondent:
        return Respondent(name=self.name, identity=self.identity, guardian=self.guardian)


class OpenAnswer(Command, action=ANSWER_OPENLY, step="evaluate"):
    """An answer by real name, without an account (N18): counted where `code`, which was sent to the telephone number,
    verifies it.

    Without a code it is kept as unverified and never counted. The reply is the same whether or not that person has
    answered; of several answers of one person, and of one telephone number, the first verified one counts."""

    respondent: Person
    telephone: Telephone
    code: Line | None = None
    answers: Filled

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            master = work.ledger.vault.master
            said = identified(self.respondent.respondent, work.today)
            verified = None
            if self.code is not None:
                if not is_code(master, project_id, verifiable(said.identity), self.telephone, self.code, work.at):
                    raise IdentityCodeWrong()
                verified = Verified.TELEPHONE
            source = master.pseudonym("answers-telephone", project_id, self.telephone)
            await write_open(work, project_id, said, self.answers.sealed, source, verified, self)

        return decide


class ProvidedAnswer(Command, action=ANSWER_OPENLY, step="evaluate"):
    """An answer by real name of somebody whom an identity provider verified."""

    respondent: Person
    answers: Filled

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            said = identified(self.respondent.respondent, work.today)
            source = work.ledger.vault.pseudonym("answers-provider", project_id, said.identity)
            answers = self.answers.sealed
            await write_open(work, project_id, said, answers, source, Verified.PROVIDER, self)

        return decide


async def write_open(
    work: UnitOfWork,
    project_id: UUID,
    respondent: Respondent,
    answers: Questionnaire,
    source: UUID,
    verified: Verified | None,
    command: Command,
) -> None:
    """One event whatever it is worth. `source`: a pseudonym of what it came from; `command`: whose right and phase
    it is."""
    stream, given = await load_feedback(work, project_id, command.action, command.step)
    person = work.ledger.vault.pseudonym("beneficiary", project_id, respondent.identity)
    standing = standing_of(given, person, source, verified)
    # What does not count is sealed by itself: a key of the person's that was destroyed would show in the reply.
    subject = person if standing is Standing.COUNTED else uuid4()
    fact = OpenAnswered(
        project=project_id,
        person=person,
        source=source,
        verified=verified,
        standing=standing,
        respondent=await work.seal(respondent, subject, Purpose.RESPONDENT),
        answers=await work.seal(answers, subject, Purpose.ANSWERS),
    )
    work.write(stream, fact)
