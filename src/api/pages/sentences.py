"""What happened, as one readable sentence for each kind of fact."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from api.pages.reader import Reader
from api.pages.sentence_texts import SENTENCES
from api.pages.texts import EVALUATION, PAGE, RELATION, REQUEST_OUTCOME, SCREENING, SUPPORT_OUTCOME, UNDER
from ledger.core.envelope import Redacted, Restated, Voided
from ledger.core.fact import Fact
from ledger.project.application import Amended, Applied, PaperReceived, Withdrawn
from ledger.project.attachments import Attached, Disclosed
from ledger.project.contract import ContractAmended, ContractSigned, Lapsed, Published
from ledger.project.delivery import MilestoneAccepted, MilestoneReported, MilestoneReturned
from ledger.project.ending import Closed, Terminated, Transferred
from ledger.project.evaluation import BeneficiariesEvaluated, Evaluated, EvaluationPublished
from ledger.project.grant import GrantImported
from ledger.project.honours import Awarded, HonourRevoked
from ledger.project.nominations import OrganisationRecipient, PersonRecipient
from ledger.project.objections import ObjectionRaised, ObjectionResolved
from ledger.project.payments import Disbursed, Refunded
from ledger.project.proposals import HonourProposed
from ledger.project.purchase import EnteredCompetition, PurchaseContractSigned, Purchased, PurchaseForfeited, Scored
from ledger.project.reconsideration import DecisionServed, ReviewRequestDecided, ReviewRequested
from ledger.project.review import Approved, Rejected, Reviewed
from ledger.project.screening import HandedIn, Returned, Screened
from ledger.project.supervision import (
    Inspected,
    RectificationChecked,
    RectificationOrdered,
    Rectified,
    Resumed,
    SelfChecked,
    Suspended,
)
from ledger.project.support import SupportArranged
from ledger.rules import Rules
from ledger.values import Money


@dataclass(frozen=True, slots=True)
class Naming:
    """How codes and sealed names of one project read for one reader. `opened`: sealed values by commitment."""

    reader: Reader
    rules: Rules | None
    opened: dict[str, Any]

    def milestone(self, code: str) -> str:
        found = next((rule for rule in self.rules.milestones if rule.code == code), None) if self.rules else None
        return self.reader.name(found.name) if found else code

    def honour(self, code: str) -> str:
        quota = self.rules.quota(code) if self.rules else None
        return self.reader.name(quota.name) if quota else code

    def recipient(self, recipient: OrganisationRecipient | PersonRecipient) -> str:
        if isinstance(recipient, OrganisationRecipient):
            return recipient.name
        value = self.opened.get(recipient.name.commitment)
        name = value["name"] if value else self.reader.say(PAGE["name_closed"])
        return self.reader.say(PAGE["of_organisation"], name=name, organisation=recipient.organisation_name)


def sentence(fact: Fact, naming: Naming) -> str:
    reader = naming.reader

    def say(key: str, **values: Any) -> str:
        return reader.say(SENTENCES[key], **values)

    def day(on: date) -> str:
        return reader.day(on).text

    match fact:
        case Applied():
            count = reader.number(fact.form.beneficiaries.count)
            return say(fact.type, title=fact.form.title, count=count)
        case Amended() | Withdrawn():
            return say(fact.type, reason=fact.reason)
        case Reviewed():
            return say(fact.type, version=fact.application_version)
        case Approved():
            approved = say(fact.type, document=fact.document_number, reason=fact.reason)
            return _with(approved, reader, "amount", amount=_money(fact.amount, reader))
        case Rejected():
            return say(fact.type, document=fact.document_number, reason=fact.reason)
        case ContractSigned():
            signed = say(
                fact.type,
                authority=fact.authority,
                party=fact.party,
                number=fact.number,
                period=reader.period(fact.period),
            )
            return _with(signed, reader, "amount", amount=_money(fact.amount, reader))
        case Published():
            return say(fact.type, notice=fact.notice)
        case MilestoneReported():
            count = reader.number(fact.people_served)
            reported = say(fact.type, milestone=naming.milestone(fact.milestone), count=count)
            return _with(reported, reader, "spent", amount=reader.total(fact.spent))
        case Evaluated():
            by = reader.say(EVALUATION[fact.evaluation.by])
            return say(fact.type, by=by, conclusion=fact.evaluation.conclusion)
        case Awarded():
            honour, recipient = naming.honour(fact.honour), naming.recipient(fact.recipient)
            return say(fact.type, recipient=recipient, honour=honour, document=fact.document_number)
        case GrantImported():
            imported = say(fact.type, funder=fact.funder_name, recipient=fact.recipient_name)
            return _with(imported, reader, "amount", amount=_money(fact.amount, reader))
        case PaperReceived():
            return say(fact.type, version=fact.version, day=day(fact.received_on), reason=fact.reason)
        case Attached() | Disclosed():
            files = reader.say(PAGE["comma"]).join(file.name for file in fact.files)
            return say(fact.type, subject=fact.subject, files=files)
        case Screened():
            result = reader.say(SCREENING[fact.result])
            return say(fact.type, version=fact.application_version, result=result, reason=fact.reason)
        case HandedIn():
            return say(fact.type, notice=fact.notice)
        case Returned():
            return say(fact.type, day=day(fact.amend_by), reason=fact.reason)
        case SupportArranged():
            outcome = reader.say(SUPPORT_OUTCOME[fact.outcome])
            arranged = say(fact.type, number=fact.request + 1, outcome=outcome, reason=fact.reason)
            return _with(arranged, reader, "given", given=fact.given)
        case DecisionServed():
            return say(fact.type, version=fact.target, day=day(fact.served_on))
        case ReviewRequested() | ObjectionRaised():
            return say(fact.type, version=fact.target, reason=fact.reason)
        case ReviewRequestDecided():
            outcome = reader.say(REQUEST_OUTCOME[fact.outcome])
            return say(
                fact.type, version=fact.target, outcome=outcome, document=fact.document_number, reason=fact.reason
            )
        case Lapsed():
            return say(fact.type, day=day(fact.sign_by), reason=fact.reason)
        case ContractAmended():
            period = reader.period(fact.period)
            amended = say(fact.type, number=fact.number, period=period, reason=fact.reason)
            return _with(amended, reader, "amount", amount=_money(fact.amount, reader))
        case MilestoneAccepted():
            return say(fact.type, version=fact.report)
        case MilestoneReturned():
            return say(fact.type, version=fact.report, day=day(fact.again_by), reason=fact.reason)
        case SelfChecked():
            return _with(say(fact.type, findings=fact.findings), reader, "improved", improved=fact.improved)
        case Inspected():
            key = fact.type if fact.satisfactory else "Inspected.unsatisfactory"
            return say(key, day=day(fact.inspected_on), findings=fact.findings)
        case RectificationOrdered():
            return say(fact.type, day=day(fact.due_on), what=fact.what)
        case Rectified():
            return say(fact.type, version=fact.order, done=fact.done)
        case RectificationChecked():
            return say(fact.type if fact.fulfilled else "RectificationChecked.unfulfilled", reason=fact.reason)
        case Suspended() | Resumed() | PurchaseForfeited():
            return say(fact.type, reason=fact.reason)
        case Terminated():
            terminated = say(fact.type, document=fact.document_number, reason=fact.reason)
            return _with(terminated, reader, "refund", amount=_money(fact.refund, reader))
        case Transferred():
            return say(fact.type, organisation=fact.organisation_name, reason=fact.reason)
        case EnteredCompetition():
            return say(fact.type, goals=fact.goals)
        case Scored():
            return say(fact.type, score=fact.score, reason=fact.reason)
        case Purchased():
            amount = reader.money(fact.amount)
            return say(fact.type, place=fact.place, amount=amount, document=fact.document_number)
        case PurchaseContractSigned():
            relation, amount = reader.say(RELATION[fact.relation]), reader.money(fact.amount)
            return say(fact.type, number=fact.number, relation=relation, amount=amount)
        case Disbursed():
            under, amount = reader.say(UNDER[fact.under]), reader.money(fact.amount)
            return say(fact.type, day=day(fact.paid_on), amount=amount, under=under, cost=fact.cost)
        case Refunded():
            under, amount = reader.say(UNDER[fact.under]), reader.money(fact.amount)
            return say(fact.type, day=day(fact.received_on), amount=amount, under=under, reason=fact.reason)
        case BeneficiariesEvaluated() | Closed():
            return say(fact.type, conclusion=fact.conclusion)
        case EvaluationPublished():
            return say(fact.type, day=day(fact.objections_until), notice=fact.notice)
        case ObjectionResolved():
            resolved = fact.type if fact.upheld else "ObjectionResolved.dismissed"
            return say(resolved, version=fact.target, reason=fact.reason)
        case HonourProposed():
            honour, recipient = naming.honour(fact.honour), naming.recipient(fact.recipient)
            until = day(fact.objections_until)
            proposed = say(fact.type, recipient=recipient, honour=honour, rank=fact.rank, day=until)
            return _with(proposed, reader, "departure", departure=fact.departure)
        case HonourRevoked():
            return say(fact.type, version=fact.award, document=fact.document_number, reason=fact.reason)
        case Voided():
            return say(fact.type, version=fact.target, reason=fact.reason)
        case Restated():
            told = sentence(fact.fact, naming)
            return say(fact.type, version=fact.target, reason=fact.reason, sentence=told, day=day(fact.restated_on))
        case Redacted():
            return say(fact.type, version=fact.target, authority=fact.authority, reason=fact.reason)
        case _:
            raise AssertionError(f"{fact.type} has no sentence")


def _money(amount: Money | None, reader: Reader) -> str | None:
    return reader.money(amount) if amount else None


def _with(text: str, reader: Reader, key: str, **value: str | None) -> str:
    """The sentence, and a second one where there is something to say in it."""
    if None in value.values():
        return text
    joint = " " if reader.language == "en" else ""
    return text + joint + reader.say(SENTENCES[key], **value)
