"""The life of an organisation: registered, kept up to date, graded, listed (N6, N22)."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger import access
from ledger.aggregates import ORGANISATION
from ledger.commands.command import Command, Founding, OrganisationCommand
from ledger.commands.loading import check_founded, check_not_before, find_organisation
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact, PastDate, Version
from ledger.core.history import corrected, pending
from ledger.identifiers import GivenIdentifier, organisation_stream
from ledger.one_spelling import VisibleName
from ledger.organisation import ending, oversight, particulars, registration, standing
from ledger.organisation.ending import RegistrationEnd
from ledger.organisation.oversight import (
    LIFT_PENALTY,
    RECORD_ANNUAL_REPORT,
    RECORD_PENALTY,
    InspectionResult,
    PenaltyEnding,
    PenaltyKind,
    ReportYear,
)
from ledger.organisation.registration import KEEP_ORGANISATION, REGISTER, OrganisationKind
from ledger.organisation.standing import GRADE, LIST
from ledger.organisation.state import Organisation, check_active
from ledger.refusals.general import OrganisationUnknown
from ledger.rules import CreditList
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Code, Contact, Line, Text
from ledger.vault import Purpose


@served(Giver.REGISTER, "/v1/organisations", "register_organisation", "Register an organisation")
class Registration(Founding, action=REGISTER):
    """An organisation enters the register (N6, N22).

    The first identifier is the one the organisation is known by; each further one is claimed, and so is the
    organisation code within a unified code: nobody else registers or adds it. Widths, traditional characters, spaces
    and a final full stop make no other identifier."""

    identifiers: tuple[GivenIdentifier, ...] = Field(min_length=1, max_length=10)
    name: VisibleName
    kind: OrganisationKind
    district: Code | None = None
    contract_body: Line | None = None
    contact: Contact | None = None

    async def decide(self, work: UnitOfWork) -> None:
        access.check(work.context.who, self.action, organisation=None, district=self.district)
        stream = organisation_stream(self.identifiers[0])
        state = await work.load(ORGANISATION, stream)
        contact = None
        if self.contact:
            subject = work.ledger.vault.pseudonym("contact", stream, self.contact.name)
            contact = await work.seal(self.contact, subject, Purpose.CONTACT)
        fact = registration.register(
            state,
            identifiers=self.identifiers,
            name=self.name,
            kind=self.kind,
            district=self.district,
            contract_body=self.contract_body,
            contact=contact,
        )
        work.write(stream, fact)
        for identifier in registration.claims(self.identifiers):
            there = await work.load(ORGANISATION, organisation_stream(identifier))
            work.write(there.id, registration.claim(there, identifier, stream))


@served(Giver.REGISTER, "renaming", "rename_organisation", "Rename an organisation")
class Renaming(OrganisationCommand, action=KEEP_ORGANISATION):
    """Another name from now on, or from the day that an official states, up to two years ahead; projects keep the name
    that they were applied for with (N22)."""

    name: VisibleName
    document_number: Line

    async def decide(self, work: UnitOfWork, organisation: Organisation) -> Fact:
        return particulars.rename(organisation, self.name, self.document_number)


@served(Giver.REGISTER, "/v1/organisations/{organisation_id}/identifiers", "add_identifier", "Add an identifier")
class FurtherIdentifier(Command, action=KEEP_ORGANISATION):
    """A further identifier, and which one it takes the place of; nobody else can have it (N22).

    `replaces`: the identifier in force whose place it takes, if it takes one's."""

    identifier: GivenIdentifier
    replaces: GivenIdentifier | None = None

    def on(self, organisation_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            state = await find_organisation(work, organisation_id, self.action)
            added, claims = registration.add_identifier(state, self.identifier, self.replaces)
            work.write(organisation_id, added)
            for identifier in claims:
                there = await work.load(ORGANISATION, organisation_stream(identifier))
                work.write(there.id, registration.claim(there, identifier, organisation_id))

        return decide


@served(Giver.REGISTER, "supervisor", "set_supervisor", "Set the supervisor")
class Supervisor(OrganisationCommand, action=KEEP_ORGANISATION):
    """The supervising authority 业务主管单位, from now on or from the day that an official states."""

    authority: Line

    async def decide(self, work: UnitOfWork, organisation: Organisation) -> Fact:
        return particulars.name_supervisor(organisation, self.authority)


@served(Giver.REGISTER, "relocation", "relocate_organisation", "Relocate an organisation")
class Relocation(OrganisationCommand, action=KEEP_ORGANISATION):
    """Registered with another district, or with the city, from now on or from the day that an official states; projects
    keep the district that they had.

    `district`: null for the city."""

    district: Code | None
    reason: Text

    async def decide(self, work: UnitOfWork, organisation: Organisation) -> Fact:
        return particulars.relocate(organisation, self.district, self.reason)


def _check_end(work: UnitOfWork, organisation: Organisation, fact: Fact) -> None:
    day = work.context.effective_on or work.today
    ending.check_end(corrected(pending(work.loaded[organisation.id].events, fact, day)), work.today)


@served(Giver.REGISTER, "merger", "merge_organisation", "Merge an organisation")
class Merger(OrganisationCommand, action=KEEP_ORGANISATION):
    """The organisation is no more, from now on or from the day that an official states; another carries it on (N22)."""

    into: UUID
    document_number: Line

    async def decide(self, work: UnitOfWork, organisation: Organisation) -> Fact:
        into = await work.load(ORGANISATION, self.into, work.stated_on)
        if not into.exists:
            raise OrganisationUnknown(organisation=self.into)
        fact = ending.merge(organisation, into, self.document_number)
        check_founded(work, self.into)
        _check_end(work, organisation, fact)
        # Nor by an announcement is a successor the organisation itself by a detour.
        check_active(work.loaded[self.into].state)
        return fact


@served(Giver.REGISTER, "deregistration", "deregister_organisation", "Deregister an organisation")
class Deregistration(OrganisationCommand, action=KEEP_ORGANISATION):
    """注销 (`cancelled`) or 撤销 (`revoked`): the organisation is no more, from now on or from the day that an official
    states, and nobody carries it on (N22)."""

    kind: RegistrationEnd = RegistrationEnd.CANCELLED
    reason: Text
    document_number: Line

    async def decide(self, work: UnitOfWork, organisation: Organisation) -> Fact:
        fact = ending.end_registration(
            organisation, self.kind, reason=self.reason, document_number=self.document_number
        )
        _check_end(work, organisation, fact)
        return fact


@served(Giver.REGISTER, "grades", "grade_organisation", "Grade an organisation")
class Grading(OrganisationCommand, action=GRADE):
    """A grade, 1A to 5A, with its validity (Order 39).

    1 to 5 for 1A to 5A. Without `valid_until` it is for five years."""

    grade: Annotated[int, Field(ge=1, le=5, strict=True)]
    valid_from: CivilDate
    valid_until: CivilDate | None = None
    authority: Line
    document_number: Line

    async def decide(self, work: UnitOfWork, organisation: Organisation) -> Fact:
        return standing.grade(
            organisation,
            self.grade,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            authority=self.authority,
            document_number=self.document_number,
        )


@served(Giver.REGISTER, "lists", "list_or_delist", "Enter on a list or remove")
class Listing(OrganisationCommand, action=LIST):
    """Entered on the abnormal or the serious list, or taken off it (Order 60).

    活动异常名录 (`abnormal`) and 严重违法失信名单 (`serious`)."""

    kind: Literal["enter", "leave"]
    list: CreditList
    reason: Text
    authority: Line
    document_number: Line

    async def decide(self, work: UnitOfWork, organisation: Organisation) -> Fact:
        step = standing.enter_list if self.kind == "enter" else standing.leave_list
        return step(
            organisation,
            self.list,
            reason=self.reason,
            authority=self.authority,
            document_number=self.document_number,
        )


@served(Giver.REGISTER, "annual-reports", "record_annual_report", "Record an annual report")
class AnnualReport(OrganisationCommand, action=RECORD_ANNUAL_REPORT):
    """The annual report of a year that is over, with the result of the annual inspection if there was one (Order 60).

    One for each year; the day on which it was filed lies after that year."""

    year: ReportYear
    filed_on: PastDate
    inspection_result: InspectionResult | None = None

    async def decide(self, work: UnitOfWork, organisation: Organisation) -> Fact:
        return oversight.file_annual_report(organisation, self.year, self.filed_on, self.inspection_result)


@served(Giver.REGISTER, "penalties", "record_penalty", "Record a penalty")
class Penalty(OrganisationCommand, action=RECORD_PENALTY):
    """A penalty under an administrative decision 行政处罚决定书 (Order 60).

    A suspension of activity 限期停止活动 has a last day, and no other penalty has one. One that is set aside later is
    voided by a correction."""

    kind: PenaltyKind
    reason: Text
    authority: Line
    document_number: Line
    ends_on: CivilDate | None = None

    async def decide(self, work: UnitOfWork, organisation: Organisation) -> Fact:
        return oversight.impose_penalty(
            self.kind,
            since=work.context.effective_on or work.today,
            reason=self.reason,
            authority=self.authority,
            document_number=self.document_number,
            ends_on=self.ends_on,
        )


@served(Giver.REGISTER, "penalty-endings", "record_penalty_end", "Record the end of a penalty")
class PenaltyEnd(OrganisationCommand, action=LIFT_PENALTY):
    """The penalty at version `penalty` was lifted 解除, served 执行完毕 or is over 期满, by a decision (Order 60).

    The credit record shows since when. One that should not have been imposed is voided by a correction."""

    penalty: Version
    ending: PenaltyEnding
    reason: Text
    authority: Line
    document_number: Line

    async def decide(self, work: UnitOfWork, organisation: Organisation) -> Fact:
        fact = oversight.lift_penalty(
            organisation,
            self.penalty,
            self.ending,
            reason=self.reason,
            authority=self.authority,
            document_number=self.document_number,
        )
        imposed = next(one for one in corrected(work.loaded[organisation.id].events) if one.version == self.penalty)
        check_not_before(work, imposed)
        return fact
