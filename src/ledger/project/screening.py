"""Screening by the district, hand-in, and return by the office: what comes before the committee (N9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from ledger.core.action import OFFICE, Action, Scope
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Role, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.identifiers import Identifier
from ledger.project.application import ApplicationState
from ledger.project.fact import Occurrence, ProjectFact
from ledger.project.status import UNDECIDED, Status
from ledger.refusals.general import ExtensionNotLater, StepOutOfOrder, VersionNotSeen
from ledger.rules import Rules
from ledger.values import CivilDate, Label, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

SCREEN = Action("screen", {Role.DISTRICT: Scope.DISTRICT}, Words("初审", "screen an application"), judging=True)
HAND_IN = Action("hand_in", {Role.DISTRICT: Scope.DISTRICT}, Words("上报", "hand in projects"), judging=True)
RETURN = Action("return", OFFICE, Words("退回修改", "return an application"))


class ScreeningNotAsked(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "此项目不经区县初审和上报。", "This project is neither screened nor handed in by a district."


class NotHandedIn(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh = "区县组织的项目须先经初审通过并集中上报。"
    en = "A district's project is first screened and handed in."


class AmendmentStillDue(Refusal):
    kind = Kind.CONFLICT
    zh = "申报表已退回，补正期限 {amend_by} 未过。"
    en = "The application was returned and may be amended until {amend_by}."


class DeadlineWithoutReturn(Refusal):
    kind = Kind.INVALID
    zh, en = "只有退回时才定补正期限。", "Only a return sets a deadline for the amendment."


class DeadlinePassed(Refusal):
    kind = Kind.INVALID
    zh, en = "期限 {day} 早于今日 {today}。", "The deadline {day} is before today, {today}."


class ScreeningResult(StrEnum):
    PASSED = "passed"
    RETURNED = "returned"
    REFUSED = "refused"


class Screened(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("application_version", "registration")),
    named=Words("初审", "screening"),
    ocds="tenderUpdate",
    audit=Audit.EXAMINED,
    consents=True,
):
    """N9: the district's first examination of its organisations' applications. `amend_by`: only when returned.
    `registration`: the organisation's certificate of registration as the register had it that day."""

    sentence: ClassVar[Words] = Words(
        "初审{application_version}：{result}。{reason}",
        "Screened {application_version}: {result}. {reason}",
    )

    type: Literal["Screened"] = "Screened"
    application_version: Version
    result: ScreeningResult
    reason: Text
    amend_by: CivilDate | None
    registration: Identifier | None

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, screenings=(*project.screenings, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Screened:
        return screen(
            project,
            application_version=self.application_version,
            result=self.result,
            reason=self.reason,
            amend_by=self.amend_by,
            registration=self.registration,
            rules=ground.rules,
            today=ground.day(recorded),
        )


class HandedIn(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("application_version",)),
    named=Words("上报", "hand-in"),
    ocds="tenderUpdate",
    audit=Audit.REGULAR,
):
    """N9: the district hands its screened projects in together; `notice` names the list."""

    sentence: ClassVar[Words] = Words("汇总上报：{notice}", "Handed in: {notice}")

    type: Literal["HandedIn"] = "HandedIn"
    application_version: Version
    notice: Label

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, hand_ins=(*project.hand_ins, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> HandedIn:
        return hand_in(project, self.notice, rules=ground.rules)


class Returned(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("application_version",)),
    named=Words("退回修改", "return for amendment"),
    ocds="tenderUpdate",
    audit=Audit.EXAMINED,
):
    """The office gives an application back for amendment while it is under review; it has a deadline of its own."""

    sentence: ClassVar[Words] = Words(
        "退回修改，{amend_by} 前重报：{reason}", "Returned for amendment until {amend_by}: {reason}"
    )

    type: Literal["Returned"] = "Returned"
    application_version: Version
    reason: Text
    amend_by: CivilDate

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, returns=(*project.returns, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Returned:
        return give_back(
            project,
            application_version=self.application_version,
            reason=self.reason,
            amend_by=self.amend_by,
            rules=ground.rules,
            today=ground.day(recorded),
        )


V = TypeVar("V", Screened, HandedIn, Returned)


@dataclass(frozen=True)
class ScreeningState(ApplicationState):
    screenings: tuple[Occurrence[Screened], ...] = ()
    hand_ins: tuple[Occurrence[HandedIn], ...] = ()
    returns: tuple[Occurrence[Returned], ...] = ()

    @property
    def screening(self) -> Occurrence[Screened] | None:
        return self._said_of_form(self.screenings)

    @property
    def handed_in(self) -> Occurrence[HandedIn] | None:
        return self._said_of_form(self.hand_ins)

    @property
    def returned(self) -> Occurrence[Returned] | None:
        return self._said_of_form(self.returns)

    def _said_of_form(self, found: tuple[Occurrence[V], ...]) -> Occurrence[V] | None:
        """The newest that was said of the application as it reads now. By the version it names, not by its place:
        what an official enters late may come to stand before what it followed."""
        return next((one for one in reversed(found) if one.fact.application_version == self.form_version), None)

    @property
    def is_returned(self) -> bool:
        return self.returned is not None or (self.screening is not None and self.screening.fact.result == "returned")

    @property
    def amend_by(self) -> date | None:
        """The deadline of an application that was given back."""
        if self.returned:
            return self.returned.fact.amend_by
        return self.screening.fact.amend_by if self.screening else None


def is_screened(project: Project, rules: Rules) -> bool:
    """Whether the project goes through a district: where the programme asks for it, and if it is a district's."""
    return rules.screening and project.holder is not None and project.holder.district is not None


def screen(
    project: Project,
    application_version: int,
    *,
    result: ScreeningResult,
    reason: str,
    amend_by: date | None,
    registration: Identifier | None = None,
    rules: Rules,
    today: date,
) -> Screened:
    """N9: passed, returned for amendment, or refused. A returned one that nobody amended in time is screened again,
    so that it does not wait for ever."""
    if not is_screened(project, rules):
        raise ScreeningNotAsked()
    if project.status is Status.RETURNED and project.returned is None:
        if project.amend_by and today <= project.amend_by:
            raise AmendmentStillDue(amend_by=project.amend_by.isoformat())
    elif project.status not in UNDECIDED or project.screening or project.handed_in:
        raise StepOutOfOrder(status=project.status, command=SCREEN)
    check_version(project, application_version)
    if result is ScreeningResult.RETURNED:
        amend_by = deadline(amend_by, rules, today)
    elif amend_by:
        raise DeadlineWithoutReturn()
    return Screened(
        application_version=application_version,
        result=result,
        reason=reason,
        amend_by=amend_by,
        registration=registration,
    )


def hand_in(project: Project, notice: str, *, rules: Rules) -> HandedIn:
    """N9: what passed its screening, together with the others of the district."""
    if not is_screened(project, rules):
        raise ScreeningNotAsked()
    # Not by the status alone: a hand-in that was void may have reviews behind it.
    if project.status not in UNDECIDED or project.screening is None or project.handed_in:
        raise StepOutOfOrder(status=project.status, command=HAND_IN)
    return HandedIn(application_version=project.screening.fact.application_version, notice=notice)


def give_back(
    project: Project, application_version: int, *, reason: str, amend_by: date | None, rules: Rules, today: date
) -> Returned:
    """While it is under review; once more to give it more time."""
    if project.status is Status.RETURNED and project.returned:
        before = project.returned.fact.amend_by
        amend_by = deadline(amend_by, rules, today)
        if amend_by <= before:
            raise ExtensionNotLater(end=before.isoformat())
    else:
        check_open(project, rules, "return")
        amend_by = deadline(amend_by, rules, today)
    check_version(project, application_version)
    return Returned(application_version=application_version, reason=reason, amend_by=amend_by)


def check_open(project: Project, rules: Rules, command: str) -> None:
    """Raises StepOutOfOrder, NotHandedIn unless the project is before the committee and the leading group."""
    if project.status not in UNDECIDED:
        raise StepOutOfOrder(status=project.status, command=command)
    if is_screened(project, rules) and project.handed_in is None:
        raise NotHandedIn()


def check_version(project: Project, seen: int) -> None:
    if seen != project.form_version:
        raise VersionNotSeen(current=project.form_version, seen=seen)


def deadline(given: date | None, rules: Rules, today: date) -> date:
    """The day that was given, or that of the programme."""
    if given is None:
        return today + timedelta(days=rules.deadlines.amendment)
    if given < today:
        raise DeadlinePassed(day=given.isoformat(), today=today.isoformat())
    return given
