"""What another has decided on a fact: accepted, approved, evaluated, ranked, selected or paid on it (N3)."""

from collections.abc import Sequence

from ledger.authors import author_of
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact
from ledger.core.history import corrected, subject_of
from ledger.project.contract import ContractAmended, ContractSigned
from ledger.project.delivery import MilestoneAccepted, MilestoneReported
from ledger.project.evaluation import BeneficiariesEvaluated, Evaluated, EvaluationPublished
from ledger.project.honours import Awarded
from ledger.project.payments import Disbursed, PaidUnder
from ledger.project.proposals import HonourProposed
from ledger.project.purchase import EnteredCompetition, PurchaseContractSigned, Purchased, Scored
from ledger.project.review import Approved, Rejected, Reviewed
from ledger.project.screening import HandedIn, Screened
from ledger.project.supervision import RectificationChecked, Rectified

_SUPPORT = (Approved, ContractSigned, ContractAmended)
_PURCHASE = (Purchased, PurchaseContractSigned)
_RANKED = (MilestoneReported, BeneficiariesEvaluated, Evaluated)


def relied_on(events: Sequence[Recorded], target: Recorded) -> list[Recorded]:
    """The facts of others that count and rest on the target, in the order of recording. `events`: those of its stream
    that were recorded by then, as far as a reader sees them; `target`: a fact, no correction."""
    author = author_of(events, target)
    resting = (found for found in corrected(events) if found.version > target.version and _rests_on(found.fact, target))
    others = [found for found in resting if author_of(events, found) != author]
    return sorted(others, key=lambda found: found.version)


def confirmed_by(events: Sequence[Recorded], correction: Voided | Restated) -> Recorded | None:
    """The newest decision of another that lets a fact read otherwise; None where a correction takes effect at once, as
    the void of a fact does, but not the void of a restatement. `events`: all of the stream."""
    subject = subject_of(events, events[correction.target - 1])
    if isinstance(correction, Voided) and correction.target == subject.version:
        return None
    decisions = [found for found in relied_on(events, subject) if found.fact.consents]
    return decisions[-1] if decisions else None


def _rests_on(fact: Fact, ground: Recorded) -> bool:
    """Directly: what rests on an approval does not rest on each review once more."""
    said, version = ground.fact, ground.version
    match fact:
        case Screened() | HandedIn() | Reviewed():
            return fact.application_version == version
        case Approved() | Rejected():
            return version in (fact.application_version, *fact.reviews)
        case ContractSigned():
            return isinstance(said, Approved)
        case MilestoneAccepted():
            return fact.report == version
        case RectificationChecked():
            return isinstance(said, Rectified) and said.order == fact.order
        case EvaluationPublished():
            return version in fact.evaluations
        case Purchased():
            return isinstance(said, EnteredCompetition | Scored)
        case PurchaseContractSigned():
            return isinstance(said, Purchased)
        case Disbursed():
            return isinstance(said, _SUPPORT if fact.under is PaidUnder.SUPPORT else _PURCHASE)
        case HonourProposed():
            return isinstance(said, _RANKED)
        case Awarded():
            return isinstance(said, HonourProposed) and said.recipient.holder == fact.recipient.holder
        case _:
            return False
