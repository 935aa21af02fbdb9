"""What becomes of the support that an organisation asks for (N7)."""

from ledger.errors import (
    StepOutOfOrder,
    SupportAlreadyArranged,
    SupportGivenInconsistent,
    SupportRequestUnknown,
)
from ledger.events import SupportArranged, SupportOutcome
from ledger.project.screening import UNDECIDED
from ledger.project.state import Project, Status

ARRANGED_IN = (
    *UNDECIDED,
    Status.APPROVED,
    Status.CONTRACTED,
    Status.PUBLISHED,
    Status.IN_DELIVERY,
    Status.SUSPENDED,
)


def arrange(
    project: Project, request: int, *, outcome: SupportOutcome, given: str | None, reason: str
) -> SupportArranged:
    """N7: each request of the application as it reads now gets one answer."""
    if project.status not in ARRANGED_IN:
        raise StepOutOfOrder(status=project.status, command="arrange_support")
    assert project.form is not None
    assert project.form_version is not None
    if request >= len(project.form.support):
        raise SupportRequestUnknown(request=request, count=len(project.form.support))
    if (outcome is SupportOutcome.REFUSED) != (given is None):
        raise SupportGivenInconsistent()
    answered = {(one.fact.application_version, one.fact.request) for one in project.support}
    if (project.form_version, request) in answered:
        raise SupportAlreadyArranged(request=request)
    return SupportArranged(
        application_version=project.form_version, request=request, outcome=outcome, given=given, reason=reason
    )
