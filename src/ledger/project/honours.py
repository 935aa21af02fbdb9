"""Honours for what was achieved in a project (N20, N21)."""

from ledger.errors import ChoiceUnknown, OutOfScope, RecipientWrong, RoleMayNot, StepOutOfOrder
from ledger.events import Awarded, OrganisationRecipient, PersonRecipient, Role
from ledger.project.state import Project, Status
from ledger.rules import Quota, Rules


def honour_rule(rules: Rules, code: str, role: Role) -> Quota:
    """The honour, if this role decides on it."""
    rule = rules.quota(code)
    honours = [quota.code for quota in rules.quotas if quota.recipient != "project"]
    if rule is None or rule.recipient == "project":
        raise ChoiceUnknown(field="honour", value=code, choices=", ".join(honours))
    if rule.decided_by is not role:
        raise RoleMayNot(role=role, command=f"award {code}")
    return rule


def award(
    project: Project,
    rule: Quota,
    recipient: OrganisationRecipient | PersonRecipient,
    *,
    deed: str,
    document_number: str,
    place: int,
) -> Awarded:
    """To the organisation of a completed project, or to a person who worked in it."""
    if project.status is not Status.COMPLETED:
        raise StepOutOfOrder(status=project.status, command="award")
    assert project.applied is not None
    if recipient.kind != rule.recipient:
        raise RecipientWrong(honour=rule.code, recipient=rule.recipient)
    if recipient.organisation != project.applied.organisation:
        raise OutOfScope(command="award")
    return Awarded(
        honour=rule.code,
        recipient=recipient,
        deed=deed,
        document_number=document_number,
        place=place,
        places=rule.places,
    )
