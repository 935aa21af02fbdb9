"""Honours for what was achieved in a project: nominees, grant, revocation (N20, N21)."""

from datetime import date

from ledger.errors import (
    AlreadyRevoked,
    AwardUnknown,
    ChoiceUnknown,
    EvaluationNotFinal,
    OutOfScope,
    RecipientWrong,
    RoleMayNot,
    StepOutOfOrder,
)
from ledger.events import Awarded, HonourRevoked, OrganisationRecipient, PersonRecipient, Role
from ledger.project.evaluation import evaluation_is_final
from ledger.project.proposals import check_proposal
from ledger.project.state import Occurrence, Project
from ledger.rules import Quota, Rules

Recipient = OrganisationRecipient | PersonRecipient


def is_honour(quota: Quota) -> bool:
    """The other quotas are places of the purchase."""
    return quota.recipient != "project"


def find_honour(rules: Rules, code: str) -> Quota:
    rule = rules.quota(code)
    if rule is None or not is_honour(rule):
        honours = [quota.code for quota in rules.quotas if is_honour(quota)]
        raise ChoiceUnknown(field="honour", value=code, choices=", ".join(honours))
    return rule


def honour_rule(rules: Rules, code: str, role: Role, command: str = "award") -> Quota:
    """The honour, if this role decides on it."""
    rule = find_honour(rules, code)
    if rule.decided_by is not role:
        raise RoleMayNot(role=role, command=f"{command} {code}")
    return rule


def check_recipient(project: Project, rule: Quota, recipient: Recipient, command: str) -> None:
    """The organisation of a completed project, or a person who worked in it."""
    if not project.is_achieved:
        raise StepOutOfOrder(status=project.status, command=command)
    if recipient.kind != rule.recipient:
        raise RecipientWrong(honour=rule.code, recipient=rule.recipient)
    if project.holder is None or recipient.organisation != project.holder.organisation:
        raise OutOfScope(command=command)


def award(
    project: Project,
    rule: Quota,
    recipient: Recipient,
    *,
    deed: str,
    document_number: str,
    place: int,
    rules: Rules,
    today: date,
) -> Awarded:
    """Where the programme takes nominations, after a proposal against which no objection stands."""
    check_recipient(project, rule, recipient, "award")
    if rules.objections and not evaluation_is_final(project, today):
        raise EvaluationNotFinal()
    if rules.nominations:
        check_proposal(project, rule, recipient.holder, today)
    return Awarded(
        honour=rule.code,
        recipient=recipient,
        deed=deed,
        document_number=document_number,
        place=place,
        places=rule.places,
    )


def find_award(project: Project, version: int) -> Occurrence[Awarded]:
    found = next((award for award in project.honours if award.version == version), None)
    if found is None:
        raise AwardUnknown(version=version)
    return found


def revoke(
    project: Project, award: Occurrence[Awarded], *, reason: str, document_number: str, place_freed_because: str | None
) -> HonourRevoked:
    """Once, whatever became of the project since."""
    if not project.is_honoured(award.version):
        raise AlreadyRevoked(version=award.version)
    return HonourRevoked(
        award=award.version,
        reason=reason,
        document_number=document_number,
        place_freed_because=place_freed_because,
    )
