"""Asking the author of a fact to correct it, and the author's answer (N3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from ledger.core.action import AUTHORITY, AUTHORS, Action
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule, never
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Audience, Audit, Limited, Role, Version
from ledger.core.history import corrected
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.rules import Rules
from ledger.terms import working_days_from
from ledger.values import CivilDate, Document, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project


REQUEST_CORRECTION = Action("request_correction", AUTHORITY, Words("申请更正", "request a correction"))
ANSWER_CORRECTION_REQUEST = Action(
    "answer_correction_request", AUTHORS, Words("答复更正申请", "answer a request for a correction"), judging=True
)


class CorrectionAlreadyRequested(Refusal):
    kind = Kind.CONFLICT
    zh = "该记录（版本 {target}）已有待答复的更正申请（版本 {request}）。"
    en = "A correction of version {target} has been requested already, at version {request}, and is not answered."


class CorrectionRequestUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = (
        "所指记录（版本 {request}）不是待答复的更正申请。",
        "There is no open request for a correction at version {request}.",
    )


class AuthorAnswersFirst(Refusal):
    kind = Kind.CONFLICT
    zh = "作出者可在 {until} 前答复，期满后方可由领导小组决定。"
    en = "The author may answer until {until}; the leading group decides only after that day."


class AnswerReasonMissing(Refusal):
    kind = Kind.INVALID
    zh, en = "不予更正或代为更正的，须说明理由。", "Who declines, or decides in place of the author, says why."


_ASKED = Words("应为：{sentence}", "It should read: {sentence}")
_STANDS = never("申请的答复不再更正。", "an answer to a request stands; correct the fact that was asked about.")


class CorrectionRequested(
    ProjectFact,
    audience=Audience.AS_TARGET,
    correction=CorrectionRule(
        restate=Words("请作废后另行申请。", "void it and request another correction."), again=False
    ),
    named=Words("更正申请", "request for a correction"),
    credit=False,
    audit=Audit.EXAMINED,
):
    """N3: a fact should not count, or should read otherwise. Until it is answered the fact is disputed, and counts as
    it stands. `proposed`: the correction that is asked for; `asked_of`: the version whose author answers, that of the
    fact, or of another's decision on it when the fact's own author asks."""

    sentence: ClassVar[Words] = Words(
        "申请更正{target}，由{asked}的作出者答复，答复期限至{until}（含当日）：{reason}",
        "Asked for a correction of {target}, which the author of {asked} answers by {until}: {reason}",
    )

    type: Literal["CorrectionRequested"] = "CorrectionRequested"
    proposed: Annotated[Voided | Restated, Field(discriminator="type")]
    asked_of: Version
    answer_by: CivilDate

    def fold(self, project: Project, recorded: Recorded) -> Project:
        request = CorrectionRequest(recorded.version, self, recorded.event.effective_on)
        return changed(project, correction_requests=(*project.correction_requests, request))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> CorrectionRequested:
        return self

    def ruled_by(self) -> int:
        return self.proposed.target

    def named_versions(self) -> Iterator[int]:
        yield from self.proposed.named_versions()
        yield self.asked_of

    def named_files(self) -> tuple[Document, ...]:
        return self.proposed.named_files()

    def citations(self) -> tuple[Document, ...]:
        return self.proposed.citations()

    def past_days(self) -> Iterator[tuple[str, date]]:
        return self.proposed.past_days()

    @property
    def counts_as(self) -> Limited | None:
        return self.proposed.counts_as

    def told(self, tell: Teller) -> str:
        proposed = self.proposed
        asked = tell.say(
            self.sentence,
            target=tell.cited(proposed.target),
            asked=tell.cited(self.asked_of),
            until=self.answer_by,
            reason=proposed.reason,
        )
        reading = tell.say(_ASKED, sentence=proposed.fact.told(tell)) if isinstance(proposed, Restated) else None
        return tell.joined(asked, reading)


class CorrectionGranted(
    ProjectFact,
    audience=Audience.AS_TARGET,
    correction=_STANDS,
    named=Words("准予更正", "grant of a correction"),
    credit=False,
    audit=Audit.EXAMINED,
):
    """The request at version `request` is answered by the correction that is recorded with this. `in_place_of`: whose
    fact it is, when the leading group decided because the author did not."""

    sentence: ClassVar[Words] = Words("同意{request}。", "Granted {request}.")

    type: Literal["CorrectionGranted"] = "CorrectionGranted"
    request: Version
    in_place_of: Role | None
    reason: Text | None

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return _answered(project, self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> CorrectionGranted:
        return self

    def ruled_by(self) -> int:
        return self.request

    def told(self, tell: Teller) -> str:
        return tell.joined(tell.fill(self.sentence, self), _in_place(tell, self.in_place_of), self.reason)


class CorrectionDeclined(
    ProjectFact,
    audience=Audience.AS_TARGET,
    correction=_STANDS,
    named=Words("不予更正", "refusal of a correction"),
    credit=False,
    audit=Audit.REGULAR,
):
    """The fact stays as it reads. `in_place_of`: as of `CorrectionGranted`."""

    sentence: ClassVar[Words] = Words("不同意{request}：{reason}", "Declined {request}: {reason}")

    type: Literal["CorrectionDeclined"] = "CorrectionDeclined"
    request: Version
    in_place_of: Role | None
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return _answered(project, self.occurrence(recorded))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> CorrectionDeclined:
        return self

    def ruled_by(self) -> int:
        return self.request

    def told(self, tell: Teller) -> str:
        return tell.joined(tell.fill(self.sentence, self), _in_place(tell, self.in_place_of))


_IN_PLACE = Words("由领导小组代为决定。", "Decided by the leading group, as the author did not answer.")


def _in_place(tell: Teller, in_place_of: Role | None) -> str | None:
    return tell.say(_IN_PLACE) if in_place_of else None


Answer: TypeAlias = Occurrence[CorrectionGranted] | Occurrence[CorrectionDeclined]


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    version: int
    fact: CorrectionRequested
    on: date
    answer: Answer | None = None

    @property
    def target(self) -> int:
        return self.fact.proposed.target


@dataclass(frozen=True)
class CorrectionRequestsState(ProjectState):
    correction_requests: tuple[CorrectionRequest, ...] = ()

    @property
    def open_requests(self) -> tuple[CorrectionRequest, ...]:
        """What is disputed: asked for and not answered."""
        return tuple(one for one in self.correction_requests if one.answer is None)


def _answered(project: Project, answer: Answer) -> Project:
    requests = tuple(
        replace(one, answer=answer) if one.version == answer.fact.request else one
        for one in project.correction_requests
    )
    return changed(project, correction_requests=requests)


def disputed(events: Sequence[Recorded]) -> dict[int, int]:
    """The version of the open request, by the version that it is about."""
    if not any(isinstance(found.fact, CorrectionRequested) for found in events):
        return {}
    counting = corrected(events)
    answers = (found.fact for found in counting if isinstance(found.fact, CorrectionGranted | CorrectionDeclined))
    answered = {answer.request for answer in answers}
    return {
        found.fact.proposed.target: found.version
        for found in counting
        if isinstance(found.fact, CorrectionRequested) and found.version not in answered
    }


def check_not_requested(project: Project, target: int) -> None:
    for one in project.open_requests:
        if one.target == target:
            raise CorrectionAlreadyRequested(target=target, request=one.version)


def request_correction(proposed: Voided | Restated, *, asked_of: int, rules: Rules, today: date) -> CorrectionRequested:
    """`proposed`: a correction that is possible today."""
    answer_by = working_days_from(today, rules.deadlines.correction, rules)
    return CorrectionRequested(proposed=proposed, asked_of=asked_of, answer_by=answer_by)


def is_confirmed(events: Sequence[Recorded], correction: Recorded) -> bool:
    """Whether another confirmed what the author of the fact asked for: the correction is then still the author's."""
    answer = events[correction.version - 2].fact
    if not isinstance(answer, CorrectionGranted) or answer.in_place_of is not None:
        return False
    request = events[answer.request - 1].fact
    return (
        isinstance(request, CorrectionRequested)
        and request.proposed == correction.fact
        and request.asked_of != request.proposed.target
    )


def find_request(project: Project, version: int) -> CorrectionRequest:
    found = next((one for one in project.open_requests if one.version == version), None)
    if found is None:
        raise CorrectionRequestUnknown(request=version)
    return found


def grant(request: CorrectionRequest, *, reason: str | None, in_place_of: Role | None) -> CorrectionGranted:
    if in_place_of and reason is None:
        raise AnswerReasonMissing()
    return CorrectionGranted(request=request.version, in_place_of=in_place_of, reason=reason)


def decline(request: CorrectionRequest, *, reason: str | None, in_place_of: Role | None) -> CorrectionDeclined:
    if reason is None:
        raise AnswerReasonMissing()
    return CorrectionDeclined(request=request.version, in_place_of=in_place_of, reason=reason)
