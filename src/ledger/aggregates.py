"""The kinds of stream, how each is folded, and what may be announced ahead on it."""

from typing import Any

from ledger import (
    feedback,
    frame,
    interests,
    nominations,
    organisation,
    programme,
    public_report,
    quota,
    register,
    restart_note,
)
from ledger.events import (
    Applied,
    Fact,
    FeedbackReceived,
    FrameRegistered,
    FundingRegisterOpened,
    GrantImported,
    IdentifierClaimed,
    InterestDeclared,
    LogRestarted,
    Nominated,
    NumberIssued,
    OrganisationRegistered,
    PlaceTaken,
    ProgrammeAnnounced,
    PublicReportReceived,
)
from ledger.history import Aggregate
from ledger.project.fold import evolve
from ledger.project.state import Project

PROGRAMME: Aggregate[programme.Programme] = Aggregate(
    programme.Programme, programme.evolve, (ProgrammeAnnounced, FundingRegisterOpened), programme.AHEAD
)
ORGANISATION: Aggregate[organisation.Organisation] = Aggregate(
    organisation.Organisation,
    organisation.evolve,
    (OrganisationRegistered, IdentifierClaimed),
    organisation.AHEAD,
)
PROJECT: Aggregate[Project] = Aggregate(Project, evolve, (Applied, GrantImported))
QUOTA: Aggregate[quota.Quota] = Aggregate(quota.Quota, quota.evolve, (PlaceTaken,))
PUBLIC_REPORT: Aggregate[public_report.PublicReport] = Aggregate(
    public_report.PublicReport, public_report.evolve, (PublicReportReceived,)
)
INTERESTS: Aggregate[interests.Interests] = Aggregate(interests.Interests, interests.evolve, (InterestDeclared,))
REGISTER: Aggregate[register.Register] = Aggregate(register.Register, register.evolve, (NumberIssued,))
NOMINATIONS: Aggregate[nominations.Nominations] = Aggregate(nominations.Nominations, nominations.evolve, (Nominated,))
FRAME: Aggregate[frame.Frame] = Aggregate(frame.Frame, frame.evolve, (FrameRegistered,))
FEEDBACK: Aggregate[feedback.Feedback] = Aggregate(feedback.Feedback.empty, feedback.evolve, (FeedbackReceived,))
RESTART: Aggregate[restart_note.RestartNote] = Aggregate(restart_note.RestartNote, restart_note.evolve, (LogRestarted,))
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
        RESTART,
    )
    for founder in aggregate.founded_by
}
