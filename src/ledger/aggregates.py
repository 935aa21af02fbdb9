"""The kinds of stream, and how each is folded."""

from typing import Any

from ledger.appointments import Appointed, AppointmentFact, Seat
from ledger.core.fact import Fact
from ledger.core.history import Aggregate
from ledger.organisation.registration import IdentifierClaimed, OrganisationRegistered
from ledger.organisation.state import Organisation, OrganisationFact
from ledger.programme import EarlierYearOpened, FundingRegisterOpened, Programme, ProgrammeAnnounced, ProgrammeFact
from ledger.project.application import Applied
from ledger.project.earlier import EarlierProjectRecorded
from ledger.project.fact import ProjectFact
from ledger.project.feedback import Feedback, FeedbackFact, FeedbackReceived, PresentAnswered
from ledger.project.grant import GrantImported
from ledger.project.interests import InterestDeclared, Interests
from ledger.project.invitations import BeneficiariesInvited, InvitedAnswered
from ledger.project.nominations import Nominated, Nominations
from ledger.project.open_answers import OpenAnswered
from ledger.project.public_reports import PublicReport, PublicReportFact, PublicReportReceived
from ledger.project.sampling import Frame, FrameRegistered, OccasionsRegistered, SamplingFact
from ledger.project.state import Project
from ledger.quota import PlaceTaken, Quota, QuotaFact
from ledger.register import DocumentIssued, NumberIssued, Register, RegisterFact
from ledger.restart_note import LogRestarted, RestartNote
from ledger.subjects import ErasureProposed, HoldPlaced, SubjectFact, SubjectFile

PROGRAMME = Aggregate(Programme, ProgrammeFact, (ProgrammeAnnounced, FundingRegisterOpened, EarlierYearOpened))
ORGANISATION = Aggregate(Organisation, OrganisationFact, (OrganisationRegistered, IdentifierClaimed))
PROJECT = Aggregate(Project, ProjectFact, (Applied, GrantImported, EarlierProjectRecorded))
QUOTA = Aggregate(Quota, QuotaFact, (PlaceTaken,))
PUBLIC_REPORT = Aggregate(PublicReport, PublicReportFact, (PublicReportReceived,))
INTERESTS = Aggregate(Interests, InterestDeclared, (InterestDeclared,))
REGISTER = Aggregate(Register, RegisterFact, (NumberIssued, DocumentIssued))
NOMINATIONS = Aggregate(Nominations, Nominated, (Nominated,))
FRAME = Aggregate(Frame, SamplingFact, (FrameRegistered, OccasionsRegistered))
FEEDBACK = Aggregate(
    Feedback, FeedbackFact, (FeedbackReceived, PresentAnswered, BeneficiariesInvited, InvitedAnswered, OpenAnswered)
)
SEAT = Aggregate(Seat, AppointmentFact, (Appointed,))
SUBJECT = Aggregate(SubjectFile, SubjectFact, (HoldPlaced, ErasureProposed))
RESTART = Aggregate(RestartNote, LogRestarted, (LogRestarted,))
# By what founds a stream: how the stream is folded.
BY_FOUNDER: dict[type[Fact], Aggregate[Any]] = {
    founder: aggregate
    for aggregate in (
        PROGRAMME,
        ORGANISATION,
        PROJECT,
        QUOTA,
        PUBLIC_REPORT,
        INTERESTS,
        REGISTER,
        NOMINATIONS,
        FRAME,
        FEEDBACK,
        SEAT,
        SUBJECT,
        RESTART,
    )
    for founder in aggregate.founded_by
}
