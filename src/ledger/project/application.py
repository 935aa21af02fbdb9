"""Applying, amending, withdrawing (N6, N7)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ledger.errors import (
    AmendmentLate,
    AmendmentNeedsReturn,
    ChoiceUnknown,
    CurrencyWrong,
    FundingSourceRepeated,
    OrganisationUnknown,
    PhaseClosed,
    StepOutOfOrder,
    SupportReasonMissing,
)
from ledger.events import Amended, ApplicationForm, Applied, Sealed, SupportKind, Withdrawn
from ledger.organisation import Organisation
from ledger.programme import Programme, check_phase
from ledger.project.due import last_day
from ledger.project.screening import UNDECIDED
from ledger.project.state import Project, Status
from ledger.rules import Rules
from ledger.values import Contact, FundingLine, FundingSource


def apply(
    organisation: Organisation,
    form: ApplicationForm,
    contact: Sealed[Contact] | None,
    *,
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
        contact=contact,
    )


def amend(project: Project, form: ApplicationForm, reason: str, *, programme: Programme, today: date) -> Amended:
    """The form is replaced; what was reviewed before stays tied to the version it saw. While the phase is open, or
    until the deadline of one that was returned; where districts screen, what others have begun to examine is
    amended only after a return."""
    if project.status is Status.RETURNED:
        _check_deadline(project, programme, today)
    else:
        check_phase(programme, "amend", today)
        if project.status not in UNDECIDED:
            raise StepOutOfOrder(status=project.status, command="amend")
        if programme.rules.screening and (project.handed_in or project.current_reviews):
            raise AmendmentNeedsReturn()
    check_form(form, programme.rules)
    return Amended(form=form, reason=reason)


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
        raise StepOutOfOrder(status=project.status, command="withdraw")
    return Withdrawn(reason=reason)


def check_form(form: ApplicationForm, rules: Rules) -> None:
    if rules.category(form.category) is None:
        choices = ", ".join(category.code for category in rules.categories)
        raise ChoiceUnknown(field="category", value=form.category, choices=choices)
    check_funding(form.budget, rules)
    requested = requested_amount(form)
    if requested and not any(request.kind is SupportKind.FUNDS for request in form.support):
        raise SupportReasonMissing(amount=format(requested, "f"))


def check_district(code: str | None, rules: Rules) -> None:
    if code is not None and rules.district(code) is None:
        raise ChoiceUnknown(field="district", value=code, choices=", ".join(d.code for d in rules.districts))


def check_funding(lines: Sequence[FundingLine], rules: Rules) -> None:
    seen: set[FundingSource] = set()
    for line in lines:
        if line.money.currency != rules.currency:
            raise CurrencyWrong(expected=rules.currency, got=line.money.currency)
        if line.source in seen:
            raise FundingSourceRepeated(source=line.source)
        seen.add(line.source)


def requested_amount(form: ApplicationForm) -> Decimal:
    """What the form asks the government for."""
    return sum((line.money.amount for line in form.budget if line.source is FundingSource.REQUESTED), Decimal(0))
