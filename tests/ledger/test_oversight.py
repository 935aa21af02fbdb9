"""Annual reports and penalties (Order 60): one report a year, and an end only for what is for a time."""

from datetime import date

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from tests.ledger.project.given import ORGANISATION, recorded
from tests.support import refuses

from ledger.core.envelope import Voided
from ledger.core.history import corrected, pending
from ledger.organisation.oversight import (
    AnnualReportFiled,
    AnnualReportTooEarly,
    AnnualReportTwice,
    InspectionResult,
    PenaltyEnding,
    PenaltyEndWrong,
    PenaltyImposed,
    PenaltyKind,
    PenaltyUnknown,
    check_reported_once,
    file_annual_report,
    impose_penalty,
    lift_penalty,
)
from ledger.organisation.state import Organisation, evolve

DAY = date(2010, 3, 20)


def report(year: int = 2009) -> AnnualReportFiled:
    return AnnualReportFiled(year=year, filed_on=DAY, inspection_result=InspectionResult.PASSED)


def penalty(kind: PenaltyKind, ends_on: date | None) -> PenaltyImposed:
    return impose_penalty(
        kind, since=DAY, reason="示例。", authority="示例民政局", document_number="示例罚1号", ends_on=ends_on
    )


def test_a_year_has_one_report() -> None:
    organisation = evolve(Organisation(ORGANISATION), recorded(report(), 3))
    with refuses(AnnualReportTwice, year="2009", version=3):
        file_annual_report(organisation, 2009, DAY, None)
    assert file_annual_report(organisation, 2008, DAY, None).inspection_result is None


def test_a_report_follows_its_year() -> None:
    with refuses(AnnualReportTooEarly, year="2010", filed_on="2010-03-20"):
        file_annual_report(Organisation(ORGANISATION), 2010, DAY, None)


def test_a_void_report_counts_again_only_alone() -> None:
    events = [recorded(report(), 1), recorded(Voided(target=1, reason="误录。"), 2), recorded(report(), 3)]
    check_reported_once(corrected(events))
    with refuses(AnnualReportTwice, year="2009", version=1):
        check_reported_once(corrected(pending(tuple(events), Voided(target=2, reason="误录。"), DAY)))


@examples(st.sampled_from(PenaltyKind), st.none() | st.dates(date(2009, 1, 1), date(2012, 1, 1)))
def test_a_suspension_alone_has_an_end(kind: PenaltyKind, ends_on: date | None) -> None:
    limited = kind is PenaltyKind.ACTIVITY_SUSPENDED
    if (ends_on is not None and limited and ends_on >= DAY) or (ends_on is None and not limited):
        assert penalty(kind, ends_on).ends_on == ends_on
    else:
        with pytest.raises(PenaltyEndWrong):
            penalty(kind, ends_on)


def test_a_penalty_ends_once() -> None:
    paper = {"reason": "示例。", "authority": "示例民政局", "document_number": "示例罚结1号"}
    organisation = evolve(Organisation(ORGANISATION), recorded(penalty(PenaltyKind.FINE, None), 3))
    with refuses(PenaltyUnknown, penalty=2):
        lift_penalty(organisation, 2, PenaltyEnding.SERVED, **paper)
    ended = lift_penalty(organisation, 3, PenaltyEnding.SERVED, **paper)
    after = evolve(organisation, recorded(ended, 4))
    with refuses(PenaltyUnknown, penalty=3):
        lift_penalty(after, 3, PenaltyEnding.LIFTED, **paper)
