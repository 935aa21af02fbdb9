"""People that a project is for and people that it served (N6, N13): two figures, of which none stands for the other.

Defined once for the listing, statistics, exports and open data.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ledger.project.status import Status

if TYPE_CHECKING:
    from ledger.project.delivery import Report
    from ledger.project.state import Project

NEVER_BEGUN = (Status.SCREENED_OUT, Status.REJECTED, Status.WITHDRAWN, Status.LAPSED)
"""Projects that ended before their contract: nobody benefits from them, whatever their forms planned."""


def planned(project: Project) -> int | None:
    """By the application that counts. None of an imported grant, which does not say."""
    if project.form is None or project.status in NEVER_BEGUN:
        return None
    return project.form.beneficiaries.count


def served(project: Project) -> int | None:
    """None while no report says."""
    if project.status in NEVER_BEGUN or not project.reports:
        return None
    return sum(more for _, more in served_by(project))


def served_by(project: Project) -> Iterator[tuple[Report, int]]:
    """The reports in the order of their days, and how many people each adds: reports say how many so far. A report
    that was repeated counts as repeated alone."""
    if project.status in NEVER_BEGUN:
        return
    so_far = 0
    for report in sorted(project.standing_reports, key=lambda one: (one.on, one.version)):
        more = max(report.fact.people_served - so_far, 0)
        so_far += more
        yield report, more
