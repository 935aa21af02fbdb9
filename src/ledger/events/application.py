"""Applying, screening, returning, supporting (N6, N7, N9), and the papers that belong to a project."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.events.base import Audience, Count, Fact, Sealed, Version
from ledger.events.correctable import FOUNDS_A_PROJECT, FREE, CorrectionRule
from ledger.values import (
    CivilDate,
    Code,
    Contact,
    Digest,
    Document,
    Frozen,
    FundingLine,
    Line,
    Period,
    Text,
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
    group: Line


class ApplicationForm(Frozen):
    """申报表 (N6, N7): what an organisation proposes."""

    title: Line
    category: Code
    content: Text
    plan: Text | None
    budget: tuple[FundingLine, ...] = Field(max_length=4)
    beneficiaries: Beneficiaries
    schedule: Period
    place: Line | None
    fit: Text | None
    support: tuple[SupportRequest, ...] = Field(max_length=20)


class Applied(
    Fact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(
        void=FOUNDS_A_PROJECT, fixed=("programme", "rules_sha256", "organisation", "district", "contact")
    ),
):
    """N6, N7: an organisation applies with a project."""

    type: Literal["Applied"] = "Applied"
    programme: Code
    rules_sha256: Digest
    organisation: UUID
    organisation_name: Line
    district: Code | None
    form: ApplicationForm
    contact: Sealed[Contact] | None


class Amended(Fact, audience=Audience.FROM_PUBLICATION, correction=FREE):
    """N6: the application is replaced by a new version."""

    type: Literal["Amended"] = "Amended"
    form: ApplicationForm
    reason: Text


class Withdrawn(Fact, audience=Audience.FROM_PUBLICATION, correction=FREE):
    """The organisation steps back before the contract is signed."""

    type: Literal["Withdrawn"] = "Withdrawn"
    reason: Text


class PaperReceived(Fact, audience=Audience.NEVER, correction=CorrectionRule(fixed=("version",))):
    """N6: the fact at `version` came on paper on that day and was entered by an official; the scan is never public."""

    type: Literal["PaperReceived"] = "PaperReceived"
    version: Version
    received_on: CivilDate
    scan: Document
    reason: Text


class Attachment(Frozen):
    """A stored file by its content; `bytes` is its size."""

    name: Line
    sha256: Digest
    media_type: Line
    bytes: Count


class Attached(Fact, audience=Audience.NEVER, correction=FREE):
    """Files that belong to the project, for those who take part in it."""

    type: Literal["Attached"] = "Attached"
    subject: Line
    files: tuple[Attachment, ...] = Field(min_length=1, max_length=50)


class Disclosed(Fact, audience=Audience.FROM_PUBLICATION, correction=FREE):
    """Files that everybody may read once the project is published; declared so by who brought them."""

    type: Literal["Disclosed"] = "Disclosed"
    subject: Line
    files: tuple[Attachment, ...] = Field(min_length=1, max_length=50)


class ScreeningResult(StrEnum):
    PASSED = "passed"
    RETURNED = "returned"
    REFUSED = "refused"


class Screened(Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("application_version",))):
    """N9: the district's first examination of its organisations' applications. `amend_by`: only when returned."""

    type: Literal["Screened"] = "Screened"
    application_version: Version
    result: ScreeningResult
    reason: Text
    amend_by: CivilDate | None


class HandedIn(Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("application_version",))):
    """N9: the district hands its screened projects in together; `notice` names the list."""

    type: Literal["HandedIn"] = "HandedIn"
    application_version: Version
    notice: Line


class Returned(Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("application_version",))):
    """The office gives an application back for amendment while it is under review; it has a deadline of its own."""

    type: Literal["Returned"] = "Returned"
    application_version: Version
    reason: Text
    amend_by: CivilDate


class SupportOutcome(StrEnum):
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class SupportArranged(
    Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("application_version", "request"))
):
    """N7: what became of the request for support at place `request` (from 0) of the form at `application_version`."""

    type: Literal["SupportArranged"] = "SupportArranged"
    application_version: Version
    request: Annotated[int, Field(ge=0, le=19)]
    outcome: SupportOutcome
    given: Text | None
    reason: Text
