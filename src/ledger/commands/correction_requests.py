"""Requests for corrections of others' facts, and their answers (N3)."""

from uuid import UUID

from ledger import corrections
from ledger.authors import check_author
from ledger.commands.command import Command
from ledger.commands.corrections import Correcting, CorrectionBody, proposed, write_correction
from ledger.commands.served import Giver, served
from ledger.core.fact import Role, Version
from ledger.project import correction_requests
from ledger.project.correction_requests import (
    ANSWER_CORRECTION_REQUEST,
    REQUEST_CORRECTION,
    AuthorAnswersFirst,
    CorrectionRequest,
    CorrectionRequestUnknown,
)
from ledger.refusals.general import CorrectionNotPossible, NotTheAuthor
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import Text


def request_correction(project_id: UUID, body: CorrectionBody) -> Decide:
    """The office, and a district for its own, ask for the correction of what another entered; what is possible only,
    and once at a time. Raises CorrectionNotPossible for what the asker corrects itself."""

    async def decide(work: UnitOfWork) -> None:
        found = await Correcting.load(work, project_id, REQUEST_CORRECTION)
        found.check_reads(work, body.target)
        fact = proposed(work, project_id, body)
        target = corrections.target_of(work.loaded[project_id].events, body.target)
        if await _is_author(work, found, body.target):
            raise CorrectionNotPossible(
                type=target.fact.type, why_zh="请自行更正。", why_en="it is yours to correct; do so."
            )
        correction_requests.check_not_requested(found.project, fact.target)
        await found.ask(work, fact, asked_of=fact.target)

    return decide


@served(
    Giver.SUPERVISION,
    "/v1/projects/{project_id}/correction-answers",
    "answer_correction_request",
    "Answer a request for a correction",
)
class CorrectionAnswer(Command, action=ANSWER_CORRECTION_REQUEST):
    """The author grants or declines a request for a correction; after its term, the leading group in its place (N3).

    `request`: the version of the request. `reason`: needed to decline, and for the leading group in place of the
    author. The author is that of the fact that the request is about, or who decided on it. A granted request is carried
    out at once, or, where another has decided on the fact since, once that one confirms."""

    request: Version
    granted: bool
    reason: Text | None = None

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            found = await Correcting.load(work, project_id, self.action)
            asked = correction_requests.find_request(found.project, self.request)
            if not found.reads(work, asked.target):
                raise CorrectionRequestUnknown(request=self.request)
            in_place_of = await _in_place_of(work, found, asked)
            if not self.granted:
                declined = correction_requests.decline(asked, reason=self.reason, in_place_of=in_place_of)
                work.write(project_id, declined)
                return
            # What was possible when it was asked for need not be so any more.
            fact = corrections.proposed_again(work.loaded[project_id].events, asked.fact.proposed)
            work.write(project_id, correction_requests.grant(asked, reason=self.reason, in_place_of=in_place_of))
            if in_place_of or asked.fact.asked_of != asked.target:
                await write_correction(work, found.project, fact)
            else:
                await found.write_or_ask(work, fact)

        return decide


async def _is_author(work: UnitOfWork, found: Correcting, target: int) -> bool:
    try:
        await found.check_is_author(work, target)
    except NotTheAuthor:
        return False
    return True


async def _in_place_of(work: UnitOfWork, found: Correcting, asked: CorrectionRequest) -> Role | None:
    """Whose place the asker takes by an answer, None for the author. Raises NotTheAuthor, AuthorAnswersFirst."""
    author, can_act = await found.author(work, asked.fact.asked_of)
    try:
        check_author([author], found.reader)
        if asked.fact.asked_of == asked.target:
            # Not past a correction that the leading group made in the author's place.
            await found.check_is_author(work, asked.target)
    except NotTheAuthor:
        if found.reader.role is not Role.LEADING_GROUP:
            raise
        if can_act and work.today <= asked.fact.answer_by:
            raise AuthorAnswersFirst(until=asked.fact.answer_by.isoformat()) from None
        return author.role
    return None
