"""Applying, amending, withdrawing (N6, N7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import PARTY, Action
from ledger.core.changed import changed
from ledger.core.correctable import FOUNDS_A_PROJECT, FREE, CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Count, Limited, PastDate, Sealed, SealedFor, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.organisation.state import Organisation
from ledger.programme import Programme, check_phase
from ledger.project.districts_served import DistrictsServed, check_districts_served
from ledger.project.due import last_day
from ledger.project.fact import ProjectFact, ProjectState
from ledger.project.funding import check_funding, requested_in
from ledger.project.status import UNDECIDED, Status
from ledger.refusals.general import ChoiceUnknown, OrganisationUnknown, PhaseClosed, StepOutOfOrder
from ledger.rules import Rules
from ledger.values import (
    BankAccount,
    Code,
    Contact,
    Digest,
    Document,
    Frozen,
    FundingLine,
    Label,
    Period,
    Text,
)

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

APPLY = Action("apply", PARTY, Words("申报", "apply"), citing=True)
AMEND = Action("amend", PARTY, Words("修改申报表", "amend an application"), citing=True)
WITHDRAW = Action("withdraw", PARTY, Words("撤回", "withdraw a project"), citing=True)


class AmendmentNeedsReturn(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh = "申报表已上报或已评审，退回后方可修改。"
    en = "The application was handed in or reviewed; it is amended only after it was returned."


class AmendmentLate(Refusal):
    kind = Kind.CONFLICT
    zh = "今日 {today} 已过补正期限 {amend_by}。"
    en = "The deadline for the amendment was {amend_by}; today is {today}."


class SupportReasonMissing(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "预算请求政府资金 {amount}，须提出资金扶持并简述理由。",
        "The budget asks for {amount}; ask for support by funds and give the reason.",
    )


class SupportKind(StrEnum):
    FUNDS = "funds"
    RESOURCES = "resources"
    VENUE = "venue"
    CONTACT = "contact"
    OTHER = "other"


class SupportRequest(Frozen):
    kind: SupportKind
    reason: Text


class Beneficiaries(Frozen):
    count: Count
    group: Label


class ApplicationForm(Frozen):
    """申报表 (N6, N7): what an organisation proposes. `place` in words, `districts_served` by the programme's codes, or
    WHOLE_CITY alone. `supervising_unit`: as the organisation states it; what the register knows is its own fact."""

    title: Label
    category: Code
    content: Text
    plan: Text | None
    budget: tuple[FundingLine, ...] = Field(max_length=4)
    beneficiaries: Beneficiaries
    schedule: Period
    place: Label | None
    districts_served: DistrictsServed | None
    legal_representative: Label | None
    supervising_unit: Label | None
    fit: Text | None
    support: tuple[SupportRequest, ...] = Field(max_length=20)


class DraftFact(ProjectFact, abstract=True):
    """A draft of the application: the first, or one in its place."""


class Applied(
    DraftFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(
        void=FOUNDS_A_PROJECT,
        fixed=("programme", "rules_sha256", "organisation", "district", "contact", "account", "organisation_name"),
    ),
    daily=Limited.APPLICATIONS,
    named=Words("申报", "application"),
    audit=Audit.OWN_ACT,
    ocds="tender",
):
    """N6, N7: an organisation applies with a project."""

    sentence: ClassVar[Words] = Words(
        "申报项目《{title}》，预计受益 {count} 人。", "Applied with the project {title}, for {count} people."
    )

    type: Literal["Applied"] = "Applied"
    programme: Code
    rules_sha256: Digest
    organisation: UUID
    organisation_name: Label
    district: Code | None
    form: ApplicationForm
    contact: Annotated[Sealed[Contact] | None, SealedFor.of("contact")]
    account: Annotated[Sealed[BankAccount] | None, SealedFor.of("account")]

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(
            project,
            applied=self,
            form=self.form,
            form_version=recorded.version,
            contact=self.contact,
            account=self.account,
        )

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Applied:
        check_phase(ground.programme, "apply", ground.judged_on(recorded))
        check_form(self.form, ground.rules)
        check_district(self.district, ground.rules)
        return self

    def project_in(self, stream: UUID) -> UUID:
        return stream

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, title=self.form.title, count=tell.number(self.form.beneficiaries.count))


class Amended(
    DraftFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("contact", "account", "organisation", "district")),
    daily=Limited.APPLICATIONS,
    named=Words("修改申报表", "amendment"),
    audit=Audit.OWN_ACT,
    ocds="tenderUpdate",
):
    """N6: the application is replaced by a new version. Contact and account, if they are given, replace the earlier
    ones; the organisation and the district that it names open them."""

    sentence: ClassVar[Words] = Words("修改申报表：{reason}", "Amended the application: {reason}")

    type: Literal["Amended"] = "Amended"
    form: ApplicationForm
    contact: Annotated[Sealed[Contact] | None, SealedFor.of("contact")]
    account: Annotated[Sealed[BankAccount] | None, SealedFor.of("account")]
    organisation: UUID | None
    district: Code | None
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(
            project,
            form=self.form,
            form_version=recorded.version,
            contact=self.contact or project.contact,
            account=self.account or project.account,
        )

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Amended:
        judged_on = ground.judged_on(recorded)
        return amend(
            project,
            self.form,
            self.reason,
            particulars=self.particulars,
            programme=ground.programme,
            today=judged_on,
        )

    @property
    def particulars(self) -> Particulars:
        return Particulars(self.contact, self.account)


class Withdrawn(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=FREE,
    named=Words("撤回", "withdrawal"),
    audit=Audit.OWN_ACT,
    ocds="tenderCancellation",
):
    """The organisation steps back before the contract is signed."""

    sentence: ClassVar[Words] = Words("撤回项目：{reason}", "Withdrew the project: {reason}")

    type: Literal["Withdrawn"] = "Withdrawn"
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, withdrawn=self)

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Withdrawn:
        return withdraw(project, self.reason)


class PaperReceived(
    ProjectFact,
    audience=Audience.NEVER,
    correction=CorrectionRule(fixed=("version",)),
    named=Words("纸质件收存", "paper form"),
    audit=Audit.EXAMINED,
    accompanies=True,
):
    """N6: the fact at `version` came on paper on that day and was entered by an official; the scan is never public."""

    sentence: ClassVar[Words] = Words(
        "{version}由纸质材料录入，收件日期{received_on}：{reason}",
        "Entered {version} from paper, received on {received_on}: {reason}",
    )

    type: Literal["PaperReceived"] = "PaperReceived"
    version: Version
    received_on: PastDate
    scan: Document
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, papers=(*project.papers, self))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> PaperReceived:
        return self

    def named_files(self) -> tuple[Document, ...]:
        return (self.scan,)


@dataclass(frozen=True)
class ApplicationState(ProjectState):
    applied: Applied | None = None
    form: ApplicationForm | None = None
    form_version: int | None = None
    contact: Sealed[Contact] | None = None
    account: Sealed[BankAccount] | None = None
    papers: tuple[PaperReceived, ...] = ()


@dataclass(frozen=True)
class WithdrawalState(ProjectState):
    withdrawn: Withdrawn | None = None


@dataclass(frozen=True)
class Particulars:
    """What of the form stands sealed: whom to ask, with the telephone number, and where the organisation is paid."""

    contact: Sealed[Contact] | None = None
    account: Sealed[BankAccount] | None = None


NOTHING_SEALED = Particulars()


def apply(
    organisation: Organisation,
    form: ApplicationForm,
    *,
    particulars: Particulars = NOTHING_SEALED,
    programme: Programme,
) -> Applied:
    """N6: one of the several projects an organisation may bring. One that is registered with a district that was
    abolished applies in the district that succeeded it."""
    if not organisation.exists:
        raise OrganisationUnknown(organisation=organisation.id)
    check_form(form, programme.rules)
    check_district(organisation.district, programme.rules)
    assert programme.announced is not None
    return Applied(
        programme=programme.code,
        rules_sha256=programme.announced.rules_sha256,
        organisation=organisation.id,
        organisation_name=organisation.name,
        district=programme.successor_of(organisation.district) if organisation.district else None,
        form=form,
        contact=particulars.contact,
        account=particulars.account,
    )


def amend(
    project: Project,
    form: ApplicationForm,
    reason: str,
    *,
    particulars: Particulars = NOTHING_SEALED,
    programme: Programme,
    today: date,
) -> Amended:
    """The form is replaced; what was reviewed before stays tied to the version it saw. While the phase is open, or
    until the deadline of one that was returned; where districts screen, what others have begun to examine is
    amended only after a return."""
    if project.status is Status.RETURNED:
        _check_deadline(project, programme, today)
    else:
        check_phase(programme, "amend", today)
        if project.status not in UNDECIDED:
            raise StepOutOfOrder(status=project.status, command=AMEND)
        if programme.rules.screening and (project.handed_in or project.current_reviews):
            raise AmendmentNeedsReturn()
    check_form(form, programme.rules)
    return Amended(
        form=form,
        contact=particulars.contact,
        account=particulars.account,
        organisation=project.holder.organisation if project.holder else None,
        district=project.holder.district if project.holder else None,
        reason=reason,
    )


def _check_deadline(project: Project, programme: Programme, today: date) -> None:
    if project.amend_by and today <= last_day(project.amend_by, programme.rules):
        return
    try:
        check_phase(programme, "amend", today)
    except PhaseClosed:
        if project.amend_by is None:
            raise
        raise AmendmentLate(amend_by=project.amend_by.isoformat(), today=today.isoformat()) from None


def withdraw(project: Project, reason: str) -> Withdrawn:
    """Until the contract is signed."""
    if project.status not in (*UNDECIDED, Status.RETURNED, Status.APPROVED):
        raise StepOutOfOrder(status=project.status, command=WITHDRAW)
    return Withdrawn(reason=reason)


def check_form(form: ApplicationForm, rules: Rules) -> None:
    if rules.category(form.category) is None:
        choices = ", ".join(category.code for category in rules.categories)
        raise ChoiceUnknown(field="category", value=form.category, choices=choices)
    check_districts_served(form.districts_served, rules)
    check_funding(form.budget, rules)
    requested = requested_amount(form)
    if requested and not any(request.kind is SupportKind.FUNDS for request in form.support):
        raise SupportReasonMissing(amount=format(requested, "f"))


def check_district(code: str | None, rules: Rules) -> None:
    if code is not None and rules.district(code) is None:
        raise ChoiceUnknown(field="district", value=code, choices=", ".join(d.code for d in rules.districts))


def requested_amount(form: ApplicationForm) -> Decimal:
    """What the form asks the government for."""
    return requested_in(form.budget)
