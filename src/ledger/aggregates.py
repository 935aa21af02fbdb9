"""The kinds of stream and how each is folded."""

from ledger import organisation, programme, public_report, quota
from ledger.events import (
    Applied,
    FundingRegisterOpened,
    GrantImported,
    OrganisationRegistered,
    PlaceTaken,
    ProgrammeAnnounced,
    PublicReportReceived,
)
from ledger.history import Aggregate
from ledger.project.fold import evolve
from ledger.project.state import Project

PROGRAMME: Aggregate[programme.Programme] = Aggregate(
    programme.Programme, programme.evolve, (ProgrammeAnnounced, FundingRegisterOpened)
)
ORGANISATION: Aggregate[organisation.Organisation] = Aggregate(
    organisation.Organisation, organisation.evolve, (OrganisationRegistered,)
)
PROJECT: Aggregate[Project] = Aggregate(Project, evolve, (Applied, GrantImported))
QUOTA: Aggregate[quota.Quota] = Aggregate(quota.Quota, quota.evolve, (PlaceTaken,))
PUBLIC_REPORT: Aggregate[public_report.PublicReport] = Aggregate(
    public_report.PublicReport, public_report.evolve, (PublicReportReceived,)
)
